#include "poses.h"

#include "drivers/sim/body.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct shape {
	char letter;
	struct sim_pose pose;
};

static const struct shape lying[] = {
    {'s', {.posture = POSTURE_SUPINE, .seed = 1}},
    {'l', {.posture = POSTURE_LEFT, .seed = 2}},
    {'r', {.posture = POSTURE_RIGHT, .seed = 3}},
    {'p', {.posture = POSTURE_PRONE, .seed = 4}},
    {'e', {.posture = POSTURE_EDGE, .seed = 5}},
};
static const struct shape sitting[] = {
    {'u', {.seat = SEAT_UPRIGHT, .baby_kg = 4, .seed = 6}},
    {'f', {.seat = SEAT_FORWARD, .forward_ratio = 0.14, .baby_kg = 4, .seed = 7}},
    {'h', {.seat = SEAT_SLUMP, .forward_ratio = -0.08, .baby_kg = 4, .seed = 8}},
    {'L', {.seat = SEAT_LEAN_LEFT, .lean_ratio = -0.27, .baby_kg = 4, .seed = 9}},
    {'R', {.seat = SEAT_LEAN_RIGHT, .lean_ratio = 0.27, .baby_kg = 4, .seed = 10}},
};

static void measure(struct pose *pose, const struct surface *surface)
{
	double sum = 0, x = 0, y = 0;

	for (size_t i = 0; i < surface->n_cells; i++) {
		double cell = (double)pose->cells[i];
		sum += cell;
		x += cell * ((double)(i % surface->cols) + 0.5);
		y += cell * ((double)(i / surface->cols) + 0.5);
	}
	pose->load = (float)sum;
	pose->centre_x_ratio = (float)(x / sum / (double)surface->cols);
	pose->centre_y_ratio = (float)(y / sum / (double)surface->rows);
}

/* Single cells: what a body of 60 kg leaves on each, by halves to the sides. */
static void press_cells(const struct surface *surface, const struct sim_pose *pose, float *cells)
{
	for (size_t i = 0; i < surface->n_cells; i++) {
		float side = surface->places[i].x_mm > 0 ? 1.0f : -1.0f;
		float share = 1.0f + side * (float)pose->lean_ratio;

		if (surface->full_scale_counts <= 1.0f)
			cells[i] = 100.0f;
		else if (surface->places[i].region == REGION_BACK)
			cells[i] = 8.0f;
		else
			cells[i] = (pose->baby_kg > 0 ? 34.0f : 22.0f) * share;
	}
}

static void measure_cells(struct pose *pose, const struct surface *surface)
{
	pose->load = 0;
	for (size_t i = 0; i < surface->n_cells; i++)
		pose->load += pose->cells[i];
	pose->centre_x_ratio = pose->centre_y_ratio = 0.5f;
}

static int add(struct poses *poses, struct sim_body *body, const struct home *home,
    const struct surface *surface, const struct shape *shape, struct error *err)
{
	struct pose *pose = &poses->poses[poses->n];

	pose->cells = calloc(surface->n_cells, sizeof(float));
	if (!pose->cells)
		return error_set(err, -ENOMEM, "out of memory");
	poses->n++;
	pose->letter = shape->letter;
	if (!body) {
		press_cells(surface, &shape->pose, pose->cells);
		measure_cells(pose, surface);
		return 0;
	}
	sim_body_press(body, &shape->pose, pose->cells);
	for (size_t i = 0; !home->calibrated && i < surface->n_cells; i++)
		pose->cells[i] *= 100.0f / PLAYER_FULL_SCALE_MMHG;
	measure(pose, surface);
	return 0;
}

int poses_init(
    struct poses *poses, const struct home *home, const struct surface *surface, struct error *err)
{
	bool is_bed = surface->kind == SURFACE_BED;
	const struct shape *shapes = is_bed ? lying : sitting;
	size_t n = is_bed ? sizeof(lying) / sizeof(lying[0]) : sizeof(sitting) / sizeof(sitting[0]);
	struct sim_body *body = NULL;
	struct sim_person person;
	struct random random;
	int rc = 0;

	*poses = (struct poses){0};
	random_init(&random, home->seed);
	sim_person_draw(&person, &random, 1.67, 68);
	if (surface_is_grid(surface)) {
		body = sim_body_create(
		    &person, surface, is_bed ? home->stiffness_kpa_per_m : 120, err);
		if (!body)
			return -EINVAL;
	}
	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = add(poses, body, home, surface, &shapes[i], err);
	sim_body_destroy(body);
	return rc;
}

void poses_finish(struct poses *poses)
{
	for (size_t i = 0; i < poses->n; i++)
		free(poses->poses[i].cells);
	*poses = (struct poses){0};
}

const struct pose *poses_find(const struct poses *poses, char letter)
{
	for (size_t i = 0; i < poses->n; i++)
		if (poses->poses[i].letter == letter)
			return &poses->poses[i];
	return NULL;
}
