/* What the files of this room share: the open database and how SQLite's faults are said. */
#ifndef LUMBAR_STORE_DATABASE_H
#define LUMBAR_STORE_DATABASE_H

#include "store/store.h"

#include <sqlite3.h>

#define STORE_APPLICATION_ID 0x4c6d6272 /* "Lmbr" */

/* The statements that write, prepared once; their texts stand in queue.c in this order. */
enum store_statement {
	WRITE_SESSION,
	WRITE_SURFACE,
	FIND_SURFACE,
	WRITE_PLACE,
	QUEUE_ANCHOR,
	QUEUE_EPOCH,
	QUEUE_KEYFRAME,
	QUEUE_EVENT,
	QUEUE_MAT,
	WRITE_CALIBRATION,
	WRITE_CALIBRATION_MADE,
	WRITE_PAIN,
	WRITE_NOTE,
	STORE_STATEMENT_COUNT,
};

#define STORE_MOVE_COUNT 12 /* the statements of one batch */

struct store {
	sqlite3 *db;
	char *path;
	enum store_mode mode;
	int lock_fd;    /* STORE_OWN: held while the store is open, else -1 */
	bool abandoned; /* the owner before did not close it: killed, or the power failed */
	bool damaged;   /* met while it was open: the next owner looks through the whole file */
	int64_t session_id;
	int64_t batch_ns;     /* mono of the first tick since rows are waiting */
	bool waiting;         /* rows stand in the queues */
	bool batch_dated;     /* batch_ns is set */
	int last_surface;     /* the greatest surface id of this session */
	unsigned char *cells; /* scratch of store_keyframe: SURFACE_CELLS_MAX 16-bit numbers */
	sqlite3_stmt *statements[STORE_STATEMENT_COUNT];
	sqlite3_stmt *moves[STORE_MOVE_COUNT];
};

/* Says what SQLite refused, "PATH: doing: why", and returns the -errno that it stands for. */
int database_fault(struct store *store, const char *doing, struct error *err);

/* Runs statements that return nothing. 0 or -errno. */
int database_run(struct store *store, const char *sql, const char *doing, struct error *err);

/* NULL with err filled. The caller finalises. */
sqlite3_stmt *database_prepare(struct store *store, const char *sql, struct error *err);

/* The first column of a statement's first row; fallback when there is none or it is NULL. */
int64_t database_number(struct store *store, const char *sql, int64_t fallback);

/*
 * An anchor a that knew the date by the clock c that dates its session: then its offset from UTC is
 * that of the place. One of a clock that was never set may not even know whether it is summer.
 */
#define DATABASE_ANCHOR_AGREES "abs(a.real_ns - a.mono_ns - c.offset_ns) < 86400000000000"

/*
 * The offset of the place is that of the last anchor before the row, of the first one for rows that
 * came before any: a session that runs into summer time keeps its winter rows at winter time. Rows of
 * no clock count as real time 0.
 */
#define DATABASE_ROW_OFFSET(table, column)                                                         \
	"coalesce((SELECT a.utc_offset_s FROM anchor a WHERE a.session_id = " table ".session_id " \
	"AND a.mono_ns <= " table "." column " AND " DATABASE_ANCHOR_AGREES                        \
	" ORDER BY a.mono_ns DESC LIMIT 1), "                                                      \
	"(SELECT a.utc_offset_s FROM anchor a WHERE a.session_id = " table ".session_id "          \
	"AND " DATABASE_ANCHOR_AGREES " ORDER BY a.mono_ns LIMIT 1), 0)"

/* Prepares what store.c writes with, and its queues. */
int store_prepare(struct store *store, struct error *err);

/*
 * The lock file PATH.lock: who owns the database. 0, -EBUSY naming the owner, or -errno.
 * abandoned: the file was there, though nobody held it, so the owner before did not release it.
 */
int lock_take(const char *path, int *lock_fd, bool *abandoned, struct error *err);
/* keep: the file stays, and the next owner finds the database abandoned. */
void lock_release(const char *path, int lock_fd, bool keep);

#endif
