/* Opening, refusing, and what becomes of rows when things go wrong. */
#include "base/clock.h"
#include "store/migrate.h"
#include "store/query.h"
#include "store/store.h"
#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct surface bed = {
    .name = "bed", .kind = SURFACE_BED, .rows = 4, .cols = 2, .n_cells = 8, .pitch_mm = 100.0f};

static struct store *open_or_fail(const char *path, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err = {0};

	if (store_open(&store, path, mode, &err) != 0)
		fail_msg("%s", err.text);
	return store;
}

/* A session with a bed, begun at mono 0, the clock known; returns the bed's id. */
static int begin(struct store *store, const char *boot_id)
{
	assert_int_equal(store_begin_session(store, boot_id, "test", 0, NULL), 0);
	int id = store_add_surface(store, &bed, NULL);
	assert_true(id > 0);
	assert_int_equal(store_anchor(store, 0, 1000 * NS_PER_H, 3600, true, NULL), 0);
	return id;
}

static void add_minute(struct store *store, int surface, int minute)
{
	struct epoch epoch;

	epoch_clear(&epoch, minute * EPOCH_NS);
	epoch.observed_s = epoch.person_s = 60.0f;
	assert_int_equal(store_epoch(store, surface, &epoch, NULL), 0);
}

static size_t count_epochs(struct store *store)
{
	struct stored_epoch *epochs = NULL;
	size_t n = 0;

	assert_int_equal(query_epochs(store, 0, INT64_MAX / 2, &epochs, &n, NULL), 0);
	free(epochs);
	return n;
}

static char *read_all(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = calloc(1, 1 << 20);

	assert_non_null(file);
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

/* Opens path in every mode, wants rc and words in the error, and not a byte changed. */
static void assert_refused(const char *path, int rc, const char *words)
{
	size_t n_before, n_after;
	char *before = read_all(path, &n_before);

	for (enum store_mode mode = STORE_READ; mode <= STORE_OWN; mode++) {
		struct store *store = NULL;
		struct error err = {0};
		assert_int_equal(store_open(&store, path, mode, &err), rc);
		assert_null(store);
		assert_non_null(strstr(err.text, words));
		assert_non_null(strstr(err.text, path));
	}
	char *after = read_all(path, &n_after);
	assert_int_equal(n_before, n_after);
	assert_memory_equal(before, after, n_before);
	free(before);
	free(after);
}

static void sql(const char *path, const char *text)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static bool exists(const char *path, const char *suffix)
{
	char name[300];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return access(name, F_OK) == 0;
}

static void test_makes_and_reopens(void **state)
{
	(void)state;
	char *path = scratch_path("fresh.db");
	struct store *store = open_or_fail(path, STORE_OWN);
	int id = begin(store, "boot-1");
	add_minute(store, id, 0);
	assert_int_equal(count_epochs(store), 0); /* waits for its batch */
	assert_int_equal(store_close(store, NULL), 0);
	assert_false(exists(path, ".lock"));
	assert_false(exists(path, "-wal"));

	store = open_or_fail(path, STORE_OWN);
	assert_int_equal(count_epochs(store), 1);
	assert_int_equal(begin(store, "boot-2"), id); /* the same mat is the same surface */
	assert_int_equal(store_close(store, NULL), 0);
	free(path);
}

static void test_refuses_newer(void **state)
{
	(void)state;
	char *path = scratch_path("newer.db");
	store_close(open_or_fail(path, STORE_OWN), NULL);
	sql(path, "PRAGMA user_version = 99");
	assert_refused(path, -EPROTO, "version 99");
	free(path);
}

static void test_refuses_foreign(void **state)
{
	(void)state;
	char *path = scratch_path("foreign.db");
	sql(path,
	    "PRAGMA journal_mode = WAL; CREATE TABLE bookmark (url); PRAGMA application_id = 7");
	assert_refused(path, -EMEDIUMTYPE, "another program");
	assert_false(exists(path, ".corrupt-1"));
	free(path);
}

static void test_read_needs_a_file(void **state)
{
	(void)state;
	char *path = scratch_path("none.db");
	struct store *store = NULL;
	struct error err = {0};
	assert_int_equal(store_open(&store, path, STORE_READ, &err), -ENOENT);
	assert_non_null(strstr(err.text, path));
	assert_false(exists(path, ""));
	assert_int_equal(store_open(&store, "/nowhere/at/all.db", STORE_OWN, &err), -ENOENT);
	free(path);
}

/* A damaged file moves away with its log, whole, and a new one works. */
static void test_sets_corrupt_aside(void **state)
{
	(void)state;
	char *path = scratch_path("broken.db");
	struct store *store = open_or_fail(path, STORE_OWN);
	int id = begin(store, "boot");
	for (int i = 0; i < 600; i++)
		add_minute(store, id, i);
	store_close(store, NULL);

	int fd = open(path, O_WRONLY);
	char junk[4096];
	memset(junk, 0x5a, sizeof(junk));
	struct stat stat;
	assert_int_equal(fstat(fd, &stat), 0);
	for (off_t at = 4096; at + 4096 <= stat.st_size; at += 4096)
		assert_int_equal(pwrite(fd, junk, sizeof(junk), at), sizeof(junk));
	close(fd);
	size_t n_before, n_after;
	char *before = read_all(path, &n_before);

	store = NULL;
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), -EUCLEAN);
	store = open_or_fail(path, STORE_OWN);
	assert_true(exists(path, ".corrupt-1"));
	begin(store, "boot");
	assert_int_equal(store_close(store, NULL), 0);

	char aside[300];
	snprintf(aside, sizeof(aside), "%s.corrupt-1", path);
	char *after = read_all(aside, &n_after);
	assert_int_equal(n_before, n_after);
	assert_memory_equal(before, after, n_before);
	free(before);
	free(after);

	/* a first page that is lost, and a file that ends within its first line */
	fd = open(path, O_WRONLY);
	memset(junk, 0x03, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), 0), sizeof(junk));
	close(fd);
	store_close(open_or_fail(path, STORE_OWN), NULL);
	assert_true(exists(path, ".corrupt-2"));
	free(scratch_file("broken.db", "SQLite for"));
	store_close(open_or_fail(path, STORE_OWN), NULL);
	assert_true(exists(path, ".corrupt-3"));
	free(path);
}

