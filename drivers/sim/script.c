#include "drivers/sim/script.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* docs/methods.md, section 6: twitches 5-15 an hour of 1-4 s, large moves 8-20 s. */
#define TWITCHES_LOW_PER_H  5
#define TWITCHES_HIGH_PER_H 15
#define KNEE_PILLOW_M       0.12
#define CHEST_KG            5.0 /* a child, and the nursing pillow under it */
#define AWAKE_BREATHS       2.0 /* more a minute than asleep */
#define AWAKE_BEATS         8.0

void script_begin(struct script *script, struct sim_night *night, uint64_t seed)
{
	*script = (struct script){.night = night};
	random_init(&script->random, seed);
	script->breathing_per_min = random_between(&script->random, 12, 17);
	script->heart_per_min = random_between(&script->random, 55, 80);
}

/* Room for one more. Returns the list, grown when it was full; NULL and a code when it cannot. */
static void *grow(struct script *script, void *list, size_t n, size_t *room, size_t size)
{
	if (script->code < 0)
		return NULL;
	if (n < *room)
		return list;
	size_t wider = *room ? 2 * *room : 64;
	void *grown = realloc(list, wider * size);
	if (!grown) {
		script->code = -ENOMEM;
		return NULL;
	}
	*room = wider;
	return grown;
}

static void add_scene(struct script *script, const struct sim_scene *scene, double length_s)
{
	struct sim_night *night = script->night;
	struct sim_scene *scenes = grow(
	    script, night->scenes, night->n_scenes, &script->scenes_room, sizeof(*night->scenes));

	if (!scenes)
		return;
	night->scenes = scenes;
	struct sim_scene *added = &scenes[night->n_scenes++];
	*added = *scene;
	added->start_s = script->now_s;
	added->pose.seed = (uint64_t)(random_uniform(&script->random) * 0x1p48);
	added->settle_s = fmin(added->settle_s, length_s / 2);
	script->now_s += length_s;
}

void script_away(struct script *script, double length_s)
{
	struct sim_scene scene = {.settle_s = random_between(&script->random, 1.5, 3),
	    .place = SIM_AWAY,
	    .breathing_per_min = NAN,
	    .heart_per_min = NAN,
	    .happening = "away"};

	add_scene(script, &scene, length_s);
}

void script_edge(struct script *script, double length_s, const char *happening)
{
	struct sim_scene scene = {.settle_s = random_between(&script->random, 3, 6),
	    .place = SIM_BED,
	    .pose = {.posture = POSTURE_EDGE, .seat = SEAT_UPRIGHT},
	    .breathing_per_min = script->breathing_per_min + AWAKE_BREATHS,
	    .heart_per_min = script->heart_per_min + AWAKE_BEATS,
	    .happening = happening};

	add_scene(script, &scene, length_s);
}

void script_lie(struct script *script, enum posture posture, double length_s, const char *happening)
{
	struct sim_scene scene = {.settle_s = random_between(&script->random, 8, 20),
	    .place = SIM_BED,
	    .pose = {.posture = posture, .tilt_rad = script->tilt_rad},
	    .breathing_per_min = script->breathing_per_min + random_normal(&script->random),
	    .heart_per_min = script->heart_per_min + 2 * random_normal(&script->random),
	    .happening = happening};

	/* Nights without such things draw nothing for them: their seeds keep their meaning. */
	if (script->knee_pillow_odds > 0 &&
	    random_uniform(&script->random) < script->knee_pillow_odds)
		scene.pose.knee_pillow_m = posture == POSTURE_PRONE ? 0 : KNEE_PILLOW_M;
	if (script->chest_odds > 0 && random_uniform(&script->random) < script->chest_odds)
		scene.pose.baby_kg = posture == POSTURE_SUPINE ? CHEST_KG : 0;
	add_scene(script, &scene, length_s);
}

void script_sit(struct script *script, enum seat_state seat, double lean_ratio,
    double forward_ratio, double baby_kg, double length_s, const char *happening)
{
	struct sim_scene scene = {.settle_s = random_between(&script->random, 2, 5),
	    .place = SIM_CHAIR,
	    .pose = {.seat = seat,
	        .lean_ratio = lean_ratio + 0.01 * random_normal(&script->random),
	        .forward_ratio = forward_ratio + 0.004 * random_normal(&script->random),
	        .baby_kg = baby_kg},
	    .breathing_per_min = script->breathing_per_min + AWAKE_BREATHS,
	    .heart_per_min = script->heart_per_min + AWAKE_BEATS,
	    .happening = happening};

	add_scene(script, &scene, length_s);
}

static void add_twitches(struct script *script, double from_s, double until_s)
{
	struct sim_night *night = script->night;
	double per_h = random_between(&script->random, TWITCHES_LOW_PER_H, TWITCHES_HIGH_PER_H);
	double at_s = from_s;

	for (;;) {
		at_s += -log(1 - random_uniform(&script->random)) * 3600 / per_h;
		struct sim_twitch twitch = {.start_s = at_s,
		    .length_s = random_between(&script->random, 1, 4),
		    .strength_ratio = random_between(&script->random, 0.3, 0.9),
		    .row_ratio = random_between(&script->random, 0.15, 0.9)};
		if (at_s + twitch.length_s >= until_s)
			return;
		struct sim_twitch *twitches = grow(script, night->twitches, night->n_twitches,
		    &script->twitches_room, sizeof(*night->twitches));
		if (!twitches)
			return;
		night->twitches = twitches;
		twitches[night->n_twitches++] = twitch;
		at_s += twitch.length_s;
	}
}

void script_end(struct script *script, double length_s)
{
	struct sim_night *night = script->night;

	night->length_s = length_s;
	for (size_t i = 0; i < night->n_scenes; i++) {
		const struct sim_scene *scene = &night->scenes[i];
		double end_s = i + 1 < night->n_scenes ? night->scenes[i + 1].start_s : length_s;
		if (isinf(end_s))
			end_s = scene->start_s + 24 * 3600.0;
		if (scene->place == SIM_BED && scene->pose.posture != POSTURE_EDGE)
			add_twitches(script, scene->start_s + scene->settle_s, end_s);
	}
}
