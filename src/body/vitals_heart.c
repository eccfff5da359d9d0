/*
 *	r(T)      autocorrelation at lag T, the mean over bands and over pieces of 8 s that
 *	          overlap by half; pieces, because the rate drifts within 30 s and long products blur
 *	score(T)  min(r(T), r(2 T)) - (r(T / 2) + r(3 T / 2)) / 2
 *
 * Channels are added by the square of their own best score.
 * The rate is that of the mean of T and half of 2 T, as the peaks of r near them give them.
 * The dips at T / 2 and 3 T / 2 settle the octave: at twice the period they would be peaks, at
 * half of it r(T) itself is a dip. Without them one window in five was wrong by a factor of two
 * on a real strip under a mattress; with them none of 114.
 * Limits: talking and singing drown it; so do beats that are very uneven.
 */
#include "body/vitals_heart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/autocorrelation.h"
#include "dsp/filter.h"
#include "dsp/peak.h"

/* Where a beat under a mattress stood out, measured on that strip: 1.5-6 Hz; wider on purpose. */
static const struct {
	double low_hz, high_hz;
} bands[] = {{1, 3}, {1.5, 4}, {2, 5}, {3, 6}, {4, 8}};

#define N_BANDS             (sizeof(bands) / sizeof(bands[0]))
#define SETTLE_S            1.0 /* the filters' start, thrown away */
#define PIECE_S             8.0
#define ENVELOPE_LOW_HZ     3.0 /* docs/methods.md, section 3 */
#define ENVELOPE_TOP_HZ     9.0
#define ENVELOPE_SCORE_FIND 0.60F /* one band instead of five: noise reaches further */
#define BEATS_LOW_HZ        0.6
#define BEATS_TOP_HZ        4.0
#define BREATH_LOW_HZ       0.1
#define BREATH_TOP_HZ       0.6
#define SHAKE_LOW_HZ        0.8
#define SHAKE_TOP_HZ        8.0
#define SHAKE_MOST          4.0  /* of the breath's power: a real strip has 0.1-1.1 (5 and 95 %) */
#define RIVAL_PART          0.12 /* nearer periods are the same peak */
#define REFINE_PART         0.06 /* of a lag: the peak of r is sought this near it */

struct heart {
	size_t n_samples, n_piece, n_lags, lag_low, lag_top;
	float *samples, *band;          /* n_samples each */
	float *piece, *own, *r, *score; /* n_lags each; own: r of one channel */
};

struct heart *heart_create(const struct history *history)
{
	struct heart *h = calloc(1, sizeof(*h));
	double rate_hz = history_rate_hz(history);

	if (!h)
		return NULL;
	h->n_samples = (size_t)(HEART_WINDOW_S * rate_hz);
	h->n_piece = (size_t)(PIECE_S * rate_hz);
	h->lag_low = (size_t)(rate_hz * 60 / HEART_PER_MIN_TOP);
	h->lag_top = (size_t)ceil(rate_hz * 60 / HEART_PER_MIN_LOW) + 1;
	h->n_lags = (size_t)((2 + 3 * REFINE_PART) * (double)h->lag_top) + 8;
	h->samples = calloc(2 * h->n_samples, sizeof(float));
	h->piece = calloc(4 * h->n_lags, sizeof(float));
	if (!h->samples || !h->piece) {
		heart_destroy(h);
		return NULL;
	}
	h->band = h->samples + h->n_samples;
	h->own = h->piece + h->n_lags;
	h->r = h->own + h->n_lags;
	h->score = h->r + h->n_lags;
	return h;
}

void heart_destroy(struct heart *h)
{
	if (!h)
		return;
	free(h->piece);
	free(h->samples);
	free(h);
}

/* Adds a band's autocorrelation, the mean over its pieces. */
static void add_band(struct heart *h, const float *values, size_t n_values)
{
	size_t n_pieces = n_values < h->n_piece ? 0
	                                        : 1 + (n_values - h->n_piece) / (h->n_piece / 2);

	for (size_t i = 0; i < n_pieces; i++) {
		autocorrelation(values + i * (h->n_piece / 2), h->n_piece, h->piece, h->n_lags);
		for (size_t lag = 0; lag < h->n_lags; lag++)
			h->own[lag] += h->piece[lag] / (float)n_pieces;
	}
}

static float r_at(const struct heart *h, const float *r, double lag)
{
	size_t i = (size_t)lag;
	float part = (float)(lag - (double)i);

	return i + 1 < h->n_lags ? r[i] + part * (r[i + 1] - r[i]) : r[h->n_lags - 1];
}

/* Fills h->score from r and returns the lag of the best. */
static size_t score_periods(struct heart *h, const float *r)
{
	for (size_t lag = 0; lag < h->n_lags; lag++) {
		double period = (double)lag;
		h->score[lag] = -1;
		if (lag < h->lag_low || lag > h->lag_top || r[lag] <= 0)
			continue;
		h->score[lag] = fminf(r[lag], r_at(h, r, 2 * period)) -
		                (r_at(h, r, period / 2) + r_at(h, r, 1.5 * period)) / 2;
	}
	return peak_greatest(h->score, h->lag_low, h->lag_top + 1);
}

