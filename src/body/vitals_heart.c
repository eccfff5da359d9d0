/*
 *	r(T)      autocorrelation at lag T, the mean over bands and over pieces of 8 s that
 *	          overlap by half; pieces, because the rate drifts within 30 s and long products blur
 *	score(T)  min(r(T), r(2 T)) - (r(T / 2) + r(3 T / 2)) / 2
 *
 * Channels are added by the square of their own best score: most of a mat does not feel a beat.
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
#include "dsp/robust.h"

/* Where a beat under a mattress stood out, measured on that strip: 1.5-6 Hz; wider on purpose. */
static const struct {
	double low_hz, high_hz;
} bands[] = {{1, 3}, {1.5, 4}, {2, 5}, {3, 6}, {4, 8}};

#define N_BANDS        (sizeof(bands) / sizeof(bands[0]))
#define SETTLE_S       1.0 /* the filters' start, thrown away */
#define PIECE_S        8.0
#define N_CHANNELS_MAX 8    /* read at most, those that shake most for their load */
#define RIVAL_PART     0.12 /* nearer periods are the same peak */
#define REFINE_PART    0.06 /* of a lag: the peak of r is sought this near it */

struct heart {
	size_t n_samples, n_piece, n_lags, lag_low, lag_top;
	float *samples, *band;          /* n_samples each */
	float *piece, *own, *r, *score; /* n_lags each; own: r of one channel */
	float *load, *shake, *scratch;  /* n_channels each */
};

struct heart *heart_create(const struct history *history)
{
	struct heart *h = calloc(1, sizeof(*h));
	double rate_hz = history_rate_hz(history);
	size_t n_channels = history_n_channels(history);

	if (!h)
		return NULL;
	h->n_samples = (size_t)(HEART_WINDOW_S * rate_hz);
	h->n_piece = (size_t)(PIECE_S * rate_hz);
	h->lag_low = (size_t)(rate_hz * 60 / HEART_PER_MIN_TOP);
	h->lag_top = (size_t)ceil(rate_hz * 60 / HEART_PER_MIN_LOW) + 1;
	h->n_lags = (size_t)((2 + 3 * REFINE_PART) * (double)h->lag_top) + 8;
	h->samples = calloc(2 * h->n_samples, sizeof(float));
	h->piece = calloc(4 * h->n_lags, sizeof(float));
	h->load = calloc(3 * n_channels, sizeof(float));
	if (!h->samples || !h->piece || !h->load) {
		heart_destroy(h);
		return NULL;
	}
	h->band = h->samples + h->n_samples;
	h->own = h->piece + h->n_lags;
	h->r = h->own + h->n_lags;
	h->score = h->r + h->n_lags;
	h->shake = h->load + n_channels;
	h->scratch = h->shake + n_channels;
	return h;
}

void heart_destroy(struct heart *h)
{
	if (!h)
		return;
	free(h->load);
	free(h->piece);
	free(h->samples);
	free(h);
}

/* Adds the autocorrelations of one band's pieces; returns how many there were. */
static size_t add_pieces(struct heart *h, const float *values, size_t n_values)
{
	size_t n_pieces = 0;

	for (size_t at = 0; at + h->n_piece <= n_values; at += h->n_piece / 2) {
		autocorrelation(values + at, h->n_piece, h->piece, h->n_lags);
		for (size_t lag = 0; lag < h->n_lags; lag++)
			h->own[lag] += h->piece[lag];
		n_pieces++;
	}
	return n_pieces;
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

/* Adds the channel in h->samples to r, by the square of its own best score. Returns the weight. */
static float add_channel(struct heart *h, double rate_hz)
{
	size_t n_settle = (size_t)(SETTLE_S * rate_hz);
	size_t n_pieces = 0;

	memset(h->own, 0, h->n_lags * sizeof(*h->own));
	filter_detrend(h->samples, h->n_samples);
	for (size_t i = 0; i < N_BANDS; i++) {
		memcpy(h->band, h->samples, h->n_samples * sizeof(*h->band));
		filter_band(h->band, h->n_samples, bands[i].low_hz, bands[i].high_hz, rate_hz);
		n_pieces += add_pieces(h, h->band + n_settle, h->n_samples - n_settle);
	}
	for (size_t lag = 0; lag < h->n_lags; lag++)
		h->own[lag] /= (float)n_pieces;
	float clear = fmaxf(0, h->score[score_periods(h, h->own)]);
	float weight = clear * clear;
	for (size_t lag = 0; lag < h->n_lags; lag++)
		h->r[lag] += weight * h->own[lag];
	return weight;
}

/* Sum of squared differences of neighbours: what there is above a few Hz, cheaply. */
static void measure_shake(struct heart *h, const struct history *history)
{
	history_means(history, h->n_samples, h->load);
	for (size_t c = 0; c < history_n_channels(history); c++) {
		double sum = 0;
		history_read(history, c, h->n_samples, h->samples);
		for (size_t i = 1; i < h->n_samples; i++) {
			double step = h->samples[i] - h->samples[i - 1];
			sum += step * step;
		}
		h->shake[c] = (float)sum;
	}
}

/* That of the last channel to be read. */
static float least_shake(struct heart *h, size_t n_channels)
{
	double beyond = n_channels > N_CHANNELS_MAX ? (double)(n_channels - N_CHANNELS_MAX) : 0;
	double q = n_channels > 1 ? beyond / (double)(n_channels - 1) : 0;

	return robust_quantile(h->shake, n_channels, q, h->scratch);
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

bool heart_find(struct heart *h, const struct history *history, struct heart_estimate *out)
{
	double rate_hz = history_rate_hz(history);
	size_t n_channels = history_n_channels(history);

	measure_shake(h, history);
	float least = least_shake(h, n_channels);
	memset(h->r, 0, h->n_lags * sizeof(*h->r));
	float weight = 0;
	for (size_t c = 0; c < n_channels; c++) {
		if (!(h->shake[c] > 0) || h->shake[c] < least)
			continue;
		history_read(history, c, h->n_samples, h->samples);
		weight += add_channel(h, rate_hz);
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
