/*
 * A mat for the maps of ellipsoids.h: counts = p / (1 + p / knee) x gain of the mat and of each cell,
 * crosstalk between neighbours and along lines, offsets, noise, 8 or 12 bits.
 */
#ifndef LUMBAR_TESTS_BAD_MAT_H
#define LUMBAR_TESTS_BAD_MAT_H

#include "core/surface.h"

#include <stdint.h>

struct bad_mat {
	uint64_t seed;
	double gain; /* 0: drawn, 0.4-2.5 */
	double
	    offset_ratio; /* sd of the cells' offsets in shares of full scale; 0: drawn, to 1 % */
};

/* kpa: 64 x 32; surface: as many cells, or 32 x 16. cells: percent of full scale. */
void bad_mat_read(
    const struct bad_mat *mat, const float *kpa, const struct surface *surface, float *cells);

#endif
