/* Breathing of a chest on a mat, and of what is none. */
#include "scene.h"
#include "support.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* {rate, breaths, noise} -> permitted mean and greatest error, least share of values. */
static void breathing_is_read(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		float rate_hz;
		double per_min, noise, jitter, error_mean, error_max, coverage;
	} cases[] = {
	    {32, 16, 5, 15, 0.1, 0, 0.1, 0.2, 1},
	    {32, 16, 10, 12, 0.1, 0, 0.1, 0.2, 1},
	    {32, 16, 10, 20, 0.1, 0, 0.1, 0.2, 1},
	    {32, 16, 10, 6.6, 0.02, 0, 0.2, 0.5, 1}, /* at the band's low end, all but pure */
	    {32, 16, 10, 15, 0.3, 0, 0.2, 0.6, 1},
	    {32, 16, 5, 15, 0.3, 0, 0.2, 0.6, 0.7},
	    {32, 16, 10, 9, 0.3, 0, 0.2, 0.6, 1},
	    {32, 16, 10, 28, 0.3, 0, 0.2, 0.6, 1},
	    {32, 16, 10, 15, 0.6, 0, 0.4, 1.0, 0},   /* too noisy: few or none, but right */
	    {32, 16, 10, 15, 0.1, 0.8, 0.1, 0.3, 1}, /* late and early frames */
	    {64, 32, 10, 15, 0.3, 0, 0.2, 0.6, 1},
	    {16, 8, 8, 15, 0.1, 0, 0.1, 0.2, 1},
	    {1, 1, 50, 15, 0.1, 0, 0.1, 0.2, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		scene_open(&s, cases[i].rows, cases[i].cols, cases[i].rate_hz, 100 + i);
		s.per_min = cases[i].per_min;
		s.noise = cases[i].noise;
		s.jitter = cases[i].jitter;
		scene_run(&s, 70);
		scene_run(&s, 600);
		assert_in_range(s.n_readings, 118, 121);
		assert_true(s.n_values >= cases[i].coverage * s.n_readings);
		assert_true(s.n_seen >= s.n_values);
		assert_true(s.error_sum <= cases[i].error_mean * s.n_values);
		assert_true(s.error_max <= cases[i].error_max);
		vitals_destroy(s.vitals);
	}
}

/* Cells 5 cm apart that move against each other, in a breath drawn in a quarter of its time. */
static void neighbours_in_antiphase_are_read(void **state)
{
	(void)state;
	static const double per_min[] = {8, 14, 22, 30};

	for (size_t i = 0; i < sizeof(per_min) / sizeof(per_min[0]); i++) {
		struct scene s;
		scene_open(&s, 32, 16, 5, 500 + i);
		for (size_t cell = 0; cell < s.surface.n_cells; cell++) {
			bool odd = (cell / 16 + cell % 16) % 2;
			s.share[cell] = (odd ? -1.0F : 1.0F) * sqrtf(s.load[cell] / 20);
		}
		s.per_min = per_min[i];
		s.noise = 0.3;
		scene_run(&s, 70);
		scene_run(&s, 600);
		assert_true(s.n_values >= 0.9 * s.n_readings);
		assert_true(s.error_sum <= 0.2 * s.n_values);
		vitals_destroy(s.vitals);
	}
}

/* A dead weight does not breathe: noise, drift and creep make no peak, an hour long. */
static void suitcase_never_breathes(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		float rate_hz;
		double noise, creep;
	} cases[] = {
	    {32, 16, 5, 0.3, 0.08},
	    {32, 16, 10, 0.02, 0.08},
	    {64, 32, 5, 1, 0.02},
	    {12, 6, 5, 0.3, 0.05},
	    {1, 1, 10, 0.1, 0.08},
	    {2, 2, 10, 0.02, 0.19},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		scene_open(&s, cases[i].rows, cases[i].cols, cases[i].rate_hz, 200 + i);
		s.depth = 0;
		s.noise = cases[i].noise;
		s.creep = cases[i].creep;
		scene_run(&s, 3600);
		assert_int_equal(s.n_seen, 0);
		assert_int_equal(s.n_values, 0);
		vitals_destroy(s.vitals);
	}
}

