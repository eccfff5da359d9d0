/*
 * S(f) = sum over courses (vitals_courses.h) of q_c P_c(f), each P_c scaled to unit power.
 *
 *	f_c  the greatest of P_c in 0.1-0.5 Hz
 *	q_c  power within 0.03 Hz of f_c and of 2 f_c over the rest of 0.08-0.7 Hz
 *
 * Noise has a highest peak too: see the limits of q below.
 */
#include "body/vitals_breathing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/vitals_courses.h"
#include "dsp/filter.h"
#include "dsp/peak.h"
#include "dsp/spectrum.h"

/* docs/methods.md, section 3 */
#define PEAK_LOW_HZ      0.1
#define PEAK_HIGH_HZ     0.6 /* 35 a minute, and its slope */
#define BAND_LOW_HZ      0.08
#define BAND_HIGH_HZ     0.75
#define NEAR_HZ          0.03
#define SUBHARMONIC_HZ   0.4 /* above this, half the frequency is looked at */
#define SUBHARMONIC_PART 0.5
#define ZERO_PADDING     4

/*
 * The limit of q, as the geometric mean of two windows that agree. Measured on hours of simulated
 * dead weights with noise, creep and drift: passed in none of 2,000 windows, with a tenth to spare.
 */
#define QUALITY_MANY 0.50
#define QUALITY_ONE  0.50
/*
 * A drift like a random walk has its power where the band begins and a peak there, in 2-5 % of a
 * mat's windows clear enough for noise: so the slowest breaths must be clearer by so much, those of
 * DRIFT_TOP_HZ and more not. Not on a strip, where real breaths of 6-9 a minute are no clearer.
 */
#define QUALITY_SLOW  2.0
#define DRIFT_TOP_HZ  0.18
#define DRIFT_SPAN_HZ 0.08
#define DETREND_S     16.0 /* a mean over 10 s has its first zero at 0.1 Hz */
#define LOW_RATE_HZ   2.5  /* enough for 0.7 Hz */
#define FLAT_MOST     4.0  /* more is never needed inside the band */
#define SHAKEN_PART   0.6  /* of what it would leave of white noise: detrended, 0.8-0.9 */
#define SMOOTH_S      1.2  /* a Hann kernel: -3 dB at 0.6 Hz, nothing left where beats fold back */

struct breathing {
	size_t step, n_kernel; /* of the history: samples to one of ours; of the kernel */
	double rate_hz;        /* ours */
	double kernel_power;   /* what it leaves of white noise */
	size_t n_window;
	struct spectrum *spectrum; /* of one window */
	size_t n_bins;
	float *psd, *sum, *flat; /* n_bins; flat undoes the kernel's roll-off */
	float *samples, *low, *kernel;
	struct courses *courses;
	bool is_mat;
	int clearest; /* course of the window read last; -1: none */
	float clearest_quality;
	size_t n_wave;
	float *weights, *wave; /* n_channels; 2 n_wave */
};

/* A Hann kernel of unit sum, without its zeros at both ends. */
static void make_kernel(struct breathing *b)
{
	double sum = 0;

	for (size_t i = 0; i < b->n_kernel; i++) {
		double phase = 2 * M_PI * (double)(i + 1) / (double)(b->n_kernel + 1);
		b->kernel[i] = (float)(0.5 - 0.5 * cos(phase));
		sum += (double)b->kernel[i];
	}
	for (size_t i = 0; i < b->n_kernel; i++) {
		b->kernel[i] = (float)((double)b->kernel[i] / sum);
		b->kernel_power += (double)b->kernel[i] * (double)b->kernel[i];
	}
	for (size_t bin = 0; bin < b->n_bins; bin++) {
		double middle = ((double)b->n_kernel - 1) / 2;
		double angle = M_PI * (double)bin / (double)((b->n_bins - 1) * b->step), gain = 0;
		for (size_t i = 0; i < b->n_kernel; i++)
			gain += (double)b->kernel[i] * cos(angle * ((double)i - middle));
		b->flat[bin] = (float)fmin(1 / (gain * gain), FLAT_MOST);
	}
}

struct breathing *breathing_create(const struct history *history)
{
	struct breathing *b = calloc(1, sizeof(*b));
	double grid_hz = history_rate_hz(history);

