#include "app/keeper_own.h"

#include "base/clock.h"
#include "base/log.h"
#include "core/trust.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t retry_ns = 5 * NS_PER_S;

struct keeper *keeper_create(struct store *store, struct error *err)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		error_set(err, -ENOMEM, "keeper: out of memory");
	else
		keeper->store = store;
	return keeper;
}

void keeper_note(struct keeper *keeper, int result, const struct error *err)
{
	if (result >= 0)
		return;
	if (!keeper->fault.code)
		log_error("store: %s; findings are kept in memory and tried again", err->text);
	keeper->fault = *err;
	keeper->fault.code = result;
}

void keeper_save_event(struct keeper *keeper, int store_id, const struct event *event)
{
	struct error err = {0};

	keeper_note(keeper, store_event(keeper->store, store_id, event, &err), &err);
}

/* A fault is said when it begins, and when it is over. */
static void log_technical(const struct event *event)
{
	if (event->end_ns == event->start_ns)
		log_warning("%s", event->detail);
	else
		log_info("over after %.0f s: %s", (double)event->value, event->detail);
}

static void take_event(void *user, const struct event *event)
{
	struct kept_surface *surface = user;

	surface->last_event = *event;
	if (event->level == EVENT_TECHNICAL)
		log_technical(event);
	else
		log_debug("%s: %s: %s", surface->config->surface.name, event->rule, event->detail);
	keeper_save_event(surface->keeper, surface->store_id, event);
	if (surface->keeper->listener && !surface->finished) {
		struct moment now = keeper_moment(surface->keeper, surface->now_ns);
		surface->keeper->listener(
		    surface->keeper->listener_user, &surface->config->surface, event, &now);
	}
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct kept_surface *surface = user;
	struct keeper *keeper = surface->keeper;
	struct error err = {0};

	keeper_note(keeper, store_epoch(keeper->store, surface->store_id, epoch, &err), &err);
}

static void take_keyframe(void *user, const struct keyframe *keyframe)
{
	struct kept_surface *surface = user;
	struct keeper *keeper = surface->keeper;
	struct error err = {0};

	keeper_note(keeper,
	    store_keyframe(keeper->store, surface->store_id, keyframe->reason, keyframe->image,
	        keyframe->observation, &err),
	    &err);
}

static int save_calibration(const struct kept_surface *surface, struct error *err)
{
	const struct calib *calib = pipeline_calib(surface->pipeline);

	return store_calibration(surface->keeper->store, surface->store_id, calib_in_force(calib),
	    calib_drift_ratio(calib), options_number(&surface->config->pipeline, "calibration_age"),
	    err);
}

void keeper_save_calibrations(struct keeper *keeper)
{
	struct error err = {0};

	for (struct kept_surface *s = keeper->surfaces; s; s = s->next)
		keeper_note(keeper, save_calibration(s, &err), &err);
}

static int add_to_store(struct keeper *keeper, struct kept_surface *surface, struct error *err)
{
	surface->store_id = store_add_surface(keeper->store, &surface->config->surface, err);
	if (surface->store_id < 0)
		return surface->store_id;
	return save_calibration(surface, err);
}

struct kept_surface *keeper_add(
    struct keeper *keeper, const struct surface_config *config, struct error *err)
{
	struct kept_surface *surface = calloc(1, sizeof(*surface));
	struct pipeline_config settings = surface_config_pipeline(config);
	struct pipeline_sink sink = {
	    .user = surface, .event = take_event, .epoch = take_epoch, .keyframe = take_keyframe};

	if (!surface) {
		error_set(err, -ENOMEM, "%s: out of memory", config->surface.name);
		return NULL;
	}
	surface->keeper = keeper;
	surface->config = config;
	surface->pipeline = pipeline_create(&settings, &sink, err);
	if (!surface->pipeline || add_to_store(keeper, surface, err) < 0) {
		pipeline_destroy(surface->pipeline);
		free(surface);
		return NULL;
	}
	struct kept_surface **end = &keeper->surfaces;
	while (*end)
		end = &(*end)->next;
	*end = surface;
	return surface;
}

