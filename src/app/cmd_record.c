/* lumbar record: keeps raw frames in a recording, or shows what a recording holds. */
#include "app/command.h"
#include "app/config.h"
#include "app/record_live.h"
#include "base/clock.h"
#include "recording/recording.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define USAGE                                                                                      \
	"(-c CONFIG | --driver NAME [--set KEY=VALUE]...) [--surface NAME] [--seconds N] -o FILE " \
	"| --info FILE [--json] | --frames FILE [--surface NAME]"
#define SETTINGS_MAX 32

struct arguments {
	const char *config, *driver, *surface, *output, *info, *frames, *notes, *kind;
	const char *settings[SETTINGS_MAX];
	size_t n_settings;
	double seconds;
	bool json, replace;
};

static void print_help(void)
{
	puts("usage: lumbar record " USAGE "\n\n"
	     "Keeps the raw frames of a mat in a file, until the time is over or ^C:\n"
	     "  -c, --config CONFIG  of the daemon; the surface is taken from there\n"
	     "  --surface NAME       which; not needed where there is one only\n"
	     "  --driver NAME        read by this driver instead, without a configuration\n"
	     "  --set KEY=VALUE      ... with this setting: lumbar drivers NAME lists them\n"
	     "  --kind KIND          ... for a bed (default), seat or strip\n"
	     "  --seconds N          stop after so many seconds of frames (2 min, 8 h)\n"
	     "  --notes TEXT         kept in the file\n"
	     "  --replace            write over FILE when it is there\n"
	     "  -o, --output FILE    the recording\n\n"
	     "Shows a recording:\n"
	     "  --info FILE          surfaces, frames, times; --json for programs\n"
	     "  --frames FILE        its frames as text, one a line");
}

/* ---- what a recording holds -------------------------------------------------------------- */

struct tally {
	uint64_t frames;
	int64_t first_ns, last_ns, first_real_ns;
	int32_t utc_offset_s;
};

/* Reads the whole file, so that what is said of it is so. The number of damaged places. */
static size_t count_frames(
    struct recording_reader *reader, struct tally *tallies, const char *command)
{
	struct frame frame;
	struct error err;
	int surface, result;
	size_t n_damaged = 0;

	while ((result = recording_next(reader, -1, &surface, &frame, &err)) != -ENODATA) {
		if (result < 0) {
			command_fault(command, &err);
			n_damaged++;
			continue;
		}
		struct tally *tally = &tallies[surface];
		if (tally->frames++ == 0)
			tally->first_ns = frame.mono_ns;
		tally->last_ns = frame.mono_ns;
		if (tally->first_real_ns == 0) {
			tally->first_real_ns = frame.real_ns;
			tally->utc_offset_s = frame.utc_offset_s;
		}
	}
	return n_damaged;
}

static void print_surface(const struct surface *surface, const struct tally *tally)
{
	char stamp[STAMP_SIZE] = "at a time not known";
	double length_s = (double)(tally->last_ns - tally->first_ns) / 1e9;

	if (tally->first_real_ns)
		clock_format_stamp(tally->first_real_ns, tally->utc_offset_s, stamp);
	printf("%s: %s, ", surface->name, surface_kind_name(surface->kind));
	if (surface_is_grid(surface))
		printf("%zu x %zu cells %g mm apart", surface->rows, surface->cols,
		    (double)surface->pitch_mm);
	else
		printf("%zu cells in a free layout", surface->n_cells);
	printf(", counts to %g\n", (double)surface->full_scale_counts);
	printf("  %" PRIu64 " frames in %.1f s, from %s", tally->frames, length_s, stamp);
	if (length_s > 0)
		printf(", %.1f a second (nominal %g)", (double)(tally->frames - 1) / length_s,
		    (double)surface->rate_hz);
	putchar('\n');
}

static json_t *surface_json(const struct surface *surface, const struct tally *tally)
{
	char stamp[STAMP_SIZE] = "";

	if (tally->first_real_ns)
		clock_format_stamp(tally->first_real_ns, tally->utc_offset_s, stamp);
	return json_pack("{s:s, s:s, s:i, s:i, s:i, s:f, s:f, s:f, s:I, s:f, s:s?}", "name",
	    surface->name, "kind", surface_kind_name(surface->kind), "rows", (int)surface->rows,
	    "cols", (int)surface->cols, "cells", (int)surface->n_cells, "pitch_mm",
	    (double)surface->pitch_mm, "full_scale", (double)surface->full_scale_counts, "rate_hz",
	    (double)surface->rate_hz, "frames", (json_int_t)tally->frames, "length_s",
	    (double)(tally->last_ns - tally->first_ns) / 1e9, "start", stamp[0] ? stamp : NULL);
}

