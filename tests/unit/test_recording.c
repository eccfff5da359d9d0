/* Recordings: what goes in comes out, also when the file is not what it should be. */
#include "recording/recording.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"

#define ROWS  8
#define COLS  5
#define CELLS (ROWS * COLS)

static const struct surface bed = {
    .name = "bed",
    .kind = SURFACE_BED,
    .rows = ROWS,
    .cols = COLS,
    .n_cells = CELLS,
    .pitch_mm = 25.4f,
    .flip = FLIP_ROWS,
    .full_scale_counts = 4095,
    .rate_hz = 10,
};

/* No two alike: 100 frames of it take 8 kB, two pages of the file. */
enum { NOISE = 4 };
static float noise(int k, size_t i)
{
	uint32_t x = (uint32_t)k * 2654435761u ^ (uint32_t)(i + 1) * 2246822519u;

	x = (x ^ x >> 15) * 2654435761u;
	return (float)((x ^ x >> 13) & UINT16_MAX);
}

/* The i-th count of the k-th frame, in one of five kinds of value. */
static float value(int kind, int k, size_t i)
{
	int count = (int)((unsigned)(k * 7919 + (int)i * 104729) % 251u);

	switch (kind) {
	case NOISE:
		return noise(k, i);
	case 0:
		return (float)count;
	case 1:
		return (float)(count * 261);
	case 2:
		return (float)((count - 125) * 8388608);
	default:
		return (float)count / 7 - 3;
	}
}

static struct frame make_frame(int kind, int k, float *counts)
{
	for (size_t i = 0; i < CELLS; i++)
		counts[i] = value(kind, k, i);
	return (struct frame){
	    .mono_ns = 5000 * NS_PER_S + k * 100 * NS_PER_MS + k % 3,
	    .real_ns = k < 10 ? 0 : 1800000000 * NS_PER_S + k * 100 * NS_PER_MS,
	    .utc_offset_s = -12600,
	    .flags = k < 20 ? 0 : FRAME_CLOCK_SYNCED,
	    .sequence = (uint32_t)k * 2,
	    .n_cells = CELLS,
	    .counts = counts,
	};
}

static struct recording_writer *create(const char *path)
{
	struct recording_writer *writer = NULL;
	struct error err = {0};

	if (recording_create(&writer, path, true, "a test", &err) < 0)
		fail_msg("%s", err.text);
	return writer;
}

