/* Dead cells get a value from their living neighbours: which ones, and with what weight. */
#ifndef LUMBAR_CALIB_FILL_H
#define LUMBAR_CALIB_FILL_H

#include "core/surface.h"

#include <stdbool.h>
#include <stddef.h>

#define FILL_SOURCES 4

struct fill {
	size_t cell;
	size_t n_sources; /* 0: no living neighbour, the cell is 0 */
	size_t source[FILL_SOURCES];
	float weight[FILL_SOURCES]; /* their sum is 1 */
};

/*
 * Grids: the nearest living cell up, down, left and right, by inverse distance; so a whole dead
 * line is interpolated linearly between the lines beside it. Free layouts: the nearest living
 * cells of the same region. dead: one per cell, in body order. Thread: any.
 */
void fill_plan(const struct surface *surface, const bool *dead, size_t cell, struct fill *fill);

/* The value for fill->cell out of the others. */
float fill_value(const struct fill *fill, const float *cells);

#endif
