/* What is written: sessions, surfaces, rows that wait for a batch, entries that do not. */
#include "store/store.h"

#include "store/queue.h"
#include "store/rows.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	sqlite3_bind_text(statement, index, text ? text : "", -1, SQLITE_TRANSIENT);
}

/* A row of no session, or of a surface that was never added, is the caller's bug. */
static int check_owner(const struct store *store, int surface_id, struct error *err)
{
	if (store->session_id > 0 && surface_id >= 0 && surface_id <= store->last_surface)
		return 0;
	return error_set(err, -EINVAL, "%s: a row of surface %d, which no session has added",
	    store->path, surface_id);
}

/* What an earlier replay of the same recording said goes, so that only this one's words remain. */
static char *clearing_sql(int64_t session_id, const char *surface)
{
	char *of = surface ? sqlite3_mprintf("session_id = %lld AND surface_id IN (SELECT id FROM "
	                                     "surface WHERE name = %Q)",
	                         (long long)session_id, surface)
	                   : sqlite3_mprintf("session_id = %lld", (long long)session_id);
	char *sql = of ? sqlite3_mprintf("BEGIN IMMEDIATE;"
	                                 "DELETE FROM anchor WHERE session_id = %lld AND %d;"
	                                 "DELETE FROM epoch WHERE %s;"
	                                 "DELETE FROM keyframe WHERE %s;"
	                                 "DELETE FROM event WHERE %s;"
	                                 "DELETE FROM mat WHERE %s;"
	                                 "COMMIT",
	                     (long long)session_id, surface == NULL, of, of, of, of)
	               : NULL;

	sqlite3_free(of);
	return sql;
}

static int clear_session(struct store *store, const char *surface, struct error *err)
{
	char *sql = clearing_sql(store->session_id, surface);

	if (!sql)
		return error_set(err, -ENOMEM, "%s: out of memory", store->path);
	int rc = database_run(store, sql, "beginning a session", err);
	sqlite3_free(sql);
	if (rc != 0)
		queue_roll_back(store);
	return rc;
}

int store_begin_surface_session(struct store *store, const char *boot_id, const char *version,
    int64_t mono_ns, const char *surface, struct error *err)
{
	sqlite3_stmt *statement = store->statements[WRITE_SESSION];
	int rc = store_commit(store, err);

	if (rc != 0)
		return rc;
	bind_text(statement, 1, boot_id);
	bind_text(statement, 2, version);
	sqlite3_bind_int64(statement, 3, mono_ns);
	rc = queue_finish(store, statement, "beginning a session", &store->session_id, err);
	return rc != 0 ? rc : clear_session(store, surface, err);
}

int store_begin_session(struct store *store, const char *boot_id, const char *version,
    int64_t mono_ns, struct error *err)
{
	return store_begin_surface_session(store, boot_id, version, mono_ns, NULL, err);
}

static void bind_surface(sqlite3_stmt *statement, const struct surface *surface)
{
	bind_text(statement, 1, surface->name);
	bind_text(statement, 2, surface_kind_name(surface->kind));
	sqlite3_bind_int64(statement, 3, (int64_t)surface->rows);
	sqlite3_bind_int64(statement, 4, (int64_t)surface->cols);
	sqlite3_bind_int64(statement, 5, (int64_t)surface->n_cells);
	sqlite3_bind_double(statement, 6, surface->pitch_mm);
}

static int write_places(
    struct store *store, int64_t id, const struct surface *surface, struct error *err)
{
	sqlite3_stmt *statement = store->statements[WRITE_PLACE];
	int rc = 0;

	for (size_t i = 0; surface->places && i < surface->n_cells && rc == 0; i++) {
		sqlite3_bind_int64(statement, 1, id);
		sqlite3_bind_int64(statement, 2, (int64_t)i);
		sqlite3_bind_double(statement, 3, surface->places[i].x_mm);
		sqlite3_bind_double(statement, 4, surface->places[i].y_mm);
		bind_text(statement, 5, region_name(surface->places[i].region));
		rc = queue_finish(store, statement, "adding a surface", NULL, err);
	}
	return rc;
}

int store_add_surface(struct store *store, const struct surface *surface, struct error *err)
{
	int64_t id = 0;

	bind_surface(store->statements[WRITE_SURFACE], surface);
	bind_text(store->statements[WRITE_SURFACE], 7, sense_name(surface_sense(surface)));
	int rc = queue_finish(
	    store, store->statements[WRITE_SURFACE], "adding a surface", NULL, err);
	if (rc == 0) {
		bind_surface(store->statements[FIND_SURFACE], surface);
		rc = queue_finish(
		    store, store->statements[FIND_SURFACE], "adding a surface", &id, err);
	}
	if (rc == 0)
		rc = write_places(store, id, surface, err);
	if (rc != 0)
		return rc;
	if ((int)id > store->last_surface)
		store->last_surface = (int)id;
	return (int)id;
}

