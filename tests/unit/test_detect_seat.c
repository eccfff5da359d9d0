/* The rules over frames of a seat. */
#include "rule_run.h"
#include "support.h"

#include <math.h>

#define MIN 60

static void long_feed_limit_is_exact(void **state)
{
	(void)state;
	struct observation upright = rule_sitting(SEAT_UPRIGHT), empty = rule_empty(SURFACE_SEAT);
	struct rule_run run;

	rule_begin(&run, "long_feed", NULL);
	rule_set_clock(&run, 3, 10);
	rule_feed(&run, &upright, 45 * MIN + 1);
	assert_int_equal(run.n_words, 0);
	rule_feed(&run, &upright, 6 * MIN);
	rule_feed(&run, &empty, 2 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 51, 1e-3F);
	assert_float_equal(run.findings[0].limit, 45, 1e-6F);
	assert_string_equal(
	    run.findings[0].detail, "Sat in the feeding chair for 51 min, 03:10-04:01.");
}

static void a_minute_on_the_feet_ends_a_feed(void **state)
{
	(void)state;
	struct observation upright = rule_sitting(SEAT_UPRIGHT), empty = rule_empty(SURFACE_SEAT);
	const struct {
		int up_s;
		size_t findings;
	} rows[] = {{40, 1}, {70, 0}};

	for (size_t i = 0; i < 2; i++) {
		struct rule_run run;

		rule_begin(&run, "long_feed", NULL);
		rule_feed(&run, &upright, 30 * MIN);
		rule_feed(&run, &empty, rows[i].up_s);
		rule_feed(&run, &upright, 30 * MIN);
		rule_end(&run);
		assert_int_equal(run.n_findings, rows[i].findings);
	}
}

static void gaps_and_unknown_seats_end_sessions(void **state)
{
	(void)state;
	const char *const rules[] = {"long_feed", "prolonged_sitting"};
	struct observation upright = rule_sitting(SEAT_UPRIGHT);
	struct observation unknown = rule_unknown(SURFACE_SEAT);
	struct observation technical = rule_technical(SURFACE_SEAT);

	for (size_t i = 0; i < 2; i++) {
		const char *settings[] = {"limit=20 min", NULL};
		struct rule_run run;

		rule_begin(&run, rules[i], settings);
		for (int part = 0; part < 3; part++) {
			rule_feed(&run, &upright, 15 * MIN);
			if (part == 0)
				rule_gap(&run, 10);
			else
				rule_feed(&run, part == 1 ? &unknown : &technical, 90);
		}
		rule_end(&run);
		assert_int_equal(run.n_findings, 0);
	}
}

