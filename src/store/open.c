/*
 * Opening, once inspect.c has let the file in: is all of it whole, and is it of our version? What is
 * damaged is set aside.
 */
#include "store/inspect.h"
#include "store/migrate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define BUSY_TIMEOUT_MS 5000

/*
 * A file up to this size is looked through at each opening, which takes an SD card of 20 MB/s some
 * 0.2 s; a larger one only when it was not closed or damage was met in it.
 */
#define CHECK_ALWAYS_BYTES (4 << 20)

/* Letters that mean something in a URI are written as %XX. */
static char *immutable_uri(const char *path)
{
	size_t size = 3 * strlen(path) + sizeof("file:?immutable=1"), n = 5;
	char *uri = malloc(size);

	if (!uri)
		return NULL;
	memcpy(uri, "file:", n);
	for (; *path; path++)
		n += (size_t)snprintf(
		    uri + n, size - n, strchr("?#%", *path) ? "%%%02X" : "%c", *path);
	snprintf(uri + n, size - n, "?immutable=1");
	return uri;
}

/*
 * Reading a database that nobody has open, in a folder that is not ours to write: SQLite cannot
 * make the index of the write-ahead log there. Without a log the file alone is the whole truth.
 */
static int open_immutable(struct store *store, struct error *err)
{
	if (inspect_is_logged(store->path))
		return database_fault(store, "reading", err);
	sqlite3_close(store->db);
	store->db = NULL;
	char *uri = immutable_uri(store->path);
	if (!uri)
		return error_set(err, -ENOMEM, "%s: out of memory", store->path);
	int rc = sqlite3_open_v2(uri, &store->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL);
	free(uri);
	if (rc != SQLITE_OK ||
	    sqlite3_exec(store->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) != SQLITE_OK)
		return database_fault(store, "reading", err);
	return 0;
}

