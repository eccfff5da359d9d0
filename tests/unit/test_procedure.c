/*
 * Calibration step by step on a simulated mat that is worn. Afterwards known pressures are read, what
 * is dead is found exactly, and the grade says how good it is.
 */
#include "support.h"
#include "worn_mat.h"

#include "base/clock.h"
#include "calib/fit.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* rms of the relative error at a pressure that was never part of the calibration. */
static double error_at_mmhg(struct worn_mat *mat, const struct calibration *made, float mmhg)
{
	struct calib *calib = calib_create(&mat->surface, made, NULL);
	float cells[WORN_CELLS];
	struct image image = {.cells = cells};
	double squares = 0;
	size_t n = 0;

	worn_mat_press(mat, 0, 10);
	worn_mat_press(mat, mmhg, 20);
	struct frame frame = {.mono_ns = mat->now_ns, .n_cells = WORN_CELLS, .counts = mat->counts};
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (size_t i = 0; i < WORN_CELLS; i++) {
		if (made->cells[i].dead)
			continue;
		double error = (double)(cells[i] / mmhg) - 1;
		squares += error * error;
		n++;
	}
	calib_destroy(calib);
	return sqrt(squares / (double)n);
}

static void test_a_worn_mat_reads_known_pressures_afterwards(void **state)
{
	static const float known_mmhg[] = {12, 15, 28, 35};
	struct procedure_plan plan = worn_mat_plan(3, 0);
	struct worn_mat mat;

	(void)state;
	worn_mat_begin(&mat, &very_worn, &plan);
	worn_mat_condition_and_tare(&mat);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(worn_mat_view(&mat).step, PROCEDURE_LEVEL);
		worn_mat_press(&mat, plan.levels_mmhg[i], 33);
	}
	struct calibration made = worn_mat_result(&mat);
	print_message("%s\n%s\n", made.note, made.reasons);
	for (size_t i = 0; i < WORN_CELLS; i++)
		if (made.cells[i].dead != (sim_sensor_dead(mat.sensor, i) != 0))
			fail_msg("cell %zu: dead %d", i, made.cells[i].dead);
	assert_int_equal(calibration_dead_lines(&made, &mat.surface), 1);
	assert_int_equal(calibration_dead_cells(&made), 41 + WORN_COLS);
	for (size_t i = 0; i < 4; i++) {
		double error = error_at_mmhg(&mat, &made, known_mmhg[i]);
		print_message("%.0f mmHg: rms error %.2f %%\n", (double)known_mmhg[i], 100 * error);
		assert_true(error < 0.027);
	}
	assert_true(made.grade == 'C'); /* 3.6 % of cells are dead */
	assert_non_null(strstr(made.reasons, "C: 73 of 2048 cells are dead"));
	assert_non_null(strstr(made.reasons, "1 whole row or column is dead"));
	assert_non_null(strstr(made.reasons, "B: creep is not known"));
	assert_null(strstr(made.reasons, "conditioned"));
	assert_float_equal(made.noise_mmhg, 0.05, 0.1);
	calibration_finish(&made);
	worn_mat_end(&mat);
}

static void test_one_level_is_fair_and_one_weight_rough(void **state)
{
	struct procedure_plan one = worn_mat_plan(1, 0), weight = worn_mat_plan(0, 20);
	struct worn_mat mat;

	(void)state;
	worn_mat_begin(&mat, &little_worn, &one);
	worn_mat_condition_and_tare(&mat);
	worn_mat_press(&mat, 40, 33);
	struct calibration made = worn_mat_result(&mat);
	assert_true(made.grade == 'C');
	assert_non_null(strstr(made.reasons, "C: one pressure gives a straight line"));
	assert_true(made.cells[100].exponent == 1);
	calibration_finish(&made);
	worn_mat_end(&mat);

	worn_mat_begin(&mat, &little_worn, &weight);
	worn_mat_condition_and_tare(&mat);
	worn_mat_weigh(&mat, 20, 33);
	made = worn_mat_result(&mat);
	assert_true(made.grade == 'D');
	assert_non_null(strstr(made.reasons, "D: one weight gives one gain"));
	worn_mat_weigh(&mat, 30, 20);
	double read_kg = fit_mass_kg(&made, &mat.surface, mat.counts);
	print_message("30 kg are read as %.1f kg\n", read_kg);
	assert_float_equal(read_kg, 30, 1.5);
	calibration_finish(&made);
	worn_mat_end(&mat);
}

/* Three levels and 30 min of rest on a mat in good order: the best grade, and its creep is found. */
static void test_a_good_mat_with_creep_is_very_good(void **state)
{
	struct procedure_plan plan = worn_mat_plan(3, 0);
	struct worn_mat mat;

	(void)state;
	plan.creep_s = 1800;
	worn_mat_begin(&mat, &little_worn, &plan);
	worn_mat_condition_and_tare(&mat);
	for (size_t i = 0; i < 3; i++)
		worn_mat_press(&mat, plan.levels_mmhg[i], i < 2 ? 33 : 33 + 1800);
	struct calibration made = worn_mat_result(&mat);
	assert_float_equal(made.creep_ratio, 0.02, 0.006);
	if (made.grade != 'A')
		fail_msg("%c: %s", made.grade, made.reasons);
	assert_string_equal(made.reasons, "");
	calibration_finish(&made);
	worn_mat_end(&mat);
}

