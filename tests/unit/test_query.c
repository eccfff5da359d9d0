/* Nights whose every minute is known, and what the queries make of them. */
#include "base/clock.h"
#include "night_fixture.h"
#include "store/query.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOLERANCE_S 0.5f

static struct night_facts facts_of(const char *path)
{
	struct store *store = NULL;
	struct night_facts facts;
	struct error err = {0};

	assert_int_equal(store_open(&store, path, STORE_READ, &err), 0);
	if (query_night(store, FIXTURE_DAY, &facts, &err) != 0)
		fail_msg("%s", err.text);
	store_close(store, NULL);
	return facts;
}

static void begin_dated(struct night_fixture *f, const char *path)
{
	fixture_begin(f, path, FIXTURE_DAY);
	fixture_anchor(f, 0, true);
}

static void assert_minutes(float seconds, float minutes)
{
	assert_float_equal(seconds / 60.0f, minutes, TOLERANCE_S / 60.0f);
}

/* A feed in the chair does not end the night; every minute of 24 h is somewhere. */
static void test_a_night_with_a_feed(void **state)
{
	(void)state;
	char *path = scratch_path("feed.db");
	struct night_fixture f;

	begin_dated(&f, path);
	fixture_bed(&f, AT(22, 55), AT(23, 0), 'e');
	fixture_bed(&f, AT(23, 0), AT(3, 0), 's');
	fixture_chair(&f, AT(3, 2), AT(3, 40), 'L');
	fixture_bed(&f, AT(3, 42), AT(7, 0), 'r');
	f.shift[AT(1, 0)] = true;
	fixture_write(&f, 0, NIGHT_MINUTES);
	store_pain(f.store, FIXTURE_DAY, 4, 1, NULL);
	store_pain(f.store, FIXTURE_DAY, 5, 2, NULL); /* the last entry counts */
	fixture_end(&f);

	struct night_facts facts = facts_of(path);
	assert_int_equal(facts.day, FIXTURE_DAY);
	assert_int_equal(facts.utc_offset_s, FIXTURE_OFFSET_S);
	assert_int_equal(facts.start_ns, fixture_real_ns(&f, 0));
	assert_minutes(facts.bed_observed_s, 1440);
	assert_minutes(facts.lying_s, 240 + 198);
	assert_minutes(facts.sitting_s, 5 + 38);
	assert_minutes(facts.away_s, 1440 - 438 - 43);
	assert_minutes(facts.unknown_s, 0);
	assert_minutes(facts.posture_s[POSTURE_SUPINE], 240);
	assert_minutes(facts.posture_s[POSTURE_RIGHT], 198);
	assert_minutes(facts.longest_rest_s, 240);
	assert_minutes(facts.longest_unchanged_s, 198);
	assert_int_equal(facts.exits, 1);
	assert_int_equal(facts.feeds, 1);
	assert_minutes(facts.feed_s, 38);
	assert_int_equal(facts.shifts, 1);
	assert_float_equal(facts.valley_ratio, 0.30, 0.001);
	assert_minutes(facts.quiet_supine_s, 239);
	assert_int_equal(facts.pain, 5);
	free(path);
}

/* What no mat saw is unknown: neither empty nor a rest. */
static void test_gaps_are_unknown(void **state)
{
	(void)state;
	char *path = scratch_path("gaps.db");
	struct night_fixture f;

	begin_dated(&f, path);
	fixture_bed(&f, AT(22, 0), AT(6, 0), 'l');
	fixture_bed(&f, AT(1, 0), AT(1, 30), ' '); /* no rows */
	fixture_bed(&f, AT(3, 0), AT(3, 10), 't'); /* rows that judge nothing */
	fixture_bed(&f, AT(5, 0), AT(5, 5), '?');  /* looked, could not tell */
	fixture_chair(&f, AT(12, 0), AT(13, 0), ' ');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);

	struct night_facts facts = facts_of(path);
	assert_minutes(facts.lying_s, 480 - 45);
	assert_minutes(facts.unknown_s, 45 + 60); /* with the chair unseen nobody knows of away */
	assert_minutes(facts.bed_observed_s, 1440 - 40);
	assert_minutes(facts.away_s, 1440 - 480 - 60);
	assert_minutes(facts.longest_rest_s, 180);
	assert_int_equal(facts.exits, 0); /* nobody saw her leave */
	assert_int_equal(facts.pain, -1);
	free(path);
}

