#include "app/compare.h"

#include "app/maps.h"
#include "body/posture.h"
#include "body/support.h"
#include "dsp/robust.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define EVERY_S     5 /* one map each so many seconds is enough of a long recording */
#define FEW_MAPS    20
#define STILL_NSAD  0.10f /* between maps that follow one another (docs/methods.md, section 4) */
#define SURE_SUPINE 0.5f  /* of the model */

/*
 * PMD experiment 2: five people, 7 or 10 times on their back with other arms and legs each time:
 * the index of one mattress scatters by 0.52 to 0.87, in the middle 0.75. Weighs as much as
 * PRIOR_TIMES times of lying down that were seen.
 */
#define LYING_SD    0.75f
#define PRIOR_TIMES 4

#define SURE     0.975f
#define PROBABLY 0.85f
#define ALIKE    0.5f /* halvings: closer than this, two that may have bottomed out stay open */

/* What is told of one still map on the back. */
struct told {
	size_t at;
	float softness, valley_ratio;
};

struct reader {
	struct maps maps;
	struct posture_classifier *classifier;
	struct told *told; /* n_maps */
	float *scratch;    /* n_maps */
	const struct compare_settings *settings;
};

/* Whether map k hardly differs from a neighbour in time; a lone map is taken as it is. */
static bool is_still(const struct maps *maps, size_t k)
{
	size_t n_cells = maps->surface.n_cells, other = k > 0 ? k - 1 : k + 1;
	const float *here = maps->cells + k * n_cells, *there = maps->cells + other * n_cells;
	float sum = 0, change = 0;

	if (maps->glitch[k])
		return false;
	if (maps->n_maps == 1)
		return true;
	for (size_t i = 0; i < n_cells; i++) {
		sum += here[i];
		change += fabsf(here[i] - there[i]);
	}
	return sum > 0 && change < STILL_NSAD * sum;
}

static bool tell(struct reader *reader, size_t k, struct told *told)
{
	struct image image = maps_image(&reader->maps, k);
	struct posture_reading posture;
	struct support_reading support;

	posture_classify(reader->classifier, &image, &posture);
	if (reader->settings->supine && posture.posture != POSTURE_EMPTY)
		posture = (struct posture_reading){POSTURE_SUPINE, 1};
	if (posture.posture != POSTURE_SUPINE || posture.confidence < SURE_SUPINE)
		return false;
	support_read(&reader->maps.surface, posture_plane(reader->classifier),
	    posture_contact(reader->classifier), &posture, &support);
	*told = (struct told){k, support.softness, support.valley_ratio};
	return isfinite(support.softness);
}

/*
 * Medians of the stretches, their mean, and how far that mean may be off: the scatter of the
 * stretches, drawn towards LYING_SD while there are few.
 */
static void sum_up(struct reader *reader, size_t n, struct compared *out)
{
	float sum = 0, squares = 0;

	for (size_t first = 0, end; first < n; first = end) {
		for (end = first + 1;
		     end < n && reader->told[end].at == reader->told[end - 1].at + 1;)
			end++;
		for (size_t i = first; i < end; i++)
			reader->scratch[i - first] = reader->told[i].softness;
		float median = robust_median(reader->scratch, end - first, reader->scratch);
		sum += median;
		squares += median * median;
		out->n_stretches++;
	}
	float times = (float)out->n_stretches;
	out->softness = sum / times;
	float spread = fmaxf(squares - times * out->softness * out->softness, 0);
	float variance = (PRIOR_TIMES * LYING_SD * LYING_SD + spread) / (PRIOR_TIMES + times - 1);
	out->softness_sd = sqrtf(variance / times);
	for (size_t i = 0; i < n; i++)
		reader->scratch[i] = reader->told[i].valley_ratio;
	out->valley_ratio = robust_median(reader->scratch, n, reader->scratch);
}

