/*
 * What lies on a mat, from raw counts alone: for calibration, which comes before pressures. All
 * ratios are shares of full scale unless said otherwise. Thread: any.
 */
#ifndef LUMBAR_CALIB_LOAD_H
#define LUMBAR_CALIB_LOAD_H

#include "core/surface.h"

#include <stddef.h>

#define LOAD_WHERE_SIZE 48

struct load_look {
	float level_ratio;   /* the median cell */
	float total_ratio;   /* the mean cell; below zero counts as nothing */
	float spread_ratio;  /* between cells, as a standard deviation: 1.4826 MAD */
	float lump_ratio;    /* greatest 3 x 3 median above the level: single cells cannot make it;
	                        of few cells the second greatest */
	size_t lump_cell;    /* where, raw order */
	float covered_ratio; /* share of cells that read a fifth of the level or more */
	float full_ratio;    /* share of cells at full scale */
	float
	    uneven_ratio;  /* medians of 3 x 3 parts of the mat: greatest over least; NAN: no level,
	                        or no grid of 6 x 6 */
	size_t least_cell; /* the middle of the part that reads least */
};

/* zero: what each cell reads of itself, NULL: nothing. scratch: surface->n_cells floats. */
void load_look(const struct surface *surface, const float *counts, const float *zero,
    float *scratch, struct load_look *out);

/* "near the head, on the left": the person's left. For a free layout "". */
const char *load_where(
    const struct surface *surface, size_t cell, char text[static LOAD_WHERE_SIZE]);

#endif
