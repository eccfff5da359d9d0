/* A person is a few ellipses of load on a mat; she lies still, twitches, turns and leaves. */
#include "base/clock.h"
#include "base/random.h"
#include "body/movement.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ROWS    32
#define COLS    16
#define N_CELLS (ROWS * COLS)

static const struct surface bed = {
    .name = "bed",
    .kind = SURFACE_BED,
    .rows = ROWS,
    .cols = COLS,
    .n_cells = N_CELLS,
    .pitch_mm = 50,
    .full_scale_counts = 1000,
    .rate_hz = 10,
};

struct scene {
	const struct surface *surface;
	struct movement *movement;
	struct random random;
	float cells[N_CELLS], offsets[N_CELLS];
	int64_t mono_ns;
	double x_cells, width_cells; /* of the trunk: its middle, half its width */
	double load, noise;          /* of the greatest cell; per cell */
	bool occupied;
	enum posture posture;
	struct movement_reading reading;
	int shifts, moving_images;
	double ratio_max;
};

static void scene_open(struct scene *s, const struct surface *surface)
{
	*s = (struct scene){
	    .surface = surface,
	    .movement = movement_create(surface),
	    .mono_ns = NS_PER_H,
	    .x_cells = 8,
	    .width_cells = 4,
	    .load = 30,
	    .noise = 0.1,
	    .occupied = true,
	    .posture = POSTURE_SUPINE,
	};
	random_init(&s->random, 9);
	assert_non_null(s->movement);
}

static void draw(struct scene *s, double breath)
{
	for (size_t i = 0; i < s->surface->n_cells; i++) {
		double y = ((double)(i / COLS) - 12) / 8;
		double x = ((double)(i % COLS) - s->x_cells) / s->width_cells;
		double body = s->load * fmax(0, 1 - x * x - y * y) * (1 + 0.02 * breath);
		double noise = s->noise * random_normal(&s->random);
		s->cells[i] = (float)fmax(0, body + s->offsets[i] + noise);
	}
}

static void run(struct scene *s, double seconds)
{
	int n = (int)(seconds * (double)s->surface->rate_hz);

	s->shifts = s->moving_images = 0;
	s->ratio_max = 0;
	for (int i = 0; i < n; i++) {
		s->mono_ns += (int64_t)((double)NS_PER_S / (double)s->surface->rate_hz);
		draw(s, sin(2 * M_PI * 0.25 * (double)s->mono_ns * 1e-9));
		struct image image = {
		    .surface = s->surface, .mono_ns = s->mono_ns, .cells = s->cells};
		movement_step(s->movement, &image, s->occupied, s->posture, &s->reading);
		s->shifts += s->reading.shift;
		s->moving_images += s->reading.moving;
		if (s->reading.ratio > s->ratio_max)
			s->ratio_max = s->reading.ratio;
	}
}

static void turn(struct scene *s, double x_cells, double width_cells, enum posture posture)
{
	double from_x = s->x_cells, from_width = s->width_cells;

	for (int step = 1; step <= 20; step++) {
		s->x_cells = from_x + (x_cells - from_x) * step / 20;
		s->width_cells = from_width + (width_cells - from_width) * step / 20;
		run(s, 0.2);
	}
	s->posture = posture;
}

/* The published figure of still people: median 0.022, P99 0.106; here breathing of 2 %. */
static void lying_still_is_no_movement(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	run(&s, 1);
	run(&s, 300);
	assert_int_equal(s.moving_images, 0);
	assert_true(s.ratio_max < 0.06);
	assert_near(s.reading.still_s, 300, 1);
	movement_destroy(s.movement);
}

/* A constant offset on every cell, some of them stray: neither hides nor makes movement. */
static void offsets_change_nothing(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	for (size_t i = 0; i < N_CELLS; i++)
		s.offsets[i] = i % 97 == 0 ? 60 : 4.5F;
	run(&s, 120);
	assert_int_equal(s.moving_images, 0);
	turn(&s, 6, 2.5, POSTURE_LEFT);
	assert_true(s.reading.moving);
	run(&s, 30);
	assert_false(s.reading.moving);
	movement_destroy(s.movement);
}

