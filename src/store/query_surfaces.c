/* Reading back what the mats are: surfaces, where their cells lie, and their calibrations. */
#include "store/query.h"

#include "core/names.h"
#include "store/database.h"
#include "store/reading.h"

static char read_grade(sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);

	return text ? (char)text[0] : '\0';
}

static bool read_surface(sqlite3_stmt *row, void *item)
{
	struct stored_surface *surface = item;

	surface->id = sqlite3_column_int(row, 0);
	reading_text(row, 1, surface->name, sizeof(surface->name));
	surface_kind_parse((const char *)sqlite3_column_text(row, 2), &surface->kind);
	surface->rows = (size_t)sqlite3_column_int64(row, 3);
	surface->cols = (size_t)sqlite3_column_int64(row, 4);
	surface->pitch_mm = reading_float(row, 5);
	surface->unit = reading_unit(row, 6);
	surface->calibrated_real_ns = sqlite3_column_int64(row, 7);
	surface->calibration_quality_ratio = reading_float(row, 8);
	surface->grade = read_grade(row, 9);
	reading_text(row, 10, surface->reasons, sizeof(surface->reasons));
	surface->drift_ratio = reading_float(row, 11);
	surface->age_limit_s = (double)reading_float(row, 12);
	sense_parse((const char *)sqlite3_column_text(row, 13), &surface->sense);
	return true;
}

int query_surfaces(struct store *store, struct stored_surface **out, size_t *n, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(store,
	    "SELECT s.id, s.name, s.kind, s.n_rows, s.n_cols, s.pitch_mm, "
	    "ifnull(c.unit, 'relative'), ifnull(c.made_real_ns, 0), c.quality_ratio, "
	    "c.grade, c.reasons, c.drift_ratio, c.age_limit_s, s.sense "
	    "FROM surface s LEFT JOIN calibration c ON c.surface_id = s.id AND c.session_id = "
	    "(SELECT max(session_id) FROM calibration WHERE surface_id = s.id) ORDER BY s.id",
	    err);

	return reading_items(store, statement, read_surface, sizeof(**out), (void **)out, n, err);
}

static bool read_made(sqlite3_stmt *row, void *item)
{
	struct stored_calibration *made = item;

	made->made_real_ns = sqlite3_column_int64(row, 0);
	made->grade = read_grade(row, 1);
	made->quality_ratio = reading_float(row, 2);
	made->n_dead = sqlite3_column_int(row, 3);
	reading_text(row, 4, made->reasons, sizeof(made->reasons));
	return true;
}

int query_calibrations(struct store *store, const char *surface, struct stored_calibration **out,
    size_t *n, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(store,
	    "SELECT made_real_ns, grade, quality_ratio, n_dead, reasons FROM calibration_made "
	    "WHERE surface = ? ORDER BY id DESC",
	    err);

	if (statement)
		sqlite3_bind_text(statement, 1, surface, -1, SQLITE_TRANSIENT);
	return reading_items(store, statement, read_made, sizeof(**out), (void **)out, n, err);
}

static bool read_place(sqlite3_stmt *row, void *item)
{
	struct cell_place *place = item;

	place->x_mm = reading_float(row, 0);
	place->y_mm = reading_float(row, 1);
	region_parse((const char *)sqlite3_column_text(row, 2), &place->region);
	return true;
}

int query_places(
    struct store *store, int surface_id, struct cell_place **out, size_t *n, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(
	    store, "SELECT x_mm, y_mm, region FROM place WHERE surface_id = ? ORDER BY cell", err);

	if (statement)
		sqlite3_bind_int(statement, 1, surface_id);
	return reading_items(store, statement, read_place, sizeof(**out), (void **)out, n, err);
}
