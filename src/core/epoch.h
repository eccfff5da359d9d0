/*
 * An epoch: one minute of one surface, aligned to whole minutes of the session's mono time.
 * The seconds of a group add up to observed_s; 60 - observed_s was a gap or technical.
 */
#ifndef LUMBAR_CORE_EPOCH_H
#define LUMBAR_CORE_EPOCH_H

#include "core/observation.h"

#define EPOCH_NS (60LL * 1000000000LL)

struct epoch {
	int64_t start_ns;  /* mono, a multiple of EPOCH_NS */
	float observed_s;  /* 0-60 */
	float technical_s; /* with frames that could not be judged; the rest of 60 had none */
	float person_s, object_s, empty_s, unknown_s;
	float posture_s[POSTURE_COUNT]; /* bed; index: enum posture */
	float seat_s[SEAT_STATE_COUNT]; /* seat; index: enum seat_state */
	float moving_s;
	float activity; /* sum of movement_ratio * dt over occupied time */
	int shifts, exits, bends;
	float load;                             /* mean over person time, NAN: none */
	float centre_x_ratio, centre_y_ratio;   /* mean over person time, NAN: none */
	float valley_ratio;                     /* median over quiet supine time, NAN: none */
	float quiet_supine_s;                   /* time behind valley_ratio */
	float breathing_per_min, heart_per_min; /* median of accepted windows, NAN: none */
	float sideways_ratio, forward_ratio;    /* mean over seated time, NAN: none */
	float sideways_peak_ratio;              /* the sideways_ratio of greatest size, NAN: none */
	float health_ratio;                     /* least of the minute, NAN: no frame */
};

/* A fresh epoch at start_ns: counts 0, means NAN. */
void epoch_clear(struct epoch *epoch, int64_t start_ns);

#endif
