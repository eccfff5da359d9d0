/*
 * A chest on a mat: some 60 cells carry it, and while it rises some of them gain load, some lose
 * it, so that the sum hardly changes. Noise is the sensor's, per cell and frame.
 */
#include "base/clock.h"
#include "base/random.h"
#include "body/vitals.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define N_CELLS_MAX 2048

static void assert_near(double value, double wanted, double most)
{
	if (!(fabs(value - wanted) <= most))
		fail_msg("%g is not %g +- %g", value, wanted, most);
}

struct scene {
	struct surface surface;
	struct vitals *vitals;
	struct random random;
	float load[N_CELLS_MAX], share[N_CELLS_MAX]; /* at rest; of each cell in the breath */
	float cells[N_CELLS_MAX];
	int64_t start_ns, mono_ns;
	double per_min, depth, noise, creep, jitter; /* jitter: of the frames' times, in frames */
	double heart_per_min, beat;
	double steps;        /* beside the bed, 1.8 a second */
	double walk, walked; /* sd of a drift of all load in a second's root, and where it is */
	int harmonics;       /* of the breath, as 1 / n^2 */
	double breath_phase, heart_phase;
	bool moving;
	struct vitals_reading reading;
	int n_readings, n_values, n_seen, n_hearts;
	double error_max, error_sum, heart_error_max;
};

/* A trunk across rows 20-60 % of the mat, its share of the breath in patches that disagree. */
static void scene_open(struct scene *s, size_t rows, size_t cols, float rate_hz, uint64_t seed)
{
	*s = (struct scene){
	    .surface = {.name = "mat",
	        .kind = rows * cols > 1 ? SURFACE_BED : SURFACE_STRIP,
	        .rows = rows,
	        .cols = cols,
	        .n_cells = rows * cols,
	        .pitch_mm = 25,
	        .full_scale_counts = 1000,
	        .rate_hz = rate_hz},
	    .start_ns = NS_PER_H,
	    .mono_ns = NS_PER_H,
	    .per_min = 15,
	    .depth = 0.3,
	    .noise = 0.1,
	    .harmonics = 1,
	};
	random_init(&s->random, seed);
	for (size_t i = 0; i < rows * cols; i++) {
		double y = ((double)(i / cols) + 0.5) / (double)rows;
		double x = ((double)(i % cols) + 0.5) / (double)cols;
		double chest = fmax(0, 1 - pow((x - 0.5) / 0.3, 2) - pow((y - 0.35) / 0.2, 2));
		s->load[i] = (float)(20 * chest);
		s->share[i] = (float)(sqrt(chest) * sin(17 * x + 3) * cos(13 * y));
		if (rows * cols == 1)
			s->share[i] = 1;
	}
	s->vitals = vitals_create(&s->surface, NULL);
	assert_non_null(s->vitals);
}

/* A beat shakes the mat: two short swings of 4 Hz, as under a mattress. */
static double beat_at(double phase, double per_min)
{
	double since_s = phase * 60 / per_min;

	return exp(-since_s / 0.12) * sin(2 * M_PI * 4 * since_s);
}

/* Drawn in more quickly than let out: a comb of lines, up into where a heart has its own. */
static double breath_at(const struct scene *s, double cycles)
{
	double breath = 0;

	for (int n = 1; n <= s->harmonics; n++)
		breath += sin(2 * M_PI * n * cycles + n * n - 1) / (n * n);
	return breath;
}

static double steps_at(double t_s)
{
	double since_s = fmod(t_s, 1 / 1.8);

	return exp(-since_s / 0.05) * sin(2 * M_PI * 7 * since_s);
}

static void step(struct scene *s)
{
	double interval_s = 1 / (double)s->surface.rate_hz;
	double late_s = s->jitter * interval_s * (random_uniform(&s->random) - 0.5);
	double t_s = (double)(s->mono_ns - s->start_ns) * 1e-9 + late_s;
	double breath = breath_at(s, s->breath_phase + s->per_min / 60 * late_s);
	double beat = s->beat != 0 ? s->beat * beat_at(s->heart_phase, s->heart_per_min) : 0;
	double creep = 1 + s->creep * log10(1 + t_s / 10);
	double shake = s->steps * steps_at(t_s);

	if (s->walk > 0)
		s->walked += s->walk * sqrt(interval_s) * random_normal(&s->random);
	for (size_t i = 0; i < s->surface.n_cells; i++) {
		double p = s->load[i] * (creep + s->walked) +
		           s->share[i] * (s->depth * breath + beat) + (s->load[i] > 0) * shake;
		s->cells[i] = (float)fmax(0, p + 1 + s->noise * random_normal(&s->random));
	}
	struct image image = {.surface = &s->surface,
	    .mono_ns = s->mono_ns + (int64_t)(late_s * 1e9),
	    .health_ratio = 1,
	    .cells = s->cells};
	bool whole = vitals_step(s->vitals, &image, true, s->moving, &s->reading);
	s->mono_ns += (int64_t)(interval_s * 1e9);
	s->breath_phase += s->per_min / 60 * interval_s;
	s->heart_phase = fmod(s->heart_phase + s->heart_per_min / 60 * interval_s, 1);
	if (!whole)
		return;
	s->n_readings++;
	s->n_seen += s->reading.breathing_seen;
	if (!isnan(s->reading.breathing_per_min)) {
		double error = fabs((double)s->reading.breathing_per_min - s->per_min);
		s->n_values++;
		s->error_sum += error;
		s->error_max = fmax(s->error_max, error);
	}
	if (!isnan(s->reading.heart_per_min)) {
		double error = fabs((double)s->reading.heart_per_min - s->heart_per_min);
		s->n_hearts++;
		s->heart_error_max = fmax(s->heart_error_max, error);
	}
}

