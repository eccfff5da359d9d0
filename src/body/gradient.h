/*
 * How softly the load of a lying body ends, per metre:
 *
 *	sum |grad p| / sum p of the map smoothed to 50 mm, less 6 % of its 90th percentile
 *
 * By the coarea formula it is the mean length of the map's contour lines over the mean area within
 * them: no weight and no gain is in it. A body that sinks in spreads its load, so its contours
 * grow slower than what they enclose. The smoothing is the same in millimetres on every mat, so
 * that pitch and the cells' own gains matter little (docs/methods.md, section 1).
 */
#ifndef LUMBAR_BODY_GRADIENT_H
#define LUMBAR_BODY_GRADIENT_H

#include "body/contact.h"

/* A cell that is wider has smoothed the map by more than that on its own: 50 mm x sqrt 3. */
#define GRADIENT_PITCH_MAX_MM 86.0f

/*
 * plane: contact_map_plane() of the map behind `contact`. Per metre, about 8 to 20; NAN: a free layout,
 * a grid under 3 x 3 or too coarse, no load. Allocates nothing.
 */
float gradient_per_m(
    const struct surface *surface, const float *plane, const struct contact_reading *contact);

#endif
