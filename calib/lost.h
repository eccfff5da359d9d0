/*
 * Watches for a part of a mat that is lost at one blow, as when a multiplexer or a ribbon cable
 * fails: many cells fall still within seconds of each other, and stay so to the last bit, while the
 * others live on.
 *
 * A cell under a hollow, or one that somebody has just left, is still too. So only those count that
 * have noise of their own while nothing lies on them, which is learnt in the first minute of rest;
 * on a mat that cuts its noise off nothing can be told in this way, and nothing is said.
 */
#ifndef LUMBAR_CALIB_LOST_H
#define LUMBAR_CALIB_LOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lost;

/* full_scale: counts. NULL: out of memory. Destroying NULL is legal. */
struct lost *lost_create(size_t n_cells, float full_scale);
void lost_destroy(struct lost *lost);

/* Looks at one frame's counts, always in the same order. How many cells are lost now. */
size_t lost_step(struct lost *lost, const float *counts, int64_t mono_ns);

#endif
