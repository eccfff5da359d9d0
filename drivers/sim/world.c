#include "drivers/sim/world.h"

#include "drivers/sim/body.h"
#include "drivers/sim/life.h"
#include "drivers/sim/night.h"
#include "drivers/sim/sensor.h"
#include "drivers/sim/wake.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MATS_MAX            4
#define BED_LENGTH_MM       1728.0f /* 64 rows of 27 mm */
#define PAD_LENGTH_MM       400.0f
#define FULL_SCALE_COUNTS   1000.0f
#define PAD_STIFFNESS_KPA_M 110.0
#define BROAD_ODDS          (1.0 / 6)
#define BROAD_LOW           34.0 /* body mass index */
#define BROAD_HIGH          42.0
#define TWITCH_REACH_RATIO  0.10 /* of the mat's length, to each side of the limb */
#define TWITCH_HZ           0.9
#define STRUGGLE_RATIO      0.25 /* how uneven the load is while she turns */
#define STRUGGLE_HZ         0.7

struct mat {
	struct surface surface;
	struct sim_body *body;
	struct sim_sensor *sensor;
	size_t scene;     /* that `to` shows */
	size_t twitch;    /* the first that is not over */
	double settled_s; /* since when the load rests */
	float *from, *to; /* the maps before and after the scene's movement, mmHg */
	float *pressure;  /* now */
	struct sim_answer *answers;
};

struct sim_world {
	struct sim_night night;
	struct sim_person person;
	struct sim_life life;
	struct mat mats[MATS_MAX];
	size_t n_mats;
};

static enum sim_place place_of(const struct mat *mat)
{
	return mat->surface.kind == SURFACE_SEAT ? SIM_CHAIR : SIM_BED;
}

/* Moves on to the next scene: what was the goal is now the start. */
static void enter_scene(struct sim_world *world, struct mat *mat, size_t index)
{
	const struct sim_scene *scene = &world->night.scenes[index];
	float *old = mat->from;

	mat->from = mat->to;
	mat->to = old;
	mat->scene = index;
	if (scene->place != place_of(mat)) {
		memset(mat->to, 0, mat->surface.n_cells * sizeof(*mat->to));
		return;
	}
	sim_body_press(mat->body, &scene->pose, mat->to);
	struct sim_trunk trunk = sim_body_trunk(mat->body);
	sim_life_answers(mat->answers, &mat->surface, &trunk, scene->pose.seed);
}

static int mat_init(struct sim_world *world, struct mat *mat, const struct surface *surface,
    const struct sim_settings *settings, struct random *random, struct error *err)
{
	bool seat = surface->kind == SURFACE_SEAT;

	if (!surface_is_grid(surface) || surface->kind == SURFACE_STRIP)
		return error_set(err, -EINVAL,
		    "surface %s: the simulator has grids of kind bed or seat only", surface->name);
	mat->surface = *surface;
	mat->surface.places = NULL;
	mat->body = sim_body_create(&world->person, surface,
	    seat ? PAD_STIFFNESS_KPA_M : settings->stiffness_kpa_per_m, err);
	mat->sensor = sim_sensor_create(surface, random, settings->perfect_sensor, err);
	if (!mat->body || !mat->sensor)
		return -ENOMEM;
	mat->from = calloc(surface->n_cells, sizeof(*mat->from));
	mat->to = calloc(surface->n_cells, sizeof(*mat->to));
	mat->pressure = calloc(surface->n_cells, sizeof(*mat->pressure));
	mat->answers = calloc(surface->n_cells, sizeof(*mat->answers));
	if (!mat->from || !mat->to || !mat->pressure || !mat->answers)
		return error_set(err, -ENOMEM, "out of memory for a simulated mat");
	enter_scene(world, mat, 0);
	memcpy(mat->from, mat->to, surface->n_cells * sizeof(*mat->from));
	return 0;
}

void sim_surface(
    struct surface *surface, enum surface_kind kind, size_t rows, size_t cols, double rate_hz)
{
	bool seat = kind == SURFACE_SEAT;

