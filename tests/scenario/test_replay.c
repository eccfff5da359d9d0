/* lumbar replay and lumbar analyze on a simulated hour. */
#include "process.h"
#include "support.h"

#include <jansson.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *recording, *log_path;

static int make_recording(void **state)
{
	(void)state;
	recording = scratch_path("hour.rec");
	log_path = scratch_path("log");
	const char *const argv[] = {"lumbar", "simulate", "--plan", "demo", "--seed", "3",
	    "--hours", "1", "-o", recording, NULL};
	return process_run("lumbar", log_path, argv, 60);
}

static int free_paths(void **state)
{
	(void)state;
	free(recording);
	free(log_path);
	return 0;
}

static void dump_table(sqlite3 *db, const char *table, FILE *out)
{
	char sql[128];
	sqlite3_stmt *rows;

	snprintf(sql, sizeof(sql), "SELECT * FROM \"%s\" ORDER BY 1, 2, 3", table);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &rows, NULL), SQLITE_OK);
	while (sqlite3_step(rows) == SQLITE_ROW) {
		fprintf(out, "%s", table);
		for (int i = 0; i < sqlite3_column_count(rows); i++) {
			const unsigned char *bytes = sqlite3_column_blob(rows, i);
			int size = sqlite3_column_bytes(rows, i);
			fputc('|', out);
			for (int k = 0; k < size; k++)
				fprintf(out, "%02x", bytes[k]);
		}
		fputc('\n', out);
	}
	sqlite3_finalize(rows);
}

/* Every row of every table. The caller frees. */
static char *dump(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *tables;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db,
	                     "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT "
	                     "LIKE 'sqlite_%' ORDER BY name",
	                     -1, &tables, NULL),
	    SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW)
		dump_table(db, (const char *)sqlite3_column_text(tables, 0), out);
	sqlite3_finalize(tables);
	sqlite3_close(db);
	fclose(out);
	return text;
}

static void replay_into(const char *database)
{
	const char *const argv[] = {"lumbar", "replay", recording, "--database", database, NULL};

	if (process_run("lumbar", log_path, argv, 60) != 0)
		fail_msg("%s", file_text(log_path));
}

static size_t count(const char *text, const char *word)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		n++;
	return n;
}

static void an_hour_replayed_twice_gives_the_same_rows(void **state)
{
	(void)state;
	char *one = scratch_path("one.db"), *two = scratch_path("two.db");

	replay_into(one);
	replay_into(two);
	char *first = dump(one), *second = dump(two);
	assert_string_equal(first, second);
	assert_true(count(first, "\nepoch|") >= 120);
	assert_true(count(first, "anchor|") >= 1);
	assert_true(count(first, "\nmat|") >= 1); /* and which mats they were */
	assert_true(count(first, "\njudged|") >= 1);
	replay_into(one); /* over its own rows */
	char *third = dump(one);
	assert_string_equal(first, third);
	free(first);
	free(second);
	free(third);
	free(one);
	free(two);
}

static void one_surface_can_be_asked_for(void **state)
{
	(void)state;
	char *path = scratch_path("chair.db");
	const char *const chair[] = {"lumbar", "replay", recording, "--database", path, "--surface",
	    "chair", "--json", NULL};
	const char *const sofa[] = {
	    "lumbar", "replay", recording, "--database", path, "--surface", "sofa", NULL};

	assert_int_equal(process_run("lumbar", log_path, chair, 60), 0);
	json_t *figures = json_load_file(log_path, 0, NULL);
	assert_int_equal(json_integer_value(json_object_get(figures, "frames")), 3600 * 5);
	json_decref(figures);
	assert_int_equal(process_run("lumbar", log_path, sofa, 60), 1);
	assert_true(file_says(log_path, "no surface \"sofa\"", 1));
	free(path);
}

static void a_file_that_is_no_recording_is_refused(void **state)
{
	(void)state;
	char *text = scratch_file("frames.txt", "1 2 3\n");
	char *path = scratch_path("none.db");
	const char *const argv[] = {"lumbar", "replay", text, "--database", path, NULL};

	assert_int_equal(process_run("lumbar", log_path, argv, 5), 1);
	assert_true(file_says(log_path, "frames.txt", 1));
	free(text);
	free(path);
}

