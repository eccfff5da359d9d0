/* Opening: whose file it is, who may write it, and whether it is of our version. */
#include "small_store.h"
#include "support.h"

#include "store/migrate.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Opens path in every mode, wants rc and words in the error, and not a byte changed. */
static void assert_refused(const char *path, int rc, const char *words)
{
	size_t n_before;
	char *before = file_bytes(path, &n_before);

	for (enum store_mode mode = STORE_READ; mode <= STORE_OWN; mode++) {
		struct store *store = NULL;
		struct error err = {0};
		assert_int_equal(store_open(&store, path, mode, &err), rc);
		assert_null(store);
		assert_non_null(strstr(err.text, words));
		assert_non_null(strstr(err.text, path));
	}
	assert_file_is(path, before, n_before);
}

static void test_refuses_newer(void **state)
{
	(void)state;
	char *path = scratch_path("newer.db");
	store_close(small_store_open(path, STORE_OWN), NULL);
	small_store_sql(path, "PRAGMA user_version = 99");
	assert_refused(path, -EPROTO, "version 99");
	free(path);
}

static void test_refuses_foreign(void **state)
{
	(void)state;
	char *path = scratch_path("foreign.db");
	small_store_sql(path,
	    "PRAGMA journal_mode = WAL; CREATE TABLE bookmark (url); PRAGMA application_id = 7");
	assert_refused(path, -EMEDIUMTYPE, "another program");
	assert_false(small_store_has(path, ".corrupt-1"));
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
	assert_false(small_store_has(path, ""));
	assert_int_equal(store_open(&store, "/nowhere/at/all.db", STORE_OWN, &err), -ENOENT);
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
		assert_refused(path, -EMEDIUMTYPE, "not a database");
		assert_false(small_store_has(path, ".corrupt-1"));
		assert_file_is(path, strdup(text), strlen(text));
		free(path);
		text[sizeof(line) - 1] = '\0'; /* and a short one */
	}
}

static void test_one_owner(void **state)
{
	(void)state;
	char *path = scratch_path("owned.db");
	struct store *first = small_store_open(path, STORE_OWN);
	struct store *second = NULL;
	struct error err = {0};
	char pid[32];

	assert_int_equal(store_open(&second, path, STORE_OWN, &err), -EBUSY);
	snprintf(pid, sizeof(pid), "process %d", (int)getpid());
	assert_non_null(strstr(err.text, pid));
	small_store_begin(first, "boot"); /* a batch under way does not keep the others out */
	second = small_store_open(path, STORE_APPEND);
	assert_int_equal(store_pain(second, 20000, 3, 5, NULL), 0);
	assert_int_equal(store_pain(second, 20000, 11, 5, NULL), -ERANGE);
	store_close(second, NULL);
	store_close(first, NULL);
	store_close(small_store_open(path, STORE_OWN), NULL);
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
		_exit(small_store_epochs(store) == 1 ? 0 : 6);
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
	struct store *store = small_store_open(path, STORE_OWN);
	small_store_minute(store, small_store_begin(store, "boot"), 0);
	store_close(store, NULL);
	size_t n_before;
	char *before = file_bytes(path, &n_before);
	chmod(path, 0444);
	chmod(folder, 0555);
	char *scratch = scratch_path("");
	chmod(scratch, 0755);
	fflush(NULL);
	assert_int_equal(read_as_nobody(path), 0);
	chmod(folder, 0755);
	assert_file_is(path, before, n_before);
	free(scratch);
	free(path);
	free(folder);
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
	    cmocka_unit_test(test_refuses_newer),
	    cmocka_unit_test(test_refuses_foreign),
	    cmocka_unit_test(test_read_needs_a_file),
	    cmocka_unit_test(test_leaves_text_alone),
	    cmocka_unit_test(test_one_owner),
	    cmocka_unit_test(test_read_only),
	    cmocka_unit_test(test_migrations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