static void turn_is_a_shift_and_a_twitch_is_not(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	run(&s, 60);
	turn(&s, 5, 2.5, POSTURE_LEFT);
	assert_true(s.reading.moving);
	assert_near(s.reading.still_s, 0, 0);
	run(&s, 15);
	assert_int_equal(s.shifts, 0); /* not before it has lasted */
	run(&s, 30);
	assert_int_equal(s.shifts, 1);
	run(&s, 300);
	assert_int_equal(s.shifts, 0);

	turn(&s, 7.5, 2.5, POSTURE_LEFT); /* out and back */
	turn(&s, 5, 2.5, POSTURE_LEFT);
	assert_true(s.reading.moving);
	run(&s, 60);
	assert_int_equal(s.shifts, 0);
	assert_false(s.reading.moving);
	movement_destroy(s.movement);
}

/*
 * Less of the map changes than in a turn to the side, and the centre not at all. With another
 * posture than that of back and front, or one that comes and goes, this is no shift.
 */
static void rolling_over_on_the_spot_is_a_shift(void **state)
{
	(void)state;
	static const struct {
		enum posture reads[2];
		int shifts;
	} rows[] = {
	    {{POSTURE_PRONE, POSTURE_PRONE}, 1},
	    {{POSTURE_SUPINE, POSTURE_SUPINE}, 0},
	    {{POSTURE_LEFT, POSTURE_LEFT}, 0},
	    {{POSTURE_UNKNOWN, POSTURE_UNKNOWN}, 0},
	    {{POSTURE_PRONE, POSTURE_SUPINE}, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;
		int shifts = 0;
		scene_open(&s, &bed);
		run(&s, 60);
		s.width_cells = 2.6; /* the maps differ by 0.42 */
		for (int second = 0; second < 60; second++) {
			s.posture = rows[i].reads[second / 3 % 2];
			run(&s, 1);
			shifts += s.shifts;
		}
		assert_int_equal(shifts, rows[i].shifts);
		assert_false(s.reading.moving);
		movement_destroy(s.movement);
	}
}

static void leaving_is_no_shift(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	run(&s, 60);
	s.occupied = false;
	s.load = 0;
	run(&s, 60);
	assert_true(isnan(s.reading.ratio));
	assert_false(s.reading.moving);
	assert_near(s.reading.still_s, 0, 0);
	s.occupied = true;
	s.load = 30;
	s.x_cells = 4;
	s.posture = POSTURE_RIGHT;
	run(&s, 60);
	assert_int_equal(s.shifts, 0);
	movement_destroy(s.movement);
}

/* Ten minutes of a noisy mat raise the limit; a turn still passes it. */
static void noisy_mat_is_not_always_moving(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	s.noise = 2;
	run(&s, 60);
	run(&s, 600);
	assert_true(s.ratio_max > 0.10);
	assert_true(s.moving_images < 60);
	turn(&s, 4, 2.5, POSTURE_LEFT);
	assert_true(s.reading.moving);
	movement_destroy(s.movement);
}

/* Taken for somebody by mistake: what moves is noise, and that is no ratio. */
static void empty_mat_has_no_movement(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	s.load = 0;
	s.noise = 0.3;
	run(&s, 300);
	assert_true(isnan(s.reading.ratio));
	assert_int_equal(s.moving_images, 0);
	movement_destroy(s.movement);
}

static void gap_starts_anew(void **state)
{
	(void)state;
	struct scene s;

	scene_open(&s, &bed);
	run(&s, 60);
	s.mono_ns += 600 * NS_PER_S;
	s.x_cells = 4;
	s.posture = POSTURE_LEFT;
	run(&s, 0.1);
	assert_true(isnan(s.reading.ratio));
	run(&s, 60);
	assert_int_equal(s.shifts, 0);
	assert_int_equal(s.moving_images, 0);
	movement_destroy(s.movement);
}

/* What happened in a short gap is not seen, but that she lies elsewhere after it is. */
static void maps_on_both_sides_of_a_short_gap_are_compared(void **state)
{
	(void)state;
	static const struct {
		double gap_s, x_cells;
		int shifts;
	} rows[] = {{10, 8, 0}, {10, 5, 1}, {50, 5, 1}, {70, 5, 0}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct scene s;
		scene_open(&s, &bed);
		run(&s, 60);
		s.mono_ns += (int64_t)(rows[i].gap_s * 1e9);
		s.x_cells = rows[i].x_cells;
		run(&s, 60);
		assert_int_equal(s.shifts, rows[i].shifts);
		assert_true(s.reading.still_s < 60);
		movement_destroy(s.movement);
	}
}

/* Every rate from 1 Hz on: a still person is still and a turn is seen. */
static void rates_agree(void **state)
{
	(void)state;
	static const float rates_hz[] = {1, 2, 5, 8, 25, 50};

	for (size_t i = 0; i < sizeof(rates_hz) / sizeof(rates_hz[0]); i++) {
		struct surface mat = bed;
		struct scene s;
		mat.rate_hz = rates_hz[i];
		scene_open(&s, &mat);
		run(&s, 60);
		assert_int_equal(s.moving_images, 0);
		s.x_cells = 4;
		run(&s, 2);
		assert_true(s.reading.moving);
		run(&s, 30);
		assert_false(s.reading.moving);
		assert_int_equal(s.shifts, 1);
		movement_destroy(s.movement);
	}
}

/* One cell, mostly offset: the scale is the person's own. */
static void strip_knows_a_turn_from_breathing(void **state)
{
	(void)state;
	struct surface strip = bed;
	struct movement *movement;
	struct movement_reading reading;
	struct random random;
	int moving = 0, judged = 0;

	strip.kind = SURFACE_STRIP;
	strip.rows = strip.cols = strip.n_cells = 1;
	strip.rate_hz = 50;
	movement = movement_create(&strip);
	random_init(&random, 4);
	for (int i = 0; i < 50 * 180; i++) {
		double t_s = i / 50.0;
		double turned = t_s > 150 && t_s < 154 ? 3 * sin(4 * t_s) : 0;
		float cell = (float)(20 + 0.05 * sin(2 * M_PI * 0.25 * t_s) + turned +
		                     0.01 * random_normal(&random));
		struct image image = {
		    .surface = &strip, .mono_ns = NS_PER_H + i * NS_PER_S / 50, .cells = &cell};
		movement_step(movement, &image, true, POSTURE_UNKNOWN, &reading);
		if (t_s > 20 && t_s < 150) {
			moving += reading.moving;
			judged += !isnan(reading.ratio);
		}
		if (t_s > 152 && t_s < 153)
			assert_true(reading.moving);
		assert_false(reading.shift);
	}
	assert_int_equal(moving, 0);
	assert_in_range(judged, 50 * 128, 50 * 131);
	assert_false(reading.moving);
	movement_destroy(movement);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lying_still_is_no_movement),
	    cmocka_unit_test(offsets_change_nothing),
	    cmocka_unit_test(turn_is_a_shift_and_a_twitch_is_not),
	    cmocka_unit_test(rolling_over_on_the_spot_is_a_shift),
	    cmocka_unit_test(leaving_is_no_shift),
	    cmocka_unit_test(noisy_mat_is_not_always_moving),
	    cmocka_unit_test(empty_mat_has_no_movement),
	    cmocka_unit_test(gap_starts_anew),
	    cmocka_unit_test(maps_on_both_sides_of_a_short_gap_are_compared),
	    cmocka_unit_test(rates_agree),
	    cmocka_unit_test(strip_knows_a_turn_from_breathing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
