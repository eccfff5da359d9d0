/* A calibration waits for what it asked for, says what it sees instead, and gives up in the end. */
#include "bodies.h"
#include "support.h"
#include "worn_mat.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static void test_somebody_on_it_during_the_tare_is_refused(void **state)
{
	struct procedure_plan plan = worn_mat_plan(2, 0);
	struct worn_mat mat;

	(void)state;
	plan.n_conditioning = 0;
	worn_mat_begin(&mat, &very_worn, &plan);
	worn_mat_lie(&mat, 90);
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_TARE);
	assert_true(worn_mat_view(&mat).step_ratio < 0.01);
	worn_mat_sees(&mat, "something lies on the mat");
	worn_mat_press(&mat, 0, 40); /* not yet a minute */
	assert_string_equal(worn_mat_view(&mat).sees, "");
	worn_mat_lie(&mat, 2); /* and it begins anew */
	worn_mat_press(&mat, 0, 55);
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_TARE);
	worn_mat_press(&mat, 0, 7);
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_LEVEL);
	/* Who lies down in place of the even load is told so, and nothing is taken from it. */
	worn_mat_lie(&mat, 60);
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_LEVEL);
	worn_mat_sees(&mat, "of the mat is pressed");
	worn_mat_end(&mat);
}

/* A child of 4 kg, at the foot end; a load that was left on after the conditioning. */
static void test_what_is_left_on_the_mat_is_refused(void **state)
{
	struct procedure_plan plan = worn_mat_plan(2, 0);
	struct worn_mat mat;

	(void)state;
	worn_mat_begin(&mat, &very_worn, &plan);
	worn_mat_condition(&mat);
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_TARE);
	bodies_add_box(&mat.surface, 100, 1300, 150, 300, 6.5f, mat.mmhg);
	worn_mat_pass(&mat, 70);
	worn_mat_sees(&mat, "something lies on the mat near the feet, on the left");
	worn_mat_press(&mat, 15, 70);
	worn_mat_sees(&mat, "the whole mat reads");
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_TARE);
	worn_mat_end(&mat);
}

static void test_a_load_that_is_not_what_was_said_waits(void **state)
{
	struct procedure_plan plan = worn_mat_plan(2, 0);
	struct worn_mat mat;

	(void)state;
	plan.n_conditioning = 0;
	worn_mat_begin(&mat, &little_worn, &plan);
	worn_mat_press(&mat, 0, 62);
	worn_mat_press(&mat, 0, 20);
	worn_mat_sees(&mat, "no load is seen yet");
	for (size_t i = 0; i < WORN_CELLS; i++)
		mat.mmhg[i] = i / WORN_COLS < 40 ? 20 : 0;
	worn_mat_pass(&mat, 40);
	worn_mat_sees(&mat, "% of the mat is pressed");
	for (size_t i = 0; i < WORN_CELLS; i++)
		mat.mmhg[i] = 10 + 25 * (float)(i / WORN_COLS) / WORN_ROWS;
	worn_mat_pass(&mat, 40);
	worn_mat_sees(&mat, "near the head it presses least");
	worn_mat_press(&mat, 20, 25);
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_LEVEL);
	worn_mat_press(&mat, 25, 25); /* somebody leant on it: it begins anew */
	worn_mat_press(&mat, 20, 33);
	worn_mat_press(&mat, 20, 40);
	worn_mat_sees(&mat, "as much as at 20 mmHg");
	worn_mat_press(&mat, 99, 10);
	worn_mat_sees(&mat, "end of their scale");
	worn_mat_press(&mat, 40, 33);
	struct calibration made = worn_mat_result(&mat);
	print_message("%s\n%s\n", made.note, made.reasons);
	assert_true(made.grade == 'B'); /* two levels, no creep, not conditioned */
	assert_non_null(strstr(made.reasons, "was not loaded three times"));
	calibration_finish(&made);
	worn_mat_end(&mat);
}

