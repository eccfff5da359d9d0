/*
 * S(f) = sum over channels of q_c P_c(f), each P_c scaled to unit power in the band.
 *
 *	f_c  the greatest of P_c in 0.1-0.5 Hz
 *	q_c  power within 0.03 Hz of f_c and of 2 f_c over the rest of 0.08-0.7 Hz
 *
 * Noise has a highest peak too. Measured on 100 h of white noise and of random walks: the q of S
 * passes 1.3 in both windows at the same frequency in 1 window of 10,000 with one channel; with
 * many channels the noise of S averages out and 0.75 is never passed. The limit follows that.
 */
#include "body/vitals_breathing.h"

#include <math.h>
#include <stdlib.h>

#include "dsp/filter.h"
#include "dsp/peak.h"
#include "dsp/robust.h"
#include "dsp/spectrum.h"

/* docs/methods.md, section 3 */
#define PEAK_LOW_HZ      0.1
#define PEAK_HIGH_HZ     0.5
#define BAND_LOW_HZ      0.08
#define BAND_HIGH_HZ     0.7
#define NEAR_HZ          0.03
#define SUBHARMONIC_HZ   0.4 /* above this, half the frequency is looked at */
#define SUBHARMONIC_PART 0.5
#define ZERO_PADDING     4

#define QUALITY_MANY   0.65 /* the limit of q: with many channels, and more with few */
#define QUALITY_ONE    0.65
#define DETREND_S      10.0 /* a mean over 10 s has its first zero at 0.1 Hz */
#define N_CHANNELS_MAX 48   /* read at most, those of greatest load */
#define LOAD_S         5.0  /* the newest seconds say which channels carry load */
#define LOADED_PART    0.15 /* of the greatest channel's load */

struct breathing {
	struct spectrum *spectra[2]; /* short and long window, equal bins */
	size_t n_bins;
	float *psd, *sum;        /* n_bins */
	float *samples, *smooth; /* the long window */
	float *load, *scratch;   /* n_channels */
};

static size_t smooth_size(size_t least)
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

struct breathing *breathing_create(const struct history *history)
{
	struct breathing *b = calloc(1, sizeof(*b));
	double rate_hz = history_rate_hz(history);
	size_t n_short = (size_t)(BREATHING_SHORT_S * rate_hz);
	size_t n_long = (size_t)(BREATHING_LONG_S * rate_hz);
	size_t n_fft = smooth_size(ZERO_PADDING * n_short);
	size_t n_channels = history_n_channels(history);

	if (!b)
		return NULL;
	b->spectra[0] = spectrum_create(n_short, n_fft);
	b->spectra[1] = spectrum_create(n_long, n_fft);
	b->n_bins = n_fft / 2 + 1;
	b->psd = calloc(2 * b->n_bins, sizeof(float));
	b->samples = calloc(2 * n_long, sizeof(float));
	b->load = calloc(2 * n_channels, sizeof(float));
	if (!b->spectra[0] || !b->spectra[1] || !b->psd || !b->samples || !b->load) {
		breathing_destroy(b);
		return NULL;
	}
	b->sum = b->psd + b->n_bins;
	b->smooth = b->samples + n_long;
	b->scratch = b->load + n_channels;
	return b;
}

void breathing_destroy(struct breathing *b)
{
	if (!b)
		return;
	free(b->load);
	free(b->samples);
	free(b->psd);
	spectrum_destroy(b->spectra[1]);
	spectrum_destroy(b->spectra[0]);
	free(b);
}

/* Bins from the one nearest low_hz up to, not with, the one beyond high_hz. */
struct span {
	size_t from, to;
};

static struct span span_of(double low_hz, double high_hz, double bin_hz, size_t n_bins)
{
	size_t from = (size_t)fmax(1, ceil(low_hz / bin_hz - 1e-9));
	size_t to = (size_t)floor(high_hz / bin_hz + 1e-9) + 1;

	return (struct span){from, to < n_bins ? to : n_bins};
}

static double power_in(const float *psd, struct span span)
{
	double power = 0;

	for (size_t i = span.from; i < span.to; i++)
		power += psd[i];
	return power;
}

/* Power near peak_hz and twice that, and in the whole band. */
static double power_near(const float *psd, double peak_hz, double bin_hz, struct span band)
{
	double power = 0;

	for (int harmonic = 1; harmonic <= 2; harmonic++) {
		double low_hz = fmax(harmonic * peak_hz - NEAR_HZ, BAND_LOW_HZ);
		double high_hz = fmin(harmonic * peak_hz + NEAR_HZ, BAND_HIGH_HZ);
		struct span near = span_of(low_hz, high_hz, bin_hz, band.to);
		if (near.from < near.to)
			power += power_in(psd, near);
	}
	return power;
}

