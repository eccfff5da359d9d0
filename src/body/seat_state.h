/*
 * From shares to a state: how far someone sits from her own upright minute, in units of the limit
 * of each direction; the greatest excursion names the state. The definitions stand in seat_state.c.
 */
#ifndef LUMBAR_BODY_SEAT_STATE_H
#define LUMBAR_BODY_SEAT_STATE_H

#include "body/seat_measure.h"
#include "core/observation.h"

/* What upright is for one person: taken from a quiet minute, or given. */
struct seat_baseline {
	bool known;
	struct seat_measure upright;
};

/* Excursions in units of their limits: 1 is at the limit. */
struct seat_scores {
	float lean; /* signed: > 0 to the person's right */
	float forward, slump;
};

void seat_score(
    const struct seat_measure *now, const struct seat_baseline *baseline, struct seat_scores *out);

/*
 * The state that the scores mean. `held` is the state in force: it is kept until its own score
 * falls under the off limit (SEAT_UNKNOWN: none in force). *margin: how far the deciding score is
 * from the limit, in units of the limit, >= 0.
 */
enum seat_state seat_judge(const struct seat_scores *scores, enum seat_state held, float *margin);

#endif
