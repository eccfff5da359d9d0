/*
 *	P(f)   sum over channels that carry load of their spectra, each over its noise's variance
 *	l(f)   log of P over its surroundings, 0 to LINE_MOST
 *	s(r)   o + e - |o - e| - 2 b, with o the mean of l at r and 3 r, e at 2 r and 4 r, and b at
 *	       1.5, 2.5 and 3.5 r, where nothing may be
 *
 * |o - e| refuses half the rate, whose even lines alone are there; b refuses twice the rate and
 * the ratios 2/3 and 3/2. One tall line counts no more than LINE_MOST, or any hum would be a heart.
 * Below LOW_HZ breathing has lines of its own, some 0.2 Hz apart: there the surroundings are what
 * nine tenths of them stay below, so that a comb of many lines stands out nowhere.
 */
#include "body/vitals_lines.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "body/vitals_courses.h"
#include "dsp/filter.h"
#include "dsp/peak.h"
#include "dsp/robust.h"
#include "dsp/spectrum.h"

#define RATE_STEP      0.5 /* per minute, between the rates that are tried */
#define N_RATES        181 /* 40 to 130 */
#define ZERO_PADDING   2
#define TOP_HZ         10.0  /* 4.5 times the fastest heart, and its surroundings */
#define RATE_PART      0.45  /* of the frame rate: above it the mat.s own filter rules */
#define LINE_HALF_PART 0.012 /* of a line's frequency: its half width as the heart sways */
#define LINE_MOST      1.0
#define KNOT_HZ        0.2 /* the surroundings are found so far apart, and drawn between */
#define NEAR_LOW_HZ    0.4 /* half the width of the surroundings, where breathing has lines */
#define NEAR_HZ        0.7 /* and elsewhere */
#define BREATHING_PART 0.9
#define LOW_HZ         1.6
#define HIGH_HZ        2.2 /* from LOW_HZ to here the one kind gives way to the other */
#define SCATTER_LOW_HZ 2.0
#define SCATTER_LEAST  0.08F /* fewer channels than a hundred and fifty scatter more */
#define FOLLOW_S       60.0
#define REFINE_PER_MIN 3.0 /* the newest window's own peak is sought so near what is followed */
#define RIVAL_PART     0.10
#define SCORE_FIRST    1.0 /* so much more in one window alone */
#define SCORE_SETTLE_S 30.0
#define MARGIN_FIND    0.8F
#define N_KNOTS        64

struct lines {
	size_t n_samples, n_bins; /* of a window; of the spectrum up to TOP_HZ */
	double rate_hz, bin_hz;
	struct spectrum *spectrum;
	float *samples, *psd;         /* n_samples, the spectrum's bins */
	float *sum;                   /* n_bins: P, then its logarithm, then what l is made of */
	float *scratch;               /* n_bins */
	float *load, *noise, *sorted; /* n_channels each */
	float now[N_RATES], followed[N_RATES], before[N_RATES];
	double followed_s; /* how long; negative: not yet */
};

struct lines *lines_create(const struct history *history)
{
	struct lines *l = calloc(1, sizeof(*l));
	size_t n_channels = history_n_channels(history);

	if (!l)
		return NULL;
	l->rate_hz = history_rate_hz(history);
	l->n_samples = (size_t)(HEART_WINDOW_S * l->rate_hz);
	l->spectrum = spectrum_create(
	    l->n_samples, spectrum_quick_size(ZERO_PADDING * l->n_samples));
	if (!l->spectrum)
		goto fail;
	l->bin_hz = spectrum_bin_hz(l->spectrum, l->rate_hz);
	l->n_bins = (size_t)(fmin(TOP_HZ, RATE_PART * l->rate_hz) / l->bin_hz);
	l->samples = calloc(
	    l->n_samples + spectrum_n_bins(l->spectrum) + 2 * l->n_bins, sizeof(float));
	l->load = calloc(3 * n_channels, sizeof(float));
	if (!l->samples || !l->load)
		goto fail;
	l->psd = l->samples + l->n_samples;
	l->sum = l->psd + spectrum_n_bins(l->spectrum);
	l->scratch = l->sum + l->n_bins;
	l->noise = l->load + n_channels;
	l->sorted = l->noise + n_channels;
	lines_reset(l);
	return l;
fail:
	lines_destroy(l);
	return NULL;
}

