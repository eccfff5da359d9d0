#include "live/indicator.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

/* A finding that ended longer ago is past: she has changed already what the cue would be about. */
static const int64_t live_ns = 5 * NS_PER_S;

/* Lying at night is what a bed is for, and whoever lies beside it sleeps. */
static const int32_t bed_from_s = 21 * 3600, bed_to_s = 7 * 3600;

const char *const notice_names[NOTICE_COUNT] = {"posture", "sitting", "lying", "bending", "fault"};

static const struct {
	const char *advice_id;
	enum notice notice;
} notices[] = {
    {"feeding.posture", NOTICE_POSTURE},
    {"holding.weight_off_back", NOTICE_POSTURE},
    {"sitting.stand_if_you_can", NOTICE_SITTING},
    {"feeding.length", NOTICE_SITTING},
    {"lying.not_all_day", NOTICE_LYING},
    {"lying.change", NOTICE_LYING},
    {"lying.back_or_side", NOTICE_LYING},
    {"bending.seldom", NOTICE_BENDING},
};

enum notice notice_of(const struct event *event)
{
	if (event->day != 0)
		return NOTICE_NONE;
	if (event->level == EVENT_TECHNICAL)
		return strcmp(event->rule, "acquire") == 0 ? NOTICE_FAULT : NOTICE_NONE;
	for (size_t i = 0; i < sizeof(notices) / sizeof(notices[0]); i++)
		if (strcmp(event->advice_id, notices[i].advice_id) == 0)
			return notices[i].notice;
	return NOTICE_NONE;
}

const char *verdict_words(enum verdict verdict)
{
	static const char *const words[] = {
	    [VERDICT_CUE] = "a cue",
	    [VERDICT_NOT_MEANT] = "not what this indicator shows",
	    [VERDICT_OVER] = "over already",
	    [VERDICT_REPEATED] = "said before",
	    [VERDICT_CLOCK] = "quiet hours are set and the clock is not known",
	    [VERDICT_QUIET] = "quiet hours",
	    [VERDICT_OFTEN] = "too soon after the last cue",
	};

	return words[verdict];
}

static bool is_its_own(const struct indicator_config *config, const char *surface)
{
	for (size_t i = 0; i < config->n_surfaces; i++)
		if (strcmp(config->surfaces[i].name, surface) == 0)
			return true;
	return false;
}

static bool is_meant(const struct indicator_config *config, const struct surface *surface,
    const struct event *event, enum notice notice)
{
	if (notice == NOTICE_NONE || config->patterns[notice].n_times == 0)
		return false;
	if (notice != NOTICE_FAULT && event->level < config->least)
		return false;
	return is_its_own(config, surface->name);
}

/* A fault is said once it has lasted, and its beginning and end are then the same. */
static bool is_over(const struct event *event, const struct moment *now)
{
	if (event->level == EVENT_TECHNICAL)
		return event->end_ns != event->start_ns;
	return now->mono_ns - event->end_ns > live_ns;
}

/* Whether this finding was heard before; from now on it was. */
static bool hear(struct indicator_memory *memory, const char *surface, const struct event *event)
{
	struct indicator_finding *finding = NULL;

	for (size_t i = 0; !finding && i < INDICATOR_HEARD_MAX; i++)
		if (memory->heard[i].rule && strcmp(memory->heard[i].rule, event->rule) == 0 &&
		    strcmp(memory->heard[i].surface, surface) == 0)
			finding = &memory->heard[i];
	if (finding && finding->start_ns == event->start_ns)
		return true;
	if (!finding) {
		finding = &memory->heard[memory->next];
		memory->next = (memory->next + 1) % INDICATOR_HEARD_MAX;
	}
	finding->rule = event->rule;
	finding->start_ns = event->start_ns;
	snprintf(finding->surface, sizeof(finding->surface), "%s", surface);
	return false;
}

static enum verdict judge_hour(
    const struct indicator_config *config, enum surface_kind kind, const struct moment *now)
{
	int32_t from_s = config->quiet_from_s, to_s = config->quiet_to_s;

	if (config->quiet == QUIET_NEVER)
		return VERDICT_CUE;
	if (config->quiet == QUIET_BY_SURFACE) {
		if (kind == SURFACE_SEAT)
			return VERDICT_CUE;
		from_s = bed_from_s;
		to_s = bed_to_s;
	}
	if (now->real_ns == 0)
		return VERDICT_CLOCK;
	int32_t at_s = clock_second_of_day(now->real_ns, now->utc_offset_s);
	bool quiet = from_s < to_s ? at_s >= from_s && at_s < to_s : at_s >= from_s || at_s < to_s;
	return quiet ? VERDICT_QUIET : VERDICT_CUE;
}

enum verdict indicator_now(const struct indicator_config *config,
    const struct indicator_memory *memory, enum surface_kind kind, const struct moment *now)
{
	enum verdict verdict = judge_hour(config, kind, now);
	int64_t since_ns = now->mono_ns - memory->cue_ns;

	if (verdict != VERDICT_CUE)
		return verdict;
	/* A simulation that begins anew goes back in time: then too both lie far apart. */
	if (memory->n_cues > 0 && since_ns < config->at_most_every_ns &&
	    since_ns > -config->at_most_every_ns)
		return VERDICT_OFTEN;
	return VERDICT_CUE;
}

enum verdict indicator_step(const struct indicator_config *config, struct indicator_memory *memory,
    const struct surface *surface, const struct event *event, const struct moment *now,
    enum notice *notice)
{
	*notice = notice_of(event);
	if (!is_meant(config, surface, event, *notice))
		return VERDICT_NOT_MEANT;
	if (hear(memory, surface->name, event))
		return VERDICT_REPEATED;
	if (is_over(event, now))
		return VERDICT_OVER;
	enum verdict verdict = indicator_now(config, memory, surface->kind, now);
	if (verdict != VERDICT_CUE) {
		memory->withheld = verdict;
		memory->withheld_ns = now->mono_ns;
		memory->withheld_notice = *notice;
		return verdict;
	}
	memory->n_cues++;
	memory->cue_ns = now->mono_ns;
	memory->cue_notice = *notice;
	return VERDICT_CUE;
}
