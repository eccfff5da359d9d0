#include "app/train.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_HIDDEN   64
#define N_BATCH    32
#define RATE_FIRST 2e-3f /* falls to 0 along half a cosine */
#define N_GRIDS    24    /* grids met while training, the coarser ones included */

struct trainer {
	const struct train_set *set;
	struct random random;
	size_t *order; /* the samples in use, shuffled every round */
	size_t n_used;
	struct posture_classifier *grids[N_GRIDS];
	struct surface surfaces[N_GRIDS];
	size_t n_grids;
	float *cells;
	size_t n_classes;
	enum posture classes[POSTURE_CLASSES_MAX];
	float class_weight[POSTURE_COUNT];
	size_t class_index[POSTURE_COUNT];
	struct train_net *net;
	/* a batch */
	float inputs[N_BATCH][FEATURES_COUNT];
	size_t targets[N_BATCH];
	float weights[N_BATCH];
};

/* Which samples and classes are in use; rare classes weigh more, by the root of their rarity. */
static int choose_samples(struct trainer *t, const char *without, struct error *err)
{
	size_t counts[POSTURE_COUNT] = {0}, cells_most = 0;

	t->order = calloc(t->set->n_samples + 1, sizeof(size_t));
	if (!t->order)
		return error_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < t->set->n_samples; i++) {
		const struct train_sample *sample = &t->set->samples[i];
		if (without && strcmp(sample->subject, without) == 0)
			continue;
		t->order[t->n_used++] = i;
		counts[sample->posture]++;
		if (sample->surface.n_cells > cells_most)
			cells_most = sample->surface.n_cells;
	}
	/* A mirrored left is a right: both are known when one is. */
	counts[POSTURE_LEFT] = counts[POSTURE_RIGHT] =
	    (counts[POSTURE_LEFT] + counts[POSTURE_RIGHT] + 1) / 2;
	for (enum posture p = POSTURE_SUPINE; p <= POSTURE_PRONE; p++) {
		if (counts[p] == 0)
			continue;
		t->class_index[p] = t->n_classes;
		t->classes[t->n_classes++] = p;
	}
	if (t->n_classes < 2)
		return error_set(err, -EINVAL, "nothing to learn: fewer than two postures%s%s",
		    without ? " without subject " : "", without ? without : "");
	for (size_t i = 0; i < t->n_classes; i++)
		t->class_weight[t->classes[i]] = 1;
	t->cells = calloc(cells_most, sizeof(float));
	return t->cells ? 0 : error_set(err, -ENOMEM, "out of memory");
}

/* The classifier for a grid, made when it is first met. NULL: out of memory. */
static struct posture_classifier *grid_for(struct trainer *t, const struct surface *surface)
{
	for (size_t i = 0; i < t->n_grids; i++)
		if (t->surfaces[i].rows == surface->rows && t->surfaces[i].cols == surface->cols)
			return t->grids[i];
	if (t->n_grids == N_GRIDS)
		return NULL;
	t->surfaces[t->n_grids] = *surface;
	t->grids[t->n_grids] = posture_classifier_create(&t->surfaces[t->n_grids], NULL);
	return t->grids[t->n_grids] ? t->grids[t->n_grids++] : NULL;
}

/* One varied sample into the batch; false when nothing of it was left on the mat. */
static int fill_example(struct trainer *t, const struct train_sample *sample, size_t place)
{
	struct surface surface;
	enum posture posture;

	train_vary(sample, &t->random, t->cells, &surface, &posture);
	struct posture_classifier *grid = grid_for(t, &surface);
	if (!grid)
		return -ENOMEM;
	struct image image = {
	    .surface = &surface, .unit = PRESSURE_RELATIVE, .health_ratio = 1, .cells = t->cells};
	if (!posture_features(grid, &image, t->inputs[place]))
		return 0;
	t->targets[place] = t->class_index[posture];
	t->weights[place] = t->class_weight[posture];
	return 1;
}

static void shuffle(struct trainer *t)
{
	for (size_t i = t->n_used; i > 1; i--) {
		size_t k = (size_t)(random_uniform(&t->random) * (double)i);
		size_t other = t->order[k];
		t->order[k] = t->order[i - 1];
		t->order[i - 1] = other;
	}
}

