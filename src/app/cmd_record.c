/* lumbar record: keeps raw frames in a recording, or shows what a recording holds. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/config.h"
#include "app/record_live.h"
#include "app/record_show.h"
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTINGS_MAX 32

struct arguments {
	const char *config, *driver, *output, *info, *frames, *npy, *notes, *kind;
	const char *settings[SETTINGS_MAX], *surfaces[RECORDING_SURFACES_MAX];
	size_t n_settings, n_surfaces;
	double seconds, max_bytes, max_age_s;
	bool json, replace;
};

static void say_count(const char *name, const struct record_count *count)
{
	const struct driver_stats *lost = &count->stats;

	fprintf(stderr,
	    "%s: %" PRIu64 " frames in %.1f s; lost: %" PRIu64 " timeouts, %" PRIu64
	    " damaged, %" PRIu64 " torn, %" PRIu64 " refused, %" PRIu64 " impossible",
	    name, count->frames, (double)(count->last_ns - count->first_ns) / 1e9, lost->timeouts,
	    lost->integrity_errors, lost->torn_frames, lost->exceptions, lost->content_errors);
	if (count->opens > 1)
		fprintf(stderr, "; the source was opened %" PRIu64 " times", count->opens);
	fputc('\n', stderr);
}

static int record(const char *command, const struct arguments *arguments,
    const struct surface_config *const *surfaces, size_t n_surfaces)
{
	struct record_target target = {.path = arguments->output,
	    .notes = arguments->notes,
	    .replace = arguments->replace,
	    .limits = {.max_bytes = arguments->max_bytes, .max_age_s = arguments->max_age_s},
	    .surfaces = surfaces,
	    .n_surfaces = n_surfaces};
	struct record_result done;
	struct error err = {0};

	log_init(LOG_LEVEL_INFO);
	int result = record_live(&target, arguments->seconds, &done, &err);
	for (size_t i = 0; i < n_surfaces; i++)
		say_count(surfaces[i]->surface.name, &done.surfaces[i]);
	if (done.full)
		fprintf(stderr, "%s: ended, as large as --max-size allows\n", arguments->output);
	return result < 0 ? command_fault(command, &err) : EXIT_OK;
}

/* ---- what is recorded -------------------------------------------------------------------- */

/* The surfaces that are asked for, all when none is. Their number or -ENOENT. */
static int choose(const struct config *config, const struct arguments *arguments,
    const struct surface_config **chosen, struct error *err)
{
	size_t n = arguments->n_surfaces ? arguments->n_surfaces : config->n_surfaces;

	for (size_t i = 0; i < n; i++) {
		chosen[i] = arguments->n_surfaces ? config_find_surface(config, arguments->config,
		                                        arguments->surfaces[i], err)
		                                  : config->surfaces[i];
		if (!chosen[i])
			return err->code;
		for (size_t k = 0; k < i; k++)
			if (chosen[k] == chosen[i])
				return error_set(err, -EINVAL, "--surface %s is given twice",
				    arguments->surfaces[i]);
	}
	return (int)n;
}

static int record_configured(const char *command, const struct arguments *arguments)
{
	const struct surface_config *chosen[RECORDING_SURFACES_MAX];
	struct problems problems = {0};
	struct config *config = NULL;
	struct error err = {0};

	_Static_assert(CONFIG_SURFACES_MAX <= RECORDING_SURFACES_MAX, "one file holds them all");
	if (config_load(&config, arguments->config, &problems) < 0) {
		problems_print(&problems, "lumbar record");
		return EXIT_FAULT;
	}
	int n = choose(config, arguments, chosen, &err);
	int status = n < 0 ? command_fault(command, &err)
	                   : record(command, arguments, chosen, (size_t)n);
	config_destroy(config);
	return status;
}

/* "key=value" or "driver.key=value" */
static int apply_setting(
    struct options *options, const char *driver, const char *setting, struct error *err)
{
	char key[64];
	size_t prefix = strlen(driver);
	const char *equals = strchr(setting, '=');

	if (strncmp(setting, driver, prefix) == 0 && setting[prefix] == '.')
		setting += prefix + 1;
	if (!equals || equals <= setting || (size_t)(equals - setting) >= sizeof(key))
		return error_set(err, -EINVAL, "--set %s: give KEY=VALUE", setting);
	snprintf(key, sizeof(key), "%.*s", (int)(equals - setting), setting);
	struct place where = {.key = key, .value = equals + 1};
	return options_set(options, key, equals + 1, &where, err);
}

/* What the source says of itself; without a configuration there is nobody else to ask. */
static int describe(struct surface_config *config, struct error *err)
{
	const struct driver *driver = config->driver;
	struct options *options = &config->driver_options;
	char *text = NULL;
	int result = driver->describe ? driver->describe(options, &config->surface, err) : 0;

	config->places = (struct cell_place *)config->surface.places;
	if (result == 0 && config->surface.n_cells == 0)
		result = error_set(err, -EINVAL, "the geometry is not known: --set rows=, cols=");
	if (result == 0 && driver->calibration)
		result = driver->calibration(options, &text, err);
	if (result == 0 && text) {
		result = calibration_parse(
		    &config->calibration, text, "the one inside", &config->surface, err);
		config->calibrated = result == 0;
	}
	free(text);
	return result;
}

