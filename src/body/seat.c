/*
 * The seat: who sits down and for how long, what upright is for her, and what state she is in.
 *
 *	session   begins when the load has been over the on limit for 5 s, ends when it has been
 *	          under the off limit for 3 s. The limits are a quarter and an eighth of her usual
 *	          load: a child or a bag left on the chair is not her.
 *	baseline  the mean of the first 60 s of a session in which she sits upright and quiet, after
 *	          10 s of settling. The mean over earlier sessions stands in until then, and a minute
 *	          far from it is not taken: a session that begins with a lean stays a lean.
 *	state     seat_state.c on measures smoothed over 1 s; a new state counts after 2 s.
 *	bend      the centre goes forward by 15 % of the depth and is back (under 7.5 %) within 10 s.
 *	confidence = min(1, margin / 2 sigma), sigma being the sway of the last 10 s; times
 *	          0.6 while no upright minute is known.
 *
 * Figures: docs/methods.md, section 5. Known failures: someone else in the chair is measured
 * against her upright; a cushion moved under her looks like a lean until the next session; a lean
 * from the first minute of the very first session is taken for upright.
 */
#include "body/seat.h"
#include "base/clock.h"
#include "body/seat_hold.h"
#include "body/seat_measure.h"
#include "body/seat_rocking.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define STEP_NS (95 * NS_PER_MS) /* ten readings a second, with room for jitter */

/* Least mean load of a seated person before her usual load is known: a child gives 2 mmHg. */
#define SEATED_MMHG      4.0F
#define SEATED_PERCENT   1.5F
#define SEATED_SHARE     0.25F /* of the usual load */
#define SIT_DOWN_NS      (5 * NS_PER_S)
#define STAND_UP_NS      (3 * NS_PER_S)
#define USUAL_LOAD_S     300.0F
#define HALF_RISEN_SHARE 0.5F /* of the usual load: neither sitting nor away */

#define SMOOTH_S         1.0F
#define STRANGER_FACTOR  0.6F
#define HEALTH_MIN_RATIO 0.8F

#define SETTLE_NS        (10 * NS_PER_S)
#define UPRIGHT_NS       (60 * NS_PER_S)
#define QUIET_LEAN_RATIO 0.075F /* half the limits of seat_state.c */
#define QUIET_Y_RATIO    0.05F
#define PRIOR_NEAR       0.5F /* in units of the limits */
#define PRIOR_WEIGHT     0.2F

#define BEND_ON_RATIO  0.15F
#define BEND_OFF_RATIO 0.075F
#define BEND_NS        (10 * NS_PER_S)

struct gather {
	struct seat_measure mean;
	size_t n;
	int64_t since_ns;
};

struct seat {
	struct seat_pad pad;
	struct seat_baseline person;  /* over all sessions */
	struct seat_baseline session; /* in force */
	bool given;                   /* set from outside: sessions do not change it */
	float usual_load;             /* 0: not known yet */

	bool seated, baseline_taken;
	int64_t since_ns;    /* since when the load says otherwise than `seated`, 0: it agrees */
	int64_t sat_down_ns; /* of the session under way */

	bool smooth_begun;
	struct seat_measure smooth;
	struct seat_hold hold;
	int64_t excursion_ns; /* 0: none under way */

	struct gather upright; /* the minute under way */
	struct gather marked;  /* seat_baseline_begin() to _take() */
	struct seat_rocking rocking;
	int64_t last_ns; /* of the last reading, 0: none */
	struct seat_reading last;
};

static void clear_reading(struct seat_reading *r)
{
	*r = (struct seat_reading){
	    .state = SEAT_UNKNOWN,
	    .sideways_ratio = NAN,
	    .forward_ratio = NAN,
	    .back_load_ratio = NAN,
	};
}

struct seat *seat_create(const struct surface *surface, struct error *err)
{
	struct seat *seat = calloc(1, sizeof(*seat));

	if (!seat) {
		error_set(err, -ENOMEM, "out of memory for the seat \"%s\"", surface->name);
		return NULL;
	}
	if (seat_pad_init(&seat->pad, surface, err) < 0) {
		free(seat);
		return NULL;
	}
	seat_reset(seat);
	return seat;
}

