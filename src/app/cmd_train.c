/*
 * lumbar train posture: makes calib/models/posture.model from maps of known posture.
 * lumbar train support: makes src/body/support_scale.h from simulated bodies.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "app/train.h"
#include "app/train_support.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEED_DEFAULT   1
#define PEOPLE_DEFAULT 200

#define COUNT_MOST 100000

struct settings {
	const char *output, *note;
	size_t n_simulated, n_people;
	bool support;
	struct train_settings train;
};

static int parse(int argc, char **argv, struct settings *s)
{
	size_t n_epochs = TRAIN_EPOCHS;
	const struct command_option options[] = {
	    {"output", 'o', "FILE", "the model; body.posture_model = FILE makes lumbard use it",
	        .text = &s->output},
	    {"seed", 0, "N", "of the variations and the first weights (1)", .seed = &s->train.seed},
	    {"epochs", 0, "N", "rounds over all maps (400)", .count = &n_epochs, .least = 1,
	        .most = COUNT_MOST},
	    {"simulated", 0, "N", "add N simulated bodies in four postures each (0)",
	        .count = &s->n_simulated, .most = COUNT_MOST},
	    {"note", 0, "TEXT", "first lines of the model: data, licence, figures",
	        .text = &s->note},
	    {"people", 0, "N", "simulated people of support (200)", .count = &s->n_people,
	        .least = 2, .most = COUNT_MOST},
	    {0},
	};
	const struct command_line line = {"lumbar train",
	    "posture MANIFEST... -o FILE [--seed N] [--epochs N] [--simulated N] [--note TEXT]\n"
	    "lumbar train support -o FILE [--seed N] [--people N]",
	    "posture: fits the posture model to the maps that the manifests name and writes it to "
	    "FILE. The same maps, seed and epochs give the same bytes.\n"
	    "support: fits the scale of the softness index to simulated bodies and writes it to "
	    "FILE, src/body/support_scale.h when it is made for Lumbar itself. The same seed and "
	    "people give the same bytes.\n"
	    "A manifest is a CSV with the columns file, rows, cols, subject, posture; and, where "
	    "they are not 0, 4095, none: skip, full_scale, flip (rows, cols, both: what lays the "
	    "maps with the head in row 0 and the supine person's left in column 0).",
	    options, 1, INT_MAX};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	s->train.n_epochs = (unsigned)n_epochs;
	const char *what = argv[optind++];
	s->support = strcmp(what, "support") == 0;
	bool complete = s->support ? optind == argc : strcmp(what, "posture") == 0 && optind < argc;
	return complete && s->output ? COMMAND_RUN : command_line_usage(&line);
}

static int train(const struct train_set *set, const struct settings *settings, struct error *err)
{
	char comment[1024];
	struct posture_model *model = train_posture(set, NULL, &settings->train, err);

	if (!model)
		return err->code;
	snprintf(comment, sizeof(comment),
	    "%s%s%zu maps, %zu of them simulated, seed %llu, %u epochs", settings->note,
	    *settings->note ? "\n" : "", set->n_samples, 4 * settings->n_simulated,
	    (unsigned long long)settings->train.seed, settings->train.n_epochs);
	int result = train_write(model, comment, settings->output, err);
	posture_model_destroy(model);
	return result;
}

static int make_support(const struct settings *settings, struct error *err)
{
	struct train_support_scale scale;
	uint64_t seed = settings->train.seed;
	int result = train_support(seed, settings->n_people, &scale, err);

	if (result < 0)
		return result;
	return train_support_write(&scale, seed, settings->n_people, settings->output, err);
}

int cmd_train(int argc, char **argv)
{
	struct settings settings = {
	    .note = "",
	    .n_people = PEOPLE_DEFAULT,
	    .train = {.seed = SEED_DEFAULT, .progress = true},
	};
	struct train_set set = {0};
	struct error err = {0};
	int status = parse(argc, argv, &settings), result = 0;

	if (status != COMMAND_RUN)
		return status;
	if (settings.support) {
		result = make_support(&settings, &err);
		return result < 0 ? command_fault("train", &err) : EXIT_OK;
	}
	for (int i = optind; result == 0 && i < argc; i++)
		result = train_set_add(&set, argv[i], TRAIN_MAPS_A_FILE, &err);
	if (result == 0)
		result = train_set_add_simulated(
		    &set, settings.n_simulated, settings.train.seed, &err);
	if (result == 0)
		result = train(&set, &settings, &err);
	train_set_finish(&set);
	return result < 0 ? command_fault("train", &err) : EXIT_OK;
}
