/* lumbar analyze: frames of files, judged by the pipeline that runs live. */
#include "app/analysis.h"
#include "app/command.h"
#include "app/layout.h"
#include "app/observation_json.h"
#include "base/options.h"
#include "recording/recording.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] = "[--surface bed|seat|strip] --rows R --cols C --rate HZ "
                            "--full-scale N [--json] FILE...";

static const char help[] =
    "usage: lumbar analyze [OPTIONS] FILE...\n\n"
    "Judges the frames of text files (one frame a line, counts separated by tabs, commas or\n"
    "blanks) or of recordings, which know their own geometry.\n\n"
    "      --surface KIND     bed, seat or strip; without it bed\n"
    "      --rows R --cols C  cells from head to feet (knees to back), and from side to side\n"
    "      --rate HZ          frames a second\n"
    "      --full-scale N     the greatest count of a cell\n"
    "      --pitch MM         centre to centre of two cells; without it 25.4\n"
    "      --flip WHICH       rows, cols or both: how the mat was laid\n"
    "      --layout FILE      CSV cell,x_mm,y_mm,region instead of rows and columns\n"
    "      --every SECONDS    also what is seen each so many seconds\n"
    "      --json             an object a step, and a last one: summary\n";

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

enum { SURFACE = 256, ROWS, COLS, RATE, FULL_SCALE, PITCH, FLIP, LAYOUT, EVERY, JSON };

/* -EINVAL, said on stderr, for no number of the range. */
static int take_number(const char *option, const char *text, const char *unit, double least,
    double most, double *value)
{
	if (options_parse_number(text, unit, value) == 0 && *value >= least && *value <= most)
		return 0;
	fprintf(stderr, "lumbar analyze: --%s %s: give a number of %g to %g\n", option, text, least,
	    most);
	return -EINVAL;
}

static int take_count(const char *option, const char *text, size_t *count)
{
	double value = 0;

	if (options_parse_number(text, "", &value) < 0 || value < 1 || value > 128 ||
	    value != floor(value)) {
		fprintf(stderr, "lumbar analyze: --%s %s: give a whole number of 1 to 128\n",
		    option, text);
		return -EINVAL;
	}
	*count = (size_t)value;
	return 0;
}

static int take_word(const char *option, const char *text, int result, const char *words)
{
	if (result < 0)
		fprintf(stderr, "lumbar analyze: --%s %s: give %s\n", option, text, words);
	return result;
}

static int take_option(struct arguments *arguments, int option, const char *text)
{
	struct surface *surface = &arguments->surface;
	double value = 0;
	int result = 0;

	switch (option) {
	case SURFACE:
		return take_word("surface", text, surface_kind_parse(text, &surface->kind),
		    "bed, seat or strip");
	case FLIP:
		return take_word(
		    "flip", text, flip_parse(text, &surface->flip), "none, rows, cols or both");
	case ROWS:
		return take_count("rows", text, &surface->rows);
	case COLS:
		return take_count("cols", text, &surface->cols);
	case RATE:
		result = take_number("rate", text, "hz", 0.01, 10000, &value);
		surface->rate_hz = (float)value;
		return result;
	case FULL_SCALE:
		result = take_number("full-scale", text, "counts", 1e-6, 1e10, &value);
		surface->full_scale_counts = (float)value;
		return result;
	case PITCH:
		result = take_number("pitch", text, "mm", 0.1, 1000, &value);
		surface->pitch_mm = (float)value;
		return result;
	case EVERY:
		return take_number("every", text, "s", 0.001, 1e6, &arguments->every_s);
	case LAYOUT:
		arguments->layout = text;
		return 0;
	case JSON:
		arguments->json = true;
		return 0;
	default:
		return -EINVAL;
	}
}

static int parse_arguments(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {{"surface", required_argument, NULL, SURFACE},
	    {"rows", required_argument, NULL, ROWS}, {"cols", required_argument, NULL, COLS},
	    {"rate", required_argument, NULL, RATE},
	    {"full-scale", required_argument, NULL, FULL_SCALE},
	    {"pitch", required_argument, NULL, PITCH}, {"flip", required_argument, NULL, FLIP},
	    {"layout", required_argument, NULL, LAYOUT}, {"every", required_argument, NULL, EVERY},
	    {"json", no_argument, NULL, JSON}, {"help", no_argument, NULL, 'h'}, {0}};
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return -ECANCELED;
		}
		if (take_option(arguments, option, optarg) < 0)
			return -EINVAL;
	}
	arguments->several = argc - optind > 1;
	return optind < argc ? 0 : -EINVAL;
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
	int result = parse_arguments(argc, argv, &arguments);
	int status = EXIT_OK;

	if (result == -ECANCELED)
		return EXIT_OK;
	if (result < 0)
		return command_usage(argv[0], usage);
	if (take_geometry(&arguments, argc, argv, &err) < 0) {
		free(arguments.places);
		command_fault(argv[0], &err);
		return EXIT_USAGE;
	}
	json_t *files = json_object();
	for (int i = optind; i < argc; i++)
		if (analyze(&arguments, argv[i], files) != EXIT_OK)
			status = EXIT_FAULT;
	if (json_object_size(files) > 0)
		print_summary(&arguments, files);
	json_decref(files);
	free(arguments.places);
	return status;
}
