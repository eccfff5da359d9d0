/*
 * Adds observations up into minute epochs, aligned to whole minutes of mono time. An observation
 * stands for the time since the one before; when a minute ends in between, each minute gets its
 * part, so that the seconds of a minute are never more than 60 and nothing is lost.
 */
#ifndef LUMBAR_PIPELINE_EPOCHS_H
#define LUMBAR_PIPELINE_EPOCHS_H

#include "core/epoch.h"

#include <stdbool.h>

#define EPOCH_SAMPLES 61 /* values that a median is taken of: one a second */

struct samples {
	size_t n;
	float values[EPOCH_SAMPLES];
};

struct epochs {
	bool open;
	int64_t start_ns;
	/* seconds, in double, since thousands of small steps are added */
	double observed_s, technical_s, person_s, object_s, empty_s, unknown_s;
	double posture_s[POSTURE_COUNT], seat_s[SEAT_STATE_COUNT];
	double moving_s, activity, quiet_supine_s;
	double load_sum, centre_x_sum, centre_y_sum, centre_s;
	double sideways_sum, forward_sum, seated_s;
	float sideways_peak_ratio, health_ratio;
	int shifts, exits, bends;
	int64_t sampled_second;
	struct samples valley, breathing, heart;
	bool was_person; /* before this observation; outlives the minute */
};

/* Called with each minute that is complete. */
typedef void epoch_sink(void *user, const struct epoch *epoch);

/* dt_ns: the time that the observation stands for; at most some seconds. */
void epochs_add(struct epochs *epochs, const struct observation *observation, int64_t dt_ns,
    epoch_sink *sink, void *user);

/* Time has come to mono_ns without an observation: says the minute that is over, if one is. */
void epochs_advance(struct epochs *epochs, int64_t mono_ns, epoch_sink *sink, void *user);

/* Says the minute under way; a minute without any second is not said. */
void epochs_flush(struct epochs *epochs, epoch_sink *sink, void *user);

#endif