static float quality_at(const float *psd, double peak_hz, double bin_hz, struct span band)
{
	double near = power_near(psd, peak_hz, bin_hz, band);
	double rest = power_in(psd, band) - near;

	return rest > 0 ? (float)(near / rest) : 0;
}

/* The load below which a channel is not read: unloaded, or beyond the N_CHANNELS_MAX greatest. */
static float least_load(struct breathing *b, size_t n_channels)
{
	if (n_channels == 1)
		return -INFINITY;
	float base = robust_quantile(b->load, n_channels, 0.1, b->scratch);
	float greatest = robust_quantile(b->load, n_channels, 1, b->scratch);
	float least = base + (float)LOADED_PART * (greatest - base);
	if (n_channels > N_CHANNELS_MAX) {
		double q = 1 - (double)N_CHANNELS_MAX / (double)n_channels;
		least = fmaxf(least, robust_quantile(b->load, n_channels, q, b->scratch));
	}
	return least;
}

static bool add_channel(
    struct breathing *b, struct spectrum *spectrum, size_t n, double rate_hz, struct span band)
{
	double bin_hz = spectrum_bin_hz(spectrum, rate_hz);
	struct span peak = span_of(PEAK_LOW_HZ, PEAK_HIGH_HZ, bin_hz, b->n_bins);

	filter_detrend_moving(b->samples, n, (size_t)(DETREND_S * rate_hz), b->smooth);
	spectrum_density(spectrum, b->smooth, rate_hz, b->psd);
	double power = power_in(b->psd, band);
	if (!(power > 0))
		return false;
	double peak_hz = (double)peak_greatest(b->psd, peak.from, peak.to) * bin_hz;
	float weight = quality_at(b->psd, peak_hz, bin_hz, band) / (float)power;
	for (size_t i = band.from - 1; i < band.to + 1 && i < b->n_bins; i++)
		b->sum[i] += weight * b->psd[i];
	return true;
}

static size_t find_peak(const float *sum, size_t n_bins, double bin_hz)
{
	struct span span = span_of(PEAK_LOW_HZ, PEAK_HIGH_HZ, bin_hz, n_bins);
	size_t peak = peak_greatest(sum, span.from, span.to);

	if ((double)peak * bin_hz > SUBHARMONIC_HZ && sum[peak / 2] >= SUBHARMONIC_PART * sum[peak])
		peak = peak_greatest(sum, peak / 2 - 1, peak / 2 + 2);
	return peak;
}

bool breathing_find(struct breathing *b, const struct history *history, bool long_window,
    struct breathing_estimate *out)
{
	struct spectrum *spectrum = b->spectra[long_window];
	size_t n = spectrum_n_samples(spectrum);
	double rate_hz = history_rate_hz(history);
	double bin_hz = spectrum_bin_hz(spectrum, rate_hz);
	struct span band = span_of(BAND_LOW_HZ, BAND_HIGH_HZ, bin_hz, b->n_bins);
	size_t n_read = 0;

	history_means(history, (size_t)(LOAD_S * rate_hz), b->load);
	float least = least_load(b, history_n_channels(history));
	for (size_t i = 0; i < b->n_bins; i++)
		b->sum[i] = 0;
	for (size_t c = 0; c < history_n_channels(history); c++) {
		if (b->load[c] < least)
			continue;
		history_read(history, c, n, b->samples);
		n_read += add_channel(b, spectrum, n, rate_hz, band);
	}
	if (n_read == 0)
		return false;
	size_t peak = find_peak(b->sum, b->n_bins, bin_hz);
	double peak_hz = peak_log_parabolic(b->sum, b->n_bins, peak) * bin_hz;
	/* At the band's edge and still rising outwards: a slope, as of creep, and no peak. */
	bool stands = b->sum[peak] >= b->sum[peak - 1] && b->sum[peak] >= b->sum[peak + 1];
	out->per_min = (float)(60 * peak_hz);
	out->quality = stands ? quality_at(b->sum, peak_hz, bin_hz, band) : 0;
	out->quality_least = (float)(QUALITY_MANY + QUALITY_ONE / sqrt((double)n_read));
	return true;
}
