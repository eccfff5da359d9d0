#include "dsp/peak.h"

#include <math.h>
#include <stdbool.h>

size_t peak_greatest(const float *values, size_t from, size_t to)
{
	size_t best = from;

	for (size_t i = from + 1; i < to; i++)
		if (values[i] > values[best])
			best = i;
	return best;
}

static bool is_peak(const float *values, size_t n_values, size_t index)
{
	return index > 0 && index + 1 < n_values && values[index] >= values[index - 1] &&
	       values[index] >= values[index + 1];
}

static double vertex(double left, double middle, double right)
{
	double bend = left - 2 * middle + right;

	return bend < 0 ? 0.5 * (left - right) / bend : 0;
}

double peak_log_parabolic(const float *values, size_t n_values, size_t index)
{
	if (!is_peak(values, n_values, index) || !(values[index - 1] > 0) ||
	    !(values[index + 1] > 0))
		return (double)index;
	return (double)index +
	       vertex(log(values[index - 1]), log(values[index]), log(values[index + 1]));
}

double peak_parabolic(const float *values, size_t n_values, size_t index)
{
	if (!is_peak(values, n_values, index))
		return (double)index;
	return (double)index + vertex(values[index - 1], values[index], values[index + 1]);
}
