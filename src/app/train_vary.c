#include "app/train.h"

#include <math.h>
#include <string.h>

/* docs/methods.md, section 2. */
#define TURN_DEG       12.0
#define LENGTH_LEAST   0.88
#define LENGTH_MOST    1.10
#define SHIFT_SHARE    0.20 /* along the bed */
#define SIDEWAYS_SHARE 0.12
#define GAIN_SIGMA     0.25
#define GAMMA_LEAST    0.7
#define GAMMA_MOST     1.5
#define NOISE_SHARE    0.02

#define SOFTEN_TIMES  1.2 /* at 32 rows */
#define LINE_SIGMA    0.15
#define RIPPLE_CHANCE 0.2
#define RIPPLE_DEPTH  0.9
#define RIPPLE_LEAST  10.0 /* along the mat */
#define RIPPLE_MOST   24.0

#define DEAD_LINE_CHANCE 0.3
#define COARSE_CHANCE    0.25 /* half the rows and columns; and of these again */
#define COARSE_ROWS_MIN  12

struct warp {
	double cosine, sine, length, along, sideways;
	bool mirror;
};

static struct warp draw_warp(struct random *random)
{
	double turn = random_between(random, -TURN_DEG, TURN_DEG) * M_PI / 180;

	return (struct warp){
	    .cosine = cos(turn),
	    .sine = sin(turn),
	    .length = random_between(random, LENGTH_LEAST, LENGTH_MOST),
	    .along = random_between(random, -SHIFT_SHARE, SHIFT_SHARE),
	    .sideways = random_between(random, -SIDEWAYS_SHARE, SIDEWAYS_SHARE),
	    .mirror = random_uniform(random) < 0.5,
	};
}

static float cell_at(const struct train_sample *sample, ptrdiff_t row, ptrdiff_t col)
{
	if (row < 0 || col < 0 || row >= (ptrdiff_t)sample->surface.rows ||
	    col >= (ptrdiff_t)sample->surface.cols)
		return 0;
	return sample->cells[(size_t)row * sample->surface.cols + (size_t)col];
}

static float between_cells(const struct train_sample *sample, double row, double col)
{
	ptrdiff_t y = (ptrdiff_t)floor(row), x = (ptrdiff_t)floor(col);
	float v = (float)(row - (double)y), u = (float)(col - (double)x);

	return (1 - v) * ((1 - u) * cell_at(sample, y, x) + u * cell_at(sample, y, x + 1)) +
	       v * ((1 - u) * cell_at(sample, y + 1, x) + u * cell_at(sample, y + 1, x + 1));
}

static void warp_cells(const struct train_sample *sample, const struct warp *warp, float *out)
{
	size_t rows = sample->surface.rows, cols = sample->surface.cols;
	double middle_y = ((double)rows - 1) / 2, middle_x = ((double)cols - 1) / 2;

	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++) {
			double y = (double)row - middle_y - warp->along * (double)rows;
			double x = (double)col - middle_x - warp->sideways * (double)cols;
			double from_y = (warp->cosine * y + warp->sine * x) / warp->length;
			double from_x = warp->cosine * x - warp->sine * y;
			if (warp->mirror)
				from_x = -from_x;
			out[row * cols + col] = between_cells(
			    sample, from_y + middle_y, from_x + middle_x);
		}
}

static void distort_cells(float *cells, size_t n_cells, struct random *random)
{
	double gamma = random_between(random, GAMMA_LEAST, GAMMA_MOST);
	double noise = random_uniform(random) * NOISE_SHARE;
	double sigma = random_uniform(random) * GAIN_SIGMA;
	float most = 0;

	for (size_t i = 0; i < n_cells; i++)
		most = fmaxf(most, cells[i]);
	for (size_t i = 0; i < n_cells && most > 0; i++) {
		double value = pow((double)(cells[i] / most), gamma);
		value *= exp(sigma * random_normal(random));
		value += noise * random_normal(random);
		cells[i] = (float)(value > 0 ? value * (double)most : 0);
	}
}

