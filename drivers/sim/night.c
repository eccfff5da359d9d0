/*
 * The plans. A generated night follows docs/methods.md, section 6: to bed about 22:30, turns whose
 * dwell is log-normal, feeds in the chair about every 2.5 h, a few short exits, up in the morning;
 * wake.c says when she lies awake in it.
 */
#include "drivers/sim/night.h"

#include "drivers/sim/script.h"
#include "drivers/sim/wake.h"

#include <math.h>
#include <stdlib.h>

#define MINUTE_S 60.0
#define HOUR_S   3600.0

#define NIGHT_LENGTH_S   (12 * HOUR_S) /* from 21:00 to 9:00 */
#define NIGHT_TO_BED_S   (1.5 * HOUR_S)
#define DWELL_MEDIAN_MIN 25.0
#define DWELL_SIGMA      0.9
#define DWELL_LEAST_MIN  2.0
#define DWELL_MOST_MIN   170.0
#define BABY_KG          4.0

/* Shares of nights; our own, so that there are some of each. */
#define TILT_ODDS        0.15
#define KNEE_PILLOW_ODDS 0.3
#define CHEST_ODDS       0.15

/* Time on the side 54 %, back 38 %, front 7 %; the next posture is another one. */
static enum posture next_posture(struct random *random, enum posture last)
{
	static const struct {
		enum posture posture;
		double share;
	} shares[] = {
	    {POSTURE_LEFT, .27}, {POSTURE_RIGHT, .27}, {POSTURE_SUPINE, .39}, {POSTURE_PRONE, .07}};

	for (;;) {
		double draw = random_uniform(random);
		for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
			draw -= shares[i].share;
			if (draw < 0 && shares[i].posture != last)
				return shares[i].posture;
			if (draw < 0)
				break;
		}
	}
}

/* Lies down, turns over now and then, and stays until until_s. */
static void sleep_until(struct script *script, double until_s)
{
	enum posture posture = next_posture(&script->random, POSTURE_UNKNOWN);

	while (script->now_s < until_s) {
		double dwell_min = DWELL_MEDIAN_MIN *
		                   exp(DWELL_SIGMA * random_normal(&script->random));
		dwell_min = fmin(fmax(dwell_min, DWELL_LEAST_MIN), DWELL_MOST_MIN);
		double left_s = until_s - script->now_s, length_s = dwell_min * MINUTE_S;
		if (left_s - length_s < DWELL_LEAST_MIN * MINUTE_S)
			length_s = left_s;
		script_lie(script, posture, length_s, "asleep");
		posture = next_posture(&script->random, posture);
	}
}

static void get_up(struct script *script)
{
	script_edge(script, random_between(&script->random, 15, 40), "getting up");
}

static void go_to_bed(struct script *script)
{
	script_edge(script, random_between(&script->random, 10, 30), "going to bed");
}

/* The chair for length_s: upright, at times a lean, a slump, a look forward. */
static void feed(struct script *script, double length_s)
{
	struct random *random = &script->random;
	double end_s = script->now_s + length_s, draw = random_uniform(random);

	script_sit(script, SEAT_UPRIGHT, 0, 0, 0, 20, "sitting down");
	script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 3 * MINUTE_S, "feed");
	double bout_s = random_between(random, 2, 5) * MINUTE_S;
	if (draw < 0.25)
		script_sit(script, SEAT_LEAN_LEFT, -0.32, 0, BABY_KG, bout_s, "feed");
	else if (draw < 0.45)
		script_sit(script, SEAT_LEAN_RIGHT, 0.32, 0, BABY_KG, bout_s, "feed");
	else if (draw < 0.6)
		script_sit(script, SEAT_FORWARD, 0, 0.16, BABY_KG, bout_s, "feed");
	else if (draw < 0.75)
		script_sit(script, SEAT_SLUMP, 0, -0.09, BABY_KG, bout_s, "feed");
	if (end_s - script->now_s > MINUTE_S)
		script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, end_s - script->now_s, "feed");
}

