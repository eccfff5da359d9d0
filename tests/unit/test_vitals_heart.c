/* The heart of a chest on a mat, and the wave of its breath. */
#include "scene.h"
#include "support.h"

#include "base/clock.h"

#include <math.h>
#include <stdlib.h>

static void heart_is_read_from_25_hz_on(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		float rate_hz;
		double per_min, error_max, coverage;
	} cases[] = {
	    {1, 1, 50, 52, 1, 0.9},
	    {1, 1, 50, 70, 1, 0.9},
	    {1, 1, 50, 96, 1, 0.9},
	    {1, 1, 172.13F, 66, 1, 0.9},
	    {1, 1, 172.13F, 118, 1, 0.3}, /* two swings of 4 Hz a beat: half of it rivals */
	    {16, 8, 25, 60, 2, 0.9},
	    {16, 8, 50, 75, 1, 0.9},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		scene_open(&s, cases[i].rows, cases[i].cols, cases[i].rate_hz, 300 + i);
		s.heart_per_min = cases[i].per_min;
		s.beat = cases[i].rows > 1 ? 0.2 : 0.1;
		s.noise = 0.02;
		scene_run(&s, 70); /* a mat's heart waits for its breathing */
		scene_run(&s, 180);
		assert_true(s.n_hearts >= cases[i].coverage * s.n_readings);
		assert_true(s.heart_error_max <= cases[i].error_max);
		vitals_destroy(s.vitals);
	}
}

/* Beats below each cell's noise, beside a breath whose own lines reach up to them. */
static void heart_of_a_mat_is_read_through_noise(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		float rate_hz;
		double per_min, noise, coverage;
	} cases[] = {
	    {32, 16, 50, 52, 0.1, 0.8}, /* in the midst of the breath's lines */
	    {32, 16, 50, 63, 0.1, 0.9},
	    {32, 16, 50, 71, 0.2, 0}, /* too noisy: few or none, but right */
	    {32, 16, 50, 88, 0.1, 0.9},
	    {16, 16, 50, 66, 0.1, 0.9},
	    {64, 32, 50, 58, 0.2, 0.9},
	    {32, 16, 25, 74, 0.1, 0.9},
	    {32, 16, 25, 74, 0.2, 0},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		scene_open(&s, cases[i].rows, cases[i].cols, cases[i].rate_hz, 600 + i);
		s.heart_per_min = cases[i].per_min;
		s.noise = cases[i].noise;
		s.beat = 0.15;
		s.harmonics = 6;
		scene_run(&s, 70);
		scene_run(&s, 240);
		assert_true(s.n_hearts >= cases[i].coverage * s.n_readings);
		assert_true(s.heart_error_max <= 2);
		vitals_destroy(s.vitals);
	}
}

/* No beat, no rate: breathing alone and noise alone, on a strip and on a grid. */
static void no_heart_is_made_up(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		struct scene s;
		if (i < 2)
			scene_open(&s, 1, 1, 50, 400);
		else
			scene_open(&s, 16, 8, 25, 400);
		s.depth = i % 2 ? 0.3 : 0;
		s.harmonics = 8;
		scene_run(&s, 1800);
		assert_in_range(s.n_readings, 350, 360);
		assert_int_equal(s.n_hearts, 0);
		vitals_destroy(s.vitals);
	}
}

/* ---- the wave ------------------------------------------------------------------------------- */

/* What of the wave, in its middle, is the breath's own course; and its sum of squares. */
struct likeness {
	double both, of_wave, of_breath;
};

static struct likeness compare(const struct scene *s, const struct wave *wave)
{
	struct likeness like = {0};

	for (size_t i = wave->n_samples / 3; i < 2 * wave->n_samples / 3; i++) {
		double back_s = (double)(wave->n_samples - 1 - i) / wave->rate_hz;
		double t_s = (double)(wave->end_ns - s->start_ns) / (double)NS_PER_S - back_s;
		double breath = sin(2 * M_PI * s->per_min / 60 * t_s);
		double value = (double)wave->samples[i];
		like.both += value * breath;
		like.of_wave += value * value;
		like.of_breath += breath * breath;
	}
	return like;
}

/* How much the breath moves of the load in cells that carry enough to be listened to. */
static double moved(const struct scene *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->surface.n_cells; i++)
		if (s->load[i] >= 3 || s->surface.n_cells == 1)
			sum += fabs((double)s->share[i]) * s->depth;
	return sum;
}

/* The wave is the breath, in step with it; smoothing takes a tenth of its height. */
static void the_wave_is_the_breath(void **state)
{
	(void)state;
	static const struct {
		size_t rows, cols;
		float rate_hz;
		double per_min, noise, jitter, alike, part_least;
	} cases[] = {
	    {32, 16, 10, 15, 0.02, 0, 0.999, 0.85},
	    {32, 16, 10, 8, 0.1, 0, 0.995, 0.85},
	    {32, 16, 5, 20, 0.1, 0, 0.995, 0.85},
	    {32, 16, 10, 15, 0.1, 0.8, 0.995, 0.85}, /* late and early frames */
	    {32, 16, 10, 15, 0.3, 0, 0.98, 0.75},
	    {1, 1, 50, 15, 0.02, 0, 0.999, 0.85},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scene s;
		struct wave wave;

		scene_open(&s, cases[i].rows, cases[i].cols, cases[i].rate_hz, 700 + i);
		s.per_min = cases[i].per_min;
		s.noise = cases[i].noise;
		s.jitter = cases[i].jitter;
		scene_run(&s, 20);
		assert_false(vitals_wave(s.vitals, &wave));
		scene_run(&s, 100);
		while (!vitals_wave(s.vitals, &wave))
			scene_step(&s);
		assert_true(s.mono_ns - wave.end_ns <= NS_PER_S);
		assert_near((double)wave.n_samples / wave.rate_hz, 30, 0.5);
		struct likeness like = compare(&s, &wave);
		double alike = fabs(like.both) / sqrt(like.of_wave * like.of_breath);
		double part = sqrt(like.of_wave / like.of_breath) / moved(&s);
		if (alike < cases[i].alike || part < cases[i].part_least || part > 1)
			fail_msg("case %zu: alike %.3f, part %.3f", i, alike, part);
		scene_step(&s);
		assert_false(vitals_wave(s.vitals, &wave)); /* no newer one yet */
		vitals_destroy(s.vitals);
	}
}

/* While she moves nothing is sought, and so there is no wave. */
static void moving_has_no_wave(void **state)
{
	struct scene s;
	struct wave wave;

	(void)state;
	scene_open(&s, 32, 16, 10, 720);
	scene_run(&s, 60);
	s.moving = true;
	scene_run(&s, 1);
	for (int i = 0; i < 300; i++) {
		scene_step(&s);
		assert_false(vitals_wave(s.vitals, &wave));
	}
	vitals_destroy(s.vitals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(heart_is_read_from_25_hz_on),
	    cmocka_unit_test(heart_of_a_mat_is_read_through_noise),
	    cmocka_unit_test(no_heart_is_made_up),
	    cmocka_unit_test(the_wave_is_the_breath),
	    cmocka_unit_test(moving_has_no_wave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
