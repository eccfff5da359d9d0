#include "exported.h"

#include "night_fixture.h"
#include "support.h"

#include <sqlite3.h>
#include <stdlib.h>

struct range exported_range(struct store **store, int32_t from, int32_t to, int64_t now_ns)
{
	char *path = fixture_designed_path();
	struct range range;
	struct error err = {0};

	if (store_open(store, path, STORE_READ, &err) != 0)
		fail_msg("%s", err.text);
	if (range_read(&range, *store, from, to, now_ns, &err) != 0)
		fail_msg("%s", err.text);
	free(path);
	return range;
}

void exported_end(struct range *range, struct store *store)
{
	range_finish(range);
	store_close(store, NULL);
}

double exported_number(const char *sql)
{
	char *path = fixture_designed_path();
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	double value = sqlite3_column_double(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	free(path);
	return value;
}
