/* A part of the mat that is lost at one blow is told from hollows, empty beds and quiet mats. */
#include "calib/lost.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/random.h"

#define ROWS  32
#define COLS  16
#define CELLS (ROWS * COLS)

static const float full_scale = 4095;

/* A mat whose frames come twice a second. */
struct mat {
	struct lost *lost;
	struct random random;
	int64_t mono_ns;
	int noise;   /* of a cell at rest: 0 to this, both included; 0: it cuts its noise off */
	bool person; /* on columns 4-11 of rows 4-27, breathing */
	size_t n_failed;
	float failed_at; /* what the last n_failed cells read; below 0: what they read last */
	float counts[CELLS];
};

static bool is_loaded(const struct mat *mat, size_t i)
{
	size_t row = i / COLS, col = i % COLS;

	return mat->person && row >= 4 && row < 28 && col >= 4 && col < 12;
}

static void start(struct mat *mat, int noise, bool person)
{
	*mat = (struct mat){.noise = noise, .person = person, .mono_ns = NS_PER_S};
	mat->lost = lost_create(CELLS, full_scale);
	assert_non_null(mat->lost);
	random_init(&mat->random, 7);
}

/* So many seconds; the most cells that were lost at any of their frames. */
static size_t run(struct mat *mat, int seconds)
{
	size_t most = 0;

	for (int k = 0; k < 2 * seconds; k++, mat->mono_ns += NS_PER_S / 2) {
		for (size_t i = 0; i < CELLS; i++) {
			float noise = (float)(int)(random_uniform(&mat->random) *
			                           (double)(mat->noise + 1));
			float load = 900 + (float)(int)(random_uniform(&mat->random) * 60);
			if (i < CELLS - mat->n_failed)
				mat->counts[i] = is_loaded(mat, i) ? load : noise;
			else if (mat->failed_at >= 0)
				mat->counts[i] = mat->failed_at;
		}
		size_t n = lost_step(mat->lost, mat->counts, mat->mono_ns);
		most = n > most ? n : most;
	}
	return most;
}

static void test_half_a_mat_that_dies_is_seen(void **state)
{
	static const float failed_at[] = {0, 4095, -1};

	(void)state;
	for (int person = 0; person < 2; person++) {
		for (size_t i = 0; i < 3; i++) {
			struct mat mat;
			start(&mat, 5, person);
			assert_int_equal(run(&mat, 90), 0);
			mat.n_failed = CELLS / 2;
			mat.failed_at = failed_at[i];
			assert_int_equal(run(&mat, 25), 0);
			assert_true(run(&mat, 15) >= CELLS / 5);
			assert_true(run(&mat, 600) >= CELLS / 5); /* and stays so */
			mat.n_failed = 0;
			run(&mat, 5);
			assert_int_equal(run(&mat, 60), 0);
			lost_destroy(mat.lost);
		}
	}
}

/* She comes and goes: on a mat that cuts its noise off what she leaves is still, and is not lost. */
static void test_a_bed_that_is_left_is_not_lost(void **state)
{
	(void)state;
	for (int noise = 0; noise < 6; noise += 5) {
		struct mat mat;
		start(&mat, noise, true);
		for (int k = 0; k < 6; k++) {
			assert_int_equal(run(&mat, 200), 0);
			mat.person = !mat.person;
		}
		lost_destroy(mat.lost);
	}
}

/* A few lines may be still by themselves; calib/watch.c looks after those. */
static void test_a_tenth_is_not_a_part(void **state)
{
	struct mat mat;

	(void)state;
	start(&mat, 5, false);
	run(&mat, 90);
	mat.n_failed = CELLS / 10;
	assert_int_equal(run(&mat, 300), 0);
	lost_destroy(mat.lost);
}

/* Not a blow: cells fall quiet one after the other, as when their zero creeps onto a step. */
static void test_cells_that_fall_quiet_in_turn(void **state)
{
	struct mat mat;

	(void)state;
	start(&mat, 5, false);
	run(&mat, 90);
	mat.failed_at = -1;
	for (; mat.n_failed < CELLS; mat.n_failed += 8)
		assert_int_equal(run(&mat, 3), 0);
	lost_destroy(mat.lost);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_half_a_mat_that_dies_is_seen),
	    cmocka_unit_test(test_a_bed_that_is_left_is_not_lost),
	    cmocka_unit_test(test_a_tenth_is_not_a_part),
	    cmocka_unit_test(test_cells_that_fall_quiet_in_turn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
