/* lumbar analyze: frames of files, judged by the pipeline that runs live. */
#include "app/analysis.h"
#include "app/command.h"
#include "app/command_line.h"
#include "app/layout.h"
#include "app/observation_json.h"
#include "recording/recording.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Bad frames of one file that are said in full; the rest is counted. */
enum { BAD_SAID_MOST = 3 };

struct arguments {
	struct surface surface;
	struct cell_place *places;
	const char *layout;
	double every_s;
	bool json, several;
	uint64_t n_bad;
};

static bool take_kind(const char *text, void *user)
{
	return surface_kind_parse(text, user) >= 0;
}

static bool take_flip(const char *text, void *user)
{
	return flip_parse(text, user) >= 0;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	struct surface *surface = &a->surface;
	const struct command_option options[] = {
	    {"surface", 0, "KIND", "bed, seat or strip; without it bed", .take = take_kind,
	        .user = &surface->kind, .wants = "give bed, seat or strip"},
	    {"rows", 0, "R", "cells from head to feet (knees to back)", .count = &surface->rows,
	        .least = 1, .most = 128},
	    {"cols", 0, "C", "cells from side to side", .count = &surface->cols, .least = 1,
	        .most = 128},
	    {"rate", 0, "HZ", "frames a second", .single = &surface->rate_hz, .unit = "hz",
	        .least = 0.01, .most = 10000},
	    {"full-scale", 0, "N", "the greatest count of a cell",
	        .single = &surface->full_scale_counts, .unit = "counts", .least = 1e-6,
	        .most = 1e10},
	    {"pitch", 0, "MM", "centre to centre of two cells; without it 25.4",
	        .single = &surface->pitch_mm, .unit = "mm", .least = 0.1, .most = 1000},
	    {"flip", 0, "WHICH", "rows, cols or both: how the mat was laid", .take = take_flip,
	        .user = &surface->flip, .wants = "give none, rows, cols or both"},
	    {"layout", 0, "FILE", "CSV cell,x_mm,y_mm,region instead of rows and columns",
	        .text = &a->layout},
	    {"every", 0, "SECONDS", "also what is seen each so many seconds", .number = &a->every_s,
	        .unit = "s", .least = 0.001, .most = 1e6},
	    {"json", 0, NULL, "an object a step, and a last one: summary", .flag = &a->json},
	    {0},
	};
	const struct command_line line = {"lumbar analyze",
	    "[--surface bed|seat|strip] --rows R --cols C --rate HZ --full-scale N [--json] "
	    "FILE...",
	    "Judges the frames of text files (one frame a line, counts separated by tabs, commas "
	    "or "
	    "blanks) or of recordings, which know their own geometry.",
	    options, 1, INT_MAX};
	int status = command_line_read(&line, argc, argv);

	a->several = argc - optind > 1;
	return status;
}

/* A recording knows its geometry; a text file must be told. */
static int take_geometry(struct arguments *arguments, int argc, char **argv, struct error *err)
{
	struct surface *surface = &arguments->surface;
	const char *text_file = NULL;

	for (int i = optind; i < argc && !text_file; i++)
		if (!recording_is(argv[i]))
			text_file = argv[i];
	if (arguments->layout) {
		surface->rows = surface->cols = 0;
		int result = layout_load(
		    arguments->layout, surface->kind, &arguments->places, &surface->n_cells, err);
		surface->places = arguments->places;
		if (result < 0)
			return result;
	} else {
		if (surface->kind == SURFACE_STRIP && surface->rows == 0 && surface->cols == 0)
			surface->rows = surface->cols = 1;
		surface->n_cells = surface->rows * surface->cols;
	}
	if (!text_file)
		return 0;
	if (surface->n_cells == 0 || surface->n_cells > SURFACE_CELLS_MAX)
		return error_set(err, -EINVAL,
		    "%s is frames as text: give --rows and --cols, or --layout", text_file);
	if (!(surface->rate_hz > 0) || !(surface->full_scale_counts > 0))
		return error_set(
		    err, -EINVAL, "%s is frames as text: give --rate and --full-scale", text_file);
	return 0;
}

