/*
 * lumbar orient: how a mat was laid, found once at installation from somebody who lies on her left
 * side. The head's end follows from the shape of the load, which is long and light at the legs; with
 * the head known, the model tells a left side from a right one, which is a left one mirrored.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "app/frames_source.h"
#include "app/maps.h"
#include "body/posture.h"
#include "recording/recording.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FRAMES_MOST 1200 /* of a file */

/*
 * Of maps of PMD experiments 1 and 2 on a side the middle lies at 0.43 +- 0.03 of the contact's
 * length from the head; 0.07 from the middle is to be worth 0.97: docs/methods.md, section 2.
 */
#define HEAD_STEEPNESS 50.0

#define SIDE_LEAST 0.5 /* of all probability: less, and she does not lie on a side */
#define SURE_LEAST 0.8

struct orientation {
	struct surface surface; /* of frames that are text */
	bool json;
	size_t n_frames;
	double middles;           /* sums over frames, of maps as they come */
	double left[4], right[4]; /* probabilities under each flip */
	struct posture_model *model;
};

struct verdict {
	enum flip flip;
	double head_confidence, side_confidence, on_a_side;
};

/* ---- frames ------------------------------------------------------------------------------ */

static void add_view(struct orientation *o, enum flip flip, struct posture_classifier *classifier,
    const struct surface *surface, const float *counts, float *cells)
{
	struct surface laid = *surface;
	struct image image = {
	    .surface = surface, .unit = PRESSURE_RELATIVE, .health_ratio = 1, .cells = cells};
	float values[FEATURES_COUNT], probabilities[POSTURE_CLASSES_MAX];

	laid.flip = flip;
	maps_lay(&laid, counts, cells);
	if (!posture_features(classifier, &image, values))
		return;
	posture_probabilities(o->model, values, probabilities);
	for (size_t i = 0; i < o->model->n_classes; i++) {
		o->left[flip] += o->model->classes[i] == POSTURE_LEFT ? (double)probabilities[i]
		                                                      : 0;
		o->right[flip] += o->model->classes[i] == POSTURE_RIGHT ? (double)probabilities[i]
		                                                        : 0;
	}
	if (flip != FLIP_NONE)
		return;
	float middle = maps_middle(
	    surface, posture_plane(classifier), posture_contact(classifier)->threshold);
	if (isfinite(middle)) {
		o->middles += (double)middle;
		o->n_frames++;
	}
}

static void add_frames(struct orientation *o, struct frames_source *source,
    struct posture_classifier *classifier, const struct surface *surface, float *cells)
{
	struct frame frame;
	struct error bad;

	for (size_t n = 0; n < FRAMES_MOST; n++) {
		int result = frames_source_read(source, &frame, &bad);
		if (result == -ENODATA)
			return;
		for (enum flip flip = FLIP_NONE; result == 0 && flip <= FLIP_BOTH; flip++)
			add_view(o, flip, classifier, surface, frame.counts, cells);
	}
}

static int add_file(struct orientation *o, const char *path, struct error *err)
{
	struct frames_source *source;
	int result = frames_source_open(&source, path, &o->surface, err);

	if (result < 0)
		return result;
	struct surface surface = *frames_source_surface(source);
	surface.flip = FLIP_NONE;
	if (surface.kind != SURFACE_BED || !surface_is_grid(&surface)) {
		frames_source_close(source);
		return error_set(err, -EINVAL, "%s: only a bed's grid can be oriented", path);
	}
	struct posture_classifier *classifier = posture_classifier_create(&surface, o->model);
	float *cells = calloc(surface.n_cells, sizeof(float));
	if (classifier && cells)
		add_frames(o, source, classifier, &surface, cells);
	else
		result = error_set(err, -ENOMEM, "out of memory");
	free(cells);
	posture_classifier_destroy(classifier);
	frames_source_close(source);
	return result;
}

/* ---- the verdict ------------------------------------------------------------------------- */

static struct verdict judge(const struct orientation *o)
{
	double n = (double)o->n_frames, middle = o->middles / n;
	enum flip head = middle < 0.5 ? FLIP_NONE : FLIP_ROWS;
	double side = o->left[head] + o->right[head];
	bool mirrored = o->right[head] > o->left[head];

	return (struct verdict){
	    .flip = (enum flip)(head | (mirrored ? FLIP_COLS : FLIP_NONE)),
	    .head_confidence = 1 / (1 + exp(-HEAD_STEEPNESS * fabs(middle - 0.5))),
	    .side_confidence = side > 0 ? fmax(o->left[head], o->right[head]) / side : 0,
	    .on_a_side = side / n,
	};
}

