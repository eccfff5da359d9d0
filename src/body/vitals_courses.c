#include "body/vitals_courses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "dsp/components.h"
#include "dsp/robust.h"

#define LOAD_S      5.0  /* the newest seconds say which channels carry load */
#define LOADED_PART 0.15 /* of the greatest channel's load */
#define ROWS_MAX    128  /* learnt from at most, those with most in the band for their noise */

#define LANES 8 /* sums side by side, so that the compiler may use the vector unit */

struct courses {
	size_t n_channels, n_samples, n_rows;
	bool direct, scaled;
	float least_load;
	float *rows;                                   /* n_channels x n_samples_max */
	size_t *channel;                               /* of each row */
	float *load, *noise, *scale, *power, *scratch; /* n_channels each */

	size_t n_learnt;
	float *learnt;  /* COURSES_MAX x n_channels */
	float *chosen;  /* ROWS_MAX x n_samples_max */
	float *weights; /* COURSES_MAX x ROWS_MAX */
	float *courses; /* COURSES_MAX x n_samples_max */
	size_t chosen_channel[ROWS_MAX];
};

struct courses *courses_create(size_t n_channels, size_t n_samples_max)
{
	struct courses *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->n_channels = n_channels;
	c->direct = n_channels <= COURSES_DIRECT;
	c->rows = calloc((n_channels + ROWS_MAX + COURSES_MAX) * n_samples_max, sizeof(float));
	c->channel = calloc(n_channels, sizeof(*c->channel));
	c->load = calloc(5 * n_channels, sizeof(float));
	c->learnt = calloc(COURSES_MAX * (n_channels + ROWS_MAX), sizeof(float));
	if (!c->rows || !c->channel || !c->load || !c->learnt) {
		courses_destroy(c);
		return NULL;
	}
	c->chosen = c->rows + n_channels * n_samples_max;
	c->courses = c->chosen + ROWS_MAX * n_samples_max;
	c->noise = c->load + n_channels;
	c->scale = c->noise + n_channels;
	c->power = c->scale + n_channels;
	c->scratch = c->power + n_channels;
	c->weights = c->learnt + COURSES_MAX * n_channels;
	return c;
}

void courses_destroy(struct courses *c)
{
	if (!c)
		return;
	free(c->learnt);
	free(c->load);
	free(c->channel);
	free(c->rows);
	free(c);
}

void courses_reset(struct courses *c)
{
	c->n_learnt = 0;
}

float courses_least_load(const struct history *history, float *load, float *scratch)
{
	size_t n_channels = history_n_channels(history);

	history_means(history, (size_t)(LOAD_S * history_rate_hz(history)), load);
	float base = robust_quantile(load, n_channels, 0.1, scratch);
	float greatest = robust_quantile(load, n_channels, 1, scratch);
	return base + (float)LOADED_PART * (greatest - base);
}

void courses_begin(struct courses *c, const struct history *history, size_t n_samples)
{
	c->n_samples = n_samples;
	c->n_rows = 0;
	c->scaled = false;
	if (c->direct)
		return;
	c->least_load = courses_least_load(history, c->load, c->scratch);
}

bool courses_wants(const struct courses *c, size_t channel)
{
	return c->direct || c->load[channel] >= c->least_load;
}

float *courses_next(struct courses *c)
{
	return c->rows + c->n_rows * c->n_samples;
}

void courses_add(struct courses *c, size_t channel, float noise)
{
	c->channel[c->n_rows] = channel;
	c->noise[c->n_rows++] = noise;
}

/* What each row is divided by. */
static void find_scales(struct courses *c)
{
	float median = robust_median(c->noise, c->n_rows, c->scratch);

	for (size_t r = 0; r < c->n_rows; r++) {
		float noise = fmaxf(c->noise[r], COURSES_NOISE_LEAST_PART * median);
		c->scale[r] = noise > 0 ? noise : 1;
	}
}

static void scale_rows(struct courses *c)
{
	find_scales(c);
	for (size_t r = 0; r < c->n_rows; r++) {
		float *row = c->rows + r * c->n_samples;
		for (size_t i = 0; i < c->n_samples; i++)
			row[i] /= c->scale[r];
	}
	c->scaled = true;
}

