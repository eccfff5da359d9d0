/*
 * Before and after: whether a figure changed by more than it scatters from night to night. The
 * difference of two medians, with the interval that 95 of 100 resamplings of her own nights lie in
 * (percentile bootstrap: Efron and Tibshirani 1993, chapter 13). No p-value: what matters is how
 * large the change may be, and whether none at all is among it. Seeded: the same answer each time.
 */
#ifndef LUMBAR_REPORT_CHANGE_H
#define LUMBAR_REPORT_CHANGE_H

#include <stdbool.h>
#include <stddef.h>

#define CHANGE_NIGHTS_LEAST 4  /* on each side: under that medians of nights say nothing */
#define CHANGE_NIGHTS_MAX   92 /* on each side */

struct change {
	size_t n_before, n_after; /* nights with a value */
	float before, after;      /* medians; NAN: too few nights, and so are the next three */
	float difference, low, high;
	bool more_than_scatter; /* the interval does not hold zero */
};

/* Values that are NAN are left out. n: at most CHANGE_NIGHTS_MAX each. */
void change_compare(
    const float *before, size_t n_before, const float *after, size_t n_after, struct change *out);

#endif
