#include "drivers/matrix_ghosts.h"

#include <math.h>
#include <string.h>

#define QUANTILE     0.05F
#define BINS         1000  /* of the ratio from 0 to 1, and of counts from 0 to full scale */
#define LOADED_SHARE 0.02F /* of full scale: the greatest R C / T of a frame that counts */
#define STRONG_SHARE 0.05F /* of that greatest: cells whose row and column are loaded */
#define CELLS_LEAST  20    /* so many of these: a quantile of fewer is chance */
#define FORGET       1e-4F /* of the least, with each frame that says more: minutes at 10 Hz */

void ghosts_init(struct ghosts *ghosts)
{
	*ghosts = (struct ghosts){.ratio = NAN};
}

struct histogram {
	unsigned bins[BINS], n;
};

static void count(struct histogram *histogram, float value)
{
	int bin = (int)(value * BINS);

	histogram->bins[bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin]++;
	histogram->n++;
}

/* Below this lies QUANTILE of what was counted. */
static float low_quantile(const struct histogram *histogram)
{
	float wanted = QUANTILE * (float)histogram->n, below = 0;
	int bin = 0;

	while (bin < BINS - 1 && below + (float)histogram->bins[bin] <= wanted)
		below += (float)histogram->bins[bin++];
	return (float)bin / BINS;
}

static float find_base(const float *counts, size_t n, float full_scale)
{
	struct histogram histogram = {0};

	for (size_t i = 0; i < n; i++)
		count(&histogram, counts[i] / full_scale);
	return low_quantile(&histogram) * full_scale;
}

static void find_means(struct ghosts *ghosts, const float *counts, size_t rows, size_t cols)
{
	memset(ghosts->row, 0, sizeof(ghosts->row));
	memset(ghosts->col, 0, sizeof(ghosts->col));
	ghosts->mean = 0;
	for (size_t i = 0; i < rows * cols; i++) {
		float above = fmaxf(0, counts[i] - ghosts->base);
		ghosts->row[i / cols] += above / (float)cols;
		ghosts->col[i % cols] += above / (float)rows;
		ghosts->mean += above / (float)(rows * cols);
	}
}

/* R C / T of a cell. */
static float expected(const struct ghosts *ghosts, size_t row, size_t col)
{
	return ghosts->mean > 0 ? ghosts->row[row] * ghosts->col[col] / ghosts->mean : 0;
}

void ghosts_look(
    struct ghosts *ghosts, const float *counts, size_t rows, size_t cols, float full_scale)
{
	struct histogram ratios = {0};
	float strongest = 0;

	ghosts->base = find_base(counts, rows * cols, full_scale);
	find_means(ghosts, counts, rows, cols);
	for (size_t i = 0; i < rows * cols; i++)
		strongest = fmaxf(strongest, expected(ghosts, i / cols, i % cols));
	if (strongest < LOADED_SHARE * full_scale)
		return;
	for (size_t i = 0; i < rows * cols; i++) {
		float here = expected(ghosts, i / cols, i % cols);
		if (here > STRONG_SHARE * strongest)
			count(&ratios, (counts[i] - ghosts->base) / here);
	}
	if (ratios.n < CELLS_LEAST)
		return;
	float ratio = low_quantile(&ratios);
	if (ratio > GHOSTS_MOST)
		return;
	if (isnan(ghosts->ratio) || ratio < ghosts->ratio)
		ghosts->ratio = ratio;
	else
		ghosts->ratio += FORGET * (ratio - ghosts->ratio);
}

void ghosts_remove(const struct ghosts *ghosts, float *counts, size_t rows, size_t cols)
{
	if (!(ghosts->ratio > 0))
		return;
	for (size_t i = 0; i < rows * cols; i++) {
		float less = counts[i] - ghosts->ratio * expected(ghosts, i / cols, i % cols);
		if (counts[i] > ghosts->base)
			counts[i] = fmaxf(less, ghosts->base);
	}
}
