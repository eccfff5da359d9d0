/* Postures judged against their labels: counts, accuracies, the confusion as JSON. */
#ifndef LUMBAR_APP_TALLY_H
#define LUMBAR_APP_TALLY_H

#include "core/observation.h"

#include <jansson.h>
#include <stddef.h>

/* Frames by the confidence that they were said with; unknown is not said. */
#define TALLY_BINS 8

struct tally {
	size_t n[POSTURE_COUNT][POSTURE_COUNT]; /* [truth][judgement] */
	size_t said[TALLY_BINS], right[TALLY_BINS];
	double confidence_sum[TALLY_BINS];
	size_t n_glitches, n_refused, n_unlabelled;
};

size_t tally_row(const size_t *counts); /* the sum of one truth's judgements */
size_t tally_total(const struct tally *tally);
void tally_add(struct tally *sum, const struct tally *tally);

void tally_judgement(
    struct tally *tally, enum posture truth, enum posture judged, double confidence);

/* The least confidence of a bin; of TALLY_BINS: 1. */
double tally_bin_edge(size_t bin);

/* Mean of |share right - mean confidence| over all that was said; 0 of nothing. */
double tally_calibration_error(const struct tally *tally);

/* Right judgements over all; 0 of nothing. */
double tally_accuracy(const struct tally *tally);

/* The mean of the recalls of the classes that were there. */
double tally_balanced_accuracy(const struct tally *tally);

/* [{from, to, n, right, confidence}] of the bins that were said. A new reference. */
json_t *tally_reliability(const struct tally *tally);

/* {truth: {judgement: count}} without zeros. A new reference. */
json_t *tally_confusion(const struct tally *tally);

#endif
