/* Random numbers: the same seed gives the same numbers, near seeds do not, and the moments fit. */
#include "support.h"

#include "base/random.h"

#include <math.h>

#define N 20000

static void seeds_decide(void **state)
{
	struct random a, b, c;
	int same = 0;

	(void)state;
	random_init(&a, 42);
	random_init(&b, 42);
	random_init(&c, 43);
	for (int i = 0; i < 1000; i++) {
		double value = random_uniform(&a);
		assert_true(value == random_uniform(&b));
		same += value == random_uniform(&c);
	}
	assert_int_equal(same, 0);
}

/* The first numbers of seeds 0, 1, 2 ... are spread like any others: mean 1/2, variance 1/12. */
static void first_numbers_of_near_seeds_are_spread(void **state)
{
	double sum = 0, squares = 0;

	(void)state;
	for (uint64_t seed = 0; seed < N; seed++) {
		struct random random;
		random_init(&random, seed);
		double value = random_uniform(&random);
		assert_true(value > 1e-9 && value < 1);
		sum += value;
		squares += (value - 0.5) * (value - 0.5);
	}
	/* Four standard errors: 4 sqrt(1/12 / N), and 4 sqrt(1/180 / N) for the variance. */
	assert_true(fabs(sum / N - 0.5) < 0.0082);
	assert_true(fabs(squares / N - 1.0 / 12) < 0.0021);
}

static void normals_have_their_moments(void **state)
{
	struct random random;
	double sum = 0, squares = 0, cubes = 0, fourths = 0;

	(void)state;
	random_init(&random, 7);
	for (int i = 0; i < N; i++) {
		double x = random_normal(&random);
		sum += x;
		squares += x * x;
		cubes += x * x * x;
		fourths += x * x * x * x;
	}
	/* Four standard errors of each moment: variances 1, 2, 15 and 96 over N. */
	assert_true(fabs(sum / N) < 0.028);
	assert_true(fabs(squares / N - 1) < 0.04);
	assert_true(fabs(cubes / N) < 0.11);
	assert_true(fabs(fourths / N - 3) < 0.28);
}

static void between_keeps_its_bounds(void **state)
{
	struct random random;

	(void)state;
	random_init(&random, 9);
	for (int i = 0; i < N; i++) {
		double value = random_between(&random, -2, 5);
		assert_true(value >= -2 && value < 5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seeds_decide),
	    cmocka_unit_test(first_numbers_of_near_seeds_are_spread),
	    cmocka_unit_test(normals_have_their_moments),
	    cmocka_unit_test(between_keeps_its_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
