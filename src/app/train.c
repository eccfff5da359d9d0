#include "app/train.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_HIDDEN           64
#define N_BATCH            32
#define RATE_FIRST         2e-3f        /* falls to 0 along half a cosine */
#define PRONE_ODDS         (7.0 / 38.0) /* against supine, of a night: docs/methods.md, section 6 */
#define CALIBRATION_ROUNDS 4            /* every other one varied */
#define N_GRIDS            24           /* grids met while training, the coarser ones included */

/* The samples of a fit: all, or those but every third subject, or only these. */
enum use { USE_ALL, USE_REST, USE_HELD_OUT };

struct trainer {
	const struct train_set *set;
	const char *without;
	enum use use;
	struct random random;
	size_t *order;   /* the samples in use, shuffled every round */
	size_t *subject; /* of each sample, counted from 0; stands behind order */
	size_t n_used, n_subjects;
	struct posture_classifier *grids[N_GRIDS];
	struct surface surfaces[N_GRIDS];
	size_t n_grids;
	float *cells;
	size_t n_classes;
	enum posture classes[POSTURE_CLASSES_MAX];
	size_t counts[POSTURE_COUNT]; /* samples of each posture */
	size_t class_index[POSTURE_COUNT];
	struct train_net *net;
	/* a batch */
	float inputs[N_BATCH][FEATURES_COUNT];
	size_t targets[N_BATCH];
	float weights[N_BATCH];
};

/* Every third subject, by the order in which they come; those are met again in calibrate(). */
static void mark_thirds(struct trainer *t)
{
	size_t n_subjects = 0;

	for (size_t i = 0; i < t->set->n_samples; i++) {
		size_t k = 0;
		while (k < i && strcmp(t->set->samples[k].subject, t->set->samples[i].subject) != 0)
			k++;
		t->subject[i] = k < i ? t->subject[k] : n_subjects++;
	}
	t->n_subjects = n_subjects;
}

static bool is_held_out(const struct trainer *t, size_t sample)
{
	return t->subject[sample] % 3 == 1;
}

static bool is_in_use(const struct trainer *t, size_t sample)
{
	if (t->without && strcmp(t->set->samples[sample].subject, t->without) == 0)
		return false;
	return t->use == USE_ALL || is_held_out(t, sample) == (t->use == USE_HELD_OUT);
}

static void choose_samples(struct trainer *t, enum use use)
{
	t->use = use;
	t->n_used = 0;
	for (size_t i = 0; i < t->set->n_samples; i++)
		if (is_in_use(t, i))
			t->order[t->n_used++] = i;
}

/* What can be learnt, from all that is in use. */
static int choose_classes(struct trainer *t, struct error *err)
{
	size_t *counts = t->counts;

	for (size_t i = 0; i < t->n_used; i++)
		counts[t->set->samples[t->order[i]].posture]++;
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
		    t->without ? " without subject " : "", t->without ? t->without : "");
	return 0;
}