static void run(struct scene *s, double seconds)
{
	int n = (int)(seconds * (double)s->surface.rate_hz);

	s->n_readings = s->n_values = s->n_seen = s->n_hearts = 0;
	s->error_max = s->error_sum = s->heart_error_max = 0;
	for (int i = 0; i < n; i++)
		step(s);
}

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
		run(&s, 70);
		run(&s, 600);
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
		run(&s, 70);
		run(&s, 600);
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
		run(&s, 3600);
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
		run(&s, 400);
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
		run(&s, 10000);
		assert_true(s.n_seen < 0.01 * s.n_readings);
		vitals_destroy(s.vitals);
	}
}

static void slow_mats_are_not_assessed(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, 32, 16, 1, 1);
	run(&s, 300);
	assert_int_equal(s.n_values, 0);
	assert_false(s.reading.breathing_seen);
	assert_true(isnan(s.reading.breathing_per_min) && isnan(s.reading.breathing_confidence));
	vitals_destroy(s.vitals);

	scene_open(&s, 16, 8, 10, 1); /* heart: below 25 Hz never */
	s.heart_per_min = 70;
	s.beat = 1;
	run(&s, 300);
	assert_true(s.n_values > 40);
	assert_int_equal(s.n_hearts, 0);
	vitals_destroy(s.vitals);
}

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
		run(&s, 70); /* a mat's heart waits for its breathing */
		run(&s, 180);
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
		run(&s, 70);
		run(&s, 240);
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
		run(&s, 1800);
		assert_in_range(s.n_readings, 350, 360);
		assert_int_equal(s.n_hearts, 0);
		vitals_destroy(s.vitals);
	}
}

static void movement_and_gaps_leave_no_value(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, 16, 8, 10, 5);
	run(&s, 90);
	assert_near(s.reading.breathing_per_min, 15, 0.5);
	s.moving = true;
	run(&s, 6);
	s.moving = false;
	run(&s, 20);
	assert_true(isnan(s.reading.breathing_per_min));
	assert_true(s.reading.breathing_seen); /* of the last window that could be judged */
	run(&s, 40);
	assert_near(s.reading.breathing_per_min, 15, 0.5);
	assert_near(s.reading.window_s, 30, 0.1);

	s.mono_ns += 60 * NS_PER_S;
	run(&s, 29);
	assert_int_equal(s.n_readings, 0);
	assert_true(isnan(s.reading.breathing_per_min));
	assert_false(s.reading.breathing_seen);
	assert_near(s.reading.window_s, 0, 0);
	run(&s, 10);
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
		run(&s, 100 + 60 * i);
		if (i == 1) { /* the second after a reset: nothing of the past may remain */
			vitals_reset(s.vitals);
			random_init(&s.random, 77);
			s.mono_ns = s.start_ns;
			s.breath_phase = 0;
			run(&s, 100);
		}
		memset(&readings[i], 0, sizeof(readings[i]));
		readings[i] = s.reading;
		vitals_destroy(s.vitals);
	}
	assert_memory_equal(&readings[0], &readings[1], sizeof(readings[0]));
}

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
		run(&s, 20);
		assert_false(vitals_wave(s.vitals, &wave));
		run(&s, 100);
		while (!vitals_wave(s.vitals, &wave))
			step(&s);
		assert_true(s.mono_ns - wave.end_ns <= NS_PER_S);
		assert_near((double)wave.n_samples / wave.rate_hz, 30, 0.5);
		struct likeness like = compare(&s, &wave);
		double alike = fabs(like.both) / sqrt(like.of_wave * like.of_breath);
		double part = sqrt(like.of_wave / like.of_breath) / moved(&s);
		if (alike < cases[i].alike || part < cases[i].part_least || part > 1)
			fail_msg("case %zu: alike %.3f, part %.3f", i, alike, part);
		step(&s);
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
	run(&s, 60);
	s.moving = true;
	run(&s, 1);
	for (int i = 0; i < 300; i++) {
		step(&s);
		assert_false(vitals_wave(s.vitals, &wave));
	}
	vitals_destroy(s.vitals);
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
	    cmocka_unit_test(heart_is_read_from_25_hz_on),
	    cmocka_unit_test(heart_of_a_mat_is_read_through_noise),
	    cmocka_unit_test(no_heart_is_made_up),
	    cmocka_unit_test(movement_and_gaps_leave_no_value),
	    cmocka_unit_test(same_frames_same_bits),
	    cmocka_unit_test(the_wave_is_the_breath),
	    cmocka_unit_test(moving_has_no_wave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
