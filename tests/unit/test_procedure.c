/*
 * Calibration step by step on a simulated mat that is worn: gains 30 % apart, exponents of 0.7 to 1,
 * creep, hysteresis, ghosts, two cells in a hundred dead and a row besides. Afterwards known
 * pressures are read, what is dead is found exactly, and what is wrong is refused and said.
 */
#include "bodies.h"
#include "calib/fit.h"
#include "calib/procedure.h"
#include "drivers/sim/sensor.h"
#include "drivers/sim/world.h"
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 64
#define COLS 32
#define N    (ROWS * COLS)
#define RATE 4

static const struct sim_wear worn = {.gain_sigma = 0.3,
    .gamma_low = 0.7,
    .gamma_high = 1,
    .creep_ratio = 0.03,
    .dead_ratio = 0.02,
    .dead_row = 20};
static const struct sim_wear little_worn = {
    .gain_sigma = 0.15, .gamma_low = 0.95, .gamma_high = 1, .creep_ratio = 0.02, .dead_row = -1};

struct bench {
	struct surface surface;
	struct sim_sensor *sensor;
	struct procedure *procedure;
	float mmhg[N], counts[N];
	int64_t now_ns, loaded_ns;
};

static void make_mat(struct bench *bench, const struct sim_wear *wear)
{
	struct random random;

	*bench = (struct bench){.surface = bodies_bed(ROWS, COLS), .now_ns = NS_PER_H};
	strcpy(bench->surface.name, "bed");
	bench->surface.full_scale_counts = 4095;
	random_init(&random, 17);
	bench->sensor = sim_sensor_create_worn(&bench->surface, &random, wear, NULL);
	assert_non_null(bench->sensor);
}

static struct procedure_plan plan_of(size_t n_levels, float mass_kg)
{
	static const float levels_mmhg[] = {10, 20, 40};
	struct procedure_plan plan = {.n_levels = n_levels, .mass_kg = mass_kg};

	procedure_defaults(&plan);
	memcpy(plan.levels_mmhg, levels_mmhg + (3 - n_levels), n_levels * sizeof(float));
	return plan;
}

static void begin(struct bench *bench, const struct procedure_plan *plan)
{
	struct error err = {0};

	bench->procedure = procedure_create(&bench->surface, plan, &err);
	if (!bench->procedure)
		fail_msg("%s", err.text);
}

static void unmake(struct bench *bench)
{
	procedure_destroy(bench->procedure);
	sim_sensor_destroy(bench->sensor);
}

/* So many seconds of the pressures that stand in mmhg, until the procedure ends. */
static void pass(struct bench *bench, double length_s)
{
	bench->loaded_ns = bench->now_ns;
	for (int i = 0; i < length_s * RATE; i++) {
		bench->now_ns += NS_PER_S / RATE;
		sim_sensor_read(bench->sensor, bench->mmhg,
		    (double)(bench->now_ns - bench->loaded_ns) / 1e9, bench->counts);
		struct frame frame = {.mono_ns = bench->now_ns,
		    .real_ns = bench->now_ns + 1795359600LL * NS_PER_S,
		    .n_cells = N,
		    .counts = bench->counts};
		if (bench->procedure)
			procedure_feed(bench->procedure, &frame);
	}
}

static void press(struct bench *bench, float mmhg, double length_s)
{
	for (size_t i = 0; i < N; i++)
		bench->mmhg[i] = mmhg;
	pass(bench, length_s);
}

static void lie(struct bench *bench, double length_s)
{
	bodies_lie(&bench->surface, POSTURE_SUPINE, 80, 3, bench->mmhg);
	pass(bench, length_s);
}

/* So many kilograms on a square of 16 x 16 cells. */
static void weigh(struct bench *bench, double mass_kg, double length_s)
{
	double area_m2 = 256 * pow((double)bench->surface.pitch_mm / 1000, 2);
	float mmhg = (float)(mass_kg * 9.80665 / area_m2 / 133.322);

	for (size_t i = 0; i < N; i++) {
		size_t row = i / COLS, col = i % COLS;
		bench->mmhg[i] = row >= 32 && row < 48 && col >= 8 && col < 24 ? mmhg : 0;
	}
	pass(bench, length_s);
}

static void condition(struct bench *bench)
{
	press(bench, 0, 5);
	for (int i = 0; i < 3; i++) {
		press(bench, 40, 8);
		press(bench, 0, 8);
	}
}

static struct procedure_view view_of(const struct bench *bench)
{
	struct procedure_view view;

	procedure_view(bench->procedure, &view);
	return view;
}

