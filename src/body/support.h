/*
 * How the mattress carries the body, from one map of a still person.
 *
 *	valley_ratio    lumbar valley ratio, on the back only: min r(thorax..pelvis) over the geometric
 *	                mean of r(thorax) and r(pelvis). A filled waist is near 1.	methods.md, 1
 *	effective_m2    (sum p)^2 / sum p^2 times a cell's area: the area over which the load is spread;
 *	                no threshold, no gain
 *	softness        about halvings of stiffness against a middling mattress, which is 0:
 *	                	1/3 (valley_ratio - 0.39) / 0.13 + 2/3 ln(effective_m2 / 0.33) / 0.15
 *	                on the side the second term alone, against 0.28 m2
 *
 * The scale is absolute only in name: people differ by about +-0.6 on one mattress. Without the
 * person's own reference values from -1 to 1 are inconclusive (support_conclusive). No clinical
 * "too soft" exists (Wong 2019): compare with the person's own nights.
 */
#ifndef LUMBAR_BODY_SUPPORT_H
#define LUMBAR_BODY_SUPPORT_H

#include "body/contact.h"
#include "body/landmarks.h"
#include "body/posture.h"

#include <stdbool.h>

struct support_reading {
	float valley_ratio, effective_m2, softness; /* NAN: not assessed */
	float confidence;                           /* 0-1; under 0.5 is not to be trusted */
	bool bottoming; /* peaks where the waist is filled: the foam may have bottomed out */
};

/*
 * plane: contact_map_plane() of the map behind `contact`; posture: of the same map. NAN and
 * confidence 0 for other postures than supine, left and right.
 */
void support_read(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, const struct posture_reading *posture,
    struct support_reading *out);

/* Whether a softness says something about the mattress without a reference of the person. */
bool support_conclusive(float softness);

#endif
