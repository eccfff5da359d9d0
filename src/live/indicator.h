/*
 * The indicator's decision: an LED or a small motor at the chair or the bed gives a silent cue when
 * something is found while it can still be changed. Which pattern, or why none: a function of the
 * event, the moment and the configuration, and of the cues and findings before. No clock, no I/O.
 *
 * A cue is given for a live finding of level advice (information if asked) at its first word;
 * never for its repetitions and its end, for findings over nights, within `at_most_every` of the
 * last cue, in quiet hours, or while quiet hours are set and the clock is not known. A cue that is
 * withheld is not made up for.
 */
#ifndef LUMBAR_LIVE_INDICATOR_H
#define LUMBAR_LIVE_INDICATOR_H

#include "core/event.h"
#include "core/surface.h"
#include "live/pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a cue can be about; each has its pattern. */
enum notice {
	NOTICE_POSTURE, /* in the chair: bent, slumped, leaning to one side */
	NOTICE_SITTING, /* for long */
	NOTICE_LYING,   /* for long, unchanged, or on the front */
	NOTICE_BENDING, /* often */
	NOTICE_FAULT,   /* the mat cannot be judged */
	NOTICE_COUNT,
	NOTICE_NONE = NOTICE_COUNT,
};
extern const char *const notice_names[NOTICE_COUNT]; /* "posture", "sitting", ... */

/* The notice that the event is, NOTICE_NONE for what no cue is given for. */
enum notice notice_of(const struct event *event);

struct moment {
	int64_t mono_ns;
	int64_t real_ns; /* by the session's anchors; 0: the clock is not known */
	int32_t utc_offset_s;
};

#define INDICATOR_SURFACES_MAX 8
#define INDICATOR_TEXT_SIZE    256
#define INDICATOR_HEARD_MAX    64 /* of eight surfaces with six rules each, faults among them */

enum quiet_hours {
	QUIET_BY_SURFACE, /* a chair: never; a bed or strip: 21:00 to 7:00 */
	QUIET_NEVER,
	QUIET_GIVEN, /* quiet_from_s to quiet_to_s, for all its surfaces */
};

struct indicator_config {
	char name[SURFACE_NAME_SIZE];
	char chip[INDICATOR_TEXT_SIZE];
	char line[INDICATOR_TEXT_SIZE]; /* "": it is off */
	bool active_low;
	size_t n_surfaces;
	struct indicator_surface {
		char name[SURFACE_NAME_SIZE];
		enum surface_kind kind;
	} surfaces[INDICATOR_SURFACES_MAX]; /* whose findings it shows */
	struct pattern patterns[NOTICE_COUNT];
	enum event_level least; /* EVENT_ADVICE or EVENT_INFORMATION */
	int64_t at_most_every_ns;
	enum quiet_hours quiet;
	int32_t quiet_from_s, quiet_to_s; /* of the local day, 0-86399; different */
};

enum verdict {
	VERDICT_CUE,
	VERDICT_NOT_MEANT, /* no notice, not its surface, below its level, without a pattern */
	VERDICT_OVER,      /* the finding's end, or of a time that has passed */
	VERDICT_REPEATED,
	VERDICT_CLOCK, /* quiet hours are set, and the clock is not known */
	VERDICT_QUIET,
	VERDICT_OFTEN,
};

/* "quiet hours", ...: why there was no cue, as a phrase. */
const char *verdict_words(enum verdict verdict);

/* What it remembers; zero-initialised. It may outlive a configuration. */
struct indicator_memory {
	uint64_t n_cues;
	int64_t cue_ns; /* mono of the last one, when n_cues > 0 */
	enum notice cue_notice;
	enum verdict
	    withheld; /* CLOCK, QUIET or OFTEN: the last cue that was not given; else none */
	int64_t withheld_ns;
	enum notice withheld_notice;
	struct indicator_finding {
		char surface[SURFACE_NAME_SIZE];
		const char *rule; /* static */
		int64_t start_ns;
	} heard[INDICATOR_HEARD_MAX]; /* the newest of each surface and rule */
	size_t next;
};

/*
 * Judges one event of the surface at the moment it is said, and remembers it. *notice is what it
 * is about, also when no cue is given. Thread: the owner's.
 */
enum verdict indicator_step(const struct indicator_config *config, struct indicator_memory *memory,
    const struct surface *surface, const struct event *event, const struct moment *now,
    enum notice *notice);

/*
 * Why a finding of this one of its surfaces would get no cue now: VERDICT_CLOCK, VERDICT_QUIET,
 * VERDICT_OFTEN, or VERDICT_CUE when it would.
 */
enum verdict indicator_now(const struct indicator_config *config,
    const struct indicator_memory *memory, enum surface_kind kind, const struct moment *now);

#endif
