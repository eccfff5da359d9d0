#include "app/drivers_test.h"

#include "app/command.h"
#include "app/command_line.h"
#include "app/config.h"
#include "app/observation_json.h"
#include "app/status.h"
#include "app/trial.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char name[] = "drivers test";
struct arguments {
	const char *surface, *config;
	double seconds;
	bool json;
};

static int parse(int argc, char **argv, struct arguments *a)
{
	const struct command_option options[] = {
	    {"config", 'c', "CONF", "the daemon's; without it " CONFIG_FILE, .text = &a->config},
	    {"seconds", 0, "N", "how long; 10", .number = &a->seconds, .unit = "s", .least = 1e-3,
	        .most = 86400},
	    {"json", 0, NULL, "the same for programs, with every cell", .flag = &a->json},
	    {0},
	};
	const struct command_line line = {"lumbar drivers test",
	    "SURFACE [-c CONF] [--seconds N] [--json]",
	    "Reads one mat for some seconds, without calibrating or judging, and says what came: "
	    "frames and their rate, errors and what to do about them, counts and their noise, "
	    "cells "
	    "that change and cells that are dead, and a map of what each cell read at most. Press "
	    "on the mat meanwhile. The daemon must be stopped. Exits 0 when frames came.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	a->surface = status == COMMAND_RUN ? argv[optind] : "";
	return status;
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
	const struct surface_config *surface = config_find_surface(
	    config, a->config, a->surface, &err);

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
	struct arguments a = {.config = CONFIG_FILE, .seconds = 10};
	struct problems problems = {0};
	struct config *config = NULL;
	int status = parse(argc, argv, &a);

	if (status != COMMAND_RUN)
		return status;
	/* Before a calibration, too, which the file may name already. */
	if (config_load_to_calibrate(&config, a.config, &problems) < 0) {
		problems_print(&problems, "lumbar drivers test");
		return EXIT_FAULT;
	}
	status = test(config, &a);
	config_destroy(config);
	return status;
}
