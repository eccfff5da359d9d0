/*
 * The detector interface: one rule, one file, one row in detectors.def. A rule judges frames as
 * they come (step), the facts of whole nights (judge), or both; it never looks at another rule
 * and has no clock but the observation's.
 */
#ifndef LUMBAR_DETECT_DETECTOR_H
#define LUMBAR_DETECT_DETECTOR_H

#include "base/error.h"
#include "base/options.h"
#include "core/event.h"
#include "core/night.h"
#include "core/observation.h"
#include "core/surface.h"

#include <stddef.h>

struct detector {
	const char *name, *summary;
	const char *advice_id;             /* the row of guidance.def that it measures */
	const char *definition;            /* formula, limits and known failures, for the manual */
	const struct option_spec *options; /* limits; the one in force goes with each event */
	unsigned surfaces;                 /* 1u << SURFACE_BED | ...: where it makes sense */
	size_t state_size;                 /* zeroed bytes that the host owns */

	/*
	 * Copies its limits out of options. 0, or -EINVAL with err when they do not fit each other:
	 * which ones, and what to do; whoever read them says where they stand. Thread: main.
	 */
	int (*init)(void *state, const struct options *, const struct surface *, struct error *);

	/* One observation, in time order, technical ones included. NULL for rules over nights. */
	void (*step)(void *state, const struct observation *, event_sink *, void *user);

	/* After a gap, stale data or a reload: forget what was under way, keep the limits. */
	void (*reset)(void *state);

	/* The end of the session: say what is still under way. */
	void (*finish)(void *state, event_sink *, void *user);

	/*
	 * Rules over nights: the newest night last, at most 30, whole nights only (a running one
	 * is not judged). Emits events with .day set. NULL for rules over frames.
	 */
	void (*judge)(const void *state, const struct night_facts *nights, size_t n_nights,
	    event_sink *, void *user);
};

/* The table made from detectors.def; ends with NULL. */
extern const struct detector *const detectors[];

/* NULL when no detector has the name. */
const struct detector *detector_find(const char *name);

#endif
