/* Making a calibration: known curves come back, from even pressures or a weight. */
#include "calib/calib.h"
#include "calib/fit.h"
#include "small_mat.h"
#include "support.h"

#include "base/clock.h"
#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* A power law of each cell's own is fitted from three levels, and pressures come back. */
static void known_power_laws_are_recovered(void **state)
{
	(void)state;
	static const float levels_mmhg[] = {0, 20, 40, 80};
	struct surface surface = small_mat(FLIP_NONE);
	struct calibration calibration;
	struct random random;
	float offset[SMALL_CELLS], gain[SMALL_CELLS], exponent[SMALL_CELLS], counts[4][SMALL_CELLS],
	    cells[SMALL_CELLS];
	struct fit_level levels[4];

	random_init(&random, 7);
	for (int i = 0; i < SMALL_CELLS; i++) {
		offset[i] = (float)random_between(&random, 0, 30);
		gain[i] = (float)random_between(&random, 0.01, 0.03);
		exponent[i] = (float)random_between(&random, 0.8, 1.3);
		for (int k = 0; k < 4; k++)
			counts[k][i] = offset[i] + powf(levels_mmhg[k] / gain[i], 1 / exponent[i]);
	}
	for (int k = 0; k < 4; k++)
		levels[k] = (struct fit_level){levels_mmhg[k], counts[k]};
	surface.full_scale_counts = 65535;
	assert_int_equal(fit_levels(&calibration, &surface, levels, 4, 0, NULL, NULL), 0);
	assert_int_equal(calibration.unit, PRESSURE_MMHG);
	assert_true(calibration.quality_ratio > 0.999f);
	for (int i = 0; i < SMALL_CELLS; i++) {
		assert_float_equal(calibration.cells[i].exponent, exponent[i], 1e-3);
		assert_float_equal(calibration.cells[i].gain / gain[i], 1, 0.01);
	}
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	struct image image = {.cells = cells};
	struct frame frame = small_frame(counts[2], NS_PER_S);
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (int i = 0; i < SMALL_CELLS; i++)
		assert_float_equal(cells[i], 40, 0.02);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void a_fit_says_why_its_quality_is_low(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calibration calibration;
	float counts[SMALL_CELLS], close[SMALL_CELLS];
	struct error err = {0};

	for (int i = 0; i < SMALL_CELLS; i++)
		close[i] = counts[i] = 500;
	counts[4] = 0;
	struct fit_level levels[] = {{40, counts}, {42, close}};
	assert_int_equal(fit_levels(&calibration, &surface, levels, 1, 0, NULL, &err), 0);
	assert_true(calibration.cells[4].dead);
	assert_true(calibration.quality_ratio < 0.76f);
	assert_non_null(strstr(calibration.note, "straight line over 1 level"));
	assert_non_null(strstr(calibration.note, "1 of 48 cells dead"));
	calibration_finish(&calibration);
	assert_int_equal(fit_levels(&calibration, &surface, levels, 2, 0, NULL, &err), -EINVAL);
	assert_non_null(strstr(err.text, "too close"));
	assert_int_equal(fit_levels(&calibration, &surface, NULL, 0, 0, NULL, &err), -EINVAL);
}

/* 60 kg on 48 cells of 25 mm: the pressures carry 588.4 SMALL_CELLS. */
static void a_known_weight_gives_the_gain(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calibration calibration;
	float empty[SMALL_CELLS], loaded[SMALL_CELLS], cells[SMALL_CELLS];
	double force_n = 0;

	for (int i = 0; i < SMALL_CELLS; i++) {
		empty[i] = 10;
		loaded[i] = 10 + (float)(i * 20);
	}
	assert_int_equal(fit_weight(&calibration, &surface, empty, loaded, 60, 0, NULL, NULL), 0);
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	struct image image = {.cells = cells};
	struct frame frame = small_frame(loaded, NS_PER_S);
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (int i = 0; i < SMALL_CELLS; i++)
		force_n += (double)cells[i] * 133.322 * 0.025 * 0.025;
	assert_true(fabs(force_n - 60 * 9.80665) < 0.1);
	struct calibration none;
	assert_int_equal(fit_weight(&none, &surface, empty, empty, 60, 0, NULL, NULL), -EINVAL);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_power_laws_are_recovered),
	    cmocka_unit_test(a_fit_says_why_its_quality_is_low),
	    cmocka_unit_test(a_known_weight_gives_the_gain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
