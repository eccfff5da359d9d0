#include "base/random.h"
#include "dsp/robust.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>

#define N_MAX 1001

static int ascending(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* Every quantile agrees with sorting, for many sizes and for arrays full of equal values. */
static void quantiles_agree_with_sorting(void **state)
{
	(void)state;
	struct random random;
	float values[N_MAX], sorted[N_MAX] = {0}, scratch[N_MAX];

	random_init(&random, 7);
	for (size_t n = 1; n <= N_MAX; n = n < 40 ? n + 1 : n * 2 + 1) {
		for (size_t i = 0; i < n; i++) {
			double value = random_normal(&random);
			values[i] = sorted[i] = (float)(n % 3 == 0 ? round(value) : value);
		}
		qsort(sorted, n, sizeof(sorted[0]), ascending);
		for (int tenth = 0; tenth <= 10; tenth++) {
			double place = tenth / 10.0 * (double)(n - 1);
			size_t k = (size_t)place;
			size_t next = k + 1 < n ? k + 1 : k;
			double wanted = sorted[k] +
			                (place - (double)k) * (sorted[next] - sorted[k]);
			float got = robust_quantile(values, n, tenth / 10.0, scratch);
			assert_float_equal(got, wanted, 1e-5F);
		}
	}
}

static void outliers_and_unknown_values_do_not_matter(void **state)
{
	(void)state;
	float values[] = {3, NAN, 1, 4e9f, 2, NAN, 2};
	float scratch[7];

	assert_float_equal(robust_median(values, 7, scratch), 2, 0);
	assert_float_equal(robust_mad(values, 7, scratch), 1, 0);
	assert_float_equal(robust_trimmed_mean(values, 7, 0.25, 0.75, scratch), 7 / 3.0F, 1e-6F);
}

static void nothing_gives_nan(void **state)
{
	(void)state;
	float unknown[] = {NAN, NAN};
	float scratch[2];

	assert_true(isnan(robust_median(unknown, 2, scratch)));
	assert_true(isnan(robust_mad(unknown, 0, scratch)));
	assert_true(isnan(robust_trimmed_mean(unknown, 2, 0.1, 0.9, scratch)));
}

static void mad_estimates_sigma(void **state)
{
	(void)state;
	struct random random;
	float values[N_MAX], scratch[N_MAX];

	random_init(&random, 11);
	for (size_t i = 0; i < N_MAX; i++)
		values[i] = (float)(5 + 2 * random_normal(&random));
	assert_float_equal(ROBUST_SIGMA_PER_MAD * robust_mad(values, N_MAX, scratch), 2, 0.2F);
	assert_float_equal(robust_median(values, N_MAX, values), 5, 0.2F); /* in place */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(quantiles_agree_with_sorting),
	    cmocka_unit_test(outliers_and_unknown_values_do_not_matter),
	    cmocka_unit_test(nothing_gives_nan),
	    cmocka_unit_test(mad_estimates_sigma),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
