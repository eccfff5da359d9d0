#include "body/seat_hold.h"

#include "base/clock.h"

#include <math.h>

#define SWAY_S     10.0F
#define SWAY_FLOOR 0.05F /* in units of the limit */
#define DWELL_NS   (2 * NS_PER_S)

void seat_hold_clear(struct seat_hold *hold)
{
	*hold = (struct seat_hold){.held = SEAT_UNKNOWN, .candidate = SEAT_UNKNOWN};
}

static void track(float *mean, float *square, float value, float weight)
{
	float step = value - *mean;

	*mean += weight * step;
	*square += weight * (step * step - *square);
}

static void track_sway(struct seat_hold *hold, const struct seat_scores *scores, float dt_s)
{
	float weight = dt_s / (SWAY_S + dt_s);

	if (hold->held == SEAT_UNKNOWN) {
		hold->lean_mean = scores->lean;
		hold->forward_mean = scores->forward;
		return;
	}
	track(&hold->lean_mean, &hold->lean_square, scores->lean, weight);
	track(&hold->forward_mean, &hold->forward_square, scores->forward, weight);
}

static float sway(const struct seat_hold *hold, enum seat_state state)
{
	float square = fmaxf(hold->lean_square, hold->forward_square);

	if (state == SEAT_LEAN_LEFT || state == SEAT_LEAN_RIGHT)
		square = hold->lean_square;
	else if (state == SEAT_FORWARD || state == SEAT_SLUMP)
		square = hold->forward_square;
	return fmaxf(SWAY_FLOOR, sqrtf(square));
}

enum seat_state seat_hold_step(struct seat_hold *hold, const struct seat_scores *scores,
    bool half_risen, int64_t mono_ns, float dt_s, enum seat_state *now, float *confidence)
{
	float margin;

	track_sway(hold, scores, dt_s);
	*now = half_risen ? SEAT_OTHER : seat_judge(scores, hold->held, &margin);
	*confidence = half_risen ? 1 : fminf(1, margin / (2 * sway(hold, *now)));
	if (*now != hold->candidate) {
		hold->candidate = *now;
		hold->candidate_ns = mono_ns;
	}
	if (hold->held == SEAT_UNKNOWN || mono_ns - hold->candidate_ns >= DWELL_NS)
		hold->held = *now;
	return hold->held;
}
