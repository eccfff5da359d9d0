#include "app/keeper.h"

#include "app/judge.h"
#include "base/clock.h"
#include "base/log.h"
#include "core/trust.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const int64_t anchor_every_ns = NS_PER_H;
static const int64_t jump_ns = 2 * NS_PER_S;
static const int64_t retry_ns = 5 * NS_PER_S;
static const int64_t half_day_ns = 12 * NS_PER_H;

struct kept_surface {
	struct keeper *keeper;
	const struct surface_config *config;
	struct pipeline *pipeline;
	int store_id;
	struct event last_event;
	bool begun, finished;
	int64_t now_ns; /* mono of the frame or gap that is judged */
	struct kept_surface *next;
};

struct keeper {
	struct store *store;
	struct kept_surface *surfaces;
	struct error fault; /* of the store, code 0: none */
	int64_t retry_ns;   /* mono: when to try again */
	/* the clock */
	bool anchored, synchronised;
	int64_t anchor_ns, offset_ns; /* mono of the last anchor, and real - mono then */
	int32_t next_day;             /* the night that is judged at the next noon */
	bool known;                   /* the clock was synchronised once */
	int32_t utc_offset_s;
	keeper_listener *listener;
	void *listener_user;
};

struct keeper *keeper_create(struct store *store, struct error *err)
{
	struct keeper *keeper = calloc(1, sizeof(*keeper));

	if (!keeper)
		error_set(err, -ENOMEM, "keeper: out of memory");
	else
		keeper->store = store;
	return keeper;
}

/* States are said when they change: the disk filled up, and it can be written again. */
static void note_result(struct keeper *keeper, int result, const struct error *err)
{
	if (result >= 0)
		return;
	if (!keeper->fault.code)
		log_error("store: %s; findings are kept in memory and tried again", err->text);
	keeper->fault = *err;
	keeper->fault.code = result;
}

static void save_event(struct keeper *keeper, int store_id, const struct event *event)
{
	struct error err = {0};

	note_result(keeper, store_event(keeper->store, store_id, event, &err), &err);
}

/* A fault is said when it begins, and when it is over. */
static void log_technical(const struct kept_surface *surface, const struct event *event)
{
	if (event->end_ns == event->start_ns)
		log_warning("%s", event->detail);
	else
		log_info("%s: over after %.0f s: %s", surface->config->surface.name,
		    (double)event->value, event->detail);
}

static void take_event(void *user, const struct event *event)
{
	struct kept_surface *surface = user;

	surface->last_event = *event;
	if (event->level == EVENT_TECHNICAL)
		log_technical(surface, event);
	else
		log_debug("%s: %s: %s", surface->config->surface.name, event->rule, event->detail);
	save_event(surface->keeper, surface->store_id, event);
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

	note_result(keeper, store_epoch(keeper->store, surface->store_id, epoch, &err), &err);
}

static void take_keyframe(void *user, const struct keyframe *keyframe)
{
	struct kept_surface *surface = user;
	struct keeper *keeper = surface->keeper;
	struct error err = {0};

	note_result(keeper,
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
	note_result(keeper, store_commit(keeper->store, &err), &err);
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
	save_event(surface->keeper, surface->store_id, &event);
}

int keeper_step(struct keeper *keeper, struct kept_surface *surface, const struct frame *frame)
{
	(void)keeper;
	if (!surface->begun)
		say_uncalibrated(surface, frame);
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
		note_result(keeper, store_tick(keeper->store, mono_ns, &err), &err);
		return;
	}
	if (mono_ns < keeper->retry_ns)
		return;
	keeper->retry_ns = mono_ns + retry_ns;
	int result = store_commit(keeper->store, &err);
	note_result(keeper, result, &err);
	if (result < 0)
		return;
	keeper->fault = (struct error){0};
	log_info("store: findings are written again");
}

