/* Calibrating frames: every flip, dead cells and lines. */
#include "calib/calib.h"
#include "small_mat.h"
#include "support.h"

#include "base/clock.h"
#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static void uncalibrated_is_percent_of_full_scale(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[SMALL_CELLS] = {[3] = 4000, [5] = 1000}, cells[SMALL_CELLS];
	struct image image = {.cells = cells};
	struct frame frame = small_frame(counts, NS_PER_S);

	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	assert_int_equal(image.unit, PRESSURE_RELATIVE);
	assert_float_equal(cells[3], 100, 1e-4);
	assert_float_equal(cells[5], 25, 1e-4);
	assert_float_equal(cells[0], 0, 0);
	assert_float_equal(image.health_ratio, 1, 0);
	calib_destroy(calib);
}

static void every_flip_lays_cells_into_body_coordinates(void **state)
{
	(void)state;
	static const struct {
		enum flip flip;
		size_t row, col; /* where raw cell (1, 2) comes to lie */
	} table[] = {{FLIP_NONE, 1, 2}, {FLIP_ROWS, SMALL_ROWS - 2, 2},
	    {FLIP_COLS, 1, SMALL_COLS - 3}, {FLIP_BOTH, SMALL_ROWS - 2, SMALL_COLS - 3}};

	for (size_t i = 0; i < 4; i++) {
		struct surface surface = small_mat(table[i].flip);
		struct calib *calib = calib_create(&surface, NULL, NULL);
		float counts[SMALL_CELLS] = {[1 * SMALL_COLS + 2] = 400}, cells[SMALL_CELLS];
		struct image image = {.cells = cells};
		struct frame frame = small_frame(counts, NS_PER_S);
		assert_int_equal(calib_apply(calib, &frame, &image), 0);
		for (size_t k = 0; k < SMALL_CELLS; k++)
			assert_float_equal(cells[k],
			    (k == table[i].row * SMALL_COLS + table[i].col ? 10 : 0), 1e-5);
		calib_destroy(calib);
	}
}

/* Counts that rise evenly down the mat: what is interpolated must fall on the same plane. */
static void fill_plane(float *counts)
{
	for (int row = 0; row < SMALL_ROWS; row++)
		for (int col = 0; col < SMALL_COLS; col++)
			counts[row * SMALL_COLS + col] = 400 + 100 * (float)row + 10 * (float)col;
}

static void marked_dead_lines_are_interpolated_between_living_ones(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_ROWS);
	struct calibration calibration;
	float counts[SMALL_CELLS], whole[SMALL_CELLS], cells[SMALL_CELLS];
	struct image image = {.cells = cells};

	calibration_init_relative(&calibration, &surface);
	struct calib *living = calib_create(&surface, &calibration, NULL);
	for (size_t col = 0; col < SMALL_COLS; col++) { /* two raw rows side by side, and a cell */
		calibration.cells[2 * SMALL_COLS + col].dead = true;
		calibration.cells[3 * SMALL_COLS + col].dead = true;
	}
	calibration.cells[6 * SMALL_COLS + 2].dead = true;
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	fill_plane(counts);
	struct frame frame = small_frame(counts, NS_PER_S);
	assert_int_equal(calib_apply(living, &frame, &(struct image){.cells = whole}), 0);
	for (size_t col = 0; col < SMALL_COLS; col++)
		counts[2 * SMALL_COLS + col] = counts[3 * SMALL_COLS + col] = 0;
	counts[6 * SMALL_COLS + 2] = 4000;
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (int i = 0; i < SMALL_CELLS; i++)
		assert_float_equal(cells[i], whole[i], 1e-3);
	assert_float_equal(image.health_ratio, 1 - 13.0f / SMALL_CELLS, 1e-6);
	calib_destroy(living);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void cells_outside_the_scale_are_dead_for_a_frame_or_refuse_it(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[SMALL_CELLS], cells[SMALL_CELLS];
	struct image image = {.cells = cells};
	struct frame frame = small_frame(counts, NS_PER_S);

	fill_plane(counts);
	float right = counts[2 * SMALL_COLS + 2] / 40;
	counts[2 * SMALL_COLS + 2] = NAN;
	counts[4 * SMALL_COLS + 4] = -5;
	counts[5 * SMALL_COLS + 1] = 4001;
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	assert_float_equal(cells[2 * SMALL_COLS + 2], right, 1e-3);
	assert_float_equal(image.health_ratio, 1 - 3.0f / SMALL_CELLS, 1e-6);
	for (int i = 0; i < 5; i++)
		counts[i] = NAN;
	assert_int_equal(calib_apply(calib, &frame, &image), -ERANGE);
	calib_destroy(calib);
}

