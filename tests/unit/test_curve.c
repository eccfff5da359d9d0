/* The power law without powf(): its error is bounded, and nothing reads exactly nothing. */
#include "calib/curve.h"
#include "support.h"

#include "base/random.h"

#include <math.h>

#define N 4096

struct cells {
	float counts[N], offset[N], gain[N], exponent[N], pressure[N];
};

/* The greatest relative error over counts of 2^-10 to 2^bits above the offset. */
static double greatest_error(
    struct random *random, double exponent_low, double exponent_high, double bits)
{
	static struct cells cells;
	double greatest = 0;

	for (size_t i = 0; i < N; i++) {
		cells.offset[i] = i % 2 ? (float)random_between(random, 0, 30) : 0;
		cells.counts[i] = cells.offset[i] + (float)exp2(random_between(random, -10, bits));
		cells.gain[i] = (float)exp(random_between(random, -8, 2));
		cells.exponent[i] = (float)random_between(random, exponent_low, exponent_high);
	}
	curve_apply(cells.counts, cells.offset, cells.gain, cells.exponent, cells.pressure, N);
	for (size_t i = 0; i < N; i++) {
		double above = (double)(cells.counts[i] - cells.offset[i]);
		double truth = (double)cells.gain[i] * pow(above, (double)cells.exponent[i]);
		if (above > 0)
			greatest = fmax(greatest, fabs((double)cells.pressure[i] / truth - 1));
	}
	return greatest;
}

static void the_error_is_bounded(void **state)
{
	struct random random;
	double greatest = 0;

	(void)state;
	random_init(&random, 11);
	for (int round = 0; round < 200; round++)
		greatest = fmax(greatest, greatest_error(&random, 0.1, 3, 32));
	print_message("greatest relative error %.2g\n", greatest);
	assert_true(greatest < (double)CURVE_ERROR);
	/* Calibration files allow exponents up to 10; with 12 bits they stay within a float. */
	for (int round = 0; round < 50; round++)
		greatest = fmax(greatest, greatest_error(&random, 3, 10, 12));
	assert_true(greatest < 1e-4);
}

static void nothing_above_the_offset_is_exactly_nothing(void **state)
{
	float counts[] = {12, 5, 0, 12.5f}, offset[] = {12, 12, -0.0f, 12};
	float gain[] = {1, 1, 1, 2}, exponent[] = {0.1f, 1.3f, 0.7f, 1}, pressure[4];

	(void)state;
	curve_apply(counts, offset, gain, exponent, pressure, 4);
	for (int i = 0; i < 3; i++)
		assert_true(pressure[i] == 0);
	assert_float_equal(pressure[3], 1, 1e-4);
}

static void what_no_float_holds_is_infinite_or_nothing(void **state)
{
	float counts[] = {4e9f, 1e-6f}, offset[] = {0, 0}, gain[] = {1, 1}, exponent[] = {10, 10};
	float pressure[2];

	(void)state;
	curve_apply(counts, offset, gain, exponent, pressure, 2);
	assert_true(isinf(pressure[0]));
	assert_true(pressure[1] == 0);
}

/* Pressures over the counts rise without a step back, also where the octaves meet. */
static void it_rises_with_the_counts(void **state)
{
	static struct cells cells;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		cells.counts[i] = (float)i;
		cells.offset[i] = 0;
		cells.gain[i] = 0.02f;
		cells.exponent[i] = 1.3f;
	}
	curve_apply(cells.counts, cells.offset, cells.gain, cells.exponent, cells.pressure, N);
	for (size_t i = 1; i < N; i++)
		assert_true(cells.pressure[i] > cells.pressure[i - 1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_error_is_bounded),
	    cmocka_unit_test(nothing_above_the_offset_is_exactly_nothing),
	    cmocka_unit_test(what_no_float_holds_is_infinite_or_nothing),
	    cmocka_unit_test(it_rises_with_the_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
