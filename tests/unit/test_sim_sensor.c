/* The mat's faults: their size, and that a perfect mat has none. */
#include "support.h"

#include <math.h>
#include <stdlib.h>

#include "drivers/sim/sensor.h"

#define N 2048

static const struct surface mat = {.kind = SURFACE_BED,
    .rows = 64,
    .cols = 32,
    .n_cells = N,
    .pitch_mm = 27,
    .full_scale_counts = 4095};

static struct sim_sensor *sensor_of(uint64_t seed, int perfect)
{
	struct random random;
	struct error err = {0};

	random_init(&random, seed);
	struct sim_sensor *sensor = sim_sensor_create(&mat, &random, perfect, &err);
	assert_non_null(sensor);
	return sensor;
}

static void fill(float *mmhg, float value)
{
	for (size_t i = 0; i < N; i++)
		mmhg[i] = value;
}

static double mean(const float *counts)
{
	double sum = 0;

	for (size_t i = 0; i < N; i++)
		sum += counts[i];
	return sum / N;
}

static void test_perfect_is_linear(void **state)
{
	float mmhg[N], counts[N];
	struct sim_sensor *sensor = sensor_of(1, 1);

	(void)state;
	fill(mmhg, 50);
	sim_sensor_read(sensor, mmhg, 1000, counts);
	assert_float_equal(counts[77], 4095 / 2.0, 0.01);
	fill(mmhg, 250);
	sim_sensor_read(sensor, mmhg, 1000, counts);
	assert_float_equal(counts[77], 4095, 0);
	sim_sensor_destroy(sensor);
}

static void test_counts_are_whole_and_within_scale(void **state)
{
	float mmhg[N], counts[N];
	struct sim_sensor *sensor = sensor_of(2, 0);

	(void)state;
	for (int step = 0; step < 30; step++) {
		fill(mmhg, (float)(step * 10));
		sim_sensor_read(sensor, mmhg, step, counts);
		for (size_t i = 0; i < N; i++) {
			assert_true(counts[i] >= 0 && counts[i] <= 4095);
			assert_true(counts[i] == floorf(counts[i]));
		}
	}
	sim_sensor_destroy(sensor);
}

/*
 * From 10 to 100 minutes creep alone raises a mat by 1.9-7.0 %; she warms it by 6 K meanwhile,
 * which is up to 1.8 % to either side.
 */
static void test_warmth_moves_mats_either_way(void **state)
{
	float mmhg[N], counts[N];
	double least = INFINITY, most = 0;

	(void)state;
	fill(mmhg, 40);
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct sim_sensor *sensor = sensor_of(seed, 0);
		sim_sensor_read(sensor, mmhg, 600, counts);
		double cool = mean(counts);
		sim_sensor_read(sensor, mmhg, 6000, counts);
		double change = mean(counts) / cool;
		least = fmin(least, change);
		most = fmax(most, change);
		sim_sensor_destroy(sensor);
	}
	assert_true(least > 1.001 && least < 1.019);
	assert_true(most > 1.05 && most < 1.09);
}

/* docs/methods.md, section 7: gamma 0.7-1.0, so ten times the pressure is 5 to 10 times more. */
static void test_power_law_and_gain_spread(void **state)
{
	float mmhg[N], low[N], high[N];

	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct sim_sensor *sensor = sensor_of(seed, 0);
		fill(mmhg, 5);
		sim_sensor_read(sensor, mmhg, 0, low);
		fill(mmhg, 50);
		sim_sensor_read(sensor, mmhg, 0, high);
		double ratio = mean(high) / mean(low);
		assert_true(ratio > 5 && ratio < 11.5);
		double sum = 0, squares = 0;
		size_t alive = 0;
		for (size_t i = 0; i < N; i++)
			if (high[i] > 0) {
				alive++;
				sum += high[i];
				squares += (double)high[i] * high[i];
			}
		double average = sum / (double)alive;
		double spread = sqrt(squares / (double)alive - average * average) / average;
		assert_true(spread > 0.05 && spread < 0.30);
		/* Dead cells under 2 %, or a dead row more. */
		assert_true(alive > N - (size_t)(0.02 * N) - 32);
		sim_sensor_destroy(sensor);
	}
}

static void test_creep_is_a_few_percent_a_decade(void **state)
{
	float mmhg[N], counts[N];

	(void)state;
	for (uint64_t seed = 1; seed <= 10; seed++) {
		struct sim_sensor *sensor = sensor_of(seed, 0);
		fill(mmhg, 20);
		sim_sensor_read(sensor, mmhg, 0, counts);
		double fresh = mean(counts);
		sim_sensor_read(sensor, mmhg, 90, counts); /* log10(1 + 90 / 10) = 1 */
		double grown = mean(counts) / fresh - 1;
		assert_true(grown > 0.015 && grown < 0.085);
		sim_sensor_destroy(sensor);
	}
}

static void test_hysteresis_reads_more_on_the_way_down(void **state)
{
	float mmhg[N], up[N], down[N];
	struct sim_sensor *sensor = sensor_of(3, 0);

	(void)state;
	fill(mmhg, 20);
	sim_sensor_read(sensor, mmhg, 0, up);
	fill(mmhg, 60);
	sim_sensor_read(sensor, mmhg, 0, down);
	fill(mmhg, 20);
	sim_sensor_read(sensor, mmhg, 0, down);
	assert_true(mean(down) > 1.02 * mean(up));
	assert_true(mean(down) < 1.20 * mean(up));
	/* And an empty mat is empty again, at once. */
	fill(mmhg, 0);
	sim_sensor_read(sensor, mmhg, 0, down);
	assert_true(mean(down) < 0.02 * mean(up));
	sim_sensor_destroy(sensor);
}

static void test_ghost_shows_beside_a_loaded_line(void **state)
{
	float mmhg[N], counts[N], ghosts = 0, elsewhere = 0;
	struct sim_sensor *sensor = sensor_of(4, 0);

	(void)state;
	fill(mmhg, 0);
	for (size_t col = 0; col < 16; col++)
		mmhg[20 * 32 + col] = 80;
	for (int frame = 0; frame < 50; frame++) {
		sim_sensor_read(sensor, mmhg, 0, counts);
		for (size_t col = 16; col < 32; col++) {
			ghosts += counts[20 * 32 + col];
			elsewhere += counts[50 * 32 + col];
		}
	}
	assert_true(ghosts > elsewhere + 50 * 16 * 5);
	sim_sensor_destroy(sensor);
}

static void test_an_empty_mat_is_not_frozen(void **state)
{
	static float mmhg[N], first[N], second[N];
	struct sim_sensor *sensor = sensor_of(5, 0);
	size_t differing = 0;

	(void)state;
	sim_sensor_read(sensor, mmhg, 0, first);
	sim_sensor_read(sensor, mmhg, 0, second);
	for (size_t i = 0; i < N; i++)
		differing += first[i] != second[i];
	assert_true(differing > N / 20);
	assert_true(mean(first) > 0 && mean(first) < 0.005 * 4095);
	sim_sensor_destroy(sensor);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_warmth_moves_mats_either_way),
	    cmocka_unit_test(test_perfect_is_linear),
	    cmocka_unit_test(test_counts_are_whole_and_within_scale),
	    cmocka_unit_test(test_power_law_and_gain_spread),
	    cmocka_unit_test(test_creep_is_a_few_percent_a_decade),
	    cmocka_unit_test(test_hysteresis_reads_more_on_the_way_down),
	    cmocka_unit_test(test_ghost_shows_beside_a_loaded_line),
	    cmocka_unit_test(test_an_empty_mat_is_not_frozen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