/* The settings of the one surface that no configuration describes. NULL with err. */
static struct surface_config *configure(
    const struct driver *driver, const struct arguments *arguments, struct error *err)
{
	struct surface surface = {.kind = SURFACE_BED, .pitch_mm = 25.4f};
	int result = 0;

	if (arguments->kind && surface_kind_parse(arguments->kind, &surface.kind) < 0) {
		error_set(err, -EINVAL, "--kind %s: give bed, seat or strip", arguments->kind);
		return NULL;
	}
	snprintf(surface.name, sizeof(surface.name), "%s",
	    arguments->n_surfaces ? arguments->surfaces[0] : surface_kind_name(surface.kind));
	struct surface_config *config = surface_config_create(&surface);
	if (!config) {
		error_set(err, -ENOMEM, "out of memory");
		return NULL;
	}
	config->driver = driver;
	options_init(&config->driver_options, driver->options);
	for (size_t i = 0; result == 0 && i < arguments->n_settings; i++)
		result = apply_setting(
		    &config->driver_options, driver->name, arguments->settings[i], err);
	if (result == 0)
		result = options_complete(&config->driver_options, &(struct place){0}, err);
	if (result == 0)
		result = describe(config, err);
	if (result == 0)
		return config;
	surface_config_destroy(config);
	return NULL;
}

static int record_by_driver(const char *command, const struct arguments *arguments)
{
	const struct driver *driver = driver_find(arguments->driver);
	struct surface_config *config = NULL;
	struct error err = {0};

	if (driver)
		config = configure(driver, arguments, &err);
	else
		error_set(&err, -ENOENT, "no driver \"%s\"; lumbar drivers lists them",
		    arguments->driver);
	if (!config)
		return command_fault(command, &err);
	const struct surface_config *only = config;
	int status = record(command, arguments, &only, 1);
	surface_config_destroy(config);
	return status;
}

/* ---- the command line --------------------------------------------------------------------- */

/* One job, with what it needs. */
static bool is_whole(const struct arguments *a)
{
	bool shows = a->info || a->frames || a->npy;

	if (!!a->info + !!a->frames + !!a->npy > 1 || (shows && (a->config || a->driver)))
		return false;
	if (shows)
		return !a->npy == !a->output && a->n_surfaces <= 1;
	return a->output && *a->output && !a->config != !a->driver &&
	       (!a->driver || a->n_surfaces <= 1);
}

static int parse(int argc, char **argv, struct arguments *a)
{
	const struct command_option options[] = {
	    {.help = "Keeps frames:"},
	    {"config", 'c', "CONFIG", "of the daemon: all its surfaces, with their calibrations",
	        .text = &a->config},
	    {"surface", 0, "NAME", "only this one; may be given again", .text = a->surfaces,
	        .n_texts = &a->n_surfaces, .most = RECORDING_SURFACES_MAX},
	    {"driver", 0, "NAME", "read by this driver instead, without a configuration",
	        .text = &a->driver},
	    {"set", 0, "KEY=VALUE", "... with this setting: lumbar drivers NAME lists them",
	        .text = a->settings, .n_texts = &a->n_settings, .most = SETTINGS_MAX},
	    {"kind", 0, "KIND", "... for a bed (default), seat or strip", .text = &a->kind},
	    {"seconds", 0, "N", "stop after so many seconds of frames (2 min, 8 h)",
	        .number = &a->seconds, .unit = "s", .least = 1e-9, .most = INFINITY,
	        .wants = "give a time, as 2 min"},
	    {"notes", 0, "TEXT", "kept in the file", .text = &a->notes},
	    {"replace", 0, NULL, "write over FILE when it is there", .flag = &a->replace},
	    {"output", 'o', "FILE", "the recording; a folder: one file a night in it",
	        .text = &a->output},
	    {"max-size", 0, "SIZE",
	        "of the file, or of all in the folder: the oldest are deleted (500 MB, 8 GB); when "
	        "none is left, recording ends",
	        .number = &a->max_bytes, .unit = "bytes", .least = 1e-9, .most = INFINITY,
	        .wants = "give a size, as 500 MB"},
	    {"max-age", 0, "TIME", "delete older ones in the folder (30 d)",
	        .number = &a->max_age_s, .unit = "s", .least = 1e-9, .most = INFINITY,
	        .wants = "give a time, as 30 d"},
	    {.help = "Shows what is kept:"},
	    {"info", 0, "FILE", "surfaces, frames, times, what is lost", .text = &a->info},
	    {"json", 0, NULL, "... for programs", .flag = &a->json},
	    {"frames", 0, "FILE", "its frames as text, one a line", .text = &a->frames},
	    {"npy", 0, "FILE", "with -o FOLDER: its counts and times as arrays of NumPy",
	        .text = &a->npy},
	    {0},
	};
	const struct command_line line = {"lumbar record",
	    "(-c CONFIG [--surface NAME]... | --driver NAME [--set KEY=VALUE]...) [--seconds N] "
	    "-o FILE | --info FILE [--json] | --frames FILE [--surface NAME] | --npy FILE -o "
	    "FOLDER",
	    "Keeps the raw frames of mats in a file, until the time is over or ^C: a source that "
	    "fails in between is opened again, and the other mats go on. Or shows such a file.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);

	return status == COMMAND_RUN && !is_whole(a) ? command_line_usage(&line) : status;
}

int cmd_record(int argc, char **argv)
{
	struct arguments arguments = {0};
	int status = parse(argc, argv, &arguments);

	if (status != COMMAND_RUN)
		return status;
	if (arguments.info)
		return record_show_info(argv[0], arguments.info, arguments.json);
	if (arguments.frames)
		return record_show_frames(argv[0], arguments.frames, arguments.surfaces[0]);
	if (arguments.npy)
		return record_show_npy(
		    argv[0], arguments.npy, arguments.surfaces[0], arguments.output);
	return arguments.config ? record_configured(argv[0], &arguments)
	                        : record_by_driver(argv[0], &arguments);
}
