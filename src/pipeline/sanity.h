/* Is a mat alive? Frames that repeat themselves, or read nothing at all, for too long. */
#ifndef LUMBAR_PIPELINE_SANITY_H
#define LUMBAR_PIPELINE_SANITY_H

#include "core/frame.h"
#include "core/observation.h"

#include <stdbool.h>

struct sanity {
	int64_t frozen_ns;
	bool zeros_are_empty; /* a mat with a threshold reads zeros when nobody is there */
	bool any, zeros;
	int64_t since_ns; /* the first of the frames that are all the same */
	float *previous;  /* the caller's: n_cells floats */
};

/* TECHNICAL_NONE, _ZEROS or _FROZEN. */
enum technical sanity_step(struct sanity *sanity, const struct frame *frame);

/* After a gap. */
void sanity_reset(struct sanity *sanity);

#endif