static void exit_to_feed(struct script *script)
{
	struct random *random = &script->random;
	double length_min = fmin(fmax(16 + 6 * random_normal(random), 7), 37);

	get_up(script);
	script_away(script, random_between(random, 1.5, 4) * MINUTE_S);
	feed(script, length_min * MINUTE_S);
	script_away(script, random_between(random, 1.5, 4) * MINUTE_S);
	go_to_bed(script);
}

/* What she sleeps with: in some nights a raised head section, a pillow at the knees. */
static void draw_bed(struct script *script)
{
	struct random *random = &script->random;

	if (random_uniform(random) < TILT_ODDS)
		script->tilt_rad = random_between(random, 10, 30) * M_PI / 180;
	if (random_uniform(random) < KNEE_PILLOW_ODDS)
		script->knee_pillow_odds = 0.5;
	if (random_uniform(random) < CHEST_ODDS)
		script->chest_odds = 0.3;
}

static void plan_night(struct script *script)
{
	struct random *random = &script->random;
	double to_bed_s = NIGHT_TO_BED_S +
	                  fmin(fmax(15 * random_normal(random), -45), 45) * MINUTE_S;
	double up_s = to_bed_s + random_between(random, 8.5, 9.5) * HOUR_S;

	draw_bed(script);
	script_away(script, 15 * MINUTE_S);
	feed(script, random_between(random, 12, 25) * MINUTE_S);
	script_away(script, to_bed_s - script->now_s);
	go_to_bed(script);
	while (script->now_s < up_s) {
		double next_s = script->now_s +
		                fmin(fmax(2.5 + 0.7 * random_normal(random), 1.2), 4) * HOUR_S;
		if (up_s - next_s < HOUR_S)
			next_s = up_s;
		if (random_uniform(random) < 0.25) { /* a short exit in between */
			sleep_until(script, script->now_s + (next_s - script->now_s) *
			                                        random_between(random, 0.3, 0.7));
			get_up(script);
			script_away(script, random_between(random, 3, 8) * MINUTE_S);
			go_to_bed(script);
		}
		sleep_until(script, fmax(next_s, script->now_s + 10 * MINUTE_S));
		if (next_s >= up_s)
			break;
		exit_to_feed(script);
	}
	get_up(script);
	script_away(script, fmax(NIGHT_LENGTH_S - script->now_s, MINUTE_S));
	script_end(script, fmax(NIGHT_LENGTH_S, script->now_s));
}

static void plan_rest(struct script *script)
{
	script_lie(script, POSTURE_SUPINE, 0, "resting");
	script_end(script, INFINITY);
}

/* One feed that goes on for ever: every three minutes a minute and a half of a bad posture. */
static void plan_feed(struct script *script)
{
	script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 100, "feed");
	while (script->now_s < 24 * HOUR_S) {
		script_sit(script, SEAT_LEAN_LEFT, -0.32, 0, BABY_KG, 90, "feed");
		script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 90, "feed");
		script_sit(script, SEAT_FORWARD, 0, 0.16, BABY_KG, 90, "feed");
		script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 90, "feed");
		script_sit(script, SEAT_LEAN_RIGHT, 0.32, 0, BABY_KG, 90, "feed");
		script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 90, "feed");
		script_sit(script, SEAT_SLUMP, 0, -0.09, BABY_KG, 90, "feed");
		script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 90, "feed");
	}
	script_end(script, INFINITY);
}

int sim_night_make(struct sim_night *night, enum sim_plan plan, uint64_t seed, struct error *err)
{
	struct script script;

	*night = (struct sim_night){0};
	script_begin(&script, night, seed);
	switch (plan) {
	case SIM_PLAN_NIGHT:
		plan_night(&script);
		if (script.code == 0)
			script.code = sim_wake_add(night, seed);
		break;
	case SIM_PLAN_DEMO:
		script_demo_day(&script);
		break;
	case SIM_PLAN_REST:
		plan_rest(&script);
		break;
	case SIM_PLAN_FEED:
		plan_feed(&script);
		break;
	}
	if (script.code < 0)
		return error_set(err, script.code, "out of memory for a simulated night");
	return 0;
}

void sim_night_finish(struct sim_night *night)
{
	free(night->scenes);
	free(night->twitches);
	free(night->wakes);
	*night = (struct sim_night){0};
}
