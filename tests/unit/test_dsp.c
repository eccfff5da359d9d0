#include "base/random.h"
#include "dsp/autocorrelation.h"
#include "dsp/components.h"
#include "dsp/filter.h"
#include "dsp/peak.h"
#include "dsp/spectrum.h"
#include "dsp/window.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_MAX 2000

static void fill_sine(float *values, size_t n, double hz, double rate_hz, double phase)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (float)sin(2 * M_PI * hz * (double)i / rate_hz + phase);
}

static double power_of(const float *values, size_t from, size_t to)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += (double)values[i] * values[i];
	return sum / (double)(to - from);
}

/* The normalisation in the header: whatever length, padding and rate. */
static void unit_sine_integrates_to_a_half(void **state)
{
	(void)state;
	static const struct {
		size_t n, n_fft;
		double rate_hz, hz;
	} cases[] = {
	    {150, 600, 5, 0.3}, {150, 150, 5, 0.27}, {1500, 2048, 50, 7.7}, {301, 301, 10, 2}};
	static float samples[N_MAX], psd[N_MAX];

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		struct spectrum *s = spectrum_create(cases[c].n, cases[c].n_fft);
		double sum = 0;
		assert_non_null(s);
		fill_sine(samples, cases[c].n, cases[c].hz, cases[c].rate_hz, 0.4);
		for (size_t i = 0; i < cases[c].n; i++)
			samples[i] += 100; /* the mean is no power */
		spectrum_density(s, samples, cases[c].rate_hz, psd);
		for (size_t i = 0; i < spectrum_n_bins(s); i++)
			sum += psd[i];
		assert_near(sum * spectrum_bin_hz(s, cases[c].rate_hz), 0.5, 0.005);
		spectrum_destroy(s);
	}
	spectrum_destroy(NULL);
}

static void white_noise_is_flat_and_keeps_its_power(void **state)
{
	(void)state;
	static float samples[N_MAX], psd[N_MAX];
	struct spectrum *s = spectrum_create(200, 200);
	struct random random;
	double low = 0, high = 0;

	random_init(&random, 3);
	for (int run = 0; run < 400; run++) {
		for (size_t i = 0; i < 200; i++)
			samples[i] = (float)(2 * random_normal(&random));
		spectrum_density(s, samples, 10, psd);
		for (size_t i = 2; i < 50; i++)
			low += psd[i] / 400 / 48;
		for (size_t i = 50; i < 98; i++)
			high += psd[i] / 400 / 48;
	}
	/* variance 4 over 5 Hz */
	assert_near(low, 0.8, 0.02);
	assert_near(high, 0.8, 0.02);
	spectrum_destroy(s);
}

/* What a frequency may be wrong by, at a rate, for a sine of an amplitude in noise of sd 1. */
static void frequencies_are_found(void **state)
{
	(void)state;
	static const struct {
		double rate_hz, window_s, hz, amplitude, error_hz;
	} cases[] = {
	    {5, 30, 0.1777, 1000, 2e-4},
	    {5, 30, 0.4111, 1000, 2e-4},
	    {5, 60, 0.2511, 1, 2.5e-3},
	    {10, 30, 0.3333, 1, 8e-3},
	    {10, 30, 0.3333, 0.8, 1.2e-2},
	    {50, 30, 1.2345, 0.5, 5e-3},
	};
	static float samples[N_MAX], psd[4 * N_MAX];
	struct random random;

	random_init(&random, 5);
	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		size_t n = (size_t)(cases[c].rate_hz * cases[c].window_s);
		struct spectrum *s = spectrum_create(n, 4 * n);
		double bin_hz = spectrum_bin_hz(s, cases[c].rate_hz);
		for (int run = 0; run < 20; run++) {
			double phase = 2 * M_PI * random_uniform(&random);
			fill_sine(samples, n, cases[c].hz, cases[c].rate_hz, phase);
			for (size_t i = 0; i < n; i++)
				samples[i] = (float)(cases[c].amplitude * samples[i] +
				                     random_normal(&random));
			spectrum_density(s, samples, cases[c].rate_hz, psd);
			size_t peak = peak_greatest(psd, 1, spectrum_n_bins(s));
			double hz = peak_log_parabolic(psd, spectrum_n_bins(s), peak) * bin_hz;
			assert_near(hz, cases[c].hz, cases[c].error_hz);
		}
		spectrum_destroy(s);
	}
}

static void filters_pass_their_band(void **state)
{
	(void)state;
	static const struct {
		double hz, least, most; /* power gain of a 2-5 Hz band at 50 Hz */
	} cases[] = {{0.3, 0, 1e-4}, {1, 0, 0.01}, {2, 0.15, 0.35}, {3.2, 0.5, 1.01},
	    {5, 0.15, 0.35}, {10, 0, 0.02}, {20, 0, 1e-4}};
	static float values[N_MAX];

	for (size_t c = 0; c < sizeof(cases) / sizeof(cases[0]); c++) {
		fill_sine(values, N_MAX, cases[c].hz, 50, 0);
		filter_band(values, N_MAX, 2, 5, 50);
		double gain = power_of(values, N_MAX / 2, N_MAX) / 0.5;
		assert_in_range(
		    (int)(1e6 * gain), (int)(1e6 * cases[c].least), (int)(1e6 * cases[c].most));
	}
}

