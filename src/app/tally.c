#include "app/tally.h"

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

/* The mean of the classes' recalls. */
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
	sum->n_glitches += tally->n_glitches;
	sum->n_refused += tally->n_refused;
	sum->n_unlabelled += tally->n_unlabelled;
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
