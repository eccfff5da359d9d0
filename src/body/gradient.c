#include "body/gradient.h"

#include <math.h>
#include <stddef.h>

#define SMOOTH_MM  50.0f /* total; 38 to 65 serve nearly alike (docs/methods.md, section 1) */
#define CUT_SHARE  0.06f /* of `high`: what offsets and ghosts leave beside the body */
#define REACH_MAX  10    /* 2.5 deviations at a pitch of 13 mm */
#define LINE_CELLS 128

struct taps {
	int reach;
	float weight[REACH_MAX + 1];
};

/*
 * A Gaussian that brings the map to SMOOTH_MM. A cell's own width has smoothed it by p^2 / 12
 * already, and the central difference over two cells adds p^2 / 3 along one of the two axes; with
 * p^2 / 3 in all, 64 x 32 and 32 x 16 cells give the same index to 0.15.
 */
static struct taps make_taps(float pitch_mm)
{
	float variance_mm2 = SMOOTH_MM * SMOOTH_MM - pitch_mm * pitch_mm / 3;
	float sigma = variance_mm2 > 0 ? sqrtf(variance_mm2) / pitch_mm : 0;
	struct taps taps = {.reach = (int)fminf(ceilf(2.5f * sigma), REACH_MAX), .weight = {1}};
	float sum = 1;

	for (int k = 1; k <= taps.reach; k++) {
		taps.weight[k] = expf(-0.5f * (float)(k * k) / (sigma * sigma));
		sum += 2 * taps.weight[k];
	}
	for (int k = 0; k <= taps.reach; k++)
		taps.weight[k] /= sum;
	return taps;
}

static void smooth_row(const float *row, size_t cols, const struct taps *taps, float *out)
{
	float padded[LINE_CELLS + 2 * REACH_MAX] = {0};

	for (size_t col = 0; col < cols; col++) {
		padded[col + REACH_MAX] = row[col];
		out[col] = taps->weight[0] * row[col];
	}
	for (int k = 1; k <= taps->reach; k++)
		for (size_t col = 0; col < cols; col++)
			out[col] += taps->weight[k] * (padded[col + REACH_MAX - (size_t)k] +
			                                  padded[col + REACH_MAX + (size_t)k]);
}

/* Row `at` of the map, smoothed both ways and less the cut. */
static void finish_row(const float *smooth, const struct surface *surface, int at,
    const struct taps *taps, float cut, float *out)
{
	int n = (int)surface->rows;
	size_t cols = surface->cols;

	for (size_t col = 0; col < cols; col++)
		out[col] = -cut;
	for (int row = at - taps->reach; row <= at + taps->reach; row++) {
		if (row < 0 || row >= n)
			continue;
		float weight = taps->weight[row < at ? at - row : row - at];
		for (size_t col = 0; col < cols; col++)
			out[col] += weight * smooth[(size_t)row * cols + col];
	}
	for (size_t col = 0; col < cols; col++)
		out[col] = out[col] > 0 ? out[col] : 0;
}

struct sums {
	float load, steep; /* p, and |grad p| in p per two cells */
};

/* Adds the inner cells of a row: at the mat's edge nobody knows how the load goes on. */
static void add_row(
    const float *above, const float *row, const float *below, size_t cols, struct sums *sums)
{
	for (size_t col = 1; col + 1 < cols; col++) {
		float along = below[col] - above[col], across = row[col + 1] - row[col - 1];
		sums->steep += sqrtf(along * along + across * across);
		sums->load += row[col];
	}
}

float gradient_per_m(
    const struct surface *surface, const float *plane, const struct contact_reading *contact)
{
	float smooth[SURFACE_CELLS_MAX], lines[3][LINE_CELLS];
	float cut = CUT_SHARE * contact->high;
	struct sums sums = {0, 0};
	size_t cols = surface->cols;

	if (surface->rows < 3 || cols < 3 || cols > LINE_CELLS ||
	    surface->n_cells > SURFACE_CELLS_MAX || !(contact->high > 0) ||
	    surface->pitch_mm > GRADIENT_PITCH_MAX_MM)
		return NAN;
	struct taps taps = make_taps(surface->pitch_mm);
	for (size_t row = 0; row < surface->rows; row++)
		smooth_row(plane + row * cols, cols, &taps, smooth + row * cols);
	for (int row = 0; row < (int)surface->rows; row++) {
		finish_row(smooth, surface, row, &taps, cut, lines[row % 3]);
		if (row >= 2)
			add_row(lines[(row - 2) % 3], lines[(row - 1) % 3], lines[row % 3], cols,
			    &sums);
	}
	return sums.load > 0 ? sums.steep / sums.load * 1000 / (2 * surface->pitch_mm) : NAN;
}
