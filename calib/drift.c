#include "calib/drift.h"

#include "base/clock.h"
#include "calib/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const int64_t wait_ns = 10 * NS_PER_MIN, step_ns = NS_PER_MIN; /* methods.md, section 7 */
static const float rate_per_h = 0.05f;                                /* the same */

/* Shares of full scale; starting points of our own. */
static const float lump_least = 0.005f; /* a cat of 4 kg on 4 dm2 makes some 7 mmHg */
static const float lump_spreads = 2.5f; /* 3 x 3 medians of what is white reach 1.5 */
static const float spread_most = 0.02f; /* cells that drift further apart are not followed */
static const float level_most = 0.02f;
static const float far_most = 0.10f;

struct drift {
	struct surface surface;
	float *calibrated, *mean, *scratch;
	double *sum;
	size_t n;          /* frames of the minute under way */
	int64_t since_ns;  /* empty since then; 0: not */
	int64_t minute_ns; /* when the minute under way began */
};

struct drift *drift_create(const struct surface *surface, const float *zero, bool *failed)
{
	size_t n = surface->n_cells;

	*failed = false;
	if (surface->rows < 3 || surface->cols < 3)
		return NULL;
	struct drift *drift = calloc(1, sizeof(*drift));
	*failed = !drift;
	if (!drift)
		return NULL;
	drift->surface = *surface;
	drift->calibrated = calloc(n, sizeof(float));
	drift->mean = calloc(n, sizeof(float));
	drift->scratch = calloc(n, sizeof(float));
	drift->sum = calloc(n, sizeof(double));
	if (!drift->calibrated || !drift->mean || !drift->scratch || !drift->sum) {
		*failed = true;
		drift_destroy(drift);
		return NULL;
	}
	memcpy(drift->calibrated, zero, n * sizeof(float));
	return drift;
}

void drift_destroy(struct drift *drift)
{
	if (!drift)
		return;
	free(drift->calibrated);
	free(drift->mean);
	free(drift->scratch);
	free(drift->sum);
	free(drift);
}

void drift_reset(struct drift *drift)
{
	drift->since_ns = 0;
}

static void begin_minute(struct drift *drift, int64_t mono_ns)
{
	drift->minute_ns = mono_ns;
	drift->n = 0;
	memset(drift->sum, 0, drift->surface.n_cells * sizeof(double));
}

static bool is_bare(struct drift *drift, const float *zero)
{
	struct load_look look;

	load_look(&drift->surface, drift->mean, zero, drift->scratch, &look);
	return fabsf(look.level_ratio) <= level_most && look.spread_ratio <= spread_most &&
	       look.lump_ratio <= fmaxf(lump_least, lump_spreads * look.spread_ratio);
}

static void move(struct drift *drift, const bool *dead, float *zero)
{
	float full = drift->surface.full_scale_counts;
	float hours = (float)step_ns / (float)NS_PER_H; /* also after a gap in the frames */
	float most = rate_per_h * hours * full, far = far_most * full;

	for (size_t i = 0; i < drift->surface.n_cells; i++) {
		float by = fminf(most, fmaxf(-most, drift->mean[i] - zero[i]));
		float low = fmaxf(0, drift->calibrated[i] - far), high = drift->calibrated[i] + far;
		if (!dead[i])
			zero[i] = fminf(high, fmaxf(low, zero[i] + by));
	}
}

enum drift_verdict drift_step(
    struct drift *drift, const float *counts, const bool *dead, int64_t mono_ns, float *zero)
{
	size_t n = drift->surface.n_cells;

	if (drift->since_ns == 0 || mono_ns < drift->since_ns) {
		drift->since_ns = mono_ns ? mono_ns : 1;
		begin_minute(drift, mono_ns);
	}
	/* Only the last minute of the wait counts, and each one after it. */
	if (mono_ns - drift->since_ns < wait_ns - step_ns) {
		drift->minute_ns = mono_ns;
		return DRIFT_NONE;
	}
	for (size_t i = 0; i < n; i++)
		drift->sum[i] += (double)counts[i];
	drift->n++;
	int64_t length_ns = mono_ns - drift->minute_ns;
	if (length_ns < step_ns)
		return DRIFT_NONE;
	for (size_t i = 0; i < n; i++)
		drift->mean[i] = dead[i] ? zero[i] : (float)(drift->sum[i] / (double)drift->n);
	bool bare = is_bare(drift, zero);
	if (bare)
		move(drift, dead, zero);
	begin_minute(drift, mono_ns);
	return bare ? DRIFT_MOVED : DRIFT_BLOCKED;
}

float drift_ratio(const struct drift *drift, const float *zero)
{
	double sum = 0;

	for (size_t i = 0; i < drift->surface.n_cells; i++)
		sum += (double)fabsf(zero[i] - drift->calibrated[i]);
	return (float)(sum / (double)drift->surface.n_cells) / drift->surface.full_scale_counts;
}
