/* Recordings: what goes in comes out, and what is no recording is refused. */
#include "recordings.h"
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"

static void test_whole_numbers_and_floats_come_back(void **state)
{
	float expected[RECORDED_CELLS];

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		char *path = recorded_file("round.lmb", kind, 250); /* 25 s: three chunks */
		struct error err = {0};
		struct frame frame;
		int surface = -1;
		assert_true(recording_is(path));
		struct recording_reader *reader = recorded_open(path);
		assert_string_equal(recording_notes(reader), "a test");
		assert_int_equal(recording_n_frames(reader), 250);
		assert_true(recording_start_ns(reader) == 5000 * NS_PER_S);
		for (int k = 0; k < 250; k++) {
			struct frame wanted = recorded_frame(kind, k, expected);
			assert_int_equal(recording_next(reader, -1, &surface, &frame, &err), 0);
			assert_int_equal(surface, 0);
			assert_true(frame.mono_ns == wanted.mono_ns);
			assert_true(frame.real_ns == wanted.real_ns);
			assert_int_equal(frame.utc_offset_s, -12600);
			assert_int_equal(frame.flags, wanted.flags);
			assert_int_equal(frame.sequence, wanted.sequence);
			assert_int_equal(frame.n_cells, RECORDED_CELLS);
			assert_memory_equal(frame.counts, expected, sizeof(expected));
		}
		assert_int_equal(recording_next(reader, -1, &surface, &frame, &err), -ENODATA);
		assert_int_equal(recording_next(reader, -1, &surface, &frame, &err), -ENODATA);
		recording_close_reader(reader);
		free(path);
	}
}

static void test_geometry_and_places_come_back(void **state)
{
	static const struct cell_place places[3] = {
	    {-100, 50, REGION_SEAT}, {100.5f, 50, REGION_SEAT}, {0, 300, REGION_BACK}};
	const struct surface chair = {
	    .name = "chair",
	    .kind = SURFACE_SEAT,
	    .n_cells = 3,
	    .pitch_mm = 50,
	    .full_scale_counts = 255,
	    .rate_hz = 10,
	    .places = places,
	};
	char *path = scratch_path("places.lmb");
	struct recording_writer *writer = recorded_create(path);

	(void)state;
	assert_int_equal(recording_add_surface(writer, &recorded_bed, NULL), 0);
	assert_int_equal(recording_add_surface(writer, &chair, NULL), 1);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	struct recording_reader *reader = recorded_open(path);
	assert_int_equal(recording_n_surfaces(reader), 2);
	const struct surface *read = recording_surface(reader, 0);
	assert_string_equal(read->name, "bed");
	assert_true(read->kind == SURFACE_BED && read->rows == 8 && read->cols == 5);
	assert_true(read->pitch_mm == 25.4f && read->flip == FLIP_ROWS && read->rate_hz == 10);
	assert_true(read->full_scale_counts == 4095 && !read->places);
	read = recording_surface(reader, 1);
	assert_true(read->rows == 0 && read->n_cells == 3 && read->kind == SURFACE_SEAT);
	assert_memory_equal(read->places, places, sizeof(places));
	recording_close_reader(reader);
	free(path);
}