/* The least power that a row must have to be among the ROWS_MAX strongest. */
static float least_power(struct courses *c, size_t from, size_t n)
{
	for (size_t r = 0; r < c->n_rows; r++) {
		const float *row = c->rows + r * c->n_samples + from;
		float power = 0;
		for (size_t i = 0; i < n; i++)
			power += row[i] * row[i];
		c->power[r] = power;
	}
	if (c->n_rows <= ROWS_MAX)
		return 0;
	double q = (double)(c->n_rows - ROWS_MAX) / (double)(c->n_rows - 1);
	return robust_quantile(c->power, c->n_rows, q, c->scratch);
}

static size_t choose_rows(struct courses *c, size_t from, size_t n)
{
	float least = least_power(c, from, n);
	size_t n_chosen = 0;

	for (size_t r = 0; r < c->n_rows && n_chosen < ROWS_MAX; r++) {
		if (!(c->power[r] > 0) || c->power[r] < least)
			continue;
		c->chosen_channel[n_chosen] = c->channel[r];
		memcpy(c->chosen + n_chosen++ * n, c->rows + r * c->n_samples + from,
		    n * sizeof(float));
	}
	return n_chosen;
}

void courses_learn(struct courses *c, size_t from, size_t n)
{
	if (c->direct || c->n_rows == 0)
		return;
	if (!c->scaled)
		scale_rows(c);
	size_t n_chosen = choose_rows(c, from, n);
	struct component_rows rows = {c->chosen, n_chosen, n, n};
	c->n_learnt = components_find(&rows, c->weights, c->courses, COURSES_MAX);
	memset(c->learnt, 0, COURSES_MAX * c->n_channels * sizeof(float));
	for (size_t k = 0; k < c->n_learnt; k++)
		for (size_t r = 0; r < n_chosen; r++)
			c->learnt[k * c->n_channels + c->chosen_channel[r]] =
			    c->weights[k * n_chosen + r];
}

size_t courses_count(const struct courses *c)
{
	return c->direct ? c->n_rows : c->n_learnt;
}

void courses_form(const struct courses *c, size_t i, size_t from, size_t n, float *course)
{
	if (c->direct) {
		memcpy(course, c->rows + i * c->n_samples + from, n * sizeof(*course));
		return;
	}
	memset(course, 0, n * sizeof(*course));
	for (size_t r = 0; r < c->n_rows; r++) {
		const float *row = c->rows + r * c->n_samples + from;
		float weight = c->learnt[i * c->n_channels + c->channel[r]];
		for (size_t k = 0; k < n && weight != 0; k++)
			course[k] += weight * row[k];
	}
}

/* A row is scale x weight x course: so much of it moves with the course. */
void courses_weights(struct courses *c, size_t i, float *weights)
{
	float moved = 0, power = 0;

	memset(weights, 0, c->n_channels * sizeof(*weights));
	if (c->direct) {
		weights[c->channel[i]] = 1;
		return;
	}
	if (!c->scaled)
		find_scales(c);
	for (size_t r = 0; r < c->n_rows; r++) {
		float weight = c->learnt[i * c->n_channels + c->channel[r]];
		weights[c->channel[r]] = weight / c->scale[r];
		moved += fabsf(weight) * c->scale[r];
		power += weight * weight;
	}
	for (size_t channel = 0; channel < c->n_channels && power > 0; channel++)
		weights[channel] *= moved / power;
}

float courses_noise(const float *samples, size_t n_samples)
{
	float lanes[LANES] = {0};
	double sum = 0;
	size_t i = 2;

	for (; i + LANES <= n_samples; i += LANES)
		for (size_t j = i; j < i + LANES; j++) {
			float bend = samples[j] - 2 * samples[j - 1] + samples[j - 2];
			lanes[j - i] += bend * bend;
		}
	for (; i < n_samples; i++) {
		float bend = samples[i] - 2 * samples[i - 1] + samples[i - 2];
		sum += (double)(bend * bend);
	}
	for (size_t j = 0; j < LANES; j++)
		sum += (double)lanes[j];
	return n_samples > 2 ? (float)sqrt(sum / (6 * (double)(n_samples - 2))) : 0;
}