/* The last line that analyze printed. */
static json_t *summary_of(const char *path)
{
	char *text = file_text(path);
	char *last = strstr(text, "{\"summary\"");
	json_t *root = last ? json_loads(last, JSON_DISABLE_EOF_CHECK, NULL) : NULL;

	free(text);
	if (!root)
		fail_msg("no summary");
	json_t *summary = json_incref(json_object_get(root, "summary"));
	json_decref(root);
	return summary;
}

static void analyze_prints_steps_and_a_summary(void **state)
{
	(void)state;
	const char *const argv[] = {
	    "lumbar", "analyze", "--json", "--every", "600", recording, NULL};

	assert_int_equal(process_run("lumbar", log_path, argv, 60), 0);
	char *text = file_text(log_path);
	assert_int_equal(count(text, "{\"t_s\""), 6);
	assert_int_equal(count(text, "\"posture\": "), 6);
	free(text);
	json_t *summary = summary_of(log_path);
	double seconds = 0, length_s = json_number_value(json_object_get(summary, "length_s"));
	const char *key;
	json_t *value;
	json_object_foreach(json_object_get(summary, "posture_s"), key, value)
	    seconds += json_number_value(value);
	assert_float_equal((float)length_s, 3599.8f, 0.01);
	assert_float_equal((float)seconds, (float)length_s, 0.05);
	assert_true(json_number_value(json_object_get(summary, "coverage_ratio")) > 0.999);
	assert_true(json_is_array(json_object_get(summary, "events")));
	json_decref(summary);
}

/* Line 2 has too few cells, 4 is text, 5 is over the scale in most cells: three good ones stay. */
static void analyze_names_bad_lines_and_loses_no_good_ones(void **state)
{
	(void)state;
	char *frames = scratch_file("bad.txt", "1 2 3 4\n1 2 3\n2 2 3 4\n1 x 3 4\n"
	                                       "900 900 900 4\n3 2 3 4\n");
	const char *const argv[] = {"lumbar", "analyze", "--rows", "2", "--cols", "2", "--rate",
	    "1", "--full-scale", "100", "--json", frames, NULL};

	assert_int_equal(process_run("lumbar", log_path, argv, 10), 1);
	assert_true(file_says(log_path, "bad.txt:2: ", 1));
	assert_true(file_says(log_path, "bad.txt:4: ", 1));
	assert_true(file_says(log_path, "bad.txt:5: ", 1));
	json_t *summary = summary_of(log_path);
	assert_int_equal(json_integer_value(json_object_get(summary, "frames")), 3);
	assert_int_equal(json_integer_value(json_object_get(summary, "bad_frames")), 3);
	assert_int_equal(json_integer_value(json_object_get(summary, "clamped_cells")), 0);
	assert_float_equal((float)json_number_value(json_object_get(summary, "length_s")), 5, 1e-6);
	json_decref(summary);
	free(frames);
}

static void analyze_says_what_is_missing(void **state)
{
	(void)state;
	char *empty = scratch_file("empty.txt", "");
	char *frames = scratch_file("four.txt", "1 2 3 4\n");
	const char *const nothing[] = {"lumbar", "analyze", "--rows", "2", "--cols", "2", "--rate",
	    "1", "--full-scale", "100", empty, NULL};
	const char *const no_rows[] = {"lumbar", "analyze", "--rate", "1", frames, NULL};
	const char *const no_rate[] = {
	    "lumbar", "analyze", "--rows", "2", "--cols", "2", frames, NULL};
	const char *const no_file[] = {"lumbar", "analyze", NULL};

	assert_int_equal(process_run("lumbar", log_path, nothing, 5), 1);
	assert_true(file_says(log_path, "empty.txt", 1));
	assert_int_equal(process_run("lumbar", log_path, no_rows, 5), 2);
	assert_true(file_says(log_path, "give --rows and --cols, or --layout", 1));
	assert_int_equal(process_run("lumbar", log_path, no_rate, 5), 2);
	assert_true(file_says(log_path, "give --rate and --full-scale", 1));
	assert_int_equal(process_run("lumbar", log_path, no_file, 5), 2);
	free(empty);
	free(frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_hour_replayed_twice_gives_the_same_rows),
	    cmocka_unit_test(one_surface_can_be_asked_for),
	    cmocka_unit_test(a_file_that_is_no_recording_is_refused),
	    cmocka_unit_test(analyze_prints_steps_and_a_summary),
	    cmocka_unit_test(analyze_names_bad_lines_and_loses_no_good_ones),
	    cmocka_unit_test(analyze_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, make_recording, free_paths);
}