/* More than is looked through at each opening; the path. */
static char *make_large(const char *name)
{
	char *path = scratch_path(name);
	struct store *store = open_or_fail(path, STORE_OWN);
	int id = begin(store, "boot");
	struct stat stat_now;

	for (int i = 0; i < 160000; i++) {
		add_minute(store, id, i);
		if (i % 10000 == 0)
			assert_int_equal(store_commit(store, NULL), 0);
	}
	assert_int_equal(store_close(store, NULL), 0);
	assert_int_equal(stat(path, &stat_now), 0);
	assert_true(stat_now.st_size > 5 << 20);
	return path;
}

static void spoil_page(const char *path, off_t page)
{
	char junk[4096];
	int fd = open(path, O_WRONLY);

	memset(junk, 0x5a, sizeof(junk));
	assert_int_equal(pwrite(fd, junk, sizeof(junk), page * 4096), sizeof(junk));
	close(fd);
}

static void assert_set_aside(const char *path, const char *suffix)
{
	assert_false(exists(path, suffix));
	struct store *store = open_or_fail(path, STORE_OWN);
	assert_true(exists(path, suffix));
	assert_int_equal(count_epochs(store), 0);
	assert_int_equal(store_close(store, NULL), 0);
}

/* The owner that is killed leaves its lock, and the next one looks through every page. */
static void test_a_large_file_is_checked_after_a_crash(void **state)
{
	(void)state;
	char *path = make_large("killed.db");
	pid_t child = fork();

	if (child == 0) {
		struct store *store = open_or_fail(path, STORE_OWN);
		begin(store, "boot-2");
		kill(getpid(), SIGKILL);
	}
	int status = 0;
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status) && exists(path, ".lock"));
	spoil_page(path, 1000);
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

	spoil_page(path, 1000);
	struct store *store = open_or_fail(path, STORE_OWN);
	assert_false(exists(path, ".corrupt-1"));
	assert_int_equal(query_epochs(store, 0, INT64_MAX / 2, &epochs, &n, NULL), -EUCLEAN);
	free(epochs);
	store_close(store, NULL);
	assert_true(exists(path, ".lock"));
	assert_set_aside(path, ".corrupt-1");
	assert_false(exists(path, ".lock"));
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
		spoil_page(path, page);
	assert_set_aside(path, ".corrupt-1");
	free(path);
}

