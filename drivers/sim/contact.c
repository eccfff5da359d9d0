#include "drivers/sim/contact.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* docs/methods.md, section 7: cross-sections are superellipses of n about 2.6. */
#define SUPERELLIPSE_N 2.6
#define ITERATIONS_MAX 60
#define STEP_MAX_M     0.03 /* of a node per iteration: keeps Newton from jumping off the foam */
#define BALANCED_N     0.01
#define START_M        (-0.03)
#define GROUND_N_PER_M 1e-3 /* keeps the matrix regular while a node floats */

/* The lowest part of the body over one cell: how high, and on which link it hangs. */
struct cell {
	float lift_m; /* INFINITY: no body above */
	float along;
	uint8_t first, second;
};

struct contact {
	size_t rows, cols, n_nodes;
	double pitch_m;
	double weight_n[CONTACT_NODES_MAX], height_m[CONTACT_NODES_MAX];
	double joints[CONTACT_NODES_MAX][CONTACT_NODES_MAX];
	struct cell *cells;
	float *pressure_pa;
};

/* The linear system of one Newton step. */
struct balance {
	double force_n[CONTACT_NODES_MAX];
	double stiffness[CONTACT_NODES_MAX][CONTACT_NODES_MAX];
};

struct contact *contact_create(size_t rows, size_t cols, double pitch_m, struct error *err)
{
	struct contact *contact = calloc(1, sizeof(*contact));

	if (!contact)
		goto fail;
	contact->rows = rows;
	contact->cols = cols;
	contact->pitch_m = pitch_m;
	contact->cells = calloc(rows * cols, sizeof(*contact->cells));
	contact->pressure_pa = calloc(rows * cols, sizeof(*contact->pressure_pa));
	if (!contact->cells || !contact->pressure_pa)
		goto fail;
	return contact;
fail:
	contact_destroy(contact);
	error_set(err, -ENOMEM, "out of memory for a foam of %zu x %zu cells", rows, cols);
	return NULL;
}

void contact_destroy(struct contact *contact)
{
	if (!contact)
		return;
	free(contact->cells);
	free(contact->pressure_pa);
	free(contact);
}

void contact_clear(struct contact *contact, size_t n_nodes)
{
	contact->n_nodes = n_nodes;
	memset(contact->weight_n, 0, sizeof(contact->weight_n));
	memset(contact->joints, 0, sizeof(contact->joints));
	for (size_t i = 0; i < contact->rows * contact->cols; i++)
		contact->cells[i] = (struct cell){.lift_m = INFINITY};
}

void contact_add_weight(struct contact *contact, size_t node, double weight_n)
{
	contact->weight_n[node] += weight_n;
}

void contact_add_joint(struct contact *contact, const struct contact_joint *joint)
{
	/* bend = (zc - zb) / bc - (zb - za) / ab; energy = stiffness bend^2 / 2 */
	size_t node[3] = {joint->a, joint->b, joint->c};
	double slope[3] = {1 / joint->ab_m, -1 / joint->ab_m - 1 / joint->bc_m, 1 / joint->bc_m};

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			contact->joints[node[i]][node[j]] += joint->stiffness_nm * slope[i] *
			                                     slope[j];
}

/* Lowers a cell's underside to that of a stretch, where the stretch passes over it. */
static void draw_cell(struct cell *cell, double x_m, double y_m, const struct contact_rib *from,
    const struct contact_rib *to, uint8_t first, uint8_t second)
{
	double dx_m = to->x_m - from->x_m, dy_m = to->y_m - from->y_m;
	double length2 = dx_m * dx_m + dy_m * dy_m;
	double t = length2 > 0 ? ((x_m - from->x_m) * dx_m + (y_m - from->y_m) * dy_m) / length2
	                       : 0;
	double length_m = sqrt(length2), past_m = fmax(-t, t - 1) * length_m;

	t = fmin(fmax(t, 0), 1);
	double depth_m = from->half_depth_m + t * (to->half_depth_m - from->half_depth_m);
	double width_m = from->half_width_m + t * (to->half_width_m - from->half_width_m);
	double away_m = hypot(x_m - from->x_m - t * dx_m, y_m - from->y_m - t * dy_m);
	double off = away_m / width_m;
	if (past_m > 0) { /* an end is as round as the body is deep, not as it is wide */
		double aside_m = sqrt(fmax(away_m * away_m - past_m * past_m, 0));
		off = hypot(aside_m / width_m, past_m / depth_m);
	}
	if (off >= 1)
		return;
	double lift_m = from->lift_m + t * (to->lift_m - from->lift_m) +
	                depth_m * (1 - pow(1 - pow(off, SUPERELLIPSE_N), 1 / SUPERELLIPSE_N));
	if (lift_m >= cell->lift_m)
		return;
	*cell = (struct cell){.lift_m = (float)lift_m,
	    .along = (float)(from->along + t * (to->along - from->along)),
	    .first = first,
	    .second = second};
}