/* Steps beside a dead weight: no heart, nor breaths where they fold back (3 x 1.8 of 5 Hz). */
static void steps_are_no_life(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		float rate_hz;
		double steps;
	} cases[] = {
	    {1, 1, 50, 0.3},
	    {1, 1, 100, 3},
	    {16, 16, 50, 0.3},
	    {16, 16, 50, 3},
	    {32, 16, 25, 1},
	    {32, 16, 10, 1},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		scene_open(&s, cases[i].rows, cases[i].cols, cases[i].rate_hz, 700 + i);
		s.depth = 0;
		s.noise = 0.05;
		s.steps = cases[i].steps;
		scene_run(&s, 400);
		assert_int_equal(s.n_seen, 0);
		assert_int_equal(s.n_hearts, 0);
		vitals_destroy(s.vitals);
	}
}

/* All load of a dead weight drifts like a random walk: its spectrum has a peak, and no line. */
static void drift_of_a_mat_is_no_breath(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		double walk, noise;
	} cases[] = {{32, 16, 0.003, 0.1}, {16, 8, 0.003, 0.02}, {32, 16, 0.0003, 0.1}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		scene_open(&s, cases[i].rows, cases[i].cols, 5, 800 + i);
		s.depth = 0;
		s.noise = cases[i].noise;
		s.walk = cases[i].walk;
		scene_run(&s, 10000);
		assert_true(s.n_seen < 0.01 * s.n_readings);
		vitals_destroy(s.vitals);
	}
}

static void slow_mats_are_not_assessed(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, 32, 16, 1, 1);
	scene_run(&s, 300);
	assert_int_equal(s.n_values, 0);
	assert_false(s.reading.breathing_seen);
	assert_true(isnan(s.reading.breathing_per_min) && isnan(s.reading.breathing_confidence));
	vitals_destroy(s.vitals);

	scene_open(&s, 16, 8, 10, 1); /* heart: below 25 Hz never */
	s.heart_per_min = 70;
	s.beat = 1;
	scene_run(&s, 300);
	assert_true(s.n_values > 40);
	assert_int_equal(s.n_hearts, 0);
	vitals_destroy(s.vitals);
}

static void movement_and_gaps_leave_no_value(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, 16, 8, 10, 5);
	scene_run(&s, 90);
	assert_near(s.reading.breathing_per_min, 15, 0.5);
	s.moving = true;
	scene_run(&s, 6);
	s.moving = false;
	scene_run(&s, 20);
	assert_true(isnan(s.reading.breathing_per_min));
	assert_true(s.reading.breathing_seen); /* of the last window that could be judged */
	scene_run(&s, 40);
	assert_near(s.reading.breathing_per_min, 15, 0.5);
	assert_near(s.reading.window_s, 30, 0.1);

	s.mono_ns += 60 * NS_PER_S;
	scene_run(&s, 29);
	assert_int_equal(s.n_readings, 0);
	assert_true(isnan(s.reading.breathing_per_min));
	assert_false(s.reading.breathing_seen);
	assert_near(s.reading.window_s, 0, 0);
	scene_run(&s, 10);
	assert_near(s.reading.breathing_per_min, 15, 0.5);
	vitals_destroy(s.vitals);
}

static void same_frames_same_bits(void **state)
{
	(void)state;
	struct vitals_reading readings[2];

	for (int i = 0; i < 2; i++) {
		struct scene s;
		scene_open(&s, 32, 16, 10, 77);
		s.noise = 0.5;
		scene_run(&s, 100 + 60 * i);
		if (i == 1) { /* the second after a reset: nothing of the past may remain */
			vitals_reset(s.vitals);
			random_init(&s.random, 77);
			s.mono_ns = s.start_ns;
			s.breath_phase = 0;
			scene_run(&s, 100);
		}
		memset(&readings[i], 0, sizeof(readings[i]));
		readings[i] = s.reading;
		vitals_destroy(s.vitals);
	}
	assert_memory_equal(&readings[0], &readings[1], sizeof(readings[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(breathing_is_read),
	    cmocka_unit_test(neighbours_in_antiphase_are_read),
	    cmocka_unit_test(suitcase_never_breathes),
	    cmocka_unit_test(steps_are_no_life),
	    cmocka_unit_test(drift_of_a_mat_is_no_breath),
	    cmocka_unit_test(slow_mats_are_not_assessed),
	    cmocka_unit_test(movement_and_gaps_leave_no_value),
	    cmocka_unit_test(same_frames_same_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