/*
 * Sleep is estimated minute by minute: 4 + 4 min after lying down and 2 before getting up are
 * awake, so is a turn. Of a night without a bed nothing is estimated.
 */
static void test_sleep_is_estimated(void **state)
{
	(void)state;
	char *path = scratch_path("sleep.db"), *chair = scratch_path("no-bed.db");
	struct night_fixture f;

	begin_dated(&f, path);
	fixture_bed(&f, AT(23, 0), AT(3, 0), 's');
	fixture_chair(&f, AT(3, 2), AT(3, 40), 'L');
	fixture_bed(&f, AT(3, 42), AT(7, 0), 'r');
	fixture_bed(&f, AT(5, 0), AT(5, 10), ' ');
	f.shift[AT(1, 0)] = true;
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);

	struct night_sleep sleep = facts_of(path).sleep;
	assert_minutes(sleep.awake_s, 8 + 1 + 2 + 8 + 2);
	assert_minutes(sleep.unknown_s, 10 + 1); /* and the minute after the gap */
	assert_minutes(sleep.asleep_s, 240 + 198 - 21 - 11);
	assert_minutes(sleep.longest_s, 240 - 8 - 1 - 2);
	assert_minutes(sleep.to_sleep_s, 8);
	assert_int_equal(sleep.awakenings, 1);

	begin_dated(&f, chair);
	fixture_bed(&f, 0, NIGHT_MINUTES, ' ');
	fixture_chair(&f, AT(3, 2), AT(3, 40), 'L');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	sleep = facts_of(chair).sleep;
	assert_true(isnan(sleep.asleep_s) && isnan(sleep.longest_s) && isnan(sleep.awake_s));
	assert_true(isnan(sleep.to_sleep_s) && isnan(sleep.unknown_s));
	assert_int_equal(sleep.awakenings, -1);
	free(path);
	free(chair);
}

/* Writes one bed minute whose seconds are split: lying, then empty. */
static void write_split(struct night_fixture *f, int minute, float lying_s)
{
	struct epoch e;

	epoch_clear(&e, minute * NS_PER_MIN);
	e.observed_s = 60.0f;
	e.person_s = e.posture_s[POSTURE_LEFT] = lying_s;
	e.empty_s = e.posture_s[POSTURE_EMPTY] = 60.0f - lying_s;
	assert_int_equal(store_epoch(f->store, f->bed_id, &e, NULL), 0);
}

/* An absence of under a minute, also across two minutes, ends no rest and is no exit. */
static void test_short_absences(void **state)
{
	(void)state;
	char *path = scratch_path("absences.db");
	struct night_fixture f;

	begin_dated(&f, path);
	fixture_bed(&f, AT(22, 0), AT(4, 0), 'l');
	fixture_write(&f, 0, NIGHT_MINUTES);
	write_split(&f, AT(23, 0), 35.0f); /* 25 + 30 s away */
	write_split(&f, AT(23, 1), 30.0f);
	write_split(&f, AT(2, 0), 20.0f); /* 40 + 35 s away */
	write_split(&f, AT(2, 1), 25.0f);
	fixture_end(&f);

	struct night_facts facts = facts_of(path);
	assert_int_equal(facts.exits, 1);
	assert_float_equal(facts.longest_rest_s, 4 * 3600 - 55 + 20, TOLERANCE_S);
	assert_float_equal(facts.lying_s, 6 * 3600 - 55 - 75, TOLERANCE_S);
	free(path);
}