int store_anchor(struct store *store, int64_t mono_ns, int64_t real_ns, int32_t utc_offset_s,
    bool synchronised, struct error *err)
{
	sqlite3_stmt *statement = store->statements[QUEUE_ANCHOR];
	int rc = check_owner(store, 0, err);

	if (rc != 0)
		return rc;
	sqlite3_bind_int64(statement, 1, store->session_id);
	sqlite3_bind_int64(statement, 2, mono_ns);
	sqlite3_bind_int64(statement, 3, real_ns);
	sqlite3_bind_int(statement, 4, utc_offset_s);
	sqlite3_bind_int(statement, 5, synchronised);
	return queue_wait(store, statement, "writing an anchor", err);
}

int store_epoch(struct store *store, int surface_id, const struct epoch *epoch, struct error *err)
{
	sqlite3_stmt *statement = store->statements[QUEUE_EPOCH];
	int rc = check_owner(store, surface_id, err);

	if (rc != 0)
		return rc;
	sqlite3_bind_int64(statement, 1, store->session_id);
	sqlite3_bind_int64(statement, 2, epoch->start_ns);
	sqlite3_bind_int(statement, 3, surface_id);
	rows_bind_epoch(statement, 4, epoch);
	return queue_wait(store, statement, "writing an epoch", err);
}

static void bind_surface_or_person(sqlite3_stmt *statement, int index, int surface_id)
{
	if (surface_id > 0)
		sqlite3_bind_int(statement, index, surface_id);
	else
		sqlite3_bind_null(statement, index);
}

int store_event(struct store *store, int surface_id, const struct event *event, struct error *err)
{
	sqlite3_stmt *statement = store->statements[QUEUE_EVENT];
	int rc = check_owner(store, surface_id, err);

	if (rc != 0)
		return rc;
	sqlite3_bind_int64(statement, 1, store->session_id);
	bind_surface_or_person(statement, 2, surface_id);
	bind_text(statement, 3, event->rule);
	bind_text(statement, 4, event->advice_id);
	bind_text(statement, 5, event_level_name(event->level));
	sqlite3_bind_int64(statement, 6, event->start_ns);
	sqlite3_bind_int64(statement, 7, event->end_ns);
	sqlite3_bind_double(statement, 8, event->value);
	sqlite3_bind_double(statement, 9, event->limit);
	bind_text(statement, 10, event->unit);
	sqlite3_bind_double(statement, 11, event->coverage_ratio);
	sqlite3_bind_double(statement, 12, event->confidence);
	sqlite3_bind_int64(statement, 13, event->frame_ns);
	sqlite3_bind_int(statement, 14, event->day);
	bind_text(statement, 15, event->detail);
	bind_text(statement, 16, event->phrase.text);
	rc = queue_wait(store, statement, "writing an event", err);
	return rc != 0 ? rc : store_commit(store, err);
}

/* Fills store->cells, little-endian whatever the machine; returns what one step stands for. */
static double pack_cells(struct store *store, const struct image *image)
{
	float greatest = 0.0f;

	for (size_t i = 0; i < image->surface->n_cells; i++)
		greatest = fmaxf(greatest, image->cells[i]);
	double scale = (double)greatest / UINT16_MAX;
	for (size_t i = 0; i < image->surface->n_cells; i++) {
		double steps = scale > 0.0 ? (double)image->cells[i] / scale : 0.0;
		unsigned number = steps > 0.0 ? (unsigned)lround(steps) : 0;

		store->cells[2 * i] = (unsigned char)(number & 0xff);
		store->cells[2 * i + 1] = (unsigned char)(number >> 8);
	}
	return scale;
}

int store_keyframe(struct store *store, int surface_id, const char *reason,
    const struct image *image, const struct observation *observation, struct error *err)
{
	sqlite3_stmt *statement = store->statements[QUEUE_KEYFRAME];
	size_t n_cells = image->surface->n_cells;
	int rc = check_owner(store, surface_id, err);

	if (rc != 0 || n_cells > SURFACE_CELLS_MAX)
		return rc != 0 ? rc : error_set(err, -EINVAL, "a key frame of %zu cells", n_cells);
	sqlite3_bind_int64(statement, 1, store->session_id);
	sqlite3_bind_int(statement, 2, surface_id);
	sqlite3_bind_int64(statement, 3, image->mono_ns);
	bind_text(statement, 4, reason);
	bind_text(statement, 5, pressure_unit_name(image->unit));
	bind_text(statement, 6, posture_name(observation->posture));
	bind_text(statement, 7, seat_state_name(observation->seat));
	sqlite3_bind_double(statement, 8, observation->centre_x_ratio);
	sqlite3_bind_double(statement, 9, observation->centre_y_ratio);
	sqlite3_bind_double(statement, 10, pack_cells(store, image));
	sqlite3_bind_blob(statement, 11, store->cells, (int)(2 * n_cells), SQLITE_STATIC);
	return queue_wait(store, statement, "writing a key frame", err);
}