static void expect_sees(const struct bench *bench, const char *words)
{
	struct procedure_view view = view_of(bench);

	if (!strstr(view.sees, words))
		fail_msg("\"%s\" lacks \"%s\" (asked: %s)", view.sees, words, view.ask);
}

static struct calibration result_of(struct bench *bench)
{
	struct calibration made;
	struct error err = {0};

	if (procedure_result(bench->procedure, &made, &err) < 0)
		fail_msg("%s", err.text);
	return made;
}

/* rms of the relative error at a pressure that was never part of the calibration. */
static double error_at_mmhg(struct bench *bench, const struct calibration *made, float mmhg)
{
	struct calib *calib = calib_create(&bench->surface, made, NULL);
	float cells[N];
	struct image image = {.cells = cells};
	double squares = 0;
	size_t n = 0;

	press(bench, 0, 10);
	press(bench, mmhg, 20);
	struct frame frame = {.mono_ns = bench->now_ns, .n_cells = N, .counts = bench->counts};
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (size_t i = 0; i < N; i++) {
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
	struct procedure_plan plan = plan_of(3, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &worn);
	begin(&bench, &plan);
	condition(&bench);
	press(&bench, 0, 62);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(view_of(&bench).step, PROCEDURE_LEVEL);
		press(&bench, plan.levels_mmhg[i], 33);
	}
	struct calibration made = result_of(&bench);
	print_message("%s\n%s\n", made.note, made.reasons);
	for (size_t i = 0; i < N; i++)
		if (made.cells[i].dead != (sim_sensor_dead(bench.sensor, i) != 0))
			fail_msg("cell %zu: dead %d", i, made.cells[i].dead);
	assert_int_equal(calibration_dead_lines(&made, &bench.surface), 1);
	assert_int_equal(calibration_dead_cells(&made), 41 + COLS);
	for (size_t i = 0; i < 4; i++) {
		double error = error_at_mmhg(&bench, &made, known_mmhg[i]);
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
	unmake(&bench);
}

static void test_somebody_on_it_during_the_tare_is_refused(void **state)
{
	struct procedure_plan plan = plan_of(2, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &worn);
	plan.n_conditioning = 0;
	begin(&bench, &plan);
	lie(&bench, 90);
	assert_int_equal(view_of(&bench).step, PROCEDURE_TARE);
	assert_true(view_of(&bench).step_ratio < 0.01);
	expect_sees(&bench, "something lies on the mat");
	press(&bench, 0, 40); /* not yet a minute */
	assert_string_equal(view_of(&bench).sees, "");
	lie(&bench, 2); /* and it begins anew */
	press(&bench, 0, 55);
	assert_int_equal(view_of(&bench).step, PROCEDURE_TARE);
	press(&bench, 0, 7);
	assert_int_equal(view_of(&bench).step, PROCEDURE_LEVEL);
	/* Who lies down in place of the even load is told so, and nothing is taken from it. */
	lie(&bench, 60);
	assert_int_equal(view_of(&bench).step, PROCEDURE_LEVEL);
	expect_sees(&bench, "of the mat is pressed");
	unmake(&bench);
}

/* A child of 4 kg, at the foot end; a load that was left on after the conditioning. */
static void test_what_is_left_on_the_mat_is_refused(void **state)
{
	struct procedure_plan plan = plan_of(2, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &worn);
	begin(&bench, &plan);
	condition(&bench);
	assert_int_equal(view_of(&bench).step, PROCEDURE_TARE);
	bodies_add_box(&bench.surface, 100, 1300, 150, 300, 6.5f, bench.mmhg);
	pass(&bench, 70);
	expect_sees(&bench, "something lies on the mat near the feet, on the left");
	press(&bench, 15, 70);
	expect_sees(&bench, "the whole mat reads");
	assert_int_equal(view_of(&bench).step, PROCEDURE_TARE);
	unmake(&bench);
}

static void test_a_load_that_is_not_what_was_said_waits(void **state)
{
	struct procedure_plan plan = plan_of(2, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &little_worn);
	plan.n_conditioning = 0;
	begin(&bench, &plan);
	press(&bench, 0, 62);
	press(&bench, 0, 20);
	expect_sees(&bench, "no load is seen yet");
	for (size_t i = 0; i < N; i++)
		bench.mmhg[i] = i / COLS < 40 ? 20 : 0;
	pass(&bench, 40);
	expect_sees(&bench, "% of the mat is pressed");
	for (size_t i = 0; i < N; i++)
		bench.mmhg[i] = 10 + 25 * (float)(i / COLS) / ROWS;
	pass(&bench, 40);
	expect_sees(&bench, "near the head it presses least");
	press(&bench, 20, 25);
	assert_int_equal(view_of(&bench).step, PROCEDURE_LEVEL);
	press(&bench, 25, 25); /* somebody leant on it: it begins anew */
	press(&bench, 20, 33);
	press(&bench, 20, 40);
	expect_sees(&bench, "as much as at 20 mmHg");
	press(&bench, 99, 10);
	expect_sees(&bench, "end of their scale");
	press(&bench, 40, 33);
	struct calibration made = result_of(&bench);
	print_message("%s\n%s\n", made.note, made.reasons);
	assert_true(made.grade == 'B'); /* two levels, no creep, not conditioned */
	assert_non_null(strstr(made.reasons, "was not loaded three times"));
	calibration_finish(&made);
	unmake(&bench);
}

static void test_one_level_is_fair_and_one_weight_rough(void **state)
{
	struct procedure_plan one = plan_of(1, 0), weight = plan_of(0, 20);
	struct bench bench;

	(void)state;
	make_mat(&bench, &little_worn);
	begin(&bench, &one);
	condition(&bench);
	press(&bench, 0, 62);
	press(&bench, 40, 33);
	struct calibration made = result_of(&bench);
	assert_true(made.grade == 'C');
	assert_non_null(strstr(made.reasons, "C: one pressure gives a straight line"));
	assert_true(made.cells[100].exponent == 1);
	calibration_finish(&made);
	unmake(&bench);

	make_mat(&bench, &little_worn);
	begin(&bench, &weight);
	condition(&bench);
	press(&bench, 0, 62);
	weigh(&bench, 20, 33);
	made = result_of(&bench);
	assert_true(made.grade == 'D');
	assert_non_null(strstr(made.reasons, "D: one weight gives one gain"));
	weigh(&bench, 30, 20);
	double read_kg = fit_mass_kg(&made, &bench.surface, bench.counts);
	print_message("30 kg are read as %.1f kg\n", read_kg);
	assert_float_equal(read_kg, 30, 1.5);
	calibration_finish(&made);
	unmake(&bench);
}

/* Three levels and 30 min of rest on a mat in good order: the best grade, and its creep is found. */
static void test_a_good_mat_with_creep_is_very_good(void **state)
{
	struct procedure_plan plan = plan_of(3, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &little_worn);
	plan.creep_s = 1800;
	begin(&bench, &plan);
	condition(&bench);
	press(&bench, 0, 62);
	for (size_t i = 0; i < 3; i++)
		press(&bench, plan.levels_mmhg[i], i < 2 ? 33 : 33 + 1800);
	struct calibration made = result_of(&bench);
	assert_float_equal(made.creep_ratio, 0.02, 0.006);
	if (made.grade != 'A')
		fail_msg("%c: %s", made.grade, made.reasons);
	assert_string_equal(made.reasons, "");
	calibration_finish(&made);
	unmake(&bench);
}

static void test_creep_that_was_cut_short_is_said(void **state)
{
	struct procedure_plan plan = plan_of(3, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &little_worn);
	plan.creep_s = 1800;
	begin(&bench, &plan);
	condition(&bench);
	press(&bench, 0, 62);
	for (size_t i = 0; i < 3; i++)
		press(&bench, plan.levels_mmhg[i], i < 2 ? 33 : 600);
	press(&bench, 0, 2);
	struct calibration made = result_of(&bench);
	assert_true(made.grade == 'B');
	assert_non_null(strstr(made.reasons, "B: creep was watched for 10 min only"));
	calibration_finish(&made);
	unmake(&bench);
}

/* Pressures that were not what was said: the weight afterwards shows it. */
static void test_a_weight_checks_the_levels(void **state)
{
	struct procedure_plan plan = plan_of(3, 20);
	struct bench bench;
	struct error err = {0};
	struct calibration made;

	(void)state;
	for (int wrong = 0; wrong < 3; wrong++) {
		static const float factor[] = {1, 0.8f, 0.4f};
		make_mat(&bench, &little_worn);
		begin(&bench, &plan);
		condition(&bench);
		press(&bench, 0, 62);
		for (size_t i = 0; i < 3; i++)
			press(&bench, factor[wrong] * plan.levels_mmhg[i], 33);
		press(&bench, factor[wrong] * 40, 10);
		expect_sees(&bench, "the even load still lies there");
		press(&bench, 0, 5);
		weigh(&bench, 20, 33);
		int result = procedure_result(bench.procedure, &made, &err);
		if (wrong == 2) {
			assert_int_equal(result, -ERANGE);
			assert_non_null(strstr(err.text, "the 20.0 kg are read as"));
		} else {
			assert_int_equal(result, 0);
			print_message("grade %c\n%s\n", made.grade, made.reasons);
			assert_true(!strstr(made.reasons, "too heavy") == !wrong);
		}
		calibration_finish(&made);
		unmake(&bench);
	}
}

/* Said 10, 20 and 40, but it was 1, 8 and 60: no mat has such a curve. */
static void test_pressures_that_cannot_be_true_are_refused(void **state)
{
	static const float really_mmhg[] = {1.5f, 9, 54};
	struct procedure_plan plan = plan_of(3, 0);
	struct bench bench;
	struct calibration made;
	struct error err = {0};

	(void)state;
	make_mat(&bench, &little_worn);
	begin(&bench, &plan);
	condition(&bench);
	press(&bench, 0, 62);
	for (size_t i = 0; i < 3; i++)
		press(&bench, really_mmhg[i], 33);
	assert_int_equal(procedure_result(bench.procedure, &made, &err), -ERANGE);
	assert_non_null(strstr(err.text, "the counts rose much more than the pressures"));
	unmake(&bench);
}

static void test_patience_ends_and_says_at_what(void **state)
{
	struct procedure_plan plan = plan_of(2, 0);
	struct bench bench;
	struct calibration made;
	struct error err = {0};

	(void)state;
	make_mat(&bench, &worn);
	plan.n_conditioning = 0;
	begin(&bench, &plan);
	assert_int_equal(procedure_result(bench.procedure, &made, &err), -EAGAIN);
	lie(&bench, 610);
	assert_int_equal(view_of(&bench).state, PROCEDURE_FAILED);
	assert_int_equal(procedure_result(bench.procedure, &made, &err), -ECANCELED);
	assert_non_null(strstr(err.text, "given up at step 1 of 3"));
	assert_non_null(strstr(err.text, "something lies on the mat"));
	assert_null(made.cells);
	press(&bench, 0, 100); /* nothing happens after the end */
	assert_int_equal(view_of(&bench).state, PROCEDURE_FAILED);
	unmake(&bench);
}

static void test_a_mat_that_hangs_or_lies_is_not_calibrated(void **state)
{
	struct procedure_plan plan = plan_of(1, 0);
	struct bench bench;

	(void)state;
	make_mat(&bench, &worn);
	plan.n_conditioning = 0;
	begin(&bench, &plan);
	for (int i = 0; i < 200; i++) {
		struct frame frame = {
		    .mono_ns = bench.now_ns += NS_PER_S, .n_cells = N, .counts = bench.counts};
		bench.counts[0] = 7;
		if (i >= 100)
			bench.counts[i] = NAN;
		for (size_t k = 0; i >= 150 && k < N / 4; k++)
			bench.counts[k] = -1;
		procedure_feed(bench.procedure, &frame);
		if (i == 99)
			expect_sees(&bench, "the same frame comes again and again");
	}
	expect_sees(&bench, "counts that cannot be");
	assert_int_equal(view_of(&bench).step, PROCEDURE_TARE);
	unmake(&bench);
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
	struct procedure_plan plan = plan_of(0, 20), levels = plan_of(2, 0);
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

static void test_a_plan_without_sense_is_refused(void **state)
{
	struct surface surface = bodies_bed(ROWS, COLS);
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
	    cmocka_unit_test(test_a_worn_mat_reads_known_pressures_afterwards),
	    cmocka_unit_test(test_somebody_on_it_during_the_tare_is_refused),
	    cmocka_unit_test(test_what_is_left_on_the_mat_is_refused),
	    cmocka_unit_test(test_a_load_that_is_not_what_was_said_waits),
	    cmocka_unit_test(test_one_level_is_fair_and_one_weight_rough),
	    cmocka_unit_test(test_a_good_mat_with_creep_is_very_good),
	    cmocka_unit_test(test_creep_that_was_cut_short_is_said),
	    cmocka_unit_test(test_a_weight_checks_the_levels),
	    cmocka_unit_test(test_pressures_that_cannot_be_true_are_refused),
	    cmocka_unit_test(test_patience_ends_and_says_at_what),
	    cmocka_unit_test(test_a_mat_that_hangs_or_lies_is_not_calibrated),
	    cmocka_unit_test(test_load_cells_take_a_weight),
	    cmocka_unit_test(test_a_plan_without_sense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
