#include "body/grain.h"

#include "body/minmax.h"
#include "dsp/robust.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CELLS_MIN       64
#define ROWS_MIN        4
#define CELLS_BOTH_WAYS 256
#define SAMPLES_MAX     512 /* enough for a quartile to 6 % */
#define SAMPLES_MIN     16
#define QUARTILE        0.25
#define SECOND_QUARTILE 0.7804f /* lower quartile of |a - 2 b + c|, normal of sd 1 */
#define FIRST_QUARTILE  0.4506f /* of |a - b| */
#define RISE_S          30.0f   /* for the flicker to double, at most */
#define FALL_S          10.0f   /* it falls as a mean over this */

struct grain {
	const struct surface *surface;
	bool can;
	size_t stride, n_samples;
	float *samples;  /* SAMPLES_MAX: scratch */
	float *previous; /* n_samples cells of the frame before */
	float flicker;   /* NAN: not known yet */
	int64_t last_ns;
};

struct grain *grain_create(const struct surface *surface)
{
	struct grain *grain = calloc(1, sizeof(*grain));

	if (!grain)
		return NULL;
	grain->surface = surface;
	grain->can = surface_is_grid(surface) && surface->n_cells >= CELLS_MIN &&
	             surface->rows >= ROWS_MIN && surface->cols >= 2;
	/* Odd, so that it does not walk down single columns. */
	grain->stride = (surface->n_cells / SAMPLES_MAX) | 1;
	grain->n_samples = surface->n_cells / grain->stride;
	if (grain->n_samples > SAMPLES_MAX)
		grain->n_samples = SAMPLES_MAX;
	grain->flicker = NAN;
	grain->samples = calloc(SAMPLES_MAX, sizeof(float));
	grain->previous = calloc(SAMPLES_MAX, sizeof(float));
	if (grain->samples && grain->previous)
		return grain;
	grain_destroy(grain);
	return NULL;
}

void grain_destroy(struct grain *grain)
{
	if (!grain)
		return;
	free(grain->samples);
	free(grain->previous);
	free(grain);
}

bool grain_can(const struct grain *grain)
{
	return grain->can;
}

float grain_spread(struct grain *grain, const float *cells)
{
	size_t cols = grain->surface->cols, n_cells = grain->surface->n_cells, n = 0;

	if (!grain->can)
		return 0;
	for (size_t i = cols; i + cols < n_cells && n < SAMPLES_MAX; i += grain->stride)
		grain->samples[n++] = fabsf(cells[i - cols] - 2 * cells[i] + cells[i + cols]);
	return robust_quantile(grain->samples, n, QUARTILE, grain->samples) / SECOND_QUARTILE;
}

float grain_coherence(const struct grain *grain, const float *cells)
{
	size_t rows = grain->surface->rows, cols = grain->surface->cols;
	float sum = 0, square = 0, along = 0, across = 0;

	if (!grain->can)
		return 0;
	for (size_t row = 0; row < rows; row++) {
		const float *line = cells + row * cols;
		const float *above = row > 0 ? line - cols : line;
		float line_sum = 0, line_square = 0, line_along = 0, line_across = 0;
		for (size_t col = 0; col < cols; col++) {
			float down = line[col] - above[col];
			float aside = line[col] - line[col > 0 ? col - 1 : 0];
			line_sum += line[col];
			line_square += line[col] * line[col];
			line_along += down * down;
			line_across += aside * aside;
		}
		sum += line_sum;
		square += line_square;
		along += line_along;
		across += line_across;
	}
	float n = (float)(rows * cols), variance = square / n - (sum / n) * (sum / n);
	if (!(variance > 0))
		return 0;
	along /= 2 * variance * (float)((rows - 1) * cols);
	across /= 2 * variance * (float)(rows * (cols - 1));
	/* Few cells: each direction by itself is uncertain, and a body on its side has few columns. */
	return 1 - (rows * cols < CELLS_BOTH_WAYS ? (along + across) / 2 : greater(along, across));
}

/* The flicker of this frame against the one before, NAN when too few cells are not zero. */
static float find_flicker(struct grain *grain, const float *cells)
{
	size_t n = 0;

	for (size_t k = 0; k < grain->n_samples; k++) {
		float now = cells[k * grain->stride], then = grain->previous[k];
		grain->previous[k] = now;
		if (now != 0 || then != 0)
			grain->samples[n++] = fabsf(now - then);
	}
	if (n < SAMPLES_MIN)
		return NAN;
	return robust_quantile(grain->samples, n, QUARTILE, grain->samples) / FIRST_QUARTILE;
}

float grain_flicker(struct grain *grain, const struct image *image)
{
	bool first = grain->last_ns == 0;
	float dt_s = first ? 0 : (float)((double)(image->mono_ns - grain->last_ns) * 1e-9);

	if (!grain->can)
		return 0;
	float now = find_flicker(grain, image->cells);
	grain->last_ns = image->mono_ns;
	if (first || isnan(now))
		return isnan(grain->flicker) ? 0 : grain->flicker;
	if (isnan(grain->flicker))
		grain->flicker = now;
	else if (now < grain->flicker)
		grain->flicker += (now - grain->flicker) * dt_s / (FALL_S + dt_s);
	else
		grain->flicker = lesser(now, grain->flicker * exp2f(dt_s / RISE_S));
	return grain->flicker;
}
