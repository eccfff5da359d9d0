/* Rules at edges that a day has: a short break, half a day seen, the hour in which the clocks change. */
#include "base/clock.h"
#include "rule_run.h"
#include "support.h"

#include <string.h>

#define MIN 60
#define H   3600

/* She lay ten hours at least, whatever was in the hours that no mat saw. */
static void hours_of_lying_need_no_whole_day(void **state)
{
	(void)state;
	struct night_facts night = rule_night(20000, 11);
	struct rule_run run;

	night.bed_observed_s = 11 * H;
	night.away_s = 0;
	night.unknown_s = 13 * H;
	rule_begin(&run, "prolonged_lying", (const char *[]){"total=10 h", NULL});
	rule_judge(&run, &night, 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 11, 0.001);
	assert_float_equal(run.findings[0].coverage_ratio, 11.0F / 24, 0.001);
}

/* With a break of ten seconds she has sat down anew, and so has the posture. */
static void a_posture_does_not_outlast_the_break(void **state)
{
	(void)state;
	struct observation upright = rule_sitting(SEAT_UPRIGHT), empty = rule_empty(SURFACE_SEAT);
	struct rule_run run;

	rule_begin(&run, "prolonged_sitting", (const char *[]){"break=10 s", NULL});
	rule_feed(&run, &upright, 19 * MIN);
	rule_feed(&run, &empty, 15);
	rule_feed(&run, &upright, 3 * MIN);
	rule_feed(&run, &empty, 5 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_findings, 0);
}

/* From 00:30 by winter time to 04:30 by summer time: three hours on the front. */
static void the_clocks_change_in_the_middle(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct rule_run run;

	rule_begin(&run, "prone", NULL);
	rule_set_clock(&run, 23, 30); /* UTC */
	prone.utc_offset_s = H;
	rule_feed(&run, &prone, 90 * MIN);
	prone.utc_offset_s = 2 * H;
	rule_feed(&run, &prone, 90 * MIN + 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_non_null(strstr(run.findings[0].detail, "00:30-04:30"));
	assert_float_equal(run.findings[0].value, 180, 0.1);
}

static void one_short_rest_is_one_night(void **state)
{
	(void)state;
	struct night_facts night = rule_night(20000, 8);
	struct rule_run run;

	night.longest_rest_s = 1 * H;
	rule_begin(&run, "short_rest", (const char *[]){"nights=1", NULL});
	rule_judge(&run, &night, 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_non_null(strstr(run.findings[0].detail, "for 1 night:"));
}

/* Twenty bends in twenty minutes, then one each five for two hours: the first hour had 28. */
static void the_worst_hour_is_told(void **state)
{
	(void)state;
	struct observation sitting = rule_sitting(SEAT_UPRIGHT), bend = sitting;
	struct rule_run run;

	bend.bend = true;
	rule_begin(&run, "frequent_bending", NULL);
	for (int i = 0; i < 20 + 24; i++) {
		rule_feed(&run, &bend, 1);
		rule_feed(&run, &sitting, i < 20 ? 59 : 299);
	}
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 28, 0.1);
	assert_true(run.findings[0].end_ns - run.findings[0].start_ns > 2 * H * NS_PER_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hours_of_lying_need_no_whole_day),
	    cmocka_unit_test(a_posture_does_not_outlast_the_break),
	    cmocka_unit_test(the_clocks_change_in_the_middle),
	    cmocka_unit_test(one_short_rest_is_one_night),
	    cmocka_unit_test(the_worst_hour_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
