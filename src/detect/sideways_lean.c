/*
 * Leaning to one side, as under a child's weight. The article advises to spare the back that load.
 *
 *	LR - LR0, LR = (R - L) / (R + L), against her own upright minute
 *	held    over `limit` to the same side for more than `hold`; under 0.8 of it for 5 s ends it
 *	value   the mean over all held time of the session on the side that has more of it
 *	strong  the value is `strong` or more
 *
 * One finding a session. Said when the first hold has lasted, again every five minutes, and when
 * she has stood up for a minute. Confidence: coverage x min(1, (value - limit) / 2 se) x health;
 * se is the standard error of the mean with one free value in 5 s.
 *
 * Limits: 0.15, strong 0.25, for 60 s (docs/methods.md, section 5): a child of 4 kg held 8 cm to
 * the side moves LR by 0.06 only, so what is found is the lean. Without an upright minute nothing
 * is assessed.
 *
 * Known failures: a cushion or an arm rest on one side; someone else in the chair.
 */
#include "detect/finding.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>

#define OFF_SHARE         0.8F
#define HOLD_RELEASE_S    5
#define SESSION_RELEASE_S 60
#define CORRELATION_S     5.0
#define ERROR_FLOOR       0.002

static const struct option_spec options[] = {
    {"limit", OPTION_NUMBER, "0.15", 0.02, 1, "ratio", NULL, "sideways load beyond the upright"},
    {"strong", OPTION_NUMBER, "0.25", 0.02, 1, "ratio", NULL, "a strong lean"},
    {"hold", OPTION_NUMBER, "60 s", 5, 3600, "s", NULL, "longest time held to one side"},
    {.key = NULL},
};

struct lean_sum {
	double s, sum, squares; /* seconds, and ratio and its square times seconds */
};

struct leaning {
	struct lasting session, hold;
	float limit_ratio, strong_ratio;
	int side;                  /* of the hold under way: 0 left, 1 right */
	struct lean_sum under_way; /* of the hold, until it has lasted */
	struct lean_sum held[2];
	int64_t frame_ns; /* when a hold first lasted; 0: none did */
	bool said;
};

static int leaning_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct leaning *leaning = state;

	(void)surface;
	leaning->limit_ratio = (float)options_number(given, "limit");
	leaning->strong_ratio = (float)options_number(given, "strong");
	leaning->hold.limit_s = (float)options_number(given, "hold");
	leaning->hold.release_s = HOLD_RELEASE_S;
	leaning->session.release_s = SESSION_RELEASE_S;
	if (leaning->strong_ratio >= leaning->limit_ratio)
		return 0;
	return error_set(err, -EINVAL, "strong is %g, limit %g; give strong the greater lean",
	    (double)leaning->strong_ratio, (double)leaning->limit_ratio);
}

static enum holds leans(struct leaning *leaning, const struct observation *o)
{
	enum holds seated = finding_seated(o);

	if (seated != HOLDS_YES)
		return seated;
	if (!o->baseline || !isfinite(o->sideways_ratio))
		return HOLDS_UNKNOWN;
	if (!lasting_under_way(&leaning->hold)) {
		leaning->side = o->sideways_ratio > 0;
		return fabsf(o->sideways_ratio) > leaning->limit_ratio ? HOLDS_YES : HOLDS_NO;
	}
	float lean = leaning->side ? o->sideways_ratio : -o->sideways_ratio;
	return lean > OFF_SHARE * leaning->limit_ratio ? HOLDS_YES : HOLDS_NO;
}

static void add_sum(struct lean_sum *to, double s, double sum, double squares)
{
	to->s += s;
	to->sum += sum;
	to->squares += squares;
}

static void step_hold(struct leaning *leaning, const struct observation *o)
{
	struct lean_sum *now = &leaning->under_way;
	double before_s = leaning->hold.yes_s;

	lasting_step(&leaning->hold, o, leans(leaning, o), 1);
	if (!lasting_under_way(&leaning->hold)) {
		*now = (struct lean_sum){0};
		return;
	}
	double ratio = (double)fabsf(o->sideways_ratio), dt_s = leaning->hold.yes_s - before_s;
	if (dt_s > 0)
		add_sum(now, dt_s, ratio * dt_s, ratio * ratio * dt_s);
	if (lasting_length_s(&leaning->hold) <= leaning->hold.limit_s)
		return;
	add_sum(&leaning->held[leaning->side], now->s, now->sum, now->squares);
	*now = (struct lean_sum){0};
	if (leaning->frame_ns == 0)
		leaning->frame_ns = o->mono_ns;
}