static int prepare(struct trainer *t, struct error *err)
{
	size_t cells_most = 0;

	t->order = calloc(2 * (t->set->n_samples + 1), sizeof(size_t));
	t->subject = t->order + t->set->n_samples + 1;
	for (size_t i = 0; i < t->set->n_samples; i++)
		if (t->set->samples[i].surface.n_cells > cells_most)
			cells_most = t->set->samples[i].surface.n_cells;
	t->cells = calloc(cells_most + 1, sizeof(float));
	if (!t->order || !t->cells)
		return error_set(err, -ENOMEM, "out of memory");
	mark_thirds(t);
	choose_samples(t, USE_ALL);
	return choose_classes(t, err);
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

/* One sample, varied or as it is, into the batch: 1; 0 when nothing of it was left on the mat. */
static int fill_example(
    struct trainer *t, const struct train_sample *sample, size_t place, bool varied)
{
	struct surface surface;
	enum posture posture;

	if (varied) {
		train_vary(sample, &t->random, t->cells, &surface, &posture);
	} else {
		surface = sample->surface;
		posture = sample->posture;
		memcpy(t->cells, sample->cells, surface.n_cells * sizeof(float));
	}
	struct posture_classifier *grid = grid_for(t, &surface);
	if (!grid)
		return -ENOMEM;
	struct image image = {
	    .surface = &surface, .unit = PRESSURE_RELATIVE, .health_ratio = 1, .cells = t->cells};
	if (!posture_features(grid, &image, t->inputs[place]))
		return 0;
	t->targets[place] = t->class_index[posture];
	t->weights[place] = 1;
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
		int filled = fill_example(t, &t->set->samples[t->order[i]], 0, true);
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
		int filled = fill_example(t, &t->set->samples[t->order[i]], n, true);
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

/*
 * Sets hold more prone maps than nights do, beside supine ones: the odds are brought back to those of
 * nights, and never up.
 */
static void adjust_prone(const struct trainer *t, struct posture_model *model)
{
	size_t n_supine = t->counts[POSTURE_SUPINE], n_prone = t->counts[POSTURE_PRONE];

	if (n_supine == 0 || n_prone == 0)
		return;
	double shift = log(PRONE_ODDS) - log((double)n_prone / (double)n_supine);
	for (size_t i = 0; i < model->n_classes; i++)
		if (model->classes[i] == POSTURE_PRONE)
			model->second[i][model->n_hidden] += (float)fmin(shift, 0);
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

/* Fits a model to the samples in use. NULL: out of memory, or too many grids. */
static struct posture_model *fit(struct trainer *t, const struct train_settings *settings)
{
	train_net_destroy(t->net);
	t->net = train_net_create(FEATURES_COUNT, N_HIDDEN, t->n_classes, &t->random);
	int result = t->net ? standardise(t) : -ENOMEM;
	for (unsigned epoch = 0; result == 0 && epoch < settings->n_epochs; epoch++) {
		double share = (double)epoch / settings->n_epochs;
		result = run_epoch(t, RATE_FIRST * (float)(0.5 + 0.5 * cos(M_PI * share)));
		if (settings->progress && epoch % 50 == 49)
			fprintf(stderr, "  round %u of %u%s\n", epoch + 1, settings->n_epochs,
			    t->use == USE_ALL ? "" : ", for the confidence");
	}
	return result == 0 ? export_model(t) : NULL;
}

/*
 * How much surer or less sure than it learnt to be a model should be of people whom it has not met:
 * a third of them is left out of a second fit, and judged by it, as they are and varied.
 */
static int calibrate(struct trainer *t, const struct train_settings *settings, float *temperature)
{
	*temperature = 1;
	choose_samples(t, USE_REST);
	struct posture_model *model = t->n_subjects >= 3 && t->n_used > 0 ? fit(t, settings) : NULL;
	if (!model)
		return t->n_subjects >= 3 && t->n_used > 0 ? -ENOMEM : 0;
	choose_samples(t, USE_HELD_OUT);
	float *inputs = calloc(t->n_used * CALIBRATION_ROUNDS + 1, sizeof(t->inputs[0]));
	size_t *targets = calloc(t->n_used * CALIBRATION_ROUNDS + 1, sizeof(size_t));
	int result = inputs && targets ? 0 : -ENOMEM;
	size_t n = 0;
	for (size_t i = 0; result >= 0 && i < t->n_used * CALIBRATION_ROUNDS; i++) {
		bool varied = i / t->n_used % 2;
		result = fill_example(t, &t->set->samples[t->order[i % t->n_used]], 0, varied);
		if (result > 0) {
			memcpy(inputs + n * FEATURES_COUNT, t->inputs[0], sizeof(t->inputs[0]));
			targets[n++] = t->targets[0];
		}
	}
	if (n > 0)
		*temperature = train_temperature(model, inputs, targets, n);
	free(inputs);
	free(targets);
	posture_model_destroy(model);
	return result < 0 ? result : 0;
}

struct posture_model *train_posture(const struct train_set *set, const char *without,
    const struct train_settings *settings, struct error *err)
{
	struct trainer *t = calloc(1, sizeof(*t));
	struct posture_model *model = NULL;
	float temperature = 1;

	if (!t) {
		error_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	t->set = set;
	t->without = without;
	random_init(&t->random, settings->seed);
	if (prepare(t, err) == 0) {
		model = fit(t, settings);
		if (!model || calibrate(t, settings, &temperature) < 0) {
			error_set(err, -ENOMEM, "out of memory, or maps of too many sizes");
			posture_model_destroy(model);
			model = NULL;
		}
	}
	if (model) {
		train_cool(model, temperature);
		adjust_prone(t, model);
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