	if (!b)
		return NULL;
	b->is_mat = history_n_channels(history) > COURSES_DIRECT;
	b->step = (size_t)fmax(1, floor(grid_hz / LOW_RATE_HZ));
	b->rate_hz = grid_hz / (double)b->step;
	b->n_kernel = 2 * (size_t)(SMOOTH_S * grid_hz / 2) + 1;
	b->n_window = (size_t)(BREATHING_WINDOW_S * b->rate_hz);
	size_t n_fft = spectrum_quick_size(ZERO_PADDING * b->n_window);
	size_t n_samples = 2 * b->n_window * b->step;
	b->spectrum = spectrum_create(b->n_window, n_fft);
	b->n_bins = n_fft / 2 + 1;
	b->psd = calloc(3 * b->n_bins, sizeof(float));
	b->samples = calloc(n_samples + 2 * b->n_window + b->n_kernel, sizeof(float));
	b->courses = courses_create(history_n_channels(history), 2 * b->n_window);
	b->clearest = -1;
	b->n_wave = b->n_window * b->step;
	b->weights = calloc(history_n_channels(history) + 2 * b->n_wave, sizeof(float));
	if (!b->spectrum || !b->psd || !b->samples || !b->courses || !b->weights) {
		breathing_destroy(b);
		return NULL;
	}
	b->sum = b->psd + b->n_bins;
	b->flat = b->sum + b->n_bins;
	b->low = b->samples + n_samples;
	b->kernel = b->low + 2 * b->n_window;
	b->wave = b->weights + history_n_channels(history);
	make_kernel(b);
	return b;
}

void breathing_destroy(struct breathing *b)
{
	if (!b)
		return;
	courses_destroy(b->courses);
	free(b->weights);
	free(b->samples);
	free(b->psd);
	spectrum_destroy(b->spectrum);
	free(b);
}

