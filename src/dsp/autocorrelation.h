/*
 * Autocorrelation: r[k] = sum x[i] x[i + k] / sum x[i]^2, each sum divided by its own number of
 * terms, so that a periodic signal keeps its height at long lags. r[0] is 1. Thread: any.
 */
#ifndef LUMBAR_DSP_AUTOCORRELATION_H
#define LUMBAR_DSP_AUTOCORRELATION_H

#include <stddef.h>

/* values: mean removed by the caller. r: n_lags of the caller's, n_lags < n_values; all 0 when
 * the values are all 0. */
void autocorrelation(const float *values, size_t n_values, float *r, size_t n_lags);

#endif
