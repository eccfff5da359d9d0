/* Reading rows back. A row is dated by its session's clock (the view `clock` of schema.sql). */
#include "store/query.h"

#include "base/clock.h"
#include "core/names.h"
#include "store/database.h"
#include "store/noon.h"
#include "store/reading.h"
#include "store/rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static sqlite3_stmt *prepare_range(
    struct store *store, const char *sql, int64_t from_ns, int64_t to_ns, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(store, sql, err);

	if (statement) {
		sqlite3_bind_int64(statement, 1, from_ns);
		sqlite3_bind_int64(statement, 2, to_ns);
	}
	return statement;
}

/* ---- epochs ------------------------------------------------------------------------------- */

static bool read_epoch(sqlite3_stmt *row, void *item)
{
	struct stored_epoch *epoch = item;

	epoch->surface_id = sqlite3_column_int(row, 0);
	epoch->real_ns = sqlite3_column_int64(row, 1);
	epoch->utc_offset_s = sqlite3_column_int(row, 2);
	epoch->synchronised = sqlite3_column_int(row, 3) != 0;
	epoch->unit = reading_unit(row, 4);
	epoch->epoch.start_ns = sqlite3_column_int64(row, 5);
	rows_read_epoch(row, 6, &epoch->epoch);
	return true;
}

#define ROW_UNIT                                                                                   \
	"(SELECT k.unit FROM calibration k WHERE k.session_id = epoch.session_id "                 \
	"AND k.surface_id = epoch.surface_id)"

/* clang-format off */
static const char epochs_sql[] =
    "SELECT epoch.surface_id, epoch.start_ns + c.offset_ns AS real_ns, "
    DATABASE_ROW_OFFSET("epoch", "start_ns") ", c.synchronised, " ROW_UNIT ", epoch.start_ns%s "
    "FROM clock c CROSS JOIN epoch USING (session_id) "
    "WHERE epoch.start_ns >= ?1 - c.offset_ns AND epoch.start_ns < ?2 - c.offset_ns "
    "UNION ALL "
    "SELECT epoch.surface_id, 0, 0, 0, " ROW_UNIT ", epoch.start_ns%s FROM epoch "
    "WHERE ?1 <= 0 AND epoch.session_id NOT IN (SELECT session_id FROM anchor) "
    "ORDER BY 2, 1";
/* clang-format on */

int query_epochs(struct store *store, int64_t from_ns, int64_t to_ns, struct stored_epoch **out,
    size_t *n, struct error *err)
{
	char *sql = sqlite3_mprintf(epochs_sql, rows_columns, rows_columns);

	if (!sql)
		return error_set(err, -ENOMEM, "%s: out of memory", store->path);
	sqlite3_stmt *statement = prepare_range(store, sql, from_ns, to_ns, err);
	sqlite3_free(sql);
	return reading_items(store, statement, read_epoch, sizeof(**out), (void **)out, n, err);
}

/* ---- events ------------------------------------------------------------------------------- */

static enum event_level read_level(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	for (int level = EVENT_TECHNICAL; level <= EVENT_ADVICE; level++)
		if (text && strcmp(text, event_level_name((enum event_level)level)) == 0)
			return (enum event_level)level;
	return EVENT_TECHNICAL;
}

static bool read_event(sqlite3_stmt *row, void *item)
{
	struct stored_event *event = item;

	event->id = sqlite3_column_int64(row, 0);
	event->surface_id = sqlite3_column_int(row, 1);
	event->start_real_ns = sqlite3_column_int64(row, 2);
	event->end_real_ns = sqlite3_column_int64(row, 3);
	event->utc_offset_s = sqlite3_column_int(row, 4);
	event->day = sqlite3_column_int(row, 5);
	event->level = read_level(row, 6);
	reading_text(row, 7, event->rule, sizeof(event->rule));
	reading_text(row, 8, event->advice_id, sizeof(event->advice_id));
	reading_text(row, 9, event->unit, sizeof(event->unit));
	reading_text(row, 10, event->detail, sizeof(event->detail));
	event->value = (double)reading_float(row, 11);
	event->limit = (double)reading_float(row, 12);
	event->coverage_ratio = (double)reading_float(row, 13);
	event->confidence = (double)reading_float(row, 14);
	event->keyframe_id = sqlite3_column_int64(row, 15);
	reading_text(row, 16, event->phrase, sizeof(event->phrase));
	event->end_offset_s = sqlite3_column_int(row, 17);
	return true;
}

/* clang-format off */
static const char events_sql[] =
    "SELECT e.id, ifnull(e.surface_id, 0), "
    "iif(e.start_ns = 0 AND e.day != 0, 0, ifnull(e.start_ns + c.offset_ns, 0)) AS first, "
    "iif(e.end_ns = 0 AND e.day != 0, 0, ifnull(e.end_ns + c.offset_ns, 0)) AS last, "
    DATABASE_ROW_OFFSET("e", "start_ns") ", e.day, e.level, e.rule, e.advice_id, e.unit, e.detail, "
    "e.value, e.\"limit\", e.coverage_ratio, e.confidence, "
    "ifnull((SELECT k.id FROM keyframe k WHERE k.session_id = e.session_id AND "
    "k.surface_id = e.surface_id AND k.mono_ns = e.frame_ns AND e.frame_ns != 0), 0), e.phrase, "
    DATABASE_ROW_OFFSET("e", "end_ns") " "
    "FROM event e LEFT JOIN clock c USING (session_id) WHERE iif(e.day != 0, "
    "e.day BETWEEN ?3 AND ?4, first < ?2 AND (last >= ?1 OR first >= ?1)) "
    "ORDER BY e.day != 0, first, e.id";
