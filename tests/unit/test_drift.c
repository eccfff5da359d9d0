/* The zero is followed while the mat is empty: slowly, not far, and never under a load. */
#include "calib/calib.h"
#include "support.h"

#include "base/clock.h"
#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 16
#define COLS 8
#define N    (ROWS * COLS)
#define FULL 4000

struct mat {
	struct surface surface;
	struct calib *calib;
	struct random random;
	float wander[N], load[N]; /* counts above the calibrated zero, which is 100 */
	int64_t now_ns;
	size_t n_moved, n_blocked;
};

static void make(struct mat *mat, enum pressure_unit unit, enum surface_kind kind)
{
	struct calibration calibration;

	*mat = (struct mat){.now_ns = NS_PER_H,
	    .surface = {.name = "bed",
	        .kind = kind,
	        .rows = ROWS,
	        .cols = COLS,
	        .n_cells = N,
	        .pitch_mm = 50,
	        .flip = FLIP_BOTH,
	        .full_scale_counts = FULL,
	        .rate_hz = 1}};
	random_init(&mat->random, 5);
	assert_int_equal(calibration_init_relative(&calibration, &mat->surface), 0);
	calibration.unit = unit;
	for (size_t i = 0; i < N; i++)
		calibration.cells[i].offset_counts = 100;
	calibration.cells[17].dead = true;
	mat->calib = calib_create(&mat->surface, &calibration, NULL);
	assert_non_null(mat->calib);
	calibration_finish(&calibration);
}

static void pass(struct mat *mat, double minutes, bool empty)
{
	float counts[N], cells[N];
	struct image image = {.cells = cells};

	for (int s = 0; s < minutes * 60; s++) {
		mat->now_ns += NS_PER_S;
		for (size_t i = 0; i < N; i++)
			counts[i] = 100 + mat->wander[i] + mat->load[i] +
			            2 * (float)random_normal(&mat->random);
		struct frame frame = {.mono_ns = mat->now_ns, .n_cells = N, .counts = counts};
		assert_int_equal(calib_apply(mat->calib, &frame, &image), 0);
		enum drift_verdict verdict = calib_follow(mat->calib, empty);
		mat->n_moved += verdict == DRIFT_MOVED;
		mat->n_blocked += verdict == DRIFT_BLOCKED;
	}
}

static void fill(float *values, float value)
{
	for (size_t i = 0; i < N; i++)
		values[i] = value;
}

static float zero_of(const struct mat *mat, size_t cell)
{
	return calib_in_force(mat->calib)->cells[cell].offset_counts;
}

/* 1.5 % of full scale at once: ten minutes of nothing, then 5 % an hour, then it is there. */
static void it_waits_and_then_follows_slowly(void **state)
{
	struct mat mat;

	(void)state;
	make(&mat, PRESSURE_MMHG, SURFACE_BED);
	fill(mat.wander, 60);
	pass(&mat, 9.9, true);
	assert_true(zero_of(&mat, 3) == 100);
	pass(&mat, 6, true);
	assert_int_equal(mat.n_moved, 6);
	assert_float_equal(zero_of(&mat, 3), 100 + 6 * 0.05 / 60 * FULL, 0.01);
	pass(&mat, 30, true);
	for (size_t i = 0; i < N; i++)
		assert_float_equal(zero_of(&mat, i), i == 17 ? 100 : 160, 1.5); /* 17 is dead */
	assert_float_equal(calib_drift_ratio(mat.calib), 60.0 / FULL, 0.001);
	calib_destroy(mat.calib);
}

static void it_never_follows_under_somebody(void **state)
{
	struct mat mat;

	(void)state;
	make(&mat, PRESSURE_MMHG, SURFACE_BED);
	fill(mat.wander, 40);
	pass(&mat, 300, false);
	for (int i = 0; i < 20; i++) { /* she gets up often, but never for long */
		pass(&mat, 9, true);
		pass(&mat, 0.1, false);
	}
	assert_int_equal(mat.n_moved, 0);
	for (size_t i = 0; i < N; i++)
		assert_true(zero_of(&mat, i) == 100);
	calib_destroy(mat.calib);
}

/* A bag, on mats of which the body model says that nobody is there; and an even load. */
static void it_never_follows_a_dead_weight(void **state)
{
	struct mat mat;

	(void)state;
	make(&mat, PRESSURE_MMHG, SURFACE_BED);
	fill(mat.wander, 20);
	for (size_t i = 0; i < N; i++)
		mat.load[i] = i / COLS >= 9 && i / COLS < 13 && i % COLS < 4 ? 40 : 0;
	pass(&mat, 180, true);
	assert_int_equal(mat.n_moved, 0);
	assert_true(mat.n_blocked > 100);
	fill(mat.load, 0.03f * FULL);
	pass(&mat, 180, true);
	assert_int_equal(mat.n_moved, 0);
	fill(mat.load, 0);
	pass(&mat, 30, true);
	assert_true(mat.n_moved > 0);
	assert_float_equal(zero_of(&mat, 40), 120, 1.5);
	calib_destroy(mat.calib);
}

/* Hour after hour in one direction: at a tenth of full scale it stops, and that is far too much. */
static void it_never_goes_far(void **state)
{
	struct mat mat;

	(void)state;
	make(&mat, PRESSURE_MMHG, SURFACE_BED);
	for (int minute = 0; minute < 20 * 60; minute++) {
		fill(mat.wander, (float)minute / 60 * 0.01f * FULL);
		pass(&mat, 1, true);
	}
	for (size_t i = 0; i < N; i++)
		assert_true(zero_of(&mat, i) <= 100 + 0.10f * FULL + 0.01f);
	assert_float_equal(zero_of(&mat, 3), 100 + 0.10f * FULL, 1);
	assert_true(calib_drift_ratio(mat.calib) > 0.09f);
	calib_destroy(mat.calib);
}

static void the_same_frames_give_the_same_zero(void **state)
{
	static struct mat mats[2];

	(void)state;
	for (int k = 0; k < 2; k++) {
		make(&mats[k], PRESSURE_MMHG, SURFACE_SEAT);
		fill(mats[k].wander, 30);
		pass(&mats[k], 45, true);
		assert_true(mats[k].n_moved > 0);
	}
	for (size_t i = 0; i < N; i++)
		assert_true(zero_of(&mats[0], i) == zero_of(&mats[1], i));
	calib_destroy(mats[0].calib);
	calib_destroy(mats[1].calib);
}

static void strips_and_uncalibrated_mats_are_left_alone(void **state)
{
	struct mat mat;

	(void)state;
	for (int k = 0; k < 2; k++) {
		make(&mat, k ? PRESSURE_MMHG : PRESSURE_RELATIVE, k ? SURFACE_STRIP : SURFACE_BED);
		fill(mat.wander, 30);
		pass(&mat, 30, true);
		assert_int_equal(mat.n_moved + mat.n_blocked, 0);
		assert_true(isnan(calib_drift_ratio(mat.calib)));
		calib_destroy(mat.calib);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_waits_and_then_follows_slowly),
	    cmocka_unit_test(it_never_follows_under_somebody),
	    cmocka_unit_test(it_never_follows_a_dead_weight),
	    cmocka_unit_test(it_never_goes_far),
	    cmocka_unit_test(the_same_frames_give_the_same_zero),
	    cmocka_unit_test(strips_and_uncalibrated_mats_are_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