static void sitting_is_information_then_advice(void **state)
{
	(void)state;
	struct observation upright = rule_sitting(SEAT_UPRIGHT);
	struct rule_run run;

	rule_begin(&run, "prolonged_sitting", NULL);
	rule_feed(&run, &upright, 20 * MIN + 1);
	assert_int_equal(run.n_words, 0);
	rule_feed(&run, &upright, 1);
	assert_int_equal(run.n_words, 1);
	assert_int_equal(run.findings[0].level, EVENT_INFORMATION);
	assert_float_equal(run.findings[0].limit, 20, 1e-6F);
	assert_string_equal(run.findings[0].detail, "Seated: 20 min in one posture (upright).");
	rule_feed(&run, &upright, 10 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_int_equal(run.findings[0].level, EVENT_ADVICE);
	assert_float_equal(run.findings[0].value, 30 + 1.0F / 60, 1e-3F);
	assert_float_equal(run.findings[0].limit, 30, 1e-6F);
}

static void changing_posture_is_not_one_posture(void **state)
{
	(void)state;
	const enum seat_state states[] = {SEAT_UPRIGHT, SEAT_SLUMP, SEAT_LEAN_LEFT};
	struct rule_run run;

	rule_begin(&run, "prolonged_sitting", NULL);
	for (int i = 0; i < 3; i++) {
		struct observation o = rule_sitting(states[i]);
		rule_feed(&run, &o, 9 * MIN);
	}
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void bent_time_of_a_feed(void **state)
{
	(void)state;
	struct observation upright = rule_sitting(SEAT_UPRIGHT), empty = rule_empty(SURFACE_SEAT);
	struct observation forward = rule_sitting(SEAT_FORWARD), slump = rule_sitting(SEAT_SLUMP);
	struct rule_run run;

	rule_begin(&run, "feeding_posture", NULL);
	rule_set_clock(&run, 3, 10);
	rule_feed(&run, &upright, 6 * MIN);
	rule_feed(&run, &forward, 60 + 1); /* 60 s from first to last: not over the limit */
	rule_feed(&run, &upright, 30);
	assert_int_equal(run.n_words, 0);
	rule_feed(&run, &forward, 62);
	assert_int_equal(run.n_words, 1);
	assert_float_equal(run.findings[0].value, 61.0F / 60, 1e-3F);
	assert_float_equal(run.findings[0].limit, 1, 1e-6F);
	rule_feed(&run, &slump, 3 * MIN);
	rule_feed(&run, &upright, 20 * MIN);
	rule_feed(&run, &empty, 2 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, (61 + 180) / 60.0F, 1e-3F);
	assert_string_equal(run.findings[0].detail,
	    "Sat in the feeding chair for 32 min, 03:10-03:41. Bent forward for 1 min. Slumped for "
	    "3 min.");
}

static void bending_to_the_shoes_is_no_feed(void **state)
{
	(void)state;
	struct observation forward = rule_sitting(SEAT_FORWARD), empty = rule_empty(SURFACE_SEAT);
	struct rule_run run;

	rule_begin(&run, "feeding_posture", NULL);
	rule_feed(&run, &forward, 4 * MIN);
	rule_feed(&run, &empty, 5 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void a_hunch_off_the_back_rest_counts(void **state)
{
	(void)state;
	struct observation hunch = rule_sitting(SEAT_UPRIGHT);
	struct rule_run run;

	hunch.back_load_ratio = 0.02F;
	hunch.forward_ratio = 0.05F;
	rule_begin(&run, "feeding_posture", NULL);
	rule_feed(&run, &hunch, 10 * MIN + 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 10, 1e-3F);

	hunch.back_load_ratio = NAN; /* no back cells: nothing to say */
	rule_begin(&run, "feeding_posture", NULL);
	rule_feed(&run, &hunch, 10 * MIN + 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 0);
}

struct lean_row {
	float sideways_ratio;
	int seconds;
	size_t findings;
};

static void lean_limits_are_exact(void **state)
{
	(void)state;
	const struct lean_row rows[] = {
	    {0.149F, 600, 0}, {0.155F, 61, 0}, {0.155F, 62, 1}, {-0.27F, 62, 1}, {NAN, 600, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct observation upright = rule_sitting(SEAT_UPRIGHT), lean = upright;
		struct rule_run run;

		lean.sideways_ratio = rows[i].sideways_ratio;
		rule_begin(&run, "sideways_lean", NULL);
		rule_feed(&run, &upright, 120);
		rule_feed(&run, &lean, rows[i].seconds);
		rule_feed(&run, &upright, 120);
		rule_end(&run);
		assert_int_equal(run.n_findings, rows[i].findings);
		if (run.n_findings == 0)
			continue;
		assert_float_equal(run.findings[0].value, fabsf(rows[i].sideways_ratio), 1e-4F);
		assert_float_equal(run.findings[0].limit, 0.15F, 1e-6F);
		assert_string_equal(run.findings[0].unit, "ratio");
	}
}

static void the_feed_of_the_design(void **state)
{
	(void)state;
	struct observation upright = rule_sitting(SEAT_UPRIGHT), lean = upright;
	struct rule_run run;

	lean.sideways_ratio = -0.27F;
	rule_begin(&run, "sideways_lean", NULL);
	rule_set_clock(&run, 3, 10);
	rule_feed(&run, &upright, 17 * MIN);
	rule_feed(&run, &lean, 21 * MIN + 1);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_string_equal(run.findings[0].detail,
	    "Sat in the chair, 03:10-03:48: leaning strongly to the left for 21 min of 38 min "
	    "(sideways load 0.27 beyond your upright).");
}

static void a_noisy_lean_near_the_limit_is_not_raised(void **state)
{
	(void)state;
	struct observation lean = rule_sitting(SEAT_UPRIGHT);
	struct rule_run run;

	rule_begin(&run, "sideways_lean", NULL);
	for (int i = 0; i < 90; i++) {
		lean.sideways_ratio = i % 2 ? 0.125F : 0.185F; /* mean 0.155 */
		rule_feed(&run, &lean, 1);
	}
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void without_an_upright_minute_no_lean(void **state)
{
	(void)state;
	struct observation lean = rule_sitting(SEAT_UPRIGHT);
	struct rule_run run;

	lean.sideways_ratio = 0.4F;
	lean.baseline = false;
	rule_begin(&run, "sideways_lean", NULL);
	rule_feed(&run, &lean, 20 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void a_gap_inside_a_lean(void **state)
{
	(void)state;
	struct observation lean = rule_sitting(SEAT_UPRIGHT);
	struct rule_run run;

	lean.sideways_ratio = 0.3F;
	rule_begin(&run, "sideways_lean", NULL);
	rule_feed(&run, &lean, 50);
	rule_gap(&run, 20);
	rule_feed(&run, &lean, 50);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void bend_n_times(struct rule_run *run, int n, int every_s)
{
	struct observation upright = rule_sitting(SEAT_UPRIGHT), bend = upright;

	bend.bend = true;
	for (int i = 0; i < n; i++) {
		rule_feed(run, &bend, 1);
		rule_feed(run, &upright, every_s - 1);
	}
}

static void ten_bends_in_an_hour(void **state)
{
	(void)state;
	struct rule_run run;

	rule_begin(&run, "frequent_bending", NULL);
	bend_n_times(&run, 9, 5 * MIN);
	assert_int_equal(run.n_words, 0);
	bend_n_times(&run, 3, 5 * MIN);
	rule_end(&run);
	assert_int_equal(run.n_findings, 1);
	assert_float_equal(run.findings[0].value, 12, 1e-6F);
	assert_float_equal(run.findings[0].limit, 10, 1e-6F);
	assert_string_equal(run.findings[0].detail, "Bent forward 12 times within 1 h.");

	rule_begin(&run, "frequent_bending", NULL);
	bend_n_times(&run, 30, 7 * MIN); /* nine in an hour */
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

static void bends_before_a_gap_are_forgotten(void **state)
{
	(void)state;
	struct rule_run run;

	rule_begin(&run, "frequent_bending", NULL);
	bend_n_times(&run, 9, 60);
	rule_gap(&run, 5);
	bend_n_times(&run, 9, 60);
	rule_end(&run);
	assert_int_equal(run.n_words, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(long_feed_limit_is_exact),
	    cmocka_unit_test(a_minute_on_the_feet_ends_a_feed),
	    cmocka_unit_test(gaps_and_unknown_seats_end_sessions),
	    cmocka_unit_test(sitting_is_information_then_advice),
	    cmocka_unit_test(changing_posture_is_not_one_posture),
	    cmocka_unit_test(bent_time_of_a_feed),
	    cmocka_unit_test(bending_to_the_shoes_is_no_feed),
	    cmocka_unit_test(a_hunch_off_the_back_rest_counts),
	    cmocka_unit_test(lean_limits_are_exact),
	    cmocka_unit_test(the_feed_of_the_design),
	    cmocka_unit_test(a_noisy_lean_near_the_limit_is_not_raised),
	    cmocka_unit_test(without_an_upright_minute_no_lean),
	    cmocka_unit_test(a_gap_inside_a_lean),
	    cmocka_unit_test(ten_bends_in_an_hour),
	    cmocka_unit_test(bends_before_a_gap_are_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
