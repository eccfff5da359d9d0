/* The world: same bytes for a seed, truth beside frames, breathing and stillness in the counts. */
#include "support.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/sim/world.h"

#define RATE_HZ 5.0

static void surfaces_of(struct surface surfaces[2])
{
	memset(surfaces, 0, 2 * sizeof(*surfaces));
	strcpy(surfaces[0].name, "bed");
	strcpy(surfaces[1].name, "chair");
	sim_surface(&surfaces[0], SURFACE_BED, 0, 0, RATE_HZ);
	sim_surface(&surfaces[1], SURFACE_SEAT, 0, 0, RATE_HZ);
}

static struct sim_world *world_of(enum sim_plan plan, uint64_t seed, double stiffness)
{
	struct sim_settings settings = {
	    .seed = seed, .plan = plan, .stiffness_kpa_per_m = stiffness};
	struct surface surfaces[2];
	struct sim_world *world = NULL;
	struct error err = {0};

	surfaces_of(surfaces);
	assert_int_equal(sim_world_create(&world, &settings, surfaces, 2, &err), 0);
	return world;
}

static void test_same_seed_same_bytes(void **state)
{
	struct sim_world *one = world_of(SIM_PLAN_NIGHT, 8, 60);
	struct sim_world *two = world_of(SIM_PLAN_NIGHT, 8, 60);
	struct sim_world *other = world_of(SIM_PLAN_NIGHT, 9, 60);
	float a[512], b[512], c[512];
	bool differs = false;

	(void)state;
	for (double t_s = 0; t_s < 7 * 3600; t_s += 2.5)
		for (size_t surface = 0; surface < 2; surface++) {
			size_t bytes = (surface ? 256 : 512) * sizeof(float);
			sim_world_frame(one, surface, t_s, a);
			sim_world_frame(two, surface, t_s, b);
			sim_world_frame(other, surface, t_s, c);
			assert_memory_equal(a, b, bytes);
			differs = differs || memcmp(a, c, bytes) != 0;
		}
	assert_true(differs);
	sim_world_destroy(one);
	sim_world_destroy(two);
	sim_world_destroy(other);
}

static double sum_of(const float *counts, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += counts[i];
	return sum;
}

/* Counts agree with the truth: somebody there is many times the empty mat. */
static void test_frames_agree_with_truth(void **state)
{
	struct sim_world *world = world_of(SIM_PLAN_DEMO, 2, 28);
	double empty_most[2] = {0}, person_least[2] = {INFINITY, INFINITY};
	double left_s[2] = {-100, -100};
	float counts[512];

	(void)state;
	for (double t_s = 0; t_s < 24 * 3600; t_s += 20)
		for (size_t i = 0; i < 2; i++) {
			struct sim_truth truth;
			sim_world_frame(world, i, t_s, counts);
			sim_world_truth(world, i, t_s, &truth);
			double sum = sum_of(counts, i ? 256 : 512);
			bool person = truth.occupancy == OCCUPANCY_PERSON;
			if (person)
				left_s[i] = t_s;
			if (person && !truth.moving)
				person_least[i] = fmin(person_least[i], sum);
			if (t_s - left_s[i] > 25)
				empty_most[i] = fmax(empty_most[i], sum);
			assert_true(isnan(truth.breathing_per_min) ==
			            (truth.occupancy != OCCUPANCY_PERSON));
		}
	for (size_t i = 0; i < 2; i++)
		assert_true(10 * empty_most[i] < person_least[i]);
	sim_world_destroy(world);
}

/* docs/methods.md, section 4: still people's movement ratio has a median of 0.022, P99 0.106. */
static void test_a_still_body_moves_a_little(void **state)
{
	struct sim_world *world = world_of(SIM_PLAN_REST, 3, 80);
	float before[512], now[512];
	double sum_ratio = 0;
	int n = 0, over = 0;

	(void)state;
	sim_world_frame(world, 0, 0, before);
	for (double t_s = 1; t_s < 600; t_s++, n++) {
		double difference = 0;
		sim_world_frame(world, 0, t_s, now);
		for (size_t i = 0; i < 512; i++)
			difference += fabs((double)now[i] - (double)before[i]);
		double ratio = difference / sum_of(now, 512);
		sum_ratio += ratio;
		over += ratio > 0.10;
		memcpy(before, now, sizeof(before));
	}
	assert_true(sum_ratio / n > 0.008 && sum_ratio / n < 0.045);
	assert_true(over < n / 10);
	sim_world_destroy(world);
}

/* The breathing that truth names is in the counts: crossings of a torso cell's mean. */
static void test_breathing_is_in_the_counts(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 4; seed++) {
		struct sim_world *world = world_of(SIM_PLAN_REST, seed, 80);
		enum { N = 600 };
		static float frames[N][512];
		double best = 0;
		struct sim_truth truth;

		for (int i = 0; i < N; i++)
			sim_world_frame(world, 0, 600 + i * 0.2, frames[i]);
		sim_world_truth(world, 0, 660, &truth);
		double at_truth = 0;
		for (double rate = 6; rate <= 30; rate += 0.5) {
			double power = 0;
			for (size_t cell = 0; cell < 512; cell++) {
				double mean = 0, re = 0, im = 0;
				for (int i = 0; i < N; i++)
					mean += frames[i][cell] / N;
				for (int i = 0; i < N; i++) {
					double angle = 2 * M_PI * rate / 60 * i * 0.2;
					re += (frames[i][cell] - mean) * cos(angle);
					im += (frames[i][cell] - mean) * sin(angle);
				}
				power += re * re + im * im;
			}
			if (power > best) {
				best = power;
				at_truth = rate;
			}
		}
		assert_true(fabs(at_truth - truth.breathing_per_min) < 1.6);
		sim_world_destroy(world);
	}
}

static void test_strips_are_refused(void **state)
{
	struct sim_settings settings = {.seed = 1, .stiffness_kpa_per_m = 80};
	struct surface strip = {
	    .name = "under", .kind = SURFACE_STRIP, .rows = 1, .cols = 1, .n_cells = 1};
	struct sim_world *world = NULL;
	struct error err = {0};

	(void)state;
	assert_int_equal(sim_world_create(&world, &settings, &strip, 1, &err), -EINVAL);
	assert_null(world);
	assert_non_null(strstr(err.text, "under"));
	sim_world_destroy(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_same_seed_same_bytes),
	    cmocka_unit_test(test_frames_agree_with_truth),
	    cmocka_unit_test(test_a_still_body_moves_a_little),
	    cmocka_unit_test(test_breathing_is_in_the_counts),
	    cmocka_unit_test(test_strips_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
