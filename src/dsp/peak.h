/* Peaks of sampled curves, to a fraction of a sample. Thread: any. */
#ifndef LUMBAR_DSP_PEAK_H
#define LUMBAR_DSP_PEAK_H

#include <stddef.h>

/* The index of the greatest of values[from..to), from < to. */
size_t peak_greatest(const float *values, size_t from, size_t to);

/*
 * The place of the peak near index, in samples: the vertex of the parabola through the logarithms
 * of three neighbours, which is all but exact for a Hann window's main lobe. At an edge, or where
 * a neighbour is greater or not positive, index itself.
 */
double peak_log_parabolic(const float *values, size_t n_values, size_t index);

/* The same through the values themselves: for autocorrelations, which may be negative. */
double peak_parabolic(const float *values, size_t n_values, size_t index);

#endif
