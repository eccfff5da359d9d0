#include "dsp/spectrum.h"

#include <fftw3.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/window.h"

struct spectrum {
	size_t n_samples, n_fft;
	float *weights, *input;
	double weights_power; /* sum of squared weights */
	fftwf_complex *output;
	fftwf_plan plan;
};

struct spectrum *spectrum_create(size_t n_samples, size_t n_fft)
{
	struct spectrum *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->n_samples = n_samples;
	s->n_fft = n_fft > n_samples ? n_fft : n_samples;
	s->weights = malloc(n_samples * sizeof(*s->weights));
	s->input = fftwf_alloc_real(s->n_fft);
	s->output = fftwf_alloc_complex(s->n_fft / 2 + 1);
	if (!s->weights || !s->input || !s->output)
		goto fail;
	/* Not FFTW_MEASURE: it chose other plans, and so other bits, from run to run. */
	s->plan = fftwf_plan_dft_r2c_1d((int)s->n_fft, s->input, s->output, FFTW_ESTIMATE);
	if (!s->plan)
		goto fail;
	memset(s->input, 0, s->n_fft * sizeof(*s->input));
	window_hann(s->weights, n_samples);
	for (size_t i = 0; i < n_samples; i++)
		s->weights_power += (double)s->weights[i] * s->weights[i];
	return s;
fail:
	spectrum_destroy(s);
	return NULL;
}

void spectrum_destroy(struct spectrum *s)
{
	if (!s)
		return;
	fftwf_destroy_plan(s->plan);
	fftwf_free(s->output);
	fftwf_free(s->input);
	free(s->weights);
	free(s);
}

size_t spectrum_quick_size(size_t least)
{
	for (size_t n = least;; n++) {
		size_t rest = n;
		while (rest % 2 == 0)
			rest /= 2;
		while (rest % 3 == 0)
			rest /= 3;
		while (rest % 5 == 0)
			rest /= 5;
		if (rest == 1)
			return n;
	}
}

size_t spectrum_n_samples(const struct spectrum *s)
{
	return s->n_samples;
}

size_t spectrum_n_bins(const struct spectrum *s)
{
	return s->n_fft / 2 + 1;
}

double spectrum_bin_hz(const struct spectrum *s, double rate_hz)
{
	return rate_hz / (double)s->n_fft;
}

void spectrum_density(struct spectrum *s, const float *samples, double rate_hz, float *psd)
{
	double sum = 0;

	for (size_t i = 0; i < s->n_samples; i++)
		sum += samples[i];
	float mean = (float)(sum / (double)s->n_samples);
	for (size_t i = 0; i < s->n_samples; i++)
		s->input[i] = (samples[i] - mean) * s->weights[i];
	fftwf_execute(s->plan);

	/* Both sides' power in one, but for 0 Hz and the Nyquist frequency, which have one side. */
	float scale = (float)(2 / (rate_hz * s->weights_power));
	size_t n_bins = spectrum_n_bins(s);
	for (size_t i = 0; i < n_bins; i++) {
		float real = s->output[i][0], imaginary = s->output[i][1];
		psd[i] = scale * (real * real + imaginary * imaginary);
	}
	psd[0] /= 2;
	if (s->n_fft % 2 == 0)
		psd[n_bins - 1] /= 2;
}