static void say_jump(struct keeper *keeper, int64_t mono_ns, int64_t by_ns)
{
	struct event event = {
	    .rule = "clock",
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = mono_ns,
	    .end_ns = mono_ns,
	    .value = (float)((double)by_ns / (double)NS_PER_S),
	    .limit = (float)((double)jump_ns / (double)NS_PER_S),
	    .unit = "s",
	    .coverage_ratio = 1,
	    .confidence = 1,
	};

	phrase_sentence(&event.phrase,
	    by_ns > 0 ? N_("The clock was set forward by {by}; nights are dated by the new time.")
	              : N_("The clock was set back by {by}; nights are dated by the new time."));
	phrase_duration(&event.phrase, "by", fabs((double)event.value));
	phrase_say(event.phrase.text, NULL, event.detail, sizeof(event.detail));
	log_warning("the clock was moved by %.0f s", (double)event.value);
	save_event(keeper, 0, &event);
}

static void anchor(struct keeper *keeper, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised)
{
	struct error err = {0};

	keeper->anchored = true;
	keeper->synchronised = synchronised;
	keeper->anchor_ns = mono_ns;
	keeper->offset_ns = real_ns - mono_ns;
	/* The night of a date ends at its noon, so twelve hours on the date is the night's. */
	keeper->next_day = clock_local_day(real_ns + half_day_ns, utc_offset_s);
	note_result(keeper,
	    store_anchor(keeper->store, mono_ns, real_ns, utc_offset_s, synchronised, &err), &err);
	for (struct kept_surface *s = keeper->surfaces; s; s = s->next)
		note_result(keeper, save_calibration(s, &err), &err); /* its drift is of today */
}

void keeper_clock(struct keeper *keeper, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised)
{
	int64_t by_ns = real_ns - mono_ns - keeper->offset_ns;

	keeper->known = keeper->known || synchronised;
	keeper->utc_offset_s = utc_offset_s;
	if (!keeper->anchored) {
		anchor(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
		return;
	}
	if (by_ns > jump_ns || by_ns < -jump_ns) {
		say_jump(keeper, mono_ns, by_ns);
		anchor(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
		/* A noon may lie in between, and what ended last may be another night now. */
		keeper_judge(keeper, keeper->next_day - 1);
		return;
	}
	if (clock_local_day(real_ns + half_day_ns, utc_offset_s) > keeper->next_day) {
		int32_t day = keeper->next_day;
		anchor(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
		keeper_judge(keeper, day);
		return;
	}
	if (mono_ns - keeper->anchor_ns >= anchor_every_ns ||
	    (synchronised && !keeper->synchronised))
		anchor(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
}

struct moment keeper_moment(const struct keeper *keeper, int64_t mono_ns)
{
	return (struct moment){
	    .mono_ns = mono_ns,
	    .real_ns = keeper->anchored && keeper->known ? mono_ns + keeper->offset_ns : 0,
	    .utc_offset_s = keeper->utc_offset_s,
	};
}

void keeper_listen(struct keeper *keeper, keeper_listener *listener, void *user)
{
	keeper->listener = listener;
	keeper->listener_user = user;
}

static void take_judgement(void *user, const struct event *event)
{
	struct keeper *keeper = user;

	log_debug("night: %s: %s", event->rule, event->detail);
	save_event(keeper, 0, event);
}

void keeper_judge(struct keeper *keeper, int32_t day)
{
	struct error err = {0};
	const struct surface_config *configs[CONFIG_SURFACES_MAX];
	size_t n = 0;

	for (struct kept_surface *s = keeper->surfaces; s && n < CONFIG_SURFACES_MAX; s = s->next)
		configs[n++] = s->config;
	note_result(keeper,
	    judge_night(keeper->store, day, configs, n, take_judgement, keeper, &err), &err);
}

void keeper_finish(struct keeper *keeper)
{
	for (struct kept_surface *surface = keeper->surfaces; surface; surface = surface->next)
		finish(surface);
	if (keeper->anchored)
		keeper_judge(keeper, keeper->next_day);
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