static void bind_grade(sqlite3_stmt *statement, int index, const struct calibration *calibration)
{
	char grade[2] = {calibration ? calibration->grade : '\0', '\0'};

	bind_text(statement, index, grade);
}

int store_calibration(struct store *store, int surface_id, const struct calibration *calibration,
    float drift_ratio, double age_limit_s, struct error *err)
{
	sqlite3_stmt *statement = store->statements[WRITE_CALIBRATION];
	int rc = check_owner(store, surface_id, err);

	if (rc != 0)
		return rc;
	sqlite3_bind_int64(statement, 1, store->session_id);
	sqlite3_bind_int(statement, 2, surface_id);
	bind_text(statement, 3, pressure_unit_name(calibration->unit));
	sqlite3_bind_int64(statement, 4, calibration->made_real_ns);
	sqlite3_bind_double(statement, 5, calibration->quality_ratio);
	bind_text(statement, 6, calibration->note);
	sqlite3_bind_int64(statement, 7, (int64_t)calibration_dead_cells(calibration));
	bind_grade(statement, 8, calibration);
	bind_text(statement, 9, calibration->reasons);
	sqlite3_bind_double(statement, 10, drift_ratio);
	sqlite3_bind_double(statement, 11, age_limit_s);
	return queue_finish(store, statement, "writing a calibration", NULL, err);
}

int store_mat(struct store *store, int surface_id, int64_t mono_ns,
    const struct calibration *calibration, struct error *err)
{
	sqlite3_stmt *statement = store->statements[QUEUE_MAT];
	int rc = check_owner(store, surface_id, err);

	if (rc != 0)
		return rc;
	sqlite3_bind_int64(statement, 1, store->session_id);
	sqlite3_bind_int64(statement, 2, mono_ns);
	sqlite3_bind_int(statement, 3, surface_id);
	bind_text(statement, 4, calibration->mat);
	bind_text(statement, 5, pressure_unit_name(calibration->unit));
	sqlite3_bind_int64(statement, 6, calibration->made_real_ns);
	return queue_wait(store, statement, "writing which mat lies there", err);
}

int store_calibration_made(struct store *store, const char *surface, int64_t real_ns,
    const struct calibration *calibration, const char *reasons, struct error *err)
{
	sqlite3_stmt *statement = store->statements[WRITE_CALIBRATION_MADE];

	bind_text(statement, 1, surface);
	sqlite3_bind_int64(statement, 2, real_ns);
	bind_grade(statement, 3, calibration);
	if (calibration) {
		sqlite3_bind_double(statement, 4, calibration->quality_ratio);
		sqlite3_bind_int64(statement, 5, (int64_t)calibration_dead_cells(calibration));
	}
	bind_text(statement, 6, reasons);
	return queue_finish(store, statement, "writing that a mat was calibrated", NULL, err);
}

int store_clear_day_events(struct store *store, int32_t day, struct error *err)
{
	char sql[192];

	if (day == 0)
		return 0; /* 0 is "not of a day": those are the events of frames */
	snprintf(sql, sizeof(sql),
	    "DELETE FROM event WHERE day = %d; DELETE FROM temp.event_queue WHERE day = %d; "
	    "DELETE FROM judged WHERE day = %d",
	    day, day, day);
	return database_run(store, sql, "replacing a night's findings", err);
}

int store_pain(struct store *store, int32_t day, int level, int64_t real_ns, struct error *err)
{
	sqlite3_stmt *statement = store->statements[WRITE_PAIN];

	if (level < 0 || level > 10)
		return error_set(err, -ERANGE, "pain %d: give a number from 0 to 10", level);
	sqlite3_bind_int(statement, 1, day);
	sqlite3_bind_int(statement, 2, level);
	sqlite3_bind_int64(statement, 3, real_ns);
	return queue_finish(store, statement, "writing a pain entry", NULL, err);
}

int store_note(
    struct store *store, int32_t day, const char *text, int64_t real_ns, struct error *err)
{
	sqlite3_stmt *statement = store->statements[WRITE_NOTE];
	char sql[64];

	if (strlen(text) >= NOTE_SIZE)
		return error_set(err, -ERANGE, "a note of %zu bytes: give at most %d", strlen(text),
		    NOTE_SIZE - 1);
	if (!*text) {
		snprintf(sql, sizeof(sql), "DELETE FROM note WHERE day = %d", day);
		return database_run(store, sql, "taking a note back", err);
	}
	sqlite3_bind_int(statement, 1, day);
	bind_text(statement, 2, text);
	sqlite3_bind_int64(statement, 3, real_ns);
	return queue_finish(store, statement, "writing a note", NULL, err);
}
