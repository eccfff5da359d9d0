#include "app/indicators.h"

#include "app/cue_line.h"
#include "app/observation_json.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"

#include <stdlib.h>
#include <string.h>

struct indicator {
	const struct indicator_config *config;
	struct indicator_memory memory;
	struct cue_line line;
	struct error fault; /* why it is not ready; code 0: it is, or it is off */
	bool clock_said;    /* that it waits for the clock */
};

struct indicators {
	sd_event *loop;
	size_t n;
	struct indicator list[CONFIG_INDICATORS_MAX];
};

static bool is_off(const struct indicator *indicator)
{
	return !indicator->config->line[0];
}

/* ---- lines -------------------------------------------------------------------------------- */

static void fail(struct indicator *indicator, const struct error *fault)
{
	indicator->fault = *fault;
	log_error("indicator %s: %s; it stays silent until lumbard is reloaded or restarted",
	    indicator->config->name, fault->text);
}

static void take_line(struct indicators *indicators, struct indicator *indicator)
{
	struct error err = {0};

	if (!is_off(indicator) &&
	    cue_line_open(&indicator->line, indicators->loop, indicator->config, &err) < 0)
		fail(indicator, &err);
}

void indicators_watch(struct indicators *indicators)
{
	for (size_t i = 0; i < indicators->n; i++) {
		struct indicator *indicator = &indicators->list[i];
		struct error fault = indicator->line.fault;
		if (!fault.code)
			continue;
		cue_line_close(&indicator->line);
		fail(indicator, &fault);
	}
}

struct indicators *indicators_create(sd_event *loop, const struct config *config)
{
	struct indicators *indicators = calloc(1, sizeof(*indicators));

	if (!indicators)
		return NULL;
	indicators->loop = loop;
	indicators_reload(indicators, config);
	return indicators;
}

void indicators_destroy(struct indicators *indicators)
{
	if (!indicators)
		return;
	for (size_t i = 0; i < indicators->n; i++)
		cue_line_close(&indicators->list[i].line);
	free(indicators);
}

void indicators_reload(struct indicators *indicators, const struct config *config)
{
	struct indicator fresh[CONFIG_INDICATORS_MAX] = {0};

	/* All before the first is taken: lines may have changed hands. */
	for (size_t k = 0; k < indicators->n; k++)
		cue_line_close(&indicators->list[k].line);
	for (size_t i = 0; i < config->n_indicators; i++) {
		fresh[i].config = &config->indicators[i];
		for (size_t k = 0; k < indicators->n; k++)
			if (strcmp(indicators->list[k].config->name, fresh[i].config->name) == 0)
				fresh[i].memory = indicators->list[k].memory;
	}
	memcpy(indicators->list, fresh, sizeof(fresh));
	indicators->n = config->n_indicators;
	for (size_t i = 0; i < indicators->n; i++)
		take_line(indicators, &indicators->list[i]);
}

/* ---- cues --------------------------------------------------------------------------------- */

static void say_verdict(struct indicator *indicator, enum verdict verdict, enum notice notice)
{
	const char *name = indicator->config->name;

	if (verdict == VERDICT_CUE)
		log_debug("indicator %s: a cue: %s", name, notice_names[notice]);
	else if (verdict == VERDICT_CLOCK && !indicator->clock_said)
		log_warning("indicator %s: %s: no cue until it is", name, verdict_words(verdict));
	indicator->clock_said = indicator->clock_said || verdict == VERDICT_CLOCK;
}

void indicators_hear(
    void *user, const struct surface *surface, const struct event *event, const struct moment *now)
{
	struct indicators *indicators = user;

	for (size_t i = 0; i < indicators->n; i++) {
		struct indicator *indicator = &indicators->list[i];
		enum notice notice;
		if (!indicator->line.lines)
			continue;
		enum verdict verdict = indicator_step(
		    indicator->config, &indicator->memory, surface, event, now, &notice);
		say_verdict(indicator, verdict, notice);
		if (verdict == VERDICT_CUE)
			cue_line_play(&indicator->line, &indicator->config->patterns[notice]);
	}
}

/* ---- what it says of itself --------------------------------------------------------------- */

/* The notice and the time of a cue, given or withheld; the time is null without a clock. */
static json_t *occasion_json(enum notice notice, int64_t mono_ns, const struct moment *now)
{
	int64_t age_ns = now->mono_ns - mono_ns;
	int64_t real_ns = now->real_ns ? now->real_ns - age_ns : 0;

	return json_pack("{s:s, s:o, s:o}", "notice", notice_names[notice], "time",
	    json_stamp_or_null(real_ns, now->utc_offset_s), "age_s",
	    json_seconds((double)age_ns / (double)NS_PER_S));
}

static json_t *withheld_json(const struct indicator *indicator, const struct moment *now)
{
	const struct indicator_memory *memory = &indicator->memory;

	if (memory->withheld == VERDICT_CUE)
		return json_null();
	json_t *withheld = occasion_json(memory->withheld_notice, memory->withheld_ns, now);
	json_object_set_new(withheld, "why", json_string(verdict_words(memory->withheld)));
	return withheld;
}

/* Its surfaces, and for each why it would get no cue now; always: what holds for all, or NULL. */
static json_t *surfaces_json(
    const struct indicator *indicator, const char *always, const struct moment *now)
{
	const struct indicator_config *config = indicator->config;
	json_t *surfaces = json_array();

	for (size_t i = 0; i < config->n_surfaces; i++) {
		enum verdict verdict = indicator_now(
		    config, &indicator->memory, config->surfaces[i].kind, now);
		const char *silent = verdict == VERDICT_CUE ? NULL : verdict_words(verdict);
		json_t *surface = json_pack("{s:s, s:b}", "name", config->surfaces[i].name, "quiet",
		    verdict == VERDICT_QUIET);
		silent = always ? always : silent;
		json_object_set_new(surface, "silent", silent ? json_string(silent) : json_null());
		json_array_append_new(surfaces, surface);
	}
	return surfaces;
}

static json_t *indicator_json(const struct indicator *indicator, const struct moment *now)
{
	const struct indicator_memory *memory = &indicator->memory;
	const struct error *fault = indicator->line.fault.code ? &indicator->line.fault
	                                                       : &indicator->fault;

	bool off = is_off(indicator), failed = fault->code != 0;
	const char *always = failed ? "its line cannot be used" : NULL;

	return json_pack("{s:s, s:s, s:o, s:o, s:I, s:o, s:o}", "name", indicator->config->name,
	    "state",
	    off      ? "off"
	    : failed ? "failed"
	             : "ready",
	    "fault", failed ? json_string(fault->text) : json_null(), "surfaces",
	    surfaces_json(indicator, off ? "no line is given" : always, now), "cues",
	    (json_int_t)memory->n_cues, "last_cue",
	    memory->n_cues ? occasion_json(memory->cue_notice, memory->cue_ns, now) : json_null(),
	    "withheld", withheld_json(indicator, now));
}

json_t *indicators_json(const struct indicators *indicators, const struct moment *now)
{
	json_t *list = json_array();

	for (size_t i = 0; i < indicators->n; i++)
		json_array_append_new(list, indicator_json(&indicators->list[i], now));
	return list;
}
