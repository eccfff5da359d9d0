/* Nights in which the clocks change: of 23 and of 25 hours, every one of them in one night. */
#include "base/clock.h"
#include "report/figure.h"
#include "report/night.h"
#include "store/minutes.h"
#include "support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WINTER_S 3600
#define SUMMER_S 7200

/* Europe/Berlin, 2026: forward on 29 March, back on 25 October, both at 01:00 UTC. */
static const char spring[] = "2026-03-29", autumn[] = "2026-10-25";

struct house {
	struct store *store;
	int bed_id;
	int64_t begun_ns, change_ns; /* real */
	int32_t before_s, after_s;
};

static int32_t day_of(const char *date)
{
	int32_t day = 0;

	assert_int_equal(clock_parse_day(date, &day), 0);
	return day;
}

static int32_t offset_at(const struct house *house, int64_t real_ns)
{
	return real_ns < house->change_ns ? house->before_s : house->after_s;
}

/* In bed from 23 to 7 on the clock on the wall, away else. */
static void write_minute(const struct house *house, int64_t real_ns)
{
	int32_t hour = clock_second_of_day(real_ns, offset_at(house, real_ns)) / 3600;
	struct epoch epoch;

	epoch_clear(&epoch, real_ns - house->begun_ns);
	epoch.observed_s = 60;
	if (hour >= 23 || hour < 7)
		epoch.person_s = epoch.posture_s[POSTURE_LEFT] = 60;
	else
		epoch.empty_s = epoch.posture_s[POSTURE_EMPTY] = 60;
	assert_int_equal(store_epoch(house->store, house->bed_id, &epoch, NULL), 0);
}

/* Three days around the change, a row each minute, the anchors as the daemon writes them. */
static void fill(
    struct house *house, const char *path, const char *date, int32_t before_s, int32_t after_s)
{
	static const struct surface bed = {
	    .name = "bed", .kind = SURFACE_BED, .rows = 4, .cols = 2, .n_cells = 8, .pitch_mm = 30};
	int64_t midnight_ns = day_of(date) * 24 * NS_PER_H;

	*house = (struct house){.begun_ns = midnight_ns - 48 * NS_PER_H,
	    .change_ns = midnight_ns + NS_PER_H,
	    .before_s = before_s,
	    .after_s = after_s};
	assert_int_equal(store_open(&house->store, path, STORE_OWN, NULL), 0);
	assert_int_equal(store_begin_session(house->store, "boot", "test", 0, NULL), 0);
	house->bed_id = store_add_surface(house->store, &bed, NULL);
	for (int64_t real_ns = house->begun_ns; real_ns < midnight_ns + 48 * NS_PER_H;
	     real_ns += NS_PER_MIN) {
		if ((real_ns - house->begun_ns) % NS_PER_H == 0)
			store_anchor(house->store, real_ns - house->begun_ns, real_ns,
			    offset_at(house, real_ns), true, NULL);
		write_minute(house, real_ns);
	}
	assert_int_equal(store_commit(house->store, NULL), 0);
}

static void close_house(struct house *house)
{
	assert_int_equal(store_close(house->store, NULL), 0);
}

static void check_sums(const struct night_facts *facts, float hours, float lying_h)
{
	float whole_s = (float)((double)(facts->end_ns - facts->start_ns) / 1e9);

	assert_float_equal(whole_s / 3600, hours, 0.001);
	assert_float_equal(
	    facts->lying_s + facts->sitting_s + facts->away_s + facts->unknown_s, whole_s, 1);
	assert_float_equal(facts->lying_s / 3600, lying_h, 0.001);
	assert_float_equal(facts->unknown_s, 0, 1);
	assert_float_equal(facts->bed_observed_s, whole_s, 1);
	/* 23 to 7 of the zone that was, and that came: the day lies between */
	assert_float_equal(facts->longest_rest_s / 3600, lying_h > 9 ? lying_h - 2 : lying_h, 0.02);
	assert_float_equal(facts->sleep.asleep_s + facts->sleep.awake_s, lying_h * 3600, 600);
	assert_int_equal(clock_second_of_day(facts->start_ns, facts->start_offset_s), 12 * 3600);
	assert_int_equal(clock_second_of_day(facts->end_ns, facts->utc_offset_s), 12 * 3600);
}

/* The night before, of the change and after it: lengths, sums, and no hour between or in two. */
static void check_nights(
    const char *date, int32_t before_s, int32_t after_s, float hours, float lying_h)
{
	struct house house;
	char *path = scratch_path(date);
	struct night_facts nights[3];
	size_t n = 0;
	int32_t day = day_of(date), last = 0;

	fill(&house, path, date, before_s, after_s);
	assert_int_equal(query_nights(house.store, day + 1, nights, 3, &n, NULL), 0);
	assert_int_equal(n, 3);
	check_sums(&nights[0], 24, 8);
	check_sums(&nights[1], hours, lying_h);
	check_sums(&nights[2], 24, 8);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(nights[i].day, day - 1 + (int32_t)i);
	for (size_t i = 1; i < 3; i++)
		assert_true(nights[i].start_ns == nights[i - 1].end_ns);
	assert_int_equal(nights[1].start_offset_s, before_s);
	assert_int_equal(nights[1].utc_offset_s, after_s);
	assert_int_equal(query_last_day(house.store, &last, NULL), 0);
	assert_int_equal(last, day + 2);
	close_house(&house);
	free(path);
}

static void the_clocks_go_forward(void **state)
{
	(void)state;
	check_nights(spring, WINTER_S, SUMMER_S, 23, 7);
}

