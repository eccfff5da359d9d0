#include "drivers/sim/loads.h"

#include "base/random.h"
#include "drivers/sim/sensor.h"
#include "drivers/sim/world.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const double pa_per_mmhg = 133.322, gravity_m_s2 = 9.80665;

static const struct {
	double length_s, mmhg, mass_kg;
} scenes[] = {
    {10, 0, 0},
    {10, 40, 0},
    {10, 0, 0},
    {10, 40, 0},
    {10, 0, 0},
    {10, 40, 0},
    {80, 0, 0},
    {45, 10, 0},
    {45, 20, 0},
    {45, 40, 0},
    {15, 0, 0},
    {1900, 0, 20},
};
enum { N_SCENES = sizeof(scenes) / sizeof(scenes[0]) };

struct sim_loads {
	struct surface surface;
	struct sim_sensor *sensor;
	float *mmhg;
	size_t scene;
	double scene_s; /* when it began */
};

/* The weight lies on the middle quarter of the mat. */
static void enter_scene(struct sim_loads *loads, size_t scene)
{
	const struct surface *s = &loads->surface;
	double factor = s->kind == SURFACE_SEAT ? SIM_SEAT_FULL_MMHG / SIM_BED_FULL_MMHG : 1;
	double cells = (double)(s->rows / 2 * (s->cols / 2));
	double area_m2 = cells * pow((double)s->pitch_mm / 1000, 2);
	double box_mmhg = scenes[scene].mass_kg * gravity_m_s2 / area_m2 / pa_per_mmhg;

	loads->scene = scene;
	for (size_t i = 0; i < s->n_cells; i++) {
		size_t row = i / s->cols - s->rows / 4, col = i % s->cols - s->cols / 4;
		bool under = row < s->rows / 2 && col < s->cols / 2; /* below 0 wraps round */
		loads->mmhg[i] = (float)(factor * scenes[scene].mmhg + (under ? box_mmhg : 0));
	}
}

int sim_loads_create(
    struct sim_loads **out, const struct surface *surface, uint64_t seed, struct error *err)
{
	struct sim_loads *loads = calloc(1, sizeof(*loads));
	struct random random;

	*out = NULL;
	if (!surface_is_grid(surface) || surface->kind == SURFACE_STRIP) {
		free(loads);
		return error_set(err, -EINVAL,
		    "surface %s: the simulator has grids of kind bed or seat only", surface->name);
	}
	if (loads) {
		loads->surface = *surface;
		loads->mmhg = calloc(surface->n_cells, sizeof(float));
		sim_world_mat_random(&random, seed, 0);
		loads->sensor = sim_sensor_create(surface, &random, 0, err);
	}
	if (!loads || !loads->mmhg || !loads->sensor) {
		sim_loads_destroy(loads);
		return error_set(err, -ENOMEM, "out of memory for a simulated mat");
	}
	enter_scene(loads, 0);
	*out = loads;
	return 0;
}

void sim_loads_destroy(struct sim_loads *loads)
{
	if (!loads)
		return;
	sim_sensor_destroy(loads->sensor);
	free(loads->mmhg);
	free(loads);
}

double sim_loads_length_s(void)
{
	double length_s = 0;

	for (size_t i = 0; i < N_SCENES; i++)
		length_s += scenes[i].length_s;
	return length_s;
}

void sim_loads_frame(struct sim_loads *loads, double t_s, float *counts)
{
	while (
	    loads->scene + 1 < N_SCENES && t_s >= loads->scene_s + scenes[loads->scene].length_s) {
		loads->scene_s += scenes[loads->scene].length_s;
		enter_scene(loads, loads->scene + 1);
	}
	sim_sensor_read(loads->sensor, loads->mmhg, t_s - loads->scene_s, counts);
}
