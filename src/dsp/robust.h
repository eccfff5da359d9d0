/*
 * Robust statistics: order statistics of float arrays in the caller's memory. Values that are NAN
 * (not assessed) are left out; of no value at all the answer is NAN. Thread: any.
 */
#ifndef LUMBAR_DSP_ROBUST_H
#define LUMBAR_DSP_ROBUST_H

#include <stddef.h>

/* MAD times this estimates the standard deviation of normal noise (1 / 0.6745). */
#define ROBUST_SIGMA_PER_MAD 1.4826f

/* scratch: n_values floats of the caller's, overwritten; it may be `values` itself. */
float robust_median(const float *values, size_t n_values, float *scratch);

/* The q-quantile, q in [0, 1], linear between neighbours: 0 the least value, 1 the greatest. */
float robust_quantile(const float *values, size_t n_values, double q, float *scratch);

/* Median absolute deviation from the median, as it is: not scaled to sigma. */
float robust_mad(const float *values, size_t n_values, float *scratch);

/* The mean of values between their two quantiles, as (0.25, 0.75): the interquartile mean. */
float robust_trimmed_mean(
    const float *values, size_t n_values, double low_q, double high_q, float *scratch);

#endif
