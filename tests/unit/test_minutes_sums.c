/* Seconds of a minute add up, whoever saw it: two mats, a thing on the bed, two recordings of it. */
#include "base/clock.h"
#include "store/minutes.h"
#include "support.h"

#include <stdlib.h>

#define DAY     20659 /* 2026-07-25 */
#define NOON_NS ((DAY - 1) * 24 * NS_PER_H + 12 * NS_PER_H)

static struct surface mat(const char *name, enum surface_kind kind)
{
	struct surface surface = {.kind = kind, .rows = 4, .cols = 2, .n_cells = 8, .pitch_mm = 30};

	for (size_t i = 0; name[i]; i++)
		surface.name[i] = name[i];
	return surface;
}

static struct store *begin(const char *path, const char *boot)
{
	struct store *store = NULL;

	assert_int_equal(store_open(&store, path, STORE_OWN, NULL), 0);
	assert_int_equal(store_begin_session(store, boot, "test", 0, NULL), 0);
	assert_int_equal(store_anchor(store, 0, NOON_NS, 0, true, NULL), 0);
	return store;
}

static int add(struct store *store, const char *name, enum surface_kind kind)
{
	struct surface surface = mat(name, kind);

	return store_add_surface(store, &surface, NULL);
}

static struct epoch lying(int minute, enum posture posture)
{
	struct epoch e;

	epoch_clear(&e, minute * EPOCH_NS);
	e.observed_s = e.person_s = e.posture_s[posture] = 60;
	return e;
}

static struct minutes *read_night(struct store *store, struct night_facts *facts)
{
	struct minutes *minutes = malloc(sizeof(*minutes));

	assert_int_equal(store_commit(store, NULL), 0);
	assert_int_equal(minutes_read(store, DAY, minutes, NULL), 0);
	minutes_facts(minutes, facts);
	return minutes;
}

/* Two mats side by side, and she lies across: both say so, each in its own way. */
static void two_mats_do_not_make_two_minutes(void **state)
{
	(void)state;
	char *path = scratch_path("two.db");
	struct store *store = begin(path, "boot");
	int left = add(store, "left", SURFACE_BED), right = add(store, "right", SURFACE_BED);
	int chairs[] = {add(store, "one", SURFACE_SEAT), add(store, "two", SURFACE_SEAT)};
	struct night_facts facts;

	for (int minute = 0; minute < 10; minute++) {
		for (int i = 0; i < 2; i++) {
			struct epoch e = lying(minute, i ? POSTURE_PRONE : POSTURE_SUPINE);
			e.moving_s = e.quiet_supine_s = 50;
			assert_int_equal(store_epoch(store, i ? right : left, &e, NULL), 0);
		}
	}
	for (int minute = 20; minute < 30; minute++)
		for (int i = 0; i < 2; i++) {
			struct epoch e = lying(minute, POSTURE_UNKNOWN);
			e.posture_s[POSTURE_UNKNOWN] = 0;
			e.seat_s[SEAT_UPRIGHT] = e.seat_s[SEAT_LEAN_LEFT] = 30;
			assert_int_equal(store_epoch(store, chairs[i], &e, NULL), 0);
		}
	struct minutes *minutes = read_night(store, &facts);
	assert_float_equal(facts.lying_s, 600, 0.1);
	assert_float_equal(
	    facts.posture_s[POSTURE_SUPINE] + facts.posture_s[POSTURE_PRONE], 600, 0.1);
	assert_float_equal(minutes->minute[0].moving_s, 60, 0.1);
	assert_float_equal(minutes->minute[0].quiet_supine_s, 60, 0.1);
	assert_float_equal(facts.sitting_s, 600, 0.1);
	assert_float_equal(
	    minutes->minute[20].seat_s[SEAT_UPRIGHT] + minutes->minute[20].seat_s[SEAT_LEAN_LEFT],
	    60, 0.1);
	free(minutes);
	store_close(store, NULL);
	free(path);
}

/* A suitcase on the bed, and an hour in which nobody could tell: no posture of anybody lying. */
static void a_posture_is_of_somebody(void **state)
{
	(void)state;
	char *path = scratch_path("thing.db");
	struct store *store = begin(path, "boot");
	int bed = add(store, "bed", SURFACE_BED);
	struct night_facts facts;

	for (int minute = 0; minute < 90; minute++) {
		struct epoch e = lying(minute, minute < 30 ? POSTURE_LEFT : POSTURE_UNKNOWN);
		if (minute >= 40) {
			e.person_s = 0;
			*(minute < 60 ? &e.object_s : &e.unknown_s) = 60;
		}
		assert_int_equal(store_epoch(store, bed, &e, NULL), 0);
	}
	free(read_night(store, &facts));
	assert_float_equal(facts.lying_s, 40 * 60, 0.1);
	assert_float_equal(facts.posture_s[POSTURE_LEFT], 30 * 60, 0.1);
	assert_float_equal(facts.posture_s[POSTURE_UNKNOWN], 10 * 60, 0.1);
	store_close(store, NULL);
	free(path);
}

/* The same minutes from two recordings of them: turns and bends are not made twice. */
static void an_overlap_is_counted_once(void **state)
{
	(void)state;
	char *path = scratch_path("overlap.db");
	struct night_facts facts;

	for (int copy = 0; copy < 2; copy++) {
		struct store *store = begin(path, copy ? "replay:copy.rec" : "replay:night.rec");
		int bed = add(store, "bed", SURFACE_BED), chair = add(store, "chair", SURFACE_SEAT);
		for (int minute = 0; minute < 60; minute++) {
			struct epoch e = lying(minute, POSTURE_LEFT);
			e.shifts = minute % 10 == 5;
			assert_int_equal(store_epoch(store, bed, &e, NULL), 0);
			epoch_clear(&e, minute * EPOCH_NS);
			e.observed_s = e.empty_s = 60;
			e.bends = 1;
			assert_int_equal(store_epoch(store, chair, &e, NULL), 0);
		}
		struct minutes *minutes = read_night(store, &facts);
		assert_int_equal(facts.shifts, 6);
		assert_int_equal(minutes->minute[7].bends, 1);
		assert_float_equal(facts.lying_s, 3600, 0.1);
		free(minutes);
		store_close(store, NULL);
	}
	free(path);
}

/* A restart within a minute: both parts of it count. */
static void a_restart_is_no_overlap(void **state)
{
	(void)state;
	char *path = scratch_path("restart.db");
	struct night_facts facts;

	for (int part = 0; part < 2; part++) {
		struct store *store = begin(path, part ? "second" : "first");
		struct epoch e = lying(5, POSTURE_LEFT);
		e.observed_s = e.person_s = e.posture_s[POSTURE_LEFT] = part ? 35 : 20;
		e.shifts = 1;
		assert_int_equal(store_epoch(store, add(store, "bed", SURFACE_BED), &e, NULL), 0);
		free(read_night(store, &facts));
		store_close(store, NULL);
	}
	assert_int_equal(facts.shifts, 2);
	assert_float_equal(facts.lying_s, 55, 0.1);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_mats_do_not_make_two_minutes),
	    cmocka_unit_test(a_posture_is_of_somebody),
	    cmocka_unit_test(an_overlap_is_counted_once),
	    cmocka_unit_test(a_restart_is_no_overlap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
