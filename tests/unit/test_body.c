#include "bodies.h"
#include "support.h"

#include "app/frames_source.h"
#include "body/body.h"
#include "drivers/sim/world.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct body *create(const struct surface *surface)
{
	struct options options;
	struct error err = {0};

	options_init(&options, body_options);
	struct body *body = body_create(surface, &options, &err);
	if (!body)
		fail_msg("%s", err.text);
	return body;
}

/* A person who rests on her back on a mat with its faults, 10 Hz, from t_s = 0. */
struct rest {
	struct surface surface;
	struct sim_world *world;
	float *cells;
	int n;
};

static void rest_begin(struct rest *rest)
{
	struct sim_settings settings = {
	    .seed = 11, .plan = SIM_PLAN_REST, .stiffness_kpa_per_m = 80};

	*rest = (struct rest){.surface = bodies_bed(32, 16)};
	assert_int_equal(sim_world_create(&rest->world, &settings, &rest->surface, 1, NULL), 0);
	rest->cells = calloc(rest->surface.n_cells, sizeof(float));
}

static struct image rest_next(struct rest *rest)
{
	double t_s = 0.1 * rest->n++;

	sim_world_frame(rest->world, 0, t_s, rest->cells);
	for (size_t i = 0; i < rest->surface.n_cells; i++)
		rest->cells[i] *= 100 / rest->surface.full_scale_counts;
	struct image image = bodies_image(&rest->surface, rest->cells, t_s);
	image.unit = PRESSURE_RELATIVE;
	return image;
}

static void rest_end(struct rest *rest)
{
	sim_world_destroy(rest->world);
	free(rest->cells);
}

static void test_a_resting_person_is_read_whole(void **state)
{
	struct rest rest;
	struct observation o;

	(void)state;
	rest_begin(&rest);
	struct body *body = create(&rest.surface);
	for (int i = 0; i < 900; i++) {
		struct image image = rest_next(&rest);
		body_step(body, &image, &o);
		assert_true(fabsf(o.dt_s - (i ? 0.1f : 0.0f)) < 1e-4f);
		if (i < 30)
			assert_int_equal(o.occupancy, OCCUPANCY_UNKNOWN);
		if (i >= 100) {
			assert_int_equal(o.occupancy, OCCUPANCY_PERSON);
			assert_int_equal(o.posture, POSTURE_SUPINE);
			assert_false(o.shift);
		}
	}
	assert_true(o.posture_confidence > 0.5f && o.load > 0 && o.contact_ratio > 0.1f);
	assert_true(o.movement_ratio < 0.1f && !o.moving);
	assert_true(isfinite(o.breathing_per_min) && isnan(o.heart_per_min));
	assert_true(isfinite(o.valley_ratio) && isfinite(o.softness));
	assert_int_equal(o.unit, PRESSURE_RELATIVE);

	body_reset(body);
	struct image image = rest_next(&rest);
	body_step(body, &image, &o);
	assert_true(o.dt_s == 0 && o.occupancy == OCCUPANCY_UNKNOWN && isnan(o.valley_ratio));
	body_destroy(body);
	rest_end(&rest);
}

static void test_two_bodies_side_by_side_agree(void **state)
{
	struct rest rest;
	struct observation one, other;

	(void)state;
	rest_begin(&rest);
	struct body *first = create(&rest.surface), *second = create(&rest.surface);
	for (int i = 0; i < 200; i++) {
		struct image image = rest_next(&rest);
		body_step(first, &image, &one);
		body_step(second, &image, &other);
		assert_true(one.occupancy == other.occupancy && one.posture == other.posture);
		assert_memory_equal(&one.load, &other.load, sizeof(one.load));
	}
	body_destroy(first);
	body_destroy(second);
	rest_end(&rest);
}

static void test_leaving_is_seen_and_nothing_is_made_up(void **state)
{
	struct rest rest;
	struct observation o;
	int empty_after = -1;

	(void)state;
	rest_begin(&rest);
	struct body *body = create(&rest.surface);
	for (int i = 0; i < 600; i++) {
		struct image image = rest_next(&rest);
		if (i >= 300)
			memset(rest.cells, 0, rest.surface.n_cells * sizeof(float));
		body_step(body, &image, &o);
		if (empty_after < 0 && i >= 300 && o.occupancy == OCCUPANCY_EMPTY)
			empty_after = i - 300;
	}
	assert_in_range(empty_after, 28, 45); /* 3 s */
	assert_int_equal(o.posture, POSTURE_EMPTY);
	assert_true(isnan(o.breathing_per_min) && isnan(o.softness) && isnan(o.movement_ratio));
	assert_true(o.load == 0);
	body_destroy(body);
	rest_end(&rest);
}