void lines_destroy(struct lines *l)
{
	if (!l)
		return;
	free(l->load);
	free(l->samples);
	spectrum_destroy(l->spectrum);
	free(l);
}

void lines_reset(struct lines *l)
{
	l->followed_s = -1;
}

/* The noise of each channel that carries load, negative for the others; returns their median. */
static float find_noise(struct lines *l, const struct history *history)
{
	size_t n_channels = history_n_channels(history), n = 0;
	float least = courses_least_load(history, l->load, l->sorted);

	for (size_t c = 0; c < n_channels; c++) {
		l->noise[c] = -1;
		if (!(l->load[c] >= least))
			continue;
		history_read(history, c, l->n_samples, l->samples);
		l->noise[c] = courses_noise(l->samples, l->n_samples);
		l->sorted[n++] = l->noise[c];
	}
	return robust_median(l->sorted, n, l->sorted);
}

/* P, then its logarithm. False: there is nothing. */
static bool sum_spectra(struct lines *l, const struct history *history)
{
	float median = find_noise(l, history);

	if (!(median > 0))
		return false;
	memset(l->sum, 0, l->n_bins * sizeof(*l->sum));
	for (size_t c = 0; c < history_n_channels(history); c++) {
		if (l->noise[c] < 0)
			continue;
		float noise = fmaxf(l->noise[c], COURSES_NOISE_LEAST_PART * median);
		history_read(history, c, l->n_samples, l->samples);
		filter_detrend(l->samples, l->n_samples);
		spectrum_density(l->spectrum, l->samples, l->rate_hz, l->psd);
		for (size_t i = 0; i < l->n_bins; i++)
			l->sum[i] += l->psd[i] / (noise * noise);
	}
	for (size_t i = 0; i < l->n_bins; i++)
		l->sum[i] = logf(fmaxf(l->sum[i], FLT_MIN));
	return true;
}

static float quantile_near(struct lines *l, double hz, double half_hz, double q)
{
	size_t from = (size_t)(fmax(hz - half_hz, 0) / l->bin_hz) + 1;
	size_t to = (size_t)((hz + half_hz) / l->bin_hz) + 1;

	to = to < l->n_bins ? to : l->n_bins;
	return from < to ? robust_quantile(l->sum + from, to - from, q, l->scratch) : 0;
}

/* The surroundings of one frequency: their median, and above it near what breathing draws. */
static float surroundings(struct lines *l, double hz, float *median)
{
	float low = (float)fmin(fmax((HIGH_HZ - hz) / (HIGH_HZ - LOW_HZ), 0), 1);

	*median = quantile_near(l, hz, NEAR_HZ, 0.5);
	if (!(low > 0))
		return *median;
	float most = quantile_near(l, hz, NEAR_LOW_HZ, BREATHING_PART);
	return *median + low * fmaxf(0, most - *median);
}

/*
 * Makes of the logarithm of P, in place, how far it stands above its surroundings, as a ratio, so
 * that a mean over a line's bins is one of powers. Returns the scatter where only noise is likely.
 */
static float level(struct lines *l)
{
	float knots[N_KNOTS + 1], medians[N_KNOTS + 1];
	size_t n_scatter = 0;
	size_t n_knots = (size_t)((double)l->n_bins * l->bin_hz / KNOT_HZ) + 1;

	n_knots = n_knots < N_KNOTS ? n_knots : N_KNOTS;
	for (size_t k = 0; k <= n_knots; k++)
		knots[k] = surroundings(l, KNOT_HZ * (double)k, &medians[k]);
	for (size_t i = 0; i < l->n_bins; i++) {
		double hz = (double)i * l->bin_hz, place = hz / KNOT_HZ;
		size_t k = (size_t)fmin(place, (double)n_knots - 1);
		float part = (float)(place - (double)k);
		float median = medians[k] + part * (medians[k + 1] - medians[k]);
		float base = knots[k] + part * (knots[k + 1] - knots[k]);
		if (hz >= SCATTER_LOW_HZ)
			l->scratch[n_scatter++] = fabsf(l->sum[i] - median);
		l->sum[i] = expf(fminf(l->sum[i] - base, 4));
	}
	float scatter = robust_median(l->scratch, n_scatter, l->scratch);
	return fmaxf(SCATTER_LEAST, ROBUST_SIGMA_PER_MAD * scatter);
}

