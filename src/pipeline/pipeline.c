#include "pipeline/pipeline.h"

#include "base/clock.h"
#include "body/body.h"
#include "pipeline/album.h"
#include "pipeline/epochs.h"
#include "pipeline/keyframes.h"
#include "pipeline/rules.h"
#include "pipeline/sanity.h"
#include "pipeline/zero.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct option_spec pipeline_options[] = {
    {"frozen", OPTION_NUMBER, "10", 1, 3600, "s", NULL,
        "the same frame for longer than this is a fault of the mat"},
    {"zeros_are_empty", OPTION_BOOL, "no", 0, 0, "", NULL,
        "frames of zeros mean an empty mat, as with mats that cut off small counts"},
    {"gap", OPTION_NUMBER, "5", 0.5, 300, "s", NULL,
        "no frame for longer than this ends what is measured over time; at least 1.5 frames"},
    {"forget", OPTION_NUMBER, "300", 5, 7200, "s", NULL,
        "no frame for longer than this ends what the rules have under way"},
    {"calibration_age", OPTION_NUMBER, "90 d", 1, 315360000, "s", NULL,
        "a calibration older than this is said to be old"},
    {0},
};

struct pipeline {
	const struct surface *surface;
	struct pipeline_sink sink;
	int64_t gap_ns, forget_ns;

	struct sanity sanity;
	struct calib *calib;
	struct body *body;
	struct rules *rules;
	struct epochs epochs;
	struct keyframes keyframes;

	struct image image;
	struct observation observation;
	int64_t last_ns;  /* mono of the newest frame */
	bool any;         /* a frame has come */
	bool clock_known; /* it was set once, and runs on by itself */
	bool body_stale;  /* the body missed frames: reset it before its next one */
	bool gap_said, forgotten;

	enum technical technical; /* the state now */
	int64_t technical_since_ns;
	bool technical_said;

	struct album album;
	struct zero zero;
};

static void take_options(struct pipeline *pipeline, const struct options *given)
{
	struct options fallbacks;

	if (!given) {
		options_init(&fallbacks, pipeline_options);
		given = &fallbacks;
	}
	pipeline->gap_ns = llround(options_number(given, "gap") * 1e9);
	pipeline->forget_ns = llround(options_number(given, "forget") * 1e9);
	pipeline->sanity.frozen_ns = llround(options_number(given, "frozen") * 1e9);
	if (surface_sense(pipeline->surface) == SENSE_SWITCH)
		pipeline->sanity.frozen_ns = INT64_MAX; /* a switch may well rest all night */
	pipeline->sanity.zeros_are_empty = options_bool(given, "zeros_are_empty");
	pipeline->zero.age_limit_s = options_number(given, "calibration_age");
}

/* A frame that is late by half its time is no gap yet. */
static const double gap_periods_least = 1.5, gap_periods_good = 3;

int pipeline_check_gap(
    const struct surface *surface, const struct options *given, struct error *err)
{
	struct options fallbacks;

	options_init(&fallbacks, pipeline_options);
	double gap_s = options_number(given ? given : &fallbacks, "gap");
	double period_s = 1 / (double)surface->rate_hz;
	if (gap_s >= gap_periods_least * period_s)
		return 0;
	return error_set(err, -EINVAL,
	    "a frame comes each %.3g s, and pipeline.gap is %g s: nothing would be counted; give "
	    "pipeline.gap = %.3g s",
	    period_s, gap_s, gap_periods_good * period_s);
}

static int make_parts(
    struct pipeline *pipeline, const struct pipeline_config *config, struct error *err)
{
	const struct surface *surface = config->surface;
	struct options fallbacks;