static size_t clamp_index(double at, size_t n)
{
	return at <= 0 ? 0 : at >= (double)n ? n : (size_t)at;
}

void contact_add_stretch(struct contact *contact, size_t first_node, size_t second_node,
    const struct contact_rib *from, const struct contact_rib *to)
{
	double reach_m = fmax(from->half_width_m, to->half_width_m), pitch_m = contact->pitch_m;
	size_t top = clamp_index((fmin(from->y_m, to->y_m) - reach_m) / pitch_m, contact->rows);
	size_t end = clamp_index((fmax(from->y_m, to->y_m) + reach_m) / pitch_m + 1, contact->rows);
	size_t left = clamp_index((fmin(from->x_m, to->x_m) - reach_m) / pitch_m, contact->cols);
	size_t right = clamp_index(
	    (fmax(from->x_m, to->x_m) + reach_m) / pitch_m + 1, contact->cols);

	for (size_t row = top; row < end; row++)
		for (size_t col = left; col < right; col++)
			draw_cell(&contact->cells[row * contact->cols + col],
			    ((double)col + 0.5) * pitch_m, ((double)row + 0.5) * pitch_m, from, to,
			    (uint8_t)first_node, (uint8_t)second_node);
}

/* What foam, weight and joints do at the present heights; fills the pressures on the way. */
static void measure(struct contact *contact, const struct foam *foam, struct balance *balance)
{
	double area_m2 = contact->pitch_m * contact->pitch_m;
	size_t n = contact->n_nodes;

	for (size_t i = 0; i < n; i++) {
		balance->force_n[i] = -contact->weight_n[i];
		for (size_t j = 0; j < n; j++) {
			balance->stiffness[i][j] = contact->joints[i][j];
			balance->force_n[i] -= contact->joints[i][j] * contact->height_m[j];
		}
		balance->stiffness[i][i] += GROUND_N_PER_M;
	}
	for (size_t i = 0; i < contact->rows * contact->cols; i++) {
		const struct cell *cell = &contact->cells[i];
		contact->pressure_pa[i] = 0;
		if (isinf(cell->lift_m))
			continue;
		size_t a = cell->first, b = cell->second;
		double on_b = cell->along, on_a = 1 - on_b, slope;
		double height_m = on_a * contact->height_m[a] + on_b * contact->height_m[b] +
		                  cell->lift_m;
		double pressure = foam_pressure(foam, -height_m, &slope);
		contact->pressure_pa[i] = (float)pressure;
		balance->force_n[a] += on_a * pressure * area_m2;
		balance->force_n[b] += on_b * pressure * area_m2;
		balance->stiffness[a][a] += on_a * on_a * slope * area_m2;
		balance->stiffness[a][b] += on_a * on_b * slope * area_m2;
		balance->stiffness[b][a] += on_a * on_b * slope * area_m2;
		balance->stiffness[b][b] += on_b * on_b * slope * area_m2;
	}
}

/* Gaussian elimination; the matrix is symmetric and positive, so no pivoting. */
static void eliminate(struct balance *balance, size_t n)
{
	for (size_t k = 0; k < n; k++)
		for (size_t i = k + 1; i < n; i++) {
			double factor = balance->stiffness[i][k] / balance->stiffness[k][k];
			for (size_t j = k; j < n; j++)
				balance->stiffness[i][j] -= factor * balance->stiffness[k][j];
			balance->force_n[i] -= factor * balance->force_n[k];
		}
	for (size_t k = n; k-- > 0;) {
		for (size_t j = k + 1; j < n; j++)
			balance->force_n[k] -= balance->stiffness[k][j] * balance->force_n[j];
		balance->force_n[k] /= balance->stiffness[k][k];
	}
}

int contact_solve(struct contact *contact, const struct foam *foam)
{
	struct balance balance = {0};

	for (size_t i = 0; i < contact->n_nodes; i++)
		contact->height_m[i] = START_M;
	for (int iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
		double worst_n = 0;
		measure(contact, foam, &balance);
		for (size_t i = 0; i < contact->n_nodes; i++)
			worst_n = fmax(worst_n, fabs(balance.force_n[i]));
		if (worst_n < BALANCED_N)
			return iteration;
		eliminate(&balance, contact->n_nodes);
		for (size_t i = 0; i < contact->n_nodes; i++)
			contact->height_m[i] += fmin(
			    fmax(balance.force_n[i], -STEP_MAX_M), STEP_MAX_M);
	}
	return ITERATIONS_MAX;
}

float *contact_pressure(struct contact *contact)
{
	return contact->pressure_pa;
}
