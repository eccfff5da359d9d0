/* The frames that `lumbar eval seat` compares: a manifest read into measures and labels. */
#ifndef LUMBAR_APP_EVAL_SEAT_SET_H
#define LUMBAR_APP_EVAL_SEAT_SET_H

#include "base/error.h"
#include "body/seat_measure.h"
#include "core/observation.h"

#include <stdbool.h>
#include <stddef.h>

struct seat_frame {
	size_t subject;        /* index of subjects */
	bool labelled;         /* else it is not compared */
	enum seat_state label; /* what the manifest says */
	bool upright;          /* belongs to the subject's upright minute */
	bool read;             /* the frame could be read; else it is unknown */
	struct seat_measure measure;
};

struct seat_set {
	struct seat_frame *frames;
	size_t n_frames, n_room;
	char **subjects;
	size_t n_subjects;
};

/* Reads the manifest and all it names. 0 or -errno; finish() also after an error. */
int seat_set_load(struct seat_set *set, const char *manifest, struct error *err);
void seat_set_finish(struct seat_set *set);

#endif
