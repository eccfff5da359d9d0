/* The rules over frames of a bed: just under the limit, just over it, gaps, what is not known. */
#include "rule_run.h"
#include "support.h"

#include <math.h>
#include <string.h>

#define MIN 60
#define H   3600

/* One row: `limit_s` + 1 seconds of `o` are silent, one more is a finding of that length. */
static void check_limit(
    const char *rule, const struct observation *o, int limit_s, enum event_level level)
{
	struct rule_run run;

	rule_begin(&run, rule, NULL);
	rule_set_clock(&run, 8, 0);
	rule_feed(&run, o, limit_s + 1);
	assert_int_equal(run.n_words, 0);
	rule_feed(&run, o, 1);
	assert_int_equal(run.n_findings, 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	const struct event *found = &run.findings[0];
	assert_float_equal(found->value, (float)(limit_s + 1) / 60, 1e-4F);
	assert_float_equal(found->limit, (float)limit_s / 60, 1e-4F);
	assert_string_equal(found->unit, "min");
	assert_int_equal(found->level, level);
	assert_int_equal(found->end_ns - found->start_ns, (limit_s + 1) * 1000000000LL);
	assert_float_equal(found->coverage_ratio, 1, 1e-4F);
	assert_int_equal(found->frame_ns, found->end_ns);
}

static void limits_are_exact(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct observation supine = rule_lying(POSTURE_SUPINE);

	check_limit("prone", &prone, 10 * MIN, EVENT_ADVICE);
	check_limit("prolonged_lying", &supine, 2 * H, EVENT_ADVICE);
	check_limit("unchanged_posture", &supine, 2 * H, EVENT_INFORMATION);
}

static void a_limit_of_ones_own_counts(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct rule_run run;

	rule_begin(&run, "prone", (const char *[]){"limit=2 min", NULL});
	rule_feed(&run, &prone, 2 * MIN + 2);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].limit, 2, 1e-4F);
}

/* Two halves, each too short, with `between` of something else: together they are nothing. */
static size_t findings_with(const char *rule, const struct observation *o, int half_s,
    const struct observation *between, int between_s)
{
	struct rule_run run;

	rule_begin(&run, rule, NULL);
	rule_set_clock(&run, 8, 0);
	rule_feed(&run, o, half_s);
	if (between)
		rule_feed(&run, between, between_s);
	else
		rule_gap(&run, between_s);
	rule_feed(&run, o, half_s);
	rule_end(&run);
	return run.n_findings;
}

static void a_gap_never_counts(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct observation supine = rule_lying(POSTURE_SUPINE);

	assert_int_equal(findings_with("prone", &prone, 6 * MIN, NULL, 30), 0);
	assert_int_equal(findings_with("prolonged_lying", &supine, 70 * MIN, NULL, 30), 0);
	assert_int_equal(findings_with("unchanged_posture", &supine, 70 * MIN, NULL, 30), 0);
}

static void unknown_and_technical_time_end_a_stretch(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct observation unsure = rule_lying(POSTURE_UNKNOWN);
	struct observation supine = rule_lying(POSTURE_SUPINE);
	struct observation unknown = rule_unknown(SURFACE_BED);
	struct observation technical = rule_technical(SURFACE_BED);

	assert_int_equal(findings_with("prone", &prone, 6 * MIN, &unsure, 90), 0);
	assert_int_equal(findings_with("prone", &prone, 6 * MIN, &technical, 90), 0);
	assert_int_equal(findings_with("prolonged_lying", &supine, 70 * MIN, &unknown, 90), 0);
	assert_int_equal(findings_with("unchanged_posture", &supine, 70 * MIN, &technical, 90), 0);
	/* A short one is bridged, and missing from the coverage. */
	assert_int_equal(findings_with("prone", &prone, 6 * MIN, &unsure, 40), 1);
}

static void what_is_bridged_is_missing_from_length_and_coverage(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct observation unsure = rule_lying(POSTURE_UNKNOWN);
	struct rule_run run;

	rule_begin(&run, "prone", NULL);
	rule_feed(&run, &prone, 8 * MIN);
	rule_feed(&run, &unsure, 50);
	rule_feed(&run, &prone, 8 * MIN);
	rule_end(&run);
	float length_s = 16 * MIN + 50 - 1;
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, (length_s - 50) / 60, 1e-3F);
	assert_float_equal(run.findings[0].coverage_ratio, (length_s - 50) / length_s, 1e-3F);
	assert_float_equal(run.findings[0].confidence, 0.9F * (length_s - 50) / length_s, 1e-3F);
}