static int open_file(struct store *store, struct error *err)
{
	/*
	 * Readers too, if they may: the last one to close can then tidy the log away. SQLite falls
	 * back to reading by itself; that readers write nothing is query_only's business.
	 */
	int flags = SQLITE_OPEN_READWRITE | (store->mode == STORE_READ ? 0 : SQLITE_OPEN_CREATE);

	if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
		return database_fault(store, "opening", err);
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS);
	/* Until we know that it is ours, closing must not fold the log into it. */
	sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (store->mode != STORE_READ && sqlite3_db_readonly(store->db, "main") == 1)
		return error_set(err, -EROFS,
		    "%s: it cannot be written; look at its owner and mode", store->path);
	if (sqlite3_exec(store->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	int code = sqlite3_errcode(store->db) & 0xff;
	if (store->mode == STORE_READ && (code == SQLITE_CANTOPEN || code == SQLITE_READONLY))
		return open_immutable(store, err);
	return database_fault(store, "reading", err);
}

static int check_row(struct store *store, const char *sql, struct error *err)
{
	sqlite3_stmt *row = database_prepare(store, sql, err);
	int step = row ? sqlite3_step(row) : SQLITE_ERROR;
	int rc = step == SQLITE_ROW || step == SQLITE_DONE ? 0
	                                                   : database_fault(store, "checking", err);

	sqlite3_finalize(row);
	return rc;
}

/* The first and the newest row of a table: its root, and the pages that were written last. */
static int check_table(struct store *store, const char *name, bool has_rowid, struct error *err)
{
	/* without a rowid the first column opens the key */
	char *first = sqlite3_mprintf("SELECT * FROM \"%w\" LIMIT 1", name);
	char *last = sqlite3_mprintf(
	    "SELECT * FROM \"%w\" ORDER BY %s DESC LIMIT 1", name, has_rowid ? "rowid" : "1");
	int rc = first && last ? check_row(store, first, err) : -ENOMEM;

	if (rc == 0)
		rc = check_row(store, last, err);
	sqlite3_free(first);
	sqlite3_free(last);
	return rc;
}

static int check_tables(struct store *store, struct error *err)
{
	sqlite3_stmt *names = database_prepare(store,
	    "SELECT name, sql NOT LIKE '%WITHOUT ROWID%' FROM sqlite_schema WHERE type = 'table'",
	    err);
	int rc = names ? 0 : err->code, step = SQLITE_DONE;

	while (rc == 0 && (step = sqlite3_step(names)) == SQLITE_ROW)
		rc = check_table(store, (const char *)sqlite3_column_text(names, 0),
		    sqlite3_column_int(names, 1) != 0, err);
	if (rc == 0 && step != SQLITE_DONE)
		rc = database_fault(store, "checking", err);
	sqlite3_finalize(names);
	return rc;
}

static int check_every_page(struct store *store, struct error *err)
{
	sqlite3_stmt *check = database_prepare(store, "PRAGMA quick_check(1)", err);

	if (!check)
		return err->code;
	int rc = 0;
	if (sqlite3_step(check) != SQLITE_ROW)
		rc = database_fault(store, "checking", err);
	else if (strcmp((const char *)sqlite3_column_text(check, 0), "ok") != 0)
		rc = error_set(err, -EUCLEAN, "%s: damaged: %s", store->path,
		    (const char *)sqlite3_column_text(check, 0));
	sqlite3_finalize(check);
	return rc;
}

/*
 * What the owner looks at before it writes. The whole of a large file takes minutes of a slow card,
 * so it is read only when there is reason to: then damage is found now, not in a month.
 */
static int check_whole(struct store *store, struct error *err)
{
	struct stat file = {0};
	bool small = stat(store->path, &file) == 0 && file.st_size <= CHECK_ALWAYS_BYTES;
	int rc = check_tables(store, err);

	return rc == 0 && (small || store->abandoned) ? check_every_page(store, err) : rc;
}

static int check_version(struct store *store, struct error *err)
{
	int version = (int)database_number(store, "PRAGMA user_version", 0);

	if (version == migrate_n_steps)
		return 0;
	return error_set(err, -EPROTO, "%s: its schema is version %d, this program reads %d: %s",
	    store->path, version, migrate_n_steps,
	    version < migrate_n_steps ? "start lumbard once, it brings it up to date"
	                              : "use a newer Lumbar");
}

/*
 * The schema comes before the write-ahead log: so the file itself, not only its log, says from the
 * first moment on whose it is.
 */
static int set_up(struct store *store, struct error *err)
{
	int rc = 0;

	if (store->mode == STORE_READ) {
		rc = check_version(store, err);
		if (rc == 0)
			rc = database_run(store, "PRAGMA query_only = ON", "setting up", err);
	} else {
		if (store->mode == STORE_OWN)
			rc = check_whole(store, err);
		if (rc == 0)
			rc = migrate_run(store, migrate_steps, migrate_n_steps, err);
		if (rc == 0)
			rc = database_run(store,
			    "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
			    "PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY",
			    "setting up", err);
		if (rc == 0)
			rc = store_prepare(store, err);
	}
	if (rc == 0)
		sqlite3_db_config(store->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
	return rc;
}

static int open_whole(struct store *store, struct error *err)
{
	int rc = inspect_file(store->path, store->mode, err);

	/* A log that stayed is as good a sign; it must be looked for before SQLite makes one. */
	store->abandoned = store->abandoned || inspect_is_logged(store->path);
	if (rc == 0)
		rc = open_file(store, err);
	if (rc == 0)
		rc = set_up(store, err);
	return rc;
}

static void close_file(struct store *store)
{
	for (int i = 0; i < STORE_STATEMENT_COUNT; i++) {
		sqlite3_finalize(store->statements[i]);
		store->statements[i] = NULL;
	}
	for (int i = 0; i < STORE_MOVE_COUNT; i++) {
		sqlite3_finalize(store->moves[i]);
		store->moves[i] = NULL;
	}
	sqlite3_close(store->db);
	store->db = NULL;
}

static void discard(struct store *store)
{
	close_file(store);
	lock_release(store->path, store->lock_fd, store->damaged);
	free(store->cells);
	free(store->path);
	free(store);
}

int store_open(struct store **out, const char *path, enum store_mode mode, struct error *err)
{
	struct error ignored = {0};
	struct store *store = calloc(1, sizeof(*store));
	int rc = 0;

	if (!err)
		err = &ignored;
	*out = NULL;
	if (!store)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	if (!path[0]) { /* SQLite would take it, and forget everything at the end */
		free(store);
		return error_set(err, -EINVAL, "the database has no name; give a file");
	}
	store->lock_fd = -1;
	store->mode = mode;
	store->path = strdup(path);
	store->cells = malloc(2 * SURFACE_CELLS_MAX);
	if (!store->path || !store->cells) {
		discard(store);
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	}
	if (mode == STORE_OWN)
		rc = lock_take(path, &store->lock_fd, &store->abandoned, err);
	if (rc == 0)
		rc = open_whole(store, err);
	if (rc == -EUCLEAN && mode == STORE_OWN) {
		close_file(store);
		*err = (struct error){0};
		rc = inspect_set_aside(path, err);
		store->damaged = store->abandoned = false; /* the new one is not */
		if (rc == 0)
			rc = open_whole(store, err);
	}
	if (rc != 0) {
		discard(store);
		return rc;
	}
	*out = store;
	return 0;
}

int store_close(struct store *store, struct error *err)
{
	if (!store)
		return 0;
	int rc = store->mode == STORE_READ ? 0 : store_commit(store, err);
	discard(store);
	return rc;
}