/* A softer mattress or a thicker cover: repeated means of three, along and across. */
static void soften(float *cells, size_t rows, size_t cols, struct random *random)
{
	double strength = random_uniform(random) * SOFTEN_TIMES * (double)rows / FEATURES_ROWS;

	for (size_t times = (size_t)strength; times > 0; times--) {
		for (size_t row = 0; row < rows; row++) {
			float *line = cells + row * cols;
			float before = 0;
			for (size_t col = 0; col < cols; col++) {
				float here = line[col], after = col + 1 < cols ? line[col + 1] : 0;
				line[col] = 0.25f * before + 0.5f * here + 0.25f * after;
				before = here;
			}
		}
		for (size_t col = 0; col < cols; col++) {
			float before = 0;
			for (size_t row = 0; row < rows; row++) {
				float *cell = &cells[row * cols + col];
				float here = *cell, after = row + 1 < rows ? cell[cols] : 0;
				*cell = 0.25f * before + 0.5f * here + 0.25f * after;
				before = here;
			}
		}
	}
}

/* Rows and columns of a resistive matrix differ as wholes, too. */
static void scale_lines(float *cells, size_t rows, size_t cols, struct random *random)
{
	double sigma = random_uniform(random) * LINE_SIGMA;

	for (size_t row = 0; row < rows; row++) {
		float gain = (float)exp(sigma * random_normal(random));
		for (size_t col = 0; col < cols; col++)
			cells[row * cols + col] *= gain;
	}
	for (size_t col = 0; col < cols; col++) {
		float gain = (float)exp(sigma * random_normal(random));
		for (size_t row = 0; row < rows; row++)
			cells[row * cols + col] *= gain;
	}
}

/* Air chambers and slats: across the bed, at regular distances. */
static void ripple(float *cells, size_t rows, size_t cols, struct random *random)
{
	double depth = random_uniform(random) * RIPPLE_DEPTH;
	double waves = random_between(random, RIPPLE_LEAST, RIPPLE_MOST);
	double phase = random_uniform(random);

	if (random_uniform(random) >= RIPPLE_CHANCE)
		return;
	for (size_t row = 0; row < rows; row++) {
		double turn = 2 * M_PI * (waves * (double)row / (double)rows + phase);
		float gain = (float)(1 - depth * (0.5 + 0.5 * cos(turn)));
		for (size_t col = 0; col < cols; col++)
			cells[row * cols + col] *= gain;
	}
}

static void kill_lines(float *cells, size_t rows, size_t cols, struct random *random)
{
	size_t row = (size_t)(random_uniform(random) * (double)rows);
	size_t col = (size_t)(random_uniform(random) * (double)cols);

	if (random_uniform(random) < DEAD_LINE_CHANCE)
		memset(cells + row * cols, 0, cols * sizeof(float));
	if (random_uniform(random) >= DEAD_LINE_CHANCE)
		return;
	for (size_t i = 0; i < rows; i++)
		cells[i * cols + col] = 0;
}

/* Means of factor x factor blocks, in place; rows and columns that do not fill a block go. */
static void coarsen(float *cells, struct surface *surface, size_t factor)
{
	size_t rows = surface->rows / factor, cols = surface->cols / factor;

	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++) {
			float sum = 0;
			for (size_t i = 0; i < factor * factor; i++)
				sum += cells[(row * factor + i / factor) * surface->cols +
				             col * factor + i % factor];
			cells[row * cols + col] = sum / (float)(factor * factor);
		}
	surface->rows = rows;
	surface->cols = cols;
	surface->n_cells = rows * cols;
	surface->pitch_mm *= (float)factor;
}

static enum posture mirrored(enum posture posture)
{
	if (posture == POSTURE_LEFT)
		return POSTURE_RIGHT;
	return posture == POSTURE_RIGHT ? POSTURE_LEFT : posture;
}

void train_vary(const struct train_sample *sample, struct random *random, float *out_cells,
    struct surface *out_surface, enum posture *out_posture)
{
	struct warp warp = draw_warp(random);

	*out_surface = sample->surface;
	*out_posture = warp.mirror ? mirrored(sample->posture) : sample->posture;
	warp_cells(sample, &warp, out_cells);
	for (size_t times = 0; times < 2; times++)
		if (out_surface->rows >= 2 * COARSE_ROWS_MIN &&
		    random_uniform(random) < COARSE_CHANCE)
			coarsen(out_cells, out_surface, 2);
	soften(out_cells, out_surface->rows, out_surface->cols, random);
	distort_cells(out_cells, out_surface->n_cells, random);
	ripple(out_cells, out_surface->rows, out_surface->cols, random);
	scale_lines(out_cells, out_surface->rows, out_surface->cols, random);
	kill_lines(out_cells, out_surface->rows, out_surface->cols, random);
}
