/*
 * Occupancy: is it a person? A load alone may be a suitcase: a person is a load with breathing or
 * movement, or with the shape of a body (docs/methods.md, sections 3 and 4).
 *
 *	loaded    enters above 10 % of the person's median load for 5 s, leaves below 5 % for 3 s;
 *	          before a median is known, by the area and pressure of the contact alone
 *	person    breathing seen, or movement later than the settling after the entry, within the
 *	          last 10 min; or, at once, contact along more than 110 cm of a bed or most of a seat
 *	object    loaded for 60 s without a sign of life
 *	unknown   until one of these is sure
 *
 * A switch knows nothing of this: what closes it for 5 s is taken for a person, with a confidence
 * of 0.6. Load cells that were never tared read the bed itself: their occupancy is unknown.
 */
#ifndef LUMBAR_BODY_OCCUPANCY_H
#define LUMBAR_BODY_OCCUPANCY_H

#include "body/contact.h"
#include "core/observation.h"

#include <stdbool.h>

struct occupancy_tracker;

/* What else is known of this image. */
struct occupancy_signs {
	float movement_ratio; /* NAN: not known */
	bool moving;
	bool breathing_seen;
	float breathing_window_s; /* data behind "no breathing"; 0: breathing cannot be told */
};

struct occupancy_reading {
	enum occupancy state;
	float confidence; /* 0-1 */
	float loaded_s;   /* since the load came, 0 while empty */
	bool alive;       /* breathing or movement, not long ago */
};

/* NULL: out of memory. */
struct occupancy_tracker *occupancy_create(const struct surface *surface);
void occupancy_destroy(struct occupancy_tracker *occupancy); /* NULL is legal */
void occupancy_reset(struct occupancy_tracker *occupancy); /* after a gap; the median load stays */

/* Something lies there now, without waiting: for those who need to know at once. */
bool occupancy_present(
    const struct occupancy_tracker *occupancy, const struct contact_reading *contact);

void occupancy_step(struct occupancy_tracker *occupancy, const struct contact_reading *contact,
    const struct occupancy_signs *signs, float dt_s, struct occupancy_reading *out);

#endif