	if (pipeline_check_gap(surface, config->pipeline, err) < 0)
		return error_prefix(err, "%s", surface->name);
	options_init(&fallbacks, body_options);
	pipeline->sanity.previous = calloc(surface->n_cells, sizeof(float));
	pipeline->image.cells = calloc(surface->n_cells, sizeof(float));
	if (!pipeline->sanity.previous || !pipeline->image.cells ||
	    album_init(&pipeline->album, surface->n_cells) < 0)
		return error_set(err, -ENOMEM, "%s: out of memory", surface->name);
	pipeline->calib = calib_create(surface, config->calibration, err);
	if (!pipeline->calib)
		return -EINVAL;
	pipeline->body = body_create(surface, config->body ? config->body : &fallbacks, err);
	if (!pipeline->body)
		return -EINVAL;
	pipeline->rules = rules_create(surface, config->detectors, config->detector_enabled, err);
	return pipeline->rules ? 0 : -EINVAL;
}

struct pipeline *pipeline_create(
    const struct pipeline_config *config, const struct pipeline_sink *sink, struct error *err)
{
	struct pipeline *pipeline = calloc(1, sizeof(*pipeline));

	if (!pipeline) {
		error_set(err, -ENOMEM, "%s: out of memory", config->surface->name);
		return NULL;
	}
	pipeline->surface = config->surface;
	pipeline->sink = *sink;
	pipeline->body_stale = true;
	take_options(pipeline, config->pipeline);
	observation_clear(&pipeline->observation);
	pipeline->observation.kind = config->surface->kind;
	pipeline->observation.sense = surface_sense(config->surface);
	if (make_parts(pipeline, config, err) < 0) {
		pipeline_destroy(pipeline);
		return NULL;
	}
	pipeline->image.surface = config->surface;
	pipeline->zero.surface = config->surface;
	pipeline->zero.calib = pipeline->calib;
	pipeline->zero.sink = sink->event;
	pipeline->zero.user = sink->user;
	pipeline->image.health_ratio = NAN;
	pipeline->image.unit = calib_in_force(pipeline->calib)->unit;
	return pipeline;
}

void pipeline_destroy(struct pipeline *pipeline)
{
	if (!pipeline)
		return;
	rules_destroy(pipeline->rules);
	body_destroy(pipeline->body);
	calib_destroy(pipeline->calib);
	album_finish(&pipeline->album);
	free(pipeline->sanity.previous);
	free(pipeline->image.cells);
	free(pipeline);
}

/* Keeps an image, once; asked_ns is the frame that it stands for. */
static void say_keyframe(struct pipeline *pipeline, const char *reason, int64_t asked_ns,
    const struct image *image, const struct observation *observation)
{
	if (album_noted(&pipeline->album, asked_ns) != 0)
		return;
	album_note(&pipeline->album, asked_ns, image->mono_ns);
	if (asked_ns != image->mono_ns && album_noted(&pipeline->album, image->mono_ns) != 0)
		return;
	if (asked_ns != image->mono_ns)
		album_note(&pipeline->album, image->mono_ns, image->mono_ns);
	struct keyframe keyframe = {image->mono_ns, reason, image, observation};
	if (pipeline->sink.keyframe)
		pipeline->sink.keyframe(pipeline->sink.user, &keyframe);
}

/* Keeps the frame that a rule names, or the one nearest to it; says which one, 0: none. */
static int64_t keep_evidence(struct pipeline *pipeline, int64_t asked_ns)
{
	if (asked_ns == 0)
		return 0;
	if (asked_ns == pipeline->image.mono_ns) {
		say_keyframe(pipeline, "event", asked_ns, &pipeline->image, &pipeline->observation);
	} else {
		const struct photo *photo = album_find(&pipeline->album, asked_ns);
		if (photo)
			say_keyframe(
			    pipeline, "event", asked_ns, &photo->image, &photo->observation);
	}
	return album_noted(&pipeline->album, asked_ns);
}

/* A rule has found something: the frame that shows it is kept first, so that it can be named. */
static void take_event(void *user, const struct event *event)
{
	struct pipeline *pipeline = user;
	struct event shown = *event;

	shown.frame_ns = keep_evidence(pipeline, event->frame_ns);
	if (pipeline->sink.event)
		pipeline->sink.event(pipeline->sink.user, &shown);
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct pipeline *pipeline = user;

	if (pipeline->sink.epoch)
		pipeline->sink.epoch(pipeline->sink.user, epoch);
}

