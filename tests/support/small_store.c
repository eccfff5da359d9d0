#include "small_store.h"

#include "support.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/query.h"

const struct surface small_bed = {
    .name = "bed", .kind = SURFACE_BED, .rows = 4, .cols = 2, .n_cells = 8, .pitch_mm = 100.0f};

struct store *small_store_open(const char *path, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err = {0};

	if (store_open(&store, path, mode, &err) != 0)
		fail_msg("%s", err.text);
	return store;
}

int small_store_begin(struct store *store, const char *boot_id)
{
	assert_int_equal(store_begin_session(store, boot_id, "test", 0, NULL), 0);
	int id = store_add_surface(store, &small_bed, NULL);
	assert_true(id > 0);
	assert_int_equal(store_anchor(store, 0, 1000 * NS_PER_H, 3600, true, NULL), 0);
	return id;
}

void small_store_minute(struct store *store, int surface, int minute)
{
	struct epoch epoch;

	epoch_clear(&epoch, minute * EPOCH_NS);
	epoch.observed_s = epoch.person_s = 60.0f;
	assert_int_equal(store_epoch(store, surface, &epoch, NULL), 0);
}

size_t small_store_epochs(struct store *store)
{
	struct stored_epoch *epochs = NULL;
	size_t n = 0;

	assert_int_equal(query_epochs(store, 0, INT64_MAX / 2, &epochs, &n, NULL), 0);
	free(epochs);
	return n;
}

bool small_store_has(const char *path, const char *suffix)
{
	char name[300];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return access(name, F_OK) == 0;
}

void small_store_sql(const char *path, const char *text)
{
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

char *file_bytes(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = calloc(1, 1 << 20);

	assert_non_null(file);
	*size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

void assert_file_is(const char *path, char *bytes, size_t size)
{
	size_t now;
	char *there = file_bytes(path, &now);

	assert_int_equal(now, size);
	assert_memory_equal(there, bytes, size);
	free(there);
	free(bytes);
}
