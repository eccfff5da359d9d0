/*
 * What is noted of each mat of a recording, to the frame: how she lies and sits, when she is out of
 * bed, and when nothing was seen.
 */
#ifndef LUMBAR_EXPORT_EDF_WATCH_H
#define LUMBAR_EXPORT_EDF_WATCH_H

#include "core/observation.h"

#include <stdbool.h>
#include <stddef.h>

#define EDF_MATS_MAX 8

/* An annotation; seconds since the first frame. */
struct edf_span {
	double from_s, to_s;
	const char *what, *which; /* "Posture", "left"; static */
	size_t mat;
	bool pending; /* out of bed: it counts once she lies there again */
};

/* A state that lasts; 0: none. */
struct edf_run {
	int state;
	double from_s, last_s;
};

struct edf_watched {
	bool is_bed;
	double seen_s; /* the last frame that could be judged */
	double gap_s;  /* more than this without one is noted */
	bool lain;
	enum occupancy occupancy;
	struct edf_run posture, out;
};

/* Zeroed: nothing was seen yet. */
struct edf_watch {
	struct edf_watched mats[EDF_MATS_MAX];
	struct edf_span *spans; /* owned */
	size_t n, room;
	bool full; /* out of memory: spans are missing */
};

/* A frame of the mat at t_s; more than gap_s, > 0, without one that could be judged is noted. */
void edf_watch_observe(struct edf_watch *watch, size_t mat, double gap_s,
    const struct observation *observation, double t_s);

/* The recording ends: so does what was under way. */
void edf_watch_end(struct edf_watch *watch, double t_s);

void edf_watch_finish(struct edf_watch *watch);

#endif
