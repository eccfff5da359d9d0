#include "dsp/window.h"

#include <math.h>

void window_hann(float *weights, size_t n_weights)
{
	for (size_t i = 0; i < n_weights; i++)
		weights[i] = (float)(0.5 - 0.5 * cos(2 * M_PI * (double)i / (double)n_weights));
}
