#include "report/load_change.h"

#include "dsp/robust.h"

#include <math.h>

#define LIMIT_RATIO 1.25f
#define LIMIT_TIMES 3.0f
#define LYING_S     7200.0f
#define NIGHTS_MAX  32

/* The load's logarithm; NAN: she hardly lay, or the mat tells no load. */
static float log_load(const struct night_facts *night)
{
	return night->lying_s >= LYING_S && night->load > 0.0f ? logf(night->load) : NAN;
}

struct load_change load_change(const struct night_facts *nights, size_t n)
{
	struct load_change change = {.usual = NAN, .ratio = NAN, .limit_ratio = NAN};
	size_t first = night_first_comparable(nights, n, ERA_BIT(PERSON) | ERA_BIT(GAIN));
	float known[NIGHTS_MAX], scratch[NIGHTS_MAX];
	size_t n_known = 0;

	for (size_t i = first; i < n && n_known < NIGHTS_MAX; i++)
		if (isfinite(log_load(&nights[i])))
			known[n_known++] = log_load(&nights[i]);
	if (n_known < LOAD_NIGHTS_LEAST + 2 || !isfinite(log_load(&nights[n - 1])))
		return change;
	size_t n_before = n_known - 2;
	float usual = robust_median(known, n_before, scratch);
	float scatter = ROBUST_SIGMA_PER_MAD * robust_mad(known, n_before, scratch);
	float limit = fmaxf(logf(LIMIT_RATIO), LIMIT_TIMES * scatter);
	float now = known[n_known - 1] - usual, before = known[n_known - 2] - usual;
	change.usual = expf(usual);
	change.ratio = expf(now);
	change.limit_ratio = expf(limit);
	change.unlike = fminf(now, before) > limit || fmaxf(now, before) < -limit;
	return change;
}
