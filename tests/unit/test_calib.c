/* Calibration: known curves come back, every flip, dead cells and lines, tare, files. */
#include "calib/calib.h"
#include "calib/fit.h"
#include "support.h"

#include "base/clock.h"
#include "base/random.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROWS 8
#define COLS 6
#define N    (ROWS * COLS)

static struct surface mat(enum flip flip)
{
	return (struct surface){.name = "bed",
	    .kind = SURFACE_BED,
	    .rows = ROWS,
	    .cols = COLS,
	    .n_cells = N,
	    .pitch_mm = 25,
	    .flip = flip,
	    .full_scale_counts = 4000,
	    .rate_hz = 10};
}

static struct frame frame_of(float *counts, int64_t mono_ns)
{
	return (struct frame){.mono_ns = mono_ns, .n_cells = N, .counts = counts};
}

static void uncalibrated_is_percent_of_full_scale(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[N] = {[3] = 4000, [5] = 1000}, cells[N];
	struct image image = {.cells = cells};
	struct frame frame = frame_of(counts, NS_PER_S);

	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	assert_int_equal(image.unit, PRESSURE_RELATIVE);
	assert_float_equal(cells[3], 100, 1e-4);
	assert_float_equal(cells[5], 25, 1e-4);
	assert_float_equal(cells[0], 0, 0);
	assert_float_equal(image.health_ratio, 1, 0);
	calib_destroy(calib);
}