static void test_creep_that_was_cut_short_is_said(void **state)
{
	struct procedure_plan plan = worn_mat_plan(3, 0);
	struct worn_mat mat;

	(void)state;
	plan.creep_s = 1800;
	worn_mat_begin(&mat, &little_worn, &plan);
	worn_mat_condition_and_tare(&mat);
	for (size_t i = 0; i < 3; i++)
		worn_mat_press(&mat, plan.levels_mmhg[i], i < 2 ? 33 : 600);
	worn_mat_press(&mat, 0, 2);
	struct calibration made = worn_mat_result(&mat);
	assert_true(made.grade == 'B');
	assert_non_null(strstr(made.reasons, "B: creep was watched for 10 min only"));
	calibration_finish(&made);
	worn_mat_end(&mat);
}

/* Pressures that were not what was said: the weight afterwards shows it. */
static void test_a_weight_checks_the_levels(void **state)
{
	struct procedure_plan plan = worn_mat_plan(3, 20);
	struct worn_mat mat;
	struct error err = {0};
	struct calibration made;

	(void)state;
	for (int wrong = 0; wrong < 3; wrong++) {
		static const float factor[] = {1, 0.8f, 0.4f};
		worn_mat_begin(&mat, &little_worn, &plan);
		worn_mat_condition_and_tare(&mat);
		for (size_t i = 0; i < 3; i++)
			worn_mat_press(&mat, factor[wrong] * plan.levels_mmhg[i], 33);
		worn_mat_press(&mat, factor[wrong] * 40, 10);
		worn_mat_sees(&mat, "the even load still lies there");
		worn_mat_press(&mat, 0, 5);
		worn_mat_weigh(&mat, 20, 33);
		int result = procedure_result(mat.procedure, &made, &err);
		if (wrong == 2) {
			assert_int_equal(result, -ERANGE);
			assert_non_null(strstr(err.text, "the 20.0 kg are read as"));
		} else {
			assert_int_equal(result, 0);
			print_message("grade %c\n%s\n", made.grade, made.reasons);
			assert_true(!strstr(made.reasons, "too heavy") == !wrong);
		}
		calibration_finish(&made);
		worn_mat_end(&mat);
	}
}

/* Four legs, 50 kg full scale each: the bed weighs 60 kg, not evenly; then 20 kg at the foot end. */
static void test_load_cells_take_a_weight(void **state)
{
	static const struct cell_place places[] = {{-400, 900, REGION_LEG}, {400, 900, REGION_LEG},
	    {-400, -900, REGION_LEG}, {400, -900, REGION_LEG}};
	static const float bed[] = {22000, 18000, 11000, 9000}, put[] = {2000, 2000, 8000, 8000};
	struct surface surface = {.name = "legs",
	    .kind = SURFACE_BED,
	    .n_cells = 4,
	    .pitch_mm = 25.4f,
	    .full_scale_counts = 50000,
	    .rate_hz = 10,
	    .places = places};
	struct procedure_plan plan = worn_mat_plan(0, 20), levels = worn_mat_plan(2, 0);
	struct calibration made;
	struct error err = {0};
	float counts[4];

	(void)state;
	assert_null(procedure_create(&surface, &levels, &err));
	assert_non_null(strstr(err.text, "load cells know no pressures"));
	plan.n_conditioning = 0;
	struct procedure *p = procedure_create(&surface, &plan, &err);
	for (int i = 0; i < 1000; i++) {
		for (size_t k = 0; k < 4; k++)
			counts[k] = bed[k] + (float)(i % 7) + (i > 620 ? put[k] : 0);
		struct frame frame = {
		    .mono_ns = (1 + i) * NS_PER_S / 10, .n_cells = 4, .counts = counts};
		procedure_feed(p, &frame);
	}
	assert_int_equal(procedure_result(p, &made, &err), 0);
	assert_float_equal(made.cells[0].offset_counts, 22003, 4);
	assert_float_equal(fit_mass_kg(&made, &surface, counts), 20, 0.05);
	assert_int_equal(calibration_dead_cells(&made), 0);
	calibration_finish(&made);
	procedure_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_worn_mat_reads_known_pressures_afterwards),
	    cmocka_unit_test(test_one_level_is_fair_and_one_weight_rough),
	    cmocka_unit_test(test_a_good_mat_with_creep_is_very_good),
	    cmocka_unit_test(test_creep_that_was_cut_short_is_said),
	    cmocka_unit_test(test_a_weight_checks_the_levels),
	    cmocka_unit_test(test_load_cells_take_a_weight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
