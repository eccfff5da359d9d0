/* The estimate of sleep: the formula minute by minute, gaps, rescoring, and the night's facts. */
#include "support.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "store/sleep.h"

#define N 1000

/*
 * Minutes as counts and letters, "10u60.": '.' lies still, t moves 6 s (a twitch), T 14 s (a
 * turn), m 60 s, u is up, ? is not seen, / lies 30 s and is up for the rest. No count is one.
 */
static size_t expand(const char *runs, char letters[static N])
{
	size_t n = 0;

	for (const char *p = runs; *p; p++) {
		long count = 1;
		if (isdigit((unsigned char)*p)) {
			char *end;
			count = strtol(p, &end, 10);
			p = end;
		}
		assert_true(count > 0 && n + (size_t)count < N);
		memset(letters + n, *p, (size_t)count);
		n += (size_t)count;
	}
	letters[n] = '\0';
	return n;
}

static size_t estimate(const char *runs, enum sleep_state states[static N])
{
	struct sleep_minute minutes[N] = {0};
	char letters[N];
	size_t n = expand(runs, letters);

	for (size_t i = 0; i < n; i++) {
		char c = letters[i];
		minutes[i].in_bed_s = strchr(".tTm", c) ? 60.0f : c == '/' ? 30.0f : 0.0f;
		minutes[i].up_s = c == 'u' ? 60.0f : c == '/' ? 30.0f : 0.0f;
		minutes[i].moving_s = c == 't' ? 6.0f : c == 'T' ? 14.0f : c == 'm' ? 60.0f : 0.0f;
	}
	sleep_estimate(minutes, n, states);
	return n;
}

/* What came of it: s asleep, a awake in bed, u up, ? unknown. */
static void assert_states(const char *runs, const char *expected_runs)
{
	static const char words[] = {
	    [SLEEP_UNKNOWN] = '?', [SLEEP_UP] = 'u', [SLEEP_AWAKE] = 'a', [SLEEP_ASLEEP] = 's'};
	enum sleep_state states[N];
	char said[N] = "", expected[N];

	size_t n = estimate(runs, states);
	for (size_t i = 0; i < n; i++)
		said[i] = words[states[i]];
	expand(expected_runs, expected);
	assert_string_equal(said, expected);
}

static struct night_sleep facts_of(const char *runs)
{
	enum sleep_state states[N];
	struct night_sleep sleep;

	size_t n = estimate(runs, states);
	sleep_count(states, n, &sleep);
	return sleep;
}

/*
 * One minute of movement is felt from two minutes earlier to four later, each with its weight.
 * The minute after it is not seen, so that no rule of rescoring joins in: its weight is made up.
 */
static void test_each_weight_of_the_formula(void **state)
{
	static const double weights[7] = {67, 74, 230, 76, 58, 54, 106}; /* from two before on */

	(void)state;
	for (size_t i = 0; i < 7; i++) {
		bool seen = i == 3;
		double missing = seen || i == 0 ? 0 : weights[i - 1];
		double limit_s = 1000 / (0.4 * weights[i]) * (665 - missing) / 665;
		for (int over = 0; over <= 1; over++) {
			struct sleep_minute minutes[21] = {0};
			enum sleep_state states[21];
			for (size_t k = 0; k < 21; k++)
				minutes[k].in_bed_s = k == 11 && !seen ? 0 : 60;
			minutes[10].moving_s = (float)(limit_s * (over ? 1.001 : 0.999));
			sleep_estimate(minutes, 21, states);
			assert_int_equal(states[8 + i], over ? SLEEP_AWAKE : SLEEP_ASLEEP);
		}
	}
}

static void test_minutes(void **state)
{
	(void)state;
	/* The first minute has more than half of its window outside. */
	assert_states("20.", "?19s");
	assert_states("10.t10.", "?20s");      /* a twitch wakes nobody */
	assert_states("10.T10.", "?9sa10s");   /* a turn takes its own minute */
	assert_states("10.6t10.", "?10s6a9s"); /* stirring on and on does */
	assert_states("4u20.", "4u5a15s");     /* up is awake: 4 minutes on, one more by rule a */
	assert_states("20.5u", "?17s2a5u");    /* and the two before getting up */
	assert_states("10./10.", "?20s");      /* half a minute in bed is in bed */
}

