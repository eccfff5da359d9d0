/*
 * Holding a state: hysteresis, dwell and sway over the scores of seat_state.h. Plain memory.
 */
#ifndef LUMBAR_BODY_SEAT_HOLD_H
#define LUMBAR_BODY_SEAT_HOLD_H

#include "body/seat_state.h"

#include <stdint.h>

struct seat_hold {
	enum seat_state held, candidate; /* SEAT_UNKNOWN: none yet */
	int64_t candidate_ns;            /* since when it is the candidate */
	float lean_mean, lean_square;    /* sway: running mean and variance */
	float forward_mean, forward_square;
};

void seat_hold_clear(struct seat_hold *hold);

/*
 * The scores at mono_ns, dt_s after the last ones (the first after a clear: any). half_risen: the
 * load is neither that of sitting nor of being away. Returns the state in force; *now is that of
 * the moment, *confidence = min(1, margin / 2 sigma), sigma being the sway of the last 10 s.
 */
enum seat_state seat_hold_step(struct seat_hold *hold, const struct seat_scores *scores,
    bool half_risen, int64_t mono_ns, float dt_s, enum seat_state *now, float *confidence);

#endif