/* Frames of one surface; returns the path. */
static char *write_file(const char *name, int kind, int n_frames)
{
	char *path = scratch_path(name);
	struct recording_writer *writer = create(path);
	float counts[CELLS];

	assert_int_equal(recording_add_surface(writer, &bed, NULL), 0);
	for (int k = 0; k < n_frames; k++) {
		struct frame frame = make_frame(kind, k, counts);
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	return path;
}

static void test_whole_numbers_and_floats_come_back(void **state)
{
	float expected[CELLS];

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		char *path = write_file("round.lmb", kind, 250); /* 25 s: three chunks */
		struct recording_reader *reader = NULL;
		struct error err = {0};
		struct frame frame;
		int surface = -1;
		assert_true(recording_is(path));
		if (recording_open(&reader, path, &err) < 0)
			fail_msg("%s", err.text);
		assert_string_equal(recording_notes(reader), "a test");
		assert_int_equal(recording_n_frames(reader), 250);
		assert_true(recording_start_ns(reader) == 5000 * NS_PER_S);
		for (int k = 0; k < 250; k++) {
			struct frame wanted = make_frame(kind, k, expected);
			assert_int_equal(recording_next(reader, -1, &surface, &frame, &err), 0);
			assert_int_equal(surface, 0);
			assert_true(frame.mono_ns == wanted.mono_ns);
			assert_true(frame.real_ns == wanted.real_ns);
			assert_int_equal(frame.utc_offset_s, -12600);
			assert_int_equal(frame.flags, wanted.flags);
			assert_int_equal(frame.sequence, wanted.sequence);
			assert_int_equal(frame.n_cells, CELLS);
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
	struct recording_writer *writer = create(path);
	struct recording_reader *reader = NULL;

	(void)state;
	assert_int_equal(recording_add_surface(writer, &bed, NULL), 0);
	assert_int_equal(recording_add_surface(writer, &chair, NULL), 1);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	assert_int_equal(recording_n_surfaces(reader), 2);
	const struct surface *read = recording_surface(reader, 0);
	assert_string_equal(read->name, "bed");
	assert_true(read->kind == SURFACE_BED && read->rows == ROWS && read->cols == COLS);
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
	struct recording_writer *writer = create(path);
	struct recording_reader *reader = NULL;
	float counts[CELLS];
	int surface, n[2] = {0};
	int64_t last_ns = 0;
	struct frame frame;

	(void)state;
	recording_add_surface(writer, &bed, NULL);
	recording_add_surface(writer, &bed, NULL);
	for (int k = 0; k < 400; k++) { /* the second surface: a third of the rate */
		frame = make_frame(0, k, counts);
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
		frame.mono_ns += 10;
		if (k % 3 == 0)
			assert_int_equal(recording_write(writer, 1, &frame, NULL), 0);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	while (recording_next(reader, -1, &surface, &frame, NULL) == 0) {
		assert_true(frame.mono_ns > last_ns);
		last_ns = frame.mono_ns;
		n[surface]++;
	}
	assert_true(n[0] == 400 && n[1] == 134);
	recording_close_reader(reader);

	n[0] = n[1] = 0;
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	while (recording_next(reader, 1, &surface, &frame, NULL) == 0)
		n[surface]++;
	assert_true(n[0] == 0 && n[1] == 134);
	recording_close_reader(reader);
	free(path);
}

/* A writer that never closes, as after a crash: all but the last 10 s is there. */
static void test_a_crash_loses_the_last_chunk_only(void **state)
{
	char *path = scratch_path("crash.lmb");
	struct recording_writer *writer = create(path);
	struct recording_reader *reader = NULL;
	float counts[CELLS];
	struct frame frame;
	int n = 0;

	(void)state;
	recording_add_surface(writer, &bed, NULL);
	for (int k = 0; k < 255; k++) {
		frame = make_frame(0, k, counts);
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
	}
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	while (recording_next(reader, -1, NULL, &frame, NULL) == 0)
		n++;
	assert_int_equal(n, 200);
	assert_int_equal(recording_ending(reader), RECORDING_CUT_OFF);
	recording_close_reader(reader);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	assert_int_equal(recording_ending(reader), RECORDING_CLOSED);
	assert_int_equal(recording_n_written(reader, 0), 255);
	recording_close_reader(reader);
	free(path);
}

static void test_a_file_cut_in_the_middle_is_read_as_far_as_it_goes(void **state)
{
	char *path = write_file("cut.lmb", 3, 9000);
	struct recording_reader *reader = NULL;
	struct error err = {0};
	struct stat whole;
	struct frame frame;
	float expected[CELLS];
	int n = 0, n_bad = 0, result;

	(void)state;
	assert_int_equal(stat(path, &whole), 0);
	assert_int_equal(truncate(path, whole.st_size / 2), 0);
	if (recording_open(&reader, path, &err) < 0)
		fail_msg("%s", err.text);
	while ((result = recording_next(reader, -1, NULL, &frame, &err)) != -ENODATA) {
		n += result == 0;
		n_bad += result == -EBADMSG;
		assert_int_equal(n + n_bad > 9000, 0);
		if (result < 0)
			continue;
		make_frame(3, (int)frame.sequence / 2, expected);
		assert_memory_equal(frame.counts, expected, sizeof(expected));
	}
	assert_true(n_bad >= 1);
	assert_non_null(strstr(err.text, "surface bed"));
	if (n < 3600 || n >= 4700)
		fail_msg("%d frames of 9000 in half the file", n);
	assert_int_equal(recording_ending(reader), RECORDING_CLOSED);
	assert_int_equal(recording_n_written(reader, 0), 9000);
	recording_close_reader(reader);
	free(path);
}

/* What a child that is killed has told so far. */
struct told {
	atomic_int n_written;
};

static void write_for_ever(const char *path, struct told *told)
{
	struct recording_writer *writer = create(path);
	float counts[CELLS];

	recording_add_surface(writer, &bed, NULL);
	for (int k = 0;; k++) {
		struct frame frame = make_frame(k % 4, k, counts);
		if (recording_write(writer, 0, &frame, NULL) < 0)
			_exit(1);
		atomic_store(&told->n_written, k + 1);
	}
}

/* Frames of make_frame(k % kinds, k, ...), or all of kind -kinds. */
static int count_whole_frames(struct recording_reader *reader, int kinds)
{
	struct frame frame;
	struct error err = {0};
	float expected[CELLS];
	int n = 0, result;

	while ((result = recording_next(reader, -1, NULL, &frame, &err)) == 0) {
		assert_int_equal(frame.sequence, n * 2);
		make_frame(kinds > 0 ? n % kinds : -kinds, n, expected);
		assert_memory_equal(frame.counts, expected, sizeof(expected));
		n++;
	}
	if (result != -ENODATA)
		fail_msg("after %d frames: %s", n, err.text);
	return n;
}

/* Killed at any moment, mostly while it writes: what it had written but for the last 10 s is there. */
static void test_a_killed_process_loses_the_last_seconds_only(void **state)
{
	struct told *told = mmap(
	    NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char *path = scratch_path("killed.lmb");
	struct random random;

	(void)state;
	assert_true(told != MAP_FAILED);
	random_init(&random, 5);
	for (int round = 0; round < 12; round++) {
		struct recording_reader *reader = NULL;
		struct error err = {0};
		int status = 0, wanted = (int)random_between(&random, 500, 6000);
		atomic_store(&told->n_written, 0);
		pid_t child = fork();
		if (child == 0)
			write_for_ever(path, told);
		while (
		    atomic_load(&told->n_written) < wanted && waitpid(child, &status, WNOHANG) == 0)
			usleep(100);
		kill(child, SIGKILL);
		waitpid(child, &status, 0);
		if (recording_open(&reader, path, &err) < 0)
			fail_msg("%s", err.text);
		int written = atomic_load(&told->n_written), n = count_whole_frames(reader, 4);
		assert_true(written >= wanted);
		if (n < written - 101 || n > written + 1) /* 101 frames: 10 s */
			fail_msg("%d frames of %d", n, written);
		assert_int_equal(recording_ending(reader), RECORDING_CUT_OFF);
		recording_close_reader(reader);
	}
	munmap(told, sizeof(*told));
	free(path);
}

/* Bytes lost at the end, or spoilt there: what stands before them is read, and the loss is said. */
static void test_a_spoilt_end_costs_the_last_seconds_only(void **state)
{
	(void)state;
	for (int round = 0; round < 24; round++) {
		char *path = write_file("tail.lmb", NOISE, 6000); /* 10 minutes */
		struct recording_reader *reader = NULL;
		struct error err = {0};
		struct frame frame;
		struct stat whole;
		off_t spoilt = 1 + round * 700;
		int n = 0, result, n_bad = 0;
		assert_int_equal(stat(path, &whole), 0);
		if (round % 2 == 0) {
			assert_int_equal(truncate(path, whole.st_size - spoilt), 0);
		} else {
			char junk[32768];
			int fd = open(path, O_WRONLY | O_CLOEXEC);
			memset(junk, 0xa5, sizeof(junk));
			assert_int_equal(
			    pwrite(fd, junk, (size_t)spoilt, whole.st_size - spoilt), spoilt);
			close(fd);
		}
		if (recording_open(&reader, path, &err) < 0)
			fail_msg("%s", err.text);
		while ((result = recording_next(reader, -1, NULL, &frame, &err)) != -ENODATA) {
			n += result == 0;
			n_bad += result < 0;
		}
		int lost = 6000 - n, may_lose = 101 * (int)(3 + spoilt / 8192);
		if (lost < 0 || lost > may_lose || (lost > 0) != (n_bad > 0))
			fail_msg("%d frames lost of %ld bytes, said %d times: %s", lost,
			    (long)spoilt, n_bad, err.text);
		assert_int_equal(recording_n_written(reader, 0), 6000);
		recording_close_reader(reader);
		free(path);
	}
}

/* One bad page in the middle hides the chunks that stand on it, and no others. */
static void test_a_bad_page_in_the_middle_is_passed_over(void **state)
{
	int lost_anywhere = 0;

	(void)state;
	for (off_t page = 20; page < 60; page++) {
		char *path = write_file("page.lmb", NOISE, 6000), junk[4096];
		struct recording_reader *reader = NULL;
		struct error err = {0};
		struct frame frame = {0};
		int fd = open(path, O_WRONLY | O_CLOEXEC), n = 0, result;
		memset(junk, 0xa5, sizeof(junk));
		assert_int_equal(pwrite(fd, junk, sizeof(junk), page * 4096), sizeof(junk));
		close(fd);
		assert_int_equal(recording_open(&reader, path, &err), 0);
		while ((result = recording_next(reader, -1, NULL, &frame, &err)) != -ENODATA)
			n += result == 0;
		if (n < 5000)
			fail_msg("page %ld: %d frames of 6000: %s", (long)page, n, err.text);
		assert_int_equal(frame.sequence, 2 * 5999); /* it goes on to the end */
		lost_anywhere += n < 6000;
		recording_close_reader(reader);
		free(path);
	}
	assert_true(lost_anywhere >= 36);
}

/* The disk is full: a clear word, and what was written is there. */
static void test_a_full_disk_loses_nothing_that_was_written(void **state)
{
	char *path = scratch_path("full.lmb");
	struct recording_writer *writer = create(path);
	struct recording_reader *reader = NULL;
	struct rlimit before, small;
	struct error err = {0};
	float counts[CELLS];
	int k = 0, result = 0;

	(void)state;
	recording_add_surface(writer, &bed, NULL);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){.rlim_cur = 200000, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	for (; k < 20000 && result == 0; k++) {
		struct frame frame = make_frame(NOISE, k, counts);
		result = recording_write(writer, 0, &frame, &err);
	}
	recording_close_writer(writer, NULL);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(result, -ENOSPC);
	assert_non_null(strstr(err.text, "full.lmb"));
	assert_non_null(strstr(err.text, "the disk is full"));
	assert_int_equal(recording_open(&reader, path, &err), 0);
	int n = count_whole_frames(reader, -NOISE);
	if (n < k - 103 || n > k)
		fail_msg("%d frames of %d", n, k);
	recording_close_reader(reader);
	free(path);
}

static void test_a_calibration_comes_back(void **state)
{
	static const char text[] = "[calibration]\nunit = mmhg\n[cells]\n0 = 1 2 3\n";
	char *path = scratch_path("calibrated.lmb");
	struct recording_writer *writer = create(path);
	struct recording_reader *reader = NULL;

	(void)state;
	recording_add_surface(writer, &bed, NULL);
	recording_add_surface(writer, &bed, NULL);
	assert_int_equal(recording_set_calibration(writer, 1, text, NULL), 0);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	assert_null(recording_calibration(reader, 0));
	assert_string_equal(recording_calibration(reader, 1), text);
	recording_close_reader(reader);
	free(path);
}

static void run_sql(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void test_a_damaged_chunk_is_left_out(void **state)
{
	static const char *const damages[] = {
	    "UPDATE chunk SET data = substr(data, 1, 20) || x'00' || substr(data, 22) WHERE id = 2",
	    "UPDATE chunk SET data = substr(data, 1, 40) WHERE id = 2",
	    "UPDATE chunk SET data = x'' WHERE id = 2",
	    "UPDATE chunk SET data = 'text' WHERE id = 2",
	    "UPDATE chunk SET n_frames = 99 WHERE id = 2",
	    "UPDATE chunk SET n_frames = -1 WHERE id = 2",
	    "UPDATE chunk SET n_frames = 1000000000000 WHERE id = 2",
	    "UPDATE chunk SET encoding = 'u16' WHERE id = 2",
	    "UPDATE chunk SET encoding = 'u64' WHERE id = 2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		char *path = write_file("damaged.lmb", 0, 300);
		struct recording_reader *reader = NULL;
		struct error err = {0};
		struct frame frame;
		int n = 0, n_bad = 0, result;
		run_sql(path, damages[i]);
		assert_int_equal(recording_open(&reader, path, &err), 0);
		while ((result = recording_next(reader, -1, NULL, &frame, &err)) != -ENODATA) {
			n += result == 0;
			n_bad += result == -EBADMSG;
		}
		assert_int_equal(n, 200);
		assert_int_equal(n_bad, 1);
		assert_non_null(strstr(err.text, "10.0 s after the start"));
		recording_close_reader(reader);
		free(path);
	}
}

/* Whatever stands in a file: no crash, no hang, and what is read has the geometry it says. */
static void test_random_damage(void **state)
{
	struct random random;
	struct stat whole = {0};

	(void)state;
	random_init(&random, 11);
	for (int round = 0; round < 150; round++) {
		char *path = write_file("random.lmb", round % 4, 210);
		struct recording_reader *reader = NULL;
		struct frame frame;
		float sum = 0;
		int fd = open(path, O_RDWR | O_CLOEXEC), n = 0, result;
		assert_true(fd >= 0 && fstat(fd, &whole) == 0);
		for (int k = 0; k < 1 + round % 30; k++) {
			uint8_t byte = (uint8_t)random_between(&random, 0, 256);
			off_t at = (off_t)random_between(&random, 0, (double)whole.st_size);
			assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		}
		close(fd);
		if (recording_open(&reader, path, NULL) == 0)
			while (
			    (result = recording_next(reader, -1, NULL, &frame, NULL)) != -ENODATA) {
				assert_true(n++ < 1000);
				if (result == 0)
					sum += frame.counts[frame.n_cells - 1];
			}
		(void)sum;
		recording_close_reader(reader);
		free(path);
	}
}

/* Dies in the middle of a transaction that has reached the file already. */
static void die_while_writing(const char *path)
{
	sqlite3 *db;

	sqlite3_open(path, &db);
	sqlite3_exec(db,
	    "PRAGMA cache_size = 2; BEGIN;"
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
	    "INSERT INTO chunk SELECT NULL, 0, 1, 2, 3, 'u8', randomblob(20000) FROM n",
	    NULL, NULL, NULL);
	_exit(0);
}

/* Half a chunk is undone by whoever reads next; who may not write there is told what to do. */
static void test_half_a_chunk_is_undone(void **state)
{
	char *folder = scratch_path("half"), *path = NULL, *whole = write_file("half.lmb", 0, 210);
	char command[600];
	int status = 0;
	struct stat before, now;

	(void)state;
	assert_true(asprintf(&path, "%s/half.lmb", folder) > 0);
	snprintf(command, sizeof(command), "mkdir '%s' && mv '%s' '%s' && chmod 644 '%s'", folder,
	    whole, path, path);
	assert_int_equal(system(command), 0);
	assert_int_equal(stat(path, &before), 0);
	pid_t child = fork();
	if (child == 0)
		die_while_writing(path);
	waitpid(child, &status, 0);
	assert_int_equal(stat(path, &now), 0);
	assert_true(now.st_size > before.st_size);
	snprintf(command, sizeof(command), "chmod 755 '%s/..' && chmod 555 '%s' && chmod 444 '%s'*",
	    folder, folder, path);
	assert_int_equal(system(command), 0);
	child = fork();
	if (child == 0) { /* as nobody: root may write anywhere */
		struct recording_reader *reader = NULL;
		struct error err = {0};
		if (geteuid() == 0 && setuid(65534) < 0)
			_exit(2);
		int result = recording_open(&reader, path, &err);
		_exit(result == -EROFS && strstr(err.text, "half.lmb-journal") ? 0 : 1);
	}
	waitpid(child, &status, 0);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	snprintf(command, sizeof(command), "chmod 755 '%s' && chmod 644 '%s'*", folder, path);
	assert_int_equal(system(command), 0);
	struct recording_reader *reader = NULL;
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	assert_int_equal(count_whole_frames(reader, 1), 210);
	recording_close_reader(reader);
	assert_int_equal(stat(path, &now), 0);
	assert_int_equal(now.st_size, before.st_size);
	free(path);
	free(folder);
	free(whole);
}

/* Made before recordings kept their calibration and their end. */
static void test_older_recordings_are_read(void **state)
{
	char *path = write_file("older.lmb", 0, 210);
	struct recording_reader *reader = NULL;

	(void)state;
	run_sql(path, "DROP TABLE calibration; DROP TABLE ending");
	assert_int_equal(recording_open(&reader, path, NULL), 0);
	assert_null(recording_calibration(reader, 0));
	assert_int_equal(recording_ending(reader), RECORDING_NO_WORD);
	assert_int_equal(recording_n_frames(reader), 210);
	assert_int_equal(count_whole_frames(reader, 1), 210);
	recording_close_reader(reader);
	free(path);
}

static void test_files_that_are_no_recordings(void **state)
{
	char *newer = write_file("newer.lmb", 0, 10);
	char *odd = write_file("odd.lmb", 0, 10);
	char *text = scratch_file("text.lmb", "1 2 3\n");
	char *foreign = scratch_path("foreign.db");
	struct recording_reader *reader = NULL;
	struct error err = {0};

	(void)state;
	run_sql(newer, "PRAGMA user_version = 2");
	assert_int_equal(recording_open(&reader, newer, &err), -EINVAL);
	assert_non_null(strstr(err.text, "version 2; this program reads up to 1"));
	run_sql(foreign, "CREATE TABLE t (x)");
	assert_int_equal(recording_open(&reader, foreign, &err), -EINVAL);
	assert_non_null(strstr(err.text, "not a recording"));
	assert_int_equal(recording_open(&reader, text, &err), -EINVAL);
	assert_int_equal(recording_open(&reader, "/nowhere.lmb", &err), -ENOENT);
	assert_int_equal(recording_open(&reader, "/tmp", &err), -EISDIR);
	assert_false(recording_is(text));
	assert_false(recording_is(foreign));
	assert_false(recording_is("/nowhere.lmb"));
	run_sql(odd, "UPDATE surface SET rows = 1000");
	assert_int_equal(recording_open(&reader, odd, &err), -EINVAL);
	run_sql(odd, "UPDATE surface SET rows = 0, cols = 0");
	assert_int_equal(recording_open(&reader, odd, &err), -EINVAL);
	assert_non_null(strstr(err.text, "places"));
	run_sql(odd, "UPDATE surface SET kind = 'sofa'");
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
	char *path = write_file("mine.lmb", 0, 10);
	struct recording_writer *writer = NULL;
	struct error err = {0};
	float counts[CELLS] = {0};
	struct frame frame = {.n_cells = 7, .counts = counts};

	(void)state;
	assert_int_equal(recording_create(&writer, path, false, NULL, &err), -EEXIST);
	assert_non_null(strstr(err.text, "mine.lmb"));
	assert_int_equal(recording_create(&writer, "/nowhere/x.lmb", false, NULL, &err), -ENOENT);
	assert_null(writer);
	writer = create(path);
	assert_int_equal(recording_add_surface(writer, &bed, &err), 0);
	assert_int_equal(recording_write(writer, 0, &frame, &err), -EINVAL);
	for (int i = 1; i < RECORDING_SURFACES_MAX; i++)
		assert_int_equal(recording_add_surface(writer, &bed, &err), i);
	assert_int_equal(recording_add_surface(writer, &bed, &err), -ENOSPC);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	free(path);
}

static void test_the_same_frames_give_the_same_bytes(void **state)
{
	char *paths[2];
	char command[300];

	(void)state;
	paths[0] = write_file("a.lmb", 1, 1000);
	paths[1] = write_file("b.lmb", 1, 1000);
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
	struct recording_writer *writer = create(path);
	struct recording_reader *reader = NULL;
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
	assert_int_equal(recording_open(&reader, path, NULL), 0);
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
	    cmocka_unit_test(test_a_crash_loses_the_last_chunk_only),
	    cmocka_unit_test(test_a_file_cut_in_the_middle_is_read_as_far_as_it_goes),
	    cmocka_unit_test(test_a_killed_process_loses_the_last_seconds_only),
	    cmocka_unit_test(test_a_spoilt_end_costs_the_last_seconds_only),
	    cmocka_unit_test(test_a_bad_page_in_the_middle_is_passed_over),
	    cmocka_unit_test(test_a_full_disk_loses_nothing_that_was_written),
	    cmocka_unit_test(test_a_calibration_comes_back),
	    cmocka_unit_test(test_half_a_chunk_is_undone),
	    cmocka_unit_test(test_older_recordings_are_read),
	    cmocka_unit_test(test_a_damaged_chunk_is_left_out),
	    cmocka_unit_test(test_random_damage),
	    cmocka_unit_test(test_files_that_are_no_recordings),
	    cmocka_unit_test(test_creating_is_careful),
	    cmocka_unit_test(test_the_same_frames_give_the_same_bytes),
	    cmocka_unit_test(test_a_large_mat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
