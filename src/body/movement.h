/*
 * Movement and posture shifts. movement_ratio is the normalised sum of absolute differences
 *	NSAD(t) = sum |P(t) - P(t - 1 s)| / sum P(t)
 * with the figures of docs/methods.md: still people median 0.022, P99 0.106.
 */
#ifndef LUMBAR_BODY_MOVEMENT_H
#define LUMBAR_BODY_MOVEMENT_H

#include "core/image.h"
#include "core/observation.h"

#include <stdbool.h>

struct movement;

struct movement_reading {
	float ratio;   /* NAN until a second has passed, and while nothing is above the noise */
	bool moving;   /* hysteresis: on above on-limit, off below off-limit for 3 s */
	bool shift;    /* a posture shift was completed at this image: stable maps on both sides
		       * that differ, and the posture or the centre of pressure changed;
		       * movement_shift.h */
	float still_s; /* how long there has been no movement, 0 while moving */
};

/* NULL: out of memory. */
struct movement *movement_create(const struct surface *surface);
void movement_destroy(struct movement *movement);
/* After a gap. A shift in one of up to 60 s is still found, by the maps before and after it. */
void movement_reset(struct movement *movement);
void movement_step(struct movement *movement, const struct image *image, bool occupied,
    enum posture posture, struct movement_reading *out);

#endif
