#include "bodies.h"

#include "drivers/sim/body.h"
#include "drivers/sim/world.h"

#include <stdlib.h>
#include <string.h>

struct surface bodies_bed(size_t rows, size_t cols)
{
	struct surface surface = {.name = "bed"};

	sim_surface(&surface, SURFACE_BED, rows, cols, 10);
	return surface;
}

void bodies_lie(const struct surface *surface, enum posture posture, double stiffness_kpa_per_m,
    uint64_t seed, float *cells)
{
	struct sim_person person;
	struct random random;
	struct error err = {0};

	random_init(&random, seed);
	sim_person_draw(&person, &random, 0, 0);
	struct sim_body *body = sim_body_create(&person, surface, stiffness_kpa_per_m, &err);
	if (!body)
		abort();
	sim_body_press(body, &(struct sim_pose){.posture = posture, .seed = seed}, cells);
	sim_body_destroy(body);
}

void bodies_add_box(const struct surface *surface, float x_mm, float y_mm, float width_mm,
    float length_mm, float pressure, float *cells)
{
	for (size_t i = 0; i < surface->n_cells; i++) {
		float x = ((float)(i % surface->cols) + 0.5f) * surface->pitch_mm;
		float y = ((float)(i / surface->cols) + 0.5f) * surface->pitch_mm;
		if (x >= x_mm && x < x_mm + width_mm && y >= y_mm && y < y_mm + length_mm)
			cells[i] += pressure;
	}
}

struct image bodies_image(const struct surface *surface, float *cells, double t_s)
{
	return (struct image){
	    .surface = surface,
	    .mono_ns = 1000000000LL + (int64_t)(t_s * 1e9),
	    .unit = PRESSURE_MMHG,
	    .health_ratio = 1,
	    .cells = cells,
	};
}
