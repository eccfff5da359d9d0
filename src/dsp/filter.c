#include "dsp/filter.h"

#include <math.h>

#define BUTTERWORTH_Q 0.70710678118654752
#define CORNER_MAX    0.45 /* of the rate: beyond, the bilinear transform says little */

static struct biquad section(double b0, double b1, double corner_hz, double rate_hz, double sign)
{
	double angle = 2 * M_PI * fmin(corner_hz / rate_hz, CORNER_MAX);
	double cosine = cos(angle);
	double alpha = sin(angle) / (2 * BUTTERWORTH_Q);
	double gain = (1 + sign * cosine) / (1 + alpha);

	return (struct biquad){
	    .b0 = b0 * gain,
	    .b1 = b1 * gain,
	    .b2 = b0 * gain,
	    .a1 = -2 * cosine / (1 + alpha),
	    .a2 = (1 - alpha) / (1 + alpha),
	};
}

struct biquad biquad_lowpass(double corner_hz, double rate_hz)
{
	return section(0.5, 1, corner_hz, rate_hz, -1);
}

struct biquad biquad_highpass(double corner_hz, double rate_hz)
{
	return section(0.5, -1, corner_hz, rate_hz, 1);
}

void biquad_run(struct biquad *s, float *values, size_t n_values)
{
	double z1 = s->z1, z2 = s->z2;

	for (size_t i = 0; i < n_values; i++) {
		double in = values[i];
		double out = s->b0 * in + z1;
		z1 = s->b1 * in - s->a1 * out + z2;
		z2 = s->b2 * in - s->a2 * out;
		values[i] = (float)out;
	}
	s->z1 = z1;
	s->z2 = z2;
}

void filter_band(float *values, size_t n_values, double low_hz, double high_hz, double rate_hz)
{
	for (int pass = 0; pass < 2; pass++) {
		struct biquad high = biquad_highpass(low_hz, rate_hz);
		struct biquad low = biquad_lowpass(high_hz, rate_hz);
		biquad_run(&high, values, n_values);
		biquad_run(&low, values, n_values);
	}
}

void filter_detrend(float *values, size_t n_values)
{
	double middle = ((double)n_values - 1) / 2;
	double sum = 0, moment = 0, spread = 0;

	if (n_values < 2)
		return;
	for (size_t i = 0; i < n_values; i++) {
		double x = (double)i - middle;
		sum += values[i];
		moment += x * values[i];
		spread += x * x;
	}
	double mean = sum / (double)n_values;
	double slope = moment / spread;
	for (size_t i = 0; i < n_values; i++)
		values[i] = (float)(values[i] - mean - slope * ((double)i - middle));
}

void filter_detrend_moving(const float *values, size_t n_values, size_t n_width, float *out)
{
	size_t half = n_width / 2;
	size_t from = 0, to = 0; /* the neighbours summed now: [from, to) */
	double sum = 0, share = 0;

	for (size_t i = 0; i < n_values; i++) {
		size_t n_before = to - from;
		size_t end = i + half + 1 < n_values ? i + half + 1 : n_values;
		while (to < end)
			sum += values[to++];
		while (from + half < i)
			sum -= values[from++];
		if (to - from != n_before)
			share = 1 / (double)(to - from);
		out[i] = (float)(values[i] - sum * share);
	}
}
