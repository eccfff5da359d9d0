/*
 * Calibrating a mat, step by step, with whoever stands beside it: says what to do next, looks
 * whether that is what lies there, goes on by itself when it was, and says what it sees when it
 * is not. No clock and no I/O of its own: a command, a page or a test feeds it frames.
 *
 *	condition	load and unload the mat three times
 *	tare		empty for a minute: the median of each cell is its zero
 *	level		a known even pressure over the whole mat, one after another, rising
 *	weight		a known weight anywhere on it; after levels it checks them; all that load
 *			cells under the legs of a bed can take
 *	creep		the last load rests
 */
#ifndef LUMBAR_CALIB_PROCEDURE_H
#define LUMBAR_CALIB_PROCEDURE_H

#include "base/error.h"
#include "calib/calib.h"
#include "core/frame.h"

#include <stdbool.h>
#include <stddef.h>

#define PROCEDURE_LEVELS_MAX 8
#define PROCEDURE_TEXT_SIZE  200

/* Zero-initialised and then procedure_defaults(): what is asked of the person. */
struct procedure_plan {
	unsigned n_conditioning; /* loads before the tare; 3, 0: none */
	double tare_s;           /* 60 */
	double settle_s, hold_s; /* of each load: 10 to come to rest, 20 to be measured */
	double patience_s;       /* without what a step wants, it fails; 600 */
	float levels_mmhg[PROCEDURE_LEVELS_MAX];
	size_t n_levels;
	float mass_kg;  /* 0: no weight */
	double creep_s; /* 1800 is whole, 0: none */
};
void procedure_defaults(struct procedure_plan *plan);

enum procedure_step {
	PROCEDURE_CONDITION,
	PROCEDURE_TARE,
	PROCEDURE_LEVEL,
	PROCEDURE_WEIGHT,
	PROCEDURE_CREEP,
};
enum procedure_state { PROCEDURE_RUNNING, PROCEDURE_DONE, PROCEDURE_FAILED };

/* What to show. */
struct procedure_view {
	enum procedure_state state;
	enum procedure_step step;
	size_t n_done, n_steps;        /* steps that are behind; in all */
	double step_ratio, ratio;      /* 0-1: of this step, of the whole */
	char ask[PROCEDURE_TEXT_SIZE]; /* what the person is to do now */
	char sees[512]; /* what is not as the step wants it; "": all is well; failed: why */
};

struct procedure;

/*
 * surface and plan are copied, the surface's places borrowed. NULL with err filled: a plan without
 * levels and weight, levels that are not above 0 or too close together, or out of memory.
 */
struct procedure *procedure_create(
    const struct surface *surface, const struct procedure_plan *plan, struct error *err);
void procedure_destroy(struct procedure *procedure); /* also to break off; NULL is legal */

/* One frame; allocates nothing until the last, which makes the calibration. */
enum procedure_state procedure_feed(struct procedure *procedure, const struct frame *frame);

/* The frames have ended, or the person has: what is under way fails, and says why. */
void procedure_end(struct procedure *procedure, const char *why);

void procedure_view(const struct procedure *procedure, struct procedure_view *view);

/*
 * The calibration that was made, graded; the caller finishes it. 0; -EAGAIN while it is running;
 * or why it failed, with err.
 */
int procedure_result(
    struct procedure *procedure, struct calibration *calibration, struct error *err);

#endif
