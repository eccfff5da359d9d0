#include "body/vitals_history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define GAP_S         1.0
#define GAP_FRAMES    3.0
#define INTERVAL_PART 0.02 /* of each new frame in the running mean of their interval */

struct history {
	size_t n_channels, capacity;
	double slot_ns, gap_ns, frame_ns;
	float *samples; /* n_channels rings of capacity grid samples */
	bool *moving;   /* capacity */
	size_t next, n; /* where the next sample goes; how many are held */

	int64_t origin_ns; /* of the grid: the first frame less half a frame */
	int64_t last_ns;   /* of the last frame, while n_frames > 0 */
	uint64_t n_frames; /* since the reset */
	double mean_interval_ns;

	int64_t slot; /* being filled */
	size_t n_in_slot;
	double slot_time; /* sum of times since the origin */
	bool slot_moving;
	float *sum; /* n_channels */

	int64_t emitted;        /* grid samples made since the reset */
	double previous_time;   /* of the last slot's mean, since the origin; NAN: none yet */
	float *previous, *mean; /* n_channels each */
};

struct history *history_create(
    size_t n_channels, double frame_rate_hz, double least_rate_hz, double window_s)
{
	struct history *h = calloc(1, sizeof(*h));
	double frames_per_slot = fmax(1, floor(frame_rate_hz / least_rate_hz));

	if (!h)
		return NULL;
	h->n_channels = n_channels;
	h->frame_ns = (double)NS_PER_S / frame_rate_hz;
	h->slot_ns = h->frame_ns * frames_per_slot;
	h->gap_ns = fmax(GAP_S * (double)NS_PER_S, GAP_FRAMES * h->frame_ns);
	h->capacity = (size_t)ceil(window_s * (double)NS_PER_S / h->slot_ns) + 1;
	h->samples = calloc(h->capacity * n_channels, sizeof(*h->samples));
	h->moving = calloc(h->capacity, sizeof(*h->moving));
	h->sum = calloc(3 * n_channels, sizeof(*h->sum));
	if (!h->samples || !h->moving || !h->sum) {
		history_destroy(h);
		return NULL;
	}
	h->previous = h->sum + n_channels;
	h->mean = h->previous + n_channels;
	history_reset(h);
	return h;
}

void history_destroy(struct history *h)
{
	if (!h)
		return;
	free(h->sum);
	free(h->moving);
	free(h->samples);
	free(h);
}

void history_reset(struct history *h)
{
	h->next = h->n = 0;
	h->n_frames = 0;
	h->mean_interval_ns = 0;
	h->slot = 0;
	h->n_in_slot = 0;
	h->emitted = 0;
	h->previous_time = NAN;
}

static void emit(struct history *h, double part)
{
	float *sample = h->samples + h->next;
	float weight = (float)part;

	for (size_t i = 0; i < h->n_channels; i++)
		sample[i * h->capacity] = h->previous[i] + weight * (h->mean[i] - h->previous[i]);
	h->moving[h->next] = h->slot_moving;
	h->next = (h->next + 1) % h->capacity;
	h->n += h->n < h->capacity;
	h->emitted++;
}

/* The slot under way is whole: its mean is the next support of the grid. */
static void close_slot(struct history *h)
{
	double time = h->slot_time / (double)h->n_in_slot;

	for (size_t i = 0; i < h->n_channels; i++)
		h->mean[i] = h->sum[i] / (float)h->n_in_slot;
	if (isnan(h->previous_time)) {
		memcpy(h->previous, h->mean, h->n_channels * sizeof(*h->mean));
		h->previous_time = time;
	}
	for (;;) {
		double grid = ((double)h->emitted + 0.5) * h->slot_ns;
		if (grid > time)
			break;
		double span = time - h->previous_time;
		emit(h, span > 0 ? fmax(0, (grid - h->previous_time) / span) : 1);
	}
	memcpy(h->previous, h->mean, h->n_channels * sizeof(*h->mean));
	h->previous_time = time;
	h->n_in_slot = 0;
}

