/* Ghosts of a resistive matrix: estimated from what lies there, taken off, and left in peace. */
#include "support.h"

#include "drivers/matrix_ghosts.h"
#include "tests/fakes/matrix_mat.h"

#include <math.h>
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
	    cmocka_unit_test(an_empty_mat_shows_no_ghosts),
	    cmocka_unit_test(a_plain_rectangle_says_nothing),
	    cmocka_unit_test(the_least_of_frames_holds),
	    cmocka_unit_test(ghosts_are_reported_and_corrected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