/* A file that was never a database may be somebody's diary: it stays, whatever its length. */
static void test_leaves_text_alone(void **state)
{
	(void)state;
	static const char line[] = "Tuesday: slept well, the back is better.\n";
	char text[8193] = "";
	for (size_t length = 0; length < sizeof(text) - 1; length++)
		text[length] = line[length % (sizeof(line) - 1)];
	for (int i = 0; i < 2; i++) {
		char *path = scratch_file("diary.txt", text);
		size_t n;
		assert_refused(path, -EMEDIUMTYPE, "not a database");
		assert_false(exists(path, ".corrupt-1"));
		char *after = read_all(path, &n);
		assert_int_equal(n, strlen(text));
		assert_memory_equal(after, text, n);
		free(after);
		free(path);
		text[sizeof(line) - 1] = '\0'; /* and a short one */
	}
}

static void test_one_owner(void **state)
{
	(void)state;
	char *path = scratch_path("owned.db");
	struct store *first = open_or_fail(path, STORE_OWN);
	struct store *second = NULL;
	struct error err = {0};
	char pid[32];

	assert_int_equal(store_open(&second, path, STORE_OWN, &err), -EBUSY);
	snprintf(pid, sizeof(pid), "process %d", (int)getpid());
	assert_non_null(strstr(err.text, pid));
	begin(first, "boot"); /* a batch under way does not keep the others out */
	second = open_or_fail(path, STORE_APPEND);
	assert_int_equal(store_pain(second, 20000, 3, 5, NULL), 0);
	assert_int_equal(store_pain(second, 20000, 11, 5, NULL), -ERANGE);
	store_close(second, NULL);
	store_close(first, NULL);
	store_close(open_or_fail(path, STORE_OWN), NULL);
	free(path);
}

/* A reader who may write neither the file nor its folder, as another user of the machine. */
static int read_as_nobody(const char *path)
{
	pid_t child = fork();

	if (child == 0) {
		struct store *store = NULL;
		struct error err = {0};
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(2);
		int rc = store_open(&store, path, STORE_OWN, &err);
		if (rc != -EACCES && rc != -EROFS)
			_exit(3);
		if (store_open(&store, path, STORE_APPEND, &err) != -EROFS)
			_exit(4);
		if (store_open(&store, path, STORE_READ, &err) != 0)
			_exit(5);
		_exit(count_epochs(store) == 1 ? 0 : 6);
	}
	int status = 0;
	waitpid(child, &status, 0);
	return WEXITSTATUS(status);
}

static void test_read_only(void **state)
{
	(void)state;
	char *folder = scratch_path("shut"), *path = scratch_path("shut/it's #1 ?.db");

	assert_int_equal(mkdir(folder, 0755), 0);
	struct store *store = open_or_fail(path, STORE_OWN);
	add_minute(store, begin(store, "boot"), 0);
	store_close(store, NULL);
	size_t n_before, n_after;
	char *before = read_all(path, &n_before);
	chmod(path, 0444);
	chmod(folder, 0555);
	char *scratch = scratch_path("");
	chmod(scratch, 0755);
	fflush(NULL);
	assert_int_equal(read_as_nobody(path), 0);
	chmod(folder, 0755);
	char *after = read_all(path, &n_after);
	assert_int_equal(n_before, n_after);
	assert_memory_equal(before, after, n_before);
	free(before);
	free(after);
	free(scratch);
	free(path);
	free(folder);
}

/* The parent's batches of 30 s of frame time; then the child is killed with rows waiting. */
static void test_kill_loses_the_batch_only(void **state)
{
	(void)state;
	char *path = scratch_path("killed.db");
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct store *store = open_or_fail(path, STORE_OWN);
		int id = begin(store, "boot");
		for (int i = 0; i < 10; i++) {
			add_minute(store, id, i);
			store_tick(store, i * EPOCH_NS, NULL);
			if (i < 9)
				store_tick(store, i * EPOCH_NS + 30 * NS_PER_S, NULL);
		}
		kill(getpid(), SIGKILL);
	}
	int status = 0;
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	struct store *store = open_or_fail(path, STORE_OWN); /* the lock died with its owner */
	assert_int_equal(count_epochs(store), 9);
	store_close(store, NULL);
	free(path);
}

