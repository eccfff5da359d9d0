#include "store/database.h"

#include <errno.h>

/* What the system said of the last fault, also when it befell the write-ahead log. */
static int system_errno(sqlite3 *db)
{
	int number = sqlite3_system_errno(db);
	sqlite3_file *log = NULL;

	if (number == 0 &&
	    sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log) == SQLITE_OK &&
	    log && log->pMethods && log->pMethods->xFileControl)
		log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
	return number;
}

static int errno_of(sqlite3 *db)
{
	int system = system_errno(db);

	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_IOERR:
		/* A file-size limit and a quota are a full disk to whoever has to act on it. */
		if (system == ENOSPC || system == EFBIG || system == EDQUOT)
			return -ENOSPC;
		return -EIO;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return system > 0 ? -system : -EACCES;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_CONSTRAINT:
	case SQLITE_RANGE:
	case SQLITE_TOOBIG:
		return -EINVAL;
	default:
		return -EIO;
	}
}

static const char *what_to_do(int code)
{
	switch (code) {
	case -ENOSPC:
		return ": the disk is full; make room, nothing written so far is lost";
	case -EROFS:
	case -EACCES:
		return ": it cannot be written; look at its owner and mode";
	case -EUCLEAN:
		return ": the database is damaged; start lumbard anew, it sets it aside";
	default:
		return "";
	}
}

int database_fault(struct store *store, const char *doing, struct error *err)
{
	int code = store->db ? errno_of(store->db) : -ENOMEM;

	store->damaged = store->damaged || code == -EUCLEAN;
	return error_set(err, code, "%s: %s: %s%s", store->path, doing,
	    store->db ? sqlite3_errmsg(store->db) : "out of memory", what_to_do(code));
}

int database_run(struct store *store, const char *sql, const char *doing, struct error *err)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return database_fault(store, doing, err);
}

sqlite3_stmt *database_prepare(struct store *store, const char *sql, struct error *err)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		database_fault(store, "preparing a statement", err);
	return statement;
}

int64_t database_number(struct store *store, const char *sql, int64_t fallback)
{
	sqlite3_stmt *statement = database_prepare(store, sql, NULL);
	int64_t number = fallback;

	if (statement && sqlite3_step(statement) == SQLITE_ROW &&
	    sqlite3_column_type(statement, 0) != SQLITE_NULL)
		number = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return number;
}