static void test_sittings(void **state)
{
	(void)state;
	char *path = scratch_path("sittings.db");
	struct night_fixture f;
	struct minutes *minutes = malloc(sizeof(*minutes));
	struct sitting sitting;
	struct store *store = NULL;

	begin_dated(&f, path);
	fixture_chair(&f, AT(14, 0), AT(14, 4), 'u'); /* too short for a feed */
	fixture_chair(&f, AT(15, 0), AT(15, 30), 'u');
	fixture_chair(&f, AT(15, 10), AT(15, 14), ' '); /* a fault shorter than 5 min */
	fixture_chair(&f, AT(15, 20), AT(15, 30), 'L');
	fixture_chair(&f, AT(15, 32), AT(15, 40), 'f');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);

	struct night_facts facts = facts_of(path);
	assert_int_equal(facts.feeds, 2);
	assert_minutes(facts.feed_s, 26 + 8);
	assert_minutes(facts.sitting_s, 4 + 26 + 8);

	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(minutes_read(store, FIXTURE_DAY, minutes, NULL), 0);
	assert_true(minutes_next_sitting(minutes, AT(14, 4), &sitting));
	assert_int_equal(sitting.first, AT(15, 0));
	assert_int_equal(sitting.last, AT(15, 29));
	assert_minutes(sitting.observed_s, 26);
	assert_minutes(sitting.seat_s[SEAT_LEAN_LEFT], 10);
	assert_float_equal(sitting.sideways_ratio, (16 * 0.02 - 10 * 0.27) / 26, 0.001);
	assert_float_equal(sitting.sideways_peak_ratio, -0.297, 0.001);
	assert_false(minutes_next_sitting(minutes, AT(15, 40), &sitting));
	store_close(store, NULL);
	free(minutes);
	free(path);
}

/* Rows written before the clock was known are dated when it is; a wrong first guess is mended. */
static void test_late_anchors(void **state)
{
	(void)state;
	char *path = scratch_path("late.db");
	struct night_fixture f;
	struct store *reader = NULL;
	struct night_facts facts;
	int32_t day = 0;

	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_bed(&f, AT(23, 0), AT(5, 0), 's');
	fixture_write(&f, 0, AT(2, 0));
	assert_int_equal(store_open(&reader, path, STORE_READ, NULL), 0);
	assert_int_equal(query_last_day(reader, &day, NULL), -ENODATA);
	assert_int_equal(query_night(reader, FIXTURE_DAY, &facts, NULL), -ENODATA);
	struct stored_epoch *epochs = NULL;
	size_t n = 0;
	assert_int_equal(query_epochs(reader, 0, 1, &epochs, &n, NULL), 0); /* the undated */
	assert_int_equal(n, 2 * AT(2, 0));
	assert_int_equal(epochs[0].real_ns, 0);
	free(epochs);

	/* The machine woke up in 1970, then the network told it the time: a jump of 56 years. */
	assert_int_equal(store_anchor(f.store, AT(2, 0) * NS_PER_MIN, NS_PER_H, 0, false, NULL), 0);
	assert_int_equal(store_commit(f.store, NULL), 0);
	assert_int_equal(query_last_day(reader, &day, NULL), 0);
	assert_true(day <= 1);
	fixture_anchor(&f, AT(2, 1), true);
	fixture_write(&f, AT(2, 0), NIGHT_MINUTES);
	/* A later guess does not overrule what was known. */
	store_anchor(f.store, NIGHT_MINUTES * NS_PER_MIN, 5 * NS_PER_H, 0, false, NULL);
	fixture_end(&f);
	assert_int_equal(query_last_day(reader, &day, NULL), 0);
	assert_int_equal(day, FIXTURE_DAY);
	assert_int_equal(query_night(reader, FIXTURE_DAY, &facts, NULL), 0);
	assert_minutes(facts.lying_s, 360);
	assert_int_equal(query_night(reader, 0, &facts, NULL), -ENODATA);
	store_close(reader, NULL);
	free(path);
}