/* A power law of each cell's own is fitted from three levels, and pressures come back. */
static void known_power_laws_are_recovered(void **state)
{
	(void)state;
	static const float levels_mmhg[] = {0, 20, 40, 80};
	struct surface surface = mat(FLIP_NONE);
	struct calibration calibration;
	struct random random;
	float offset[N], gain[N], exponent[N], counts[4][N], cells[N];
	struct fit_level levels[4];

	random_init(&random, 7);
	for (int i = 0; i < N; i++) {
		offset[i] = (float)random_between(&random, 0, 30);
		gain[i] = (float)random_between(&random, 0.01, 0.03);
		exponent[i] = (float)random_between(&random, 0.8, 1.3);
		for (int k = 0; k < 4; k++)
			counts[k][i] = offset[i] + powf(levels_mmhg[k] / gain[i], 1 / exponent[i]);
	}
	for (int k = 0; k < 4; k++)
		levels[k] = (struct fit_level){levels_mmhg[k], counts[k]};
	surface.full_scale_counts = 65535;
	assert_int_equal(fit_levels(&calibration, &surface, levels, 4, 0, NULL, NULL), 0);
	assert_int_equal(calibration.unit, PRESSURE_MMHG);
	assert_true(calibration.quality_ratio > 0.999f);
	for (int i = 0; i < N; i++) {
		assert_float_equal(calibration.cells[i].exponent, exponent[i], 1e-3);
		assert_float_equal(calibration.cells[i].gain / gain[i], 1, 0.01);
	}
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	struct image image = {.cells = cells};
	struct frame frame = frame_of(counts[2], NS_PER_S);
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (int i = 0; i < N; i++)
		assert_float_equal(cells[i], 40, 0.02);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void a_fit_says_why_its_quality_is_low(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calibration calibration;
	float counts[N], close[N];
	struct error err = {0};

	for (int i = 0; i < N; i++)
		close[i] = counts[i] = 500;
	counts[4] = 0;
	struct fit_level levels[] = {{40, counts}, {42, close}};
	assert_int_equal(fit_levels(&calibration, &surface, levels, 1, 0, NULL, &err), 0);
	assert_true(calibration.cells[4].dead);
	assert_true(calibration.quality_ratio < 0.76f);
	assert_non_null(strstr(calibration.note, "straight line over 1 level"));
	assert_non_null(strstr(calibration.note, "1 of 48 cells dead"));
	calibration_finish(&calibration);
	assert_int_equal(fit_levels(&calibration, &surface, levels, 2, 0, NULL, &err), -EINVAL);
	assert_non_null(strstr(err.text, "too close"));
	assert_int_equal(fit_levels(&calibration, &surface, NULL, 0, 0, NULL, &err), -EINVAL);
}

/* 60 kg on 48 cells of 25 mm: the pressures carry 588.4 N. */
static void a_known_weight_gives_the_gain(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calibration calibration;
	float empty[N], loaded[N], cells[N];
	double force_n = 0;

	for (int i = 0; i < N; i++) {
		empty[i] = 10;
		loaded[i] = 10 + (float)(i * 20);
	}
	assert_int_equal(fit_weight(&calibration, &surface, empty, loaded, 60, 0, NULL, NULL), 0);
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	struct image image = {.cells = cells};
	struct frame frame = frame_of(loaded, NS_PER_S);
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (int i = 0; i < N; i++)
		force_n += (double)cells[i] * 133.322 * 0.025 * 0.025;
	assert_true(fabs(force_n - 60 * 9.80665) < 0.1);
	struct calibration none;
	assert_int_equal(fit_weight(&none, &surface, empty, empty, 60, 0, NULL, NULL), -EINVAL);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void every_flip_lays_cells_into_body_coordinates(void **state)
{
	(void)state;
	static const struct {
		enum flip flip;
		size_t row, col; /* where raw cell (1, 2) comes to lie */
	} table[] = {{FLIP_NONE, 1, 2}, {FLIP_ROWS, ROWS - 2, 2}, {FLIP_COLS, 1, COLS - 3},
	    {FLIP_BOTH, ROWS - 2, COLS - 3}};

	for (size_t i = 0; i < 4; i++) {
		struct surface surface = mat(table[i].flip);
		struct calib *calib = calib_create(&surface, NULL, NULL);
		float counts[N] = {[1 * COLS + 2] = 400}, cells[N];
		struct image image = {.cells = cells};
		struct frame frame = frame_of(counts, NS_PER_S);
		assert_int_equal(calib_apply(calib, &frame, &image), 0);
		for (size_t k = 0; k < N; k++)
			assert_float_equal(
			    cells[k], (k == table[i].row * COLS + table[i].col ? 10 : 0), 1e-5);
		calib_destroy(calib);
	}
}

/* Counts that rise evenly down the mat: what is interpolated must fall on the same plane. */
static void fill_plane(float *counts)
{
	for (int row = 0; row < ROWS; row++)
		for (int col = 0; col < COLS; col++)
			counts[row * COLS + col] = 400 + 100 * (float)row + 10 * (float)col;
}

static void marked_dead_lines_are_interpolated_between_living_ones(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_ROWS);
	struct calibration calibration;
	float counts[N], whole[N], cells[N];
	struct image image = {.cells = cells};

	calibration_init_relative(&calibration, &surface);
	struct calib *living = calib_create(&surface, &calibration, NULL);
	for (size_t col = 0; col < COLS; col++) { /* two raw rows side by side, and a cell */
		calibration.cells[2 * COLS + col].dead = true;
		calibration.cells[3 * COLS + col].dead = true;
	}
	calibration.cells[6 * COLS + 2].dead = true;
	struct calib *calib = calib_create(&surface, &calibration, NULL);
	fill_plane(counts);
	struct frame frame = frame_of(counts, NS_PER_S);
	assert_int_equal(calib_apply(living, &frame, &(struct image){.cells = whole}), 0);
	for (size_t col = 0; col < COLS; col++)
		counts[2 * COLS + col] = counts[3 * COLS + col] = 0;
	counts[6 * COLS + 2] = 4000;
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	for (int i = 0; i < N; i++)
		assert_float_equal(cells[i], whole[i], 1e-3);
	assert_float_equal(image.health_ratio, 1 - 13.0f / N, 1e-6);
	calib_destroy(living);
	calib_destroy(calib);
	calibration_finish(&calibration);
}

static void cells_outside_the_scale_are_dead_for_a_frame_or_refuse_it(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[N], cells[N];
	struct image image = {.cells = cells};
	struct frame frame = frame_of(counts, NS_PER_S);

	fill_plane(counts);
	float right = counts[2 * COLS + 2] / 40;
	counts[2 * COLS + 2] = NAN;
	counts[4 * COLS + 4] = -5;
	counts[5 * COLS + 1] = 4001;
	assert_int_equal(calib_apply(calib, &frame, &image), 0);
	assert_float_equal(cells[2 * COLS + 2], right, 1e-3);
	assert_float_equal(image.health_ratio, 1 - 3.0f / N, 1e-6);
	for (int i = 0; i < 5; i++)
		counts[i] = NAN;
	assert_int_equal(calib_apply(calib, &frame, &image), -ERANGE);
	calib_destroy(calib);
}

static void too_few_living_cells_are_said(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calibration calibration;
	float counts[N] = {0}, cells[N];
	struct frame frame = frame_of(counts, NS_PER_S);

	calibration_init_relative(&calibration, &surface);
	for (int i = 0; i < N / 2 + 1; i++)
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
	struct surface surface = mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[N], cells[N];
	struct image image = {.cells = cells};
	struct random random;
	float before = 0, after = 0;

	random_init(&random, 3);
	for (int t = 0; t < 1200; t++) {
		float turned = t / 60 % 2 ? 1000.0f : 2000.0f;
		for (int i = 0; i < N; i++)
			counts[i] = turned + 100 * sinf((float)t) +
			            (float)random_between(&random, -20, 20);
		for (int col = 0; col < COLS; col++)
			counts[2 * COLS + col] = 0;
		if (t < 900)
			counts[6 * COLS + 1] = 0;
		counts[5 * COLS + 4] = 777;
		struct frame frame = frame_of(counts, (1 + t) * NS_PER_S);
		assert_int_equal(calib_apply(calib, &frame, &image), 0);
		if (t == 50)
			before = image.health_ratio;
		if (t == 899)
			after = image.health_ratio;
	}
	assert_float_equal(before, 1, 0);
	assert_float_equal(after, 1 - (COLS + 2.0f) / N, 1e-6);
	assert_float_equal(image.health_ratio, 1 - (COLS + 1.0f) / N, 1e-6);
	assert_true(cells[2 * COLS + 3] > 20);
	calib_destroy(calib);
}

/* The hollow of a back: one row that nobody touches, for an hour without a turn. */
static void a_hollow_is_not_taken_for_a_dead_line(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calib *calib = calib_create(&surface, NULL, NULL);
	float counts[N], cells[N];
	struct image image = {.cells = cells};
	struct random random;

	random_init(&random, 4);
	for (int t = 0; t < 3600; t++) {
		for (int i = 0; i < N; i++)
			counts[i] = i / COLS == 3 ? 0
			                          : 1500 + 40 * sinf((float)t) +
			                                (float)random_between(&random, -20, 20);
		struct frame frame = frame_of(counts, (1 + t) * NS_PER_S);
		assert_int_equal(calib_apply(calib, &frame, &image), 0);
	}
	assert_float_equal(image.health_ratio, 1, 0);
	assert_float_equal(cells[3 * COLS + 2], 0, 0);
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

static void a_file_gives_back_what_was_saved(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calibration saved, loaded;
	char *path = scratch_path("bed.calib");

	calibration_init_relative(&saved, &surface);
	saved.unit = PRESSURE_MMHG;
	saved.made_real_ns = 1795359600LL * NS_PER_S;
	saved.quality_ratio = 0.875f;
	strcpy(saved.note, "power law over 3 levels");
	strcpy(saved.mat, "PMD-2 0417");
	saved.cells[5] = (struct calib_cell){12.345f, 0.0183f, 1.07f, false};
	saved.cells[6].dead = true;
	assert_int_equal(calibration_save(&saved, path, &surface, NULL), 0);
	assert_int_equal(calibration_load(&loaded, path, &surface, NULL), 0);
	assert_int_equal(loaded.unit, PRESSURE_MMHG);
	assert_true(loaded.made_real_ns == saved.made_real_ns);
	assert_float_equal(loaded.quality_ratio, 0.875f, 1e-6);
	assert_string_equal(loaded.note, saved.note);
	assert_string_equal(loaded.mat, "PMD-2 0417");
	for (int i = 0; i < N; i++) {
		assert_true(loaded.cells[i].offset_counts == saved.cells[i].offset_counts);
		assert_true(loaded.cells[i].gain == saved.cells[i].gain);
		assert_true(loaded.cells[i].exponent == saved.cells[i].exponent);
		assert_int_equal(loaded.cells[i].dead, saved.cells[i].dead);
	}
	calibration_finish(&saved);
	calibration_finish(&loaded);
	free(path);
}

/* What was good stays when what is new cannot be written, and under its date when it can. */
static void a_good_file_is_never_lost(void **state)
{
	(void)state;
	struct surface surface = mat(FLIP_NONE);
	struct calibration first, second, loaded;
	struct error err = {0};
	char *path = scratch_path("kept.calib"), *kept = NULL, *beside = NULL;

	calibration_init_relative(&first, &surface);
	calibration_init_relative(&second, &surface);
	first.unit = second.unit = PRESSURE_MMHG;
	first.made_real_ns = 1795359600LL * NS_PER_S; /* 2026-11-22T15:00:00Z */
	second.made_real_ns = first.made_real_ns + NS_PER_H;
	first.grade = 'B';
	strcpy(first.reasons, "B: one\nB: two, in words");
	first.creep_ratio = 0.031f;
	first.noise_mmhg = 0.125f;
	assert_int_equal(calibration_save(&first, path, &surface, &err), 0);
	assert_true(asprintf(&kept, "%s.2026-11-22T150000", path) > 0);
	assert_true(asprintf(&beside, "%s.new", path) > 0);
	assert_int_equal(access(kept, F_OK), -1);

	assert_int_equal(mkdir(beside, 0700), 0); /* nothing can be written beside it */
	assert_true(calibration_save(&second, path, &surface, &err) < 0);
	assert_int_equal(calibration_load(&loaded, path, &surface, &err), 0);
	assert_true(loaded.made_real_ns == first.made_real_ns);
	assert_int_equal(loaded.grade, 'B');
	assert_string_equal(loaded.reasons, first.reasons);
	assert_float_equal(loaded.creep_ratio, 0.031f, 1e-6);
	assert_float_equal(loaded.noise_mmhg, 0.125f, 1e-6);
	calibration_finish(&loaded);

	assert_int_equal(rmdir(beside), 0);
	assert_int_equal(calibration_save(&second, path, &surface, &err), 0);
	assert_int_equal(calibration_load(&loaded, path, &surface, &err), 0);
	assert_true(loaded.made_real_ns == second.made_real_ns);
	assert_int_equal(loaded.grade, 0);
	calibration_finish(&loaded);
	assert_int_equal(calibration_load(&loaded, kept, &surface, &err), 0);
	assert_true(loaded.made_real_ns == first.made_real_ns);
	calibration_finish(&loaded);
	calibration_finish(&first);
	calibration_finish(&second);
	free(path);
	free(kept);
	free(beside);
}

static void a_bad_file_is_named_with_its_line(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} table[] = {
	    {"[calibration]\nrows = 9\n", ":2: rows = 9: the surface \"bed\" has 8 rows"},
	    {"[calibration]\nmade = today\n", ":2: made = today: give 2026"},
	    {"[calibration]\nunit = psi\n", "give mmhg or relative"},
	    {"[calibration]\nqualty = 1\n", "unknown key"},
	    {"[calibration]\nmat = 0123456789012345678901234567890123456789\n", "at most 39 bytes"},
	    {"[calibration]\ngrade = E\n", "give A, B, C or D"},
	    {"[calibration]\ncreep = much\n", ":2: creep = much: give a number"},
	    {"[cells]\n0 = 1 2\n", ":2: 0 = 1 2: give offset, gain and exponent"},
	    {"[cells]\n0 = 1 0 1\n", "the gain must be above 0"},
	    {"[cells]\n0 = 1 nan 1\n", "give offset"},
	    {"[cells]\n0 = 1 1 1\n0 = 1 1 1\n", ":3: 0 = 1 1 1: this cell stands here twice"},
	    {"[cells]\n48 = 1 1 1\n", "no such cell; give 0 to 47"},
	    {"[cells]\n0 = 1 1 1\n", "1 cells are given, the surface \"bed\" has 48"},
	    {"[cell]\n0 = 1 1 1\n", "unknown section [cell]"},
	};
	struct surface surface = mat(FLIP_NONE);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		char *path = scratch_file("bad.calib", table[i].text);
		struct calibration calibration;
		struct error err = {0};
		assert_true(calibration_load(&calibration, path, &surface, &err) < 0);
		if (!strstr(err.text, table[i].expected))
			fail_msg("\"%s\" lacks \"%s\"", err.text, table[i].expected);
		free(path);
	}
}

