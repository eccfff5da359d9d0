/*
 * Two measures of how a body's load is spread over a mattress, from any lying map and free of gain
 * and weight (docs/methods.md, section 1). On something soft the load ends softly and reaches far.
 *
 *	gradient_per_m  sum |grad p| / sum p of the map smoothed to 38 mm: the same smoothness on
 *	                every mat, whatever its pitch, so that the cells' own gains matter little
 *	contact_m2      the area in contact
 */
#ifndef LUMBAR_BODY_SUPPORT_MEASURES_H
#define LUMBAR_BODY_SUPPORT_MEASURES_H

#include "body/contact.h"

struct support_measures {
	float gradient_per_m, contact_m2; /* NAN: a free layout, or a grid under 3 x 3 */
};

/* plane: contact_map_plane() of the map behind `contact`. Allocates nothing. */
void support_measure(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, struct support_measures *out);

#endif
