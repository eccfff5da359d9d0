/* Wave forms on their even grid, and what is noted beside them, against what was put in. */
#include "base/clock.h"
#include "export/edf_course.h"
#include "export/edf_watch.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a signal on its grid ------------------------------------------------------------------- */

static void slots_hold_means(void **state)
{
	struct edf_course course = {0};

	(void)state;
	for (int i = 0; i < 30; i++) /* three a slot: 0 1 2, 3 4 5, ... */
		assert_int_equal(edf_course_add(&course, i / 3.0 + 0.01, (float)i, 10), 0);
	assert_int_equal(course.n, 10);
	for (int slot = 0; slot < 10; slot++)
		assert_near(course.values[slot], 3 * slot + 1, 1e-5);
	edf_course_finish(&course);
}

/* Two slots a value: those between are on the line; farther apart than is bridged they are not. */
static void few_missing_slots_are_interpolated(void **state)
{
	struct edf_course course = {0};

	(void)state;
	edf_course_add(&course, 4.5, 8, 10);
	edf_course_add(&course, 8.5, 16, 10);
	edf_course_add(&course, 18.5, 36, 10);
	edf_course_add(&course, 29.5, 40, 10);
	for (int slot = 0; slot < 4; slot++)
		assert_true(isnan(course.values[slot]));
	for (int slot = 4; slot <= 18; slot++)
		assert_near(course.values[slot], 2 * slot, 1e-5);
	for (int slot = 19; slot < 29; slot++)
		assert_true(isnan(course.values[slot]));
	assert_near(course.values[29], 40, 0);
	edf_course_finish(&course);
}

/* What is not known in between is not made up, however short it was. */
static void nothing_is_bridged_over_an_unknown_value(void **state)
{
	struct edf_course course = {0};

	(void)state;
	assert_false(edf_course_any(&course));
	edf_course_add(&course, 2.5, 5, 10);
	edf_course_add(&course, 3.5, NAN, 10);
	edf_course_add(&course, 4.5, NAN, 10);
	edf_course_add(&course, 5.5, 7, 10);
	assert_near(course.values[2], 5, 0);
	assert_true(isnan(course.values[3]) && isnan(course.values[4]));
	assert_near(course.values[5], 7, 0);
	assert_true(edf_course_any(&course));
	edf_course_finish(&course);
}

#define WAVE_HZ 5.0
#define WAVE_N  150

static double breath(double t_s)
{
	return 10 * sin(2 * M_PI * 0.25 * t_s);
}

/* Every 5 s 30 s of a breath, of any sign and spoilt at both ends, as its source gives it. */
static void overlaid_waves_are_one(void **state)
{
	static const double signs[] = {1, -1, -1, 1, -1};
	struct edf_course course = {0};
	float samples[WAVE_N];

	(void)state;
	for (int k = 0; k < 20; k++) {
		double end_s = 40.13 + 5 * k;
		struct wave wave = {0, WAVE_HZ, WAVE_N, samples};
		for (int i = 0; i < WAVE_N; i++) {
			double t_s = end_s - (WAVE_N - 1 - i) / WAVE_HZ;
			double spoilt = i < 40 || i > WAVE_N - 40 ? 0.3 : 1;
			samples[i] = (float)(signs[k % 5] * spoilt * breath(t_s));
		}
		assert_int_equal(edf_course_overlay(&course, &wave, 10 * end_s, 10), 0);
	}
	assert_int_equal(course.n, 1351);
	for (int slot = 0; slot < 103; slot++)
		assert_true(isnan(course.values[slot]));
	for (int slot = 210; slot < 1250; slot++)
		assert_near(course.values[slot], breath((slot + 0.5) / 10), 0.13); /* a chord */
	edf_course_finish(&course);
}

/* ---- what is noted -------------------------------------------------------------------------- */

struct scene {
	struct edf_watch watch;
	struct observation o;
	double t_s;
};

static void watch_for(struct scene *s, double seconds, enum occupancy occupancy, int posture)
{
	for (int i = 0; i < seconds * 10; i++) {
		s->o.occupancy = occupancy;
		if (s->o.kind == SURFACE_SEAT)
			s->o.seat = (enum seat_state)posture;
		else
			s->o.posture = (enum posture)posture;
		edf_watch_observe(&s->watch, s->o.kind == SURFACE_SEAT, 1, &s->o, s->t_s);
		s->t_s += 0.1;
	}
}

static struct scene begin(enum surface_kind kind)
{
	struct scene s = {0};

	observation_clear(&s.o);
	s.o.kind = kind;
	return s;
}

static void assert_span(
    const struct scene *s, size_t i, const char *what, const char *which, double from, double to)
{
	assert_in_range(i, 0, s->watch.n - 1);
	const struct edf_span *span = &s->watch.spans[i];
	assert_string_equal(span->what, what);
	assert_string_equal(span->which, which);
	assert_near(span->from_s, from, 0.11);
	assert_near(span->to_s, to, 0.11);
	assert_false(span->pending);
}

