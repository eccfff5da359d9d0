/* Files of calibrations: what was saved comes back, nothing good is lost, faults are named. */
#include "calib/calib.h"
#include "small_mat.h"
#include "support.h"

#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void a_file_gives_back_what_was_saved(void **state)
{
	(void)state;
	struct surface surface = small_mat(FLIP_NONE);
	struct calibration saved, loaded;
	char *path = scratch_path("bed.calib");

	calibration_init_relative(&saved, &surface);
	saved.unit = PRESSURE_MMHG;
	saved.made_real_ns = 1795359600LL * NS_PER_S;
	saved.quality_ratio = 0.875f;
	strcpy(saved.note, "power law over 3 levels");
	saved.cells[5] = (struct calib_cell){12.345f, 0.0183f, 1.07f, false};
	saved.cells[6].dead = true;
	assert_int_equal(calibration_save(&saved, path, &surface, NULL), 0);
	assert_int_equal(calibration_load(&loaded, path, &surface, NULL), 0);
	assert_int_equal(loaded.unit, PRESSURE_MMHG);
	assert_true(loaded.made_real_ns == saved.made_real_ns);
	assert_float_equal(loaded.quality_ratio, 0.875f, 1e-6);
	assert_string_equal(loaded.note, saved.note);
	for (int i = 0; i < SMALL_CELLS; i++) {
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
	struct surface surface = small_mat(FLIP_NONE);
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
	    {"[calibration]\ngrade = E\n", "give A, B, C or D"},
	    {"[calibration]\ncreep = much\n", ":2: creep = much: give a number"},
	    {"[cells]\n0 = 1 2\n", ":2: 0 = 1 2: give offset, gain and exponent"},
	    {"[cells]\n0 = 1 0 1\n", "the gain must be above 0"},
	    {"[cells]\n0 = 1 nan 1\n", "give offset"},
	    {"[cells]\n0 = 1 1 1\n0 = 1 1 1\n", ":3: 0 = 1 1 1: this cell stands here twice"},
	    {"[cells]\n48 = 1 1 1\n", "no such cell; give 0 to 47"},
	    {"[cells]\n0 = 1 1 1\n", "1 cells are given, the surface \"bed\" has 48"},
	    {"[cell]\n0 = 1 1 1\n", "unknown section [cell]"},
	    {"[calibration]\nrows = 8 rows\n", ":2: rows = 8 rows: the surface \"bed\" has 8 rows"},
	    {"[calibration]\nnoise = -0.5\n", ":2: noise = -0.5: give a number"},
	    {"[calibration]\nunit = mmhg\nunit = relative\n", ":3: unit stands already at line 2"},
	    {"[cells]\n= 1 1 1\n", "no such cell; give 0 to 47"},
	    {"[cells]\n0 = 1 1e30 9\n", ":2: 0 = 1 1e30 9: at full scale that is an infinite"},
	};
	struct surface surface = small_mat(FLIP_NONE);

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

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_file_gives_back_what_was_saved),
	    cmocka_unit_test(a_good_file_is_never_lost),
	    cmocka_unit_test(a_bad_file_is_named_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