static bool continues(const struct history *h, int64_t mono_ns)
{
	return mono_ns > h->last_ns && (double)(mono_ns - h->last_ns) <= h->gap_ns;
}

static void begin_slot(struct history *h, int64_t slot)
{
	h->slot = slot;
	h->slot_time = 0;
	h->slot_moving = false;
	memset(h->sum, 0, h->n_channels * sizeof(*h->sum));
}

bool history_add(struct history *h, int64_t mono_ns, const float *channels, bool moving)
{
	bool whole = h->n_frames == 0 || continues(h, mono_ns);

	if (!whole)
		history_reset(h);
	if (h->n_frames == 0)
		h->origin_ns = mono_ns - (int64_t)(h->frame_ns / 2);
	else if (h->n_frames == 1)
		h->mean_interval_ns = (double)(mono_ns - h->last_ns);
	else
		h->mean_interval_ns += INTERVAL_PART *
		                       ((double)(mono_ns - h->last_ns) - h->mean_interval_ns);
	h->last_ns = mono_ns;
	h->n_frames++;

	double time = (double)(mono_ns - h->origin_ns);
	int64_t slot = (int64_t)(time / h->slot_ns);
	if (h->n_in_slot > 0 && slot != h->slot)
		close_slot(h);
	if (h->n_in_slot == 0)
		begin_slot(h, slot);
	for (size_t i = 0; i < h->n_channels; i++)
		h->sum[i] += channels[i];
	h->slot_time += time;
	h->slot_moving |= moving;
	h->n_in_slot++;
	return whole;
}

double history_rate_hz(const struct history *h)
{
	return (double)NS_PER_S / h->slot_ns;
}

double history_frame_rate_hz(const struct history *h)
{
	return h->mean_interval_ns > 0 ? (double)NS_PER_S / h->mean_interval_ns : 0;
}

double history_length_s(const struct history *h)
{
	return (double)h->n * h->slot_ns / (double)NS_PER_S;
}

int64_t history_newest_ns(const struct history *h)
{
	return h->origin_ns + (int64_t)(((double)h->emitted - 0.5) * h->slot_ns);
}

size_t history_n_channels(const struct history *h)
{
	return h->n_channels;
}

/* The place in the ring of the sample `back` before the newest, which is 0 back. */
static size_t place_back(const struct history *h, size_t back)
{
	return (h->next + h->capacity - 1 - back) % h->capacity;
}

void history_read(const struct history *h, size_t channel, size_t n_samples, float *samples)
{
	const float *ring = h->samples + channel * h->capacity;
	size_t place = place_back(h, n_samples - 1);
	size_t n_first = h->capacity - place < n_samples ? h->capacity - place : n_samples;

	memcpy(samples, ring + place, n_first * sizeof(*samples));
	memcpy(samples + n_first, ring, (n_samples - n_first) * sizeof(*samples));
}

double history_moving_ratio(const struct history *h, size_t n_samples)
{
	size_t n_moving = 0;

	for (size_t back = 0; back < n_samples; back++)
		n_moving += h->moving[place_back(h, back)];
	return (double)n_moving / (double)n_samples;
}

double history_still_s(const struct history *h)
{
	size_t back = 0;

	while (back < h->n && !h->moving[place_back(h, back)])
		back++;
	return (double)back * h->slot_ns / (double)NS_PER_S;
}

void history_means(const struct history *h, size_t n_samples, float *means)
{
	for (size_t i = 0; i < h->n_channels; i++) {
		const float *ring = h->samples + i * h->capacity;
		size_t place = place_back(h, n_samples - 1);
		float sum = 0;
		for (size_t n = 0; n < n_samples; n++) {
			sum += ring[place];
			if (++place == h->capacity)
				place = 0;
		}
		means[i] = sum / (float)n_samples;
	}
}
