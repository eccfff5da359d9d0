/* What `lumbar analyze` finds in the frames of one file: seconds, medians and events. */
#ifndef LUMBAR_APP_ANALYSIS_H
#define LUMBAR_APP_ANALYSIS_H

#include "base/error.h"
#include "core/epoch.h"
#include "core/event.h"
#include "core/observation.h"
#include "core/surface.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* Values of one measure, for its median. */
struct series {
	size_t n, capacity;
	float *values;
};

struct analysis {
	struct surface surface;
	uint64_t frames, bad_frames;
	uint64_t clamped_cells;   /* negative or over full scale, in frames that were taken */
	int64_t start_ns, end_ns; /* mono of the first and last frame */
	struct epoch sum;         /* seconds and counts of all minutes */
	struct series breathing, heart, valley, softness;
	struct event *events;
	size_t n_events;
	enum pressure_unit unit;
	int64_t sampled_second;
	int out_of_memory;
};

struct analysis_settings {
	const struct surface *surface; /* of frames text; a recording knows its own */
	double every_s;                /* a step each so many seconds; 0: none */
	void (*step)(void *user, const char *path, double t_s, const struct observation *);
	void (*bad)(void *user, const struct error *err); /* a frame that could not be read */
	void *user;
};

/*
 * Reads path to its end. 0, or -errno with err filled when it cannot be read at all; frames that
 * cannot be read are told to `bad`, and the next ones follow. The caller finishes the analysis.
 */
int analysis_run(struct analysis *analysis, const char *path,
    const struct analysis_settings *settings, struct error *err);
void analysis_finish(struct analysis *analysis);

double analysis_length_s(const struct analysis *analysis);
double analysis_coverage_ratio(const struct analysis *analysis); /* NAN: no time at all */

/* The object `summary` of one file. */
json_t *analysis_to_json(const struct analysis *analysis);
void analysis_print(const struct analysis *analysis, const char *path);

#endif
