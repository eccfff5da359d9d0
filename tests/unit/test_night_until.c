/* Of a night that runs, what is still to come is not unknown. */
#include "base/clock.h"
#include "core/night.h"
#include "support.h"

#include <math.h>

#define START_NS (1000000 * NS_PER_MIN)

static struct night_facts night(float known_h, float whole_h)
{
	return (struct night_facts){.start_ns = START_NS,
	    .end_ns = START_NS + llroundf(whole_h) * NS_PER_H,
	    .lying_s = known_h * 3600,
	    .unknown_s = (whole_h - known_h) * 3600,
	    .sleep = {.unknown_s = (whole_h - known_h) * 3600}};
}

static void what_is_to_come_is_not_unknown(void **state)
{
	(void)state;
	struct night_facts running = night(9, 25);

	assert_true(night_until(&running, START_NS + 10 * NS_PER_H + 30 * NS_PER_S));
	assert_float_equal(running.unknown_s, 3600, 0.5);
	assert_float_equal(running.sleep.unknown_s, 3600, 0.5);
	assert_float_equal(running.lying_s, 9 * 3600, 0.5);
	/* The minute under way may be known already. */
	running = night(9, 24);
	assert_true(night_until(&running, START_NS + 9 * NS_PER_H - NS_PER_S));
	assert_float_equal(running.unknown_s, 0, 0.5);
}

static void a_night_that_is_over_stays_as_it_is(void **state)
{
	(void)state;
	const int64_t nows[] = {0, START_NS - 1, START_NS + 24 * NS_PER_H, INT64_MAX};

	for (size_t i = 0; i < sizeof(nows) / sizeof(nows[0]); i++) {
		struct night_facts over = night(9, 24);
		assert_false(night_until(&over, nows[i]));
		assert_float_equal(over.unknown_s, 15 * 3600, 0.5);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_to_come_is_not_unknown),
	    cmocka_unit_test(a_night_that_is_over_stays_as_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
