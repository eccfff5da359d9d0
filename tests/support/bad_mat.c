#include "bad_mat.h"

#include "base/random.h"
#include "ellipsoids.h"

#include <assert.h>
#include <math.h>

#define FULL_KPA 12.0 /* reads as full scale on a cell of gain 1 */

/* Share of a cell's neighbours: what crosstalk brings. */
static double beside(const struct surface *surface, const float *raw, size_t i)
{
	size_t cols = surface->cols;
	double sum = 0;

	sum += i >= cols ? (double)raw[i - cols] : 0;
	sum += i + cols < surface->n_cells ? (double)raw[i + cols] : 0;
	sum += i % cols ? (double)raw[i - 1] : 0;
	sum += (i + 1) % cols ? (double)raw[i + 1] : 0;
	return sum / 4;
}

static void gather(const float *kpa, const struct surface *surface, float *cells)
{
	size_t n = ELLIPSOIDS_ROWS / surface->rows;

	assert(n * surface->rows == ELLIPSOIDS_ROWS && n * surface->cols == ELLIPSOIDS_COLS);
	for (size_t i = 0; i < surface->n_cells; i++)
		cells[i] = 0;
	for (size_t i = 0; i < ELLIPSOIDS_CELLS; i++) {
		size_t row = i / ELLIPSOIDS_COLS / n, col = i % ELLIPSOIDS_COLS / n;
		cells[row * surface->cols + col] += kpa[i] / (float)(n * n);
	}
}

void bad_mat_read(
    const struct bad_mat *mat, const float *kpa, const struct surface *surface, float *cells)
{
	float raw[ELLIPSOIDS_CELLS] = {0};
	double row_mean[ELLIPSOIDS_ROWS] = {0}, col_mean[ELLIPSOIDS_COLS] = {0};
	size_t rows = surface->rows, cols = surface->cols;
	struct random random;

	gather(kpa, surface, cells);
	random_init(&random, mat->seed * 15485863 + 5);
	double gain = exp(random_between(&random, log(.4), log(2.5)));
	double spread = random_between(&random, .04, .2), knee = random_between(&random, 6, 40);
	double ghost = random_between(&random, 0, .03), blur = random_between(&random, 0, .1);
	double offset = random_between(&random, 0, .01),
	       noise = random_between(&random, .001, .005);
	double counts = random_uniform(&random) < .5 ? 255 : 4095;
	gain = mat->gain > 0 ? mat->gain : gain;
	offset = mat->offset_ratio > 0 ? mat->offset_ratio : offset;
	for (size_t i = 0; i < surface->n_cells; i++) {
		double p = (double)cells[i] / (1 + (double)cells[i] / knee) / FULL_KPA;
		raw[i] = (float)(gain * p * exp(spread * random_normal(&random)));
		row_mean[i / cols] += (double)raw[i] / (double)cols;
		col_mean[i % cols] += (double)raw[i] / (double)rows;
	}
	for (size_t i = 0; i < surface->n_cells; i++) {
		double value = (double)raw[i] * (1 - blur) + blur * beside(surface, raw, i);
		value += ghost * (row_mean[i / cols] + col_mean[i % cols]);
		value += fabs(offset * random_normal(&random)) + noise * random_normal(&random);
		cells[i] = (float)(round(fmin(fmax(value, 0), 1) * counts) / counts * 100);
	}
}