void seat_destroy(struct seat *seat)
{
	if (!seat)
		return;
	seat_pad_finish(&seat->pad);
	free(seat);
}

static void end_session(struct seat *seat)
{
	seat->seated = false;
	seat->since_ns = 0;
	seat->smooth_begun = false;
	seat_hold_clear(&seat->hold);
	seat->excursion_ns = 0;
	seat->upright = (struct gather){0};
	seat_rocking_reset(&seat->rocking);
	seat->session = seat->person;
}

void seat_reset(struct seat *seat)
{
	end_session(seat);
	seat->last_ns = 0;
	clear_reading(&seat->last);
}

/* ---- sessions ---------------------------------------------------------------------------- */

float seat_least_load(enum pressure_unit unit)
{
	return unit == PRESSURE_MMHG ? SEATED_MMHG : SEATED_PERCENT;
}

static float seated_load(const struct seat *seat, enum pressure_unit unit)
{
	return fmaxf(seat_least_load(unit), SEATED_SHARE * seat->usual_load);
}

static void begin_session(struct seat *seat)
{
	seat->seated = true;
	seat->sat_down_ns = seat->since_ns;
	seat->since_ns = 0;
	seat->baseline_taken = seat->given;
}

/* Returns true while the load agrees with `seated`; false while it is about to change. */
static bool step_session(
    struct seat *seat, const struct image *image, const struct seat_measure *now)
{
	float limit = seated_load(seat, image->unit);
	bool loaded = now->load > (seat->seated ? limit / 2 : limit);

	if (loaded == seat->seated) {
		seat->since_ns = 0;
		return true;
	}
	if (seat->since_ns == 0)
		seat->since_ns = image->mono_ns;
	if (!seat->seated && image->mono_ns - seat->since_ns >= SIT_DOWN_NS) {
		begin_session(seat);
		return true;
	}
	if (seat->seated && image->mono_ns - seat->since_ns >= STAND_UP_NS) {
		end_session(seat);
		return true;
	}
	return false;
}

/* ---- the upright minute ------------------------------------------------------------------ */

static void gather_add(struct gather *gather, const struct seat_measure *now)
{
	gather->n++;
	seat_measure_blend(&gather->mean, now, 1.0F / (float)gather->n);
}

static bool near_prior(const struct seat *seat, const struct seat_measure *minute)
{
	struct seat_scores scores;

	if (!seat->person.known)
		return true;
	seat_score(minute, &seat->person, &scores);
	return fabsf(scores.lean) < PRIOR_NEAR && fabsf(scores.forward) < PRIOR_NEAR &&
	       scores.slump < PRIOR_NEAR;
}

static void take_minute(struct seat *seat)
{
	const struct seat_measure *minute = &seat->upright.mean;

	if (near_prior(seat, minute)) {
		seat_measure_blend(
		    &seat->person.upright, minute, seat->person.known ? PRIOR_WEIGHT : 1);
		seat->person.known = true;
		seat->session = (struct seat_baseline){true, *minute};
		seat->baseline_taken = true;
	}
	seat->upright = (struct gather){0};
}

static void gather_upright(struct seat *seat, int64_t mono_ns, enum seat_state state)
{
	struct gather *minute = &seat->upright;
	const struct seat_measure *now = &seat->smooth;

	if (seat->baseline_taken || mono_ns - seat->sat_down_ns < SETTLE_NS)
		return;
	bool moved = minute->n > 0 &&
	             (fabsf(now->sideways_ratio - minute->mean.sideways_ratio) > QUIET_LEAN_RATIO ||
	                 fabsf(now->centre_y_ratio - minute->mean.centre_y_ratio) > QUIET_Y_RATIO);
	if (state != SEAT_UPRIGHT || moved) {
		*minute = (struct gather){0};
		return;
	}
	if (minute->n == 0)
		minute->since_ns = mono_ns;
	gather_add(minute, now);
	if (mono_ns - minute->since_ns >= UPRIGHT_NS)
		take_minute(seat);
}

/* ---- states ------------------------------------------------------------------------------ */

