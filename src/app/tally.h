/* Postures judged against their labels: counts, accuracies, the confusion as JSON. */
#ifndef LUMBAR_APP_TALLY_H
#define LUMBAR_APP_TALLY_H

#include "core/observation.h"

#include <jansson.h>
#include <stddef.h>

struct tally {
	size_t n[POSTURE_COUNT][POSTURE_COUNT]; /* [truth][judgement] */
	size_t n_glitches, n_refused, n_unlabelled;
};

size_t tally_row(const size_t *counts); /* the sum of one truth's judgements */
size_t tally_total(const struct tally *tally);
void tally_add(struct tally *sum, const struct tally *tally);

/* Right judgements over all; 0 of nothing. */
double tally_accuracy(const struct tally *tally);

/* The mean of the recalls of the classes that were there. */
double tally_balanced_accuracy(const struct tally *tally);

/* {truth: {judgement: count}} without zeros. A new reference. */
json_t *tally_confusion(const struct tally *tally);

#endif
