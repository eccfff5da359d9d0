/*
 * Seat states (docs/methods.md, section 5). LR is the sideways ratio, y the centre of pressure in
 * depths (growing to the rear), B the back rest's share of the load; 0 marks the upright minute.
 *
 *	lean     (LR - LR0) / 0.15                          > 0: to the right
 *	forward  (y0 - y) / 0.10 + (B0 - B) / 0.10          the second part with back cells only
 *	slump    (y - y0) / 0.03, or less: its mean with (peak0 - peak) / (0.05 peak0), without
 *	         back cells (the peaks of cells that differ by 10 % are worth no more than that);
 *	         (rear0 - rear) / (0.50 rear0) while the back rest keeps its load, with them: the
 *	         pelvis has slid forward, and the centre that went with it is not a bend
 *
 * The state is the greatest score of 1 or more, else upright: a lean to the side also takes load
 * off the back rest, and coming forward also shifts weight between the thighs, so the scores
 * compete. Leaving the back rest counts as coming forward because the pelvis may stay where it is
 * while the trunk moves: on four wheelchair drivers the centre moved by 1-6 % of the depth only,
 * and the back rest lost 6-20 % of the load.
 *
 * Without an upright minute the pad's middle stands in: lean has twice its limit, forward is known
 * only from a back rest that carries under 5 %, slump is not known.
 */
#include "body/seat_state.h"

#include <math.h>

#define LEAN_LIMIT_RATIO     0.15F /* methods, 5: a lean of 4 degrees or so */
#define FORWARD_LIMIT_RATIO  0.10F /* methods, 5: of the depth */
#define BACK_LOSS_RATIO      0.10F /* measured on data/wheelchair-seat: 0.10-0.20 serve as well */
#define SLUMP_LIMIT_RATIO    0.03F /* methods, 5: the centre goes back by this */
#define SLUMP_PEAK_SHARE     0.05F /* and the ischial peaks fall by this: simulated, 0.05-0.19 */
#define SLOUCH_REAR_SHARE    0.50F /* methods, 5: "no rear-seat load: slouch" on a 12-cell chair */
#define KEPT_SHARE           0.75F /* of her usual back load: she still leans on the rest */
#define UNSUPPORTED_RATIO    0.05F /* methods, 5: back load of an unsupported hunch */
#define STRANGER_LEAN_FACTOR 2.0F  /* without an upright minute */
#define OFF_LIMIT            0.75F /* hysteresis, in units of the limit */

static void score_stranger(const struct seat_measure *now, struct seat_scores *out)
{
	out->lean = now->sideways_ratio / (STRANGER_LEAN_FACTOR * LEAN_LIMIT_RATIO);
	if (isfinite(now->back_load_ratio))
		out->forward = fmaxf(0, 2 - now->back_load_ratio / UNSUPPORTED_RATIO);
}

/* The pelvis slid forward while the back still leans on its rest: the rear of the seat is bare. */
static void score_with_back(const struct seat_measure *now, const struct seat_measure *upright,
    float forward, struct seat_scores *out)
{
	float lost = upright->back_load_ratio - now->back_load_ratio;
	float rear = now->rear_share_ratio / fmaxf(upright->rear_share_ratio, 0.01F);

	out->forward = forward + lost / BACK_LOSS_RATIO;
	if (now->back_load_ratio < UNSUPPORTED_RATIO ||
	    now->back_load_ratio < KEPT_SHARE * upright->back_load_ratio)
		return;
	out->slump = (1 - rear) / SLOUCH_REAR_SHARE;
	if (out->slump >= 1)
		out->forward = lost / BACK_LOSS_RATIO;
}

static void score_without_back(const struct seat_measure *now, const struct seat_measure *upright,
    float forward, struct seat_scores *out)
{
	float back = (now->centre_y_ratio - upright->centre_y_ratio) / SLUMP_LIMIT_RATIO;
	float softer = (1 - now->peak_ratio / fmaxf(upright->peak_ratio, 0.01F)) / SLUMP_PEAK_SHARE;

	out->forward = forward;
	out->slump = fmaxf(0, fminf(back, (back + softer) / 2));
}

void seat_score(
    const struct seat_measure *now, const struct seat_baseline *baseline, struct seat_scores *out)
{
	const struct seat_measure *upright = &baseline->upright;

	*out = (struct seat_scores){0};
	if (!baseline->known) {
		score_stranger(now, out);
		return;
	}
	float forward = (upright->centre_y_ratio - now->centre_y_ratio) / FORWARD_LIMIT_RATIO;
	out->lean = (now->sideways_ratio - upright->sideways_ratio) / LEAN_LIMIT_RATIO;
	if (isfinite(now->back_load_ratio) && isfinite(upright->back_load_ratio))
		score_with_back(now, upright, forward, out);
	else
		score_without_back(now, upright, forward, out);
}

enum seat_state seat_judge(const struct seat_scores *scores, enum seat_state held, float *margin)
{
	const struct {
		enum seat_state state;
		float score;
	} rivals[] = {
	    {SEAT_LEAN_LEFT, -scores->lean},
	    {SEAT_LEAN_RIGHT, scores->lean},
	    {SEAT_FORWARD, scores->forward},
	    {SEAT_SLUMP, scores->slump},
	};
	enum seat_state best = SEAT_UPRIGHT;
	float greatest = 0;

	for (size_t i = 0; i < sizeof(rivals) / sizeof(rivals[0]); i++) {
		if (rivals[i].score > greatest) {
			greatest = rivals[i].score;
			best = rivals[i].state;
		}
	}
	float limit = held == SEAT_UPRIGHT || held == SEAT_UNKNOWN ? 1 : OFF_LIMIT;
	*margin = fabsf(greatest - limit);
	return greatest >= limit ? best : SEAT_UPRIGHT;
}
