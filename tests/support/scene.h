/*
 * A chest on a mat, whose breath and heart are read: some 60 cells carry it, and while it rises some
 * of them gain load, some lose it, so that the sum hardly changes. Noise is the sensor's, per cell
 * and frame.
 */
#ifndef LUMBAR_TESTS_SCENE_H
#define LUMBAR_TESTS_SCENE_H

#include "base/random.h"
#include "body/vitals.h"

#define SCENE_CELLS_MAX 2048

struct scene {
	struct surface surface;
	struct vitals *vitals;
	struct random random;
	float load[SCENE_CELLS_MAX],
	    share[SCENE_CELLS_MAX]; /* at rest; of each cell in the breath */
	float cells[SCENE_CELLS_MAX];
	int64_t start_ns, mono_ns;
	double per_min, depth, noise, creep, jitter; /* jitter: of the frames' times, in frames */
	double heart_per_min, beat;
	double steps;        /* beside the bed, 1.8 a second */
	double walk, walked; /* sd of a drift of all load in a second's root, and where it is */
	int harmonics;       /* of the breath, as 1 / n^2 */
	double breath_phase, heart_phase;
	bool moving;
	struct vitals_reading reading;
	int n_readings, n_values, n_seen, n_hearts;
	double error_max, error_sum, heart_error_max;
};

/* A trunk across rows 20-60 % of the mat, its share of the breath in patches that disagree. */
void scene_open(struct scene *s, size_t rows, size_t cols, float rate_hz, uint64_t seed);

/* One frame; so many seconds, whose readings are counted anew. */
void scene_step(struct scene *s);
void scene_run(struct scene *s, double seconds);

#endif
