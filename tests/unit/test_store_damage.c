/* Databases that are damaged: found, set aside whole, and a new one is begun. */
#include "small_store.h"
#include "support.h"

#include "base/clock.h"
#include "store/query.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void spoil_page(const char *path, off_t page, int byte)
{
	char junk[4096];
	int fd = open(path, O_WRONLY);

	memset(junk, byte, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), page * 4096), sizeof(junk));
	close(fd);
}

/* A damaged file moves away with its log, whole, and a new one works. */
static void test_sets_corrupt_aside(void **state)
{
	(void)state;
	char *path = scratch_path("broken.db");
	struct store *store = small_store_open(path, STORE_OWN);
	int id = small_store_begin(store, "boot");
	for (int i = 0; i < 600; i++)
		small_store_minute(store, id, i);
	store_close(store, NULL);

	struct stat whole;
	assert_int_equal(stat(path, &whole), 0);
	for (off_t page = 1; page < whole.st_size / 4096; page++)
		spoil_page(path, page, 0x5a);
	size_t n_before;
	char *before = file_bytes(path, &n_before);

	store = NULL;
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), -EUCLEAN);
	store = small_store_open(path, STORE_OWN);
	assert_true(small_store_has(path, ".corrupt-1"));
	small_store_begin(store, "boot");
	assert_int_equal(store_close(store, NULL), 0);

	char aside[300];
	snprintf(aside, sizeof(aside), "%s.corrupt-1", path);
	assert_file_is(aside, before, n_before);

	/* a first page that is lost, and a file that ends within its first line */
	spoil_page(path, 0, 0x03);
	store_close(small_store_open(path, STORE_OWN), NULL);
	assert_true(small_store_has(path, ".corrupt-2"));
	free(scratch_file("broken.db", "SQLite for"));
	store_close(small_store_open(path, STORE_OWN), NULL);
	assert_true(small_store_has(path, ".corrupt-3"));
	free(path);
}

/* More than is looked through at each opening; the path. */
static char *make_large(const char *name)
{
	char *path = scratch_path(name);
	struct store *store = small_store_open(path, STORE_OWN);
	int id = small_store_begin(store, "boot");
	struct stat stat_now;

	for (int i = 0; i < 160000; i++) {
		small_store_minute(store, id, i);
		if (i % 10000 == 0)
			assert_int_equal(store_commit(store, NULL), 0);
	}
	assert_int_equal(store_close(store, NULL), 0);
	assert_int_equal(stat(path, &stat_now), 0);
	assert_true(stat_now.st_size > 5 << 20);
	return path;
}

static void assert_set_aside(const char *path, const char *suffix)
{
	assert_false(small_store_has(path, suffix));
	struct store *store = small_store_open(path, STORE_OWN);
	assert_true(small_store_has(path, suffix));
	assert_int_equal(small_store_epochs(store), 0);
	assert_int_equal(store_close(store, NULL), 0);
}

/* The owner that is killed leaves its lock, and the next one looks through every page. */
static void test_a_large_file_is_checked_after_a_crash(void **state)
{
	(void)state;
	char *path = make_large("killed.db");
	pid_t child = fork();

	if (child == 0) {
		struct store *store = small_store_open(path, STORE_OWN);
		small_store_begin(store, "boot-2");
		kill(getpid(), SIGKILL);
	}
	int status = 0;
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status) && small_store_has(path, ".lock"));
	spoil_page(path, 1000, 0x5a);
	assert_set_aside(path, ".corrupt-1");
	free(path);
}

/*
 * A large file that was closed opens without being read whole, so that a bad page in its middle is
 * met later; then the lock stays, and the next opening sets the file aside.
 */
static void test_damage_that_is_met_later(void **state)
{
	(void)state;
	char *path = make_large("later.db");
	struct stored_epoch *epochs = NULL;
	size_t n = 0;

	spoil_page(path, 1000, 0x5a);
	struct store *store = small_store_open(path, STORE_OWN);
	assert_false(small_store_has(path, ".corrupt-1"));
	assert_int_equal(query_epochs(store, 0, INT64_MAX / 2, &epochs, &n, NULL), -EUCLEAN);
	free(epochs);
	store_close(store, NULL);
	assert_true(small_store_has(path, ".lock"));
	assert_set_aside(path, ".corrupt-1");
	assert_false(small_store_has(path, ".lock"));
	free(path);
}

/* What is looked at in any case: the file's length, each table's root and its newest row. */
static void test_a_large_file_is_looked_at(void **state)
{
	(void)state;
	char *path = make_large("cut.db");
	struct stat whole;

	assert_int_equal(stat(path, &whole), 0);
	assert_int_equal(truncate(path, whole.st_size - 4096), 0);
	assert_set_aside(path, ".corrupt-1");
	free(path);
	path = make_large("ends.db");
	assert_int_equal(stat(path, &whole), 0);
	for (off_t page = whole.st_size / 4096 - 8; page < whole.st_size / 4096; page++)
		spoil_page(path, page, 0x5a);
	assert_set_aside(path, ".corrupt-1");
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sets_corrupt_aside),
	    cmocka_unit_test(test_a_large_file_is_checked_after_a_crash),
	    cmocka_unit_test(test_damage_that_is_met_later),
	    cmocka_unit_test(test_a_large_file_is_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