static void detrending_removes_what_is_slow(void **state)
{
	(void)state;
	static float values[N_MAX], out[N_MAX];

	for (size_t i = 0; i < 300; i++)
		values[i] = 40 + 0.2F * (float)i;
	filter_detrend(values, 300);
	assert_true(power_of(values, 0, 300) < 1e-6);

	/* A moving mean over 10 s has its zero at 0.1 Hz: 0.1 Hz passes whole, 0.01 Hz does not. */
	fill_sine(values, N_MAX, 0.1, 5, 0);
	filter_detrend_moving(values, N_MAX, 50, out);
	assert_near(power_of(out, 100, N_MAX - 100), 0.5, 0.02);
	fill_sine(values, N_MAX, 0.01, 5, 0);
	filter_detrend_moving(values, N_MAX, 50, out);
	assert_true(power_of(out, 100, N_MAX - 100) < 0.001);
}

static void peaks_are_found_between_samples(void **state)
{
	(void)state;
	float bell[] = {0, 0, 0, 0, 0};
	float edge[] = {3, 2, 1};

	for (int i = 0; i < 5; i++)
		bell[i] = (float)exp(-pow(i - 2.2, 2));
	assert_int_equal(peak_greatest(bell, 0, 5), 2);
	assert_near(peak_log_parabolic(bell, 5, 2), 2.2, 1e-4);
	assert_near(peak_parabolic(bell, 5, 2), 2.2, 0.1);
	assert_near(peak_log_parabolic(edge, 3, 0), 0, 0);
	assert_near(peak_parabolic(edge, 3, 1), 1, 0); /* a slope is no peak */
}

static void autocorrelation_repeats_with_the_period(void **state)
{
	(void)state;
	static float values[N_MAX], r[200];

	fill_sine(values, N_MAX, 1.25, 50, 1); /* 40 samples a period */
	autocorrelation(values, N_MAX, r, 200);
	assert_near(r[0], 1, 1e-5);
	assert_near(r[20], -1, 0.01);
	assert_near(r[160], 1, 0.01); /* no shrinking at long lags */
	assert_near(peak_parabolic(r, 200, 40), 40, 0.05);
	for (size_t i = 0; i < N_MAX; i++)
		values[i] = 0;
	autocorrelation(values, N_MAX, r, 200);
	assert_near(r[3], 0, 0);
}

static void hann_window_sums_to_a_half(void **state)
{
	(void)state;
	float weights[64];
	double sum = 0;

	window_hann(weights, 64);
	for (size_t i = 0; i < 64; i++)
		sum += weights[i] / 64;
	assert_near(sum, 0.5, 1e-6);
	assert_near(weights[0], 0, 0);
	assert_near(weights[32], 1, 1e-6);
}

/* Two courses shared by many rows, each with a sign of its own, under noise as strong. */
static void components_find_what_rows_share(void **state)
{
	(void)state;
	enum { ROWS = 40, N = 200 };
	static float rows[ROWS * N];
	float weights[2 * ROWS], courses[2 * N];
	struct random random;
	double in_first = 0, in_second = 0;

	random_init(&random, 9);
	for (size_t r = 0; r < ROWS; r++)
		for (size_t i = 0; i < N; i++) {
			double slow = sin(2 * M_PI * (double)i / 50) * (r % 2 ? -2 : 2);
			double quick = sin(2 * M_PI * (double)i / 8) * (r % 3 ? 1 : -1);
			rows[r * N + i] = (float)(slow + quick + random_normal(&random));
		}
	struct component_rows all = {rows, ROWS, N, N};
	assert_int_equal(components_find(&all, weights, courses, 2), 2);
	for (size_t i = 0; i < N; i++) {
		in_first += (double)courses[i] * sin(2 * M_PI * (double)i / 50) / 10;
		in_second += (double)courses[N + i] * sin(2 * M_PI * (double)i / 8) / 10;
	}
	assert_true(fabs(in_first) > 0.98 && fabs(in_second) > 0.95);
	for (size_t r = 1; r < ROWS; r++)
		assert_true((weights[r] > 0) == ((weights[0] > 0) == (r % 2 == 0)));

	memset(rows, 0, sizeof(rows));
	assert_int_equal(components_find(&all, weights, courses, 2), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(components_find_what_rows_share),
	    cmocka_unit_test(unit_sine_integrates_to_a_half),
	    cmocka_unit_test(white_noise_is_flat_and_keeps_its_power),
	    cmocka_unit_test(frequencies_are_found),
	    cmocka_unit_test(filters_pass_their_band),
	    cmocka_unit_test(detrending_removes_what_is_slow),
	    cmocka_unit_test(peaks_are_found_between_samples),
	    cmocka_unit_test(autocorrelation_repeats_with_the_period),
	    cmocka_unit_test(hann_window_sums_to_a_half),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
