#include "body/landmarks.h"

#include <math.h>

#define BAND_MM        160.0f
#define SIGMA_MM       25.0f
#define PITCH_MAX_MM   100.0f
#define PELVIS_FROM    0.36f
#define PELVIS_TO      0.68f
#define THORAX_NEAR_MM 200.0f
#define THORAX_FAR_MM  500.0f
#define HEAD_MM        150.0f
#define HEAD_SHARE     0.05f /* of the thorax: less is no head on the mat */
#define TAPS_MAX       16

static void find_band(struct landmarks *out, const struct surface *surface, const float *plane)
{
	float total = 0, moment = 0;

	for (size_t i = 0; i < surface->n_cells; i++) {
		total += plane[i];
		moment += plane[i] * (float)(i % surface->cols);
	}
	float centre = total > 0 ? moment / total : (float)surface->cols / 2;
	float half = BAND_MM / surface->pitch_mm;
	float last = fminf(floorf(centre + half), (float)surface->cols - 1);
	out->band_first = (size_t)fmaxf(ceilf(centre - half), 0);
	out->band_last = (size_t)fmaxf(last, (float)out->band_first);
}

static void find_profile(struct landmarks *out, const struct surface *surface, const float *plane)
{
	float sums[LANDMARKS_ROWS_MAX];
	float sigma = SIGMA_MM / surface->pitch_mm;
	int n = (int)surface->rows, reach = (int)fminf(ceilf(3 * sigma), TAPS_MAX);

	for (size_t row = 0; row < surface->rows; row++) {
		sums[row] = 0;
		for (size_t col = out->band_first; col <= out->band_last; col++)
			sums[row] += plane[row * surface->cols + col];
	}
	float taps[TAPS_MAX + 1] = {0};
	for (int k = 0; k <= reach; k++)
		taps[k] = expf(-0.5f * (float)(k * k) / (sigma * sigma));
	for (int row = 0; row < n; row++) {
		float sum = 0, weight = 0;
		for (int k = -reach; k <= reach; k++) {
			if (row + k < 0 || row + k >= n)
				continue;
			sum += taps[k < 0 ? -k : k] * sums[row + k];
			weight += taps[k < 0 ? -k : k];
		}
		out->profile[row] = sum / weight;
	}
}

/* The row of the greatest (sign 1) or least (-1) r from first to last, -1 when there is none. */
static int extreme(const struct landmarks *l, int first, int last, float sign)
{
	int best = -1;

	if (first < 0)
		first = 0;
	if (last >= (int)l->n_rows)
		last = (int)l->n_rows - 1;
	for (int row = first; row <= last; row++)
		if (best < 0 || sign * l->profile[row] > sign * l->profile[best])
			best = row;
	return best;
}

static int last_contact(const struct surface *surface, const float *plane, float threshold)
{
	for (size_t i = surface->n_cells; i > 0; i--)
		if (plane[i - 1] > threshold)
			return (int)((i - 1) / surface->cols);
	return -1;
}

bool landmarks_find(
    struct landmarks *out, const struct surface *surface, const float *plane, float threshold)
{
	float pitch_mm = surface->pitch_mm;
	int n = (int)surface->rows;

	*out = (struct landmarks){.n_rows = surface->rows,
	    .head = -1,
	    .thorax = -1,
	    .lumbar = -1,
	    .pelvis = -1,
	    .feet = -1};
	if (n > LANDMARKS_ROWS_MAX || pitch_mm > PITCH_MAX_MM)
		return false;
	find_band(out, surface, plane);
	find_profile(out, surface, plane);
	out->feet = last_contact(surface, plane, threshold);
	out->pelvis = extreme(out, (int)(PELVIS_FROM * (float)n), (int)(PELVIS_TO * (float)n), 1);
	out->thorax = extreme(out, out->pelvis - (int)(THORAX_FAR_MM / pitch_mm),
	    out->pelvis - (int)ceilf(THORAX_NEAR_MM / pitch_mm), 1);
	if (out->thorax < 0 || !(out->profile[out->thorax] > 0) || !(out->profile[out->pelvis] > 0))
		return false;
	out->lumbar = extreme(out, out->thorax, out->pelvis, -1);
	out->head = extreme(out, 0, out->thorax - (int)ceilf(HEAD_MM / pitch_mm), 1);
	if (out->head >= 0 && out->profile[out->head] < HEAD_SHARE * out->profile[out->thorax])
		out->head = -1;
	return true;
}
