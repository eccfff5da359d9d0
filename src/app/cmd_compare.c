/* lumbar compare: two mattresses or toppers, the same person: which is softer under her waist? */
#include "app/command.h"
#include "app/command_line.h"
#include "app/compare.h"
#include "recording/recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arguments {
	struct compare_settings settings;
	const char *output;
	bool json, page;
};

static bool take_flip(const char *text, void *user)
{
	struct compare_settings *settings = user;

	settings->find_head = false;
	return flip_parse(text, &settings->surface.flip) == 0;
}

static bool take_output(const char *path, void *user)
{
	struct arguments *arguments = user;
	const char *dot = strrchr(path, '.');

	arguments->output = path;
	arguments->page = dot && strcmp(dot, ".html") == 0;
	return arguments->page || (dot && strcmp(dot, ".svg") == 0);
}

static int parse(int argc, char **argv, struct arguments *a)
{
	struct surface *surface = &a->settings.surface;
	const struct command_option options[] = {
	    {"rows", 0, "R", "cells from head to feet", .count = &surface->rows, .least = 3,
	        .most = 128},
	    {"cols", 0, "C", "cells from side to side", .count = &surface->cols, .least = 3,
	        .most = 128},
	    {"full-scale", 0, "N", "the greatest count of a cell; without it 4095",
	        .single = &surface->full_scale_counts, .unit = "counts", .least = 1e-6,
	        .most = 1e10},
	    {"pitch", 0, "MM", "centre to centre of two cells; without it 25.4",
	        .single = &surface->pitch_mm, .unit = "mm", .least = 1, .most = 500},
	    {"rate", 0, "HZ", "frames a second; without it 1", .single = &surface->rate_hz,
	        .unit = "hz", .least = 0.01, .most = 1000},
	    {"flip", 0, "WHICH",
	        "none, rows, cols or both: how the mat was laid; without it the end of the head is "
	        "found from the maps",
	        .take = take_flip, .user = &a->settings, .wants = "give none, rows, cols or both"},
	    {"supine", 0, NULL, "every map is of her on the back: do not ask the posture model",
	        .flag = &a->settings.supine},
	    {"json", 0, NULL, "one JSON object", .flag = &a->json},
	    {"output", 'o', "FILE", "both maps as a drawing: FILE.svg, or a page: FILE.html",
	        .take = take_output, .user = a, .wants = "end the name in .svg or .html"},
	    {0},
	};
	const struct command_line line = {"lumbar compare",
	    "[--rows R --cols C --full-scale N] [--json] [-o FILE] A B",
	    "Says which of two mattresses or toppers is softer under the same person's waist, and "
	    "how sure that is. A and B are recordings, or files of frames: one a line, or one map "
	    "over as many lines as it has rows. Only still maps of her on the back count.",
	    options, 2, 2};

	return command_line_read(&line, argc, argv);
}

static int check_geometry(
    struct arguments *arguments, const char *const paths[2], struct error *err)
{
	struct surface *surface = &arguments->settings.surface;

	surface->n_cells = surface->rows * surface->cols;
	for (size_t i = 0; i < 2; i++)
		if (!recording_is(paths[i]) &&
		    (surface->n_cells == 0 || surface->n_cells > SURFACE_CELLS_MAX))
			return error_set(
			    err, -EINVAL, "%s is frames as text: give --rows and --cols", paths[i]);
	return 0;
}

static json_t *number_or_null(float value)
{
	return isfinite(value) ? json_real((double)value) : json_null();
}

static json_t *side_json(const struct compared *side)
{
	return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "file", side->path, "maps",
	    (json_int_t)side->n_maps, "still", (json_int_t)side->n_still, "quiet_supine",
	    (json_int_t)side->n_supine, "stretches", (json_int_t)side->n_stretches, "softness",
	    number_or_null(side->softness), "softness_sd", number_or_null(side->softness_sd),
	    "valley_ratio", number_or_null(side->valley_ratio));
}

static void print_json(const struct comparison *c)
{
	static const char *const names[] = {[VERDICT_SOFTER] = "softer",
	    [VERDICT_PROBABLY] = "probably_softer",
	    [VERDICT_OPEN] = "cannot_be_told",
	    [VERDICT_BOTTOMING] = "bottoming",
	    [VERDICT_NOT_SUPINE] = "not_supine"};
	char words[COMPARE_WORDS_SIZE];
	bool told = c->verdict == VERDICT_SOFTER || c->verdict == VERDICT_PROBABLY;
	json_t *root = json_pack("{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:s}", "a",
	    side_json(&c->sides[0]), "b", side_json(&c->sides[1]), "verdict", names[c->verdict],
	    "softer", told ? json_string(c->difference > 0 ? "a" : "b") : json_null(), "difference",
	    number_or_null(c->difference), "difference_sd", number_or_null(c->difference_sd),
	    "confidence", number_or_null(c->sure), "words", compare_words(c, words));

	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	putchar('\n');
	json_decref(root);
}

static void print_side(const char *name, const struct compared *side)
{
	printf("%s  %s\n", name, side->path);
	if (side->n_supine == 0) {
		printf("   %zu maps, %zu of them still, none quiet on the back\n", side->n_maps,
		    side->n_still);
		return;
	}
	printf("   %zu maps quiet on the back in %zu stretches, of %zu\n"
	       "   softness %5.2f +- %.2f   valley ratio %.2f\n",
	    side->n_supine, side->n_stretches, side->n_maps, (double)side->softness,
	    (double)side->softness_sd, (double)side->valley_ratio);
}

static void print_text(const struct comparison *c)
{
	char words[COMPARE_WORDS_SIZE];

	print_side("A", &c->sides[0]);
	print_side("B", &c->sides[1]);
	printf("\n%s\n", compare_words(c, words));
}

static int draw(
    const struct comparison *comparison, const struct arguments *arguments, struct error *err)
{
	FILE *out = fopen(arguments->output, "w");

	if (!out)
		return error_set(err, -errno, "%s: %s", arguments->output, strerror(errno));
	compare_draw(out, comparison, arguments->page);
	if (fclose(out) != 0)
		return error_set(err, -errno, "%s: %s", arguments->output, strerror(errno));
	return 0;
}

int cmd_compare(int argc, char **argv)
{
	struct arguments arguments = {.settings = {.surface = {.kind = SURFACE_BED,
	                                               .full_scale_counts = 4095,
	                                               .pitch_mm = 25.4f,
	                                               .rate_hz = 1},
	                                  .find_head = true}};
	struct comparison comparison = {0};
	struct error err = {0};
	int status = parse(argc, argv, &arguments);

	if (status != COMMAND_RUN)
		return status;
	const char *const paths[2] = {argv[optind], argv[optind + 1]};
	int result = check_geometry(&arguments, paths, &err);
	if (result == 0)
		result = compare_files(&comparison, paths, &arguments.settings, &err);
	if (result == 0)
		(arguments.json ? print_json : print_text)(&comparison);
	if (result == 0 && arguments.output)
		result = draw(&comparison, &arguments, &err);
	compare_finish(&comparison);
	return result < 0 ? command_fault("compare", &err) : EXIT_OK;
}
