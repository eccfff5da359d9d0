/*
 * lumbar train posture: makes calib/models/posture.model from maps of known posture.
 * lumbar train support: makes src/body/support_scale.h from simulated bodies.
 */
#include "app/command.h"
#include "app/train.h"
#include "app/train_support.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE                                                                                      \
	"posture MANIFEST... -o FILE [--seed N] [--epochs N] [--simulated N] [--note TEXT]\n"      \
	"       lumbar train support -o FILE [--seed N] [--people N]"

#define SEED_DEFAULT   1
#define PEOPLE_DEFAULT 200

static void print_help(void)
{
	puts(
	    "usage: lumbar train " USAGE "\n\n"
	    "posture: fits the posture model to the maps that the manifests name and writes it to\n"
	    "FILE. The same maps, seed and epochs give the same bytes.\n"
	    "support: fits the scale of the softness index to simulated bodies and writes it to\n"
	    "FILE, src/body/support_scale.h when it is made for Lumbar itself. The same seed and\n"
	    "people give the same bytes.\n\n"
	    "A manifest is a CSV with the columns file, rows, cols, subject, posture; and, where\n"
	    "they are not 0, 4095, none: skip, full_scale, flip (rows, cols, both: what lays the\n"
	    "maps with the head in row 0 and the supine person's left in column 0).\n\n"
	    "  -o, --output FILE  the model; body.posture_model = FILE makes lumbard use it\n"
	    "      --seed N       of the variations and the first weights (1)\n"
	    "      --epochs N     rounds over all maps (400)\n"
	    "      --simulated N  add N simulated bodies in four postures each (0)\n"
	    "      --note TEXT    first lines of the model: data, licence, figures\n"
	    "      --people N     simulated people of support (200)");
}

struct settings {
	const char *output, *note;
	size_t n_simulated, n_people;
	bool support;
	struct train_settings train;
};

static bool parse_count(const char *text, unsigned long least, unsigned long *value)
{
	char *end;

	errno = 0;
	*value = strtoul(text, &end, 10);
	return !errno && end != text && !*end && *text != '-' && *value >= least;
}

/* 0; or an exit status + 1 that ends the command. */
static int parse(int argc, char **argv, struct settings *settings)
{
	static const struct option options[] = {{"help", no_argument, NULL, 'h'},
	    {"output", required_argument, NULL, 'o'}, {"seed", required_argument, NULL, 's'},
	    {"epochs", required_argument, NULL, 'e'}, {"note", required_argument, NULL, 'n'},
	    {"simulated", required_argument, NULL, 'b'}, {"people", required_argument, NULL, 'p'},
	    {0}};
	unsigned long number;

	for (int c; (c = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
		if (c == 'h') {
			print_help();
			return EXIT_OK + 1;
		} else if (c == 'o') {
			settings->output = optarg;
		} else if (c == 'n') {
			settings->note = optarg;
		} else if (c == 's' && parse_count(optarg, 0, &number)) {
			settings->train.seed = number;
		} else if (c == 'b' && parse_count(optarg, 0, &number) && number <= 100000) {
			settings->n_simulated = number;
		} else if (c == 'p' && parse_count(optarg, 2, &number) && number <= 100000) {
			settings->n_people = number;
		} else if (c == 'e' && parse_count(optarg, 1, &number) && number <= 100000) {
			settings->train.n_epochs = (unsigned)number;
		} else {
			return command_usage("train", USAGE) + 1;
		}
	}
	const char *what = optind < argc ? argv[optind++] : "";
	settings->support = strcmp(what, "support") == 0;
	bool complete = settings->support ? optind == argc
	                                  : strcmp(what, "posture") == 0 && optind < argc;
	if (!complete || !settings->output)
		return command_usage("train", USAGE) + 1;
	return 0;
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
	    .train = {.seed = SEED_DEFAULT, .n_epochs = TRAIN_EPOCHS, .progress = true},
	};
	struct train_set set = {0};
	struct error err = {0};
	int stop = parse(argc, argv, &settings);
	int result = 0;

	if (stop)
		return stop - 1;
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
