#include "body/posture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/*
 * Sitting on the edge: docs/methods.md, section 4, has 20 cm; simulated sitters, thighs and all,
 * have their centre up to 30 cm from it. Nobody lies that short: elsewhere it is unknown.
 */
#define EDGE_MM         300.0f
#define EDGE_LENGTH_MM  600.0f
#define EDGE_CONFIDENCE 0.8f

/*
 * Best less second: below it the two are not told apart. From so few rows the model is surer than it
 * may be: of what it says with less than 0.9 on 8 x 4 cells, most is wrong.
 */
#define MARGIN_MIN        0.15f
#define COARSE_MARGIN_MIN 0.85f
#define COARSE_ROWS       12

/* Of the contact threshold: cells below are noise to the model. */
#define NOISE_SHARE 0.25f

#define HOP_NS    (800 * 1000000LL) /* of a judgement: about once a second at any rate */
#define AGREE_MIN 2                 /* judgements in a row that change the posture in force */

struct posture_classifier {
	const struct surface *surface;
	const struct posture_model *model;
	struct contact_map *contact;
	struct contact_reading reading;
	struct features *features;
};

struct posture_classifier *posture_classifier_create(
    const struct surface *surface, const struct posture_model *model)
{
	struct posture_classifier *classifier = calloc(1, sizeof(*classifier));

	if (!classifier)
		return NULL;
	classifier->surface = surface;
	classifier->model = model;
	classifier->contact = contact_map_create(surface);
	classifier->features = features_create(surface->rows, surface->cols);
	if (classifier->contact && classifier->features)
		return classifier;
	posture_classifier_destroy(classifier);
	return NULL;
}

void posture_classifier_destroy(struct posture_classifier *classifier)
{
	if (!classifier)
		return;
	contact_map_destroy(classifier->contact);
	features_destroy(classifier->features);
	free(classifier);
}

const struct contact_reading *posture_contact(const struct posture_classifier *classifier)
{
	return &classifier->reading;
}

const float *posture_plane(const struct posture_classifier *classifier)
{
	return contact_map_plane(classifier->contact);
}

static bool too_short(const struct contact_reading *contact)
{
	return contact->length_mm < EDGE_LENGTH_MM;
}

static bool on_the_edge(const struct surface *surface, const struct contact_reading *contact)
{
	float width_mm = (float)surface->cols * surface->pitch_mm;
	float x_mm = contact->centre_x_ratio * width_mm;

	return too_short(contact) && (x_mm < EDGE_MM || x_mm > width_mm - EDGE_MM);
}

static enum posture mirror_image(enum posture posture)
{
	if (posture == POSTURE_LEFT)
		return POSTURE_RIGHT;
	return posture == POSTURE_RIGHT ? POSTURE_LEFT : posture;
}

void posture_probabilities(
    const struct posture_model *model, const float *values, float *probabilities)
{
	float mirrored[POSTURE_CLASSES_MAX], turned[FEATURES_COUNT];

	posture_model_run(model, values, probabilities);
	features_mirror(values, turned);
	posture_model_run(model, turned, mirrored);
	for (size_t i = 0; i < model->n_classes; i++)
		for (size_t k = 0; k < model->n_classes; k++)
			if (model->classes[k] == mirror_image(model->classes[i]))
				probabilities[i] += mirrored[k];
	for (size_t i = 0; i < model->n_classes; i++)
		probabilities[i] /= 2;
}

static void judge(
    const struct posture_classifier *c, const float *values, struct posture_reading *out)
{
	float probabilities[POSTURE_CLASSES_MAX];
	size_t best = 0;
	float second = 0;

	posture_probabilities(c->model, values, probabilities);
	for (size_t i = 1; i < c->model->n_classes; i++)
		if (probabilities[i] > probabilities[best])
			best = i;
	for (size_t i = 0; i < c->model->n_classes; i++)
		if (i != best)
			second = fmaxf(second, probabilities[i]);
	float margin_min = c->surface->rows < COARSE_ROWS ? COARSE_MARGIN_MIN : MARGIN_MIN;
	out->confidence = probabilities[best];
	if (probabilities[best] - second >= margin_min)
		out->posture = c->model->classes[best];
}