static void small_confidence_is_not_raised(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct rule_run run;

	prone.posture_confidence = 0.49F;
	rule_begin(&run, "prone", NULL);
	rule_feed(&run, &prone, 30 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);

	prone.posture_confidence = 0.9F;
	prone.health_ratio = 0.5F; /* half the mat is dead */
	rule_begin(&run, "prone", NULL);
	rule_feed(&run, &prone, 30 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void numbers_that_are_none_are_unknown(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct rule_run run;

	prone.posture_confidence = NAN;
	rule_begin(&run, "prone", NULL);
	rule_feed(&run, &prone, 30 * MIN);
	prone.posture_confidence = 0.9F;
	prone.health_ratio = NAN;
	rule_feed(&run, &prone, 30 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void a_long_one_is_one_finding_with_its_final_length(void **state)
{
	(void)state;
	struct observation prone = rule_lying(POSTURE_PRONE);
	struct observation left = rule_lying(POSTURE_LEFT);
	struct rule_run run;

	rule_begin(&run, "prone", NULL);
	rule_set_clock(&run, 3, 10);
	rule_feed(&run, &prone, 24 * MIN + 1);
	/* At 10, 15 and 20 minutes. */
	assert_int_equal(run.n_words, 3);
	rule_feed(&run, &left, 60);
	assert_int_equal(run.n_words, 4);
	rule_feed(&run, &prone, 5 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 24, 1e-4F);
	assert_string_equal(run.findings[0].detail, "Lay on the front for 24 min, 03:10-03:34.");
	assert_true(run.findings[0].frame_ns - run.findings[0].start_ns <= 601 * 1000000000LL);
}

static void lying_by_day_ends_with_five_minutes_up(void **state)
{
	(void)state;
	struct observation supine = rule_lying(POSTURE_SUPINE);
	struct observation edge = rule_lying(POSTURE_EDGE);
	struct observation empty = rule_empty(SURFACE_BED);

	assert_int_equal(
	    findings_with("prolonged_lying", &supine, 70 * MIN, &empty, 5 * MIN + 1), 0);
	assert_int_equal(findings_with("prolonged_lying", &supine, 70 * MIN, &empty, 4 * MIN), 1);
	/* The edge of the bed is still the bed. */
	assert_int_equal(findings_with("prolonged_lying", &supine, 70 * MIN, &edge, 10 * MIN), 1);
}

static void lying_at_night_is_not_lying_by_day(void **state)
{
	(void)state;
	struct observation supine = rule_lying(POSTURE_SUPINE);
	struct rule_run run;

	rule_begin(&run, "prolonged_lying", NULL);
	rule_set_clock(&run, 1, 0);
	rule_feed(&run, &supine, 8 * H + 1); /* to 09:00 */
	assert_int_equal(run.n_words, 0);
	rule_feed(&run, &supine, 1);
	assert_int_equal(run.n_words, 1); /* counted from 07:00 */
	rule_end(&run);
	assert_string_equal(
	    run.findings[0].detail, "In bed by day for 2 h, 07:00-09:00, without 5 min out of it.");
}

static void the_evening_ends_the_day(void **state)
{
	(void)state;
	struct observation supine = rule_lying(POSTURE_SUPINE);
	struct rule_run run;

	rule_begin(&run, "prolonged_lying", NULL);
	rule_set_clock(&run, 18, 30);
	rule_feed(&run, &supine, 5 * H);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 150, 0.1F); /* to 21:00 */
}

static void without_a_clock_the_day_is_not_assessed(void **state)
{
	(void)state;
	struct observation supine = rule_lying(POSTURE_SUPINE);
	struct rule_run run;

	rule_begin(&run, "prolonged_lying", NULL);
	rule_feed(&run, &supine, 6 * H);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void a_shift_starts_the_time_anew(void **state)
{
	(void)state;
	struct observation supine = rule_lying(POSTURE_SUPINE), shift = supine, moving = supine;
	struct observation empty = rule_empty(SURFACE_BED);

	shift.shift = true;
	moving.moving = true;
	assert_int_equal(findings_with("unchanged_posture", &supine, 90 * MIN, &shift, 1), 0);
	assert_int_equal(findings_with("unchanged_posture", &supine, 90 * MIN, &empty, 20), 0);
	assert_int_equal(findings_with("unchanged_posture", &supine, 90 * MIN, &moving, 60), 1);
}

static void three_hours_unchanged_are_a_notice(void **state)
{
	(void)state;
	struct observation supine = rule_lying(POSTURE_SUPINE);
	struct rule_run run;

	rule_begin(&run, "unchanged_posture", NULL);
	rule_feed(&run, &supine, 3 * H + 1);
	assert_int_equal(run.findings[0].level, EVENT_INFORMATION);
	assert_float_equal(run.findings[0].limit, 120, 1e-3F);
	rule_feed(&run, &supine, 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_int_equal(run.findings[0].level, EVENT_ADVICE);
	assert_float_equal(run.findings[0].limit, 180, 1e-3F);
	assert_float_equal(run.findings[0].value, 180 + 1.0F / 60, 1e-3F);
}

static void rising_from_the_edge_is_a_bend(void **state)
{
	(void)state;
	struct observation edge = rule_lying(POSTURE_EDGE), empty = rule_empty(SURFACE_BED);
	struct rule_run run;

	rule_begin(&run, "frequent_bending", NULL);
	for (int i = 0; i < 9; i++) {
		rule_feed(&run, &edge, 60);
		rule_feed(&run, &empty, 60);
	}
	assert_int_equal(run.n_words, 0);
	rule_feed(&run, &edge, 60);
	rule_feed(&run, &empty, 60);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 10, 1e-6F);
	assert_float_equal(run.findings[0].coverage_ratio, 1, 1e-3F);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_are_exact),
	    cmocka_unit_test(a_limit_of_ones_own_counts),
	    cmocka_unit_test(a_gap_never_counts),
	    cmocka_unit_test(unknown_and_technical_time_end_a_stretch),
	    cmocka_unit_test(what_is_bridged_is_missing_from_length_and_coverage),
	    cmocka_unit_test(small_confidence_is_not_raised),
	    cmocka_unit_test(numbers_that_are_none_are_unknown),
	    cmocka_unit_test(a_long_one_is_one_finding_with_its_final_length),
	    cmocka_unit_test(lying_by_day_ends_with_five_minutes_up),
	    cmocka_unit_test(lying_at_night_is_not_lying_by_day),
	    cmocka_unit_test(the_evening_ends_the_day),
	    cmocka_unit_test(without_a_clock_the_day_is_not_assessed),
	    cmocka_unit_test(a_shift_starts_the_time_anew),
	    cmocka_unit_test(three_hours_unchanged_are_a_notice),
	    cmocka_unit_test(rising_from_the_edge_is_a_bend),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
