/* The power law of each cell, for a whole mat at once, without a call of powf() per cell. */
#ifndef LUMBAR_CALIB_CURVE_H
#define LUMBAR_CALIB_CURVE_H

#include <stddef.h>

/* The greatest relative error of curve_apply() for exponents of 0.1 to 3: test_curve.c. */
#define CURVE_ERROR 5e-5f

/*
 * pressure[i] = gain[i] * max(counts[i] - offset[i], 0) ^ exponent[i]; exactly 0 where the counts
 * do not exceed the offset. Powers under 2^-126 become 0, from 2^128 on infinite. What comes of a
 * NAN or infinite count has no meaning. All arrays: n cells. Thread: any.
 */
void curve_apply(const float *restrict counts, const float *restrict offset,
    const float *restrict gain, const float *restrict exponent, float *restrict pressure, size_t n);

#endif
