/* Which nights the keeper lets be judged, and when: by its clock, by the disk, by what she enters. */
#include "app/keeper.h"
#include "base/clock.h"
#include "store/breaks.h"
#include "store/noon.h"
#include "store/query.h"
#include "support.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define OFFSET_S 3600
#define DAY      20780                                                /* 2026-11-23 */
#define NOON_NS  ((DAY * 24LL + 12) * NS_PER_H - OFFSET_S * NS_PER_S) /* real time of its noon */

struct home {
	struct store *store;
	struct keeper *keeper;
	struct surface_config *config;
	int bed_id;
	char *path;
};

static void open_home(struct home *home, const char *name, const char *boot)
{
	struct surface surface = {.name = "bed",
	    .kind = SURFACE_BED,
	    .rows = 32,
	    .cols = 16,
	    .n_cells = 512,
	    .pitch_mm = 50,
	    .full_scale_counts = 4095,
	    .rate_hz = 10};
	struct error err = {0};

	*home = (struct home){.path = scratch_path(name)};
	assert_int_equal(store_open(&home->store, home->path, STORE_OWN, &err), 0);
	assert_int_equal(store_begin_session(home->store, boot, "1", 0, &err), 0);
	home->keeper = keeper_create(home->store, &err);
	home->config = surface_config_create(&surface);
	if (!keeper_add(home->keeper, home->config, &err))
		fail_msg("%s", err.text);
	home->bed_id = store_add_surface(home->store, &surface, &err);
}

static void close_home(struct home *home)
{
	keeper_destroy(home->keeper);
	assert_int_equal(store_close(home->store, NULL), 0);
	surface_config_destroy(home->config);
	free(home->path);
}

/* A day of minutes from mono on: `lying` of them in bed, too few for anybody, else an empty bed. */
static void write_day(struct home *home, int64_t mono_ns, int lying)
{
	for (int minute = 0; minute < 24 * 60; minute++) {
		struct epoch epoch;

		epoch_clear(&epoch, mono_ns + minute * NS_PER_MIN);
		epoch.observed_s = 60;
		if (minute >= 600 && minute < 600 + lying)
			epoch.person_s = epoch.posture_s[POSTURE_LEFT] = 60;
		else
			epoch.empty_s = epoch.posture_s[POSTURE_EMPTY] = 60;
		assert_int_equal(store_epoch(home->store, home->bed_id, &epoch, NULL), 0);
	}
}