static int print_info_json(
    const struct recording_reader *reader, const struct tally *tallies, size_t n_damaged)
{
	json_t *surfaces = json_array();

	for (size_t i = 0; i < recording_n_surfaces(reader); i++)
		json_array_append_new(
		    surfaces, surface_json(recording_surface(reader, i), &tallies[i]));
	json_t *json = json_pack("{s:s, s:i, s:o}", "notes", recording_notes(reader), "damaged",
	    (int)n_damaged, "surfaces", surfaces);
	int failed = !json || json_dumpf(json, stdout, JSON_INDENT(2)) < 0;
	putchar('\n');
	json_decref(json);
	return failed ? EXIT_FAULT : EXIT_OK;
}

static int show_info(const char *command, const struct arguments *arguments)
{
	struct tally tallies[RECORDING_SURFACES_MAX] = {0};
	struct recording_reader *reader;
	struct error err = {0};
	int status = EXIT_OK;

	if (recording_open(&reader, arguments->info, &err) < 0)
		return command_fault(command, &err);
	size_t n_damaged = count_frames(reader, tallies, command);
	if (arguments->json) {
		status = print_info_json(reader, tallies, n_damaged);
	} else {
		for (size_t i = 0; i < recording_n_surfaces(reader); i++)
			print_surface(recording_surface(reader, i), &tallies[i]);
		if (*recording_notes(reader))
			printf("notes: %s\n", recording_notes(reader));
	}
	recording_close_reader(reader);
	return n_damaged ? EXIT_FAULT : status;
}

/* ---- a recording as text ----------------------------------------------------------------- */

static int find_surface(
    const struct recording_reader *reader, const struct arguments *arguments, struct error *err)
{
	size_t n = recording_n_surfaces(reader);

	if (!arguments->surface && n == 1)
		return 0;
	for (size_t i = 0; arguments->surface && i < n; i++)
		if (strcmp(recording_surface(reader, i)->name, arguments->surface) == 0)
			return (int)i;
	return error_set(err, -ENOENT,
	    "%s: %zu surfaces, the first is \"%s\": name one of them with --surface",
	    arguments->frames, n, n > 0 ? recording_surface(reader, 0)->name : "");
}

static int show_frames(const char *command, const struct arguments *arguments)
{
	struct recording_reader *reader;
	struct error err = {0};
	struct frame frame;
	int status = EXIT_OK, result;

	if (recording_open(&reader, arguments->frames, &err) < 0)
		return command_fault(command, &err);
	int surface = find_surface(reader, arguments, &err);
	if (surface < 0)
		status = command_fault(command, &err);
	while (surface >= 0 &&
	       (result = recording_next(reader, surface, NULL, &frame, &err)) != -ENODATA) {
		if (result < 0) {
			status = command_fault(command, &err);
			continue;
		}
		for (size_t i = 0; i < frame.n_cells; i++)
			printf("%s%.9g", i ? "\t" : "", (double)frame.counts[i]);
		putchar('\n');
	}
	recording_close_reader(reader);
	if (fflush(stdout) != 0)
		status = command_fault(
		    command, &(struct error){.text = "stdout cannot be written"});
	return status;
}

/* ---- recording --------------------------------------------------------------------------- */

static int run_plan(
    const char *command, struct record_plan *plan, const struct arguments *arguments)
{
	struct record_result done;
	struct error err = {0};

	plan->path = arguments->output;
	plan->notes = arguments->notes;
	plan->replace = arguments->replace;
	plan->seconds = arguments->seconds;
	int result = record_live(plan, &done, &err);
	fprintf(stderr,
	    "%s: %" PRIu64 " frames in %.1f s; lost: %" PRIu64 " timeouts, %" PRIu64
	    " damaged, %" PRIu64 " torn, %" PRIu64 " refused, %" PRIu64 " impossible\n",
	    plan->path, done.frames, (double)done.length_ns / 1e9, done.stats.timeouts,
	    done.stats.integrity_errors, done.stats.torn_frames, done.stats.exceptions,
	    done.stats.content_errors);
	return result < 0 ? command_fault(command, &err) : EXIT_OK;
}

