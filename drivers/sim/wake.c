#include "drivers/sim/wake.h"

#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_S 60.0
#define HOUR_S   3600.0

/* Our own figures, after docs/methods.md, section 6: sleep is 80-90 % of the time in bed. */
#define FALL_ASLEEP_LOW_MIN  5.0
#define FALL_ASLEEP_HIGH_MIN 25.0
#define RESTLESS_ODDS        0.15 /* of a turn: it opens a spell, or comes in the midst of it */
#define RESTLESS_LOW_MIN     3.0
#define RESTLESS_HIGH_MIN    20.0
#define RESTLESS_LEAD_MIN    3.0 /* before the turn, at most */

/* Who lies awake stirs more often and for longer than a sleeper (script.c), but not always. */
#define STIRS_LOW_PER_H  20.0
#define STIRS_HIGH_PER_H 90.0
#define STIR_LOW_S       2.0
#define STIR_HIGH_S      8.0

#define STREAM 0x77616b65u /* "wake" */

static bool lying(const struct sim_scene *scene)
{
	return scene->place == SIM_BED && scene->pose.posture != POSTURE_EDGE;
}

static double scene_end_s(const struct sim_night *night, size_t i)
{
	return i + 1 < night->n_scenes ? night->scenes[i + 1].start_s : night->length_s;
}

/* Where the stay in bed ends to which scene i belongs. */
static double stay_end_s(const struct sim_night *night, size_t i)
{
	while (i + 1 < night->n_scenes && lying(&night->scenes[i + 1]))
		i++;
	return scene_end_s(night, i);
}

/* A spell that begins before the last one is over is one with it. */
static void add_wake(struct sim_night *night, double start_s, double end_s)
{
	struct sim_wake *last = night->n_wakes > 0 ? &night->wakes[night->n_wakes - 1] : NULL;

	if (last && start_s <= last->end_s)
		last->end_s = fmax(last->end_s, end_s);
	else
		night->wakes[night->n_wakes++] = (struct sim_wake){start_s, end_s};
}

static void draw_wakes(struct sim_night *night, struct random *random)
{
	double stay_start_s = 0;

	for (size_t i = 0; i < night->n_scenes; i++) {
		double start_s = night->scenes[i].start_s;
		if (!lying(&night->scenes[i]))
			continue;
		bool first = i == 0 || !lying(&night->scenes[i - 1]);
		double length_min = random_between(
		    random, FALL_ASLEEP_LOW_MIN, FALL_ASLEEP_HIGH_MIN);
		if (first) {
			stay_start_s = start_s;
		} else {
			if (random_uniform(random) >= RESTLESS_ODDS)
				continue;
			length_min = random_between(random, RESTLESS_LOW_MIN, RESTLESS_HIGH_MIN);
			start_s = fmax(stay_start_s,
			    start_s - random_between(random, 0, RESTLESS_LEAD_MIN) * MINUTE_S);
		}
		add_wake(
		    night, start_s, fmin(start_s + length_min * MINUTE_S, stay_end_s(night, i)));
	}
}

static int by_start(const void *a, const void *b)
{
	double x = ((const struct sim_twitch *)a)->start_s;
	double y = ((const struct sim_twitch *)b)->start_s;

	return (x > y) - (x < y);
}

/* Between the sleeper's twitches, which stay as they are. */
static bool is_free(const struct sim_twitch *twitches, size_t n, const struct sim_twitch *stir)
{
	for (size_t i = 0; i < n; i++)
		if (stir->start_s < twitches[i].start_s + twitches[i].length_s &&
		    twitches[i].start_s < stir->start_s + stir->length_s)
			return false;
	return true;
}

static int draw_stirs(struct sim_night *night, struct random *random, const struct sim_wake *wake)
{
	double per_h = random_between(random, STIRS_LOW_PER_H, STIRS_HIGH_PER_H);
	double at_s = wake->start_s;

	for (;;) {
		at_s += -log(1 - random_uniform(random)) * HOUR_S / per_h;
		struct sim_twitch stir = {.start_s = at_s,
		    .length_s = random_between(random, STIR_LOW_S, STIR_HIGH_S),
		    .strength_ratio = random_between(random, 0.3, 0.9),
		    .row_ratio = random_between(random, 0.15, 0.9)};
		at_s += stir.length_s;
		if (at_s >= wake->end_s)
			return 0;
		if (!is_free(night->twitches, night->n_twitches, &stir))
			continue;
		struct sim_twitch *grown = realloc(
		    night->twitches, (night->n_twitches + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		night->twitches = grown;
		grown[night->n_twitches++] = stir;
	}
}

int sim_wake_add(struct sim_night *night, uint64_t seed)
{
	struct random random;
	int code = 0;

	random_init(&random, seed ^ STREAM);
	night->wakes = calloc(night->n_scenes + 1, sizeof(*night->wakes));
	if (!night->wakes)
		return -ENOMEM;
	draw_wakes(night, &random);
	for (size_t i = 0; i < night->n_wakes && code == 0; i++)
		code = draw_stirs(night, &random, &night->wakes[i]);
	if (night->n_twitches > 0)
		qsort(night->twitches, night->n_twitches, sizeof(*night->twitches), by_start);
	return code;
}

const struct sim_wake *sim_wake_at(const struct sim_night *night, double t_s)
{
	for (size_t i = 0; i < night->n_wakes && night->wakes[i].start_s <= t_s; i++)
		if (t_s < night->wakes[i].end_s)
			return &night->wakes[i];
	return NULL;
}