	surface->kind = kind;
	surface->rows = rows ? rows : seat ? 16 : 32;
	surface->cols = cols ? cols : 16;
	surface->n_cells = surface->rows * surface->cols;
	surface->pitch_mm = (seat ? PAD_LENGTH_MM : BED_LENGTH_MM) / (float)surface->rows;
	surface->full_scale_counts = FULL_SCALE_COUNTS;
	surface->rate_hz = (float)rate_hz;
	surface->places = NULL;
}

/* In one night of six she is of a body mass index that sim_person_draw() does not reach. */
static void draw_person(
    struct sim_person *person, struct random *random, const struct sim_settings *settings)
{
	struct random chance;

	sim_person_draw(person, random, settings->height_m, settings->mass_kg);
	random_init(&chance, settings->seed ^ 0x62726f6164);
	if (settings->plan != SIM_PLAN_NIGHT || settings->mass_kg > 0 ||
	    random_uniform(&chance) > BROAD_ODDS)
		return;
	double index = random_between(&chance, BROAD_LOW, BROAD_HIGH);
	double mass_kg = index * person->height_m * person->height_m;
	sim_person_draw(person, &chance, person->height_m, mass_kg);
}

void sim_world_mat_random(struct random *random, uint64_t seed, size_t index)
{
	random_init(random, seed ^ (0x6d617400 + index));
}

int sim_world_create(struct sim_world **world, const struct sim_settings *settings,
    const struct surface *surfaces, size_t n_surfaces, struct error *err)
{
	struct random random;

	*world = NULL;
	if (n_surfaces < 1 || n_surfaces > MATS_MAX)
		return error_set(
		    err, -EINVAL, "the simulator has 1 to %d mats, not %zu", MATS_MAX, n_surfaces);
	struct sim_world *made = calloc(1, sizeof(*made));
	if (!made)
		return error_set(err, -ENOMEM, "out of memory for a simulated world");
	/* Streams of their own: the person and the plan do not depend on the mats. */
	random_init(&random, settings->seed);
	draw_person(&made->person, &random, settings);
	sim_life_draw(&made->life, &random);
	int code = sim_night_make(&made->night, settings->plan, settings->seed ^ 0x6e69676874, err);
	for (size_t i = 0; i < n_surfaces && code == 0; i++) {
		sim_world_mat_random(&random, settings->seed, i);
		made->n_mats = i + 1;
		code = mat_init(made, &made->mats[i], &surfaces[i], settings, &random, err);
	}
	if (code < 0) {
		sim_world_destroy(made);
		return code;
	}
	*world = made;
	return 0;
}

void sim_world_destroy(struct sim_world *world)
{
	if (!world)
		return;
	for (size_t i = 0; i < world->n_mats; i++) {
		struct mat *mat = &world->mats[i];
		sim_body_destroy(mat->body);
		sim_sensor_destroy(mat->sensor);
		free(mat->from);
		free(mat->to);
		free(mat->pressure);
		free(mat->answers);
	}
	sim_night_finish(&world->night);
	free(world);
}

double sim_world_length_s(const struct sim_world *world)
{
	return world->night.length_s;
}

/* The scene at t_s, looked for from `scene` on. */
static size_t scene_at(const struct sim_night *night, size_t scene, double t_s)
{
	while (scene + 1 < night->n_scenes && night->scenes[scene + 1].start_s <= t_s)
		scene++;
	return scene;
}

/* The twitch under way at t_s, NULL when she is still. Moves the index past those that are over. */
static const struct sim_twitch *twitch_at(const struct sim_night *night, size_t *index, double t_s)
{
	while (*index < night->n_twitches &&
	       night->twitches[*index].start_s + night->twitches[*index].length_s <= t_s)
		(*index)++;
	if (*index >= night->n_twitches || night->twitches[*index].start_s > t_s)
		return NULL;
	return &night->twitches[*index];
}

/* Pressures while she settles: from the old map to the new, unevenly. */
static void mix(struct mat *mat, const struct sim_scene *scene, double t_s)
{
	double done = (t_s - scene->start_s) / scene->settle_s;
	float to = (float)(done * done * (3 - 2 * done)), from = 1 - to;
	float struggle = (float)(STRUGGLE_RATIO * sin(M_PI * done));
	double beat = 2 * M_PI * STRUGGLE_HZ * t_s;

	for (size_t row = 0, i = 0; row < mat->surface.rows; row++) {
		float uneven = 1 + struggle * (float)sin(beat + 9.0 * (double)row /
		                                                    (double)mat->surface.rows);
		for (size_t col = 0; col < mat->surface.cols; col++, i++)
			mat->pressure[i] = (from * mat->from[i] + to * mat->to[i]) * uneven;
	}
}

