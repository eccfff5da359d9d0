/*
 * How many cells read how much, in bins of a sixteenth of an octave from 2^-7 to 2^13; less is in the
 * first bin, more in the last. Pure; any thread.
 */
#ifndef LUMBAR_BODY_HISTOGRAM_H
#define LUMBAR_BODY_HISTOGRAM_H

#include <stddef.h>

#define HISTOGRAM_BIN_BITS 4 /* 16 bins an octave */
#define HISTOGRAM_BINS     (20u << HISTOGRAM_BIN_BITS)

struct histogram {
	unsigned bins[HISTOGRAM_BINS];
	unsigned other_half
	    [HISTOGRAM_BINS]; /* of every other cell: equal cells do not wait for each other */
};

/* Counts n_cells values of any unit, not negative. */
void histogram_count(struct histogram *histogram, const float *cells, size_t n_cells);

/* How many cells are in bins above that of the value. */
unsigned histogram_n_above(const struct histogram *histogram, float value);

/* The value that `rank` of these cells lie below, linear within its bin. */
float histogram_rank_above(const struct histogram *histogram, float value, double rank);

/*
 * The value that `rank` of the cells lie below, which are those that were counted, counted anew within
 * its bin: an offset that all cells share is found to a four hundredth, and not to a bin's width.
 */
float histogram_fine_rank(
    const struct histogram *histogram, const float *cells, size_t n_cells, double rank);

#endif
