/* lumbar calibrate: the arguments. */
#include "app/calibrate.h"
#include "app/command.h"
#include "base/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "SURFACE (--levels P,P,... | --weight KG) [--creep TIME] [-c CONF] [OPTIONS] | SURFACE --show";

static const char help[] =
    "usage: lumbar calibrate SURFACE [OPTIONS]\n\n"
    "Makes the calibration of a mat: says what to put on it, waits until it sees that, and says "
    "at\n"
    "the end how well it went. Nothing has to be pressed in between. The mat lies where it will "
    "be\n"
    "used; the daemon is stopped. A calibration that fails leaves the one before as it is.\n\n"
    "What is put on it:\n"
    "      --levels P,P,...   even pressures over the whole mat, in mmHg or with a unit: 20,40,80 "
    "or\n"
    "                         2.7kPa,5.3kPa; three are best\n"
    "      --weight KG        a known weight, 20kg: one gain for all cells; with --levels a check\n"
    "      --creep TIME       the last load stays so long, 30 min: how much readings creep\n\n"
    "How:\n"
    "      --no-conditioning  does not ask to load the mat three times before\n"
    "      --tare TIME        how long the mat stays empty; 60 s\n"
    "      --patience TIME    fails after so long without what it waits for; 10 min\n"
    "      --batch            draws nothing and asks nothing: for scripts\n"
    "      --yes              may replace a calibration of a better grade\n"
    "      --dry-run          saves nothing\n\n"
    "Files:\n"
    "  -c, --config CONF      the daemon's; without it " CONFIG_FILE "\n"
    "  -o, --output FILE      the calibration; without it the one that CONF names\n"
    "      --picture FILE     the gains as SVG\n"
    "      --database FILE    where it is noted; without it that of CONF\n\n"
    "What is there:\n"
    "      --show [--json]    age, grade, reasons, dead cells, and what was made before\n";

struct arguments {
	struct calibrate job;
	const char *surface, *config, *output;
	bool show;
};

static int take_levels(const char *text, struct procedure_plan *plan)
{
	while (*text) {
		char number[32];
		double mmhg;
		size_t length = strcspn(text, ",");
		if (length >= sizeof(number) || plan->n_levels == PROCEDURE_LEVELS_MAX)
			return -EINVAL;
		snprintf(number, sizeof(number), "%.*s", (int)length, text);
		if (options_parse_number(number, "mmhg", &mmhg) < 0 || !(mmhg > 0 && mmhg < 2000))
			return -EINVAL;
		plan->levels_mmhg[plan->n_levels++] = (float)mmhg;
		text += length + (text[length] == ',');
	}
	return plan->n_levels ? 0 : -EINVAL;
}

static int take_seconds(const char *text, double *seconds)
{
	int result = options_parse_number(text, "s", seconds);

	return result == 0 && *seconds > 0 && *seconds < 86400 ? 0 : -EINVAL;
}

static int take_weight(const char *text, float *mass_kg)
{
	double kg;
	int result = options_parse_number(text, "kg", &kg);

	*mass_kg = (float)kg;
	return result == 0 && kg > 0 && kg < 500 ? 0 : -EINVAL;
}

enum {
	LEVELS = 256,
	WEIGHT,
	CREEP,
	NO_CONDITIONING,
	TARE,
	PATIENCE,
	BATCH,
	YES,
	DRY_RUN,
	PICTURE,
	DATABASE,
	SHOW,
	JSON,
};

static int take_option(struct arguments *a, int option, const char *text)
{
	struct procedure_plan *plan = &a->job.plan;

	switch (option) {
	case LEVELS:
		return take_levels(text, plan);
	case WEIGHT:
		return take_weight(text, &plan->mass_kg);
	case CREEP:
		return take_seconds(text, &plan->creep_s);
	case TARE:
		return take_seconds(text, &plan->tare_s);
	case PATIENCE:
		return take_seconds(text, &plan->patience_s);
	case NO_CONDITIONING:
		plan->n_conditioning = 0;
		return 0;
	case BATCH:
		a->job.batch = true;
		return 0;
	case YES:
		a->job.yes = true;
		return 0;
	case DRY_RUN:
		a->job.dry_run = true;
		return 0;
	case PICTURE:
		a->job.picture = text;
		return 0;
	case DATABASE:
		a->job.database = text;
		return 0;
	case SHOW:
		a->show = true;
		return 0;
	case JSON:
		a->job.json = true;
		return 0;
	case 'c':
		a->config = text;
		return 0;
	case 'o':
		a->output = text;
		return 0;
	default:
		return -EINVAL;
	}
}