static void finish(struct kept_surface *surface)
{
	if (surface->finished)
		return;
	surface->finished = true;
	pipeline_finish(surface->pipeline);
}

void keeper_remove(struct keeper *keeper, struct kept_surface *surface)
{
	struct kept_surface **at = &keeper->surfaces;

	while (*at != surface)
		at = &(*at)->next;
	*at = surface->next;
	finish(surface);
	pipeline_destroy(surface->pipeline);
	free(surface);
}

void keeper_destroy(struct keeper *keeper)
{
	struct error err = {0};

	if (!keeper)
		return;
	while (keeper->surfaces)
		keeper_remove(keeper, keeper->surfaces);
	keeper_note(keeper, store_commit(keeper->store, &err), &err);
	free(keeper);
}

/* Once a session: what is not calibrated is said among the faults, not only beside each figure. */
static void say_uncalibrated(struct kept_surface *surface, const struct frame *frame)
{
	const struct surface *mat = &surface->config->surface;
	const struct trust_facts facts = {.unit = PRESSURE_RELATIVE};
	struct event event = {
	    .rule = "calibration",
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = frame->mono_ns,
	    .end_ns = frame->mono_ns,
	    .value = NAN,
	    .limit = NAN,
	    .unit = "",
	    .coverage_ratio = 1,
	    .confidence = 1,
	};

	if (calib_in_force(pipeline_calib(surface->pipeline))->unit == PRESSURE_MMHG ||
	    surface_sense(mat) != SENSE_SHAPE)
		return;
	trust_phrase(&facts, mat->name, &event.phrase);
	phrase_say(event.phrase.text, NULL, event.detail, sizeof(event.detail));
	log_warning("%s", event.detail);
	keeper_save_event(surface->keeper, surface->store_id, &event);
}

static void begin(struct kept_surface *surface, const struct frame *frame)
{
	struct keeper *keeper = surface->keeper;
	struct error err = {0};

	say_uncalibrated(surface, frame);
	keeper_note(keeper,
	    store_mat(keeper->store, surface->store_id, frame->mono_ns,
	        calib_in_force(pipeline_calib(surface->pipeline)), &err),
	    &err);
}

int keeper_step(struct keeper *keeper, struct kept_surface *surface, const struct frame *frame)
{
	(void)keeper;
	if (!surface->begun)
		begin(surface, frame);
	surface->begun = true;
	surface->now_ns = frame->mono_ns;
	return pipeline_step(surface->pipeline, frame);
}

void keeper_gap(struct keeper *keeper, struct kept_surface *surface, int64_t mono_ns)
{
	(void)keeper;
	surface->now_ns = mono_ns;
	pipeline_gap(surface->pipeline, mono_ns);
}

void keeper_tick(struct keeper *keeper, int64_t mono_ns)
{
	struct error err = {0};

	if (!keeper->fault.code) {
		keeper_note(keeper, store_tick(keeper->store, mono_ns, &err), &err);
		keeper_judge_due(keeper, mono_ns);
		return;
	}
	if (mono_ns < keeper->retry_ns)
		return;
	keeper->retry_ns = mono_ns + retry_ns;
	int result = store_commit(keeper->store, &err);
	keeper_note(keeper, result, &err);
	if (result < 0)
		return;
	keeper->fault = (struct error){0};
	log_info("store: findings are written again");
}

void keeper_listen(struct keeper *keeper, keeper_listener *listener, void *user)
{
	keeper->listener = listener;
	keeper->listener_user = user;
}

void keeper_finish(struct keeper *keeper)
{
	for (struct kept_surface *surface = keeper->surfaces; surface; surface = surface->next)
		finish(surface);
	keeper_judge_rest(keeper);
}

const struct event *kept_last_event(const struct kept_surface *surface)
{
	return &surface->last_event;
}

struct pipeline *kept_pipeline(const struct kept_surface *surface)
{
	return surface->pipeline;
}

const struct surface_config *kept_config(const struct kept_surface *surface)
{
	return surface->config;
}

const struct error *keeper_store_fault(const struct keeper *keeper)
{
	return &keeper->fault;
}
