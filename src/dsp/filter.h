/*
 * Filters: second-order sections (Butterworth low and high pass, after R. Bristow-Johnson's
 * cookbook formulae), and the removal of trends. In place, on the caller's memory. Thread: any.
 */
#ifndef LUMBAR_DSP_FILTER_H
#define LUMBAR_DSP_FILTER_H

#include <stddef.h>

/* One section: coefficients and state (transposed direct form II). */
struct biquad {
	double b0, b1, b2, a1, a2;
	double z1, z2;
};

/* -3 dB at corner_hz, 12 dB an octave; corner_hz is kept below 0.45 of the rate. */
struct biquad biquad_lowpass(double corner_hz, double rate_hz);
struct biquad biquad_highpass(double corner_hz, double rate_hz);

/* Runs the values through, from the section's state on. */
void biquad_run(struct biquad *section, float *values, size_t n_values);

/* A band of n_values from rest: high pass at low_hz, then low pass at high_hz, each twice. */
void filter_band(float *values, size_t n_values, double low_hz, double high_hz, double rate_hz);

/* Subtracts the straight line of least squares. */
void filter_detrend(float *values, size_t n_values);

/*
 * out = values less their mean over n_width neighbours, centred and cut short at both ends: what
 * is slower than about n_width samples goes. out is not values.
 */
void filter_detrend_moving(const float *values, size_t n_values, size_t n_width, float *out);

#endif
