/* A database that proves damaged while lumbard runs: it ends, and its next start sets the file aside. */
#include "base/clock.h"
#include "process.h"
#include "store/query.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define N_DAYS    50
#define PAGE_SIZE 4096

/* Days of minutes until now: more than is looked through at each opening. */
static void fill(const char *path)
{
	static const struct surface bed = {
	    .name = "bed", .kind = SURFACE_BED, .rows = 4, .cols = 2, .n_cells = 8, .pitch_mm = 30};
	int64_t begun_ns = clock_real_ns() - N_DAYS * 24 * NS_PER_H;
	struct store *store = NULL;
	struct stat file;

	assert_int_equal(store_open(&store, path, STORE_OWN, NULL), 0);
	assert_int_equal(store_begin_session(store, "before", "test", 0, NULL), 0);
	int bed_id = store_add_surface(store, &bed, NULL);
	store_anchor(store, 0, begun_ns, clock_utc_offset_s(begun_ns), true, NULL);
	for (int minute = 0; minute < N_DAYS * 1440; minute++) {
		struct epoch epoch;

		epoch_clear(&epoch, minute * EPOCH_NS);
		epoch.observed_s = epoch.person_s = 60;
		epoch.load = epoch.activity = (float)minute / 7; /* takes room */
		assert_int_equal(store_epoch(store, bed_id, &epoch, NULL), 0);
	}
	assert_int_equal(store_close(store, NULL), 0);
	assert_int_equal(stat(path, &file), 0);
	assert_true(file.st_size > 4 << 20);
}

/* The newest row can be read, but not all of the night before its own. */
static bool is_met_later(const char *path)
{
	struct store *store = NULL;
	struct night_facts facts;
	int32_t day = 0;

	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	bool met = query_last_day(store, &day, NULL) == 0 &&
	           query_night(store, day - 1, &facts, NULL) == -EUCLEAN;
	store_close(store, NULL);
	return met;
}

static void spoil(const char *path)
{
	char junk[PAGE_SIZE], before[PAGE_SIZE];
	struct stat file;
	int fd = open(path, O_RDWR);
	bool met = false;

	assert_int_equal(fstat(fd, &file), 0);
	memset(junk, 0x5a, sizeof(junk));
	for (off_t at = file.st_size - PAGE_SIZE; at > 0 && !met; at -= PAGE_SIZE) {
		assert_int_equal(pread(fd, before, PAGE_SIZE, at), PAGE_SIZE);
		assert_int_equal(pwrite(fd, junk, PAGE_SIZE, at), PAGE_SIZE);
		met = is_met_later(path);
		if (!met)
			assert_int_equal(pwrite(fd, before, PAGE_SIZE, at), PAGE_SIZE);
	}
	close(fd);
	assert_true(met);
}

static void the_daemon_ends_and_begins_anew(void **state)
{
	(void)state;
	char *database = scratch_path("d.db"), *log = scratch_path("d.log"), text[600];
	char *status = scratch_path("d.json"), *aside = scratch_path("d.db.corrupt-1");

	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\nstatus_file = %s\n[surface bed]\nkind = bed\ndriver = sim\n",
	    database, status);
	char *config = scratch_file("d.conf", text);
	const char *const argv[] = {"lumbard", "-c", config, NULL};
	fill(database);
	spoil(database);
	assert_int_equal(process_run("lumbard", log, argv, 20), 1);
	assert_true(file_says(log, "is damaged", 1));
	assert_int_not_equal(access(aside, F_OK), 0);
	pid_t pid = process_start("lumbard", log, argv);
	assert_true(file_says(status, "\"state\":\"good\"", 10));
	assert_int_equal(access(aside, F_OK), 0);
	kill(pid, SIGTERM);
	assert_int_equal(process_wait(pid, 10), 0);
	free(database);
	free(log);
	free(status);
	free(aside);
	free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_daemon_ends_and_begins_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