/* Pressures at rest: the map, breathing, the heart. */
static void rest(struct mat *mat, const struct sim_beat *beat)
{
	for (size_t i = 0; i < mat->surface.n_cells; i++) {
		const struct sim_answer *answer = &mat->answers[i];
		mat->pressure[i] = mat->to[i] *
		                   (1 + beat->breath * answer->breath +
		                       beat->pulse * answer->pulse + beat->sway * answer->sway);
	}
}

static void twitch(struct mat *mat, const struct sim_twitch *twitch, double t_s)
{
	double since_s = t_s - twitch->start_s;
	double strength = twitch->strength_ratio * sin(M_PI * since_s / twitch->length_s) *
	                  cos(2 * M_PI * TWITCH_HZ * since_s);
	size_t rows = mat->surface.rows, cols = mat->surface.cols;
	size_t first = (size_t)(fmax(twitch->row_ratio - TWITCH_REACH_RATIO, 0) * (double)rows);
	size_t end = (size_t)(fmin(twitch->row_ratio + TWITCH_REACH_RATIO, 1) * (double)rows);

	for (size_t i = first * cols; i < end * cols; i++)
		mat->pressure[i] *= (float)(1 + strength);
}

void sim_world_frame(struct sim_world *world, size_t surface, double t_s, float *counts)
{
	struct mat *mat = &world->mats[surface];
	size_t now = scene_at(&world->night, mat->scene, t_s);

	while (mat->scene < now)
		enter_scene(world, mat, mat->scene + 1);
	const struct sim_scene *scene = &world->night.scenes[now];
	const struct sim_twitch *moved = twitch_at(&world->night, &mat->twitch, t_s);
	double settled_s = scene->start_s + scene->settle_s;
	if (t_s < settled_s && scene->start_s > 0) {
		mix(mat, scene, t_s);
	} else if (scene->place != place_of(mat)) {
		memset(mat->pressure, 0, mat->surface.n_cells * sizeof(*mat->pressure));
	} else {
		struct sim_beat beat = sim_life_at(&world->life, scene, t_s);
		rest(mat, &beat);
		if (moved && place_of(mat) == SIM_BED)
			twitch(mat, moved, t_s);
	}
	sim_sensor_read(mat->sensor, mat->pressure, fmax(t_s - settled_s, 0), counts);
}

void sim_world_truth(struct sim_world *world, size_t surface, double t_s, struct sim_truth *truth)
{
	const struct mat *mat = &world->mats[surface];
	const struct sim_scene *scene =
	    &world->night.scenes[scene_at(&world->night, mat->scene, t_s)];
	bool here = scene->place == place_of(mat), bed = place_of(mat) == SIM_BED;
	bool settling = t_s < scene->start_s + scene->settle_s && scene->start_s > 0;
	size_t index = mat->twitch;
	bool moved = bed && twitch_at(&world->night, &index, t_s) != NULL;
	struct sim_beat beat = sim_life_at(&world->life, scene, t_s);

	*truth = (struct sim_truth){
	    .occupancy = here ? OCCUPANCY_PERSON : OCCUPANCY_EMPTY,
	    .posture = !bed   ? POSTURE_UNKNOWN
	               : here ? scene->pose.posture
	                      : POSTURE_EMPTY,
	    .seat = bed    ? SEAT_UNKNOWN
	            : here ? scene->pose.seat
	                   : SEAT_EMPTY,
	    .breathing_per_min = here ? beat.breathing_per_min : NAN,
	    .heart_per_min = here ? beat.heart_per_min : NAN,
	    .moving = here && (settling || moved),
	    .happening = !here                                    ? "away"
	                 : bed && sim_wake_at(&world->night, t_s) ? "awake"
	                                                          : scene->happening,
	};
}
