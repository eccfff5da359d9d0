/* Ghosts of a resistive matrix: estimated from what lies there, taken off, and left in peace. */
#include "support.h"

#include "drivers/driver.h"
#include "drivers/matrix_ghosts.h"
#include "tests/fakes/matrix_mat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 16

/* A trunk of 8 x 5 cells and arms across it, with ghosts of g R C / T and an offset. */
static void make_map(float g, float offset, float *truth, float *measured)
{
	float row[SIDE] = {0}, col[SIDE] = {0}, mean = 0;

	for (int i = 0; i < SIDE * SIDE; i++) {
		int r = i / SIDE, c = i % SIDE;
		bool trunk = r >= 4 && r < 12 && c >= 5 && c < 10;
		bool arms = r >= 5 && r < 7 && c >= 1 && c < 15;
		truth[i] = trunk || arms ? (float)(1500 + 100 * (r % 3)) : 0;
		row[r] += truth[i] / SIDE;
		col[c] += truth[i] / SIDE;
		mean += truth[i] / (SIDE * SIDE);
	}
	for (int i = 0; i < SIDE * SIDE; i++)
		measured[i] = truth[i] + offset + g * row[i / SIDE] * col[i % SIDE] / mean;
}

static void ghosts_are_estimated_and_taken_off(void **state)
{
	static const float shares[] = {0, 0.05F, 0.1F, 0.2F};
	float truth[SIDE * SIDE], measured[SIDE * SIDE];

	(void)state;
	for (size_t k = 0; k < sizeof(shares) / sizeof(shares[0]); k++) {
		struct ghosts ghosts;
		float before = 0, after = 0;
		make_map(shares[k], 40, truth, measured);
		ghosts_init(&ghosts);
		assert_true(isnan(ghosts.ratio));
		ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
		/* g is of the true means, the estimate of the measured ones: g / (1 + g) */
		assert_float_equal(ghosts.ratio, shares[k] / (1 + shares[k]), 0.015F);
		for (int i = 0; i < SIDE * SIDE; i++)
			before += fabsf(measured[i] - 40 - truth[i]);
		ghosts_remove(&ghosts, measured, SIDE, SIDE);
		for (int i = 0; i < SIDE * SIDE; i++)
			after += fabsf(measured[i] - 40 - truth[i]);
		assert_true(shares[k] == 0 || after < 0.4F * before);
	}
}

/* ---- lines that float, as a circuit ------------------------------------------------------- */

enum { NODES = 2 * SIDE - 1 }; /* the rows but the one that is driven, and the columns */

/* Solves a x = b; a is symmetric and positive, and is spoilt with b, which becomes x. */
static void solve(double a[NODES][NODES], double *b)
{
	for (int k = 0; k < NODES; k++)
		for (int i = k + 1; i < NODES; i++) {
			double share = a[i][k] / a[k][k];
			for (int j = k; j < NODES; j++)
				a[i][j] -= share * a[k][j];
			b[i] -= share * b[k];
		}
	for (int k = NODES - 1; k >= 0; k--) {
		for (int j = k + 1; j < NODES; j++)
			b[k] -= a[k][j] * b[j];
		b[k] /= a[k][k];
	}
}

/* The share of the supply at column `col` while row `row` is driven and nothing else is tied down. */
static double scan_cell(const double *siemens, double resistor_siemens, int row, int col)
{
	double a[NODES][NODES] = {0}, b[NODES] = {0};

	for (int i = 0; i < SIDE * SIDE; i++) {
		int r = i / SIDE, r_node = r - (r > row), c_node = SIDE - 1 + i % SIDE;
		double g = siemens[i];
		a[c_node][c_node] += g;
		if (r == row) {
			b[c_node] += g;
			continue;
		}
		a[r_node][r_node] += g;
		a[r_node][c_node] -= g;
		a[c_node][r_node] -= g;
	}
	a[SIDE - 1 + col][SIDE - 1 + col] += resistor_siemens;
	solve(a, b);
	return b[SIDE - 1 + col];
}

/* How far two maps differ in shape, of the load: a calibration takes care of the gain. */
static double shape_error(const float *map, float base, const double *truth)
{
	double xt = 0, xx = 0, error = 0, sum = 0;

	for (int i = 0; i < SIDE * SIDE; i++) {
		double x = (double)(map[i] - base);
		xt += x * truth[i];
		xx += x * x;
	}
	for (int i = 0; i < SIDE * SIDE; i++) {
		error += fabs(xt / xx * (double)(map[i] - base) - truth[i]);
		sum += truth[i];
	}
	return error / sum;
}

/* A simulated person on her back, as loads from 0 to 1. */
static void lie_down(double *loads)
{
	static const char *const settings[][2] = {
	    {"plan", "rest"}, {"rows", "16"}, {"cols", "16"}, {"speed", "0"}};
	const struct driver *driver = driver_find("sim");
	struct surface surface = {.name = "bed", .kind = SURFACE_BED};
	struct options options;
	float counts[SIDE * SIDE], most = 0;
	struct frame frame = {.counts = counts};

	options_init(&options, driver->options);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		assert_int_equal(
		    options_set(&options, settings[i][0], settings[i][1], &(struct place){0}, NULL),
		    0);
	assert_int_equal(driver->describe(&options, &surface, NULL), 0);
	struct device device = {.driver = driver,
	    .surface = &surface,
	    .options = &options,
	    .state = calloc(1, driver->state_size)};
	assert_int_equal(driver->open(&device, NULL), 0);
	for (int k = 0; k < 100; k++)
		assert_int_equal(driver->read(&device, INT64_MAX, &frame), 0);
	driver->close(&device);
	free(device.state);
	for (int i = 0; i < SIDE * SIDE; i++)
		most = fmaxf(most, counts[i]);
	for (int i = 0; i < SIDE * SIDE; i++)
		loads[i] = (double)(counts[i] / most);
}

