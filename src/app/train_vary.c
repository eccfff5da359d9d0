#include "app/maps_damage.h"
#include "app/train.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* docs/methods.md, section 2. */
#define TURN_DEG       20.0
#define LENGTH_LEAST   0.80
#define LENGTH_MOST    1.20
#define WIDTH_LEAST    0.85
#define WIDTH_MOST     1.20
#define SHIFT_SHARE    0.23 /* along the bed */
#define SIDEWAYS_SHARE 0.12
#define GAMMA_LEAST    0.5
#define GAMMA_MOST     1.5
#define NOISE_SHARE    0.02

/* Of the mattress and its cover. */
#define SOFTEN_TIMES      3.5 /* at 32 rows */
#define HALO_CHANCE       0.4
#define HALO_MOST         1.0  /* of the load, spread */
#define HALO_LEAST_RADIUS 0.05 /* of the mat's length */
#define HALO_MOST_RADIUS  0.15
#define RIPPLE_CHANCE     0.2
#define RIPPLE_DEPTH      0.9
#define RIPPLE_LEAST      10.0 /* along the mat */
#define RIPPLE_MOST       24.0

/* Of the mat. */
#define GAIN_SIGMA       0.35
#define LINE_SIGMA       0.15
#define GHOST_CHANCE     0.3
#define GHOST_MOST       0.5
#define SATURATED_CHANCE 0.25
#define SATURATED_LEAST  1.5 /* of the mean of all cells; a body covers about a third */
#define SATURATED_MOST   10.0
#define DEAD_CELL_CHANCE 0.3
#define DEAD_CELL_MOST   0.08
#define DEAD_LINE_CHANCE 0.4
#define DEAD_LINES_MOST  3.0
#define COARSE_CHANCE    0.55 /* half, a quarter or an eighth of the rows and columns */
#define COARSE_ROWS_MIN  8

struct warp {
	double cosine, sine, length, width, along, sideways;
	bool mirror;
};

static bool by_chance(struct random *random, double chance)
{
	return random_uniform(random) < chance;
}

static struct warp draw_warp(struct random *random)
{
	double turn = random_between(random, -TURN_DEG, TURN_DEG) * M_PI / 180;

	return (struct warp){
	    .cosine = cos(turn),
	    .sine = sin(turn),
	    .length = random_between(random, LENGTH_LEAST, LENGTH_MOST),
	    .width = random_between(random, WIDTH_LEAST, WIDTH_MOST),
	    .along = random_between(random, -SHIFT_SHARE, SHIFT_SHARE),
	    .sideways = random_between(random, -SIDEWAYS_SHARE, SIDEWAYS_SHARE),
	    .mirror = by_chance(random, 0.5),
	};
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
			double from_x = (warp->cosine * x - warp->sine * y) / warp->width;
			if (warp->mirror)
				from_x = -from_x;
			out[row * cols + col] = damage_between(
			    sample->cells, &sample->surface, from_y + middle_y, from_x + middle_x);
		}
}

/*
 * About normal, mean 0, deviation 1: four 16-bit numbers of one step of xorshift64* (Marsaglia 2003,
 * Vigna 2016), added. Two of these for every cell of every map are most of what varying costs.
 */
static float quick_normal(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	uint64_t bits = *state * 0x2545f4914f6cdd1du;
	unsigned sum = (unsigned)(bits & 0xffff) + (unsigned)(bits >> 16 & 0xffff) +
	               (unsigned)(bits >> 32 & 0xffff) + (unsigned)(bits >> 48);

	return ((float)sum / 65535.0f - 2) * 1.7320508f; /* four uniforms: variance 4 / 12 */
}

static void distort_cells(float *cells, size_t n_cells, struct random *random)
{
	float gamma = (float)random_between(random, GAMMA_LEAST, GAMMA_MOST);
	float noise = (float)(random_uniform(random) * NOISE_SHARE);
	float sigma = (float)(random_uniform(random) * GAIN_SIGMA);
	uint64_t state = (uint64_t)(random_uniform(random) * 0x1p48) | 1;
	float most = 0;

	for (size_t i = 0; i < n_cells; i++)
		most = cells[i] > most ? cells[i] : most;
	for (size_t i = 0; i < n_cells && most > 0; i++) {
		float value = noise * quick_normal(&state);
		if (cells[i] > 0)
			value += powf(cells[i] / most, gamma) * expf(sigma * quick_normal(&state));
		cells[i] = value > 0 ? value * most : 0;
	}
}

/* One mean of three (1 2 1) along a line of n cells, `step` apart. */
static void soften_line(float *cells, size_t n, size_t step)
{
	float before = 0;

	for (size_t i = 0; i < n; i++) {
		float here = cells[i * step], after = i + 1 < n ? cells[(i + 1) * step] : 0;
		cells[i * step] = 0.25f * before + 0.5f * here + 0.25f * after;
		before = here;
	}
}