/* -1: go on; else an exit status. */
static int parse(int argc, char **argv, struct arguments *a)
{
	static const struct option longs[] = {{"levels", required_argument, NULL, LEVELS},
	    {"weight", required_argument, NULL, WEIGHT}, {"creep", required_argument, NULL, CREEP},
	    {"no-conditioning", no_argument, NULL, NO_CONDITIONING},
	    {"tare", required_argument, NULL, TARE},
	    {"patience", required_argument, NULL, PATIENCE}, {"batch", no_argument, NULL, BATCH},
	    {"yes", no_argument, NULL, YES}, {"dry-run", no_argument, NULL, DRY_RUN},
	    {"picture", required_argument, NULL, PICTURE},
	    {"database", required_argument, NULL, DATABASE}, {"show", no_argument, NULL, SHOW},
	    {"json", no_argument, NULL, JSON}, {"config", required_argument, NULL, 'c'},
	    {"output", required_argument, NULL, 'o'}, {"help", no_argument, NULL, 'h'}, {0}};

	for (int c; (c = getopt_long(argc, argv, "c:o:h", longs, NULL)) != -1;) {
		if (c == 'h') {
			fputs(help, stdout);
			return EXIT_OK;
		}
		if (take_option(a, c, optarg) < 0) {
			if (c != '?')
				fprintf(
				    stderr, "lumbar calibrate: \"%s\" is not understood\n", optarg);
			return command_usage(argv[0], usage);
		}
	}
	if (optind != argc - 1 || (a->job.json && !a->show))
		return command_usage(argv[0], usage);
	a->surface = argv[optind];
	return -1;
}

static const struct surface_config *find(
    const struct config *config, const struct arguments *a, struct error *err)
{
	for (size_t i = 0; i < config->n_surfaces; i++)
		if (strcmp(config->surfaces[i]->surface.name, a->surface) == 0)
			return config->surfaces[i];
	error_set(err, -ENOENT, "%s: no surface \"%s\"; the first of %zu is \"%s\"", a->config,
	    a->surface, config->n_surfaces, config->surfaces[0]->surface.name);
	return NULL;
}

/* Beside the configuration, when that names none. The caller frees. */
static char *default_path(const struct arguments *a)
{
	const char *slash = strrchr(a->config, '/');
	int folder = slash ? (int)(slash - a->config) + 1 : 0;
	char *path = NULL;

	return asprintf(&path, "%.*s%s.calibration", folder, a->config, a->surface) < 0 ? NULL
	                                                                                : path;
}

static int run(struct arguments *a, const struct config *config)
{
	struct error err = {0};
	char *beside = default_path(a);

	a->job.config = config;
	a->job.surface = find(config, a, &err);
	if (!a->job.surface || !beside) {
		free(beside);
		return command_fault("calibrate", &err);
	}
	const char *named = a->job.surface->calibration_path;
	a->job.path = a->output ? a->output : named ? named : beside;
	if (!a->job.database)
		a->job.database = config->database;
	int status = a->show ? calibrate_show(&a->job) : calibrate_run(&a->job);
	free(beside);
	return status;
}

int cmd_calibrate(int argc, char **argv)
{
	struct arguments a = {.config = CONFIG_FILE};
	struct problems problems = {0};
	struct config *config = NULL;

	procedure_defaults(&a.job.plan);
	int status = parse(argc, argv, &a);
	if (status >= 0)
		return status;
	if (config_load_to_calibrate(&config, a.config, &problems) < 0) {
		for (size_t i = 0; i < problems.n_problems && i < PROBLEMS_MAX; i++)
			command_fault(argv[0], &problems.list[i]);
		return EXIT_FAULT;
	}
	status = run(&a, config);
	config_destroy(config);
	return status;
}