/*
 * A person on a mat all of whose lines float: most of what is measured is ghosts, which is when it
 * matters that they are said and taken off.
 */
static void lines_that_float_are_mostly_ghosts(void **state)
{
	static const struct {
		double cell_ohm, resistor_ohm;
	} table[] = {{20e3, 1e3}, {10e3, 1e3}, {5e3, 1e3}};
	double loads[SIDE * SIDE], siemens[SIDE * SIDE], truth[SIDE * SIDE];
	float measured[SIDE * SIDE];

	(void)state;
	lie_down(loads);
	for (size_t k = 0; k < sizeof(table) / sizeof(table[0]); k++) {
		struct ghosts ghosts;
		double tie = 1 / table[k].resistor_ohm;
		for (int i = 0; i < SIDE * SIDE; i++) {
			siemens[i] = loads[i] / table[k].cell_ohm + 1e-7;
			truth[i] = 4095 * siemens[i] / (siemens[i] + tie);
		}
		for (int i = 0; i < SIDE * SIDE; i++)
			measured[i] = (float)(4095 * scan_cell(siemens, tie, i / SIDE, i % SIDE));
		ghosts_init(&ghosts);
		ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
		double before = shape_error(measured, ghosts.base, truth);
		ghosts_remove(&ghosts, measured, SIDE, SIDE);
		double after = shape_error(measured, ghosts.base, truth);
		print_message("%.0f and %.0f ohm: ghosts %.2f, error %.2f, then %.2f\n",
		    table[k].cell_ohm, table[k].resistor_ohm, (double)ghosts.ratio, before, after);
		assert_true(ghosts.ratio > 0.5F);
		assert_true(after < 0.92 * before);
	}
}

static void an_empty_mat_shows_no_ghosts(void **state)
{
	float counts[SIDE * SIDE];
	struct ghosts ghosts;

	(void)state;
	for (int i = 0; i < SIDE * SIDE; i++)
		counts[i] = (float)(20 + i * 7 % 13);
	ghosts_init(&ghosts);
	ghosts_look(&ghosts, counts, SIDE, SIDE, 4095);
	assert_true(isnan(ghosts.ratio));
	ghosts_remove(&ghosts, counts, SIDE, SIDE);
	for (int i = 0; i < SIDE * SIDE; i++)
		assert_true(counts[i] == (float)(20 + i * 7 % 13));
}

static void a_plain_rectangle_says_nothing(void **state)
{
	float counts[SIDE * SIDE] = {0};
	struct ghosts ghosts;

	(void)state;
	for (int i = 0; i < SIDE * SIDE; i++)
		if (i / SIDE >= 3 && i / SIDE < 9 && i % SIDE >= 5 && i % SIDE < 11)
			counts[i] = 2000;
	ghosts_init(&ghosts);
	ghosts_look(&ghosts, counts, SIDE, SIDE, 4095);
	assert_true(isnan(ghosts.ratio));
}

static void the_least_of_frames_holds(void **state)
{
	float truth[SIDE * SIDE], measured[SIDE * SIDE];
	struct ghosts ghosts;

	(void)state;
	ghosts_init(&ghosts);
	make_map(0.2F, 0, truth, measured);
	ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
	float more = ghosts.ratio;
	make_map(0.05F, 0, truth, measured);
	ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
	float least = ghosts.ratio;
	assert_true(least < 0.5F * more);
	make_map(0.2F, 0, truth, measured);
	for (int i = 0; i < 100; i++)
		ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
	assert_true(ghosts.ratio > least && ghosts.ratio < least + 0.05F * more);
}

static void ghosts_are_reported_and_corrected(void **state)
{
	static const struct {
		const char *mode;
		float left;
	} table[] = {{"report", 1}, {"correct", 0.4F}};
	float truth[SIDE * SIDE], measured[SIDE * SIDE];

	(void)state;
	make_map(0.15F, 0, truth, measured);
	for (size_t k = 0; k < 2; k++) {
		struct matrix_mat mat;
		float ghosts = 0, left = 0;
		matrix_mat_open(&mat, &matrix_wirings[WIRING_16_16], "ghosts", table[k].mode);
		for (size_t i = 0; i < SIDE * SIDE; i++)
			matrix_fake.values[i] = (int)measured[i];
		assert_int_equal(matrix_mat_read(&mat), 0);
		assert_true(fabs(mat.device.stats.ghost_ratio - 0.13) < 0.02);
		for (size_t i = 0; i < SIDE * SIDE; i++) {
			ghosts += (float)(int)measured[i] - truth[i];
			left += fabsf(mat.counts[i] - truth[i]);
		}
		assert_true(left <= table[k].left * ghosts + 0.1F);
		assert_true(k == 1 || left >= 0.99F * ghosts);
		matrix_mat_close(&mat);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ghosts_are_estimated_and_taken_off),
	    cmocka_unit_test(lines_that_float_are_mostly_ghosts),
	    cmocka_unit_test(an_empty_mat_shows_no_ghosts),
	    cmocka_unit_test(a_plain_rectangle_says_nothing),
	    cmocka_unit_test(the_least_of_frames_holds),
	    cmocka_unit_test(ghosts_are_reported_and_corrected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
