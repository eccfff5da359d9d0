/*
 * Landmarks of a lying body along the bed, from the length-wise profile of its trunk:
 *
 *	band       |x - centroid's column| <= 16 cm: keeps most of the arms out
 *	profile    r(y) = sum of the band in row y, smoothed by a Gaussian of 2.5 cm
 *	pelvis     greatest r on 36-68 % of the mat's length
 *	thorax     greatest r 20-50 cm headwards of the pelvis
 *	lumbar     least r between the two
 *	head       greatest r more than 15 cm headwards of the thorax
 *	feet       the last row in contact
 *
 * docs/methods.md, section 1; made for someone on the back with the head in row 0.
 */
#ifndef LUMBAR_BODY_LANDMARKS_H
#define LUMBAR_BODY_LANDMARKS_H

#include "core/surface.h"

#include <stdbool.h>

#define LANDMARKS_ROWS_MAX 128

struct landmarks {
	size_t n_rows;
	float profile[LANDMARKS_ROWS_MAX];      /* r(y) */
	int head, thorax, lumbar, pelvis, feet; /* rows; -1: not found */
	size_t band_first, band_last;           /* columns */
};

/*
 * plane: a grid's cells above the baseline (contact_map_plane); threshold: of contact. False when
 * the body does not show thorax and pelvis, or the grid is coarser than 10 cm along the bed.
 */
bool landmarks_find(
    struct landmarks *out, const struct surface *surface, const float *plane, float threshold);

#endif