void breathing_reset(struct breathing *b)
{
	courses_reset(b->courses);
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

static float inside(const struct breathing *b, const float *samples)
{
	float value = 0;

	for (size_t j = 0; j < b->n_kernel; j++)
		value += b->kernel[j] * samples[j];
	return value;
}

/* Beyond its ends the window goes on as it is there. */
static float at_edge(const struct breathing *b, size_t middle, size_t n)
{
	size_t half = b->n_kernel / 2;
	float value = 0;

	for (size_t j = 0; j < b->n_kernel; j++) {
		size_t at = middle + j < half ? 0 : middle + j - half;
		value += b->kernel[j] * b->samples[at < n ? at : n - 1];
	}
	return value;
}

/* Smooths b->samples, less their mean, and keeps n_low of them, every step-th. */
static void smooth(struct breathing *b, size_t n_low, size_t step, float *low)
{
	size_t n = n_low * step, half = b->n_kernel / 2;
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += (double)b->samples[i];
	float mean = (float)(sum / (double)n);
	for (size_t i = 0; i < n; i++)
		b->samples[i] -= mean;
	for (size_t k = 0; k < n_low; k++) {
		size_t middle = k * step + step / 2;
		bool whole = middle >= half && middle + half < n;
		low[k] = whole ? inside(b, b->samples + middle - half) : at_edge(b, middle, n);
	}
}

static double mean_power(const float *values, size_t n_values)
{
	double power = 0;

	for (size_t i = 0; i < n_values; i++)
		power += (double)values[i] * (double)values[i];
	return power / (double)n_values;
}

/*
 * False: less is in the breath's band than noise would leave there that changes as much from sample
 * to sample. So it is no noise, but something quick and regular, as steps are, and what is in the
 * band may be their echo.
 */
static bool read_rows(struct breathing *b, const struct history *history, size_t n_low)
{
	double least = SHAKEN_PART * b->kernel_power, slow = 0;
	size_t n_rows = 0;

	courses_begin(b->courses, history, n_low);
	for (size_t c = 0; c < history_n_channels(history); c++) {
		if (!courses_wants(b->courses, c))
			continue;
		history_read(history, c, n_low * b->step, b->samples);
		smooth(b, n_low, b->step, b->low);
		float *row = courses_next(b->courses);
		filter_detrend_moving(b->low, n_low, (size_t)(DETREND_S * b->rate_hz), row);
		float noise = courses_noise(b->samples, n_low * b->step);
		courses_add(b->courses, c, noise);
		/* No noise at all: a perfect sensor shakes nothing. */
		slow += noise > 0 ? fmin(mean_power(row, n_low) / (noise * noise), 1) : 1;
		n_rows++;
	}
	return slow >= least * (double)n_rows;
}

static bool add_course(struct breathing *b, size_t which, const float *course, struct span band)
{
	double bin_hz = spectrum_bin_hz(b->spectrum, b->rate_hz);
	struct span peak = span_of(PEAK_LOW_HZ, PEAK_HIGH_HZ, bin_hz, b->n_bins);

	spectrum_density(b->spectrum, course, b->rate_hz, b->psd);
	for (size_t i = 0; i < band.to + 1 && i < b->n_bins; i++)
		b->psd[i] *= b->flat[i];
	double power = power_in(b->psd, band);
	if (!(power > 0))
		return false;
	double peak_hz = (double)peak_greatest(b->psd, peak.from, peak.to) * bin_hz;
	float quality = quality_at(b->psd, peak_hz, bin_hz, band);
	if (b->clearest < 0 || quality > b->clearest_quality) {
		b->clearest = (int)which;
		b->clearest_quality = quality;
	}
	float weight = quality / (float)power;
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

/* S of one window's courses, by what was learnt. */
static struct breathing_estimate read_window(struct breathing *b, size_t from)
{
	double bin_hz = spectrum_bin_hz(b->spectrum, b->rate_hz);
	struct span band = span_of(BAND_LOW_HZ, BAND_HIGH_HZ, bin_hz, b->n_bins);
	size_t n_read = 0;

	memset(b->sum, 0, b->n_bins * sizeof(*b->sum));
	b->clearest = -1;
	for (size_t i = 0; i < courses_count(b->courses); i++) {
		courses_form(b->courses, i, from, b->n_window, b->low);
		n_read += add_course(b, i, b->low, band);
	}
	if (n_read == 0)
		return (struct breathing_estimate){0};
	size_t peak = find_peak(b->sum, b->n_bins, bin_hz);
	double peak_hz = peak_log_parabolic(b->sum, b->n_bins, peak) * bin_hz;
	/* At the band's edge and still rising outwards: a slope, as of creep, and no peak. */
	bool stands = b->sum[peak] >= b->sum[peak - 1] && b->sum[peak] >= b->sum[peak + 1];
	double least = QUALITY_MANY + QUALITY_ONE / sqrt((double)n_read);
	if (b->is_mat && peak_hz < DRIFT_TOP_HZ)
		least *= 1 + QUALITY_SLOW * fmin((DRIFT_TOP_HZ - peak_hz) / DRIFT_SPAN_HZ, 1);
	return (struct breathing_estimate){
	    .per_min = (float)(60 * peak_hz),
	    .quality = stands ? quality_at(b->sum, peak_hz, bin_hz, band) : 0,
	    .quality_least = (float)least,
	};
}

bool breathing_find(struct breathing *b, const struct history *history, bool two_windows,
    struct breathing_estimate *newer, struct breathing_estimate *older)
{
	size_t n = b->n_window;

	*newer = *older = (struct breathing_estimate){.quality_least = 1};
	b->clearest = -1;
	if (!read_rows(b, history, two_windows ? 2 * n : n))
		return true;
	if (two_windows) {
		courses_learn(b->courses, n, n);
		*older = read_window(b, 0);
		courses_learn(b->courses, 0, n);
	}
	*newer = read_window(b, two_windows ? n : 0);
	return newer->quality_least > 0;
}

bool breathing_wave(struct breathing *b, const struct history *history, struct wave *wave)
{
	size_t n = b->n_wave;
	float *read = b->wave, *slow = b->wave + n;

	if (b->clearest < 0)
		return false;
	courses_weights(b->courses, (size_t)b->clearest, b->weights);
	memset(b->samples, 0, n * sizeof(*b->samples));
	for (size_t c = 0; c < history_n_channels(history); c++) {
		if (b->weights[c] == 0)
			continue;
		history_read(history, c, n, read);
		for (size_t i = 0; i < n; i++)
			b->samples[i] += b->weights[c] * read[i];
	}
	smooth(b, n, 1, slow);
	filter_detrend_moving(slow, n, (size_t)(DETREND_S * history_rate_hz(history)), b->wave);
	*wave = (struct wave){history_newest_ns(history), history_rate_hz(history), n, b->wave};
	return true;
}
