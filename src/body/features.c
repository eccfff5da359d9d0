#include "body/features.h"

#include "body/hog.h"
#include "body/minmax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS FEATURES_ROWS
#define COLS FEATURES_COLS

#define DEAD_LINE_SHARE 0.05f /* of both neighbours: a line below it is dead */
/* Where the load's middle comes to lie: legs are long and light. */
#define MIDDLE_SHARE 0.42f

#define MEDIAN_ROWS_MIN 24 /* coarser grids lose their body to a median */
#define MEDIAN_COLS_MIN 12

struct features {
	size_t rows, cols;
	float *clean, *scratch; /* rows x cols each */
	float *tall;            /* ROWS x cols: resampled along the bed */
	float *line;            /* the longer of rows and cols: sums of lines */
	float map[ROWS * COLS];
};

struct features *features_create(size_t rows, size_t cols)
{
	struct features *features = calloc(1, sizeof(*features));

	if (!features)
		return NULL;
	features->rows = rows;
	features->cols = cols;
	features->clean = calloc(rows * cols, sizeof(float));
	features->scratch = calloc(rows * cols, sizeof(float));
	features->tall = calloc(ROWS * cols, sizeof(float));
	features->line = calloc(rows > cols ? rows : cols, sizeof(float));
	if (features->clean && features->scratch && features->tall && features->line)
		return features;
	features_destroy(features);
	return NULL;
}

void features_destroy(struct features *features)
{
	if (!features)
		return;
	free(features->clean);
	free(features->scratch);
	free(features->tall);
	free(features->line);
	free(features);
}

/* n_lines lines of n cells: cell k of line i stands at i * line_step + k * cell_step. */
static void fill_dead_lines(
    float *cells, float *sums, size_t n_lines, size_t line_step, size_t n, size_t cell_step)
{
	float most = 0;

	for (size_t i = 0; i < n_lines; i++) {
		sums[i] = 0;
		for (size_t k = 0; k < n; k++)
			sums[i] += cells[i * line_step + k * cell_step];
		most = greater(most, sums[i]);
	}
	for (size_t i = 1; i + 1 < n_lines; i++) {
		float beside = lesser(sums[i - 1], sums[i + 1]);
		if (sums[i] > DEAD_LINE_SHARE * beside || beside < DEAD_LINE_SHARE * most)
			continue;
		float *line = cells + i * line_step;
		const float *before = line - line_step, *after = line + line_step;
		for (size_t k = 0; k < n * cell_step; k += cell_step)
			line[k] = 0.5f * (before[k] + after[k]);
	}
}

static float median_of_3(float a, float b, float c)
{
	return greater(lesser(a, b), lesser(greater(a, b), c));
}

/* Median of three along the bed, then across it: single cells go, edges stay. */
static void despike(struct features *f)
{
	size_t rows = f->rows, cols = f->cols;

	if (rows < MEDIAN_ROWS_MIN || cols < MEDIAN_COLS_MIN)
		return;
	memcpy(f->scratch, f->clean, rows * cols * sizeof(float));
	for (size_t i = cols; i < (rows - 1) * cols; i++)
		f->scratch[i] = median_of_3(f->clean[i - cols], f->clean[i], f->clean[i + cols]);
	for (size_t row = 0; row < rows; row++) {
		const float *in = f->scratch + row * cols;
		float *out = f->clean + row * cols;
		out[0] = in[0];
		out[cols - 1] = in[cols - 1];
		for (size_t col = 1; col + 1 < cols; col++)
			out[col] = median_of_3(in[col - 1], in[col], in[col + 1]);
	}
}

/*
 * Cells that an output sample of the given centre and width covers (in cells, the first cell being
 * 0 to 1), and their weights: a box, never narrower than a cell, which is linear interpolation.
 */
struct cover {
	ptrdiff_t first, last;
	float low, high, width;
};

static struct cover cover_of(float centre, float width, size_t n)
{
	struct cover c = {.width = greater(width, 1)};

