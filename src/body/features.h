/*
 * Features of a lying body for the posture model, from a grid of any size (docs/methods.md,
 * section 2): dead lines filled, 3 x 3 median, resampled to 32 x 16 cells of one size about the
 * centroid's column, divided by the sum, square root; then histograms of oriented gradients over
 * 4 x 4 cells (6 unsigned bins, soft vote, L2 a cell) and the 8 x 4 map of block means.
 *
 * The scale is the mat's length: 32 rows, and columns of the same width. Nothing depends on gain,
 * unit or pitch.
 */
#ifndef LUMBAR_BODY_FEATURES_H
#define LUMBAR_BODY_FEATURES_H

#include <stdbool.h>
#include <stddef.h>

#define FEATURES_ROWS  32
#define FEATURES_COLS  16
#define FEATURES_BLOCK 4
#define FEATURES_BINS  6
#define FEATURES_BLOCKS                                                                            \
	((FEATURES_ROWS / FEATURES_BLOCK) * (FEATURES_COLS / FEATURES_BLOCK)) /* 8 x 4 */
#define FEATURES_COUNT (FEATURES_BLOCKS * (FEATURES_BINS + 1))

struct features;

/* For grids of rows x cols. NULL: out of memory. */
struct features *features_create(size_t rows, size_t cols);
void features_destroy(struct features *features); /* NULL is legal */

/*
 * cells: rows x cols of contact_map_plane(), noise: values up to it are nothing. Fills
 * out[FEATURES_COUNT] and returns true; false when nothing is there. Allocates nothing.
 */
bool features_extract(struct features *features, const float *cells, float noise, float *out);

/* The features of the mirror image, left for right. */
void features_mirror(const float *values, float *out);

#endif