static void test_events_at_once_and_replaced(void **state)
{
	(void)state;
	char *path = scratch_path("events.db");
	struct store *store = open_or_fail(path, STORE_OWN);
	int id = begin(store, "boot");
	struct event event = {.rule = "prone",
	    .advice_id = "lying.back_or_side",
	    .level = EVENT_ADVICE,
	    .start_ns = NS_PER_MIN,
	    .end_ns = NS_PER_MIN,
	    .value = 11.0f,
	    .limit = 10.0f,
	    .unit = "min",
	    .coverage_ratio = 1.0f,
	    .confidence = NAN,
	    .detail = "11 min"};
	assert_int_equal(store_event(store, id, &event, NULL), 0);
	struct store *reader = open_or_fail(path, STORE_READ);
	struct stored_event *events = NULL;
	size_t n = 0;
	assert_int_equal(query_events(reader, 0, INT64_MAX / 2, &events, &n, NULL), 0);
	assert_int_equal(n, 1);
	int64_t event_id = events[0].id;
	free(events);

	event.end_ns = 21 * NS_PER_MIN;
	event.value = 21.0f;
	strcpy(event.detail, "21 min");
	assert_int_equal(store_event(store, id, &event, NULL), 0);
	assert_int_equal(query_events(reader, 0, INT64_MAX / 2, &events, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(events[0].id, event_id);
	assert_string_equal(events[0].detail, "21 min");
	assert_float_equal(events[0].value, 21.0, 0.0);
	assert_true(isnan(events[0].confidence));
	assert_int_equal(events[0].end_real_ns, 1000 * NS_PER_H + 21 * NS_PER_MIN);
	assert_int_equal(events[0].utc_offset_s, 3600);
	free(events);

	event = (struct event){
	    .rule = "short_rest", .advice_id = "rest.enough", .unit = "h", .day = 42};
	assert_int_equal(store_event(store, 0, &event, NULL), 0);
	assert_int_equal(store_event(store, 0, &event, NULL), 0);
	assert_int_equal(store_clear_day_events(store, 42, NULL), 0);
	assert_int_equal(query_events(reader, 0, INT64_MAX / 2, &events, &n, NULL), 0);
	assert_int_equal(n, 1); /* the one of the frames stays */
	free(events);
	store_close(reader, NULL);
	store_close(store, NULL);
	free(path);
}

/* A full disk: said, what was committed stays, and when there is room again all the rest follows. */
static void test_full_disk(void **state)
{
	(void)state;
	char *path = scratch_path("full.db");
	struct store *store = open_or_fail(path, STORE_OWN);
	int id = begin(store, "boot");
	struct rlimit before, small;
	struct error err = {0};
	int minute = 0, rc = 0;

	for (; minute < 60; minute++)
		add_minute(store, id, minute);
	assert_int_equal(store_commit(store, NULL), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){.rlim_cur = 200000, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	for (; minute < 6000 && rc == 0; minute++) {
		add_minute(store, id, minute);
		rc = store_commit(store, &err);
	}
	assert_int_equal(rc, -ENOSPC);
	assert_non_null(strstr(err.text, "disk is full"));
	size_t kept = count_epochs(store);
	assert_int_equal(kept, (size_t)minute - 1);
	add_minute(store, id, minute++);
	assert_int_equal(store_commit(store, NULL), -ENOSPC);
	assert_int_equal(count_epochs(store), kept);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(store_commit(store, NULL), 0);
	assert_int_equal(count_epochs(store), (size_t)minute);
	assert_int_equal(store_close(store, NULL), 0);
	store = open_or_fail(path, STORE_OWN);
	assert_int_equal(count_epochs(store), (size_t)minute);
	store_close(store, NULL);
	free(path);
}

static void fill_replay(const char *path)
{
	struct store *store = open_or_fail(path, STORE_OWN);
	int id = begin(store, "replay:night");
	float cells[8] = {0, 1.5f, 20, 33.3f, 41, 0.25f, 7, 9};
	struct image image = {.surface = &bed, .mono_ns = 5, .cells = cells};
	struct observation observation;

	observation_clear(&observation);
	for (int i = 0; i < 30; i++) {
		add_minute(store, id, i);
		store_tick(store, i * EPOCH_NS, NULL);
	}
	store_keyframe(store, id, "hourly", &image, &observation, NULL);
	store_close(store, NULL);
}

static char *dump(const char *path)
{
	char command[400];
	char *text = calloc(1, 1 << 20);

	snprintf(command, sizeof(command), "sqlite3 '%s' .dump", path);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	size_t n = fread(text, 1, (1 << 20) - 1, pipe);
	assert_int_equal(pclose(pipe), 0);
	assert_true(n > 1000);
	return text;
}

/* Two databases from one recording are the same; so is one into which it was replayed twice. */
static void test_replays_are_alike(void **state)
{
	(void)state;
	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	char *one = scratch_path("one.db"), *two = scratch_path("two.db");
	fill_replay(one);
	fill_replay(two);
	char *dump_one = dump(one), *dump_two = dump(two);
	assert_string_equal(dump_one, dump_two);
	free(dump_two);
	fill_replay(two);
	dump_two = dump(two);
	assert_string_equal(dump_one, dump_two);
	free(dump_one);
	free(dump_two);
	free(one);
	free(two);
}

static void test_keyframe_round_trip(void **state)
{
	(void)state;
	char *path = scratch_path("keyframe.db");
	fill_replay(path);
	struct store *store = open_or_fail(path, STORE_READ);
	struct stored_keyframe *frames = NULL;
	size_t n = 0;
	const float cells[8] = {0, 1.5f, 20, 33.3f, 41, 0.25f, 7, 9};

	assert_int_equal(query_keyframes(store, 0, INT64_MAX / 2, &frames, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(frames[0].n_cells, 8);
	assert_int_equal(frames[0].rows, 4);
	assert_int_equal(frames[0].unit, PRESSURE_RELATIVE);
	assert_string_equal(frames[0].reason, "hourly");
	for (size_t i = 0; i < 8; i++)
		assert_float_equal(frames[0].cells[i], cells[i], 41.0 / 65535);
	query_free_keyframes(frames, n);
	store_close(store, NULL);
	free(path);
}

static void test_bad_rows_are_refused(void **state)
{
	(void)state;
	char *path = scratch_path("rows.db");
	struct store *store = open_or_fail(path, STORE_OWN);
	struct epoch epoch;

	epoch_clear(&epoch, 0);
	assert_int_equal(store_epoch(store, 1, &epoch, NULL), -EINVAL); /* no session */
	int id = begin(store, "boot");
	assert_int_equal(store_epoch(store, id + 1, &epoch, NULL), -EINVAL);
	epoch.observed_s = NAN; /* must not hold up the batch */
	assert_int_equal(store_epoch(store, id, &epoch, NULL), 0);
	assert_int_equal(store_commit(store, NULL), 0);
	store_close(store, NULL);
	free(path);
}

/* Steps run once each, in order; a step that fails leaves the database as it was. */
static void test_migrations(void **state)
{
	(void)state;
	const char *const good[] = {"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"};
	const char *const bad[] = {"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y",
	    "CREATE TABLE b (x); CREATE TABLE b (x)"};
	char name[] = "steps";
	struct store store = {.path = name};
	struct error err = {0};

	assert_int_equal(sqlite3_open(":memory:", &store.db), SQLITE_OK);
	assert_int_equal(migrate_run(&store, good, 1, &err), 0);
	assert_int_equal(database_number(&store, "PRAGMA user_version", -1), 1);
	assert_int_equal(migrate_run(&store, good, 2, &err), 0);
	assert_int_equal(migrate_run(&store, good, 2, &err), 0);
	assert_int_equal(
	    database_number(&store, "SELECT count(*) FROM pragma_table_info('a')", -1), 2);
	assert_true(migrate_run(&store, bad, 3, &err) < 0);
	assert_int_equal(database_number(&store, "PRAGMA user_version", -1), 2);
	assert_int_equal(database_number(&store, "SELECT count(*) FROM sqlite_schema", -1), 1);
	assert_int_equal(
	    database_number(&store, "PRAGMA application_id", -1), STORE_APPLICATION_ID);
	err = (struct error){0};
	assert_int_equal(migrate_run(&store, good, 1, &err), -EPROTO);
	sqlite3_close(store.db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_makes_and_reopens),
	    cmocka_unit_test(test_refuses_newer),
	    cmocka_unit_test(test_refuses_foreign),
	    cmocka_unit_test(test_read_needs_a_file),
	    cmocka_unit_test(test_sets_corrupt_aside),
	    cmocka_unit_test(test_a_large_file_is_checked_after_a_crash),
	    cmocka_unit_test(test_damage_that_is_met_later),
	    cmocka_unit_test(test_a_large_file_is_looked_at),
	    cmocka_unit_test(test_leaves_text_alone),
	    cmocka_unit_test(test_one_owner),
	    cmocka_unit_test(test_read_only),
	    cmocka_unit_test(test_kill_loses_the_batch_only),
	    cmocka_unit_test(test_events_at_once_and_replaced),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_replays_are_alike),
	    cmocka_unit_test(test_keyframe_round_trip),
	    cmocka_unit_test(test_bad_rows_are_refused),
	    cmocka_unit_test(test_migrations),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
