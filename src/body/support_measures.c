#include "body/support_measures.h"

#include <math.h>
#include <stddef.h>

#define SMOOTH_MM  38.0f /* total; 20 to 50 serve nearly alike (docs/methods.md, section 1) */
#define CUT_SHARE  0.06f /* of `high`: what offsets and ghosts leave beside the body */
#define REACH_MAX  8
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

/* Row `at` of the map, smoothed both ways and less the cut; returns its sum. */
static float finish_row(const float *smooth, const struct surface *surface, int at,
    const struct taps *taps, float cut, float *out)
{
	int n = (int)surface->rows;
	size_t cols = surface->cols;
	float sum = 0;

	for (size_t col = 0; col < cols; col++)
		out[col] = -cut;
	for (int row = at - taps->reach; row <= at + taps->reach; row++) {
		if (row < 0 || row >= n)
			continue;
		float weight = taps->weight[row < at ? at - row : row - at];
		for (size_t col = 0; col < cols; col++)
			out[col] += weight * smooth[(size_t)row * cols + col];
	}
	for (size_t col = 0; col < cols; col++) {
		out[col] = out[col] > 0 ? out[col] : 0;
		sum += out[col];
	}
	return sum;
}

/* Sum of |grad p| over the inner cells of a row, in p per two cells. */
static float steepness(const float *above, const float *row, const float *below, size_t cols)
{
	float sum = 0;

	for (size_t col = 1; col + 1 < cols; col++) {
		float along = below[col] - above[col], across = row[col + 1] - row[col - 1];
		sum += sqrtf(along * along + across * across);
	}
	return sum;
}

static float gradient_of(const struct surface *surface, const float *plane, float cut)
{
	float smooth[SURFACE_CELLS_MAX], lines[3][LINE_CELLS];
	struct taps taps = make_taps(surface->pitch_mm);
	float load = 0, steep = 0;

	for (size_t row = 0; row < surface->rows; row++)
		smooth_row(plane + row * surface->cols, surface->cols, &taps,
		    smooth + row * surface->cols);
	for (int row = 0; row < (int)surface->rows; row++) {
		load += finish_row(smooth, surface, row, &taps, cut, lines[row % 3]);
		if (row >= 2)
			steep += steepness(lines[(row - 2) % 3], lines[(row - 1) % 3],
			    lines[row % 3], surface->cols);
	}
	return load > 0 ? steep / load * 1000 / (2 * surface->pitch_mm) : NAN;
}

void support_measure(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, struct support_measures *out)
{
	*out = (struct support_measures){NAN, NAN};
	if (surface->rows < 3 || surface->cols < 3 || surface->cols > LINE_CELLS ||
	    surface->n_cells > SURFACE_CELLS_MAX || !(contact->high > 0))
		return;
	float cell_m = surface->pitch_mm / 1000;
	out->gradient_per_m = gradient_of(surface, plane, CUT_SHARE * contact->high);
	out->contact_m2 = contact->contact_ratio * (float)surface->n_cells * cell_m * cell_m;
}
