#include "drivers/sim/body.h"

#include "drivers/sim/anatomy.h"
#include "drivers/sim/lie.h"
#include "drivers/sim/sit.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define FINE_PITCH_M         0.010 /* about: a whole number of fine cells makes a mat's cell */
#define MATTRESS_MARGIN_M    0.12  /* the mattress goes on around the mat */
#define MATTRESS_THICKNESS_M 0.16
#define SMEAR_SIGMA_M        0.012
#define PAD_THICKNESS_M      0.07

struct sim_body {
	struct sim_person person;
	struct foam foam;
	struct contact *contact;
	struct sim_trunk trunk;
	enum surface_kind kind;
	size_t rows, cols, fine, margin; /* fine cells per cell, fine cells around the mat */
	double pitch_m, fine_pitch_m;
};

void sim_person_draw(
    struct sim_person *person, struct random *random, double height_m, double mass_kg)
{
	double height = 1.645 + 0.06 * random_normal(random);
	double index = 26 + 3.2 * random_normal(random); /* body mass index after a birth */

	height = fmin(fmax(height, 1.50), 1.80);
	index = fmin(fmax(index, 19), 34);
	person->height_m = height_m > 0 ? height_m : height;
	person->mass_kg = mass_kg > 0 ? mass_kg : index * person->height_m * person->height_m;
	index = person->mass_kg / (person->height_m * person->height_m);
	person->girth_ratio = sqrt(index / 23);
	/* Ranges: docs/methods.md, section 7. */
	person->lumbar_lift_m = fmin(fmax(0.024 + 0.006 * random_normal(random), 0.015), 0.05);
	person->spine_nm = random_between(random, 15, 60);
	person->hips_nm =
	    40; /* there 12: stiffer, so that thighs weigh as little as on real maps */
}

struct sim_body *sim_body_create(const struct sim_person *person, const struct surface *surface,
    double stiffness_kpa_per_m, struct error *err)
{
	struct sim_body *body = calloc(1, sizeof(*body));
	bool bed = surface->kind == SURFACE_BED;

	if (!body) {
		error_set(err, -ENOMEM, "out of memory for a simulated body");
		return NULL;
	}
	body->person = *person;
	body->kind = surface->kind;
	body->rows = surface->rows;
	body->cols = surface->cols;
	body->pitch_m = surface->pitch_mm / 1e3;
	body->fine = (size_t)fmax(1, round(body->pitch_m / FINE_PITCH_M));
	body->fine_pitch_m = body->pitch_m / (double)body->fine;
	body->margin = bed ? (size_t)ceil(MATTRESS_MARGIN_M / body->fine_pitch_m) : 0;
	foam_init(&body->foam, stiffness_kpa_per_m, bed ? MATTRESS_THICKNESS_M : PAD_THICKNESS_M);
	body->contact = contact_create(body->rows * body->fine + 2 * body->margin,
	    body->cols * body->fine + 2 * body->margin, body->fine_pitch_m, err);
	if (!body->contact) {
		sim_body_destroy(body);
		return NULL;
	}
	return body;
}

void sim_body_destroy(struct sim_body *body)
{
	if (!body)
		return;
	contact_destroy(body->contact);
	free(body);
}

/*
 * The cover and the skin carry load sideways: a binomial blur along one axis, in place. Load
 * that would leave the grid stays in its last cell, so that the force does too.
 */
static void smear_line(float *cells, size_t n, size_t step)
{
	float before = cells[0];

	for (size_t i = 0; i < n; i++) {
		float here = cells[i * step], after = cells[(i + 1 < n ? i + 1 : i) * step];
		cells[i * step] = (before + 2 * here + after) / 4;
		before = here;
	}
}

static void smear(float *cells, size_t rows, size_t cols, double pitch_m)
{
	/* One pass of 1 2 1 has a variance of half a cell. */
	int passes = (int)lround(2 * SMEAR_SIGMA_M * SMEAR_SIGMA_M / (pitch_m * pitch_m));

	for (int pass = 0; pass < passes; pass++) {
		for (size_t row = 0; row < rows; row++)
			smear_line(cells + row * cols, cols, 1);
		for (size_t col = 0; col < cols; col++)
			smear_line(cells + col, rows, cols);
	}
}

/* Means over the mat's cells, mmHg; returns the force on everything, N. */
static double gather(const struct sim_body *body, float *mmhg)
{
	float *pressure = contact_pressure(body->contact);
	size_t fine = body->fine, margin = body->margin;
	size_t fine_rows = body->rows * fine + 2 * margin,
	       fine_cols = body->cols * fine + 2 * margin;
	double sum = 0;

	smear(pressure, fine_rows, fine_cols, body->fine_pitch_m);
	for (size_t i = 0; i < body->rows * body->cols; i++)
		mmhg[i] = 0;
	for (size_t row = 0; row < fine_rows; row++)
		for (size_t col = 0; col < fine_cols; col++) {
			float here = pressure[row * fine_cols + col];
			size_t mat_row = (row - margin) / fine, mat_col = (col - margin) / fine;
			sum += here;
			if (row >= margin && col >= margin && mat_row < body->rows &&
			    mat_col < body->cols)
				mmhg[mat_row * body->cols + mat_col] +=
				    here / (float)(SIM_PA_PER_MMHG * (double)(fine * fine));
		}
	return sum * body->fine_pitch_m * body->fine_pitch_m;
}

double sim_body_press(struct sim_body *body, const struct sim_pose *pose, float *mmhg)
{
	struct sim_ground ground = {
	    .left_m = (double)body->margin * body->fine_pitch_m,
	    .top_m = (double)body->margin * body->fine_pitch_m,
	    .width_m = (double)body->cols * body->pitch_m,
	    .length_m = (double)body->rows * body->pitch_m,
	};

	if (body->kind == SURFACE_SEAT)
		sim_sit(body->contact, &body->person, pose, &ground, &body->trunk);
	else if (pose->posture == POSTURE_EDGE)
		sim_sit_on_edge(body->contact, &body->person, pose, &ground, &body->trunk);
	else
		sim_lie(body->contact, &body->person, pose, &ground, &body->trunk);
	contact_solve(body->contact, &body->foam);
	return gather(body, mmhg);
}

struct sim_trunk sim_body_trunk(const struct sim_body *body)
{
	return body->trunk;
}
