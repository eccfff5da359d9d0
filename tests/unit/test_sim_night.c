/* What happens when: a generated night's figures over many seeds, and the demo day's promises. */
#include "support.h"

#include <math.h>
#include <string.h>

#include "drivers/sim/night.h"
#include "drivers/sim/wake.h"

#define HOUR_S 3600.0

static double end_of(const struct sim_night *night, size_t i)
{
	return i + 1 < night->n_scenes ? night->scenes[i + 1].start_s : night->length_s;
}

static bool lying(const struct sim_scene *scene)
{
	return scene->place == SIM_BED && scene->pose.posture != POSTURE_EDGE;
}

static double seconds_in(const struct sim_night *night, enum posture posture)
{
	double sum_s = 0;

	for (size_t i = 0; i < night->n_scenes; i++)
		if (lying(&night->scenes[i]) && night->scenes[i].pose.posture == posture)
			sum_s += end_of(night, i) - night->scenes[i].start_s;
	return sum_s;
}

static void make(struct sim_night *night, enum sim_plan plan, uint64_t seed)
{
	struct error err = {0};

	assert_int_equal(sim_night_make(night, plan, seed, &err), 0);
	assert_true(night->n_scenes > 0);
	assert_true(night->scenes[0].start_s == 0);
	for (size_t i = 0; i < night->n_scenes; i++)
		assert_true(night->scenes[i].settle_s <=
		            fmax(end_of(night, i) - night->scenes[i].start_s, 0));
}

static void test_nights_are_in_order(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct sim_night night;
		make(&night, SIM_PLAN_NIGHT, seed);
		for (size_t i = 0; i < night.n_scenes; i++)
			assert_true(end_of(&night, i) > night.scenes[i].start_s);
		for (size_t i = 1; i < night.n_twitches; i++)
			assert_true(
			    night.twitches[i].start_s >
			    night.twitches[i - 1].start_s + night.twitches[i - 1].length_s - 1e-6);
		sim_night_finish(&night);
	}
}

/* Movements that begin while she lies awake, or while she sleeps. */
static double stirs(const struct sim_night *night, bool awake)
{
	double n = 0;

	for (size_t i = 0; i < night->n_twitches; i++)
		n += (sim_wake_at(night, night->twitches[i].start_s) != NULL) == awake;
	return n;
}

static double seconds_awake(const struct sim_night *night)
{
	double sum_s = 0;

	for (size_t i = 0; i < night->n_wakes; i++)
		sum_s += night->wakes[i].end_s - night->wakes[i].start_s;
	return sum_s;
}

/* docs/methods.md, section 6. */
static void test_figures_of_many_nights(void **state)
{
	enum { NIGHTS = 300 };
	double lying_s = 0, side_s = 0, front_s = 0, dwell_s = 0, feeds = 0, twitches = 0;
	double awake_s = 0;
	size_t dwells = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= NIGHTS; seed++) {
		struct sim_night night;
		make(&night, SIM_PLAN_NIGHT, seed);
		double left_s = seconds_in(&night, POSTURE_LEFT);
		double right_s = seconds_in(&night, POSTURE_RIGHT);
		double prone_s = seconds_in(&night, POSTURE_PRONE);
		double all_s = left_s + right_s + prone_s + seconds_in(&night, POSTURE_SUPINE);
		assert_true(all_s > 5 * HOUR_S && all_s < 10 * HOUR_S);
		lying_s += all_s;
		side_s += left_s + right_s;
		front_s += prone_s;
		twitches += stirs(&night, false);
		awake_s += seconds_awake(&night);
		for (size_t i = 0; i < night.n_scenes; i++) {
			feeds += strcmp(night.scenes[i].happening, "sitting down") == 0;
			dwells += lying(&night.scenes[i]);
			dwell_s += lying(&night.scenes[i])
			               ? end_of(&night, i) - night.scenes[i].start_s
			               : 0;
		}
		sim_night_finish(&night);
	}
	assert_true(lying_s / NIGHTS > 7 * HOUR_S && lying_s / NIGHTS < 9 * HOUR_S);
	assert_true(side_s / lying_s > 0.45 && side_s / lying_s < 0.63);
	assert_true(front_s / lying_s > 0.03 && front_s / lying_s < 0.12);
	assert_true(feeds / NIGHTS > 2.5 && feeds / NIGHTS < 5);
	assert_true(dwell_s / (double)dwells > 22 * 60 && dwell_s / (double)dwells < 40 * 60);
	double per_h = twitches / ((lying_s - awake_s) / HOUR_S);
	assert_true(per_h > 7 && per_h < 13);
	assert_true(awake_s / lying_s > 0.10 && awake_s / lying_s < 0.20);
}