/* A session that runs into winter time keeps the rows before at summer time. */
static void test_offset_of_the_time(void **state)
{
	(void)state;
	char *path = scratch_path("offset.db");
	struct night_fixture f;
	struct store *store = NULL;
	struct stored_epoch *epochs = NULL;
	size_t n = 0;

	begin_dated(&f, path);
	store_anchor(f.store, AT(3, 0) * NS_PER_MIN, fixture_real_ns(&f, AT(3, 0)),
	    FIXTURE_OFFSET_S - 3600, true, NULL);
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	int64_t from_ns = fixture_real_ns(&f, AT(2, 59));
	assert_int_equal(
	    query_epochs(store, from_ns, from_ns + 2 * EPOCH_NS, &epochs, &n, NULL), 0);
	assert_int_equal(n, 4);
	assert_int_equal(epochs[0].utc_offset_s, FIXTURE_OFFSET_S);
	assert_int_equal(epochs[2].utc_offset_s, FIXTURE_OFFSET_S - 3600);
	free(epochs);
	store_close(store, NULL);
	free(path);
}

static void test_empty_database(void **state)
{
	(void)state;
	char *path = scratch_path("empty.db");
	struct store *store = NULL;
	struct night_facts nights[3];
	size_t n = 9;
	int32_t day;
	struct error err = {0};

	assert_int_equal(store_open(&store, path, STORE_OWN, NULL), 0);
	assert_int_equal(query_last_day(store, &day, &err), -ENODATA);
	assert_non_null(strstr(err.text, "no night is recorded"));
	assert_int_equal(query_nights(store, 30000, nights, 3, &n, NULL), 0);
	assert_int_equal(n, 0);
	store_close(store, NULL);
	free(path);
}

/* Two runs of the daemon in one minute, and a second bed row of the same minute. */
static void test_sessions_share_a_night(void **state)
{
	(void)state;
	char *path = scratch_path("sessions.db");
	struct night_fixture f;

	begin_dated(&f, path);
	fixture_bed(&f, AT(22, 0), AT(6, 0), 's');
	fixture_write(&f, 0, AT(1, 0));
	/* The second run counts its mono from another zero. */
	int64_t boot_ns = 977 * NS_PER_S;
	int64_t restart_ns = fixture_real_ns(&f, AT(1, 0)) + 20 * NS_PER_S;
	assert_int_equal(store_begin_session(f.store, "second", "test", boot_ns, NULL), 0);
	store_anchor(f.store, boot_ns, restart_ns, FIXTURE_OFFSET_S, true, NULL);
	for (int64_t start = boot_ns - boot_ns % EPOCH_NS; start < boot_ns + 5 * NS_PER_H;
	     start += EPOCH_NS) {
		struct epoch e;
		epoch_clear(&e, start);
		e.observed_s = e.person_s = e.posture_s[POSTURE_SUPINE] = 60.0f;
		store_epoch(f.store, f.bed_id, &e, NULL);
	}
	fixture_end(&f);
	struct night_facts facts = facts_of(path);
	assert_float_equal(facts.lying_s, 8 * 3600, 120);
	assert_true(facts.lying_s + facts.sitting_s + facts.away_s + facts.unknown_s <= 86400.5f);
	free(path);
}