/* clang-format on */

int query_events(struct store *store, int64_t from_ns, int64_t to_ns, struct stored_event **out,
    size_t *n, struct error *err)
{
	int32_t first_day = 0, last_day = 0;
	int rc = noon_night_of(store, from_ns, &first_day, err);

	if (rc == 0)
		rc = noon_night_of(store, to_ns - 1, &last_day, err);
	*out = NULL;
	*n = 0;
	if (rc != 0)
		return rc;
	sqlite3_stmt *statement = prepare_range(store, events_sql, from_ns, to_ns, err);
	if (statement) {
		sqlite3_bind_int(statement, 3, first_day);
		sqlite3_bind_int(statement, 4, last_day);
	}
	return reading_items(store, statement, read_event, sizeof(**out), (void **)out, n, err);
}

/* ---- notes -------------------------------------------------------------------------------- */

static bool read_note(sqlite3_stmt *row, void *item)
{
	struct stored_note *note = item;

	note->day = sqlite3_column_int(row, 0);
	reading_text(row, 1, note->text, sizeof(note->text));
	return true;
}

int query_notes(struct store *store, int32_t from, int32_t to, struct stored_note **out, size_t *n,
    struct error *err)
{
	sqlite3_stmt *statement = database_prepare(
	    store, "SELECT day, text FROM note WHERE day BETWEEN ? AND ? ORDER BY day", err);

	if (statement) {
		sqlite3_bind_int(statement, 1, from);
		sqlite3_bind_int(statement, 2, to);
	}
	return reading_items(store, statement, read_note, sizeof(**out), (void **)out, n, err);
}

/* ---- key frames --------------------------------------------------------------------------- */

static bool unpack_cells(sqlite3_stmt *row, struct stored_keyframe *frame)
{
	const unsigned char *bytes = sqlite3_column_blob(row, 13);
	size_t n_bytes = (size_t)sqlite3_column_bytes(row, 13);
	double scale = sqlite3_column_double(row, 12);

	frame->n_cells = n_bytes / 2;
	frame->cells = malloc(frame->n_cells * sizeof(*frame->cells) + 1);
	if (!frame->cells)
		return false;
	for (size_t i = 0; i < frame->n_cells; i++) {
		unsigned number = bytes[2 * i] | (unsigned)bytes[2 * i + 1] << 8;
		frame->cells[i] = (float)(scale * number);
	}
	if (frame->rows * frame->cols != frame->n_cells)
		frame->rows = frame->cols = 0;
	return true;
}

static bool read_keyframe(sqlite3_stmt *row, void *item)
{
	struct stored_keyframe *frame = item;

	frame->id = sqlite3_column_int64(row, 0);
	frame->surface_id = sqlite3_column_int(row, 1);
	frame->real_ns = sqlite3_column_int64(row, 2);
	frame->utc_offset_s = sqlite3_column_int(row, 3);
	reading_text(row, 4, frame->reason, sizeof(frame->reason));
	frame->rows = (size_t)sqlite3_column_int64(row, 5);
	frame->cols = (size_t)sqlite3_column_int64(row, 6);
	frame->unit = reading_unit(row, 7);
	posture_parse((const char *)sqlite3_column_text(row, 8), &frame->posture);
	seat_state_parse((const char *)sqlite3_column_text(row, 9), &frame->seat);
	frame->centre_x_ratio = reading_float(row, 10);
	frame->centre_y_ratio = reading_float(row, 11);
	return unpack_cells(row, frame);
}

/* clang-format off */
static const char keyframes_sql[] =
    "SELECT k.id, k.surface_id, k.mono_ns + c.offset_ns AS real_ns, "
    DATABASE_ROW_OFFSET("k", "mono_ns") ", k.reason, s.n_rows, s.n_cols, k.unit, k.posture, k.seat, "
    "k.centre_x_ratio, k.centre_y_ratio, k.scale, k.cells "
    "FROM clock c JOIN keyframe k USING (session_id) JOIN surface s ON s.id = k.surface_id "
    "WHERE k.mono_ns >= ?1 - c.offset_ns AND k.mono_ns < ?2 - c.offset_ns "
    "ORDER BY real_ns, k.id";
/* clang-format on */

int query_keyframes(struct store *store, int64_t from_ns, int64_t to_ns,
    struct stored_keyframe **out, size_t *n, struct error *err)
{
	struct reading rows = {.size = sizeof(struct stored_keyframe)};
	sqlite3_stmt *statement = prepare_range(store, keyframes_sql, from_ns, to_ns, err);
	int rc = reading_all(store, statement, read_keyframe, &rows, err);

	if (rc != 0)
		for (size_t i = 0; i < rows.n; i++)
			free(((struct stored_keyframe *)rows.items)[i].cells);
	return reading_hand_over(&rows, rc, (void **)out, n);
}

void query_free_keyframes(struct stored_keyframe *frames, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(frames[i].cells);
	free(frames);
}