/* The state that has lasted until end_ns; equal to its beginning while it has only begun. */
static void say_technical(struct pipeline *pipeline, int64_t end_ns)
{
	int64_t start_ns = pipeline->technical_since_ns;
	double seconds = (double)(end_ns - start_ns) / (double)NS_PER_S;
	struct event event = {
	    .rule = "acquire",
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = start_ns,
	    .end_ns = end_ns,
	    .value = end_ns > start_ns ? (float)seconds : NAN,
	    .limit = NAN,
	    .unit = "s",
	    .confidence = 1,
	};

	phrase_sentence(&event.phrase, N_("{surface}: {what}"));
	phrase_text(&event.phrase, "surface", pipeline->surface->name);
	phrase_word(&event.phrase, "what", technical_advice(pipeline->technical));
	phrase_say(event.phrase.text, NULL, event.detail, sizeof(event.detail));
	if (pipeline->sink.event)
		pipeline->sink.event(pipeline->sink.user, &event);
}

/* A single frame outside the scale is no state yet; the other faults have lasted already. */
static bool is_worth_saying(const struct pipeline *pipeline, int64_t mono_ns)
{
	if (pipeline->technical == TECHNICAL_RANGE || pipeline->technical == TECHNICAL_DEAD)
		return mono_ns - pipeline->technical_since_ns >= pipeline->gap_ns;
	return pipeline->technical != TECHNICAL_NONE;
}

static void change_technical(struct pipeline *pipeline, enum technical technical, int64_t mono_ns)
{
	if (technical != pipeline->technical) {
		if (pipeline->technical_said)
			say_technical(pipeline, mono_ns);
		pipeline->technical = technical;
		pipeline->technical_since_ns = mono_ns;
		pipeline->technical_said = false;
	}
	if (!pipeline->technical_said && is_worth_saying(pipeline, mono_ns)) {
		say_technical(pipeline, pipeline->technical_since_ns);
		pipeline->technical_said = true;
	}
}

/* A whole observation that says only that, and why, nothing can be said. */
static void clear_observation(struct pipeline *pipeline, enum technical technical)
{
	struct observation *o = &pipeline->observation;
	const struct image *image = &pipeline->image;

	observation_clear(o);
	o->kind = pipeline->surface->kind;
	o->sense = surface_sense(pipeline->surface);
	o->technical = technical;
	o->mono_ns = image->mono_ns;
	o->real_ns = image->real_ns;
	o->utc_offset_s = image->utc_offset_s;
	o->unit = image->unit;
	o->health_ratio = technical == TECHNICAL_NO_DATA ? NAN : image->health_ratio;
}

static enum technical judge_frame(struct pipeline *pipeline, const struct frame *frame)
{
	enum technical technical = sanity_step(&pipeline->sanity, frame);
	int result = calib_apply(pipeline->calib, frame, &pipeline->image);

	pipeline->image.surface = pipeline->surface;
	pipeline->clock_known = pipeline->clock_known || frame->flags & FRAME_CLOCK_SYNCED;
	if (!pipeline->clock_known)
		pipeline->image.real_ns = 0;
	if (technical != TECHNICAL_NONE)
		return technical;
	if (result < 0)
		return result == -ENODATA ? TECHNICAL_DEAD : TECHNICAL_RANGE;
	return TECHNICAL_NONE;
}

static void read_body(struct pipeline *pipeline)
{
	if (pipeline->body_stale)
		body_reset(pipeline->body);
	pipeline->body_stale = false;
	body_step(pipeline->body, &pipeline->image, &pipeline->observation);
	zero_step(&pipeline->zero, &pipeline->observation);
}

