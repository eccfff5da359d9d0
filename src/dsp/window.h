/* The Hann window, 0 at both ends of n + 1 points (periodic), as spectra want it. Thread: any. */
#ifndef LUMBAR_DSP_WINDOW_H
#define LUMBAR_DSP_WINDOW_H

#include <stddef.h>

void window_hann(float *weights, size_t n_weights);

#endif