static void print_step(
    const struct arguments *arguments, const char *path, double t_s, const struct observation *o)
{
	if (arguments->several)
		printf("%s ", path);
	printf("%8.1f s  %-8s %-10s", t_s, observation_state(o),
	    o->kind == SURFACE_SEAT  ? seat_state_name(o->seat)
	    : o->kind == SURFACE_BED ? posture_name(o->posture)
	                             : "");
	if (!isnan(o->breathing_per_min))
		printf("  breathing %4.1f", (double)o->breathing_per_min);
	if (!isnan(o->heart_per_min))
		printf("  heart %3.0f", (double)o->heart_per_min);
	if (!isnan(o->movement_ratio))
		printf("  movement %.2f", (double)o->movement_ratio);
	putchar('\n');
}

static void take_step(void *user, const char *path, double t_s, const struct observation *o)
{
	const struct arguments *arguments = user;

	if (!arguments->json) {
		print_step(arguments, path, t_s, o);
		return;
	}
	json_t *object = json_object();
	if (arguments->several)
		json_object_set_new(object, "file", json_string(path));
	json_object_set_new(object, "t_s", json_seconds(t_s));
	observation_to_json(object, o);
	json_dumpf(object, stdout, JSON_NUMBERS);
	putchar('\n');
	json_decref(object);
}

static void take_bad(void *user, const struct error *err)
{
	struct arguments *arguments = user;

	if (arguments->n_bad++ < BAD_SAID_MOST)
		fprintf(stderr, "lumbar analyze: %s\n", err->text);
}

static void print_summary(const struct arguments *arguments, json_t *files)
{
	json_t *summary;

	if (!arguments->json)
		return;
	if (arguments->several)
		summary = json_pack("{s:{s:O}}", "summary", "files", files);
	else
		summary = json_pack(
		    "{s:O}", "summary", json_object_iter_value(json_object_iter(files)));
	json_dumpf(summary, stdout, JSON_NUMBERS);
	putchar('\n');
	json_decref(summary);
}

static int analyze(struct arguments *arguments, const char *path, json_t *files)
{
	struct analysis analysis = {0};
	struct error err = {0};
	struct analysis_settings settings = {
	    .surface = &arguments->surface,
	    .every_s = arguments->every_s,
	    .step = take_step,
	    .bad = take_bad,
	    .user = arguments,
	};

	arguments->n_bad = 0;
	int result = analysis_run(&analysis, path, &settings, &err);
	if (arguments->n_bad > BAD_SAID_MOST)
		fprintf(stderr, "lumbar analyze: %s: %llu more bad frames\n", path,
		    (unsigned long long)(arguments->n_bad - BAD_SAID_MOST));
	if (analysis.clamped_cells > 0)
		fprintf(stderr,
		    "lumbar analyze: %s: %llu cells are negative or over the full scale of %g; "
		    "they count as 0 or full scale\n",
		    path, (unsigned long long)analysis.clamped_cells,
		    (double)arguments->surface.full_scale_counts);
	if (result < 0)
		command_fault("analyze", &err);
	else if (arguments->json)
		json_object_set_new(files, path, analysis_to_json(&analysis));
	else
		analysis_print(&analysis, path);
	analysis_finish(&analysis);
	return result < 0 || arguments->n_bad > 0 ? EXIT_FAULT : EXIT_OK;
}

int cmd_analyze(int argc, char **argv)
{
	struct arguments arguments = {
	    .surface = {.name = "", .kind = SURFACE_BED, .pitch_mm = 25.4F}};
	struct error err = {0};
	int status = parse(argc, argv, &arguments);

	if (status != COMMAND_RUN)
		return status;
	if (take_geometry(&arguments, argc, argv, &err) < 0) {
		free(arguments.places);
		command_fault(argv[0], &err);
		return EXIT_USAGE;
	}
	json_t *files = json_object();
	status = EXIT_OK;
	for (int i = optind; i < argc; i++)
		if (analyze(&arguments, argv[i], files) != EXIT_OK)
			status = EXIT_FAULT;
	if (json_object_size(files) > 0)
		print_summary(&arguments, files);
	json_decref(files);
	free(arguments.places);
	return status;
}
