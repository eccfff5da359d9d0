#include "body/support.h"

#include <math.h>
#include <string.h>

/* Valley ratio: 13 people on one mat 0.39; stiffness halved +0.13 (docs/methods.md, section 1). */
#define VALLEY_MIDDLE  0.39f
#define VALLEY_HALVING 0.13f
/*
 * Effective area: PMD experiment 2, air and sponge, supine 0.27 and 0.37 m2, on the side 0.23 and
 * 0.31 m2, while the valley ratio rose by 0.13: ln 1.35 for one to two halvings. Simulated bodies
 * of 25 to 200 kPa/m spread from 0.46 to 0.34 m2: the middle lies between.
 */
#define AREA_MIDDLE_M2      0.33f
#define AREA_SIDE_MIDDLE_M2 0.28f
#define AREA_HALVING        0.15f /* of its logarithm */
/* Of the same pairs the valley ratio orders 84 %, the area 100 %. */
#define VALLEY_WEIGHT (1.0f / 3)

#define INCONCLUSIVE 1.0f

/* Bottoming: mean of the trunk's top tenth over the mean of its contact, and a filled waist. */
#define BOTTOM_PEAKS  2.8f
#define BOTTOM_VALLEY 0.50f

#define SIDE_CONFIDENCE   0.5f /* the side has no valley to confirm the area */
#define BOTTOM_CONFIDENCE 0.5f
#define COARSE_MM         60.0f /* coarser rows blur the valley */

static float effective_area(const struct surface *surface, const float *plane, float threshold)
{
	float sum = 0, squares = 0;

	for (size_t i = 0; i < surface->n_cells; i++) {
		float value = plane[i] > threshold / 4 ? plane[i] : 0;
		sum += value;
		squares += value * value;
	}
	float cell_m = surface->pitch_mm / 1000;
	return squares > 0 ? sum * sum / squares * cell_m * cell_m : NAN;
}

/* Mean of the top tenth of the trunk's cells in contact over the mean of all of them. */
static float peaks_of_trunk(const struct surface *surface, const float *plane,
    const struct landmarks *marks, float threshold, float high)
{
	unsigned counts[64] = {0}, n = 0, top = 0;
	float total = 0, top_sum = 0, bin = 3 * high / 64; /* the plane is clipped at 3 high */

	for (size_t row = (size_t)marks->thorax; row <= (size_t)marks->pelvis; row++)
		for (size_t col = marks->band_first; col <= marks->band_last; col++) {
			float value = plane[row * surface->cols + col];
			if (value <= threshold)
				continue;
			total += value;
			n++;
			counts[(size_t)fminf(value / bin, 63)]++;
		}
	for (size_t i = 64; i-- > 0 && top * 10 < n;) {
		top += counts[i];
		top_sum += (float)counts[i] * ((float)i + 0.5f) * bin;
	}
	return n ? top_sum / (float)top / (total / (float)n) : 0;
}

static void read_supine(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, struct support_reading *out)
{
	struct landmarks marks;

	if (!landmarks_find(&marks, surface, plane, contact->threshold))
		return;
	const float *r = marks.profile;
	out->valley_ratio = r[marks.lumbar] / sqrtf(r[marks.thorax] * r[marks.pelvis]);
	out->softness = VALLEY_WEIGHT * (out->valley_ratio - VALLEY_MIDDLE) / VALLEY_HALVING +
	                (1 - VALLEY_WEIGHT) * logf(out->effective_m2 / AREA_MIDDLE_M2) /
	                    AREA_HALVING;
	out->bottoming = out->valley_ratio > BOTTOM_VALLEY &&
	                 peaks_of_trunk(surface, plane, &marks, contact->threshold, contact->high) >
	                     BOTTOM_PEAKS;
	out->confidence *= out->bottoming ? BOTTOM_CONFIDENCE : 1;
	out->confidence *= fminf(1, COARSE_MM / surface->pitch_mm);
}

void support_read(const struct surface *surface, const float *plane,
    const struct contact_reading *contact, const struct posture_reading *posture,
    struct support_reading *out)
{
	*out = (struct support_reading){.valley_ratio = NAN, .effective_m2 = NAN, .softness = NAN};
	if (!(contact->high > 0))
		return;
	out->effective_m2 = effective_area(surface, plane, contact->threshold);
	out->confidence = posture->confidence;
	if (posture->posture == POSTURE_SUPINE) {
		read_supine(surface, plane, contact, out);
	} else if (posture->posture == POSTURE_LEFT || posture->posture == POSTURE_RIGHT) {
		out->softness = logf(out->effective_m2 / AREA_SIDE_MIDDLE_M2) / AREA_HALVING;
		out->confidence *= SIDE_CONFIDENCE;
	}
	if (isnan(out->softness))
		out->confidence = 0;
}

bool support_conclusive(float softness)
{
	return fabsf(softness) > INCONCLUSIVE;
}