/* A softer mattress or a thicker cover. */
static void soften(float *cells, size_t rows, size_t cols, struct random *random)
{
	double strength = random_uniform(random) * SOFTEN_TIMES * (double)rows / FEATURES_ROWS;

	for (size_t times = (size_t)strength; times > 0; times--) {
		for (size_t row = 0; row < rows; row++)
			soften_line(cells + row * cols, cols, 1);
		for (size_t col = 0; col < cols; col++)
			soften_line(cells + col, rows, cols);
	}
}

/* Two running sums of a line make a triangle of radius r: out += share * spread(line). */
static void spread_line(const float *in, float *out, size_t n, size_t step, ptrdiff_t radius)
{
	float width = (float)(2 * radius + 1);

	for (ptrdiff_t i = 0; i < (ptrdiff_t)n; i++) {
		float sum = 0;
		for (ptrdiff_t k = i - radius; k <= i + radius; k++)
			if (k >= 0 && k < (ptrdiff_t)n)
				sum += in[(size_t)k * step];
		out[(size_t)i * step] = sum / width;
	}
}

/* A cover that hangs between the mat and the body loads the cells about it. */
static void add_halo(float *cells, size_t rows, size_t cols, struct random *random)
{
	float across[SURFACE_CELLS_MAX], spread[SURFACE_CELLS_MAX] = {0};
	float share = (float)(random_uniform(random) * HALO_MOST);
	ptrdiff_t radius = (ptrdiff_t)lround(
	    random_between(random, HALO_LEAST_RADIUS, HALO_MOST_RADIUS) * (double)rows);

	for (size_t row = 0; row < rows; row++)
		spread_line(cells + row * cols, across + row * cols, cols, 1, radius);
	for (size_t col = 0; col < cols; col++)
		spread_line(across + col, spread + col, rows, cols, radius);
	for (size_t i = 0; i < rows * cols; i++)
		cells[i] += share * spread[i];
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

	for (size_t row = 0; row < rows; row++) {
		double turn = 2 * M_PI * (waves * (double)row / (double)rows + phase);
		float gain = (float)(1 - depth * (0.5 + 0.5 * cos(turn)));
		for (size_t col = 0; col < cols; col++)
			cells[row * cols + col] *= gain;
	}
}

static size_t draw_count(struct random *random, double most)
{
	return (size_t)(random_uniform(random) * (most + 1));
}

static void damage(float *cells, const struct surface *surface, struct random *random)
{
	if (by_chance(random, GHOST_CHANCE))
		damage_ghost(cells, surface, random_uniform(random) * GHOST_MOST);
	if (by_chance(random, SATURATED_CHANCE))
		damage_saturate(cells, surface->n_cells,
		    random_between(random, SATURATED_LEAST, SATURATED_MOST));
	scale_lines(cells, surface->rows, surface->cols, random);
	if (by_chance(random, DEAD_CELL_CHANCE))
		damage_cells(
		    cells, surface->n_cells, random_uniform(random) * DEAD_CELL_MOST, random);
	if (by_chance(random, DEAD_LINE_CHANCE)) {
		size_t n_rows = draw_count(random, DEAD_LINES_MOST);
		damage_lines(
		    cells, surface, n_rows, draw_count(random, DEAD_LINES_MOST - 1), random);
	}
}

static enum posture mirrored(enum posture posture)
{
	if (posture == POSTURE_LEFT)
		return POSTURE_RIGHT;
	return posture == POSTURE_RIGHT ? POSTURE_LEFT : posture;
}

void train_vary(const struct train_sample *sample, struct random *random, float *cells,
    struct surface *surface, enum posture *out_posture)
{
	struct warp warp = draw_warp(random);

	*surface = sample->surface;
	*out_posture = warp.mirror ? mirrored(sample->posture) : sample->posture;
	warp_cells(sample, &warp, cells);
	if (by_chance(random, COARSE_CHANCE)) {
		size_t factor = by_chance(random, 0.6) ? 2 : by_chance(random, 0.75) ? 4 : 8;
		if (surface->rows >= factor * COARSE_ROWS_MIN)
			damage_coarsen(cells, surface, factor);
	}
	soften(cells, surface->rows, surface->cols, random);
	if (by_chance(random, HALO_CHANCE))
		add_halo(cells, surface->rows, surface->cols, random);
	distort_cells(cells, surface->n_cells, random);
	if (by_chance(random, RIPPLE_CHANCE))
		ripple(cells, surface->rows, surface->cols, random);
	damage(cells, surface, random);
}