static void average(const struct reader *reader, size_t n, float *mean)
{
	size_t n_cells = reader->maps.surface.n_cells;

	for (size_t i = 0; i < n; i++)
		for (size_t cell = 0; cell < n_cells; cell++)
			mean[cell] += reader->maps.cells[reader->told[i].at * n_cells + cell] /
			              (float)n;
}

static int read_maps_of(struct reader *reader, const char *path, struct error *err)
{
	const struct surface *surface = &reader->settings->surface;
	size_t stride = (size_t)fmaxf(1, roundf(surface->rate_hz * EVERY_S));
	int result = maps_load(&reader->maps, path, surface, stride, err);

	if (result < 0 || reader->maps.n_maps >= FEW_MAPS || stride == 1)
		return result;
	maps_finish(&reader->maps);
	return maps_load(&reader->maps, path, surface, 1, err);
}

static int read_side(struct reader *reader, const struct posture_model *model, struct compared *out,
    struct error *err)
{
	int result = read_maps_of(reader, out->path, err);
	size_t n = 0;

	if (result < 0)
		return result;
	if (reader->settings->find_head && maps_are_turned(&reader->maps))
		maps_turn(&reader->maps);
	if (support_check(&reader->maps.surface, err) < 0)
		return error_prefix(err, "%s", out->path);
	out->surface = reader->maps.surface;
	out->n_maps = reader->maps.n_maps;
	reader->classifier = posture_classifier_create(&reader->maps.surface, model);
	reader->told = calloc(out->n_maps, sizeof(*reader->told));
	reader->scratch = calloc(out->n_maps, sizeof(*reader->scratch));
	out->mean = calloc(out->surface.n_cells, sizeof(float));
	if (!reader->classifier || !reader->told || !reader->scratch || !out->mean)
		return error_set(err, -ENOMEM, "%s: out of memory", out->path);
	for (size_t k = 0; k < out->n_maps; k++) {
		if (!is_still(&reader->maps, k))
			continue;
		out->n_still++;
		n += tell(reader, k, &reader->told[n]);
	}
	out->n_supine = n;
	if (n > 0) {
		sum_up(reader, n, out);
		average(reader, n, out->mean);
	}
	return 0;
}

static void judge(struct comparison *c)
{
	const struct compared *a = &c->sides[0], *b = &c->sides[1];

	c->difference = a->softness - b->softness;
	c->difference_sd = hypotf(a->softness_sd, b->softness_sd);
	c->sure = 0.5f * erfcf(-fabsf(c->difference) / (c->difference_sd * sqrtf(2)));
	if (a->n_supine == 0 || b->n_supine == 0)
		c->verdict = VERDICT_NOT_SUPINE;
	else if (support_bottoming(fminf(a->softness, b->softness)) && fabsf(c->difference) < ALIKE)
		c->verdict = VERDICT_BOTTOMING;
	else
		c->verdict = c->sure >= SURE       ? VERDICT_SOFTER
		             : c->sure >= PROBABLY ? VERDICT_PROBABLY
		                                   : VERDICT_OPEN;
}

int compare_files(struct comparison *comparison, const char *const paths[2],
    const struct compare_settings *settings, struct error *err)
{
	struct posture_model *model = posture_model_load(NULL, err);
	int result = model ? 0 : -ENOMEM;

	*comparison = (struct comparison){.verdict = VERDICT_OPEN};
	for (size_t i = 0; result == 0 && i < 2; i++) {
		struct reader reader = {.settings = settings};
		comparison->sides[i] = (struct compared){
		    .path = paths[i], .softness = NAN, .softness_sd = NAN, .valley_ratio = NAN};
		result = read_side(&reader, model, &comparison->sides[i], err);
		free(reader.scratch);
		free(reader.told);
		posture_classifier_destroy(reader.classifier);
		maps_finish(&reader.maps);
	}
	posture_model_destroy(model);
	if (result == 0)
		judge(comparison);
	return result;
}

void compare_finish(struct comparison *comparison)
{
	for (size_t i = 0; i < 2; i++)
		free(comparison->sides[i].mean);
}
