#include "body/support.h"

#include "body/gradient.h"
#include "body/support_scale.h"

#include <errno.h>
#include <math.h>

/*
 * What the side adds to the logarithm: PMD experiment 2, five people on two mattresses, the mean on a
 * side less the mean on the back (`lumbar eval support pmd/exp2.csv --json`).
 */
#define SIDE_GRADIENT 0.04f

#define PEOPLE_SD 0.7f /* of the index: 8 people on one mattress, PMD experiment 1 */

/*
 * Above this the mattress is soft: no simulated one of 60 kPa/m and more reads so, two thirds of those
 * of 22 do (16 cm thick). Under 30 kPa/m such foam bottoms out: valley and index turn round and end
 * up as low as a firm mattress, and peaks do not tell these apart any better. Hence a low index is
 * never conclusive, and one this high may be of foam that has begun to bottom out.
 */
#define SOFT 1.0f

#define OTHER_CONFIDENCE 0.5f    /* not known to lie on the back: no valley confirms the rest */
#define COARSE_MM        60.0f   /* coarser rows blur the valley */
#define LENGTH_LEAST_MM  1200.0f /* shoulders to knees of an adult */

int support_check(const struct surface *surface, struct error *err)
{
	float length_mm = (float)surface->rows * surface->pitch_mm;

	if (!surface_is_grid(surface))
		return error_set(err, -ENOTSUP, "the softness of a mattress needs a grid of cells");
	if (surface->pitch_mm > GRADIENT_PITCH_MAX_MM)
		return error_set(err, -ENOTSUP,
		    "%zu x %zu cells of %.0f mm are too coarse for the softness of a mattress: "
		    "%.0f mm at most",
		    surface->rows, surface->cols, (double)surface->pitch_mm,
		    (double)GRADIENT_PITCH_MAX_MM);
	if (length_mm < LENGTH_LEAST_MM)
		return error_set(err, -ENOTSUP,
		    "%zu x %zu cells of %.0f mm are a mat of %.2f m: too short or too few cells "
		    "for the "
		    "softness of a mattress, which needs %.1f m",
		    surface->rows, surface->cols, (double)surface->pitch_mm,
		    (double)length_mm / 1000, (double)LENGTH_LEAST_MM / 1000);
	return 0;
}

static void read_valley(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, struct support_reading *out)
{
	struct landmarks marks;

	if (!landmarks_find(&marks, surface, plane, contact->threshold))
		return;
	const float *r = marks.profile;
	out->valley_ratio = r[marks.lumbar] / sqrtf(r[marks.thorax] * r[marks.pelvis]);
}

void support_read(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, const struct posture_reading *posture,
    struct support_reading *out)
{
	bool side = posture->posture == POSTURE_LEFT || posture->posture == POSTURE_RIGHT;

	*out = (struct support_reading){NAN, NAN, NAN, 0, false};
	if (!(contact->high > 0) || posture->posture == POSTURE_EMPTY ||
	    posture->posture == POSTURE_EDGE || support_check(surface, NULL) < 0)
		return;
	out->gradient_per_m = gradient_per_m(surface, plane, contact);
	if (!(out->gradient_per_m > 0)) {
		out->gradient_per_m = NAN;
		return;
	}
	if (!side)
		read_valley(surface, plane, contact, out);
	float gradient_ln = logf(out->gradient_per_m) - (side ? SIDE_GRADIENT : 0);
	out->softness = (gradient_ln - SUPPORT_MIDDLE) / SUPPORT_HALVING;
	out->confidence = posture->confidence * fminf(1, COARSE_MM / surface->pitch_mm);
	if (posture->posture != POSTURE_SUPINE || isnan(out->valley_ratio))
		out->confidence *= OTHER_CONFIDENCE;
	out->bottoming = support_bottoming(out->softness);
}

bool support_conclusive(float softness)
{
	return softness > SOFT;
}

bool support_bottoming(float softness)
{
	return softness > SOFT;
}

float support_soft_chance(float softness)
{
	return 0.5f * erfcf(-softness / (PEOPLE_SD * sqrtf(2)));
}