	c.low = centre - c.width / 2;
	c.high = centre + c.width / 2;
	c.first = (ptrdiff_t)floorf(c.low);
	c.last = (ptrdiff_t)ceilf(c.high) - 1;
	if (c.first < 0)
		c.first = 0;
	if (c.last > (ptrdiff_t)n - 1)
		c.last = (ptrdiff_t)n - 1;
	return c;
}

static float cover_weight(const struct cover *c, ptrdiff_t i)
{
	return (lesser(c->high, (float)i + 1) - greater(c->low, (float)i)) / c->width;
}

/* The load's middle row, in cells from the mat's upper edge; negative when nothing is there. */
static float middle_row(const struct features *f)
{
	float total = 0, moment = 0;

	for (size_t row = 0; row < f->rows; row++) {
		const float *cells = f->clean + row * f->cols;
		float sum = 0;
		for (size_t col = 0; col < f->cols; col++)
			sum += cells[col];
		total += sum;
		moment += sum * ((float)row + 0.5f);
	}
	return total > 0 ? moment / total : -1;
}

/* rows -> ROWS along the bed, the load's middle in the middle. */
static void resample_rows(struct features *f, float middle)
{
	float step = (float)f->rows / ROWS;

	memset(f->tall, 0, ROWS * f->cols * sizeof(float));
	for (size_t row = 0; row < ROWS; row++) {
		float centre = middle + ((float)row + 0.5f - ROWS * MIDDLE_SHARE) * step;
		struct cover c = cover_of(centre, step, f->rows);
		float *out = f->tall + row * f->cols;
		for (ptrdiff_t i = c.first; i <= c.last; i++) {
			const float *in = f->clean + (size_t)i * f->cols;
			float weight = cover_weight(&c, i);
			for (size_t col = 0; col < f->cols; col++)
				out[col] += weight * in[col];
		}
	}
}

/* cols -> COLS of the same cell size, the centroid in the middle. Returns the sum. */
static float resample_cols(struct features *f)
{
	float step = (float)f->rows / ROWS, total = 0, moment = 0, sum = 0;

	memset(f->map, 0, sizeof(f->map));
	for (size_t row = 0; row < ROWS; row++)
		for (size_t col = 0; col < f->cols; col++) {
			total += f->tall[row * f->cols + col];
			moment += f->tall[row * f->cols + col] * ((float)col + 0.5f);
		}
	if (!(total > 0))
		return 0;
	for (size_t col = 0; col < COLS; col++) {
		float centre = moment / total + ((float)col + 0.5f - COLS / 2.0f) * step;
		struct cover c = cover_of(centre, step, f->cols);
		for (ptrdiff_t i = c.first; i <= c.last; i++) {
			float weight = cover_weight(&c, i);
			for (size_t row = 0; row < ROWS; row++)
				f->map[row * COLS + col] += weight *
				                            f->tall[row * f->cols + (size_t)i];
		}
	}
	for (size_t i = 0; i < ROWS * COLS; i++)
		sum += f->map[i];
	return sum;
}

bool features_extract(struct features *f, const float *cells, float noise, float *out)
{
	for (size_t i = 0; i < f->rows * f->cols; i++)
		f->clean[i] = cells[i] > noise ? cells[i] : 0;
	fill_dead_lines(f->clean, f->line, f->rows, f->cols, f->cols, 1);
	fill_dead_lines(f->clean, f->line, f->cols, 1, f->rows, f->cols);
	despike(f);
	float middle = middle_row(f);
	if (middle < 0)
		return false;
	resample_rows(f, middle);
	float sum = resample_cols(f);
	if (!(sum > 0))
		return false;
	/* The mean of a map becomes 1. */
	float scale = ROWS * COLS / sum;
	for (size_t i = 0; i < ROWS * COLS; i++)
		f->map[i] = sqrtf(f->map[i] * scale);
	hog_extract(f->map, out);
	return true;
}
