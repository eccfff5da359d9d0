/* Before and after: a change is told from the scatter of nights, and nothing is said of few. */
#include "base/random.h"
#include "report/change.h"
#include "support.h"

#include <math.h>

/* n values about `level`, with a scatter of `sd`. */
static void draw(float *values, size_t n, double level, double sd, uint64_t seed)
{
	struct random random;

	random_init(&random, seed);
	for (size_t i = 0; i < n; i++)
		values[i] = (float)(level + sd * random_normal(&random));
}

static void test_a_change_is_found(void **state)
{
	float before[14], after[14];
	struct change change;

	(void)state;
	draw(before, 14, 0.50, 0.04, 3);
	draw(after, 14, 0.38, 0.04, 4);
	change_compare(before, 14, after, 14, &change);
	assert_true(change.more_than_scatter);
	assert_float_equal(change.difference, -0.12, 0.04);
	assert_true(change.low < change.difference && change.difference < change.high);
	assert_true(change.high < 0);
}

/* Of many pairs without a change few are said to have one: about as many as the interval says. */
static void test_scatter_is_no_change(void **state)
{
	int n_said = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		float before[10], after[10];
		struct change change;

		draw(before, 10, 8.0, 1.0, 2 * seed);
		draw(after, 10, 8.0, 1.0, 2 * seed + 1);
		change_compare(before, 10, after, 10, &change);
		n_said += change.more_than_scatter;
	}
	assert_in_range(n_said, 0, 20);
}

static void test_few_nights_say_nothing(void **state)
{
	float many[6] = {1, 2, 1, 2, 1, 2}, few[6] = {9, NAN, 9, NAN, 9, NAN};
	struct change change;

	(void)state;
	change_compare(many, 6, few, 6, &change);
	assert_int_equal(change.n_after, 3);
	assert_true(isnan(change.difference) && isnan(change.before));
	assert_false(change.more_than_scatter);
	change_compare(NULL, 0, many, 6, &change);
	assert_true(isnan(change.after));
	few[1] = 9;
	change_compare(many, 6, few, 6, &change);
	assert_true(change.more_than_scatter);
	assert_float_equal(change.after, 9, 0);
}

static void test_the_same_answer_each_time(void **state)
{
	float before[9], after[7];
	struct change a, b;

	(void)state;
	draw(before, 9, 5, 2, 11);
	draw(after, 7, 6, 2, 12);
	change_compare(before, 9, after, 7, &a);
	change_compare(before, 9, after, 7, &b);
	assert_true(a.low == b.low && a.high == b.high);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_change_is_found),
	    cmocka_unit_test(test_scatter_is_no_change),
	    cmocka_unit_test(test_few_nights_say_nothing),
	    cmocka_unit_test(test_the_same_answer_each_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
