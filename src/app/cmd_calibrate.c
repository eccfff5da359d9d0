/* lumbar calibrate: the arguments. */
#include "app/calibrate.h"
#include "app/command.h"
#include "app/command_line.h"
#include "base/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct calibrate job;
	const char *surface, *config, *output;
	bool show;
};

static bool take_levels(const char *text, void *user)
{
	struct procedure_plan *plan = user;

	while (*text) {
		char number[32];
		double mmhg;
		size_t length = strcspn(text, ",");
		if (length >= sizeof(number) || plan->n_levels == PROCEDURE_LEVELS_MAX)
			return false;
		snprintf(number, sizeof(number), "%.*s", (int)length, text);
		if (options_parse_number(number, "mmhg", &mmhg) < 0 || !(mmhg > 0 && mmhg < 2000))
			return false;
		plan->levels_mmhg[plan->n_levels++] = (float)mmhg;
		text += length + (text[length] == ',');
	}
	return plan->n_levels > 0;
}

static bool take_mat(const char *text, void *user)
{
	struct calibrate *job = user;

	job->mat = text;
	return *text && strlen(text) < CALIB_MAT_SIZE && !strpbrk(text, "\r\n;");
}

static int parse(int argc, char **argv, struct arguments *a)
{
	struct procedure_plan *plan = &a->job.plan;
	bool no_conditioning = false;
	const struct command_option options[] = {
	    {.help = "What is put on it:"},
	    {"levels", 0, "P,P,...",
	        "even pressures over the whole mat, in mmHg or with a unit: 20,40,80 or "
	        "2.7kPa,5.3kPa; three are best",
	        .take = take_levels, .user = plan, .wants = "give pressures, as 20,40,80"},
	    {"weight", 0, "KG",
	        "a known weight, 20kg: one gain for all cells; with --levels a check",
	        .single = &plan->mass_kg, .unit = "kg", .least = 0.001, .most = 500},
	    {"creep", 0, "TIME", "the last load stays so long, 30 min: how much readings creep",
	        .number = &plan->creep_s, .unit = "s", .least = 0.001, .most = 86400},
	    {.help = "How:"},
	    {"no-conditioning", 0, NULL, "does not ask to load the mat three times before",
	        .flag = &no_conditioning},
	    {"tare", 0, "TIME", "how long the mat stays empty; 60 s", .number = &plan->tare_s,
	        .unit = "s", .least = 0.001, .most = 86400},
	    {"patience", 0, "TIME", "fails after so long without what it waits for; 10 min",
	        .number = &plan->patience_s, .unit = "s", .least = 0.001, .most = 86400},
	    {"batch", 0, NULL, "draws nothing and asks nothing: for scripts",
	        .flag = &a->job.batch},
	    {"yes", 0, NULL, "may replace a calibration of a better grade", .flag = &a->job.yes},
	    {"dry-run", 0, NULL, "saves nothing", .flag = &a->job.dry_run},
	    {"mat", 0, "NAME",
	        "which mat this is, as its serial number; without it the one that was calibrated "
	        "before: another name says that it was replaced",
	        .take = take_mat, .user = &a->job,
	        .wants = "give at most 39 bytes, without a semicolon"},
	    {.help = "Files:"},
	    {"config", 'c', "CONF", "the daemon's; without it " CONFIG_FILE, .text = &a->config},
	    {"output", 'o', "FILE", "the calibration; without it the one that CONF names",
	        .text = &a->output},
	    {"picture", 0, "FILE", "the gains as SVG", .text = &a->job.picture},
	    {"database", 0, "FILE", "where it is noted; without it that of CONF",
	        .text = &a->job.database},
	    {.help = "What is there:"},
	    {"show", 0, NULL, "age, grade, reasons, dead cells, and what was made before",
	        .flag = &a->show},
	    {"json", 0, NULL, "with --show: the same for programs", .flag = &a->job.json},
	    {0},
	};
	const struct command_line line = {"lumbar calibrate",
	    "SURFACE (--levels P,P,... | --weight KG) [--creep TIME] [-c CONF] [OPTIONS] | SURFACE "
	    "--show",
	    "Makes the calibration of a mat: says what to put on it, waits until it sees that, and "
	    "says at the end how well it went. Nothing has to be pressed in between. The mat lies "
	    "where it will be used; the daemon is stopped. A calibration that fails leaves the one "
	    "before as it is.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	a->surface = argv[optind];
	if (no_conditioning)
		plan->n_conditioning = 0;
	return a->job.json && !a->show ? command_line_usage(&line) : COMMAND_RUN;
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
	a->job.surface = config_find_surface(config, a->config, a->surface, &err);
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
	if (status != COMMAND_RUN)
		return status;
	if (config_load_to_calibrate(&config, a.config, &problems) < 0) {
		problems_print(&problems, "lumbar calibrate");
		return EXIT_FAULT;
	}
	status = run(&a, config);
	config_destroy(config);
	return status;
}