/* An open row of a 16 bit converter: it is known to be dead, and says nothing of the frame. */
static void dead_cells_may_read_anything(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_ROWS);
	struct calibration calibration;
	float counts[SMALL_CELLS], cells[SMALL_CELLS];
	struct image image = {.cells = cells};

	assert_int_equal(calibration_init_relative(&calibration, &surface), 0);
	for (int i = 0; i < SMALL_CELLS; i++) {
		bool dead = i / SMALL_COLS == 2 || i / SMALL_COLS == 5;
		calibration.cells[i].dead = dead;
		counts[i] = dead ? 65535 : 1000;
	}
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	struct frame frame = small_frame(counts, NS_PER_S);
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	assert_float_equal(image.health_ratio, 0.75, 1e-6);
	for (int i = 0; i < SMALL_CELLS; i++)
		assert_float_equal(cells[i], 25, 1e-4);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void too_few_living_cells_are_said(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calibration calibration;
	float counts[SMALL_CELLS] = {0}, cells[SMALL_CELLS];
	struct frame frame = small_frame(counts, NS_PER_S);

	calibration_init_relative(&calibration, &surface);
	for (int i = 0; i < SMALL_CELLS / 2 + 1; i++)
		calibration.cells[i].dead = true;
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	assert_int_equal(calib_apply(calib, &frame, &(struct image){.cells = cells}), -ENODATA);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

/*
 * Someone who breathes and turns over once in two minutes on a mat with a dead row, a cell stuck
 * at nothing and one at a load. All are found, nobody else is, and one that wakes up lives again.
 */
static void what_dies_while_running_is_found(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[SMALL_CELLS], cells[SMALL_CELLS];
	struct image image = {.cells = cells};
	struct random random;
	float before = 0, after = 0;

	random_init(&random, 3);
	for (int t = 0; t < 1200; t++) {
		float turned = t / 60 % 2 ? 1000.0f : 2000.0f;
		for (int i = 0; i < SMALL_CELLS; i++)
			counts[i] = turned + 100 * sinf((float)t) +
			            (float)random_between(&random, -20, 20);
		for (int col = 0; col < SMALL_COLS; col++)
			counts[2 * SMALL_COLS + col] = 0;
		if (t < 900)
			counts[6 * SMALL_COLS + 1] = 0;
		counts[5 * SMALL_COLS + 4] = 777;
		struct frame frame = small_frame(counts, (1 + t) * NS_PER_S);
		assert_int_equal(calib_apply(calib, &frame, &image), 0);
		if (t == 50)
			before = image.health_ratio;
		if (t == 899)
			after = image.health_ratio;
	}
	assert_float_equal(before, 1, 0);
	assert_float_equal(after, 1 - (SMALL_COLS + 2.0f) / SMALL_CELLS, 1e-6);
	assert_float_equal(image.health_ratio, 1 - (SMALL_COLS + 1.0f) / SMALL_CELLS, 1e-6);
	assert_true(cells[2 * SMALL_COLS + 3] > 20);
	calib_destroy(calib);
}

/* The hollow of a back: one row that nobody touches, for an hour without a turn. */
static void a_hollow_is_not_taken_for_a_dead_line(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[SMALL_CELLS], cells[SMALL_CELLS];
	struct image image = {.cells = cells};
	struct random random;

	random_init(&random, 4);
	for (int t = 0; t < 3600; t++) {
		for (int i = 0; i < SMALL_CELLS; i++)
			counts[i] = i / SMALL_COLS == 3
			                ? 0
			                : 1500 + 40 * sinf((float)t) +
			                      (float)random_between(&random, -20, 20);
		struct frame frame = small_frame(counts, (1 + t) * NS_PER_S);
		assert_int_equal(calib_apply(calib, &frame, &image), 0);
	}
	assert_float_equal(image.health_ratio, 1, 0);
	assert_float_equal(cells[3 * SMALL_COLS + 2], 0, 0);
	calib_destroy(calib);
}

static void a_free_layout_is_filled_from_its_own_region(void **state)
{
	(void)state;
	static const struct cell_place places[] = {
	    {0, 0, REGION_SEAT}, {100, 0, REGION_SEAT}, {50, 0, REGION_SEAT}, {50, 1, REGION_BACK}};
	struct surface surface = {.name = "chair",
	    .kind = SURFACE_SEAT,
	    .n_cells = 4,
	    .pitch_mm = 50,
	    .full_scale_counts = 100,
	    .rate_hz = 10,
	    .places = places};
	struct calibration calibration;
	float counts[] = {20, 40, 0, 90}, cells[4];
	struct frame frame = {.mono_ns = 1, .n_cells = 4, .counts = counts};

	calibration_init_relative(&calibration, &surface);
	calibration.cells[2].dead = true;
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	assert_int_equal(calib_apply(calib, &frame, &(struct image){.cells = cells}), 0);
	assert_float_equal(cells[2], 30, 1e-4);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void a_mat_of_2048_cells_takes_microseconds(void **state)
{
	(void)state;
	enum { CELLS = 2048, FRAMES = 4000 };
	struct surface surface = small_mat(FLIP_NONE);
	surface.rows = 64;
	surface.cols = 32;
	surface.n_cells = CELLS;
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float *counts = calloc(CELLS, sizeof(float)), *cells = calloc(CELLS, sizeof(float));
	double best_us = INFINITY;

	for (int round = 0; round < 5; round++) {
		int64_t start_ns = clock_mono_ns();
		for (int i = 0; i < FRAMES; i++) {
			counts[i % CELLS] = (float)i;
			struct frame frame = {.mono_ns = (round * FRAMES + i + 1) * 100 * NS_PER_MS,
			    .n_cells = CELLS,
			    .counts = counts};
			calib_apply(calib, &frame, &(struct image){.cells = cells});
		}
		best_us = fmin(best_us, (double)(clock_mono_ns() - start_ns) / 1e3 / FRAMES);
	}
	print_message("%.2f us a frame\n", best_us);
	assert_true(best_us < 500); /* make bench has the real figure; this sees a wrong order */
	calib_destroy(calib);
	free(counts);
	free(cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(uncalibrated_is_percent_of_full_scale),
	    cmocka_unit_test(every_flip_lays_cells_into_body_coordinates),
	    cmocka_unit_test(marked_dead_lines_are_interpolated_between_living_ones),
	    cmocka_unit_test(cells_outside_the_scale_are_dead_for_a_frame_or_refuse_it),
	    cmocka_unit_test(dead_cells_may_read_anything),
	    cmocka_unit_test(too_few_living_cells_are_said),
	    cmocka_unit_test(what_dies_while_running_is_found),
	    cmocka_unit_test(a_hollow_is_not_taken_for_a_dead_line),
	    cmocka_unit_test(a_free_layout_is_filled_from_its_own_region),
	    cmocka_unit_test(a_mat_of_2048_cells_takes_microseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
