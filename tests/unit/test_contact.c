#include "bodies.h"
#include "support.h"

#include "body/contact.h"

#include <math.h>
#include <string.h>

#define ROWS 64
#define COLS 32

struct fixture {
	struct surface surface;
	struct contact_map *map;
	float cells[ROWS * COLS];
	struct contact_reading reading;
};

static int set_up(void **state)
{
	static struct fixture f;

	memset(&f, 0, sizeof(f));
	f.surface = bodies_bed(ROWS, COLS);
	f.map = contact_map_create(&f.surface);
	*state = &f;
	return f.map ? 0 : -1;
}

static int tear_down(void **state)
{
	contact_map_destroy(((struct fixture *)*state)->map);
	return 0;
}

static void step(struct fixture *f)
{
	struct image image = bodies_image(&f->surface, f->cells, 0);

	contact_map_step(f->map, &image, &f->reading);
}

static void test_an_empty_mat_has_no_contact(void **state)
{
	struct fixture *f = *state;

	step(f);
	assert_true(f->reading.high == 0 && f->reading.load == 0);
	assert_true(isnan(f->reading.centre_x_ratio));
}

static void test_a_box_is_measured(void **state)
{
	struct fixture *f = *state;

	/* Rows 16-47 and columns 8-15 of 27 mm. */
	bodies_add_box(&f->surface, 216, 432, 216, 864, 30, f->cells);
	step(f);
	assert_float_equal(f->reading.load, 30 * 32 * 8, 1);
	assert_float_equal(f->reading.contact_ratio, 32 * 8 / (float)(ROWS * COLS), 1e-6);
	assert_float_equal(f->reading.peak, 30, 1e-3);
	assert_float_equal(f->reading.centre_x_ratio, 12 / 32.0, 1e-4);
	assert_float_equal(f->reading.centre_y_ratio, 32 / 64.0, 1e-4);
	assert_float_equal(f->reading.length_mm, 864, 1);
	assert_float_equal(f->reading.width_mm, 216, 1);
}

static void test_an_offset_on_every_cell_changes_little(void **state)
{
	struct fixture *f = *state;

	bodies_lie(&f->surface, POSTURE_SUPINE, 80, 1, f->cells);
	step(f);
	struct contact_reading plain = f->reading;
	for (size_t i = 0; i < ROWS * COLS; i++)
		f->cells[i] += 20;
	step(f);
	assert_float_equal(f->reading.baseline, 20, 1);
	assert_float_equal(f->reading.load / plain.load, 1, 0.03);
	assert_float_equal(f->reading.contact_ratio, plain.contact_ratio, 0.02);
	assert_float_equal(f->reading.centre_y_ratio, plain.centre_y_ratio, 0.01);
}

static void test_stuck_cells_do_not_move_the_centre(void **state)
{
	struct fixture *f = *state;

	bodies_lie(&f->surface, POSTURE_LEFT, 80, 2, f->cells);
	step(f);
	struct contact_reading plain = f->reading;
	f->cells[3] = f->cells[70] = f->cells[500] = 4095;
	step(f);
	assert_float_equal(f->reading.load / plain.load, 1, 0.05);
	assert_float_equal(f->reading.centre_x_ratio, plain.centre_x_ratio, 0.02);
	assert_float_equal(f->reading.centre_y_ratio, plain.centre_y_ratio, 0.03);
	assert_true(f->reading.peak < 1.6f * plain.peak);
}

static void test_a_lone_column_is_left_out(void **state)
{
	struct fixture *f = *state;

	for (size_t row = 10; row < 50; row++)
		f->cells[row * COLS] = 40;
	step(f);
	assert_true(f->reading.load == 0);

	bodies_lie(&f->surface, POSTURE_SUPINE, 80, 1, f->cells);
	step(f);
	struct contact_reading plain = f->reading;
	for (size_t row = 10; row < 50; row++)
		f->cells[row * COLS] = 40;
	step(f);
	assert_float_equal(f->reading.load / plain.load, 1, 0.02);
	assert_float_equal(f->reading.centre_x_ratio, plain.centre_x_ratio, 0.01);
}

static void test_units_do_not_matter(void **state)
{
	struct fixture *f = *state;

	bodies_lie(&f->surface, POSTURE_SUPINE, 80, 4, f->cells);
	step(f);
	struct contact_reading plain = f->reading;
	for (size_t i = 0; i < ROWS * COLS; i++)
		f->cells[i] *= 7;
	step(f);
	assert_float_equal(f->reading.load / plain.load, 7, 0.1);
	assert_float_equal(f->reading.contact_ratio, plain.contact_ratio, 0.02);
}

static void test_a_free_layout_has_a_centre(void **state)
{
	struct cell_place places[] = {{-100, 50, REGION_SEAT}, {100, 50, REGION_SEAT},
	    {-100, -50, REGION_SEAT}, {100, -50, REGION_SEAT}, {0, 300, REGION_BACK}};
	struct surface seat = {.kind = SURFACE_SEAT,
	    .n_cells = 5,
	    .pitch_mm = 25,
	    .full_scale_counts = 255,
	    .rate_hz = 10,
	    .places = places};
	float cells[] = {10, 30, 10, 30, 50};
	struct contact_map *map = contact_map_create(&seat);
	struct image image = bodies_image(&seat, cells, 0);
	struct contact_reading reading;

	(void)state;
	assert_non_null(map);
	contact_map_step(map, &image, &reading);
	contact_map_destroy(map);
	assert_float_equal(reading.load, 130, 1e-3);
	assert_float_equal(reading.centre_x_ratio, 0.75, 1e-3); /* back cells do not count */
	assert_float_equal(reading.centre_y_ratio, 0.5, 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_an_empty_mat_has_no_contact, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_a_box_is_measured, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
	        test_an_offset_on_every_cell_changes_little, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
	        test_stuck_cells_do_not_move_the_centre, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_a_lone_column_is_left_out, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(test_units_do_not_matter, set_up, tear_down),
	    cmocka_unit_test(test_a_free_layout_has_a_centre),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