static void a_mat_of_2048_cells_takes_microseconds(void **state)
{
	(void)state;
	enum { CELLS = 2048, FRAMES = 4000 };
	struct surface surface = mat(FLIP_NONE);
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
	    cmocka_unit_test(known_power_laws_are_recovered),
	    cmocka_unit_test(a_fit_says_why_its_quality_is_low),
	    cmocka_unit_test(a_known_weight_gives_the_gain),
	    cmocka_unit_test(every_flip_lays_cells_into_body_coordinates),
	    cmocka_unit_test(marked_dead_lines_are_interpolated_between_living_ones),
	    cmocka_unit_test(cells_outside_the_scale_are_dead_for_a_frame_or_refuse_it),
	    cmocka_unit_test(too_few_living_cells_are_said),
	    cmocka_unit_test(what_dies_while_running_is_found),
	    cmocka_unit_test(a_hollow_is_not_taken_for_a_dead_line),
	    cmocka_unit_test(a_free_layout_is_filled_from_its_own_region),
	    cmocka_unit_test(a_file_gives_back_what_was_saved),
	    cmocka_unit_test(a_good_file_is_never_lost),
	    cmocka_unit_test(a_bad_file_is_named_with_its_line),
	    cmocka_unit_test(a_mat_of_2048_cells_takes_microseconds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