static int record_configured(const char *command, const struct arguments *arguments)
{
	struct problems problems = {0};
	struct config *config = NULL;
	const struct surface_config *found = NULL;
	int status;

	if (config_load(&config, arguments->config, &problems) < 0) {
		for (size_t i = 0; i < problems.n_problems && i < PROBLEMS_MAX; i++)
			command_fault(command, &problems.list[i]);
		return EXIT_FAULT;
	}
	if (!arguments->surface && config->n_surfaces == 1)
		found = config->surfaces[0];
	for (size_t i = 0; arguments->surface && i < config->n_surfaces; i++)
		if (strcmp(config->surfaces[i]->surface.name, arguments->surface) == 0)
			found = config->surfaces[i];
	if (found) {
		struct record_plan plan = {.driver = found->driver,
		    .options = &found->driver_options,
		    .surface = &found->surface};
		status = run_plan(command, &plan, arguments);
	} else {
		struct error err;
		error_set(&err, -ENOENT, "%s: %zu surfaces: name one of them with --surface",
		    arguments->config, config->n_surfaces);
		status = command_fault(command, &err);
	}
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

static int record_by_driver(const char *command, const struct arguments *arguments)
{
	const struct driver *driver = driver_find(arguments->driver);
	struct surface surface = {.kind = SURFACE_BED, .pitch_mm = 25.4f};
	struct options options;
	struct error err = {0};
	int result = 0;

	if (!driver) {
		error_set(&err, -ENOENT, "no driver \"%s\"; lumbar drivers lists them",
		    arguments->driver);
		return command_fault(command, &err);
	}
	if (arguments->kind && surface_kind_parse(arguments->kind, &surface.kind) < 0) {
		error_set(&err, -EINVAL, "--kind %s: give bed, seat or strip", arguments->kind);
		return command_fault(command, &err);
	}
	snprintf(surface.name, sizeof(surface.name), "%s",
	    arguments->surface ? arguments->surface : surface_kind_name(surface.kind));
	options_init(&options, driver->options);
	for (size_t i = 0; result == 0 && i < arguments->n_settings; i++)
		result = apply_setting(&options, driver->name, arguments->settings[i], &err);
	if (result == 0)
		result = options_complete(&options, &(struct place){0}, &err);
	if (result == 0 && driver->describe)
		result = driver->describe(&options, &surface, &err);
	if (result == 0 && surface.n_cells == 0)
		result = error_set(&err, -EINVAL, "the geometry is not known: --set rows=, cols=");
	if (result < 0)
		return command_fault(command, &err);
	struct record_plan plan = {.driver = driver, .options = &options, .surface = &surface};
	return run_plan(command, &plan, arguments);
}

/* ------------------------------------------------------------------------------------------ */

static bool parse_seconds(const char *text, double *seconds)
{
	return options_parse_number(text, "s", seconds) == 0 && *seconds > 0;
}

/* EXIT_OK, EXIT_USAGE, or -1: help was asked for. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
	    {"driver", required_argument, NULL, 'd'}, {"set", required_argument, NULL, 's'},
	    {"kind", required_argument, NULL, 'k'}, {"surface", required_argument, NULL, 'u'},
	    {"seconds", required_argument, NULL, 't'}, {"output", required_argument, NULL, 'o'},
	    {"info", required_argument, NULL, 'i'}, {"frames", required_argument, NULL, 'f'},
	    {"notes", required_argument, NULL, 'n'}, {"replace", no_argument, NULL, 'r'},
	    {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {0}};
	const char **const texts[] = {['c'] = &arguments->config,
	    ['d'] = &arguments->driver,
	    ['k'] = &arguments->kind,
	    ['u'] = &arguments->surface,
	    ['o'] = &arguments->output,
	    ['i'] = &arguments->info,
	    ['f'] = &arguments->frames,
	    ['n'] = &arguments->notes};

	for (int option; (option = getopt_long(argc, argv, "c:o:h", longs, NULL)) != -1;) {
		if (option == 'h')
			return -1;
		if (option == '?' || (option == 's' && arguments->n_settings == SETTINGS_MAX) ||
		    (option == 't' && !parse_seconds(optarg, &arguments->seconds)))
			return EXIT_USAGE;
		if (option == 'r')
			arguments->replace = true;
		else if (option == 'j')
			arguments->json = true;
		else if (option == 's')
			arguments->settings[arguments->n_settings++] = optarg;
		else if (option != 't')
			*texts[option] = optarg;
	}
	return optind < argc ? EXIT_USAGE : EXIT_OK;
}

int cmd_record(int argc, char **argv)
{
	struct arguments arguments = {0};
	int parsed = parse(argc, argv, &arguments);
	int n_jobs = !!arguments.info + !!arguments.frames + !!arguments.output;

	if (parsed < 0) {
		print_help();
		return EXIT_OK;
	}
	if (parsed != EXIT_OK || n_jobs != 1 ||
	    (arguments.output && !arguments.config == !arguments.driver))
		return command_usage(argv[0], USAGE);
	if (arguments.info)
		return show_info(argv[0], &arguments);
	if (arguments.frames)
		return show_frames(argv[0], &arguments);
	return arguments.config ? record_configured(argv[0], &arguments)
	                        : record_by_driver(argv[0], &arguments);
}
