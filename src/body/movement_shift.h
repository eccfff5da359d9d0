/*
 * Posture shifts: two stretches without movement of 20 s each whose mean maps differ by more than
 * half, when the posture or the centre of pressure changed too; by less when the posture went from
 * back to front or the other way (docs/methods.md, section 4).
 */
#ifndef LUMBAR_BODY_MOVEMENT_SHIFT_H
#define LUMBAR_BODY_MOVEMENT_SHIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/observation.h"
#include "core/surface.h"

struct shift;

/* NULL: out of memory. */
struct shift *shift_create(const struct surface *surface);
void shift_destroy(struct shift *shift); /* NULL is legal */

/* When the person has left: what was before is no part of a shift. */
void shift_reset(struct shift *shift);

/*
 * Maps are missing from here on. What they would have shown is not known, but a map after a gap of
 * up to 60 s that differs from the one before it shows that there was a shift.
 */
void shift_pause(struct shift *shift);

/*
 * One map of somebody present; offset: of a cell that carries nothing. Returns true when this map
 * completes a shift. Allocates nothing.
 */
bool shift_step(struct shift *shift, const float *map, float offset, int64_t mono_ns, bool moving,
    enum posture posture);

#endif