static void test_thirty_nights_without_one(void **state)
{
	(void)state;
	char *path = scratch_path("thirty.db");
	struct store *store = NULL;
	struct night_facts nights[31];
	size_t n = 0;

	for (int day = FIXTURE_DAY - 29; day <= FIXTURE_DAY; day++) {
		struct night_fixture f;
		if (day == FIXTURE_DAY - 3)
			continue; /* the mat was in the wash */
		fixture_begin(&f, path, day);
		fixture_anchor(&f, 0, true);
		fixture_bed(&f, AT(23, 0), AT(5, 0), 's');
		fixture_write(&f, 0, NIGHT_MINUTES);
		fixture_end(&f);
	}
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(query_nights(store, FIXTURE_DAY, nights, 31, &n, NULL), 0);
	assert_int_equal(n, 29);
	assert_int_equal(nights[28].day, FIXTURE_DAY);
	assert_int_equal(nights[0].day, FIXTURE_DAY - 29);
	assert_int_equal(nights[25].day, FIXTURE_DAY - 4);
	assert_int_equal(query_nights(store, FIXTURE_DAY - 3, nights, 2, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(nights[1].day, FIXTURE_DAY - 4);
	store_close(store, NULL);
	free(path);
}

static void test_events_of_a_night(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct store *store = NULL;
	struct night_facts facts;
	struct stored_event *events = NULL;
	size_t n = 0;

	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(query_night(store, FIXTURE_DAY, &facts, NULL), 0);
	assert_int_equal(query_events(store, facts.start_ns, facts.end_ns, &events, &n, NULL), 0);
	assert_int_equal(n, 3);
	assert_string_equal(events[0].rule, "sideways_lean");
	assert_true(events[0].keyframe_id > 0);
	assert_string_equal(events[1].rule, "acquire");
	assert_true(isnan(events[1].value));
	assert_int_equal(events[2].day, FIXTURE_DAY);
	assert_int_equal(events[2].start_real_ns, 0);
	assert_int_equal(events[2].surface_id, 0);
	free(events);
	/* The night before has none of them. */
	assert_int_equal(
	    query_events(store, facts.start_ns - 24 * NS_PER_H, facts.start_ns, &events, &n, NULL),
	    0);
	assert_int_equal(n, 0);
	free(events);
	struct stored_surface *surfaces = NULL;
	assert_int_equal(query_surfaces(store, &surfaces, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_string_equal(surfaces[1].name, "chair");
	assert_int_equal(surfaces[1].unit, PRESSURE_MMHG);
	assert_float_equal(surfaces[0].calibration_quality_ratio, 0.93, 1e-6);
	assert_int_equal(surfaces[0].grade, 0);
	assert_float_equal(surfaces[0].drift_ratio, 0.01, 1e-6);
	assert_float_equal(surfaces[0].age_limit_s, 90 * 86400, 1);
	free(surfaces);
	store_close(store, NULL);
	free(path);
}

/* What was made and what failed, the newest first; other mats' are not among them. */
static void test_calibrations_that_were_made(void **state)
{
	char *path = scratch_path("made.db");
	struct calibration good = {
	    .quality_ratio = 0.95f, .grade = 'B', .reasons = "B: one\nB: two"};
	struct stored_calibration *made = NULL;
	struct store *store;
	size_t n;

	(void)state;
	assert_int_equal(store_open(&store, path, STORE_APPEND, NULL), 0);
	assert_int_equal(store_calibration_made(store, "bed", 100, &good, good.reasons, NULL), 0);
	assert_int_equal(store_calibration_made(store, "chair", 150, &good, "", NULL), 0);
	assert_int_equal(
	    store_calibration_made(store, "bed", 200, NULL, "somebody lay on it", NULL), 0);
	assert_int_equal(query_calibrations(store, "bed", &made, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(made[0].made_real_ns, 200);
	assert_int_equal(made[0].grade, 0);
	assert_true(isnan(made[0].quality_ratio));
	assert_string_equal(made[0].reasons, "somebody lay on it");
	assert_int_equal(made[1].grade, 'B');
	assert_string_equal(made[1].reasons, good.reasons);
	free(made);
	store_close(store, NULL);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_night_with_a_feed),
	    cmocka_unit_test(test_gaps_are_unknown),
	    cmocka_unit_test(test_sleep_is_estimated),
	    cmocka_unit_test(test_short_absences),
	    cmocka_unit_test(test_sittings),
	    cmocka_unit_test(test_late_anchors),
	    cmocka_unit_test(test_offset_of_the_time),
	    cmocka_unit_test(test_empty_database),
	    cmocka_unit_test(test_sessions_share_a_night),
	    cmocka_unit_test(test_thirty_nights_without_one),
	    cmocka_unit_test(test_events_of_a_night),
	    cmocka_unit_test(test_calibrations_that_were_made),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
