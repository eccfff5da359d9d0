#include "app/judge.h"
#include "app/keeper_own.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/query.h"

#include <math.h>

static const int64_t anchor_every_ns = NS_PER_H;
static const int64_t jump_ns = 2 * NS_PER_S;
static const int64_t half_day_ns = 12 * NS_PER_H;
static const int64_t other_night_ns = 10 * NS_PER_MIN; /* a smaller jump hardly moves a night */

/* ---- nights ------------------------------------------------------------------------------------ */

static void take_judgement(void *user, const struct event *event)
{
	struct keeper *keeper = user;

	log_debug("night: %s: %s", event->rule, event->detail);
	keeper_save_event(keeper, 0, event);
}

static int judge(struct keeper *keeper, int32_t day)
{
	struct error err = {0};
	const struct surface_config *configs[CONFIG_SURFACES_MAX];
	size_t n = 0;

	for (struct kept_surface *s = keeper->surfaces; s && n < CONFIG_SURFACES_MAX; s = s->next)
		configs[n++] = s->config;
	int result = judge_night(keeper->store, day, configs, n, take_judgement, keeper, &err);
	keeper_note(keeper, result, &err);
	return result;
}

void keeper_judge(struct keeper *keeper, int32_t day)
{
	if (judge(keeper, day) < 0)
		due_add(&keeper->due, day, day);
}

void keeper_judge_due(struct keeper *keeper, int64_t mono_ns)
{
	struct error err = {0};

	if (keeper->anchored)
		keeper_note(keeper,
		    due_look(&keeper->due, keeper->store, keeper->next_day - 1, mono_ns, &err),
		    &err);
	if (keeper->due.n > 0 && !keeper->fault.code && judge(keeper, keeper->due.days[0]) >= 0)
		due_done(&keeper->due);
}

void keeper_judge_newest(struct keeper *keeper, int32_t day)
{
	struct night_facts newest;
	struct error err = {0};
	size_t n = 0;

	keeper_note(keeper, query_nights(keeper->store, day, &newest, 1, &n, &err), &err);
	if (n > 0 && newest.day != day)
		keeper_judge(keeper, newest.day);
	keeper_judge(keeper, day);
}

void keeper_judge_rest(struct keeper *keeper)
{
	if (!keeper->anchored)
		return;
	while (keeper->due.n > 0 && judge(keeper, keeper->due.days[0]) >= 0)
		due_done(&keeper->due);
	keeper_judge(keeper, keeper->next_day);
}

/* ---- the clock --------------------------------------------------------------------------------- */

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
	keeper_save_event(keeper, 0, &event);
}

/* The date that the night of mono_ns ends on, by the last anchor. */
static int32_t night_of(const struct keeper *keeper, int64_t mono_ns)
{
	return clock_local_day(mono_ns + keeper->offset_ns + half_day_ns, keeper->utc_offset_s);
}

static void anchor(struct keeper *keeper, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised)
{
	struct error err = {0};

	if (!keeper->anchored)
		keeper->first_ns = mono_ns;
	keeper->anchored = true;
	keeper->synchronised = synchronised;
	keeper->anchor_ns = mono_ns;
	keeper->offset_ns = real_ns - mono_ns;
	keeper->utc_offset_s = utc_offset_s;
	keeper->next_day = night_of(keeper, mono_ns);
	keeper_note(keeper,
	    store_anchor(keeper->store, mono_ns, real_ns, utc_offset_s, synchronised, &err), &err);
	keeper_save_calibrations(keeper);
}

/* A noon may lie in between, and what ended last may be another night now; so may all before it. */
static void jump(struct keeper *keeper, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised)
{
	int64_t by_ns = real_ns - mono_ns - keeper->offset_ns;
	int32_t first_day = night_of(keeper, keeper->first_ns), next_day = keeper->next_day;

	say_jump(keeper, mono_ns, by_ns);
	anchor(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
	if (by_ns > other_night_ns || by_ns < -other_night_ns) {
		due_add(&keeper->due, first_day, next_day - 1);
		due_add(&keeper->due, night_of(keeper, keeper->first_ns), keeper->next_day - 1);
	}
	keeper_judge(keeper, keeper->next_day - 1);
}

void keeper_clock(struct keeper *keeper, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised)
{
	int64_t by_ns = real_ns - mono_ns - keeper->offset_ns;

	keeper->known = keeper->known || synchronised;
	if (keeper->anchored && (by_ns > jump_ns || by_ns < -jump_ns)) {
		jump(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
		return;
	}
	int32_t day = keeper->next_day;
	bool first = !keeper->anchored;
	if (first || mono_ns - keeper->anchor_ns >= anchor_every_ns ||
	    (synchronised && !keeper->synchronised) || utc_offset_s != keeper->utc_offset_s ||
	    clock_local_day(real_ns + half_day_ns, utc_offset_s) > day)
		anchor(keeper, mono_ns, real_ns, utc_offset_s, synchronised);
	if (!first && keeper->next_day > day)
		keeper_judge(keeper, day);
}

struct moment keeper_moment(const struct keeper *keeper, int64_t mono_ns)
{
	return (struct moment){
	    .mono_ns = mono_ns,
	    .real_ns = keeper->anchored && keeper->known ? mono_ns + keeper->offset_ns : 0,
	    .utc_offset_s = keeper->utc_offset_s,
	};
}
