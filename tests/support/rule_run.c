#include "rule_run.h"

#include "base/clock.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void keep(void *user, const struct event *event)
{
	struct rule_run *run = user;

	assert_string_equal(event->rule, run->rule->name);
	assert_string_equal(
	    event->advice_id, event->level == EVENT_TECHNICAL ? "" : run->rule->advice_id);
	run->n_words++;
	for (size_t i = 0; i < run->n_findings; i++) {
		struct event *known = &run->findings[i];

		if (known->start_ns == event->start_ns && known->day == event->day) {
			*known = *event;
			return;
		}
	}
	assert_true(run->n_findings < RULE_FINDINGS_MAX);
	run->findings[run->n_findings++] = *event;
}

void rule_begin(struct rule_run *run, const char *name, const char *const *settings)
{
	struct surface surface = {.name = "test", .pitch_mm = 25, .rate_hz = 1};
	struct options options;
	struct error err = {0};

	*run = (struct rule_run){.rule = detector_find(name), .now_ns = 3600 * NS_PER_S};
	assert_non_null(run->rule);
	surface.kind = run->rule->surfaces & 1U << SURFACE_BED ? SURFACE_BED : SURFACE_SEAT;
	options_init(&options, run->rule->options);
	for (; settings && *settings; settings++) {
		char key[64];
		const char *equals = strchr(*settings, '=');

		snprintf(key, sizeof(key), "%.*s", (int)(equals - *settings), *settings);
		assert_int_equal(
		    options_set(&options, key, equals + 1, &(struct place){0}, &err), 0);
	}
	run->state = calloc(1, run->rule->state_size);
	assert_non_null(run->state);
	assert_int_equal(run->rule->init(run->state, &options, &surface, &err), 0);
}

void rule_set_clock(struct rule_run *run, int hour, int minute)
{
	run->real_ns = clock_real_from_civil(&(struct civil){2026, 11, 22, hour, minute, 0}, 0);
}

static void advance(struct rule_run *run, int64_t ns)
{
	run->now_ns += ns;
	if (run->real_ns)
		run->real_ns += ns;
}

void rule_feed(struct rule_run *run, const struct observation *o, int seconds)
{
	for (int i = 0; i < seconds; i++) {
		struct observation now = *o;

		now.mono_ns = run->now_ns;
		now.real_ns = run->real_ns;
		run->rule->step(run->state, &now, keep, run);
		advance(run, NS_PER_S);
	}
}

void rule_gap(struct rule_run *run, int seconds)
{
	run->rule->finish(run->state, keep, run);
	run->rule->reset(run->state);
	advance(run, seconds * NS_PER_S);
}

void rule_judge(struct rule_run *run, const struct night_facts *nights, size_t n_nights)
{
	run->rule->judge(run->state, nights, n_nights, keep, run);
}

void rule_end(struct rule_run *run)
{
	run->rule->finish(run->state, keep, run);
	free(run->state);
	run->state = NULL;
}

static struct observation somebody(enum surface_kind kind, enum occupancy occupancy)
{
	struct observation o;

	observation_clear(&o);
	o.kind = kind;
	o.dt_s = 1;
	o.health_ratio = 1;
	o.occupancy = occupancy;
	o.occupancy_confidence = 1;
	return o;
}

struct observation rule_lying(enum posture posture)
{
	struct observation o = somebody(SURFACE_BED, OCCUPANCY_PERSON);

	o.posture = posture;
	o.posture_confidence = 0.9F;
	return o;
}

struct observation rule_sitting(enum seat_state state)
{
	struct observation o = somebody(SURFACE_SEAT, OCCUPANCY_PERSON);

	o.seat = state;
	o.seat_confidence = 1;
	o.sideways_ratio = o.forward_ratio = 0;
	o.baseline = true;
	return o;
}

struct observation rule_empty(enum surface_kind kind)
{
	struct observation o = somebody(kind, OCCUPANCY_EMPTY);

	o.posture = POSTURE_EMPTY;
	o.seat = SEAT_EMPTY;
	return o;
}

struct observation rule_unknown(enum surface_kind kind)
{
	return somebody(kind, OCCUPANCY_UNKNOWN);
}

struct observation rule_technical(enum surface_kind kind)
{
	struct observation o;

	observation_clear(&o);
	o.kind = kind;
	o.dt_s = 1;
	o.technical = TECHNICAL_FROZEN;
	return o;
}

struct night_facts rule_night(int32_t day, float lying_h)
{
	return (struct night_facts){
	    .day = day,
	    .start_ns = (day - 1) * 24 * NS_PER_H + 12 * NS_PER_H,
	    .end_ns = day * 24 * NS_PER_H + 12 * NS_PER_H,
	    .bed_observed_s = 24 * 3600,
	    .lying_s = lying_h * 3600,
	    .away_s = (24 - lying_h) * 3600,
	    .posture_s[POSTURE_SUPINE] = lying_h * 3600,
	    .longest_rest_s = lying_h * 3600,
	    .longest_unchanged_s = 3600,
	    .valley_ratio = NAN,
	    .pain = -1,
	};
}
