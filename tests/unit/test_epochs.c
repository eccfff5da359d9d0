/* Minutes: every second is counted once, in its own minute, and gaps in none. */
#include "pipeline/epochs.h"
#include "support.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

struct minutes {
	size_t n;
	struct epoch epochs[16];
};

static void keep(void *user, const struct epoch *epoch)
{
	struct minutes *minutes = user;

	assert_true(minutes->n < 16);
	minutes->epochs[minutes->n++] = *epoch;
}

static struct observation lying(int64_t mono_ns, enum posture posture)
{
	struct observation o;

	observation_clear(&o);
	o.kind = SURFACE_BED;
	o.mono_ns = mono_ns;
	o.occupancy = OCCUPANCY_PERSON;
	o.posture = posture;
	o.health_ratio = 1;
	o.load = 100;
	o.centre_x_ratio = 0.5f;
	o.centre_y_ratio = 0.25f;
	o.movement_ratio = 0.02f;
	return o;
}

/* 7 Hz does not divide a minute: observations straddle its end. */
static void seconds_add_up_over_the_ends_of_minutes(void **state)
{
	(void)state;
	struct epochs epochs = {0};
	struct minutes minutes = {0};
	int64_t step_ns = NS_PER_S / 7;
	int64_t start_ns = 100 * NS_PER_MIN + 12345678;

	for (int i = 0; i <= 7 * 200; i++) {
		struct observation o = lying(
		    start_ns + i * step_ns, i < 7 * 100 ? POSTURE_SUPINE : POSTURE_LEFT);
		epochs_add(&epochs, &o, i ? step_ns : 0, keep, &minutes);
	}
	epochs_flush(&epochs, keep, &minutes);
	assert_int_equal(minutes.n, 4);
	double whole_s = 0, supine_s = 0;
	for (size_t i = 0; i < minutes.n; i++) {
		const struct epoch *e = &minutes.epochs[i];
		assert_true(e->start_ns == (100 + (int64_t)i) * NS_PER_MIN);
		assert_float_equal(e->person_s, e->observed_s, 1e-5);
		assert_float_equal(
		    e->posture_s[POSTURE_SUPINE] + e->posture_s[POSTURE_LEFT], e->observed_s, 1e-4);
		assert_float_equal(e->activity, 0.02f * e->observed_s, 1e-4);
		assert_float_equal(e->load, 100, 1e-4);
		assert_float_equal(e->centre_y_ratio, 0.25f, 1e-6);
		whole_s += (double)e->observed_s;
		supine_s += (double)e->posture_s[POSTURE_SUPINE];
	}
	assert_float_equal(minutes.epochs[1].observed_s, 60, 1e-5);
	assert_float_equal(minutes.epochs[2].observed_s, 60, 1e-5);
	assert_true(fabs(whole_s - 1400 * (double)step_ns / 1e9) < 1e-4);
	assert_true(fabs(supine_s - 699 * (double)step_ns / 1e9) < 1e-4);
}

static void a_gap_is_in_no_minute(void **state)
{
	(void)state;
	struct epochs epochs = {0};
	struct minutes minutes = {0};

	for (int i = 0; i <= 30; i++) {
		struct observation o = lying((600 + i) * NS_PER_S, POSTURE_RIGHT);
		epochs_add(&epochs, &o, i ? NS_PER_S : 0, keep, &minutes);
	}
	epochs_advance(&epochs, 655 * NS_PER_S, keep, &minutes);
	assert_int_equal(minutes.n, 0);
	epochs_advance(&epochs, 660 * NS_PER_S, keep, &minutes);
	assert_int_equal(minutes.n, 1);
	for (int i = 0; i <= 10; i++) { /* ten minutes later */
		struct observation o = lying((1210 + i) * NS_PER_S, POSTURE_RIGHT);
		epochs_add(&epochs, &o, i ? NS_PER_S : 0, keep, &minutes);
	}
	epochs_flush(&epochs, keep, &minutes);
	assert_int_equal(minutes.n, 2);
	assert_float_equal(minutes.epochs[0].observed_s, 30, 1e-6);
	assert_true(minutes.epochs[1].start_ns == 1200 * NS_PER_S);
	assert_float_equal(minutes.epochs[1].observed_s, 10, 1e-6);
}