bool posture_features(struct posture_classifier *c, const struct image *image, float *values)
{
	contact_map_step(c->contact, image, &c->reading);
	return c->reading.load > 0 && features_extract(c->features, contact_map_plane(c->contact),
	                                  NOISE_SHARE * c->reading.threshold, values);
}

void posture_classify(
    struct posture_classifier *c, const struct image *image, struct posture_reading *out)
{
	float values[FEATURES_COUNT];

	*out = (struct posture_reading){.posture = POSTURE_UNKNOWN};
	if (!posture_features(c, image, values))
		*out = (struct posture_reading){.posture = POSTURE_EMPTY, .confidence = 1};
	else if (on_the_edge(c->surface, &c->reading))
		*out = (struct posture_reading){
		    .posture = POSTURE_EDGE, .confidence = EDGE_CONFIDENCE};
	else if (!too_short(&c->reading))
		judge(c, values, out);
}

/* ---- a stream ---------------------------------------------------------------------------- */

struct posture_tracker {
	struct posture_classifier *classifier;
	float *sum; /* n_cells */
	size_t n_summed;
	int64_t next_ns; /* of a judgement; 0: at once */
	struct posture_reading in_force, candidate;
	unsigned n_agree;
};

struct posture_tracker *posture_tracker_create(
    const struct surface *surface, const struct posture_model *model)
{
	struct posture_tracker *tracker = calloc(1, sizeof(*tracker));

	if (!tracker)
		return NULL;
	tracker->classifier = posture_classifier_create(surface, model);
	tracker->sum = calloc(surface->n_cells, sizeof(float));
	if (tracker->classifier && tracker->sum)
		return tracker;
	posture_tracker_destroy(tracker);
	return NULL;
}

void posture_tracker_destroy(struct posture_tracker *tracker)
{
	if (!tracker)
		return;
	posture_classifier_destroy(tracker->classifier);
	free(tracker->sum);
	free(tracker);
}

void posture_tracker_reset(struct posture_tracker *tracker)
{
	tracker->n_summed = 0;
	tracker->n_agree = 0;
	tracker->next_ns = 0;
	tracker->in_force = (struct posture_reading){.posture = POSTURE_UNKNOWN};
}

static void add_image(struct posture_tracker *t, const struct image *image)
{
	size_t n_cells = image->surface->n_cells;

	if (t->n_summed++ == 0)
		memcpy(t->sum, image->cells, n_cells * sizeof(float));
	else
		for (size_t i = 0; i < n_cells; i++)
			t->sum[i] += image->cells[i];
}

static void judge_sum(
    struct posture_tracker *t, const struct image *image, struct posture_reading *reading)
{
	struct image mean = *image;

	mean.cells = t->sum;
	for (size_t i = 0; i < image->surface->n_cells && t->n_summed > 1; i++)
		t->sum[i] /= (float)t->n_summed;
	posture_classify(t->classifier, &mean, reading);
	t->n_summed = 0;
	t->next_ns = image->mono_ns + HOP_NS;
}

static void take(struct posture_tracker *t, const struct posture_reading *reading)
{
	bool same = t->n_agree > 0 && reading->posture == t->candidate.posture;

	t->n_agree = same ? t->n_agree + 1 : 1;
	t->candidate = *reading;
	if (t->n_agree >= AGREE_MIN || reading->posture == t->in_force.posture)
		t->in_force = *reading;
}

const struct posture_classifier *posture_step(
    struct posture_tracker *t, const struct image *image, bool present, struct posture_reading *out)
{
	const struct posture_classifier *judged = NULL;
	struct posture_reading reading;

	if (!present)
		posture_tracker_reset(t);
	else
		add_image(t, image);
	if (present && image->mono_ns >= t->next_ns) {
		judge_sum(t, image, &reading);
		take(t, &reading);
		judged = t->classifier;
	}
	*out = t->in_force;
	return judged;
}
