#include "app/tally.h"

#include <math.h>

static const double edges[TALLY_BINS + 1] = {0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1};

double tally_bin_edge(size_t bin)
{
	return edges[bin];
}

size_t tally_row(const size_t *counts)
{
	size_t sum = 0;

	for (size_t i = 0; i < POSTURE_COUNT; i++)
		sum += counts[i];
	return sum;
}

size_t tally_total(const struct tally *tally)
{
	size_t sum = 0;

	for (size_t i = 0; i < POSTURE_COUNT; i++)
		sum += tally_row(tally->n[i]);
	return sum;
}

static double share(size_t part, size_t whole)
{
	return whole ? (double)part / (double)whole : 0;
}

double tally_accuracy(const struct tally *tally)
{
	size_t right = 0;

	for (size_t i = 0; i < POSTURE_COUNT; i++)
		right += tally->n[i][i];
	return share(right, tally_total(tally));
}

double tally_balanced_accuracy(const struct tally *tally)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		size_t here = tally_row(tally->n[i]);
		sum += share(tally->n[i][i], here);
		n += here > 0;
	}
	return n ? sum / (double)n : 0;
}

void tally_add(struct tally *sum, const struct tally *tally)
{
	for (size_t i = 0; i < POSTURE_COUNT; i++)
		for (size_t k = 0; k < POSTURE_COUNT; k++)
			sum->n[i][k] += tally->n[i][k];
	for (size_t i = 0; i < TALLY_BINS; i++) {
		sum->said[i] += tally->said[i];
		sum->right[i] += tally->right[i];
		sum->confidence_sum[i] += tally->confidence_sum[i];
	}
	sum->n_glitches += tally->n_glitches;
	sum->n_refused += tally->n_refused;
	sum->n_unlabelled += tally->n_unlabelled;
}

void tally_judgement(
    struct tally *tally, enum posture truth, enum posture judged, double confidence)
{
	size_t bin = 0;

	tally->n[truth][judged]++;
	if (judged == POSTURE_UNKNOWN)
		return;
	while (bin + 1 < TALLY_BINS && confidence >= edges[bin + 1])
		bin++;
	tally->said[bin]++;
	tally->right[bin] += truth == judged;
	tally->confidence_sum[bin] += confidence;
}

double tally_calibration_error(const struct tally *tally)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < TALLY_BINS; i++) {
		sum += fabs((double)tally->right[i] - tally->confidence_sum[i]);
		n += tally->said[i];
	}
	return n ? sum / (double)n : 0;
}

json_t *tally_reliability(const struct tally *tally)
{
	json_t *bins = json_array();

	for (size_t i = 0; i < TALLY_BINS; i++)
		if (tally->said[i])
			json_array_append_new(
			    bins, json_pack("{s:f, s:f, s:I, s:f, s:f}", "from", edges[i], "to",
			              edges[i + 1], "n", (json_int_t)tally->said[i], "right",
			              share(tally->right[i], tally->said[i]), "confidence",
			              tally->confidence_sum[i] / (double)tally->said[i]));
	return bins;
}

json_t *tally_confusion(const struct tally *tally)
{
	json_t *confusion = json_object();

	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		if (tally_row(tally->n[i]) == 0)
			continue;
		json_t *row = json_object();
		for (size_t k = 0; k < POSTURE_COUNT; k++)
			if (tally->n[i][k])
				json_object_set_new(row, posture_name((enum posture)k),
				    json_integer((json_int_t)tally->n[i][k]));
		json_object_set_new(confusion, posture_name((enum posture)i), row);
	}
	return confusion;
}