static void test_what_was_not_seen_is_never_sleep(void **state)
{
	(void)state;
	assert_states("30?", "30?");
	assert_states("10?20.", "10??19s"); /* four of the first minute's seven are unknown */
	assert_states("20.10?10.", "?19s10??9s");
	assert_states("20.3?20.", "?19s3?20s");
	assert_states("10.?.?.?.?10.", "?9s?s?s?s?10s");
	assert_states("20u30?20u", "20u30?20u");
}

/* a-c: sleep after awake begins later. d, e: a little sleep in much awake is none. */
static void test_rescoring(void **state)
{
	(void)state;
	/* Four minutes of the formula itself follow time out of bed. */
	assert_states("5u30.", "5u5a25s");
	assert_states("6u30.", "6u7a23s");
	assert_states("11u30.", "11u8a22s");
	assert_states("15u16.8u", "15u16a8u"); /* six minutes of sleep, over 10 awake about them */
	assert_states("15u17.8u", "15u8a7s2a8u");
	assert_states("15u17.18u", "15u17a18u"); /* seven, over 20 */
	assert_states("15u21.18u", "15u8a11s2a18u");
	assert_states("15u16.8?", "15u8a8s8?"); /* what is unknown is not awake */
}

static void assert_minutes(float seconds, float minutes)
{
	assert_float_equal(seconds, 60 * minutes, 0.01);
}

static void test_a_night_of_two_stays(void **state)
{
	(void)state;
	/* Up, to bed, a turn, ten restless minutes, a feed, to bed again, up. */
	struct night_sleep sleep = facts_of("60u100.T99.10m80.30u120.60u");
	/* Awake: 8 falling asleep, 1 turning, 2 + 10 + 8 restless, 2 rising; 8 and 2 again. */
	assert_minutes(sleep.awake_s, 41);
	assert_minutes(sleep.asleep_s, 290 + 120 - 41);
	assert_minutes(sleep.longest_s, 100 + 1 + 99 - 8 - 1 - 2);
	assert_minutes(sleep.to_sleep_s, 8);
	assert_minutes(sleep.unknown_s, 0);
	assert_int_equal(sleep.awakenings, 2);
}

/* Three hours up part two sleeps: no awakening, and the longer one tells how she fell asleep. */
static void test_a_nap_is_a_sleep_of_its_own(void **state)
{
	(void)state;
	struct night_sleep sleep = facts_of("30u60.300u15m200.30u");
	assert_int_equal(sleep.awakenings, 0);
	assert_minutes(sleep.to_sleep_s, 15 + 8);
	sleep = facts_of("30u60.150u15m200.30u");
	assert_int_equal(sleep.awakenings, 1);
	assert_minutes(sleep.to_sleep_s, 8);
}

static void test_facts_that_nobody_saw(void **state)
{
	(void)state;
	/* In bed when the measuring begins: how long she had lain is not known. */
	assert_true(isnan(facts_of("100.30u").to_sleep_s));
	assert_true(isnan(facts_of("30u10?100.30u").to_sleep_s));
	/* Up to two minutes in which she sat down on a bed that did not know her yet. */
	assert_minutes(facts_of("30u2?100.30u").to_sleep_s, 2);
	/* A gap ends an unbroken sleep, and is none; the minute after it is unknown too. */
	struct night_sleep sleep = facts_of("30u100.5?100.30u");
	assert_minutes(sleep.unknown_s, 6);
	assert_int_equal(sleep.awakenings, 0);
	assert_minutes(sleep.longest_s, 99 - 2);
	assert_minutes(sleep.asleep_s, 100 - 8 + 99 - 2);
	/* Nobody in bed at all, and nothing seen at all. */
	sleep = facts_of("100u");
	assert_minutes(sleep.asleep_s + sleep.awake_s + sleep.unknown_s, 0);
	assert_true(isnan(sleep.to_sleep_s));
	assert_minutes(facts_of("100?").unknown_s, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_weight_of_the_formula),
	    cmocka_unit_test(test_minutes),
	    cmocka_unit_test(test_what_was_not_seen_is_never_sleep),
	    cmocka_unit_test(test_rescoring),
	    cmocka_unit_test(test_a_night_of_two_stays),
	    cmocka_unit_test(test_a_nap_is_a_sleep_of_its_own),
	    cmocka_unit_test(test_facts_that_nobody_saw),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
