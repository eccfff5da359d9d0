/* Recordings that were not ended: a crash, a kill, a full disk, half a transaction. */
#include "recordings.h"
#include "support.h"

#include <errno.h>
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

#include "base/random.h"

/* A writer that never closes, as after a crash: all but the last 10 s is there. */
static void test_a_crash_loses_the_last_chunk_only(void **state)
{
	char *path = scratch_path("crash.lmb");
	struct recording_writer *writer = recorded_create(path);
	float counts[RECORDED_CELLS];

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	for (int k = 0; k < 255; k++) {
		struct frame frame = recorded_frame(0, k, counts);
		assert_int_equal(recording_write(writer, 0, &frame, NULL), 0);
	}
	struct recording_reader *reader = recorded_open(path);
	assert_int_equal(recorded_read(reader).n, 200);
	assert_int_equal(recording_ending(reader), RECORDING_CUT_OFF);
	recording_close_reader(reader);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	reader = recorded_open(path);
	assert_int_equal(recording_ending(reader), RECORDING_CLOSED);
	assert_int_equal(recording_n_written(reader, 0), 255);
	recording_close_reader(reader);
	free(path);
}

/* What a child that is killed has told so far. */
struct told {
	atomic_int n_written;
};

static void write_for_ever(const char *path, struct told *told)
{
	struct recording_writer *writer = recorded_create(path);
	float counts[RECORDED_CELLS];

	recording_add_surface(writer, &recorded_bed, NULL);
	for (int k = 0;; k++) {
		struct frame frame = recorded_frame(k % 4, k, counts);
		if (recording_write(writer, 0, &frame, NULL) < 0)
			_exit(1);
		atomic_store(&told->n_written, k + 1);
	}
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
		struct recording_reader *reader = recorded_open(path);
		int written = atomic_load(&told->n_written), n = recorded_count_whole(reader, 4);
		assert_true(written >= wanted);
		if (n < written - 101 || n > written + 1) /* 101 frames: 10 s */
			fail_msg("%d frames of %d", n, written);
		assert_int_equal(recording_ending(reader), RECORDING_CUT_OFF);
		recording_close_reader(reader);
	}
	munmap(told, sizeof(*told));
	free(path);
}

/* The disk is full: a clear word, and what was written is there. */
static void test_a_full_disk_loses_nothing_that_was_written(void **state)
{
	char *path = scratch_path("full.lmb");
	struct recording_writer *writer = recorded_create(path);
	struct rlimit before, small;
	struct error err = {0};
	float counts[RECORDED_CELLS];
	int k = 0, result = 0;

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){.rlim_cur = 200000, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	for (; k < 20000 && result == 0; k++) {
		struct frame frame = recorded_frame(RECORDED_NOISE, k, counts);
		result = recording_write(writer, 0, &frame, &err);
	}
	recording_close_writer(writer, NULL);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(result, -ENOSPC);
	assert_non_null(strstr(err.text, "full.lmb"));
	assert_non_null(strstr(err.text, "the disk is full"));
	struct recording_reader *reader = recorded_open(path);
	int n = recorded_count_whole(reader, -RECORDED_NOISE);
	if (n < k - 103 || n > k)
		fail_msg("%d frames of %d", n, k);
	recording_close_reader(reader);
	free(path);
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
	char *folder = scratch_path("half"), *path = NULL,
	     *whole = recorded_file("half.lmb", 0, 210);
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
	struct recording_reader *reader = recorded_open(path);
	assert_int_equal(recorded_count_whole(reader, 1), 210);
	recording_close_reader(reader);
	assert_int_equal(stat(path, &now), 0);
	assert_int_equal(now.st_size, before.st_size);
	free(path);
	free(folder);
	free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_crash_loses_the_last_chunk_only),
	    cmocka_unit_test(test_a_killed_process_loses_the_last_seconds_only),
	    cmocka_unit_test(test_a_full_disk_loses_nothing_that_was_written),
	    cmocka_unit_test(test_half_a_chunk_is_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
