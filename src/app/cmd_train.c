/* lumbar train posture: makes calib/models/posture.model from maps of known posture. */
#include "app/command.h"
#include "app/train.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE "posture MANIFEST... -o FILE [--seed N] [--epochs N] [--simulated N] [--note TEXT]"

#define SEED_DEFAULT 1

static void print_help(void)
{
	puts("usage: lumbar train " USAGE "\n\n"
	     "Fits the posture model to the maps that the manifests name and writes it to FILE.\n"
	     "The same maps, seed and epochs give the same bytes.\n\n"
	     "A manifest is a CSV with the columns file, rows, cols, subject, posture; and, where\n"
	     "they are not 0, 4095, none: skip, full_scale, flip (rows, cols, both: what lays the\n"
	     "maps with the head in row 0 and the supine person's left in column 0).\n\n"
	     "  -o, --output FILE  the model; body.posture_model = FILE makes lumbard use it\n"
	     "      --seed N       of the variations and the first weights (1)\n"
	     "      --epochs N     rounds over all maps (400)\n"
	     "      --simulated N  add N simulated bodies in four postures each (0)\n"
	     "      --note TEXT    first lines of the model: data, licence, figures");
}

struct settings {
	const char *output, *note;
	size_t n_simulated;
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
	    {"simulated", required_argument, NULL, 'b'}, {0}};
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
		} else if (c == 'e' && parse_count(optarg, 1, &number) && number <= 100000) {
			settings->train.n_epochs = (unsigned)number;
		} else {
			return command_usage("train", USAGE) + 1;
		}
	}
	if (argc - optind < 2 || strcmp(argv[optind], "posture") != 0 || !settings->output)
		return command_usage("train", USAGE) + 1;
	optind++;
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

int cmd_train(int argc, char **argv)
{
	struct settings settings = {
	    .note = "",
	    .train = {.seed = SEED_DEFAULT, .n_epochs = TRAIN_EPOCHS, .progress = true},
	};
	struct train_set set = {0};
	struct error err = {0};
	int stop = parse(argc, argv, &settings);
	int result = 0;

	if (stop)
		return stop - 1;
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