static void step_state(
    struct seat *seat, const struct image *image, float dt_s, struct seat_reading *out)
{
	struct seat_scores scores;
	enum seat_state now;
	bool half_risen = seat->smooth.load < HALF_RISEN_SHARE * seat->usual_load;

	seat_score(&seat->smooth, &seat->session, &scores);
	out->state = seat_hold_step(
	    &seat->hold, &scores, half_risen, image->mono_ns, dt_s, &now, &out->confidence);
	if (!seat->session.known)
		out->confidence *= STRANGER_FACTOR;
	gather_upright(seat, image->mono_ns, now);
}

static bool step_bend(struct seat *seat, int64_t mono_ns, float forward_ratio)
{
	if (seat->excursion_ns == 0 && forward_ratio > BEND_ON_RATIO)
		seat->excursion_ns = mono_ns;
	if (seat->excursion_ns == 0 || !(forward_ratio < BEND_OFF_RATIO))
		return false;
	bool bend = mono_ns - seat->excursion_ns <= BEND_NS;
	seat->excursion_ns = 0;
	return bend;
}

static void step_seated(struct seat *seat, const struct image *image,
    const struct seat_measure *now, struct seat_reading *out)
{
	float dt_s = seat->last_ns ? (float)(image->mono_ns - seat->last_ns) / 1e9F : 0;
	float load_weight = seat->usual_load > 0 ? dt_s / (USUAL_LOAD_S + dt_s) : 1;

	seat->usual_load += (now->load - seat->usual_load) * load_weight;
	seat_measure_blend(&seat->smooth, now, seat->smooth_begun ? dt_s / (SMOOTH_S + dt_s) : 1);
	seat->smooth_begun = true;
	step_state(seat, image, dt_s, out);
	out->sideways_ratio = seat->smooth.sideways_ratio;
	out->back_load_ratio = seat->smooth.back_load_ratio;
	out->rocking = seat_rocking_step(&seat->rocking, image->mono_ns, now->centre_y_ratio);
	if (!seat->session.known)
		return;
	out->sideways_ratio -= seat->session.upright.sideways_ratio;
	out->forward_ratio = seat->session.upright.centre_y_ratio - seat->smooth.centre_y_ratio;
	out->bend = step_bend(seat, image->mono_ns, out->forward_ratio) && !out->rocking;
}

void seat_step(struct seat *seat, const struct image *image, struct seat_reading *out)
{
	struct seat_measure now;

	seat->last.bend = false;
	*out = seat->last;
	if (seat->last_ns && image->mono_ns - seat->last_ns < STEP_NS)
		return;
	clear_reading(out);
	seat_measure(&seat->pad, image->cells, &now);
	bool settled = step_session(seat, image, &now);
	out->seated = seat->seated;
	out->baseline = seat->session.known;
	if (image->health_ratio >= HEALTH_MIN_RATIO && settled && seat->seated) {
		step_seated(seat, image, &now, out);
	} else if (settled && !seat->seated) {
		float limit = seated_load(seat, image->unit);

		out->state = SEAT_EMPTY;
		out->confidence = fminf(1, 2 * (limit - now.load) / limit);
	}
	if (seat->seated)
		out->session_s = (float)(image->mono_ns - seat->sat_down_ns) / 1e9F;
	seat->last_ns = image->mono_ns;
	seat->last = *out;
}

/* ---- a baseline from outside ------------------------------------------------------------- */

void seat_set_baseline(struct seat *seat, const struct seat_baseline *baseline)
{
	seat->person = seat->session = *baseline;
	seat->given = seat->baseline_taken = baseline->known;
}

void seat_baseline(const struct seat *seat, struct seat_baseline *out)
{
	*out = seat->session;
}

void seat_baseline_begin(struct seat *seat)
{
	seat->marked = (struct gather){0};
}

void seat_baseline_add(struct seat *seat, const struct image *image)
{
	struct seat_measure now;

	seat_measure(&seat->pad, image->cells, &now);
	if (now.load > seated_load(seat, image->unit))
		gather_add(&seat->marked, &now);
}

int seat_baseline_take(struct seat *seat)
{
	if (seat->marked.n == 0)
		return -ENODATA;
	seat_set_baseline(seat, &(struct seat_baseline){true, seat->marked.mean});
	return 0;
}
