/*
 * How the mattress carries the body, from one map of a still person.
 *
 *	valley_ratio    lumbar valley ratio, on the back only: min r(thorax..pelvis) over the geometric
 *	                mean of r(thorax) and r(pelvis). A filled waist is near 1.	methods.md, 1
 *	gradient_per_m  of body/gradient.h, in any lying posture
 *	softness        (ln gradient - middle) / halving: halvings of stiffness against a middling
 *	                mattress of 70 kPa/m, which is 0; body/support_scale.h says how the two are made
 *
 * The scale is absolute only in name: people differ by about +-0.7 on one mattress. Without the
 * person's own reference values up to 1 are inconclusive (support_conclusive): also low ones, as
 * foam that has bottomed out reads as firm as a board. No clinical
 * "too soft" exists (Wong 2019): compare with the person's own nights, or two mattresses under the
 * same person (`lumbar compare`).
 */
#ifndef LUMBAR_BODY_SUPPORT_H
#define LUMBAR_BODY_SUPPORT_H

#include "base/error.h"
#include "body/contact.h"
#include "body/landmarks.h"
#include "body/posture.h"

#include <stdbool.h>

struct support_reading {
	float valley_ratio, gradient_per_m, softness; /* NAN: not assessed */
	float confidence;                             /* 0-1; 0.5 and less is not to be trusted */
	bool bottoming; /* as soft as the index goes: the foam may have bottomed out */
};

/*
 * Whether a mat can tell support at all: a grid as long as a trunk and thighs, of cells that are not
 * coarser than the measure. 0, or -ENOTSUP with an err that says what is missing.
 */
int support_check(const struct surface *surface, struct error *err);

/*
 * plane: contact_map_plane() of the map behind `contact`; posture: of the same map. Who is not
 * known to lie on the back or a side is read as if on the back, with a confidence of 0.5 at most;
 * NAN and 0 where nobody lies, and on a mat that support_check refuses.
 */
void support_read(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, const struct posture_reading *posture,
    struct support_reading *out);

/* Whether the mattress is soft by this value alone, without a reference of the person. */
bool support_conclusive(float softness);

/* Whether it is as soft as the index goes, so that the foam may have bottomed out. */
bool support_bottoming(float softness);

/* The chance that a stranger's mattress of this index, if not bottomed out, is softer than the middling one. */
float support_soft_chance(float softness);

#endif
