/*
 * Posture in bed: supine, left, right, prone from the model; edge (sitting on the edge) from the
 * geometry of the contact; empty when nobody is there; unknown where the model is not sure.
 *
 * posture_classify() judges one map. The tracker judges the mean of about a second of images, so
 * that its cost is small at any rate, and a change must show twice before it is told.
 */
#ifndef LUMBAR_BODY_POSTURE_H
#define LUMBAR_BODY_POSTURE_H

#include "body/contact.h"
#include "body/posture_model.h"

struct posture_reading {
	enum posture posture;
	float confidence; /* 0-1: the model's probability; of the best class when unknown */
};

/* ---- one map ---------------------------------------------------------------------------- */

struct posture_classifier;

/* For maps of this surface (a bed's grid). model: borrowed for its life. NULL: out of memory. */
struct posture_classifier *posture_classifier_create(
    const struct surface *surface, const struct posture_model *model);
void posture_classifier_destroy(struct posture_classifier *classifier); /* NULL is legal */

/* Allocates nothing; about 30 us for 64 x 32 cells. */
void posture_classify(
    struct posture_classifier *classifier, const struct image *image, struct posture_reading *out);

/*
 * The first half of posture_classify(), for the trainer: FEATURES_COUNT values of the map. False
 * when nothing lies there. The model may be NULL for it.
 */
bool posture_features(
    struct posture_classifier *classifier, const struct image *image, float *values);

/* The second half: the model's answer for the map and for its mirror image, averaged. */
void posture_probabilities(
    const struct posture_model *model, const float *values, float *probabilities);

/* The contact of the last map, and its contact_map_plane(). Borrowed. */
const struct contact_reading *posture_contact(const struct posture_classifier *classifier);
const float *posture_plane(const struct posture_classifier *classifier);

/* ---- a stream ---------------------------------------------------------------------------- */

struct posture_tracker;

struct posture_tracker *posture_tracker_create(
    const struct surface *surface, const struct posture_model *model);
void posture_tracker_destroy(struct posture_tracker *tracker); /* NULL is legal */
void posture_tracker_reset(struct posture_tracker *tracker);

/*
 * present: something lies there. `out` holds the posture in force. Returns the classifier when
 * this image completed a judgement (its contact and plane are the mean map's), else NULL.
 */
const struct posture_classifier *posture_step(struct posture_tracker *tracker,
    const struct image *image, bool present, struct posture_reading *out);

#endif
