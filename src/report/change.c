#include "report/change.h"

#include "base/random.h"
#include "dsp/robust.h"

#include <math.h>

#define RESAMPLINGS 2000
#define SEED        1

static size_t keep_known(const float *values, size_t n, float known[static CHANGE_NIGHTS_MAX])
{
	size_t n_known = 0;

	for (size_t i = 0; i < n && n_known < CHANGE_NIGHTS_MAX; i++)
		if (isfinite(values[i]))
			known[n_known++] = values[i];
	return n_known;
}

static float median_of_drawn(struct random *random, const float *values, size_t n)
{
	float drawn[CHANGE_NIGHTS_MAX];

	for (size_t i = 0; i < n; i++)
		drawn[i] = values[(size_t)(random_uniform(random) * (double)n)];
	return robust_median(drawn, n, drawn);
}

void change_compare(
    const float *before, size_t n_before, const float *after, size_t n_after, struct change *out)
{
	float a[CHANGE_NIGHTS_MAX], b[CHANGE_NIGHTS_MAX], scratch[RESAMPLINGS], drawn[RESAMPLINGS];
	struct random random;

	*out = (struct change){.n_before = keep_known(before, n_before, a),
	    .n_after = keep_known(after, n_after, b),
	    .before = NAN,
	    .after = NAN,
	    .difference = NAN,
	    .low = NAN,
	    .high = NAN};
	if (out->n_before < CHANGE_NIGHTS_LEAST || out->n_after < CHANGE_NIGHTS_LEAST)
		return;
	out->before = robust_median(a, out->n_before, scratch);
	out->after = robust_median(b, out->n_after, scratch);
	out->difference = out->after - out->before;
	random_init(&random, SEED);
	for (size_t i = 0; i < RESAMPLINGS; i++)
		drawn[i] = median_of_drawn(&random, b, out->n_after) -
		           median_of_drawn(&random, a, out->n_before);
	out->low = robust_quantile(drawn, RESAMPLINGS, 0.025, scratch);
	out->high = robust_quantile(drawn, RESAMPLINGS, 0.975, scratch);
	out->more_than_scatter = out->low > 0.0f || out->high < 0.0f;
}
