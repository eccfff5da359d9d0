/* Her usual: of which nights it is the median. */
#include "report/measures.h"
#include "support.h"

#include <math.h>
#include <string.h>

#define N_NIGHTS 6

static const struct measure *measure(const char *id)
{
	for (size_t i = 0; i < n_measures; i++)
		if (strcmp(measures[i].id, id) == 0)
			return &measures[i];
	fail_msg("no measure %s", id);
	return NULL;
}

/* Nights that were seen whole, in which she lay for 7 h and entered a 2. */
static void make_nights(struct night_facts nights[static N_NIGHTS])
{
	for (int32_t i = 0; i < N_NIGHTS; i++)
		nights[i] = (struct night_facts){.day = 100 + i,
		    .dark_s = 36000.0f,
		    .dark_observed_s = 36000.0f,
		    .lying_s = 25200.0f,
		    .valley_ratio = NAN,
		    .pain = 2};
}

static void test_what_was_not_seen_is_no_short_night(void **state)
{
	struct night_facts nights[N_NIGHTS];

	(void)state;
	make_nights(nights);
	for (size_t i = 0; i < 3; i++) {
		nights[i].dark_observed_s = 17900.0f;
		nights[i].lying_s = 7200.0f;
		nights[i].pain = 8;
	}
	struct usual lying = measures_usual(measure("lying_h"), nights, N_NIGHTS, true);
	assert_int_equal(lying.n, 2);
	assert_true(isnan(lying.median)); /* too few that count */
	lying = measures_usual(measure("lying_h"), nights, N_NIGHTS, false);
	assert_int_equal(lying.n, 3);
	assert_float_equal(lying.median, 7.0f, 1e-6);
	/* What she entered does not hang on what the mats saw. */
	struct usual pain = measures_usual(measure("pain"), nights, N_NIGHTS, true);
	assert_int_equal(pain.n, 5);
	assert_float_equal(pain.median, 8.0f, 1e-6);
}

static void test_half_is_enough(void **state)
{
	struct night_facts nights[N_NIGHTS];

	(void)state;
	make_nights(nights);
	for (size_t i = 0; i < N_NIGHTS; i++)
		nights[i].dark_observed_s = 18000.0f;
	assert_int_equal(measures_usual(measure("lying_h"), nights, N_NIGHTS, true).n, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_was_not_seen_is_no_short_night),
	    cmocka_unit_test(test_half_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
