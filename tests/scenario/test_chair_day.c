/*
 * A simulated day of a feeding chair through the very pipeline that runs live: what the sitter
 * did is known second by second, and only what was planted may be found.
 */
#include "lumbar.h"
#include "support.h"

#include "base/csv.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct day {
	char *recording;
	json_t *summary; /* borrowed from `last` */
	json_t *last;
};

static void simulate(struct day *day, int seed)
{
	day->recording = scratch_path("chair.rec");
	lumbar_expect(0, "", "simulate --plan demo --surface chair --rate 2 --seed %d -o %s", seed,
	    day->recording);
}

static void analyze(struct day *day)
{
	day->last = lumbar_json("analyze --surface seat --json %s", day->recording);
	day->summary = json_object_get(day->last, "summary");
	assert_true(json_is_object(day->summary));
}

static double true_seconds(const struct day *day, const char *state)
{
	struct csv *csv = NULL;
	char *path;
	double seconds = 0;

	assert_true(asprintf(&path, "%s.truth.csv", day->recording) > 0);
	assert_int_equal(csv_open(&csv, path, NULL), 0);
	int column = csv_column(csv, "seat", NULL);
	for (size_t row = 0; row < csv_n_rows(csv); row++)
		seconds += strcmp(csv_text(csv, row, column), state) == 0;
	csv_close(csv);
	free(path);
	return seconds;
}

static double read_seconds(const struct day *day, const char *state)
{
	return json_number_value(json_object_get(json_object_get(day->summary, "seat_s"), state));
}

static void the_day_is_read_as_it_was(void **state)
{
	(void)state;
	struct day day;

	simulate(&day, 7);
	analyze(&day);
	assert_true(true_seconds(&day, "lean_left") > 300);
	assert_float_equal(read_seconds(&day, "lean_left"), true_seconds(&day, "lean_left"), 15);
	/* Sitting down takes five seconds to be believed. */
	assert_float_equal(read_seconds(&day, "upright"), true_seconds(&day, "upright"), 120);
	assert_float_equal(read_seconds(&day, "empty"), true_seconds(&day, "empty"), 120);
	assert_float_equal(read_seconds(&day, "lean_right"), 0, 5);
	assert_float_equal(read_seconds(&day, "forward"), 0, 5);

	json_t *events = json_object_get(day.summary, "events"), *event;
	size_t i;
	assert_int_equal(json_array_size(events), 2);
	json_array_foreach(events, i, event)
	{
		assert_string_equal(
		    json_string_value(json_object_get(event, "rule")), "sideways_lean");
		assert_string_equal(json_string_value(json_object_get(event, "advice_id")),
		    "holding.weight_off_back");
		assert_true(json_number_value(json_object_get(event, "value")) > 0.20);
		assert_float_equal(json_number_value(json_object_get(event, "limit")), 0.15, 1e-6);
		assert_non_null(
		    strstr(json_string_value(json_object_get(event, "detail")), "to the left"));
	}
	json_decref(day.last);
	free(day.recording);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_day_is_read_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
