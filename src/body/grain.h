/*
 * Grain: how a map is made, cell by cell. A body's map is smooth, while the noise of a mat and the
 * offsets of its cells differ from one cell to the next. Grids of 64 cells and more only.
 *
 *	spread     sd of what is white in space: the lower quartile of |p(r-1) - 2 p(r) + p(r+1)|
 *	           along the columns over 0.78, as a normal distribution has it. Most cells of a
 *	           bed carry nobody, so a quartile sees the mat and not the body.
 *	coherence  lag-1 autocorrelation in space, 1 - mean (p_i - p_j)^2 / 2 var p over neighbours,
 *	           the lesser of the two directions: 0 for noise and offsets, also for those of
 *	           whole rows; under 256 cells the mean of the two
 *	flicker    sd of what is white in time: the lower quartile of |p(t) - p(t - 1 frame)| over
 *	           0.45, of cells that are not zero; it falls within 10 s and doubles in 30 s, so
 *	           that a movement does not pass for noise
 */
#ifndef LUMBAR_BODY_GRAIN_H
#define LUMBAR_BODY_GRAIN_H

#include "core/image.h"

#include <stdbool.h>

struct grain;

/* surface: borrowed for the object's life. NULL: out of memory. */
struct grain *grain_create(const struct surface *surface);
void grain_destroy(struct grain *grain); /* NULL is legal */

/* False: the surface has too few cells, and all three measures are 0. */
bool grain_can(const struct grain *grain);

float grain_spread(struct grain *grain, const float *cells);
float grain_coherence(const struct grain *grain, const float *cells);
float grain_flicker(struct grain *grain, const struct image *image); /* once a frame */

#endif
