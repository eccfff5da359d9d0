#include "dsp/autocorrelation.h"

#define LANES 8 /* sums side by side, so that the compiler may use the vector unit */

static double product_sum(const float *a, const float *b, size_t n)
{
	float lanes[LANES] = {0};
	double sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES)
		for (size_t j = 0; j < LANES; j++)
			lanes[j] += a[i + j] * b[i + j];
	for (; i < n; i++)
		sum += a[i] * b[i];
	for (size_t j = 0; j < LANES; j++)
		sum += lanes[j];
	return sum;
}

void autocorrelation(const float *values, size_t n_values, float *r, size_t n_lags)
{
	double power = product_sum(values, values, n_values) / (double)n_values;

	for (size_t lag = 0; lag < n_lags; lag++) {
		size_t n = n_values - lag;
		double mean = product_sum(values, values + lag, n) / (double)n;
		r[lag] = power > 0 ? (float)(mean / power) : 0;
	}
}