/* l at one frequency: 0 where nothing stands out, or beyond the spectrum. */
static double line_at(const struct lines *l, double hz)
{
	double half_hz = fmax(LINE_HALF_PART * hz, l->bin_hz);
	size_t from = (size_t)lround((hz - half_hz) / l->bin_hz);
	size_t to = (size_t)lround((hz + half_hz) / l->bin_hz) + 1;
	double sum = 0;

	if (to > l->n_bins)
		return 0;
	for (size_t i = from; i < to; i++)
		sum += (double)l->sum[i];
	return fmin(fmax(log(sum / (double)(to - from)), 0), LINE_MOST);
}

static double score_rate(const struct lines *l, double per_min)
{
	double hz = per_min / 60;
	double odd = (line_at(l, hz) + line_at(l, 3 * hz)) / 2;
	double even = (line_at(l, 2 * hz) + line_at(l, 4 * hz)) / 2;
	double between = (line_at(l, 1.5 * hz) + line_at(l, 2.5 * hz) + line_at(l, 3.5 * hz)) / 3;

	return odd + even - fabs(odd - even) - 2 * between;
}

static double rate_of(double index)
{
	return HEART_PER_MIN_LOW + RATE_STEP * index;
}

/* A running mean over FOLLOW_S, along whichever way of at most a step a call serves each rate best. */
static void follow(struct lines *l, double dt_s)
{
	double keep = l->followed_s < 0 ? 0 : exp(-dt_s / FOLLOW_S);

	memcpy(l->before, l->followed, sizeof(l->before));
	for (size_t i = 0; i < N_RATES; i++) {
		float best = l->before[i];
		if (i > 0)
			best = fmaxf(best, l->before[i - 1]);
		if (i + 1 < N_RATES)
			best = fmaxf(best, l->before[i + 1]);
		l->followed[i] = (float)keep * best + (float)(1 - keep) * l->now[i];
	}
	l->followed_s = l->followed_s < 0 ? 0 : l->followed_s + dt_s;
}

static float best_rival(const struct lines *l, size_t best)
{
	double rate = rate_of((double)best);
	float rival = 0;

	for (size_t i = 0; i < N_RATES; i++)
		if (fabs(rate_of((double)i) - rate) > RIVAL_PART * rate)
			rival = fmaxf(rival, l->followed[i]);
	return rival;
}

/* The newest window's own peak near the rate that is followed. */
static double refine(const struct lines *l, size_t best)
{
	size_t reach = (size_t)(REFINE_PER_MIN / RATE_STEP);
	size_t from = best > reach ? best - reach : 0;
	size_t to = best + reach + 1 < N_RATES ? best + reach + 1 : N_RATES;
	double sum = 0, moment = 0;

	for (size_t i = from; i < to; i++) {
		double weight = fmax(0, (double)l->now[i]);
		weight *= weight;
		sum += weight;
		moment += weight * (double)i;
	}
	return rate_of(sum > 0 ? moment / sum : (double)best);
}

bool lines_find(
    struct lines *l, const struct history *history, double dt_s, struct heart_estimate *out)
{
	if (!sum_spectra(l, history))
		return false;
	float scatter = level(l);
	for (size_t i = 0; i < N_RATES; i++)
		l->now[i] = (float)score_rate(l, rate_of((double)i)) / scatter;
	follow(l, dt_s);
	size_t best = peak_greatest(l->followed, 0, N_RATES);
	out->per_min = (float)refine(l, best);
	out->score = l->followed[best];
	out->margin = out->score - best_rival(l, best);
	double least = LINES_SCORE_FIND + SCORE_FIRST * exp(-l->followed_s / SCORE_SETTLE_S);
	return (double)out->score >= least && out->margin >= MARGIN_FIND;
}