static const struct sim_scene *scene_at(const struct sim_night *night, double t_s)
{
	size_t i = 0;

	while (i + 1 < night->n_scenes && night->scenes[i + 1].start_s <= t_s)
		i++;
	return &night->scenes[i];
}

/* She is awake for 5 to 25 min after lying down, at times in between, and never out of bed. */
static void test_lying_awake(void **state)
{
	double awake_s = 0, awake_stirs = 0, restless = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct sim_night night;
		size_t n_stays = 0;
		make(&night, SIM_PLAN_NIGHT, seed);
		for (size_t i = 1; i < night.n_scenes; i++) {
			const struct sim_scene *scene = &night.scenes[i];
			if (!lying(scene) || lying(&night.scenes[i - 1]))
				continue;
			const struct sim_wake *wake = sim_wake_at(&night, scene->start_s);
			assert_non_null(wake);
			double length_s = wake->end_s - scene->start_s;
			assert_true(wake->start_s == scene->start_s);
			assert_true(length_s >= 300 || !lying(scene_at(&night, wake->end_s)));
			n_stays++;
		}
		for (size_t i = 0; i < night.n_wakes; i++) {
			const struct sim_wake *wake = &night.wakes[i];
			for (double t_s = wake->start_s; t_s < wake->end_s; t_s += 10)
				assert_true(lying(scene_at(&night, t_s)));
			assert_true(i == 0 || wake->start_s > wake[-1].end_s);
		}
		restless += (double)(night.n_wakes - n_stays);
		awake_s += seconds_awake(&night);
		awake_stirs += stirs(&night, true);
		sim_night_finish(&night);
	}
	assert_true(restless / 100 > 0.5 && restless / 100 < 4);
	double per_h = awake_stirs / (awake_s / HOUR_S);
	assert_true(per_h > 30 && per_h < 90);
}

static void test_seeds_differ_and_repeat(void **state)
{
	struct sim_night one, again, other;

	(void)state;
	make(&one, SIM_PLAN_NIGHT, 5);
	make(&again, SIM_PLAN_NIGHT, 5);
	make(&other, SIM_PLAN_NIGHT, 6);
	assert_int_equal(one.n_scenes, again.n_scenes);
	assert_int_equal(one.n_twitches, again.n_twitches);
	assert_memory_equal(one.twitches, again.twitches, one.n_twitches * sizeof(*one.twitches));
	assert_int_equal(one.n_wakes, again.n_wakes);
	assert_memory_equal(one.wakes, again.wakes, one.n_wakes * sizeof(*one.wakes));
	for (size_t i = 0; i < one.n_scenes; i++) {
		assert_true(one.scenes[i].start_s == again.scenes[i].start_s);
		assert_true(one.scenes[i].pose.seed == again.scenes[i].pose.seed);
	}
	assert_true(
	    one.scenes[one.n_scenes - 1].start_s != other.scenes[other.n_scenes - 1].start_s);
	sim_night_finish(&one);
	sim_night_finish(&again);
	sim_night_finish(&other);
}