static void test_surfaces_come_interleaved_in_time(void **state)
{
	char *path = scratch_path("two.lmb");
	struct recording_writer *writer = recorded_create(path);
	float counts[RECORDED_CELLS];
	int surface, n[2] = {0};
	int64_t last_ns = 0;
	struct frame frame;

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	recording_add_surface(writer, &recorded_bed, NULL);
	for (int k = 0; k < 400; k++) { /* the second surface: a third of the rate */
		frame = recorded_frame(0, k, counts);
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
		frame.mono_ns += 10;
		if (k % 3 == 0)
			assert_int_equal(recording_write(writer, 1, &frame, NULL), 0);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	struct recording_reader *reader = recorded_open(path);
	while (recording_next(reader, -1, &surface, &frame, NULL) == 0) {
		assert_true(frame.mono_ns > last_ns);
		last_ns = frame.mono_ns;
		n[surface]++;
	}
	assert_true(n[0] == 400 && n[1] == 134);
	recording_close_reader(reader);

	n[0] = n[1] = 0;
	reader = recorded_open(path);
	while (recording_next(reader, 1, &surface, &frame, NULL) == 0)
		n[surface]++;
	assert_true(n[0] == 0 && n[1] == 134);
	recording_close_reader(reader);
	free(path);
}

static void test_a_calibration_comes_back(void **state)
{
	static const char text[] = "[calibration]\nunit = mmhg\n[cells]\n0 = 1 2 3\n";
	char *path = scratch_path("calibrated.lmb");
	struct recording_writer *writer = recorded_create(path);

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	recording_add_surface(writer, &recorded_bed, NULL);
	assert_int_equal(recording_set_calibration(writer, 1, text, NULL), 0);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	struct recording_reader *reader = recorded_open(path);
	assert_null(recording_calibration(reader, 0));
	assert_string_equal(recording_calibration(reader, 1), text);
	recording_close_reader(reader);
	free(path);
}

/* Made before recordings kept their calibration and their end. */
static void test_older_recordings_are_read(void **state)
{
	char *path = recorded_file("older.lmb", 0, 210);

	(void)state;
	recorded_sql(path, "DROP TABLE calibration; DROP TABLE ending");
	struct recording_reader *reader = recorded_open(path);
	assert_null(recording_calibration(reader, 0));
	assert_int_equal(recording_ending(reader), RECORDING_NO_WORD);
	assert_int_equal(recording_n_frames(reader), 210);
	assert_int_equal(recorded_count_whole(reader, 1), 210);
	recording_close_reader(reader);
	free(path);
}

static void test_files_that_are_no_recordings(void **state)
{
	char *newer = recorded_file("newer.lmb", 0, 10);
	char *odd = recorded_file("odd.lmb", 0, 10);
	char *text = scratch_file("text.lmb", "1 2 3\n");
	char *foreign = scratch_path("foreign.db");
	struct recording_reader *reader = NULL;
	struct error err = {0};

	(void)state;
	recorded_sql(newer, "PRAGMA user_version = 2");
	assert_int_equal(recording_open(&reader, newer, &err), -EINVAL);
	assert_non_null(strstr(err.text, "version 2; this program reads up to 1"));
	recorded_sql(foreign, "CREATE TABLE t (x)");
	assert_int_equal(recording_open(&reader, foreign, &err), -EINVAL);
	assert_non_null(strstr(err.text, "not a recording"));
	assert_int_equal(recording_open(&reader, text, &err), -EINVAL);
	assert_int_equal(recording_open(&reader, "/nowhere.lmb", &err), -ENOENT);
	assert_int_equal(recording_open(&reader, "/tmp", &err), -EISDIR);
	assert_false(recording_is(text));
	assert_false(recording_is(foreign));
	assert_false(recording_is("/nowhere.lmb"));
	recorded_sql(odd, "UPDATE surface SET rate_hz = 1e-30"); /* a period of ages */
	assert_int_equal(recording_open(&reader, odd, &err), -EINVAL);
	recorded_sql(odd, "UPDATE surface SET rate_hz = 10, rows = 1000");
	assert_int_equal(recording_open(&reader, odd, &err), -EINVAL);
	recorded_sql(odd, "UPDATE surface SET rows = 0, cols = 0");
	assert_int_equal(recording_open(&reader, odd, &err), -EINVAL);
	assert_non_null(strstr(err.text, "places"));
	recorded_sql(odd, "UPDATE surface SET kind = 'sofa'");
	assert_int_equal(recording_open(&reader, odd, &err), -EINVAL);
	assert_null(reader);
	recording_close_reader(NULL);
	free(newer);
	free(odd);
	free(text);
	free(foreign);
}

static void test_creating_is_careful(void **state)
{
	char *path = recorded_file("mine.lmb", 0, 10);
	struct recording_writer *writer = NULL;
	struct error err = {0};
	float counts[RECORDED_CELLS] = {0};
	struct frame frame = {.n_cells = 7, .counts = counts};

	(void)state;
	assert_int_equal(recording_create(&writer, path, false, NULL, &err), -EEXIST);
	assert_non_null(strstr(err.text, "mine.lmb"));
	assert_int_equal(recording_create(&writer, "/nowhere/x.lmb", false, NULL, &err), -ENOENT);
	assert_null(writer);
	writer = recorded_create(path);
	assert_int_equal(recording_add_surface(writer, &recorded_bed, &err), 0);
	assert_int_equal(recording_write(writer, 0, &frame, &err), -EINVAL);
	for (int i = 1; i < RECORDING_SURFACES_MAX; i++)
		assert_int_equal(recording_add_surface(writer, &recorded_bed, &err), i);
	assert_int_equal(recording_add_surface(writer, &recorded_bed, &err), -ENOSPC);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	free(path);
}

static void test_the_same_frames_give_the_same_bytes(void **state)
{
	char *paths[2];
	char command[300];

	(void)state;
	paths[0] = recorded_file("a.lmb", 1, 1000);
	paths[1] = recorded_file("b.lmb", 1, 1000);
	snprintf(command, sizeof(command), "cmp '%s' '%s'", paths[0], paths[1]);
	assert_int_equal(system(command), 0);
	free(paths[0]);
	free(paths[1]);
}

/* Frames of a still body: noise of a few counts. The time and the size are said. */
static void test_a_large_mat(void **state)
{
	const struct surface mat = {.name = "mat",
	    .rows = 64,
	    .cols = 32,
	    .n_cells = 2048,
	    .pitch_mm = 25,
	    .full_scale_counts = 4095,
	    .rate_hz = 10};
	char *path = scratch_path("speed.lmb");
	struct recording_writer *writer = recorded_create(path);
	static float counts[2048];
	struct frame frame = {.n_cells = 2048, .counts = counts};
	struct stat made;
	int n = 0;

	(void)state;
	recording_add_surface(writer, &mat, NULL);
	int64_t start_ns = clock_mono_ns();
	for (int k = 0; k < 5000; k++) {
		frame.mono_ns = k * 100 * NS_PER_MS;
		for (size_t i = 0; i < 2048; i++)
			counts[i] = (float)(500 + i % 300 + (size_t)(rand() % 7));
		recording_write(writer, 0, &frame, NULL);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	int64_t written_ns = clock_mono_ns();
	struct recording_reader *reader = recorded_open(path);
	while (recording_next(reader, -1, NULL, &frame, NULL) == 0)
		n++;
	int64_t read_ns = clock_mono_ns();
	assert_int_equal(n, 5000);
	assert_int_equal(stat(path, &made), 0);
	print_message("64 x 32: written in %.1f us, read in %.2f us, %.0f bytes a frame\n",
	    (double)(written_ns - start_ns) / 5000e3, (double)(read_ns - written_ns) / 5000e3,
	    (double)made.st_size / 5000);
	assert_true(made.st_size < 5000 * 1500);
	recording_close_reader(reader);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_whole_numbers_and_floats_come_back),
	    cmocka_unit_test(test_geometry_and_places_come_back),
	    cmocka_unit_test(test_surfaces_come_interleaved_in_time),
	    cmocka_unit_test(test_a_calibration_comes_back),
	    cmocka_unit_test(test_older_recordings_are_read),
	    cmocka_unit_test(test_files_that_are_no_recordings),
	    cmocka_unit_test(test_creating_is_careful),
	    cmocka_unit_test(test_the_same_frames_give_the_same_bytes),
	    cmocka_unit_test(test_a_large_mat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
