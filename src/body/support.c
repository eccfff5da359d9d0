#include "body/support.h"

#include "body/support_measures.h"

#include <math.h>

/*
 * What each measure says: (value - middle) / halving, in halvings of stiffness; 0 at 70 kPa/m.
 *
 * Middles and halvings: means over 500 simulated people on 15 to 320 kPa/m, 64 x 32 and 32 x 16
 * cells, mats of any gain, exponent, ghost and offset (drivers/sim/body.c; docs/methods.md, section
 * 1, has the ranges). A second, cruder simulator of ellipsoids agrees for the gradient (-0.096 and
 * -0.099) but not for the valley, which arms, pillows and the person's own back move: hence the
 * weights. The side: 70 pairs of PMD experiment 2, as far from its supine middles as those maps.
 */
static const struct scale {
	float middle, halving, weight;
} gradient = {2.57f, -0.096f, 0.75f},      /* of its logarithm */
    contact_area = {-0.72f, 0.11f, 0.15f}, /* of its logarithm */
    valley = {0.37f, 0.13f, 0.1f};
#define SIDE_GRADIENT 0.10f /* what the side adds to the logarithms */
#define SIDE_CONTACT  (-0.15f)
#define VALLEY_LOW    0.10f /* beyond, the ratio says no more about the foam */
#define VALLEY_HIGH   0.65f

#define INCONCLUSIVE 1.0f
#define PEOPLE_SD    0.75f /* of the index, between people on one mattress */

/*
 * Under about 30 kPa/m, 16 cm thick, simulated foam bottoms out: the valley turns round, the
 * gradient stays where it is and with it the index. About half of such maps stand above this, 1 % of the
 * maps of 60 kPa/m and more; peaks do not tell them apart any better.
 */
#define BOTTOMING 1.3f

#define OTHER_CONFIDENCE 0.5f  /* not known to lie on the back: no valley confirms the rest */
#define COARSE_MM        60.0f /* coarser rows blur the valley */

static void read_valley(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, struct support_reading *out)
{
	struct landmarks marks;

	if (!landmarks_find(&marks, surface, plane, contact->threshold))
		return;
	const float *r = marks.profile;
	out->valley_ratio = r[marks.lumbar] / sqrtf(r[marks.thorax] * r[marks.pelvis]);
}

static float halvings(const struct scale *scale, float value)
{
	return scale->weight * (value - scale->middle) / scale->halving;
}

/* The weighted mean of the measures that there are. */
static float softness_of(const struct support_reading *reading, bool side)
{
	float gradient_ln = logf(reading->gradient_per_m) - (side ? SIDE_GRADIENT : 0);
	float contact_ln = logf(reading->contact_m2) - (side ? SIDE_CONTACT : 0);
	float sum = halvings(&gradient, gradient_ln) + halvings(&contact_area, contact_ln);
	float weight = gradient.weight + contact_area.weight;

	if (isfinite(reading->valley_ratio)) {
		float ratio = fminf(fmaxf(reading->valley_ratio, VALLEY_LOW), VALLEY_HIGH);
		sum += halvings(&valley, ratio);
		weight += valley.weight;
	}
	return sum / weight;
}

void support_read(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, const struct posture_reading *posture,
    struct support_reading *out)
{
	struct support_measures measures;
	bool side = posture->posture == POSTURE_LEFT || posture->posture == POSTURE_RIGHT;

	*out = (struct support_reading){NAN, NAN, NAN, NAN, 0, false};
	if (!(contact->high > 0) || posture->posture == POSTURE_EMPTY ||
	    posture->posture == POSTURE_EDGE)
		return;
	support_measure(surface, plane, contact, &measures);
	out->gradient_per_m = measures.gradient_per_m;
	out->contact_m2 = measures.contact_m2;
	if (!side)
		read_valley(surface, plane, contact, out);
	out->softness = softness_of(out, side);
	if (!isfinite(out->softness)) {
		out->softness = NAN;
		return;
	}
	out->confidence = posture->confidence * fminf(1, COARSE_MM / surface->pitch_mm);
	if (posture->posture != POSTURE_SUPINE || isnan(out->valley_ratio))
		out->confidence *= OTHER_CONFIDENCE;
	out->bottoming = support_bottoming(out->softness);
}

bool support_conclusive(float softness)
{
	return fabsf(softness) > INCONCLUSIVE;
}

bool support_bottoming(float softness)
{
	return softness > BOTTOMING;
}

float support_soft_chance(float softness)
{
	return 0.5f * erfcf(-softness / (PEOPLE_SD * sqrtf(2)));
}
