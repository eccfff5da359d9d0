/* The truth of a simulated recording: FILE.truth.csv, one row a second and surface. */
#ifndef LUMBAR_APP_NIGHT_TRUTH_H
#define LUMBAR_APP_NIGHT_TRUTH_H

#include "base/error.h"
#include "core/observation.h"
#include "recording/recording.h"

#include <stdbool.h>
#include <stddef.h>

struct truth_second {
	bool known, occupied, moving;
	bool asleep, awake; /* in bed; neither: out of it, or nobody says */
	enum posture posture;
	enum seat_state seat;
	float breathing_per_min, heart_per_min; /* NAN: nobody there */
};

struct truth_surface {
	char name[SURFACE_NAME_SIZE];
	struct truth_second *seconds; /* n_seconds, from the first frame on */
};

struct night_truth {
	struct truth_surface surfaces[RECORDING_SURFACES_MAX];
	size_t n_surfaces, n_seconds;
};

/* Reads path whole. 0 or -errno with err; finish it also after an error. */
int night_truth_load(struct night_truth *truth, const char *path, struct error *err);
void night_truth_finish(struct night_truth *truth);

/* NULL when the surface has no row. */
const struct truth_surface *night_truth_find(const struct night_truth *truth, const char *name);

#endif
