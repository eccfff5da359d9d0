/*
 * The trainer of the posture model: maps of known posture, varied anew in every round, and a small
 * network fitted to them. The same maps, seed and rounds give the same bytes.
 */
#ifndef LUMBAR_APP_TRAIN_H
#define LUMBAR_APP_TRAIN_H

#include "base/error.h"
#include "base/random.h"
#include "body/posture.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRAIN_SUBJECT_SIZE 32

/* Rounds over all maps, and maps of a file, when nothing else is asked for. */
#define TRAIN_EPOCHS      400
#define TRAIN_MAPS_A_FILE 3

struct train_sample {
	float *cells; /* percent of full scale; owned */
	struct surface surface;
	enum posture posture; /* supine, left, right or prone */
	char subject[TRAIN_SUBJECT_SIZE];
};

struct train_set {
	size_t n_samples, n_room;
	struct train_sample *samples; /* owned */
};

/*
 * Adds up to `per_file` maps, evenly spread, of every file of the manifest whose posture the model
 * can learn. Glitches are left out. 0 or -errno with err.
 */
int train_set_add(struct train_set *set, const char *manifest, size_t per_file, struct error *err);

/* Adds four postures of each of n_persons simulated bodies, on mattresses soft to firm. */
int train_set_add_simulated(
    struct train_set *set, size_t n_persons, uint64_t seed, struct error *err);

/* Adds one map (copied). 0 or -ENOMEM. */
int train_set_add_sample(struct train_set *set, const struct surface *surface, const float *cells,
    enum posture posture, const char *subject);

void train_set_finish(struct train_set *set);

struct train_settings {
	uint64_t seed;
	unsigned n_epochs; /* rounds over all samples */
	bool progress;     /* a line on stderr now and then */
};

/*
 * Fits a model to all samples but those of `without` (NULL: to all). n_samples * n_epochs maps
 * take about 0.1 ms each, twice: the confidence is fitted on people whom a second model has not met.
 * NULL with err: fewer than two postures, out of memory.
 */
struct posture_model *train_posture(const struct train_set *set, const char *without,
    const struct train_settings *settings, struct error *err);

/* The model as text after `comment` (lines without "#"). 0 or -errno with err. */
int train_write(
    const struct posture_model *model, const char *comment, const char *path, struct error *err);

/* ---- inside ------------------------------------------------------------------------------ */

/*
 * A varied copy of a sample: mirrored, turned, stretched, shifted, with other gains and gamma,
 * dead lines, noise, and now and then on a coarser grid. out_cells: as many as the sample has.
 */
void train_vary(const struct train_sample *sample, struct random *random, float *out_cells,
    struct surface *out_surface, enum posture *out_posture);

/* The temperature at which the model is least surprised by examples that it has not learnt. */
float train_temperature(
    const struct posture_model *model, const float *inputs, const size_t *targets, size_t n);

/* Divides the outputs before they become probabilities. */
void train_cool(struct posture_model *model, float temperature);

struct train_net;

struct train_net *train_net_create(
    size_t n_inputs, size_t n_hidden, size_t n_outputs, struct random *random);
void train_net_destroy(struct train_net *net); /* NULL is legal */

/* Centres and scales the inputs: mean and deviation, n_inputs each, come before the first step. */
void train_net_standardise(struct train_net *net, const float *mean, const float *deviation);

/* One Adam step on n examples: inputs n x n_inputs, the right output and a weight for each. */
void train_net_step(struct train_net *net, const float *inputs, const size_t *targets,
    const float *weights, size_t n, float rate);

/* Weights with the standardisation folded in. */
void train_net_export(const struct train_net *net, struct posture_model *model);

#endif
