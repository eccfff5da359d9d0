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

/* From nights[first] on the break of the day before holds. */
static void exchange(struct night_facts *nights, size_t n, size_t first, enum era era)
{
	for (size_t i = first; i < n; i++)
		nights[i].era_day[era] = nights[first].day - 1;
}

static void another_person_has_no_pain_of_before(void **state)
{
	(void)state;
	struct night_facts nights[DAYS];
	struct event found = {0};

	usual_nights(nights, DAYS);
	for (int i = 0; i < 14; i++)
		nights[DAYS - 1 - i].pain = 4;
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 1);
	exchange(nights, DAYS, DAYS - 20, ERA_PERSON); /* all of one person still */
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 1);
	exchange(nights, DAYS, DAYS - 13, ERA_PERSON);
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 0);
	usual_nights(nights, DAYS);
	for (int i = 0; i < 14; i++)
		nights[DAYS - 1 - i].pain = 4;
	exchange(nights, DAYS, DAYS - 3, ERA_MAT); /* a mat has no pain */
	assert_int_equal(judge("pain_high", NULL, nights, DAYS, &found), 1);
}

static void another_person_has_not_rested_before(void **state)
{
	(void)state;
	struct night_facts nights[5];
	struct event found = {0};

	for (enum era era = ERA_PERSON; era <= ERA_GAIN; era++) {
		bool ends = era == ERA_PERSON || era == ERA_SENSE;

		usual_nights(nights, 5);
		for (int i = 0; i < 5; i++)
			nights[i].longest_rest_s = 110 * 60;
		exchange(nights, 5, 2, era);
		assert_int_equal(judge("short_rest", NULL, nights, 5, &found), 1);
		exchange(nights, 5, 3, era);
		assert_int_equal(judge("short_rest", NULL, nights, 5, &found), ends ? 0 : 1);
	}
}

/* Softer by one and a half halvings, on another mat or under another person. */
static void softness_is_not_compared_across_a_break(void **state)
{
	(void)state;
	struct night_facts nights[12];
	struct event found = {0};

	for (enum era era = ERA_PERSON; era <= ERA_GAIN; era++) {
		bool ends = era == ERA_PERSON || era == ERA_MAT;

		usual_nights(nights, 12);
		for (int i = 0; i < 12; i++)
			measure_valley(&nights[i], i < 4 ? 0.36F : 0.56F, 75);
		exchange(nights, 12, 4, era);
		assert_int_equal(judge("soft_support", NULL, nights, 9, &found), ends ? 0 : 1);
		for (size_t n = 5; n <= 6 && ends; n++) { /* the first and the second after it */
			assert_int_equal(judge("soft_support", NULL, nights, n, &found), 1);
			assert_int_equal(found.level, EVENT_TECHNICAL);
			assert_string_equal(found.advice_id, "");
			assert_float_equal(found.value, n - 4, 0);
			assert_float_equal(found.limit, 3, 0);
		}
		/* What gets softer after it is found against the first nights after it. */
		for (int i = 9; i < 12; i++)
			measure_valley(&nights[i], 0.69F + 0.001F * (float)i, 75);
		assert_int_equal(judge("soft_support", NULL, nights, 12, &found), 1);
		if (ends)
			assert_float_equal(found.value, (0.701F - 0.56F) / 0.13F, 1e-2F);
	}
}

static void a_reference_holds_for_its_mat_and_person(void **state)
{
	(void)state;
	const char *const undated[] = {"reference_valley_ratio=0.35", NULL};
	/* The nights are 19991 to 20000, 2024-09-25 to 2024-10-04; the break is on 2024-09-29. */
	const char *const before[] = {
	    "reference_valley_ratio=0.35", "reference_date=2024-09-28", NULL};
	const char *const same_day[] = {
	    "reference_valley_ratio=0.35", "reference_date=2024-09-29", NULL};
	struct night_facts nights[10];
	struct event found = {0};

	usual_nights(nights, 10);
	for (int i = 0; i < 10; i++)
		measure_valley(&nights[i], 0.56F, 75);
	assert_int_equal(judge("soft_support", undated, nights, 10, &found), 1);
	assert_int_equal(found.level, EVENT_ADVICE);
	exchange(nights, 10, 5, ERA_MAT);
	assert_int_equal(judge("soft_support", same_day, nights, 10, &found), 1);
	assert_int_equal(found.level, EVENT_ADVICE);
	assert_int_equal(judge("soft_support", before, nights, 10, &found), 1);
	assert_int_equal(found.level, EVENT_TECHNICAL);
	assert_non_null(strstr(found.detail, "is not used"));
	assert_null(strstr(found.detail, "nights are there"));
	assert_int_equal(judge("soft_support", undated, nights, 6, &found), 1);
	assert_non_null(strstr(found.detail, "1 of 3 nights are there"));
	assert_int_equal(judge("soft_support", undated, nights, 5, &found), 1);
	assert_int_equal(found.level, EVENT_ADVICE);
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
	    cmocka_unit_test(another_person_has_no_pain_of_before),
	    cmocka_unit_test(another_person_has_not_rested_before),
	    cmocka_unit_test(softness_is_not_compared_across_a_break),
	    cmocka_unit_test(a_reference_holds_for_its_mat_and_person),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
