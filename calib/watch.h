/*
 * Watches a mat for cells and lines that have died: stuck while the cells around them move.
 * A cell that reads nothing may merely lie under the hollow of a back, so that one must sit out
 * three large movements of its neighbours; a cell stuck at a load is found after two.
 */
#ifndef LUMBAR_CALIB_WATCH_H
#define LUMBAR_CALIB_WATCH_H

#include "core/surface.h"

#include <stdbool.h>
#include <stdint.h>

struct watch;

/* Grids only: NULL with *failed false for a free layout, NULL with true when out of memory. */
struct watch *watch_create(const struct surface *surface, bool *failed);
void watch_destroy(struct watch *watch);

/* Looks at one frame, in body order. Returns true when the set of stuck cells has changed. */
bool watch_step(struct watch *watch, const float *counts, int64_t mono_ns);

/* One per cell. Borrowed. */
const bool *watch_stuck(const struct watch *watch);

#endif