static bool is_sure(const struct verdict *v)
{
	return v->on_a_side >= SIDE_LEAST && v->head_confidence * v->side_confidence >= SURE_LEAST;
}

static const char *name_of(enum flip flip)
{
	static const char *const names[] = {"none", "rows", "cols", "both"};

	return names[flip];
}

static void print_json(const struct orientation *o, const struct verdict *v)
{
	json_t *root = json_pack("{s:s, s:f, s:f, s:f, s:f, s:b, s:I}", "flip", name_of(v->flip),
	    "confidence", v->head_confidence * v->side_confidence, "head_confidence",
	    v->head_confidence, "side_confidence", v->side_confidence, "on_a_side", v->on_a_side,
	    "sure", is_sure(v), "frames", (json_int_t)o->n_frames);

	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(4));
	putchar('\n');
	json_decref(root);
}

static void print_words(const struct orientation *o, const struct verdict *v)
{
	printf("flip = %s\n\n", name_of(v->flip));
	printf("%.0f %% sure, from %zu frames: which end the head lies at %.0f %%, which side is "
	       "which %.0f %%.\n",
	    100 * v->head_confidence * v->side_confidence, o->n_frames, 100 * v->head_confidence,
	    100 * v->side_confidence);
	if (v->on_a_side < SIDE_LEAST)
		puts("She does not seem to lie on a side.");
	if (!is_sure(v))
		puts("Not sure enough to be written down: lie on the left side, quite still, the\n"
		     "knees a little bent, for a minute, and try again.");
	else
		puts("It belongs into the bed's section of lumbard.conf.");
}

/* ---- the command ------------------------------------------------------------------------- */

static int parse(int argc, char **argv, struct orientation *o)
{
	struct surface *surface = &o->surface;
	const struct command_option options[] = {
	    {"rows", 0, "R", "as the mat gives them; rows run along the bed",
	        .count = &surface->rows, .least = 2, .most = 128},
	    {"cols", 0, "C", "cells of a row", .count = &surface->cols, .least = 2, .most = 128},
	    {"full-scale", 0, "N", "the greatest count of a cell",
	        .single = &surface->full_scale_counts, .least = 1e-6, .most = 1e10},
	    {"pitch", 0, "MM", "centre to centre of two cells; without it 25.4",
	        .single = &surface->pitch_mm, .unit = "mm", .least = 0.1, .most = 1000},
	    {"json", 0, NULL, "one JSON object", .flag = &o->json},
	    {0},
	};
	const struct command_line line = {"lumbar orient",
	    "[--rows R --cols C --full-scale N] [--pitch MM] [--json] RECORDING|FRAMES...",
	    "Finds how a mat lies (the setting flip) from a minute in which somebody lies on her "
	    "left side, and says how sure that is. Frames as text need their geometry; a recording "
	    "knows its own. Exit status: 0, or 1 where it is not sure.",
	    options, 1, INT_MAX};
	int status = command_line_read(&line, argc, argv);
	bool text = false;

	if (status != COMMAND_RUN)
		return status;
	for (int i = optind; i < argc; i++)
		text |= !recording_is(argv[i]);
	surface->n_cells = surface->rows * surface->cols;
	if (text && (!surface->n_cells || !(surface->full_scale_counts > 0)))
		return command_line_usage(&line);
	return COMMAND_RUN;
}

int cmd_orient(int argc, char **argv)
{
	struct orientation o = {.surface = {.kind = SURFACE_BED, .pitch_mm = 25.4f, .rate_hz = 1}};
	struct error err = {0};
	int status = parse(argc, argv, &o);

	if (status != COMMAND_RUN)
		return status;
	o.model = posture_model_load(NULL, &err);
	int result = o.model ? 0 : -EINVAL;
	for (int i = optind; result == 0 && i < argc; i++)
		result = add_file(&o, argv[i], &err);
	posture_model_destroy(o.model);
	if (result == 0 && o.n_frames == 0)
		result = error_set(&err, -ENODATA, "nobody lies on the mat in any of the frames");
	if (result < 0)
		return command_fault("orient", &err);
	struct verdict verdict = judge(&o);
	(o.json ? print_json : print_words)(&o, &verdict);
	return is_sure(&verdict) ? EXIT_OK : EXIT_FAULT;
}
