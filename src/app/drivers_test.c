#include "app/drivers_test.h"

#include "app/command.h"
#include "app/config.h"
#include "app/observation_json.h"
#include "app/status.h"
#include "app/trial.h"

#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const char name[] = "drivers test";
static const char usage[] = "test SURFACE [-c CONF] [--seconds N] [--json]";

static const char help[] =
    "usage: lumbar drivers test SURFACE [OPTIONS]\n\n"
    "Reads one mat for some seconds, without calibrating or judging, and says what came: frames\n"
    "and their rate, errors and what to do about them, counts and their noise, cells that change\n"
    "and cells that are dead, and a map of what each cell read at most. Press on the mat\n"
    "meanwhile. The daemon must be stopped. Exits 0 when frames came.\n\n"
    "  -c, --config CONF  the daemon's; without it " CONFIG_FILE "\n"
    "      --seconds N    how long; 10\n"
    "      --json         the same for programs, with every cell\n";

struct arguments {
	const char *surface, *config;
	double seconds;
	bool json;
};

/* -1: go on; else an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
	    {"seconds", required_argument, NULL, 's'}, {"json", no_argument, NULL, 'j'},
	    {"help", no_argument, NULL, 'h'}, {0}};

	optind = 0; /* the words before have been read by another getopt */
	for (int c; (c = getopt_long(argc, argv, "c:h", longs, NULL)) != -1;) {
		if (c == 'c')
			a->config = optarg;
		else if (c == 'j')
			a->json = true;
		else if (c == 'h')
			return fputs(help, stdout) < 0 ? EXIT_FAULT : EXIT_OK;
		else if (c != 's' || options_parse_number(optarg, "s", &a->seconds) < 0 ||
		         !(a->seconds > 0 && a->seconds <= 86400))
			return command_usage("drivers", usage);
	}
	if (optind != argc - 1 || !argv[optind])
		return command_usage("drivers", usage);
	a->surface = argv[optind];
	return -1;
}

static const struct surface_config *find(
    const struct config *config, const struct arguments *a, struct error *err)
{
	char names[256] = "";
	size_t length = 0;

	for (size_t i = 0; i < config->n_surfaces; i++) {
		const char *each = config->surfaces[i]->surface.name;
		if (strcmp(each, a->surface) == 0)
			return config->surfaces[i];
		if (length < sizeof(names))
			length += (size_t)snprintf(
			    names + length, sizeof(names) - length, " \"%s\"", each);
	}
	error_set(err, -ENOENT, "%s: no surface \"%s\"; there is%s", a->config, a->surface, names);
	return NULL;
}

static int show(struct trial *trial, bool json)
{
	json_t *root = json ? trial_json(trial) : NULL;

	if (json) {
		json_dumpf(root, stdout, JSON_INDENT(2) | JSON_NUMBERS);
		putchar('\n');
		json_decref(root);
	} else {
		trial_print(trial);
		trial_print_map(trial);
	}
	return trial->n_frames > 0 ? EXIT_OK : EXIT_FAULT;
}

static int test(const struct config *config, const struct arguments *a)
{
	struct trial trial = {0};
	struct error err = {0};
	const struct surface_config *surface = find(config, a, &err);

	if (!surface || status_free(config->status_file, a->surface, &err) < 0 ||
	    trial_init(&trial, surface, &err) < 0) {
		trial_finish(&trial);
		return command_fault(name, &err);
	}
	if (!a->json)
		printf("%s: reading for %g s; press on it\n", a->surface, a->seconds);
	fflush(stdout);
	int status = EXIT_FAULT;
	if (trial_run(&trial, a->seconds, &err) < 0) {
		command_fault(name, &err);
	} else {
		trial_judge(&trial);
		status = show(&trial, a->json);
	}
	trial_finish(&trial);
	return status;
}

int drivers_test(int argc, char **argv)
{
	struct arguments a = {.surface = "", .config = CONFIG_FILE, .seconds = 10};
	struct problems problems = {0};
	struct config *config = NULL;
	int status = parse(argc, argv, &a);

	if (status >= 0)
		return status;
	/* Before a calibration, too, which the file may name already. */
	if (config_load_to_calibrate(&config, a.config, &problems) < 0) {
		for (size_t i = 0; i < problems.n_problems && i < PROBLEMS_MAX; i++)
			command_fault(name, &problems.list[i]);
		return EXIT_FAULT;
	}
	status = test(config, &a);
	config_destroy(config);
	return status;
}
