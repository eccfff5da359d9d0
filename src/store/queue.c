/*
 * Writing. Rows wait in TEMP tables (in memory) and go to the file together, so that a batch costs
 * one short transaction, the file is locked for milliseconds only, and a full disk loses nothing:
 * what could not be written waits for the next commit.
 */
#include "store/queue.h"

#include "base/clock.h"
#include "store/rows.h"

#include <stdio.h>
#include <string.h>

#define BATCH_NS (30 * NS_PER_S)

static const char queues_sql[] =
    "CREATE TEMP TABLE anchor_queue AS SELECT * FROM anchor LIMIT 0;"
    "CREATE TEMP TABLE epoch_queue AS SELECT * FROM epoch LIMIT 0;"
    "CREATE TEMP TABLE keyframe_queue AS SELECT * FROM keyframe LIMIT 0;"
    "CREATE TEMP TABLE event_queue AS SELECT * FROM event LIMIT 0;"
    "CREATE TEMP TABLE mat_queue AS SELECT * FROM mat LIMIT 0;";

/* In the order of enum store_statement. %s: as many parameters as an epoch has columns. */
static const char *const texts[STORE_STATEMENT_COUNT] = {
    [WRITE_SESSION] = "INSERT INTO session (boot_id, version, start_ns) VALUES (?, ?, ?) "
                      "ON CONFLICT DO UPDATE SET version = excluded.version RETURNING id",
    [WRITE_SURFACE] = "INSERT INTO surface (name, kind, n_rows, n_cols, n_cells, pitch_mm, "
                      "sense) VALUES (?, ?, ?, ?, ?, ?, ?) "
                      "ON CONFLICT DO UPDATE SET sense = excluded.sense",
    [FIND_SURFACE] = "SELECT id FROM surface WHERE name = ? AND kind = ? AND n_rows = ? AND "
                     "n_cols = ? AND n_cells = ? AND pitch_mm = ?",
    [WRITE_PLACE] = "INSERT OR REPLACE INTO place VALUES (?, ?, ?, ?, ?)",
    [QUEUE_ANCHOR] = "INSERT INTO temp.anchor_queue VALUES (?, ?, ?, ?, ?)",
    [QUEUE_EPOCH] = "INSERT INTO temp.epoch_queue VALUES (?, ?, ?%s)",
    [QUEUE_KEYFRAME] = "INSERT INTO temp.keyframe_queue "
                       "VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [QUEUE_EVENT] = "INSERT INTO temp.event_queue "
                    "VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [QUEUE_MAT] = "INSERT INTO temp.mat_queue VALUES (?, ?, ?, ?, ?, ?)",
    [WRITE_CALIBRATION] = "INSERT OR REPLACE INTO calibration "
                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    [WRITE_CALIBRATION_MADE] = "INSERT INTO calibration_made (surface, made_real_ns, grade, "
                               "quality_ratio, n_dead, reasons) VALUES (?, ?, ?, ?, ?, ?)",
    [WRITE_PAIN] = "INSERT OR REPLACE INTO pain VALUES (?, ?, ?)",
    [WRITE_NOTE] = "INSERT OR REPLACE INTO note VALUES (?, ?, ?)",
};

/* Keys decide what replaces what; ids stay with the row they were given to. */
static const char move_keyframes[] =
    "INSERT INTO keyframe SELECT * FROM temp.keyframe_queue WHERE true "
    "ON CONFLICT (session_id, surface_id, mono_ns) DO UPDATE SET reason = excluded.reason";
static const char move_events[] =
    "INSERT INTO event SELECT * FROM temp.event_queue WHERE true "
    "ON CONFLICT (session_id, ifnull(surface_id, 0), rule, start_ns, day) DO UPDATE SET "
    "advice_id = excluded.advice_id, level = excluded.level, end_ns = excluded.end_ns, "
    "value = excluded.value, \"limit\" = excluded.\"limit\", unit = excluded.unit, "
    "coverage_ratio = excluded.coverage_ratio, confidence = excluded.confidence, "
    "frame_ns = excluded.frame_ns, detail = excluded.detail, phrase = excluded.phrase";
static const char *const moves[] = {
    "BEGIN IMMEDIATE",
    "INSERT OR REPLACE INTO anchor SELECT * FROM temp.anchor_queue",
    "INSERT OR REPLACE INTO epoch SELECT * FROM temp.epoch_queue",
    move_keyframes,
    move_events,
    "INSERT OR REPLACE INTO mat SELECT * FROM temp.mat_queue",
    "DELETE FROM temp.anchor_queue",
    "DELETE FROM temp.epoch_queue",
    "DELETE FROM temp.keyframe_queue",
    "DELETE FROM temp.event_queue",
    "DELETE FROM temp.mat_queue",
    "COMMIT",
};
_Static_assert(sizeof(moves) / sizeof(moves[0]) == STORE_MOVE_COUNT, "a statement for each move");

static int prepare(struct store *store, const char *text, sqlite3_stmt **out, struct error *err)
{
	if (sqlite3_prepare_v3(store->db, text, -1, SQLITE_PREPARE_PERSISTENT, out, NULL) ==
	    SQLITE_OK)
		return 0;
	return database_fault(store, "preparing a statement", err);
}

int store_prepare(struct store *store, struct error *err)
{
	char epoch_parameters[3 * 64] = "";
	char text[512];
	int rc = database_run(store, queues_sql, "setting up", err);

	for (int i = 0; i < rows_n_columns; i++)
		strcat(epoch_parameters, ", ?");
	for (int i = 0; i < STORE_STATEMENT_COUNT && rc == 0; i++) {
		const char *percent = strstr(texts[i], "%s");
		if (percent)
			snprintf(text, sizeof(text), "%.*s%s%s", (int)(percent - texts[i]),
			    texts[i], epoch_parameters, percent + 2);
		rc = prepare(store, percent ? text : texts[i], &store->statements[i], err);
	}
	for (int i = 0; i < STORE_MOVE_COUNT && rc == 0; i++)
		rc = prepare(store, moves[i], &store->moves[i], err);
	return rc;
}

int queue_finish(
    struct store *store, sqlite3_stmt *statement, const char *doing, int64_t *id, struct error *err)
{
	int rc = sqlite3_step(statement);

	if (rc == SQLITE_ROW) {
		if (id)
			*id = sqlite3_column_int64(statement, 0);
		rc = sqlite3_step(statement);
	}
	int result = rc == SQLITE_DONE ? 0 : database_fault(store, doing, err);
	sqlite3_reset(statement);
	sqlite3_clear_bindings(statement);
	return result;
}

void queue_roll_back(struct store *store)
{
	if (!sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

int queue_wait(struct store *store, sqlite3_stmt *statement, const char *doing, struct error *err)
{
	store->waiting = true;
	return queue_finish(store, statement, doing, NULL, err);
}

int store_tick(struct store *store, int64_t mono_ns, struct error *err)
{
	if (!store->waiting)
		return 0;
	if (!store->batch_dated) {
		store->batch_dated = true;
		store->batch_ns = mono_ns;
	}
	return mono_ns - store->batch_ns >= BATCH_NS ? store_commit(store, err) : 0;
}

int store_commit(struct store *store, struct error *err)
{
	if (!store->waiting)
		return 0;
	store->batch_dated = false; /* after a failure the next try is a batch's time away */
	int rc = 0;
	for (int i = 0; i < STORE_MOVE_COUNT && rc == 0; i++)
		rc = queue_finish(store, store->moves[i], "writing", NULL, err);
	if (rc == 0)
		store->waiting = false;
	else
		queue_roll_back(store);
	return rc;
}