/* What was said of that night by that rule; its value in *value. */
static size_t n_said(struct home *home, int32_t day, const char *rule, double *value)
{
	struct stored_event *events = NULL;
	size_t n = 0, n_said = 0;
	int64_t noon_ns = NOON_NS + (day - DAY) * 24LL * NS_PER_H;

	assert_int_equal(
	    query_events(home->store, noon_ns - 24 * NS_PER_H, noon_ns, &events, &n, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		if (events[i].day != day || strcmp(events[i].rule, rule) != 0)
			continue;
		n_said++;
		*value = events[i].value;
	}
	free(events);
	return n_said;
}

/* The time goes on by ticks of a second, by a clock that is `off` the real time. */
static void tick(struct home *home, int64_t mono_ns, int64_t begun_ns, int seconds)
{
	for (int s = 0; s < seconds; s++) {
		int64_t now_ns = mono_ns + s * NS_PER_S;
		keeper_clock(home->keeper, now_ns, begun_ns + now_ns, OFFSET_S, true);
		keeper_tick(home->keeper, now_ns);
	}
}

static void a_new_offset_is_anchored_at_once(void **state)
{
	(void)state;
	struct home home;
	struct noon_offsets offsets;

	open_home(&home, "offset.db", "boot");
	keeper_clock(home.keeper, 0, NOON_NS, OFFSET_S, true);
	keeper_clock(home.keeper, 60 * NS_PER_S, NOON_NS + 60 * NS_PER_S, OFFSET_S, true);
	keeper_clock(home.keeper, 61 * NS_PER_S, NOON_NS + 61 * NS_PER_S, 2 * OFFSET_S, true);
	keeper_clock(home.keeper, 62 * NS_PER_S, NOON_NS + 62 * NS_PER_S, 2 * OFFSET_S, true);
	assert_int_equal(store_commit(home.store, NULL), 0);
	assert_int_equal(noon_read(home.store, DAY, DAY, &offsets, NULL), 0);
	assert_int_equal(offsets.n, 2);
	assert_true(offsets.changes[1].real_ns == NOON_NS + 61 * NS_PER_S);
	close_home(&home);
}

/* The disk is full at noon, and has room again an hour later. */
static void a_noon_on_a_full_disk_is_made_up_for(void **state)
{
	(void)state;
	struct home home;
	struct rlimit limit;
	int64_t begun_ns = NOON_NS - 25 * NS_PER_H;
	double value = 0;

	open_home(&home, "full.db", "boot");
	tick(&home, 0, begun_ns, 2);
	write_day(&home, NS_PER_H, 60);
	tick(&home, 25 * NS_PER_H - 60 * NS_PER_S, begun_ns, 50);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	struct rlimit full = {.rlim_cur = 4096, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	tick(&home, 25 * NS_PER_H - 10 * NS_PER_S, begun_ns, 30);
	int code = keeper_store_fault(home.keeper)->code;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_true(code < 0);
	assert_int_equal(n_said(&home, DAY, "short_rest", &value), 0);
	tick(&home, 26 * NS_PER_H, begun_ns, 10);
	assert_int_equal(keeper_store_fault(home.keeper)->code, 0);
	assert_int_equal(n_said(&home, DAY, "short_rest", &value), 1);
	assert_float_equal(value, 1, 0.001);
	close_home(&home);
}

/* Three nights by a clock that began in 1970; then the network tells the time. */
static void nights_are_judged_when_the_clock_is_found(void **state)
{
	(void)state;
	struct home home;
	int64_t begun_ns = NOON_NS - 72 * NS_PER_H, wrong_ns = 11 * NS_PER_H;
	double value = 0;

	open_home(&home, "found.db", "boot");
	for (int day = 0; day < 3; day++) {
		tick(&home, day * 24 * NS_PER_H, wrong_ns, 2);
		write_day(&home, day * 24 * NS_PER_H, 60 + 60 * day);
	}
	tick(&home, 72 * NS_PER_H, wrong_ns, 2);
	assert_int_equal(n_said(&home, 1, "short_rest", &value), 1); /* of 1970-01-02 */
	tick(&home, 72 * NS_PER_H + 10 * NS_PER_S, begun_ns, 20);
	for (int day = 0; day < 3; day++) {
		assert_int_equal(n_said(&home, DAY - 2 + day, "short_rest", &value), 1);
		assert_float_equal(value, (float)(1 + day), 0.001);
		assert_int_equal(n_said(&home, 1 + day, "short_rest", &value), 0);
	}
	close_home(&home);
}

/* A power cut at eleven, and a start days later: the night that was begun is judged then. */
static void the_last_night_is_judged_after_days_without_power(void **state)
{
	(void)state;
	struct home home;
	double value = 0;

	open_home(&home, "cut.db", "one");
	tick(&home, 0, NOON_NS - 24 * NS_PER_H, 2);
	write_day(&home, 0, 60);
	close_home(&home);
	open_home(&home, "cut.db", "two");
	tick(&home, 0, NOON_NS + 49 * NS_PER_H, 2);
	keeper_judge_newest(home.keeper, DAY + 2);
	assert_int_equal(n_said(&home, DAY, "short_rest", &value), 1);
	close_home(&home);
}

static void enter_pain(struct home *home, int32_t day, int level)
{
	struct store *other = NULL;

	assert_int_equal(store_open(&other, home->path, STORE_APPEND, NULL), 0);
	assert_int_equal(store_pain(other, day, level, NOON_NS, NULL), 0);
	assert_int_equal(store_close(other, NULL), 0);
}

/* No mat saw that night: the pain of its morning is her own word all the same. */
static void pain_is_judged_without_a_mat(void **state)
{
	(void)state;
	struct home home;
	int64_t begun_ns = NOON_NS - 10 * NS_PER_S;
	double value = 0;

	open_home(&home, "pain.db", "boot");
	enter_pain(&home, DAY, 8);
	tick(&home, 0, begun_ns, 20);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 1);
	assert_float_equal(value, 8, 0);
	close_home(&home);
}

/* Moderate pain on 14 of 30 mornings, with a mat for none of the nights. */
static void lasting_pain_is_counted_without_a_mat(void **state)
{
	(void)state;
	struct home home;
	int64_t begun_ns = NOON_NS - 10 * NS_PER_S;
	double value = 0;

	open_home(&home, "lasting.db", "boot");
	for (int i = 0; i < 13; i++)
		enter_pain(&home, DAY - 2 * i, 5);
	tick(&home, 0, begun_ns, 20);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 0);
	enter_pain(&home, DAY - 29, 4);
	tick(&home, 60 * NS_PER_S, begun_ns, 70);
	keeper_judge(home.keeper, DAY);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 1);
	close_home(&home);
}

