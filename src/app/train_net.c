/* A network of one hidden layer (tanh) and a softmax, fitted by Adam (Kingma and Ba 2015). */
#include "app/train.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define BETA_MEAN   0.9f
#define BETA_SQUARE 0.999f
#define EPSILON     1e-8f
#define DECAY       0.1f  /* of weights, a step at rate 1 */
#define SMOOTHING   0.03f /* of the targets: keeps probabilities honest */
#define OUTPUTS_MAX POSTURE_CLASSES_MAX

struct train_net {
	size_t n_inputs, n_hidden, n_outputs, n_weights;
	float *weights;               /* hidden x (inputs + 1), then outputs x (hidden + 1) */
	float *slope, *mean, *square; /* of each weight: gradient and Adam's two averages */
	float *centre, *scale;        /* of each input */
	float *input, *hidden, *hidden_slope;
	float mean_power, square_power; /* beta ^ steps */
};

static float *second_layer(const struct train_net *net, float *weights)
{
	return weights + net->n_hidden * (net->n_inputs + 1);
}

struct train_net *train_net_create(
    size_t n_inputs, size_t n_hidden, size_t n_outputs, struct random *random)
{
	struct train_net *net = calloc(1, sizeof(*net));

	if (!net)
		return NULL;
	net->n_inputs = n_inputs;
	net->n_hidden = n_hidden;
	net->n_outputs = n_outputs;
	net->n_weights = n_hidden * (n_inputs + 1) + n_outputs * (n_hidden + 1);
	net->mean_power = net->square_power = 1;
	net->weights = calloc(4 * net->n_weights, sizeof(float));
	net->centre = calloc(3 * n_inputs + 2 * n_hidden, sizeof(float));
	if (!net->weights || !net->centre) {
		train_net_destroy(net);
		return NULL;
	}
	net->slope = net->weights + net->n_weights;
	net->mean = net->slope + net->n_weights;
	net->square = net->mean + net->n_weights;
	net->scale = net->centre + n_inputs;
	net->input = net->scale + n_inputs;
	net->hidden = net->input + n_inputs;
	net->hidden_slope = net->hidden + n_hidden;
	for (size_t i = 0; i < net->n_weights; i++) {
		bool first = net->weights + i < second_layer(net, net->weights);
		double fan_in = (double)(first ? n_inputs : n_hidden);
		net->weights[i] = (float)(random_normal(random) / sqrt(fan_in));
	}
	return net;
}

void train_net_destroy(struct train_net *net)
{
	if (!net)
		return;
	free(net->weights);
	free(net->centre);
	free(net);
}

void train_net_standardise(struct train_net *net, const float *mean, const float *deviation)
{
	for (size_t k = 0; k < net->n_inputs; k++) {
		net->centre[k] = mean[k];
		net->scale[k] = deviation[k] > 1e-4f ? 1 / deviation[k] : 0;
	}
}

/* Eight sums side by side, which the compiler makes a vector of. */
static float dot(const float *a, const float *b, size_t n)
{
	float parts[8] = {0}, sum = 0;
	size_t k = 0;

	for (; k + 8 <= n; k += 8)
		for (size_t i = 0; i < 8; i++)
			parts[i] += a[k + i] * b[k + i];
	for (; k < n; k++)
		sum += a[k] * b[k];
	for (size_t i = 0; i < 8; i++)
		sum += parts[i];
	return sum;
}

static void forward(struct train_net *net, const float *values, float *outputs)
{
	const float *first = net->weights, *second = second_layer(net, net->weights);
	float most = -INFINITY, sum = 0;

	for (size_t k = 0; k < net->n_inputs; k++)
		net->input[k] = (values[k] - net->centre[k]) * net->scale[k];
	for (size_t i = 0; i < net->n_hidden; i++, first += net->n_inputs + 1) {
		net->hidden[i] = tanhf(
		    first[net->n_inputs] + dot(first, net->input, net->n_inputs));
	}
	for (size_t i = 0; i < net->n_outputs; i++, second += net->n_hidden + 1) {
		outputs[i] = second[net->n_hidden] + dot(second, net->hidden, net->n_hidden);
		most = fmaxf(most, outputs[i]);
	}
	for (size_t i = 0; i < net->n_outputs; i++)
		sum += outputs[i] = expf(outputs[i] - most);
	for (size_t i = 0; i < net->n_outputs; i++)
		outputs[i] /= sum;
}

/* Adds one example's gradient of the cross entropy. */
static void backward(struct train_net *net, const float *outputs, size_t target, float weight)
{
	const float *second = second_layer(net, net->weights);
	float *slope = second_layer(net, net->slope);

	memset(net->hidden_slope, 0, net->n_hidden * sizeof(float));
	for (size_t i = 0; i < net->n_outputs; i++) {
		float wanted = SMOOTHING / (float)net->n_outputs +
		               (i == target ? 1 - SMOOTHING : 0);
		float error = weight * (outputs[i] - wanted);
		for (size_t k = 0; k < net->n_hidden; k++) {
			net->hidden_slope[k] += error * second[k];
			slope[k] += error * net->hidden[k];
		}
		slope[net->n_hidden] += error;
		second += net->n_hidden + 1;
		slope += net->n_hidden + 1;
	}
	slope = net->slope;
	for (size_t i = 0; i < net->n_hidden; i++, slope += net->n_inputs + 1) {
		float error = net->hidden_slope[i] * (1 - net->hidden[i] * net->hidden[i]);
		for (size_t k = 0; k < net->n_inputs; k++)
			slope[k] += error * net->input[k];
		slope[net->n_inputs] += error;
	}
}

static void adam(struct train_net *net, float rate)
{
	net->mean_power *= BETA_MEAN;
	net->square_power *= BETA_SQUARE;
	for (size_t i = 0; i < net->n_weights; i++) {
		float slope = net->slope[i];
		net->mean[i] += (1 - BETA_MEAN) * (slope - net->mean[i]);
		net->square[i] += (1 - BETA_SQUARE) * (slope * slope - net->square[i]);
		float mean = net->mean[i] / (1 - net->mean_power);
		float square = net->square[i] / (1 - net->square_power);
		net->weights[i] -= rate * (mean / (sqrtf(square) + EPSILON));
		net->weights[i] *= 1 - rate * DECAY;
	}
}

void train_net_step(struct train_net *net, const float *inputs, const size_t *targets,
    const float *weights, size_t n, float rate)
{
	float outputs[OUTPUTS_MAX];

	memset(net->slope, 0, net->n_weights * sizeof(float));
	for (size_t i = 0; i < n; i++) {
		forward(net, inputs + i * net->n_inputs, outputs);
		backward(net, outputs, targets[i], weights[i] / (float)n);
	}
	adam(net, rate);
}

void train_net_export(const struct train_net *net, struct posture_model *model)
{
	const float *first = net->weights;
	const float *second = second_layer(net, net->weights);

	model->n_hidden = net->n_hidden;
	for (size_t i = 0; i < net->n_hidden; i++, first += net->n_inputs + 1) {
		float bias = first[net->n_inputs];
		for (size_t k = 0; k < net->n_inputs; k++) {
			model->first[k][i] = first[k] * net->scale[k];
			bias -= model->first[k][i] * net->centre[k];
		}
		model->first[net->n_inputs][i] = bias;
	}
	for (size_t i = 0; i < net->n_outputs; i++, second += net->n_hidden + 1)
		memcpy(model->second[i], second, (net->n_hidden + 1) * sizeof(float));
}