static void technical_time_is_kept_apart(void **state)
{
	(void)state;
	struct epochs epochs = {0};
	struct minutes minutes = {0};

	for (int i = 0; i <= 59; i++) {
		struct observation o = lying((600 + i) * NS_PER_S, POSTURE_SUPINE);
		if (i > 40)
			o.technical = TECHNICAL_FROZEN;
		epochs_add(&epochs, &o, i ? NS_PER_S : 0, keep, &minutes);
	}
	epochs_flush(&epochs, keep, &minutes);
	assert_float_equal(minutes.epochs[0].observed_s, 40, 1e-6);
	assert_float_equal(minutes.epochs[0].technical_s, 19, 1e-6);
	assert_float_equal(minutes.epochs[0].posture_s[POSTURE_SUPINE], 40, 1e-6);
}

static void medians_and_peaks_are_of_the_minute(void **state)
{
	(void)state;
	static const float breathing[] = {12, 14, NAN, 40, 13};
	struct epochs epochs = {0};
	struct minutes minutes = {0};

	for (int i = 0; i < 50; i++) { /* ten frames a second, one value a second */
		struct observation o = lying(600 * NS_PER_S + i * 100 * NS_PER_MS, POSTURE_SUPINE);
		o.breathing_per_min = breathing[i / 10];
		o.valley_ratio = i < 20 ? 0.3f : NAN;
		o.sideways_ratio = i == 30 ? -0.4f : 0.1f;
		o.forward_ratio = 0;
		o.health_ratio = i == 7 ? 0.9f : 1;
		o.shift = i == 11;
		epochs_add(&epochs, &o, i ? 100 * NS_PER_MS : 0, keep, &minutes);
	}
	epochs_flush(&epochs, keep, &minutes);
	const struct epoch *e = &minutes.epochs[0];
	assert_float_equal(e->breathing_per_min, 13.5f, 1e-6);
	assert_float_equal(e->valley_ratio, 0.3f, 1e-6);
	assert_float_equal(e->quiet_supine_s, 1.9, 1e-5);
	assert_true(isnan(e->heart_per_min));
	assert_float_equal(e->sideways_peak_ratio, -0.4f, 0);
	assert_float_equal(e->health_ratio, 0.9f, 0);
	assert_int_equal(e->shifts, 1);
}

/* Person, out, an object, person, out, out: two exits, also over the end of a minute. */
static void leaving_is_counted_once(void **state)
{
	(void)state;
	static const enum occupancy who[] = {OCCUPANCY_PERSON, OCCUPANCY_EMPTY, OCCUPANCY_OBJECT,
	    OCCUPANCY_PERSON, OCCUPANCY_UNKNOWN, OCCUPANCY_EMPTY, OCCUPANCY_EMPTY};
	struct epochs epochs = {0};
	struct minutes minutes = {0};
	int exits = 0;

	for (int i = 0; i < 7; i++) {
		struct observation o = lying((655 + i) * NS_PER_S, POSTURE_UNKNOWN);
		o.occupancy = who[i];
		epochs_add(&epochs, &o, i ? NS_PER_S : 0, keep, &minutes);
	}
	epochs_flush(&epochs, keep, &minutes);
	for (size_t i = 0; i < minutes.n; i++)
		exits += minutes.epochs[i].exits;
	assert_int_equal(minutes.n, 2);
	assert_int_equal(exits, 2);
	assert_int_equal(minutes.epochs[1].exits, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(seconds_add_up_over_the_ends_of_minutes),
	    cmocka_unit_test(a_gap_is_in_no_minute),
	    cmocka_unit_test(technical_time_is_kept_apart),
	    cmocka_unit_test(medians_and_peaks_are_of_the_minute),
	    cmocka_unit_test(leaving_is_counted_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
