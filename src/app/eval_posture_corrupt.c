/* Maps judged as they are, or after one fault that mats and people make. */
#include "app/eval_posture.h"
#include "app/maps_damage.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum fault { AS_IT_IS, SHIFT, TURN, DEAD_LINES, DEAD_CELLS, GAIN, GHOST, SATURATE, COARSEN };

/* docs/methods.md, section 2. */
static const struct corruption {
	const char *name;
	enum fault fault;
	double size; /* share of the length, degrees, share, sigma, times the mean, cells */
} corruptions[CORRUPTIONS] = {
    {"none", AS_IT_IS, 0},
    {"shift+10", SHIFT, 0.10},
    {"shift-10", SHIFT, -0.10},
    {"shift+20", SHIFT, 0.20},
    {"shift-20", SHIFT, -0.20},
    {"turn+15", TURN, 15},
    {"turn-15", TURN, -15},
    {"dead-lines", DEAD_LINES, 2}, /* so many rows, and a column */
    {"dead-cells", DEAD_CELLS, 0.05},
    {"gain", GAIN, 0.3},
    {"ghost", GHOST, 0.03},
    {"saturate", SATURATE, 3},
    {"cells-x2", COARSEN, 2},
    {"cells-x4", COARSEN, 4},
    {"cells-x8", COARSEN, 8},
};

const char *corruption_name(size_t corruption)
{
	return corruptions[corruption].name;
}

int corruption_parse(const char *text, size_t *corruption)
{
	for (size_t i = 0; i < CORRUPTIONS; i++)
		if (strcmp(corruptions[i].name, text) == 0) {
			*corruption = i;
			return 0;
		}
	return -EINVAL;
}

static void corrupt(const struct corruption *c, struct surface *surface, float *cells,
    float *scratch, struct random *random)
{
	switch (c->fault) {
	case SHIFT:
		damage_move(cells, surface, c->size, 0, scratch);
		break;
	case TURN:
		damage_move(cells, surface, 0, c->size, scratch);
		break;
	case DEAD_LINES:
		damage_lines(cells, surface, (size_t)c->size, 1, random);
		break;
	case DEAD_CELLS:
		damage_cells(cells, surface->n_cells, c->size, random);
		break;
	case GAIN:
		damage_gain(cells, surface->n_cells, c->size, random);
		break;
	case GHOST:
		damage_ghost(cells, surface, c->size);
		break;
	case SATURATE:
		damage_saturate(cells, surface->n_cells, c->size);
		break;
	case COARSEN:
		damage_coarsen(cells, surface, (size_t)c->size);
		break;
	case AS_IT_IS:
		break;
	}
}

static void judge(const struct maps *maps, const struct corruption *c,
    struct posture_classifier *classifier, struct surface *surface, float *cells,
    struct random *random, enum posture truth, struct tally *tally)
{
	size_t n_cells = maps->surface.n_cells;
	struct posture_reading reading;

	for (size_t k = 0; k < maps->n_maps; k++) {
		if (maps->glitch[k])
			continue;
		struct image image = maps_image(maps, k);
		memcpy(cells, image.cells, n_cells * sizeof(float));
		*surface = maps->surface;
		corrupt(c, surface, cells, cells + n_cells, random);
		image.cells = cells;
		image.surface = surface;
		posture_classify(classifier, &image, &reading);
		tally_judgement(tally, truth, reading.posture, (double)reading.confidence);
	}
}

int corruption_judge(const struct maps *maps, size_t corruption, uint64_t seed,
    const struct posture_model *model, enum posture truth, struct tally *tally)
{
	const struct corruption *c = &corruptions[corruption];
	struct surface surface = maps->surface;
	size_t factor = c->fault == COARSEN ? (size_t)c->size : 1;
	struct random random;

	tally->n_glitches += maps->n_glitches;
	tally->n_refused += maps->n_refused;
	if (surface.rows < 4 * factor || surface.cols < 2 * factor)
		return 0;
	surface.rows /= factor;
	surface.cols /= factor;
	surface.n_cells = surface.rows * surface.cols;
	surface.pitch_mm *= (float)factor;
	random_init(&random, seed);
	struct posture_classifier *classifier = posture_classifier_create(&surface, model);
	float *cells = calloc(2 * maps->surface.n_cells, sizeof(float));
	if (classifier && cells)
		judge(maps, c, classifier, &surface, cells, &random, truth, tally);
	int result = classifier && cells ? 0 : -ENOMEM;
	free(cells);
	posture_classifier_destroy(classifier);
	return result;
}
