#include "dsp/robust.h"

#include <math.h>

static void swap(float *a, float *b)
{
	float kept = *a;
	*a = *b;
	*b = kept;
}

static size_t copy_numbers(float *to, const float *from, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!isnan(from[i]))
			to[kept++] = from[i];
	return kept;
}

/* Puts the k-th smallest in its sorted place, no greater one before it (Hoare's selection). */
static float select_kth(float *v, size_t n, size_t k)
{
	size_t low = 0, high = n - 1;

	while (low < high) {
		/* The median of three as pivot: sorted input is no worst case. */
		size_t middle = low + (high - low) / 2;
		if (v[middle] < v[low])
			swap(&v[middle], &v[low]);
		if (v[high] < v[low])
			swap(&v[high], &v[low]);
		if (v[high] < v[middle])
			swap(&v[high], &v[middle]);
		float pivot = v[middle];
		size_t i = low, j = high;
		while (i <= j) {
			while (v[i] < pivot)
				i++;
			while (pivot < v[j])
				j--;
			if (i <= j) {
				swap(&v[i++], &v[j]);
				if (j == 0)
					break;
				j--;
			}
		}
		if (k <= j)
			high = j;
		else if (k >= i)
			low = i;
		else
			break;
	}
	return v[k];
}

static float quantile_in_place(float *v, size_t n, double q)
{
	if (n == 0)
		return NAN;
	double place = fmin(fmax(q, 0), 1) * (double)(n - 1);
	size_t k = (size_t)place;
	float value = select_kth(v, n, k);
	double part = place - (double)k;
	if (part == 0)
		return value;
	float next = v[k + 1];
	for (size_t i = k + 2; i < n; i++)
		next = fminf(next, v[i]);
	return (float)(value + part * (next - value));
}

float robust_quantile(const float *values, size_t n_values, double q, float *scratch)
{
	return quantile_in_place(scratch, copy_numbers(scratch, values, n_values), q);
}

float robust_median(const float *values, size_t n_values, float *scratch)
{
	return robust_quantile(values, n_values, 0.5, scratch);
}

float robust_mad(const float *values, size_t n_values, float *scratch)
{
	size_t n = copy_numbers(scratch, values, n_values);
	float median = quantile_in_place(scratch, n, 0.5);

	for (size_t i = 0; i < n; i++)
		scratch[i] = fabsf(scratch[i] - median);
	return quantile_in_place(scratch, n, 0.5);
}

float robust_trimmed_mean(
    const float *values, size_t n_values, double low_q, double high_q, float *scratch)
{
	size_t n = copy_numbers(scratch, values, n_values);
	float low = quantile_in_place(scratch, n, low_q);
	float high = quantile_in_place(scratch, n, high_q);
	double sum = 0;
	size_t inside = 0;

	for (size_t i = 0; i < n; i++)
		if (scratch[i] >= low && scratch[i] <= high) {
			sum += scratch[i];
			inside++;
		}
	return inside ? (float)(sum / (double)inside) : NAN;
}