/* Said 10, 20 and 40, but it was 1, 8 and 60: no mat has such a curve. */
static void test_pressures_that_cannot_be_true_are_refused(void **state)
{
	static const float really_mmhg[] = {1.5f, 9, 54};
	struct procedure_plan plan = worn_mat_plan(3, 0);
	struct worn_mat mat;
	struct calibration made;
	struct error err = {0};

	(void)state;
	worn_mat_begin(&mat, &little_worn, &plan);
	worn_mat_condition_and_tare(&mat);
	for (size_t i = 0; i < 3; i++)
		worn_mat_press(&mat, really_mmhg[i], 33);
	assert_int_equal(procedure_result(mat.procedure, &made, &err), -ERANGE);
	assert_non_null(strstr(err.text, "the counts rose much more than the pressures"));
	worn_mat_end(&mat);
}

static void test_patience_ends_and_says_at_what(void **state)
{
	struct procedure_plan plan = worn_mat_plan(2, 0);
	struct worn_mat mat;
	struct calibration made;
	struct error err = {0};

	(void)state;
	plan.n_conditioning = 0;
	worn_mat_begin(&mat, &very_worn, &plan);
	assert_int_equal(procedure_result(mat.procedure, &made, &err), -EAGAIN);
	worn_mat_lie(&mat, 610);
	assert_int_equal(worn_mat_view(&mat).state, PROCEDURE_FAILED);
	assert_int_equal(procedure_result(mat.procedure, &made, &err), -ECANCELED);
	assert_non_null(strstr(err.text, "given up at step 1 of 3"));
	assert_non_null(strstr(err.text, "something lies on the mat"));
	assert_null(made.cells);
	worn_mat_press(&mat, 0, 100); /* nothing happens after the end */
	assert_int_equal(worn_mat_view(&mat).state, PROCEDURE_FAILED);
	worn_mat_end(&mat);
}

static void test_a_mat_that_hangs_or_lies_is_not_calibrated(void **state)
{
	struct procedure_plan plan = worn_mat_plan(1, 0);
	struct worn_mat mat;

	(void)state;
	plan.n_conditioning = 0;
	worn_mat_begin(&mat, &very_worn, &plan);
	for (int i = 0; i < 200; i++) {
		struct frame frame = {
		    .mono_ns = mat.now_ns += NS_PER_S, .n_cells = WORN_CELLS, .counts = mat.counts};
		mat.counts[0] = 7;
		if (i >= 100)
			mat.counts[i] = NAN;
		for (size_t k = 0; i >= 150 && k < WORN_CELLS / 4; k++)
			mat.counts[k] = -1;
		procedure_feed(mat.procedure, &frame);
		if (i == 99)
			worn_mat_sees(&mat, "the same frame comes again and again");
	}
	worn_mat_sees(&mat, "counts that cannot be");
	assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_TARE);
	worn_mat_end(&mat);
}

static void test_a_plan_without_sense_is_refused(void **state)
{
	struct surface surface = bodies_bed(WORN_ROWS, WORN_COLS);
	struct procedure_plan none = {0}, close = {.n_levels = 2, .levels_mmhg = {40, 38}},
	                      below = {.n_levels = 1, .levels_mmhg = {-3}};
	struct error err = {0};

	(void)state;
	assert_null(procedure_create(&surface, &none, &err));
	assert_non_null(strstr(err.text, "--levels"));
	assert_null(procedure_create(&surface, &close, &err));
	assert_non_null(strstr(err.text, "too close"));
	assert_null(procedure_create(&surface, &below, &err));
	procedure_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_somebody_on_it_during_the_tare_is_refused),
	    cmocka_unit_test(test_what_is_left_on_the_mat_is_refused),
	    cmocka_unit_test(test_a_load_that_is_not_what_was_said_waits),
	    cmocka_unit_test(test_pressures_that_cannot_be_true_are_refused),
	    cmocka_unit_test(test_patience_ends_and_says_at_what),
	    cmocka_unit_test(test_a_mat_that_hangs_or_lies_is_not_calibrated),
	    cmocka_unit_test(test_a_plan_without_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
