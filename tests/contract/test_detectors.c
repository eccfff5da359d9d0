/* What every registered rule owes its host, whatever it measures. */
#include "base/random.h"
#include "detect/detector.h"
#include "guidance/guidance.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S 1000000000LL

struct seen {
	size_t n;
	char text[1 << 16]; /* all that was said, to compare two instances */
	size_t used;
};

static void check_event(void *user, const struct event *event)
{
	struct seen *seen = user;

	assert_non_null(detector_find(event->rule));
	assert_non_null(guidance_find(event->advice_id));
	assert_non_null(event->unit);
	assert_true(event->level == EVENT_INFORMATION || event->level == EVENT_ADVICE);
	assert_true(event->end_ns >= event->start_ns);
	assert_true(isfinite(event->value) && isfinite(event->limit));
	assert_true(event->coverage_ratio >= 0 && event->coverage_ratio <= 1);
	assert_true(event->confidence >= 0.5F && event->confidence <= 1);
	assert_true((event->start_ns != 0) != (event->day != 0));
	assert_true(strlen(event->detail) > 10);
	assert_true(strlen(event->detail) < EVENT_DETAIL_SIZE - 1);
	assert_int_equal(event->detail[strlen(event->detail) - 1], '.');
	seen->n++;
	if (seen->used < sizeof(seen->text) - 300)
		seen->used += (size_t)snprintf(seen->text + seen->used,
		    sizeof(seen->text) - seen->used, "%s %lld %lld %g %g %g %lld %s\n", event->rule,
		    (long long)event->start_ns, (long long)event->end_ns, (double)event->value,
		    (double)event->coverage_ratio, (double)event->confidence,
		    (long long)event->frame_ns, event->detail);
}

static void *create(const struct detector *rule)
{
	struct surface surface = {.name = "test", .pitch_mm = 25, .rate_hz = 1};
	struct options options;
	struct error err = {0};
	void *state = calloc(1, rule->state_size);

	while (!(rule->surfaces & 1U << surface.kind))
		surface.kind++;
	options_init(&options, rule->options);
	assert_int_equal(options_complete(&options, &(struct place){0}, &err), 0);
	assert_non_null(state);
	assert_int_equal(rule->init(state, &options, &surface, &err), 0);
	return state;
}

/* Anything that an observation may hold, long stretches of it, with wild numbers now and then. */
static void make_observation(struct random *random, enum surface_kind kind,
    struct observation *lasting, struct observation *o)
{
	if (lasting->health_ratio != 1 || random_uniform(random) < 1.0 / 3600) {
		observation_clear(lasting);
		lasting->kind = kind;
		lasting->occupancy = (enum occupancy)(random_uniform(random) * 4);
		if (random_uniform(random) < 0.6)
			lasting->occupancy = OCCUPANCY_PERSON;
		lasting->posture = (enum posture)(random_uniform(random) * POSTURE_COUNT);
		lasting->seat = (enum seat_state)(random_uniform(random) * SEAT_STATE_COUNT);
		lasting->technical = random_uniform(random) < 0.05 ? TECHNICAL_FROZEN
		                                                   : TECHNICAL_NONE;
		lasting->health_ratio = 1;
		lasting->occupancy_confidence = lasting->posture_confidence =
		    lasting->seat_confidence = 1;
		lasting->sideways_ratio = (float)random_between(random, -0.5, 0.5);
		lasting->forward_ratio = (float)random_between(random, -0.2, 0.2);
		lasting->back_load_ratio = (float)random_between(random, 0, 0.3);
		lasting->baseline = random_uniform(random) < 0.8;
	}
	*o = *lasting;
	o->dt_s = 1;
	o->bend = random_uniform(random) < 0.01;
	o->shift = random_uniform(random) < 0.0001;
	if (random_uniform(random) < 0.01)
		o->sideways_ratio = o->seat_confidence = o->posture_confidence = NAN;
	if (random_uniform(random) < 0.01)
		o->occupancy_confidence = o->health_ratio = o->dt_s = NAN;
}

static void every_rule_is_described(void **state)
{
	(void)state;
	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *rule = detectors[i];

		assert_ptr_equal(detector_find(rule->name), rule);
		assert_non_null(guidance_find(rule->advice_id));
		assert_non_null(guidance_find(rule->advice_id)->measured);
		assert_true(rule->step || rule->judge);
		assert_true(rule->init && rule->reset && rule->finish);
		assert_true(rule->surfaces != 0 && rule->state_size > 0);
		assert_true(strlen(rule->summary) > 10 && strlen(rule->definition) > 60);
		for (const struct option_spec *o = rule->options; o->key; o++)
			assert_true(o->help && o->fallback);
	}
	assert_null(detector_find("nothing"));
	assert_null(guidance_find("nothing"));
}