static float margin_confidence(const struct lean_sum *held, float limit_ratio)
{
	double mean = held->sum / held->s;
	double variance = fmax(0, held->squares / held->s - mean * mean);
	double error = sqrt(variance / fmax(1, held->s / CORRELATION_S));

	return (float)fmin(1, (mean - (double)limit_ratio) / (2 * fmax(error, ERROR_FLOOR)));
}

/* By how strong it was and to which side: whole sentences, as no language bends words like another. */
static const char *const sentences[2][2] = {
    {N_("Sat in the chair{when}: leaning to the left for {lean} of {length} (sideways load {load} "
        "beyond your upright)."),
        N_("Sat in the chair{when}: leaning to the right for {lean} of {length} (sideways load "
           "{load} beyond your upright).")},
    {N_("Sat in the chair{when}: leaning strongly to the left for {lean} of {length} (sideways "
        "load {load} beyond your upright)."),
        N_("Sat in the chair{when}: leaning strongly to the right for {lean} of {length} (sideways "
           "load {load} beyond your upright).")},
};

static void say(struct leaning *leaning, event_sink *sink, void *user)
{
	int side = leaning->held[1].s > leaning->held[0].s;
	const struct lean_sum *held = &leaning->held[side];
	struct event event = lasting_event(&leaning->session);

	event.level = EVENT_ADVICE;
	event.value = (float)(held->sum / held->s);
	event.limit = leaning->limit_ratio;
	event.unit = "ratio";
	event.confidence *= margin_confidence(held, leaning->limit_ratio);
	event.frame_ns = leaning->frame_ns;
	phrase_sentence(&event.phrase, sentences[event.value >= leaning->strong_ratio][side]);
	lasting_say_when(&leaning->session, &event.phrase);
	phrase_duration(&event.phrase, "lean", held->s);
	phrase_duration(&event.phrase, "length", (double)lasting_length_s(&leaning->session));
	phrase_number(&event.phrase, "load", (double)event.value, 2);
	leaning->said = true;
	finding_say(&detector_sideways_lean, &event, sink, user);
}

static void clear_session(struct leaning *leaning)
{
	leaning->under_way = leaning->held[0] = leaning->held[1] = (struct lean_sum){0};
	leaning->frame_ns = 0;
	leaning->said = false;
}

static bool has_held(const struct leaning *leaning)
{
	return leaning->held[0].s > 0 || leaning->held[1].s > 0;
}

static void leaning_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct leaning *leaning = state;

	if (!lasting_under_way(&leaning->session))
		clear_session(leaning);
	bool due = lasting_step(&leaning->session, o, finding_seated(o), o->occupancy_confidence);
	step_hold(leaning, o);
	if (has_held(leaning) && (due || !leaning->said))
		say(leaning, sink, user);
}

static void leaning_reset(void *state)
{
	struct leaning *leaning = state;

	lasting_clear(&leaning->session);
	lasting_clear(&leaning->hold);
	clear_session(leaning);
}

static void leaning_finish(void *state, event_sink *sink, void *user)
{
	struct leaning *leaning = state;

	if (lasting_end(&leaning->session) && has_held(leaning))
		say(leaning, sink, user);
}

const struct detector detector_sideways_lean = {
    .name = "sideways_lean",
    .summary = "leaning to one side in the chair",
    .advice_id = "holding.weight_off_back",
    .definition =
        "The sideways load, less that of her own upright minute, over `limit` to one side for more "
        "than `hold`; from `strong` on it is called strong. The value is the mean over the held "
        "time of the session. Without an upright minute nothing is assessed. Fails for a cushion "
        "on one side, or someone else in the chair.",
    .options = options,
    .surfaces = 1U << SURFACE_SEAT,
    .state_size = sizeof(struct leaning),
    .init = leaning_init,
    .step = leaning_step,
    .reset = leaning_reset,
    .finish = leaning_finish,
};
