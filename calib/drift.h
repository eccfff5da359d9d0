/*
 * The zero of a mat wanders: by temperature, with the months. While the mat is empty it is followed,
 * slowly and never far, and not while anything lies there:
 *
 *	- from ten minutes after the mat became empty on, a step each minute;
 *	- at most 5 % of full scale an hour		docs/methods.md, section 7
 *	- not while anything stands out from what the cells read otherwise: a bag, a pillow, a
 *	  dent that she left and that fills again, or a load that is even and more than 2 % of
 *	  full scale;
 *	- at most 10 % of full scale away from the calibrated zero, each cell.
 *
 * Time is that of the frames. Grids of 3 x 3 cells and more.
 */
#ifndef LUMBAR_CALIB_DRIFT_H
#define LUMBAR_CALIB_DRIFT_H

#include "core/surface.h"

#include <stdbool.h>
#include <stdint.h>

enum drift_verdict {
	DRIFT_NONE,    /* nothing was decided at this frame */
	DRIFT_MOVED,   /* the zero was moved */
	DRIFT_BLOCKED, /* something lies there */
};

struct drift;

/* zero: n_cells, the calibrated one, copied. NULL with *failed: out of memory; else no such grid. */
struct drift *drift_create(const struct surface *surface, const float *zero, bool *failed);
void drift_destroy(struct drift *drift); /* NULL is legal */

/* Somebody is there, or nobody knows: the ten minutes begin anew. */
void drift_reset(struct drift *drift);

/*
 * One frame of an empty mat, counts and dead in the order of zero, which it may move. Allocates
 * nothing.
 */
enum drift_verdict drift_step(
    struct drift *drift, const float *counts, const bool *dead, int64_t mono_ns, float *zero);

/* How far the zero is from the calibrated one: the mean over the cells, of full scale. */
float drift_ratio(const struct drift *drift, const float *zero);

#endif
