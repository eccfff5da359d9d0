/*
 * The posture model: features in, a probability for each class out. A network of one hidden layer
 * (tanh), small enough to be read: calib/models/posture.model is text, opens with its provenance,
 * and is compiled in; a file may take its place.
 *
 *	# comments: data, licence, date, figures
 *	lumbar-posture 1
 *	features 224
 *	hidden 32
 *	classes supine left right prone
 *	weights
 *	hidden x (features + 1), then classes x (hidden + 1) numbers, each row's bias last
 */
#ifndef LUMBAR_BODY_POSTURE_MODEL_H
#define LUMBAR_BODY_POSTURE_MODEL_H

#include "base/error.h"
#include "body/features.h"
#include "core/observation.h"

#define POSTURE_CLASSES_MAX 4
#define POSTURE_HIDDEN_MAX  64

struct posture_model {
	size_t n_classes, n_hidden;
	enum posture classes[POSTURE_CLASSES_MAX];
	/* By input, bias last: all hidden nodes of an input side by side, those not in use 0. */
	float first[FEATURES_COUNT + 1][POSTURE_HIDDEN_MAX];
	float second[POSTURE_CLASSES_MAX][POSTURE_HIDDEN_MAX + 1];
};

/* path NULL or "": the model that is compiled in. NULL with err: unreadable, malformed. */
struct posture_model *posture_model_load(const char *path, struct error *err);

/* The same from text; name opens the errors. */
struct posture_model *posture_model_parse(const char *text, const char *name, struct error *err);
void posture_model_destroy(struct posture_model *model); /* NULL is legal */

/* Softmax over the model's classes: probabilities[n_classes]. Thread: any. */
void posture_model_run(
    const struct posture_model *model, const float *features, float *probabilities);

#endif
