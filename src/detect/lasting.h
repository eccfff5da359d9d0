/*
 * Something that lasts: the piece that most rules over frames share. A rule says of each
 * observation whether its condition holds; `lasting` keeps the stretch, what of it was really
 * observed, and when the finding is due to be said: when it first passes the limit, again every
 * five minutes, and when it is over. What was not seen never counts: a short gap lies between the
 * start and the end of a stretch, but is no part of its length; a longer one ends it.
 */
#ifndef LUMBAR_DETECT_LASTING_H
#define LUMBAR_DETECT_LASTING_H

#include "core/event.h"
#include "core/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum holds { HOLDS_NO, HOLDS_YES, HOLDS_UNKNOWN };

struct lasting {
	/* Limits, set once by the rule; lasting_clear() keeps them. */
	float limit_s;   /* a stretch counts when more than this of it was observed */
	float higher_s;  /* passing this is said at once, too; 0: there is none */
	float release_s; /* a "no" that lasts this long ends the stretch; shorter ones are in it */

	bool under_way;
	bool over;                          /* ended at the last step; cleared by the next */
	int64_t start_ns, end_ns;           /* first and last "yes" */
	int64_t start_real_ns;              /* 0: not known */
	int32_t utc_offset_s, end_offset_s; /* at the first and last "yes" */
	int64_t no_ns, seen_ns;             /* since when "no", 0: not; last known answer */
	int64_t said_ns, frame_ns;          /* last and first time it was said, 0: not yet */
	double yes_s, observed_s;           /* between start and end */
	double pending_s;                   /* observed since the last "yes" */
	double confidence_sum, health_sum;  /* over yes_s */
};

/* Ends a stretch after this long without a known answer: a gap, a technical fault, unknown. */
#define LASTING_BLIND_S 60

/* Forgets the stretch, keeps the limits. */
void lasting_clear(struct lasting *lasting);

/*
 * One observation: does the condition hold, and how sure is that (0-1; not a number: unknown).
 * Returns true when the finding is due to be said; lasting->over tells a last word.
 */
bool lasting_step(struct lasting *lasting, const struct observation *observation, enum holds holds,
    float confidence);

/* Ends the stretch at its last "yes". Returns true when a last word is due. */
bool lasting_end(struct lasting *lasting);

bool lasting_under_way(const struct lasting *lasting);
float lasting_length_s(const struct lasting *lasting);       /* of it, what was observed */
float lasting_coverage_ratio(const struct lasting *lasting); /* length / (end - start) */

/* coverage x mean confidence x mean health (docs/methods.md, section 8). */
float lasting_confidence(const struct lasting *lasting);

/* An event from start to end with coverage, confidence and frame; the rule fills in the rest. */
struct event lasting_event(const struct lasting *lasting);

/* The place {when} of a sentence: ", 03:10-03:48" in local time, "" when the clock was not known. */
void lasting_say_when(const struct lasting *lasting, struct phrase *phrase);

#endif
