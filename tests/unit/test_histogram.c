/* Ranks of cells by their histogram, against the same ranks of sorted cells. */
#include "support.h"

#include "body/histogram.h"

#include <math.h>
#include <stdlib.h>

#define N 1000

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* Sorted: 100 cells of nothing, the rest from 1 to 100, ever closer. */
static void fill(float *cells)
{
	for (size_t i = 0; i < N; i++)
		cells[i] = i < 100 ? 0 : powf(100, (float)(i - 100) / 899);
	qsort(cells, N, sizeof(*cells), compare);
}

static void test_ranks_are_those_of_sorted_cells(void **state)
{
	static const size_t ranks[] = {150, 400, 700, 950};
	static struct histogram histogram;
	float cells[N];

	(void)state;
	fill(cells);
	histogram_count(&histogram, cells, N);
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		float truth = cells[ranks[i]], rank = (float)ranks[i];
		/* a bin is a sixteenth of an octave, a part of it a sixteenth of that */
		assert_float_equal(
		    histogram_rank_above(&histogram, 0, (double)rank - 100) / truth, 1, 1.0 / 16);
		assert_float_equal(
		    histogram_fine_rank(&histogram, cells, N, (double)rank) / truth, 1, 1.0 / 128);
	}
	assert_true(histogram_fine_rank(&histogram, cells, N, 50) == 0);
}

static void test_what_is_above_a_value(void **state)
{
	static struct histogram histogram;
	float cells[N];
	unsigned truth = 0;

	(void)state;
	fill(cells);
	histogram_count(&histogram, cells, N);
	for (size_t i = 0; i < N; i++)
		truth += cells[i] >= 16; /* where a bin begins */
	assert_int_equal(histogram_n_above(&histogram, 15.9F), truth);
	assert_int_equal(histogram_n_above(&histogram, 1e6F), 0);
	assert_int_equal(histogram_n_above(&histogram, 0), 900);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_ranks_are_those_of_sorted_cells),
	    cmocka_unit_test(test_what_is_above_a_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
