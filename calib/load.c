#include "calib/load.h"

#include "calib/fit.h"
#include "dsp/robust.h"

#include <math.h>
#include <stdio.h>

static const float answer_share = 0.2f; /* as a dead cell is told, fit.c */
enum { PARTS = 3, PART_LEAST = 2 };     /* parts a side, and cells a side of each */

struct looking {
	const struct surface *surface;
	const float *counts, *zero;
	float *scratch;
	float level; /* counts */
};

static float above(const struct looking *l, size_t cell)
{
	return l->counts[cell] - (l->zero ? l->zero[cell] : 0);
}

static float patch_median(const struct looking *l, size_t row, size_t col)
{
	float values[9];
	size_t n = 0;

	for (size_t r = row - 1; r <= row + 1; r++)
		for (size_t c = col - 1; c <= col + 1; c++)
			values[n++] = above(l, r * l->surface->cols + c);
	return robust_median(values, n, values);
}

static void find_lump(const struct looking *l, struct load_look *out)
{
	size_t rows = l->surface->rows, cols = l->surface->cols;
	float greatest = -INFINITY;

	for (size_t row = 1; row + 1 < rows; row++)
		for (size_t col = 1; col + 1 < cols; col++) {
			float value = patch_median(l, row, col);
			if (value > greatest) {
				greatest = value;
				out->lump_cell = row * cols + col;
			}
		}
	out->lump_ratio = (greatest - l->level) / l->surface->full_scale_counts;
}

/* A free layout, or a strip: one cell may be broken, so the second greatest. */
static void find_lump_of_few(const struct looking *l, struct load_look *out)
{
	float greatest = -INFINITY, second = -INFINITY;

	for (size_t i = 0; i < l->surface->n_cells; i++) {
		float value = above(l, i);
		if (value > greatest) {
			second = greatest;
			greatest = value;
			out->lump_cell = i;
		} else if (value > second) {
			second = value;
		}
	}
	out->lump_ratio = l->surface->n_cells > 1
	                      ? (second - l->level) / l->surface->full_scale_counts
	                      : 0;
}

static float part_median(const struct looking *l, size_t part_row, size_t part_col)
{
	size_t rows = l->surface->rows, cols = l->surface->cols, n = 0;

	for (size_t r = part_row * rows / PARTS; r < (part_row + 1) * rows / PARTS; r++)
		for (size_t c = part_col * cols / PARTS; c < (part_col + 1) * cols / PARTS; c++)
			l->scratch[n++] = above(l, r * cols + c);
	return robust_median(l->scratch, n, l->scratch);
}

static void compare_parts(const struct looking *l, struct load_look *out)
{
	size_t rows = l->surface->rows, cols = l->surface->cols;
	float least = INFINITY, greatest = 0;

	out->uneven_ratio = NAN;
	if (rows < PARTS * PART_LEAST || cols < PARTS * PART_LEAST || !(l->level > 0))
		return;
	for (size_t row = 0; row < PARTS; row++)
		for (size_t col = 0; col < PARTS; col++) {
			float value = part_median(l, row, col);
			greatest = fmaxf(greatest, value);
			if (value >= least)
				continue;
			least = value;
			out->least_cell = (2 * row + 1) * rows / (2 * PARTS) * cols +
			                  (2 * col + 1) * cols / (2 * PARTS);
		}
	out->uneven_ratio = least > 0 ? greatest / least : INFINITY;
}

static void count_cells(const struct looking *l, struct load_look *out)
{
	size_t n = l->surface->n_cells, n_covered = 0, n_full = 0;
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		float value = above(l, i);
		sum += value > 0 ? (double)value : 0;
		n_covered += l->level > 0 && value >= answer_share * l->level;
		n_full += l->counts[i] >= FIT_FULL_SHARE * l->surface->full_scale_counts;
		l->scratch[i] = value;
	}
	out->total_ratio = (float)(sum / (double)n) / l->surface->full_scale_counts;
	out->covered_ratio = (float)n_covered / (float)n;
	out->full_ratio = (float)n_full / (float)n;
	out->spread_ratio = ROBUST_SIGMA_PER_MAD * robust_mad(l->scratch, n, l->scratch) /
	                    l->surface->full_scale_counts;
}

void load_look(const struct surface *surface, const float *counts, const float *zero,
    float *scratch, struct load_look *out)
{
	struct looking l = {surface, counts, zero, scratch, 0};

	*out = (struct load_look){0};
	for (size_t i = 0; i < surface->n_cells; i++)
		scratch[i] = above(&l, i);
	l.level = robust_median(scratch, surface->n_cells, scratch);
	out->level_ratio = l.level / surface->full_scale_counts;
	if (surface->rows >= 3 && surface->cols >= 3)
		find_lump(&l, out);
	else
		find_lump_of_few(&l, out);
	compare_parts(&l, out);
	count_cells(&l, out);
}

const char *load_where(
    const struct surface *surface, size_t cell, char text[static LOAD_WHERE_SIZE])
{
	static const char *const along[][3] = {
	    [SURFACE_BED] = {"near the head", "in the middle", "near the feet"},
	    [SURFACE_SEAT] = {"in front", "in the middle", "at the back"},
	    [SURFACE_STRIP] = {"at one end", "in the middle", "at the other end"},
	};
	static const char *const across[] = {", on the left", "", ", on the right"};

	text[0] = '\0';
	if (!surface_is_grid(surface))
		return text;
	size_t row = cell / surface->cols, col = cell % surface->cols;
	if (surface->flip & FLIP_ROWS)
		row = surface->rows - 1 - row;
	if (surface->flip & FLIP_COLS)
		col = surface->cols - 1 - col;
	snprintf(text, LOAD_WHERE_SIZE, "%s%s", along[surface->kind][row * 3 / surface->rows],
	    across[col * 3 / surface->cols]);
	return text;
}
