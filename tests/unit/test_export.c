/* Tables, and the nights that are exported, against what queries of the same database say. */
#include "exported.h"
#include "night_fixture.h"
#include "support.h"

#include "base/clock.h"
#include "base/csv.h"
#include "export/tables.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Writes the table of [from, to] to a file of its own, and reads it back. */
static struct csv *written_table(const char *name, int32_t from, int32_t to)
{
	struct store *store;
	struct range range = exported_range(&store, from, to, 0);
	char *path = scratch_path(name);
	FILE *out = fopen(path, "w");
	struct csv *csv = NULL;
	struct error err = {0};

	assert_non_null(out);
	assert_int_equal(tables_find(name)->write(&range, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	if (csv_open(&csv, path, &err) != 0)
		fail_msg("%s", err.text);
	exported_end(&range, store);
	free(path);
	return csv;
}

static double number(const struct csv *csv, size_t row, const char *column)
{
	double value;

	assert_int_equal(csv_number(csv, row, csv_column(csv, column, NULL), NAN, &value, NULL), 0);
	return value;
}

static const char *text(const struct csv *csv, size_t row, const char *column)
{
	int index = csv_column(csv, column, NULL);

	assert_in_range(index, 0, 100);
	return csv_text(csv, row, index);
}

static double sum(const struct csv *csv, const char *column, const char *kind)
{
	double sum = 0.0;

	for (size_t i = 0; i < csv_n_rows(csv); i++) {
		double value = number(csv, i, column);
		if (strcmp(text(csv, i, "kind"), kind) == 0 && isfinite(value))
			sum += value;
	}
	return sum;
}

/* Every column of numbers of the whole week adds up to what the database has. */
static void test_epochs(void **state)
{
	static const struct {
		const char *column, *sql;
	} columns[] = {
	    {"observed_s", "observed_s"},
	    {"technical_s", "technical_s"},
	    {"person_s", "person_s"},
	    {"empty_s", "empty_s"},
	    {"posture_supine_s", "posture_supine_s"},
	    {"posture_edge_s", "posture_edge_s"},
	    {"moving_s", "moving_s"},
	    {"shifts_count", "shifts"},
	    {"load_sum_mmhg", "load"},
	    {"centre_x_ratio", "centre_x_ratio"},
	    {"valley_ratio", "valley_ratio"},
	    {"quiet_supine_s", "quiet_supine_s"},
	    {"breathing_per_min", "breathing_per_min"},
	    {"health_ratio", "health_ratio"},
	};
	struct csv *csv = written_table("epochs", FIXTURE_DAY - 6, FIXTURE_DAY);
	char sql[200];

	(void)state;
	assert_int_equal(csv_n_rows(csv), exported_number("SELECT count(*) FROM epoch"));
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		snprintf(sql, sizeof(sql),
		    "SELECT sum(%s) FROM epoch JOIN surface s ON s.id = surface_id "
		    "WHERE s.kind = 'bed'",
		    columns[i].sql);
		double expected = exported_number(sql);
		assert_true(expected > 0.0);
		assert_near(sum(csv, columns[i].column, "bed") / expected, 1.0, 1e-6);
	}
	assert_near(sum(csv, "seat_lean_left_s", "seat"),
	    exported_number("SELECT sum(seat_lean_left_s) FROM epoch"), 0.01);
	csv_close(csv);
}

/* What nobody looked at, and what a mat of that kind cannot tell, is an empty cell. */
static void test_epochs_unknown(void **state)
{
	struct csv *csv = written_table("epochs", FIXTURE_DAY, FIXTURE_DAY);
	size_t n_technical = 0;

	(void)state;
	assert_int_equal(csv_n_rows(csv), 2 * NIGHT_MINUTES);
	assert_string_equal(text(csv, 0, "start_time"), "2026-07-24T12:00:00+02:00");
	assert_string_equal(text(csv, 0, "night_date"), "2026-07-25");
	for (size_t i = 0; i < csv_n_rows(csv); i++) {
		bool bed = strcmp(text(csv, i, "kind"), "bed") == 0;

		assert_string_equal(text(csv, i, "heart_per_min"), "");
		assert_string_equal(text(csv, i, "load_sum_percent"), "");
		assert_true((*text(csv, i, bed ? "seat_upright_s" : "posture_left_s")) == '\0');
		if (number(csv, i, "technical_s") < 60.0)
			continue;
		n_technical++;
		assert_string_equal(text(csv, i, "person_s"), "");
		assert_string_equal(text(csv, i, "shifts_count"), "");
		assert_string_equal(text(csv, i, "moving_s"), "");
		assert_string_equal(text(csv, i, "breathing_per_min"), "");
	}
	assert_int_equal(n_technical, 12);
	csv_close(csv);
}

static void test_events(void **state)
{
	struct csv *csv = written_table("events", FIXTURE_DAY, FIXTURE_DAY);

	(void)state;
	assert_int_equal(csv_n_rows(csv), 3);
	assert_string_equal(text(csv, 0, "rule"), "sideways_lean");
	assert_string_equal(text(csv, 0, "start_time"), "2026-07-25T03:21:00+02:00");
	assert_string_equal(text(csv, 0, "end_time"), "2026-07-25T03:41:00+02:00");
	assert_string_equal(text(csv, 0, "detail"),
	    "Sat in the chair, 03:10-03:49: leaning to the left for 21 min of 39 min "
	    "(sideways load 0.27 beyond your upright).");
	assert_near(number(csv, 0, "duration_s"), 1200.0, 0.0);
	assert_near(number(csv, 0, "value_in_unit"),
	    exported_number("SELECT value FROM event WHERE rule = 'sideways_lean'"), 1e-6);
	assert_int_equal(number(csv, 0, "keyframe_id"),
	    exported_number(
	        "SELECT k.id FROM keyframe k JOIN event e ON e.frame_ns = k.mono_ns AND "
	        "e.session_id = k.session_id WHERE e.rule = 'sideways_lean' AND e.frame_ns > 0"));
	assert_string_equal(text(csv, 1, "rule"), "acquire");
	assert_string_equal(text(csv, 1, "value_in_unit"), "");
	assert_string_equal(text(csv, 2, "surface"), ""); /* of the person, over nights */
	assert_string_equal(text(csv, 2, "night_date"), "2026-07-25");
	assert_string_equal(text(csv, 2, "start_time"), "");
	csv_close(csv);
}

/* The plan of the fixture: four stays in the chair, of which the third leans to the left. */
static void test_feeds(void **state)
{
	struct csv *csv = written_table("feeds", FIXTURE_DAY, FIXTURE_DAY);
	double seated_s = 0.0;

	(void)state;
	assert_int_equal(csv_n_rows(csv), 4);
	for (size_t i = 0; i < csv_n_rows(csv); i++)
		seated_s += number(csv, i, "seated_s");
	assert_near(seated_s, (40 + 32 + 39 + 27) * 60.0, 0.1);
	assert_string_equal(text(csv, 2, "start_time"), "2026-07-25T03:10:00+02:00");
	assert_string_equal(text(csv, 2, "end_time"), "2026-07-25T03:49:00+02:00");
	assert_near(number(csv, 2, "seat_lean_left_s"),
	    exported_number("SELECT sum(seat_lean_left_s) FROM epoch"), 0.01);
	assert_near(number(csv, 2, "sideways_peak_ratio"), -0.297, 1e-5);
	csv_close(csv);
}

/* RFC 4180: lines end with CR LF, quotes are doubled, as many cells in each line. */
static void test_form(void **state)
{
	struct stored_event event = {
	    .rule = "acquire", .detail = "says \"no\", twice", .value = 1e-9, .limit = NAN};
	struct range range = {.events = &event, .n_events = 1};
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	(void)state;
	assert_int_equal(tables_find("events")->write(&range, out, NULL), 0);
	fclose(out);
	assert_non_null(strstr(written, "detail\r\n"));
	assert_non_null(strstr(written, ",\"says \"\"no\"\", twice\"\r\n"));
	assert_non_null(strstr(written, ",1e-09,,"));
	for (const char *at = written; (at = strchr(at, '\n')); at++)
		assert_int_equal(at[-1], '\r');
	assert_null(tables_find("minutes"));
	free(written);
}

/* ---- the range ------------------------------------------------------------------------------ */

static void test_range(void **state)
{
	struct store *store;
	struct range range = exported_range(&store, FIXTURE_DAY - 2, FIXTURE_DAY + 3, 0);
	struct error err = {0};

	(void)state;
	assert_int_equal(range.n_nights, 3);
	assert_int_equal(range.nights[0].facts.day, FIXTURE_DAY - 2);
	assert_false(range.nights[2].running);
	range_finish(&range);
	assert_int_equal(
	    range_read(&range, store, FIXTURE_DAY + 1, FIXTURE_DAY + 9, 0, &err), -ENODATA);
	assert_non_null(strstr(err.text, "2026-07-26"));
	range_finish(&range);
	store_close(store, NULL);
}

/* Of a running night, what is still to come is not unknown. */
static void test_range_running(void **state)
{
	struct store *store;
	struct range over = exported_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	int64_t now_ns = over.nights[0].facts.end_ns - 120 * NS_PER_MIN - 1;
	struct range range = {0};

	(void)state;
	assert_int_equal(range_read(&range, store, FIXTURE_DAY, FIXTURE_DAY, now_ns, NULL), 0);
	assert_true(range.nights[0].running);
	assert_near(range.nights[0].facts.unknown_s,
	    fmaxf(0.0f, over.nights[0].facts.unknown_s - 121 * 60.0f), 0.1);
	range_finish(&range);
	exported_end(&over, store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_epochs),
	    cmocka_unit_test(test_epochs_unknown),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_feeds),
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_range),
	    cmocka_unit_test(test_range_running),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