/* The longest time without an absence from place of at least gap_s, within [from_s, until_s]. */
static double longest_stay(const struct sim_night *night, enum sim_place place, double gap_s,
    double from_s, double until_s)
{
	double begun_s = NAN, left_s = NAN, longest_s = 0;

	for (size_t i = 0; i < night->n_scenes; i++) {
		double start_s = fmax(night->scenes[i].start_s, from_s);
		double end_s = fmin(end_of(night, i), until_s);
		if (end_s <= start_s || night->scenes[i].place != place)
			continue;
		if (isnan(begun_s) || start_s - left_s >= gap_s)
			begun_s = start_s;
		left_s = end_s;
		longest_s = fmax(longest_s, left_s - begun_s);
	}
	return longest_s;
}

/* Everything that guidance.md's default limits ask for, but what is planted. Noon is 0. */
static void test_the_demo_day_keeps_its_promises(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		struct sim_night night;
		double leans[4] = {0}, supine_s, all_s;
		size_t n_leans = 0;

		make(&night, SIM_PLAN_DEMO, seed);
		assert_true(night.length_s == 24 * HOUR_S);
		supine_s = seconds_in(&night, POSTURE_SUPINE);
		all_s = supine_s + seconds_in(&night, POSTURE_LEFT) +
		        seconds_in(&night, POSTURE_RIGHT);
		assert_true(seconds_in(&night, POSTURE_PRONE) == 0);
		assert_true(all_s > 8 * HOUR_S && all_s < 13 * HOUR_S);
		assert_true(supine_s > 3 * HOUR_S);
		/* By day (7 to 21 h): only the lie-in is longer than 2 h. Noon to 21:00 first. */
		assert_true(longest_stay(&night, SIM_BED, 300, 0, 9 * HOUR_S) < HOUR_S);
		double lie_in_s = longest_stay(&night, SIM_BED, 300, 19 * HOUR_S, 24 * HOUR_S);
		assert_true(lie_in_s > 2.6 * HOUR_S && lie_in_s < 3 * HOUR_S);
		/* A rest of two hours; no sitting of 20 min. */
		assert_true(longest_stay(&night, SIM_BED, 60, 0, 19 * HOUR_S) > 2 * HOUR_S);
		assert_true(longest_stay(&night, SIM_CHAIR, 60, 0, 24 * HOUR_S) < 20 * 60);
		for (size_t i = 0; i < night.n_scenes; i++) {
			const struct sim_scene *scene = &night.scenes[i];
			double length_s = end_of(&night, i) - scene->start_s;
			assert_false(lying(scene) && length_s > 1.25 * HOUR_S);
			if (scene->place != SIM_CHAIR || scene->pose.seat == SEAT_UPRIGHT)
				continue;
			assert_int_equal(scene->pose.seat, SEAT_LEAN_LEFT);
			assert_true(scene->pose.lean_ratio < -0.28 && length_s > 4 * 60);
			assert_true(n_leans < 4);
			leans[n_leans++] = scene->start_s;
		}
		/* Two feeds with a lean, both at night, hours apart. */
		assert_int_equal(n_leans, 2);
		assert_true(leans[0] > 12 * HOUR_S && leans[1] > leans[0] + 2 * HOUR_S &&
		            leans[1] < 18 * HOUR_S);
		sim_night_finish(&night);
	}
}

static void test_endless_plans(void **state)
{
	struct sim_night night;

	(void)state;
	make(&night, SIM_PLAN_REST, 1);
	assert_true(isinf(night.length_s) && lying(&night.scenes[0]));
	sim_night_finish(&night);
	make(&night, SIM_PLAN_FEED, 1);
	assert_true(isinf(night.length_s));
	assert_int_equal(night.scenes[1].pose.seat, SEAT_LEAN_LEFT);
	assert_true(end_of(&night, 1) - night.scenes[1].start_s > 60);
	sim_night_finish(&night);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nights_are_in_order),
	    cmocka_unit_test(test_figures_of_many_nights),
	    cmocka_unit_test(test_lying_awake),
	    cmocka_unit_test(test_seeds_differ_and_repeat),
	    cmocka_unit_test(test_the_demo_day_keeps_its_promises),
	    cmocka_unit_test(test_endless_plans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
