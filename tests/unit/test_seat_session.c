/* Who sits, since when, and what upright is for her. */
#include "sitter.h"
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>

static void nobody_sits(void **state)
{
	(void)state;
	struct sitter nobody = {.gain = 1, .noise = 0.2, .offset = 0.5};
	struct chair chair;

	chair_open(&chair);
	chair_sit(&chair, &nobody, 10);
	assert_int_equal(chair.reading.state, SEAT_EMPTY);
	assert_false(chair.reading.seated);
	assert_float_equal(chair.reading.confidence, 1, 1e-3F);
	assert_true(isnan(chair.reading.sideways_ratio));
	struct sitter child = {.kg = 4, .gain = 1};
	chair_sit(&chair, &child, 60);
	assert_int_equal(chair.reading.state, SEAT_EMPTY);
	seat_destroy(chair.seat);
	seat_destroy(NULL);
}

static void a_session_begins_and_ends_with_dwell(void **state)
{
	(void)state;
	struct sitter nobody = {.gain = 1};
	struct chair chair;

	chair_open(&chair);
	chair_sit(&chair, &nobody, 5);
	chair_sit(&chair, &sitter_upright, 4.9);
	assert_false(chair.reading.seated);
	assert_int_equal(chair.reading.state, SEAT_UNKNOWN);
	chair_sit(&chair, &sitter_upright, 5.2);
	assert_true(chair.reading.seated);
	assert_float_equal(chair.reading.session_s, 10, 0.2F);
	chair_sit(&chair, &nobody, 2.8);
	assert_true(chair.reading.seated);
	chair_sit(&chair, &nobody, 0.4);
	assert_false(chair.reading.seated);
	assert_int_equal(chair.reading.state, SEAT_EMPTY);
	assert_float_equal(chair.reading.session_s, 0, 0);
	seat_destroy(chair.seat);
}

static void the_first_quiet_minute_is_upright(void **state)
{
	(void)state;
	struct sitter crooked = sitter_upright, leaning = sitter_upright;
	struct seat_baseline baseline;
	struct chair chair;

	crooked.lean_ratio = 0.08; /* her own way to sit straight */
	chair_open(&chair);
	chair_sit(&chair, &crooked, 60);
	assert_false(chair.reading.baseline);
	assert_true(chair.reading.confidence <= 0.6F);
	chair_sit(&chair, &crooked, 25);
	assert_true(chair.reading.baseline);
	seat_baseline(chair.seat, &baseline);
	assert_float_equal(baseline.upright.sideways_ratio, 0.08F, 0.01F);
	assert_float_equal(chair.reading.sideways_ratio, 0, 0.01F);
	leaning.lean_ratio = 0.08 + 0.25;
	chair_sit(&chair, &leaning, 20);
	assert_int_equal(chair.reading.state, SEAT_LEAN_RIGHT);
	assert_float_equal(chair.reading.sideways_ratio, 0.25F, 0.02F);
	seat_destroy(chair.seat);
}

static void a_session_that_begins_with_a_lean_stays_a_lean(void **state)
{
	(void)state;
	struct sitter nobody = {.gain = 1}, leaning = sitter_upright;
	struct chair chair;

	leaning.lean_ratio = -0.25;
	chair_open_known(&chair);
	chair_sit(&chair, &nobody, 60);
	chair_sit(&chair, &leaning, 200);
	assert_int_equal(chair.reading.state, SEAT_LEAN_LEFT);
	assert_float_equal(chair.reading.sideways_ratio, -0.25F, 0.02F);
	seat_destroy(chair.seat);
}

static void reset_keeps_the_person(void **state)
{
	(void)state;
	struct sitter leaning = sitter_upright;
	struct chair chair;

	leaning.lean_ratio = -0.25;
	chair_open_known(&chair);
	seat_reset(chair.seat);
	chair.now_ns += 3600 * NS_PER_S;
	chair_sit(&chair, &leaning, 1);
	assert_false(chair.reading.seated);
	chair_sit(&chair, &leaning, 15);
	assert_true(chair.reading.baseline);
	assert_int_equal(chair.reading.state, SEAT_LEAN_LEFT);
	seat_destroy(chair.seat);
}

static void a_given_baseline_stands(void **state)
{
	(void)state;
	struct sitter crooked = sitter_upright;
	struct seat_baseline baseline;
	struct chair chair;
	struct image image = {.surface = &chair.surface, .unit = PRESSURE_MMHG, .health_ratio = 1};

	chair_open(&chair);
	seat_baseline_begin(chair.seat);
	assert_int_equal(seat_baseline_take(chair.seat), -ENODATA);
	crooked.lean_ratio = -0.1;
	image.cells = chair.cells;
	for (int i = 0; i < 5; i++) {
		sitter_press(&crooked, &chair.random, chair.cells);
		seat_baseline_add(chair.seat, &image);
	}
	assert_int_equal(seat_baseline_take(chair.seat), 0);
	chair_sit(&chair, &sitter_upright, 120);
	seat_baseline(chair.seat, &baseline);
	assert_float_equal(baseline.upright.sideways_ratio, -0.1F, 0.01F);
	assert_float_equal(chair.reading.sideways_ratio, 0.1F, 0.02F);
	seat_destroy(chair.seat);
}

static void a_sick_pad_is_unknown(void **state)
{
	(void)state;
	struct chair chair;

	chair_open_known(&chair);
	struct image image = {.surface = &chair.surface,
	    .mono_ns = chair.now_ns,
	    .unit = PRESSURE_MMHG,
	    .health_ratio = 0.7F,
	    .cells = chair.cells};
	seat_step(chair.seat, &image, &chair.reading);
	assert_int_equal(chair.reading.state, SEAT_UNKNOWN);
	assert_true(isnan(chair.reading.sideways_ratio));
	seat_destroy(chair.seat);
}

static void no_more_than_ten_readings_a_second(void **state)
{
	(void)state;
	struct sitter leaning = sitter_upright;
	struct chair chair;

	chair_open_known(&chair);
	struct seat_reading before = chair.reading;
	leaning.lean_ratio = 0.5;
	chair.now_ns -= NS_PER_S / SITTER_HZ / 2; /* 50 ms after the last */
	chair_step(&chair, &leaning);
	assert_float_equal(chair.reading.sideways_ratio, before.sideways_ratio, 0);
	assert_float_equal(chair.reading.session_s, before.session_s, 0);
	seat_destroy(chair.seat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_sits),
	    cmocka_unit_test(a_session_begins_and_ends_with_dwell),
	    cmocka_unit_test(the_first_quiet_minute_is_upright),
	    cmocka_unit_test(a_session_that_begins_with_a_lean_stays_a_lean),
	    cmocka_unit_test(reset_keeps_the_person),
	    cmocka_unit_test(a_given_baseline_stands),
	    cmocka_unit_test(a_sick_pad_is_unknown),
	    cmocka_unit_test(no_more_than_ten_readings_a_second),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
