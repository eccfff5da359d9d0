#include "app/analysis.h"

#include "app/frames_source.h"
#include "base/clock.h"
#include "dsp/robust.h"
#include "pipeline/pipeline.h"
#include "recording/recording.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct run {
	struct analysis *analysis;
	const struct analysis_settings *settings;
	const char *path;
	int64_t next_ns; /* of the next step */
};

static void add_value(struct analysis *analysis, struct series *series, float value)
{
	if (isnan(value))
		return;
	if (series->n == series->capacity) {
		size_t wider = series->capacity ? 2 * series->capacity : 256;
		float *more = realloc(series->values, wider * sizeof(*more));
		if (!more) {
			analysis->out_of_memory = 1;
			return;
		}
		series->values = more;
		series->capacity = wider;
	}
	series->values[series->n++] = value;
}

static void take_observation(void *user, const struct observation *o)
{
	struct run *run = user;
	struct analysis *analysis = run->analysis;
	int64_t second = o->mono_ns / NS_PER_S;

	analysis->unit = o->unit;
	if (second != analysis->sampled_second) {
		analysis->sampled_second = second;
		add_value(analysis, &analysis->breathing, o->breathing_per_min);
		add_value(analysis, &analysis->heart, o->heart_per_min);
		add_value(analysis, &analysis->valley, o->valley_ratio);
		add_value(analysis, &analysis->softness, o->softness);
	}
	if (!(run->settings->every_s > 0) || o->mono_ns < run->next_ns)
		return;
	int64_t every_ns = llround(run->settings->every_s * 1e9);
	while (run->next_ns <= o->mono_ns)
		run->next_ns += every_ns;
	run->settings->step(run->settings->user, run->path,
	    (double)(o->mono_ns - analysis->start_ns) / (double)NS_PER_S, o);
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct epoch *sum = &((struct run *)user)->analysis->sum;

	sum->observed_s += epoch->observed_s;
	sum->technical_s += epoch->technical_s;
	sum->person_s += epoch->person_s;
	sum->object_s += epoch->object_s;
	sum->empty_s += epoch->empty_s;
	sum->unknown_s += epoch->unknown_s;
	for (size_t i = 0; i < POSTURE_COUNT; i++)
		sum->posture_s[i] += epoch->posture_s[i];
	for (size_t i = 0; i < SEAT_STATE_COUNT; i++)
		sum->seat_s[i] += epoch->seat_s[i];
	sum->moving_s += epoch->moving_s;
	sum->shifts += epoch->shifts;
	sum->exits += epoch->exits;
	sum->bends += epoch->bends;
	sum->quiet_supine_s += epoch->quiet_supine_s;
}

/* A finding that is said again, longer, replaces what it said before. */
static void take_event(void *user, const struct event *event)
{
	struct analysis *analysis = ((struct run *)user)->analysis;

	for (size_t i = 0; i < analysis->n_events; i++) {
		struct event *known = &analysis->events[i];
		if (strcmp(known->rule, event->rule) == 0 && known->start_ns == event->start_ns) {
			*known = *event;
			return;
		}
	}
	struct event *more = realloc(analysis->events, (analysis->n_events + 1) * sizeof(*more));
	if (!more) {
		analysis->out_of_memory = 1;
		return;
	}
	analysis->events = more;
	more[analysis->n_events++] = *event;
}

/* Frames text often comes from mats that cut off small counts: zeros are an empty mat there. */
static struct pipeline *make_pipeline(const struct surface *surface, const char *calibration_text,
    bool text, struct run *run, struct error *err)
{
	struct options options;
	struct calibration calibration = {0};
	struct pipeline_config config = {.surface = surface, .pipeline = &options};
	struct pipeline_sink sink = {
	    .user = run, .observation = take_observation, .event = take_event, .epoch = take_epoch};

	options_init(&options, pipeline_options);
	if (text)
		options_set(&options, "zeros_are_empty", "yes", NULL, NULL);
	if (calibration_text) {
		if (calibration_parse(
		        &calibration, calibration_text, "the calibration inside", surface, err) < 0)
			return NULL;
		config.calibration = &calibration;
	}
	struct pipeline *pipeline = pipeline_create(&config, &sink, err);
	calibration_finish(&calibration);
	return pipeline;
}

static bool is_bad_frame(int result)
{
	return result == -EINVAL || result == -ERANGE || result == -EBADMSG;
}

static int read_all(
    struct run *run, struct frames_source *source, struct pipeline *pipeline, struct error *err)
{
	struct analysis *analysis = run->analysis;
	struct frame frame;

	for (;;) {
		struct error bad = {0};
		int result = frames_source_read(source, &frame, &bad);
		if (result == -ENODATA)
			return 0;
		if (is_bad_frame(result)) {
			analysis->bad_frames++;
			run->settings->bad(run->settings->user, &bad);
			continue;
		}
		if (result < 0) {
			*err = bad;
			return result;
		}
		if (analysis->frames++ == 0)
			analysis->start_ns = run->next_ns = frame.mono_ns;
		analysis->end_ns = frame.mono_ns;
		pipeline_step(pipeline, &frame);
	}
}

int analysis_run(struct analysis *analysis, const char *path,
    const struct analysis_settings *settings, struct error *err)
{
	struct run run = {.analysis = analysis, .settings = settings, .path = path};
	struct frames_source *source;
	int result = frames_source_open(&source, path, settings->surface, err);

	*analysis = (struct analysis){.surface = *settings->surface, .sampled_second = -1};
	if (result < 0)
		return result;
	analysis->surface = *frames_source_surface(source);
	struct pipeline *pipeline = make_pipeline(
	    &analysis->surface, frames_source_calibration(source), !recording_is(path), &run, err);
	if (pipeline) {
		result = read_all(&run, source, pipeline, err);
		pipeline_finish(pipeline);
		analysis->clamped_cells = frames_source_clamped(source);
	} else {
		result = -EINVAL;
	}
	pipeline_destroy(pipeline);
	frames_source_close(source);
	if (result == 0 && analysis->out_of_memory)
		result = error_set(err, -ENOMEM, "%s: out of memory", path);
	return result;
}

void analysis_finish(struct analysis *analysis)
{
	free(analysis->breathing.values);
	free(analysis->heart.values);
	free(analysis->valley.values);
	free(analysis->softness.values);
	free(analysis->events);
	*analysis = (struct analysis){0};
}

double analysis_length_s(const struct analysis *analysis)
{
	return (double)(analysis->end_ns - analysis->start_ns) / (double)NS_PER_S;
}

double analysis_coverage_ratio(const struct analysis *analysis)
{
	double length_s = analysis_length_s(analysis);

	return length_s > 0 ? fmin(1, (double)analysis->sum.observed_s / length_s) : NAN;
}
