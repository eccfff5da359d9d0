/*
 * Confidence that means something: one number, the temperature (Guo et al. 2017), divides what the
 * model's outputs are before they become probabilities, so that people who were left out are judged
 * with the least surprise.
 */
#include "app/train.h"

#include <math.h>

#define TEMPERATURE_LEAST 0.25
#define TEMPERATURE_MOST  4.0
#define TEMPERATURE_STEPS 40

/* Whom the model is sure of and wrong about must not count without end. */
#define PROBABILITY_LEAST 1e-3

void train_cool(struct posture_model *model, float temperature)
{
	for (size_t i = 0; i < model->n_classes; i++)
		for (size_t k = 0; k <= model->n_hidden; k++)
			model->second[i][k] /= temperature;
}

/* The mean surprise at the right answers. */
static double surprise(
    const struct posture_model *model, const float *inputs, const size_t *targets, size_t n)
{
	float probabilities[POSTURE_CLASSES_MAX];
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		posture_probabilities(model, inputs + i * FEATURES_COUNT, probabilities);
		sum -= log(fmax((double)probabilities[targets[i]], PROBABILITY_LEAST));
	}
	return sum / (double)n;
}

float train_temperature(
    const struct posture_model *model, const float *inputs, const size_t *targets, size_t n)
{
	double best = 1, least = INFINITY;

	for (int step = 0; step <= TEMPERATURE_STEPS; step++) {
		double temperature = TEMPERATURE_LEAST * pow(TEMPERATURE_MOST / TEMPERATURE_LEAST,
		                                             (double)step / TEMPERATURE_STEPS);
		struct posture_model cooled = *model;
		train_cool(&cooled, (float)temperature);
		double here = surprise(&cooled, inputs, targets, n);
		if (here < least) {
			least = here;
			best = temperature;
		}
	}
	return (float)best;
}