/* In the afternoon, for this morning; and mended in the evening. */
static void pain_that_is_entered_late_is_judged(void **state)
{
	(void)state;
	struct home home;
	int64_t begun_ns = NOON_NS - 10 * NS_PER_S;
	double value = 0;

	open_home(&home, "late.db", "boot");
	tick(&home, 0, begun_ns, 20);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 0);
	enter_pain(&home, DAY, 9);
	tick(&home, 20 * NS_PER_S, begun_ns, 70);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 1);
	enter_pain(&home, DAY, 2);
	tick(&home, 90 * NS_PER_S, begun_ns, 70);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 0);
	/* Tomorrow's is judged at tomorrow's noon. */
	enter_pain(&home, DAY + 1, 9);
	tick(&home, 160 * NS_PER_S, begun_ns, 70);
	assert_int_equal(n_said(&home, DAY + 1, "pain_high", &value), 0);
	close_home(&home);
}

/* Moderate pain for 20 mornings; that another person came in between is noted late, and taken back. */
static void a_break_that_is_noted_late_is_judged(void **state)
{
	(void)state;
	struct home home;
	struct store *other = NULL;
	int64_t begun_ns = NOON_NS - 10 * NS_PER_S;
	double value = 0;

	open_home(&home, "break.db", "boot");
	for (int i = 0; i < 20; i++)
		enter_pain(&home, DAY - i, 5);
	tick(&home, 0, begun_ns, 20);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 1);
	assert_int_equal(store_open(&other, home.path, STORE_APPEND, NULL), 0);
	assert_int_equal(store_break(other, DAY - 3, BREAK_PERSON, "", 1, NULL), 0);
	tick(&home, 20 * NS_PER_S, begun_ns, 70);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 0);
	assert_int_equal(store_take_break_back(other, DAY - 3, BREAK_PERSON, NULL), 0);
	tick(&home, 90 * NS_PER_S, begun_ns, 70);
	assert_int_equal(n_said(&home, DAY, "pain_high", &value), 1);
	assert_int_equal(store_close(other, NULL), 0);
	close_home(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_new_offset_is_anchored_at_once),
	    cmocka_unit_test(a_noon_on_a_full_disk_is_made_up_for),
	    cmocka_unit_test(nights_are_judged_when_the_clock_is_found),
	    cmocka_unit_test(the_last_night_is_judged_after_days_without_power),
	    cmocka_unit_test(pain_is_judged_without_a_mat),
	    cmocka_unit_test(lasting_pain_is_counted_without_a_mat),
	    cmocka_unit_test(pain_that_is_entered_late_is_judged),
	    cmocka_unit_test(a_break_that_is_noted_late_is_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