static void tell(struct pipeline *pipeline, int64_t dt_ns)
{
	struct observation *o = &pipeline->observation;

	o->dt_s = (float)((double)dt_ns / (double)NS_PER_S);
	epochs_add(&pipeline->epochs, o, dt_ns, take_epoch, pipeline);
	if (pipeline->sink.observation)
		pipeline->sink.observation(pipeline->sink.user, o);
	rules_step(pipeline->rules, o, take_event, pipeline);
	if (o->technical != TECHNICAL_NONE)
		return;
	album_add(&pipeline->album, &pipeline->image, o);
	const char *reason = keyframes_step(&pipeline->keyframes, o);
	if (reason)
		say_keyframe(pipeline, reason, o->mono_ns, &pipeline->image, o);
}

/* The first that is heard of a gap, which began at since_ns. */
static void say_gap(struct pipeline *pipeline, int64_t since_ns)
{
	if (pipeline->gap_said)
		return;
	pipeline->gap_said = true;
	pipeline->body_stale = true;
	zero_skip(&pipeline->zero);
	sanity_reset(&pipeline->sanity);
	change_technical(pipeline, TECHNICAL_NO_DATA, since_ns);
	clear_observation(pipeline, TECHNICAL_NO_DATA);
	if (pipeline->sink.observation)
		pipeline->sink.observation(pipeline->sink.user, &pipeline->observation);
}

void pipeline_gap(struct pipeline *pipeline, int64_t mono_ns)
{
	int64_t silent_ns = mono_ns - pipeline->last_ns;

	if (!pipeline->any) {
		say_gap(pipeline, mono_ns);
		return;
	}
	if (silent_ns <= 0)
		return;
	epochs_advance(&pipeline->epochs, mono_ns, take_epoch, pipeline);
	say_gap(pipeline, pipeline->last_ns);
	if (!pipeline->forgotten && silent_ns > pipeline->forget_ns) {
		pipeline->forgotten = true;
		rules_end(pipeline->rules, take_event, pipeline);
	}
}

int pipeline_step(struct pipeline *pipeline, const struct frame *frame)
{
	int64_t dt_ns = pipeline->any ? frame->mono_ns - pipeline->last_ns : 0;

	if (pipeline->any && dt_ns <= 0)
		return -ERANGE;
	if (dt_ns > pipeline->gap_ns)
		pipeline_gap(pipeline, frame->mono_ns);
	if (pipeline->gap_said)
		dt_ns = 0;
	enum technical technical = judge_frame(pipeline, frame);
	change_technical(pipeline, technical, frame->mono_ns);
	if (technical == TECHNICAL_NONE) {
		read_body(pipeline);
	} else {
		pipeline->body_stale = true;
		zero_skip(&pipeline->zero);
		clear_observation(pipeline, technical);
	}
	tell(pipeline, dt_ns);
	pipeline->any = true;
	pipeline->gap_said = false;
	pipeline->forgotten = false;
	pipeline->last_ns = frame->mono_ns;
	if (technical == TECHNICAL_DEAD)
		return -ENODATA;
	return technical == TECHNICAL_NONE ? 0 : -ERANGE;
}

void pipeline_finish(struct pipeline *pipeline)
{
	epochs_flush(&pipeline->epochs, take_epoch, pipeline);
	rules_end(pipeline->rules, take_event, pipeline);
	if (pipeline->technical_said && pipeline->last_ns > pipeline->technical_since_ns)
		say_technical(pipeline, pipeline->last_ns);
	zero_finish(&pipeline->zero);
}

const struct observation *pipeline_observation(const struct pipeline *pipeline)
{
	return &pipeline->observation;
}

const struct image *pipeline_image(const struct pipeline *pipeline)
{
	return &pipeline->image;
}

struct calib *pipeline_calib(struct pipeline *pipeline)
{
	return pipeline->calib;
}

bool pipeline_breathing(struct pipeline *pipeline, struct wave *wave)
{
	return pipeline->observation.technical == TECHNICAL_NONE &&
	       body_breathing(pipeline->body, wave);
}
