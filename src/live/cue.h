/*
 * A cue: a pattern while it is played, step by step, on an output that somebody else owns. It has
 * no clock: it says how long to wait, and is called again then.
 */
#ifndef LUMBAR_LIVE_CUE_H
#define LUMBAR_LIVE_CUE_H

#include "live/pattern.h"

#include <stdbool.h>
#include <stddef.h>

/* Switches the light or the motor. 0 or -errno. */
struct cue_output {
	void *user;
	int (*set)(void *user, bool on);
};

struct cue {
	struct cue_output output;
	struct pattern pattern;
	size_t step; /* the time that runs; n_times: none does */
};

/*
 * Begins a pattern; one that is under way is left. Returns how many ms to wait before cue_next(), 0
 * for the pattern "none", or the output's -errno: then the cue is over. Thread: the owner's.
 */
int cue_begin(struct cue *cue, const struct pattern *pattern);

/* The next step, in the same way; 0 when it was the last one: the output is off. */
int cue_next(struct cue *cue);

bool cue_playing(const struct cue *cue);

#endif
