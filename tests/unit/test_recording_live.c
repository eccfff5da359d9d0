/* A recording while it is written: others read it, and the disk fills up. */
#include "recordings.h"
#include "support.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define CHUNK_FRAMES 100 /* of ten seconds */

static int write_frames(struct recording_writer *writer, int from, int n, struct error *err)
{
	float counts[RECORDED_CELLS];
	int result = 0;

	for (int k = from; k < from + n && result == 0; k++) {
		struct frame frame = recorded_frame(RECORDED_NOISE, k, counts);
		result = recording_write(writer, 0, &frame, err);
	}
	return result;
}

/* `lumbar record --frames FILE | less` may stand for hours between two frames. */
static void who_reads_it_keeps_no_writer_waiting(void **state)
{
	char *path = scratch_path("read.lmb");
	struct recording_writer *writer = recorded_create(path);
	struct error err = {0};
	struct frame frame;

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	assert_int_equal(write_frames(writer, 0, 3 * CHUNK_FRAMES, &err), 0);
	struct recording_reader *reader = recorded_open(path);
	assert_int_equal(recording_next(reader, -1, NULL, &frame, &err), 0);
	if (write_frames(writer, 3 * CHUNK_FRAMES, 3 * CHUNK_FRAMES, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(recording_close_writer(writer, &err), 0);
	/* And it reads on, to where the writer has come meanwhile. */
	assert_int_equal(recorded_read(reader).n, 6 * CHUNK_FRAMES - 1);
	recording_close_reader(reader);
	free(path);
}

struct other {
	const char *path;
	sem_t reads;
};

/* A program of somebody's own, in the middle of its query. */
static void *read_slowly(void *user)
{
	struct other *other = user;
	sqlite3 *db;
	sqlite3_stmt *select;

	sqlite3_open(other->path, &db);
	sqlite3_prepare_v2(db, "SELECT data FROM chunk", -1, &select, NULL);
	sqlite3_step(select);
	sem_post(&other->reads);
	sleep(3);
	sqlite3_finalize(select);
	sqlite3_close(db);
	return NULL;
}

static void another_program_that_reads_is_waited_for(void **state)
{
	char *path = scratch_path("other.lmb");
	struct recording_writer *writer = recorded_create(path);
	struct other other = {.path = path};
	struct error err = {0};
	pthread_t thread;

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	assert_int_equal(write_frames(writer, 0, 3 * CHUNK_FRAMES, &err), 0);
	sem_init(&other.reads, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, read_slowly, &other), 0);
	sem_wait(&other.reads);
	if (write_frames(writer, 3 * CHUNK_FRAMES, 2 * CHUNK_FRAMES, &err) < 0)
		fail_msg("%s", err.text);
	pthread_join(thread, NULL);
	assert_int_equal(recording_close_writer(writer, &err), 0);
	free(path);
}

static struct rlimit limit_files(rlim_t bytes)
{
	struct rlimit before, small;

	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){.rlim_cur = bytes, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	return before;
}

/* There was room for the last word, but not for the chunk before it. */
static void what_a_full_disk_cut_off_does_not_say_it_is_whole(void **state)
{
	char *path = scratch_path("cut.lmb");
	struct recording_writer *writer = recorded_create(path);
	struct error err = {0};

	(void)state;
	recording_add_surface(writer, &recorded_bed, NULL);
	struct rlimit before = limit_files(100000);
	int result = write_frames(writer, 0, 100 * CHUNK_FRAMES, &err);
	setrlimit(RLIMIT_FSIZE, &before); /* somebody has made room */
	assert_int_equal(result, -ENOSPC);
	assert_int_equal(recording_close_writer(writer, &err), -EIO);
	struct recording_reader *reader = recorded_open(path);
	assert_int_equal(recording_ending(reader), RECORDING_CUT_OFF);
	assert_true(recorded_read(reader).n >= CHUNK_FRAMES);
	recording_close_reader(reader);
	free(path);
}

/* Else the next try would find a file there, and not write over it. */
static void a_file_that_cannot_be_begun_is_not_left(void **state)
{
	char *path = scratch_path("begun.lmb");
	struct recording_writer *writer;
	struct error err = {0};

	(void)state;
	struct rlimit before = limit_files(5000);
	int result = recording_create(&writer, path, false, NULL, &err);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(result, -ENOSPC);
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(recording_create(&writer, path, false, NULL, &err), 0);
	assert_int_equal(recording_close_writer(writer, &err), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_reads_it_keeps_no_writer_waiting),
	    cmocka_unit_test(another_program_that_reads_is_waited_for),
	    cmocka_unit_test(what_a_full_disk_cut_off_does_not_say_it_is_whole),
	    cmocka_unit_test(a_file_that_cannot_be_begun_is_not_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
