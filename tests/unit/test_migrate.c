/* A database of an older version is brought up to date wholly, or stays as it was. */
#include "store/migrate.h"
#include "support.h"

#include <stdlib.h>

static void nothing_is_half_done(void **state)
{
	(void)state;
	const char *const steps[] = {"CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y",
	    "CREATE TABLE b (x); CREATE TABLE b (x)"};
	char *path = scratch_path("half.db");
	struct store store = {.path = path};
	struct error err = {0};

	assert_int_equal(sqlite3_open(path, &store.db), SQLITE_OK);
	assert_true(migrate_run(&store, steps, 3, &err) < 0);
	assert_int_equal(database_number(&store, "PRAGMA user_version", -1), 0);
	assert_int_equal(database_number(&store, "SELECT count(*) FROM sqlite_schema", -1), 0);
	assert_int_equal(migrate_run(&store, steps, 2, &err), 0);
	assert_true(migrate_run(&store, steps, 3, &err) < 0);
	assert_int_equal(database_number(&store, "PRAGMA user_version", -1), 2);
	sqlite3_close(store.db);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_half_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
