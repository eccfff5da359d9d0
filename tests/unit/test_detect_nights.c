/* The rules over the facts of whole nights. */
#include "rule_run.h"
#include "support.h"

#include <math.h>
#include <string.h>

#define DAY  20000
#define DAYS 30

/* n nights of eight hours, ending on DAY. */
static void usual_nights(struct night_facts *nights, size_t n)
{
	for (size_t i = 0; i < n; i++)
		nights[i] = rule_night((int32_t)(DAY - n + 1 + i), 8);
}

static size_t judge(const char *rule, const char *const *settings, const struct night_facts *nights,
    size_t n, struct event *found)
{
	struct rule_run run;

	rule_begin(&run, rule, settings);
	rule_judge(&run, nights, n);
	rule_end(&run);
	if (run.n_findings)
		*found = run.findings[0];
	assert_true(run.n_findings == 0 || (n > 0 && found->day == nights[n - 1].day));
	return run.n_findings;
}

static void usual_nights_and_no_nights_are_silent(void **state)
{
	(void)state;
	struct night_facts nights[DAYS];
	struct event found = {0};

	usual_nights(nights, DAYS);
	for (size_t i = 0; detectors[i]; i++) {
		if (!detectors[i]->judge)
			continue;
		assert_int_equal(judge(detectors[i]->name, NULL, nights, DAYS, &found), 0);
		assert_int_equal(judge(detectors[i]->name, NULL, nights, 0, &found), 0);
	}
}

static void prone_share(void **state)
{
	(void)state;
	struct night_facts night = rule_night(DAY, 8);
	struct event found = {0};

	night.posture_s[POSTURE_PRONE] = 48 * 60; /* 10 % */
	assert_int_equal(judge("prone", NULL, &night, 1, &found), 0);
	night.posture_s[POSTURE_PRONE] = 49 * 60;
	assert_int_equal(judge("prone", NULL, &night, 1, &found), 1);
	assert_float_equal(found.value, 49.0F / 480, 1e-4F);
	assert_float_equal(found.limit, 0.10F, 1e-6F);
	/* Most of the night unknown: the share is not assessed. */
	night.posture_s[POSTURE_UNKNOWN] = 5 * 3600;
	assert_int_equal(judge("prone", NULL, &night, 1, &found), 0);
}

static void fourteen_hours_of_lying(void **state)
{
	(void)state;
	struct night_facts night = rule_night(DAY, 14);
	struct event found = {0};

	assert_int_equal(judge("prolonged_lying", NULL, &night, 1, &found), 0);
	night = rule_night(DAY, 14.5F);
	assert_int_equal(judge("prolonged_lying", NULL, &night, 1, &found), 1);
	assert_float_equal(found.value, 14.5F, 1e-4F);
	assert_float_equal(found.limit, 14, 1e-6F);
	assert_string_equal(found.detail, "Lay for 14 h 30 min from noon to noon.");
}

static void little_lying(void **state)
{
	(void)state;
	struct night_facts night = rule_night(DAY, 6);
	struct event found = {0};

	assert_int_equal(judge("short_rest", NULL, &night, 1, &found), 0);
	night = rule_night(DAY, 5.5F);
	night.feeds = 4;
	assert_int_equal(judge("short_rest", NULL, &night, 1, &found), 1);
	assert_float_equal(found.value, 5.5F, 1e-4F);
	assert_float_equal(found.limit, 6, 1e-6F);
	assert_non_null(strstr(found.detail, "4 feeds"));
	/* An hour that nobody saw may have been rest. */
	night.unknown_s = 3600;
	night.bed_observed_s -= 3600;
	assert_int_equal(judge("short_rest", NULL, &night, 1, &found), 0);
	/* Slept elsewhere. */
	night = rule_night(DAY, 0.25F);
	assert_int_equal(judge("short_rest", NULL, &night, 1, &found), 0);
}

static void short_rests_three_nights_running(void **state)
{
	(void)state;
	struct night_facts nights[5];
	struct event found = {0};

	usual_nights(nights, 5);
	nights[3].longest_rest_s = nights[4].longest_rest_s = 110 * 60;
	assert_int_equal(judge("short_rest", NULL, nights, 5, &found), 0);
	nights[2].longest_rest_s = 119 * 60;
	assert_int_equal(judge("short_rest", NULL, nights, 5, &found), 1);
	assert_float_equal(found.value, 110.0F / 60, 1e-4F);
	assert_float_equal(found.limit, 2, 1e-6F);
	nights[3].unknown_s = 15 * 60;
	assert_int_equal(judge("short_rest", NULL, nights, 5, &found), 0);
	nights[3].unknown_s = 0;
	nights[2].day--; /* a night without data between them */
	assert_int_equal(judge("short_rest", NULL, nights, 5, &found), 0);
}