static void test_a_seat_and_a_strip_have_their_own_readings(void **state)
{
	struct surface seat = {0};
	struct surface strip = {.kind = SURFACE_STRIP,
	    .rows = 1,
	    .cols = 1,
	    .n_cells = 1,
	    .pitch_mm = 30,
	    .full_scale_counts = 3300,
	    .rate_hz = 50};
	struct observation o;
	float *cells = NULL, one;

	(void)state;
	sim_surface(&seat, SURFACE_SEAT, 16, 16, 10);
	cells = calloc(seat.n_cells, sizeof(float));
	struct body *body = create(&seat);
	for (int i = 0; i < 100; i++) {
		struct image image = bodies_image(&seat, cells, 0.1 * i);
		body_step(body, &image, &o);
	}
	assert_true(o.seat == SEAT_EMPTY && o.posture == POSTURE_UNKNOWN);
	body_destroy(body);
	free(cells);

	body = create(&strip);
	for (int i = 0; i < 60 * 50; i++) {
		double t_s = i / 50.0;
		one = (float)(40 + 2 * sin(2 * M_PI * 0.25 * t_s));
		struct image image = bodies_image(&strip, &one, t_s);
		body_step(body, &image, &o);
	}
	assert_int_equal(o.occupancy, OCCUPANCY_PERSON);
	assert_float_equal(o.breathing_per_min, 15, 0.5);
	body_destroy(body);
}

static void test_a_missing_model_is_said(void **state)
{
	struct surface bed = bodies_bed(32, 16);
	struct options options;
	struct error err = {0};

	(void)state;
	options_init(&options, body_options);
	assert_int_equal(options_set(&options, "posture_model", "/nowhere/a.model", NULL, &err), 0);
	assert_null(body_create(&bed, &options, &err));
	assert_non_null(strstr(err.text, "/nowhere/a.model"));
	body_destroy(NULL);
}

/* A recording at one frame a second, glitches at its beginning and all. */
static void test_a_recorded_person_at_one_hertz(void **state)
{
	char *path = data_path("pmd/exp1/S1/1.txt");
	struct surface bed = {.kind = SURFACE_BED,
	    .rows = 64,
	    .cols = 32,
	    .n_cells = 2048,
	    .pitch_mm = 25.4f,
	    .full_scale_counts = 1000,
	    .rate_hz = 1};
	struct frames_source *source;
	struct frame frame;
	struct observation o = {0};
	float cells[2048];
	int n = 0;

	(void)state;
	if (!path) {
		print_message("DATA is not set: no recordings\n");
		skip();
	}
	struct body *body = create(&bed);
	assert_int_equal(frames_source_open(&source, path, &bed, NULL), 0);
	for (int result; (result = frames_source_read(source, &frame, NULL)) != -ENODATA;) {
		if (result < 0)
			continue;
		for (size_t i = 0; i < 2048; i++)
			cells[i] = frame.counts[i] / 10;
		struct image image = {.surface = &bed,
		    .mono_ns = frame.mono_ns,
		    .unit = PRESSURE_RELATIVE,
		    .health_ratio = 1,
		    .cells = cells};
		body_step(body, &image, &o);
		if (++n > 10) {
			assert_int_equal(o.occupancy, OCCUPANCY_PERSON);
			assert_int_equal(o.posture, POSTURE_SUPINE);
		}
	}
	assert_true(n > 60);
	assert_true(o.valley_ratio > 0.1f && o.valley_ratio < 0.7f);
	frames_source_close(source);
	body_destroy(body);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_resting_person_is_read_whole),
	    cmocka_unit_test(test_two_bodies_side_by_side_agree),
	    cmocka_unit_test(test_leaving_is_seen_and_nothing_is_made_up),
	    cmocka_unit_test(test_a_seat_and_a_strip_have_their_own_readings),
	    cmocka_unit_test(test_a_missing_model_is_said),
	    cmocka_unit_test(test_a_recorded_person_at_one_hertz),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