/* Adds h->own, of so many bands, to r, by the square of its own best score. Returns the weight. */
static float add_own(struct heart *h, size_t n_bands)
{
	for (size_t lag = 0; lag < h->n_lags; lag++)
		h->own[lag] /= (float)n_bands;
	float clear = fmaxf(0, h->score[score_periods(h, h->own)]);
	float weight = clear * clear;
	for (size_t lag = 0; lag < h->n_lags; lag++)
		h->r[lag] += weight * h->own[lag];
	return weight;
}

static void filter_samples(struct heart *h, double low_hz, double high_hz, double rate_hz)
{
	memcpy(h->band, h->samples, h->n_samples * sizeof(*h->band));
	filter_band(h->band, h->n_samples, low_hz, high_hz, rate_hz);
}

typedef float add_channel(struct heart *h, double rate_hz);

/* The channel in h->samples, as it swings. */
static float add_swings(struct heart *h, double rate_hz)
{
	size_t n_settle = (size_t)(SETTLE_S * rate_hz);

	memset(h->own, 0, h->n_lags * sizeof(*h->own));
	for (size_t i = 0; i < N_BANDS; i++) {
		filter_samples(h, bands[i].low_hz, bands[i].high_hz, rate_hz);
		add_band(h, h->band + n_settle, h->n_samples - n_settle);
	}
	return add_own(h, N_BANDS);
}

/* And how strongly it swings: where beats are uneven, swings of 5 Hz soon fall out of step. */
static float add_envelope(struct heart *h, double rate_hz)
{
	size_t n_settle = (size_t)(SETTLE_S * rate_hz);

	memset(h->own, 0, h->n_lags * sizeof(*h->own));
	filter_samples(h, ENVELOPE_LOW_HZ, ENVELOPE_TOP_HZ, rate_hz);
	for (size_t i = 0; i < h->n_samples; i++)
		h->band[i] = fabsf(h->band[i]);
	filter_band(h->band, h->n_samples, BEATS_LOW_HZ, BEATS_TOP_HZ, rate_hz);
	add_band(h, h->band + n_settle, h->n_samples - n_settle);
	return add_own(h, 1);
}

static double band_power(struct heart *h, double low_hz, double high_hz, double rate_hz)
{
	double power = 0;

	filter_samples(h, low_hz, high_hz, rate_hz);
	for (size_t i = 0; i < h->n_samples; i++)
		power += (double)h->band[i] * h->band[i];
	return power;
}

/* A person breathes more than her heart shakes; steps beside a suitcase shake what nobody breathes. */
static bool shaken(struct heart *h, const struct history *history)
{
	double rate_hz = history_rate_hz(history), breath = 0, shake = 0;

	for (size_t c = 0; c < history_n_channels(history); c++) {
		history_read(history, c, h->n_samples, h->samples);
		filter_detrend(h->samples, h->n_samples);
		breath += band_power(h, BREATH_LOW_HZ, BREATH_TOP_HZ, rate_hz);
		shake += band_power(h, SHAKE_LOW_HZ, SHAKE_TOP_HZ, rate_hz);
	}
	return shake > SHAKE_MOST * breath;
}

static float best_rival(const struct heart *h, size_t best)
{
	float rival = 0;

	for (size_t lag = h->lag_low; lag <= h->lag_top; lag++)
		if (fabs((double)lag - (double)best) > RIVAL_PART * (double)best)
			rival = fmaxf(rival, h->score[lag]);
	return rival;
}

/* The peak of r near a lag, to a fraction of a sample. */
static double refine_period(const struct heart *h, double lag)
{
	size_t near = (size_t)fmax(2, REFINE_PART * lag);
	size_t from = (size_t)lag - near;
	size_t to = (size_t)lag + near + 1;

	return peak_parabolic(h->r, h->n_lags, peak_greatest(h->r, from, to));
}

/* Reads all channels one way. False: there is nothing. */
static bool read_channels(
    struct heart *h, const struct history *history, add_channel *add, struct heart_estimate *out)
{
	double rate_hz = history_rate_hz(history);
	float weight = 0;

	memset(h->r, 0, h->n_lags * sizeof(*h->r));
	for (size_t c = 0; c < history_n_channels(history); c++) {
		history_read(history, c, h->n_samples, h->samples);
		filter_detrend(h->samples, h->n_samples);
		weight += add(h, rate_hz);
	}
	if (!(weight > 0))
		return false;
	for (size_t lag = 0; lag < h->n_lags; lag++)
		h->r[lag] /= weight;

	size_t best = score_periods(h, h->r);
	double period = refine_period(h, (double)best);
	period = (period + refine_period(h, 2 * period) / 2) / 2;
	out->per_min = (float)(60 * rate_hz / period);
	out->score = h->score[best];
	out->margin = h->score[best] - best_rival(h, best);
	return true;
}

bool heart_find(struct heart *h, const struct history *history, struct heart_estimate *out)
{
	struct heart_estimate envelope;

	if (shaken(h, history) || !read_channels(h, history, add_swings, out))
		return false;
	if (out->score < HEART_SCORE_FIND && read_channels(h, history, add_envelope, &envelope) &&
	    envelope.score >= ENVELOPE_SCORE_FIND)
		*out = envelope;
	return true;
}