static void reset_and_finish_at_any_time(void **state)
{
	(void)state;
	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *rule = detectors[i];
		struct seen seen = {0};
		void *rule_state = create(rule);

		rule->reset(rule_state);
		rule->reset(rule_state);
		rule->finish(rule_state, check_event, &seen);
		rule->finish(rule_state, check_event, &seen);
		assert_int_equal(seen.n, 0);
		free(rule_state);
	}
}

static void nothing_known_says_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *rule = detectors[i];
		struct seen seen = {0};
		struct observation o;
		void *rule_state = create(rule);

		for (int t = 0; rule->step && t < 8 * 3600; t += 10) {
			observation_clear(&o);
			o.kind = rule->surfaces & 1U << SURFACE_BED ? SURFACE_BED : SURFACE_SEAT;
			o.mono_ns = (t + 1) * NS_PER_S;
			o.real_ns = o.mono_ns + 1000 * 86400 * NS_PER_S;
			o.dt_s = 10;
			rule->step(rule_state, &o, check_event, &seen);
		}
		rule->finish(rule_state, check_event, &seen);
		assert_int_equal(seen.n, 0);
		free(rule_state);
	}
}

/* Two days of anything, with gaps, through two instances side by side. */
static size_t run_two(const struct detector *rule, enum surface_kind kind)
{
	static struct seen seen[2];
	struct random random;
	struct observation o, lasting = {0};
	void *states[2] = {create(rule), create(rule)};
	int64_t gap_ns = 0;

	memset(seen, 0, sizeof(seen));
	random_init(&random, 11);
	for (int t = 0; t < 2 * 86400; t++) {
		make_observation(&random, kind, &lasting, &o);
		bool gap = random_uniform(&random) < 1.0 / 7200;
		gap_ns += gap ? 90 * NS_PER_S : 0;
		o.mono_ns = (t + 1) * NS_PER_S + gap_ns;
		o.real_ns = t < 86400 ? o.mono_ns + 20000LL * 86400 * NS_PER_S : 0;
		for (int k = 0; k < 2; k++) {
			if (gap) {
				rule->finish(states[k], check_event, &seen[k]);
				rule->reset(states[k]);
			}
			rule->step(states[k], &o, check_event, &seen[k]);
		}
	}
	for (int k = 0; k < 2; k++) {
		rule->finish(states[k], check_event, &seen[k]);
		size_t n = seen[k].n;
		rule->finish(states[k], check_event, &seen[k]);
		assert_int_equal(seen[k].n, n);
		free(states[k]);
	}
	assert_string_equal(seen[0].text, seen[1].text);
	return seen[0].n;
}

static void instances_are_independent_and_events_whole(void **state)
{
	(void)state;
	const enum surface_kind kinds[] = {SURFACE_BED, SURFACE_SEAT, SURFACE_STRIP};

	for (size_t i = 0; detectors[i]; i++) {
		size_t n = 0;

		if (!detectors[i]->step)
			continue;
		for (size_t k = 0; k < 3; k++)
			if (detectors[i]->surfaces & 1U << kinds[k])
				n += run_two(detectors[i], kinds[k]);
		assert_true(n > 0);
	}
}

/* A gap that the host did not tell of: dt_s is 0 and time has jumped. */
static void a_silent_gap_is_no_time(void **state)
{
	(void)state;
	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *rule = detectors[i];
		struct seen seen = {0};
		struct observation o;

		if (!rule->step)
			continue;
		void *rule_state = create(rule);
		for (int t = 0; t < 100; t++) {
			observation_clear(&o);
			o.kind = rule->surfaces & 1U << SURFACE_BED ? SURFACE_BED : SURFACE_SEAT;
			o.mono_ns = (1 + t * 7200LL) * NS_PER_S;
			o.real_ns = o.mono_ns + 20000LL * 86400 * NS_PER_S;
			o.dt_s = 0;
			o.occupancy = OCCUPANCY_PERSON;
			o.posture = POSTURE_PRONE;
			o.seat = SEAT_SLUMP;
			o.health_ratio = o.occupancy_confidence = o.posture_confidence = 1;
			o.seat_confidence = 1;
			o.sideways_ratio = 0.5F;
			o.baseline = true;
			rule->step(rule_state, &o, check_event, &seen);
		}
		rule->finish(rule_state, check_event, &seen);
		assert_int_equal(seen.n, 0);
		free(rule_state);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_rule_is_described),
	    cmocka_unit_test(reset_and_finish_at_any_time),
	    cmocka_unit_test(nothing_known_says_nothing),
	    cmocka_unit_test(instances_are_independent_and_events_whole),
	    cmocka_unit_test(a_silent_gap_is_no_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
