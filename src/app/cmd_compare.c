/* lumbar compare: two mattresses or toppers, the same person: which is softer under her waist? */
#include "app/command.h"
#include "app/compare.h"
#include "base/options.h"
#include "recording/recording.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "[--rows R --cols C --full-scale N] [--json] [-o FILE] A B";

static const char help[] =
    "usage: lumbar compare [OPTIONS] A B\n\n"
    "Says which of two mattresses or toppers is softer under the same person's waist, and how\n"
    "sure that is. A and B are recordings, or files of frames: one a line, or one map over as\n"
    "many lines as it has rows. Only still maps of her on the back count.\n\n"
    "      --rows R --cols C  cells from head to feet, and from side to side\n"
    "      --full-scale N     the greatest count of a cell; without it 4095\n"
    "      --pitch MM         centre to centre of two cells; without it 25.4\n"
    "      --rate HZ          frames a second; without it 1\n"
    "      --flip WHICH       none, rows, cols or both: how the mat was laid; without it the\n"
    "                         end of the head is found from the maps\n"
    "      --supine           every map is of her on the back: do not ask the posture model\n"
    "      --json             one JSON object\n"
    "  -o, --output FILE      both maps as a drawing: FILE.svg, or a page: FILE.html\n";

struct arguments {
	struct compare_settings settings;
	const char *output;
	bool json, page;
};

enum { ROWS = 256, COLS, FULL_SCALE, PITCH, RATE, FLIP, SUPINE, JSON };

static const struct number {
	int option;
	const char *name, *unit;
	double least, most;
} numbers[] = {
    {ROWS, "rows", "", 3, 128},
    {COLS, "cols", "", 3, 128},
    {FULL_SCALE, "full-scale", "counts", 1e-6, 1e10},
    {PITCH, "pitch", "mm", 1, 500},
    {RATE, "rate", "hz", 0.01, 1000},
};

static int take_number(const struct number *number, const char *text, struct surface *surface)
{
	double value;

	if (options_parse_number(text, number->unit, &value) < 0 || value < number->least ||
	    value > number->most) {
		fprintf(stderr, "lumbar compare: --%s %s: give a number of %g to %g\n",
		    number->name, text, number->least, number->most);
		return -EINVAL;
	}
	if (number->option == ROWS)
		surface->rows = (size_t)value;
	else if (number->option == COLS)
		surface->cols = (size_t)value;
	else
		*(number->option == FULL_SCALE ? &surface->full_scale_counts
		    : number->option == PITCH  ? &surface->pitch_mm
		                               : &surface->rate_hz) = (float)value;
	return 0;
}

static int take_output(struct arguments *arguments, const char *path)
{
	const char *dot = strrchr(path, '.');

	arguments->output = path;
	arguments->page = dot && strcmp(dot, ".html") == 0;
	if (arguments->page || (dot && strcmp(dot, ".svg") == 0))
		return 0;
	fprintf(stderr, "lumbar compare: -o %s: end the name in .svg or .html\n", path);
	return -EINVAL;
}

static int take_option(struct arguments *arguments, int option, const char *text)
{
	struct compare_settings *settings = &arguments->settings;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (numbers[i].option == option)
			return take_number(&numbers[i], text, &settings->surface);
	switch (option) {
	case FLIP:
		settings->find_head = false;
		if (flip_parse(text, &settings->surface.flip) == 0)
			return 0;
		fprintf(stderr, "lumbar compare: --flip %s: give none, rows, cols or both\n", text);
		return -EINVAL;
	case SUPINE:
		settings->supine = true;
		return 0;
	case JSON:
		arguments->json = true;
		return 0;
	case 'o':
		return take_output(arguments, text);
	default:
		return -EINVAL;
	}
}

/* 0, -EINVAL: wrong, or -ECANCELED: help was printed. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {{"rows", required_argument, NULL, ROWS},
	    {"cols", required_argument, NULL, COLS},
	    {"full-scale", required_argument, NULL, FULL_SCALE},
	    {"pitch", required_argument, NULL, PITCH}, {"rate", required_argument, NULL, RATE},
	    {"flip", required_argument, NULL, FLIP}, {"supine", no_argument, NULL, SUPINE},
	    {"json", no_argument, NULL, JSON}, {"output", required_argument, NULL, 'o'},
	    {"help", no_argument, NULL, 'h'}, {0}};

	for (int option; (option = getopt_long(argc, argv, "o:h", options, NULL)) != -1;) {
		if (option == 'h') {
			fputs(help, stdout);
			return -ECANCELED;
		}
		if (take_option(arguments, option, optarg) < 0)
			return -EINVAL;
	}
	return argc - optind == 2 ? 0 : -EINVAL;
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
	int result = parse(argc, argv, &arguments);

	if (result == -ECANCELED)
		return EXIT_OK;
	if (result < 0)
		return command_usage("compare", usage);
	const char *const paths[2] = {argv[optind], argv[optind + 1]};
	result = check_geometry(&arguments, paths, &err);
	if (result == 0)
		result = compare_files(&comparison, paths, &arguments.settings, &err);
	if (result == 0)
		(arguments.json ? print_json : print_text)(&comparison);
	if (result == 0 && arguments.output)
		result = draw(&comparison, &arguments, &err);
	compare_finish(&comparison);
	return result < 0 ? command_fault("compare", &err) : EXIT_OK;
}