/* A posture lasts through a few seconds of not knowing, and is noted from 5 s on. */
static void postures_are_noted(void **state)
{
	struct scene s = begin(SURFACE_BED);

	(void)state;
	watch_for(&s, 30, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	watch_for(&s, 60, OCCUPANCY_PERSON, POSTURE_LEFT);
	watch_for(&s, 4, OCCUPANCY_PERSON, POSTURE_UNKNOWN);
	watch_for(&s, 20, OCCUPANCY_PERSON, POSTURE_LEFT);
	watch_for(&s, 3, OCCUPANCY_PERSON, POSTURE_PRONE);
	watch_for(&s, 40, OCCUPANCY_PERSON, POSTURE_SUPINE);
	watch_for(&s, 20, OCCUPANCY_PERSON, POSTURE_UNKNOWN);
	watch_for(&s, 10, OCCUPANCY_PERSON, POSTURE_SUPINE);
	edf_watch_end(&s.watch, s.t_s);
	assert_int_equal(s.watch.n, 3);
	assert_span(&s, 0, "Posture", "left", 30, 114);
	assert_span(&s, 1, "Posture", "supine", 117, 157);
	assert_span(&s, 2, "Posture", "supine", 177, 187);
	edf_watch_finish(&s.watch);
}

/* Only between lying and lying she is out of bed, and from a minute on. */
static void exits_are_noted(void **state)
{
	struct scene s = begin(SURFACE_BED);

	(void)state;
	watch_for(&s, 100, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	watch_for(&s, 3, OCCUPANCY_PERSON, POSTURE_UNKNOWN);
	watch_for(&s, 50, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	watch_for(&s, 3, OCCUPANCY_PERSON, POSTURE_UNKNOWN);
	watch_for(&s, 90, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	watch_for(&s, 3, OCCUPANCY_UNKNOWN, POSTURE_UNKNOWN);
	watch_for(&s, 20, OCCUPANCY_OBJECT, POSTURE_UNKNOWN);
	watch_for(&s, 3, OCCUPANCY_PERSON, POSTURE_UNKNOWN);
	watch_for(&s, 200, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	edf_watch_end(&s.watch, s.t_s);
	assert_int_equal(s.watch.n, 1);
	assert_span(&s, 0, "Out of bed", "", 156, 269);
	edf_watch_finish(&s.watch);
}

/* A gap ends what was under way; of being out of bed both sides of it count. */
static void gaps_are_noted(void **state)
{
	struct scene s = begin(SURFACE_BED);

	(void)state;
	s.t_s = 12; /* its first frame comes after another mat's */
	watch_for(&s, 48, OCCUPANCY_PERSON, POSTURE_RIGHT);
	s.t_s += 0.8;
	watch_for(&s, 59.2, OCCUPANCY_PERSON, POSTURE_RIGHT);
	s.o.technical = TECHNICAL_FROZEN;
	watch_for(&s, 30, OCCUPANCY_UNKNOWN, POSTURE_UNKNOWN);
	s.o.technical = TECHNICAL_NONE;
	watch_for(&s, 20, OCCUPANCY_PERSON, POSTURE_RIGHT);
	watch_for(&s, 70, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	s.t_s += 60;
	watch_for(&s, 80, OCCUPANCY_EMPTY, POSTURE_EMPTY);
	watch_for(&s, 10, OCCUPANCY_PERSON, POSTURE_RIGHT);
	edf_watch_end(&s.watch, s.t_s + 40);
	assert_int_equal(s.watch.n, 9);
	assert_span(&s, 0, "Bed not observed", "", 0, 12);
	assert_span(&s, 1, "Posture", "right", 12, 120);
	assert_span(&s, 2, "Bed not observed", "", 120, 150);
	assert_span(&s, 3, "Posture", "right", 150, 170);
	assert_span(&s, 4, "Out of bed", "", 170, 240);
	assert_span(&s, 5, "Bed not observed", "", 240, 300);
	assert_span(&s, 6, "Out of bed", "", 300, 380);
	assert_span(&s, 7, "Posture", "right", 380, 390);
	assert_span(&s, 8, "Bed not observed", "", 390, 430);
	edf_watch_finish(&s.watch);
}

static void a_chair_has_its_own_words(void **state)
{
	struct scene s = begin(SURFACE_SEAT);

	(void)state;
	watch_for(&s, 20, OCCUPANCY_PERSON, SEAT_UPRIGHT);
	watch_for(&s, 40, OCCUPANCY_PERSON, SEAT_LEAN_LEFT);
	watch_for(&s, 90, OCCUPANCY_EMPTY, SEAT_EMPTY);
	watch_for(&s, 20, OCCUPANCY_PERSON, SEAT_SLUMP);
	s.t_s += 5;
	watch_for(&s, 1, OCCUPANCY_EMPTY, SEAT_EMPTY);
	edf_watch_end(&s.watch, s.t_s);
	assert_int_equal(s.watch.n, 4);
	assert_span(&s, 0, "Seat", "upright", 0, 20);
	assert_span(&s, 1, "Seat", "lean_left", 20, 60);
	assert_span(&s, 2, "Seat", "slump", 150, 170);
	assert_span(&s, 3, "Chair not observed", "", 170, 175);
	edf_watch_finish(&s.watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(slots_hold_means),
	    cmocka_unit_test(few_missing_slots_are_interpolated),
	    cmocka_unit_test(nothing_is_bridged_over_an_unknown_value),
	    cmocka_unit_test(overlaid_waves_are_one),
	    cmocka_unit_test(postures_are_noted),
	    cmocka_unit_test(exits_are_noted),
	    cmocka_unit_test(gaps_are_noted),
	    cmocka_unit_test(a_chair_has_its_own_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