/* Mean and deviation of the features over one varied round. */
static int standardise(struct trainer *t)
{
	double sum[FEATURES_COUNT] = {0}, squares[FEATURES_COUNT] = {0};
	float mean[FEATURES_COUNT], deviation[FEATURES_COUNT];
	double n = 0;

	for (size_t i = 0; i < t->n_used; i++) {
		int filled = fill_example(t, &t->set->samples[t->order[i]], 0);
		if (filled < 0)
			return filled;
		for (size_t k = 0; filled && k < FEATURES_COUNT; k++) {
			double value = (double)t->inputs[0][k];
			sum[k] += value;
			squares[k] += value * value;
		}
		n += filled;
	}
	for (size_t k = 0; k < FEATURES_COUNT; k++) {
		mean[k] = (float)(sum[k] / fmax(n, 1));
		double variance = squares[k] / fmax(n, 1) - (double)(mean[k] * mean[k]);
		deviation[k] = (float)sqrt(fmax(variance, 0));
	}
	train_net_standardise(t->net, mean, deviation);
	return 0;
}

static int run_epoch(struct trainer *t, float rate)
{
	size_t n = 0;

	shuffle(t);
	for (size_t i = 0; i < t->n_used; i++) {
		int filled = fill_example(t, &t->set->samples[t->order[i]], n);
		if (filled < 0)
			return filled;
		n += (size_t)filled;
		if (n == N_BATCH || (n > 0 && i + 1 == t->n_used)) {
			train_net_step(t->net, t->inputs[0], t->targets, t->weights, n, rate);
			n = 0;
		}
	}
	return 0;
}

static struct posture_model *export_model(const struct trainer *t)
{
	struct posture_model *model = calloc(1, sizeof(*model));

	if (!model)
		return NULL;
	model->n_classes = t->n_classes;
	memcpy(model->classes, t->classes, sizeof(model->classes));
	train_net_export(t->net, model);
	return model;
}

static struct posture_model *run(struct trainer *t, const struct train_settings *settings)
{
	int result = standardise(t);

	for (unsigned epoch = 0; result == 0 && epoch < settings->n_epochs; epoch++) {
		double share = (double)epoch / settings->n_epochs;
		result = run_epoch(t, RATE_FIRST * (float)(0.5 + 0.5 * cos(M_PI * share)));
		if (settings->progress && epoch % 10 == 9)
			fprintf(stderr, "  round %u of %u\n", epoch + 1, settings->n_epochs);
	}
	return result == 0 ? export_model(t) : NULL;
}

struct posture_model *train_posture(const struct train_set *set, const char *without,
    const struct train_settings *settings, struct error *err)
{
	struct trainer *t = calloc(1, sizeof(*t));
	struct posture_model *model = NULL;

	if (!t) {
		error_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	t->set = set;
	random_init(&t->random, settings->seed);
	if (choose_samples(t, without, err) == 0) {
		t->net = train_net_create(FEATURES_COUNT, N_HIDDEN, t->n_classes, &t->random);
		model = t->net ? run(t, settings) : NULL;
		if (!model)
			error_set(err, -ENOMEM, "out of memory, or maps of too many sizes");
	}
	for (size_t i = 0; i < t->n_grids; i++)
		posture_classifier_destroy(t->grids[i]);
	train_net_destroy(t->net);
	free(t->cells);
	free(t->order);
	free(t);
	return model;
}

static void write_number(FILE *file, float value, bool last)
{
	fprintf(file, "%.4g%c", (double)value, last ? '\n' : ' ');
}

int train_write(
    const struct posture_model *model, const char *comment, const char *path, struct error *err)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	for (const char *line = comment; *line;) {
		size_t length = strcspn(line, "\n");
		fprintf(file, "# %.*s\n", (int)length, line);
		line += length + (line[length] == '\n');
	}
	fprintf(file, "lumbar-posture 1\nfeatures %d\nhidden %zu\nclasses", FEATURES_COUNT,
	    model->n_hidden);
	for (size_t i = 0; i < model->n_classes; i++)
		fprintf(file, " %s", posture_name(model->classes[i]));
	fputs("\nweights\n", file);
	for (size_t i = 0; i < model->n_hidden; i++)
		for (size_t k = 0; k <= FEATURES_COUNT; k++)
			write_number(file, model->first[k][i], k == FEATURES_COUNT);
	for (size_t i = 0; i < model->n_classes; i++)
		for (size_t k = 0; k <= model->n_hidden; k++)
			write_number(file, model->second[i][k], k == model->n_hidden);
	bool failed = ferror(file) != 0;
	if (fclose(file) != 0 || failed)
		return error_set(err, -EIO, "%s: cannot be written whole", path);
	return 0;
}
