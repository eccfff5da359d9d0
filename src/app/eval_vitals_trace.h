/*
 * What is read from one file of frames, offline: a reading of breathing and heart rate every few
 * seconds, from the same movement and vitals modules that run live. Somebody is taken to lie there.
 */
#ifndef LUMBAR_APP_EVAL_VITALS_TRACE_H
#define LUMBAR_APP_EVAL_VITALS_TRACE_H

#include "base/error.h"
#include "core/surface.h"

#include <stddef.h>

enum rate { RATE_HEART, RATE_BREATHING };
#define RATE_COUNT 2

struct trace_reading {
	double t_s;                /* since the file's first frame */
	float per_min[RATE_COUNT]; /* NAN: refused */
};

struct trace {
	struct trace_reading *readings;
	size_t n, capacity;
	size_t n_frames, n_bad_frames;
	struct error first_bad;
};

/*
 * Reads path whole into a zeroed trace. Frames that cannot be read are left out and counted.
 * Returns 0; -errno when the file cannot be opened or no frame of it can be read.
 */
int trace_read(
    struct trace *trace, const char *path, const struct surface *surface, struct error *err);
void trace_finish(struct trace *trace);

#endif
