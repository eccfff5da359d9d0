#include "pipeline/epochs.h"

#include "base/clock.h"

#include <math.h>

static void begin(struct epochs *epochs, int64_t mono_ns)
{
	bool was_person = epochs->was_person;

	*epochs = (struct epochs){
	    .open = true,
	    .start_ns = mono_ns / EPOCH_NS * EPOCH_NS,
	    .sideways_peak_ratio = NAN,
	    .health_ratio = NAN,
	    .sampled_second = -1,
	    .was_person = was_person,
	};
}

/* Sorts the samples where they are: there are at most 61, and they are done with. */
static float median(struct samples *samples)
{
	float *v = samples->values;
	size_t n = samples->n;

	if (n == 0)
		return NAN;
	for (size_t i = 1; i < n; i++) {
		float value = v[i];
		size_t at = i;
		for (; at > 0 && v[at - 1] > value; at--)
			v[at] = v[at - 1];
		v[at] = value;
	}
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static float mean(double sum, double seconds)
{
	return seconds > 0 ? (float)(sum / seconds) : NAN;
}

void epochs_flush(struct epochs *epochs, epoch_sink *sink, void *user)
{
	struct epoch epoch;

	if (!epochs->open)
		return;
	epochs->open = false;
	if (epochs->observed_s + epochs->technical_s <= 0)
		return;
	epoch_clear(&epoch, epochs->start_ns);
	epoch.observed_s = (float)epochs->observed_s;
	epoch.technical_s = (float)epochs->technical_s;
	epoch.person_s = (float)epochs->person_s;
	epoch.object_s = (float)epochs->object_s;
	epoch.empty_s = (float)epochs->empty_s;
	epoch.unknown_s = (float)epochs->unknown_s;
	for (size_t i = 0; i < POSTURE_COUNT; i++)
		epoch.posture_s[i] = (float)epochs->posture_s[i];
	for (size_t i = 0; i < SEAT_STATE_COUNT; i++)
		epoch.seat_s[i] = (float)epochs->seat_s[i];
	epoch.moving_s = (float)epochs->moving_s;
	epoch.activity = (float)epochs->activity;
	epoch.shifts = epochs->shifts;
	epoch.exits = epochs->exits;
	epoch.bends = epochs->bends;
	epoch.load = mean(epochs->load_sum, epochs->person_s);
	epoch.centre_x_ratio = mean(epochs->centre_x_sum, epochs->centre_s);
	epoch.centre_y_ratio = mean(epochs->centre_y_sum, epochs->centre_s);
	epoch.valley_ratio = median(&epochs->valley);
	epoch.quiet_supine_s = (float)epochs->quiet_supine_s;
	epoch.breathing_per_min = median(&epochs->breathing);
	epoch.heart_per_min = median(&epochs->heart);
	epoch.sideways_ratio = mean(epochs->sideways_sum, epochs->seated_s);
	epoch.forward_ratio = mean(epochs->forward_sum, epochs->seated_s);
	epoch.sideways_peak_ratio = epochs->sideways_peak_ratio;
	epoch.health_ratio = epochs->health_ratio;
	sink(user, &epoch);
}

static void add_person(struct epochs *epochs, const struct observation *o, double dt_s)
{
	epochs->person_s += dt_s;
	if (o->moving)
		epochs->moving_s += dt_s;
	if (!isnan(o->movement_ratio))
		epochs->activity += (double)o->movement_ratio * dt_s;
	if (!isnan(o->load))
		epochs->load_sum += (double)o->load * dt_s;
	if (!isnan(o->centre_x_ratio) && !isnan(o->centre_y_ratio)) {
		epochs->centre_x_sum += (double)o->centre_x_ratio * dt_s;
		epochs->centre_y_sum += (double)o->centre_y_ratio * dt_s;
		epochs->centre_s += dt_s;
	}
	if (!isnan(o->valley_ratio))
		epochs->quiet_supine_s += dt_s;
	if (!isnan(o->sideways_ratio) && !isnan(o->forward_ratio)) {
		epochs->sideways_sum += (double)o->sideways_ratio * dt_s;
		epochs->forward_sum += (double)o->forward_ratio * dt_s;
		epochs->seated_s += dt_s;
	}
}

static void add_seconds(struct epochs *epochs, const struct observation *o, int64_t dt_ns)
{
	double dt_s = (double)dt_ns / (double)NS_PER_S;

	if (o->technical != TECHNICAL_NONE) {
		epochs->technical_s += dt_s;
		return;
	}
	epochs->observed_s += dt_s;
	if (o->kind == SURFACE_BED)
		epochs->posture_s[o->posture] += dt_s;
	if (o->kind == SURFACE_SEAT)
		epochs->seat_s[o->seat] += dt_s;
	switch (o->occupancy) {
	case OCCUPANCY_PERSON:
		add_person(epochs, o, dt_s);
		break;
	case OCCUPANCY_OBJECT:
		epochs->object_s += dt_s;
		break;
	case OCCUPANCY_EMPTY:
		epochs->empty_s += dt_s;
		break;
	case OCCUPANCY_UNKNOWN:
		epochs->unknown_s += dt_s;
		break;
	}
}

static void sample(struct samples *samples, float value)
{
	if (!isnan(value) && samples->n < EPOCH_SAMPLES)
		samples->values[samples->n++] = value;
}

static void add_moment(struct epochs *epochs, const struct observation *o)
{
	int64_t second = o->mono_ns / NS_PER_S;

	if (!isnan(o->health_ratio))
		epochs->health_ratio = fminf(epochs->health_ratio, o->health_ratio);
	if (o->technical != TECHNICAL_NONE)
		return;
	epochs->shifts += o->shift;
	epochs->bends += o->bend;
	epochs->exits += epochs->was_person && o->occupancy == OCCUPANCY_EMPTY;
	if (o->occupancy == OCCUPANCY_PERSON || o->occupancy == OCCUPANCY_EMPTY)
		epochs->was_person = o->occupancy == OCCUPANCY_PERSON;
	if (!isnan(o->sideways_ratio) &&
	    !(fabsf(o->sideways_ratio) <= fabsf(epochs->sideways_peak_ratio)))
		epochs->sideways_peak_ratio = o->sideways_ratio;
	if (second == epochs->sampled_second)
		return;
	epochs->sampled_second = second;
	sample(&epochs->valley, o->valley_ratio);
	sample(&epochs->breathing, o->breathing_per_min);
	sample(&epochs->heart, o->heart_per_min);
}

void epochs_advance(struct epochs *epochs, int64_t mono_ns, epoch_sink *sink, void *user)
{
	if (epochs->open && mono_ns >= epochs->start_ns + EPOCH_NS)
		epochs_flush(epochs, sink, user);
}

void epochs_add(struct epochs *epochs, const struct observation *observation, int64_t dt_ns,
    epoch_sink *sink, void *user)
{
	int64_t now_ns = observation->mono_ns;
	int64_t from_ns = now_ns - dt_ns;

	while (dt_ns > 0 && from_ns / EPOCH_NS < now_ns / EPOCH_NS) {
		int64_t until_ns = (from_ns / EPOCH_NS + 1) * EPOCH_NS;
		epochs_advance(epochs, from_ns, sink, user);
		if (!epochs->open)
			begin(epochs, from_ns);
		add_seconds(epochs, observation, until_ns - from_ns);
		from_ns = until_ns;
	}
	epochs_advance(epochs, now_ns, sink, user);
	if (!epochs->open)
		begin(epochs, now_ns);
	add_seconds(epochs, observation, now_ns - from_ns);
	add_moment(epochs, observation);
}