static void pain(void **state)
{
	(void)state;
	struct night_facts nights[DAYS];
	struct event found = {0};

	usual_nights(nights, DAYS);
	nights[DAYS - 1].pain = 6;
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 0);
	nights[DAYS - 1].pain = 7;
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 1);
	assert_float_equal(found.value, 7, 1e-6F);
	assert_float_equal(found.limit, 7, 1e-6F);
	for (int i = 0; i < 13; i++)
		nights[2 * i].pain = 4;
	nights[DAYS - 1].pain = 3; /* no pain of 4 today */
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 0);
	nights[DAYS - 1].pain = 4; /* the 14th day */
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 1);
	assert_float_equal(found.limit, 4, 1e-6F);
	nights[0].pain = -1;
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 0);
}

static void measure_valley(struct night_facts *night, float ratio, float quiet_min)
{
	night->valley_ratio = ratio;
	night->quiet_supine_s = quiet_min * 60;
}

static void softness_against_a_given_reference(void **state)
{
	(void)state;
	const char *const settings[] = {"reference_valley_ratio=0.35", NULL};
	struct night_facts nights[3];
	struct event found = {0};

	usual_nights(nights, 3);
	measure_valley(&nights[2], 0.54F, 90); /* index 1.46 */
	assert_int_equal(judge("soft_support", settings, nights, 3, &found), 0);
	measure_valley(&nights[2], 0.55F, 90); /* 1.54 */
	assert_int_equal(judge("soft_support", settings, nights, 3, &found), 1);
	assert_float_equal(found.value, 0.20F / 0.13F, 1e-3F);
	assert_float_equal(found.limit, 1.5F, 1e-6F);
	measure_valley(&nights[2], 0.55F, 59); /* too little quiet time */
	assert_int_equal(judge("soft_support", settings, nights, 3, &found), 0);
	for (int i = 0; i < 3; i++)
		measure_valley(&nights[i], 0.49F, 90); /* 1.08, three nights */
	assert_int_equal(judge("soft_support", settings, nights, 3, &found), 1);
	assert_float_equal(found.limit, 1, 1e-6F);
	measure_valley(&nights[0], 0.47F, 90); /* 0.92 */
	assert_int_equal(judge("soft_support", settings, nights, 3, &found), 0);
}

static void softness_against_her_first_nights(void **state)
{
	(void)state;
	struct night_facts nights[8];
	struct event found = {0};

	usual_nights(nights, 8);
	const float ratios[8] = {0.36F, 0.35F, 0.37F, 0.36F, 0.38F, 0.50F, 0.51F, 0.485F};
	for (int i = 0; i < 8; i++)
		measure_valley(&nights[i], ratios[i], 75);
	assert_int_equal(judge("soft_support", NULL, nights, 8, &found), 0);
	measure_valley(&nights[7], 0.49F, 75); /* 0.36 + 0.13 */
	nights[7].valley_ratio = 0.4901F;
	assert_int_equal(judge("soft_support", NULL, nights, 8, &found), 1);
	assert_float_equal(found.value, 0.1301F / 0.13F, 1e-3F);
}

static void softness_without_a_reference(void **state)
{
	(void)state;
	struct night_facts nights[3];
	struct event found = {0};

	usual_nights(nights, 3);
	for (int i = 0; i < 3; i++)
		measure_valley(&nights[i], 0.69F, 75); /* inconclusive */
	assert_int_equal(judge("soft_support", NULL, nights, 3, &found), 0);
	for (int i = 0; i < 3; i++)
		measure_valley(&nights[i], 0.74F, 75);
	assert_int_equal(judge("soft_support", NULL, nights, 3, &found), 1);
	assert_float_equal(found.value, 0.74F, 1e-6F);
	assert_float_equal(found.limit, 0.70F, 1e-6F);
	assert_int_equal(judge("soft_support", NULL, nights + 1, 2, &found), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(usual_nights_and_no_nights_are_silent),
	    cmocka_unit_test(prone_share),
	    cmocka_unit_test(fourteen_hours_of_lying),
	    cmocka_unit_test(little_lying),
	    cmocka_unit_test(short_rests_three_nights_running),
	    cmocka_unit_test(pain),
	    cmocka_unit_test(softness_against_a_given_reference),
	    cmocka_unit_test(softness_against_her_first_nights),
	    cmocka_unit_test(softness_without_a_reference),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
