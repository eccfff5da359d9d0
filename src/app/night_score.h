/* A simulated night as it was read, second by second, against what is true in it. */
#ifndef LUMBAR_APP_NIGHT_SCORE_H
#define LUMBAR_APP_NIGHT_SCORE_H

#include "app/night_events.h"
#include "app/night_truth.h"
#include "base/error.h"
#include "core/event.h"
#include "core/observation.h"

#include <stddef.h>

/*
 * Minutes in bed, as they truly are for the greater part of their seconds in bed, by what was
 * estimated (store/sleep.h); up counts as awake. What was estimated unknown is in none of the four.
 */
struct night_sleep_score {
	size_t asleep, asleep_found; /* sensitivity for sleep */
	size_t awake, awake_found;   /* specificity for wake */
	size_t unknown;
};

/* Sums over one surface, or over all of a kind. Seconds are those in which nobody moves. */
struct night_score {
	size_t seconds, occupancy_right;                 /* all seconds, moving or not */
	size_t posture[POSTURE_COUNT][POSTURE_COUNT];    /* truth by what was read, bed */
	size_t seat[SEAT_STATE_COUNT][SEAT_STATE_COUNT]; /* truth by what was read, seat */
	size_t exits, exits_found, exits_false;          /* found: within EXIT_WITHIN_S */
	size_t quiet, breathing_read;                    /* quiet: lying, no movement for QUIET_S */
	double breathing_error_per_min; /* sum of absolute errors over breathing_read */
	size_t heart_read;
	double heart_error_per_min;
	struct night_sleep_score sleep;       /* bed */
	struct night_events shifts;           /* bed */
	struct night_events feeds, bad, good; /* seat: postures, and feeds without a bad one */
};

#define EXIT_WITHIN_S 10
#define QUIET_S       30

/* A finding, in seconds since the first frame. */
struct night_finding {
	const char *rule;
	char surface[SURFACE_NAME_SIZE];
	double start_s, end_s, value, limit;
};

struct night_result {
	struct night_score bed, seat;
	struct night_finding *findings;
	size_t n_findings, findings_room;
};

/* Runs the recording through pipelines with default settings. 0 or -errno with err. */
int night_score_run(const char *path, const struct night_truth *truth, struct night_result *result,
    struct error *err);
void night_result_finish(struct night_result *result);

#endif