static void the_clocks_go_back(void **state)
{
	(void)state;
	check_nights(autumn, SUMMER_S, WINTER_S, 25, 9);
}

/* The zone was set in the night: the image's own, UTC, was wrong by eight hours. */
static void the_zone_is_set(void **state)
{
	(void)state;
	check_nights("2026-05-05", 0, -8 * 3600, 32, 2 + 8);
	check_nights("2026-05-06", 0, 9 * 3600, 15, 2);
}

/* A minute of the night, and what the clock on the wall said. */
static void check_minute(
    const struct minutes *minutes, size_t minute, const char *time, int32_t utc_offset_s)
{
	char text[TIME_SIZE];

	assert_int_equal(minutes_offset_s(minutes, minute), utc_offset_s);
	clock_format_time(minutes_real_ns(minutes, minute), utc_offset_s, text);
	assert_string_equal(text, time);
	size_t clock = minutes_on_clock(minutes, minute);
	assert_int_equal((clock / 60 + 12) % 24, atoi(time));
	assert_int_equal(clock % 60, atoi(time + 3));
}

static void minutes_know_the_clock(void **state)
{
	(void)state;
	struct house house;
	struct minutes *minutes = malloc(sizeof(*minutes));
	char *path = scratch_path("forward.db"), *later = scratch_path("back.db");

	fill(&house, path, spring, WINTER_S, SUMMER_S);
	assert_int_equal(minutes_read(house.store, day_of(spring), minutes, NULL), 0);
	assert_int_equal(minutes->n, 23 * 60);
	check_minute(minutes, 0, "12:00", WINTER_S);
	check_minute(minutes, 14 * 60 - 1, "01:59", WINTER_S);
	check_minute(minutes, 14 * 60, "03:00", SUMMER_S);
	check_minute(minutes, 23 * 60 - 1, "11:59", SUMMER_S);
	close_house(&house);
	fill(&house, later, autumn, SUMMER_S, WINTER_S);
	assert_int_equal(minutes_read(house.store, day_of(autumn), minutes, NULL), 0);
	assert_int_equal(minutes->n, 25 * 60);
	check_minute(minutes, 15 * 60 - 1, "02:59", SUMMER_S);
	check_minute(minutes, 15 * 60, "02:00", WINTER_S);
	check_minute(minutes, 25 * 60 - 1, "11:59", WINTER_S);
	close_house(&house);
	free(minutes);
	free(path);
	free(later);
}

/* The labels of the strips, which the report draws from 20 to 9 o'clock, as one line. */
static void check_axis(const char *date, size_t step, int32_t before_s, int32_t after_s,
    const char *expected, float night_h)
{
	struct house house;
	struct report_night *report = NULL;
	char *path = scratch_path("axis.db"), labels[200] = "", hour[FIGURE_HOUR_SIZE];

	fill(&house, path, date, before_s, after_s);
	assert_int_equal(report_build(house.store, day_of(date), 0, &report, NULL), 0);
	for (size_t m = figure_axis_next(report, report->from, step); m < report->to;
	     m = figure_axis_next(report, m + step, step)) {
		strcat(labels, figure_axis_hour(report, m, hour));
		strcat(labels, " ");
	}
	assert_string_equal(labels, expected);
	assert_float_equal(report->cover_of_s / 3600, night_h, 0.001); /* from 21 to 7 */
	assert_float_equal(report->covered_s, report->cover_of_s, 1);
	report_free(report);
	close_house(&house);
	unlink(path);
	free(path);
}

static void labels_are_those_of_the_clock(void **state)
{
	(void)state;
	check_axis(spring, 60, WINTER_S, SUMMER_S, "20 21 22 23 00 01 03 04 05 06 07 08 ", 9);
	check_axis(spring, 120, WINTER_S, SUMMER_S, "20 22 00 04 06 08 ", 9);
	check_axis(
	    autumn, 60, SUMMER_S, WINTER_S, "20 21 22 23 00 01 02 02 03 04 05 06 07 08 ", 11);
	check_axis(autumn, 120, SUMMER_S, WINTER_S, "20 22 00 02 04 06 08 ", 11);
}

/* What was found over a summer night is told of that night alone, also when it is winter. */
static void findings_of_a_night_are_of_one_night(void **state)
{
	(void)state;
	struct house house;
	char *path = scratch_path("findings.db");
	struct night_facts facts;
	int32_t day = day_of(autumn);

	fill(&house, path, autumn, SUMMER_S, WINTER_S);
	for (int32_t i = -1; i <= 1; i++) {
		struct event event = {.rule = "short_rest",
		    .advice_id = "rest.enough",
		    .level = EVENT_ADVICE,
		    .unit = "h",
		    .day = day + i};
		assert_int_equal(store_event(house.store, 0, &event, NULL), 0);
	}
	for (int32_t i = -1; i <= 1; i++) {
		struct stored_event *events = NULL;
		size_t n = 0;

		assert_int_equal(query_night(house.store, day + i, &facts, NULL), 0);
		assert_int_equal(
		    query_events(house.store, facts.start_ns, facts.end_ns, &events, &n, NULL), 0);
		assert_int_equal(n, 1);
		assert_int_equal(events[0].day, day + i);
		free(events);
	}
	close_house(&house);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_clocks_go_forward),
	    cmocka_unit_test(the_clocks_go_back),
	    cmocka_unit_test(the_zone_is_set),
	    cmocka_unit_test(minutes_know_the_clock),
	    cmocka_unit_test(labels_are_those_of_the_clock),
	    cmocka_unit_test(findings_of_a_night_are_of_one_night),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
