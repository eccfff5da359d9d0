#include "recording/reader.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recording/header.h"

int reader_fault(struct recording_reader *reader, struct error *err)
{
	int code = -EIO;

	switch (sqlite3_errcode(reader->db)) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		code = -EBADMSG;
		break;
	case SQLITE_NOMEM:
		code = -ENOMEM;
		break;
	case SQLITE_READONLY: /* nothing is written but what undoes half a chunk */
	case SQLITE_CANTOPEN:
		return error_set(err, -EROFS,
		    "%s: was cut off in the middle of writing, and its folder cannot be written: "
		    "copy it, with the file %s-journal, to one that can",
		    reader->path, reader->path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		code = -EBUSY;
		break;
	default:
		break;
	}
	return error_set(err, code, "%s: %s", reader->path, sqlite3_errmsg(reader->db));
}

const char *reader_text(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);

	return text ? text : "";
}

static int foreign(const struct recording_reader *reader, struct error *err)
{
	return error_set(err, -EINVAL, "%s: not a recording of this project", reader->path);
}

static int prepare(
    struct recording_reader *reader, const char *sql, sqlite3_stmt **statement, struct error *err)
{
	return sqlite3_prepare_v2(reader->db, sql, -1, statement, NULL) == SQLITE_OK
	           ? 0
	           : reader_fault(reader, err);
}

static int check_header(const struct recording_reader *reader, struct error *err)
{
	uint32_t version;
	int result = recording_read_header(reader->path, &version);

	if (result == -EINVAL)
		return foreign(reader, err);
	if (result < 0)
		return error_set(
		    err, result, "%s: cannot be read: %s", reader->path, strerror(-result));
	if (version > RECORDING_VERSION)
		return error_set(err, -EINVAL,
		    "%s: a recording of version %u; this program reads up to %d: update it",
		    reader->path, version, RECORDING_VERSION);
	return 0;
}

/* ---- surfaces ------------------------------------------------------------------------- */

static bool is_plausible(const struct surface *surface)
{
	const float rate_least_hz = 1e-3F,
	            rate_most_hz = 1e4F; /* as drivers have it, and to spare */
	size_t n = surface->n_cells;

	return n >= 1 && n <= SURFACE_CELLS_MAX && surface->rows <= n && surface->cols <= n &&
	       (surface->rows == 0 || surface->rows * surface->cols == n) &&
	       isfinite(surface->pitch_mm) && surface->pitch_mm > 0 &&
	       isfinite(surface->full_scale_counts) && surface->full_scale_counts > 0 &&
	       surface->rate_hz >= rate_least_hz && surface->rate_hz <= rate_most_hz;
}

static int read_surface(struct surface *surface, sqlite3_stmt *row)
{
	int flip = sqlite3_column_int(row, 6);

	snprintf(surface->name, sizeof(surface->name), "%s", reader_text(row, 0));
	if (surface_kind_parse(reader_text(row, 1), &surface->kind) < 0)
		return -EINVAL;
	surface->rows = (size_t)sqlite3_column_int64(row, 2);
	surface->cols = (size_t)sqlite3_column_int64(row, 3);
	surface->n_cells = (size_t)sqlite3_column_int64(row, 4);
	surface->pitch_mm = (float)sqlite3_column_double(row, 5);
	surface->flip = (enum flip)flip;
	surface->full_scale_counts = (float)sqlite3_column_double(row, 7);
	surface->rate_hz = (float)sqlite3_column_double(row, 8);
	return flip >= FLIP_NONE && flip <= FLIP_BOTH && is_plausible(surface) ? 0 : -EINVAL;
}

static int read_places(
    struct recording_reader *reader, struct track *track, int id, struct error *err)
{
	sqlite3_stmt *select;
	size_t n = 0;

	if (track->surface.rows > 0)
		return 0;
	track->places = calloc(track->surface.n_cells, sizeof(*track->places));
	if (!track->places)
		return error_set(err, -ENOMEM, "%s: out of memory", reader->path);
	int result = prepare(reader,
	    "SELECT x_mm, y_mm, region FROM place WHERE surface = ? ORDER BY cell", &select, err);
	if (result < 0)
		return result;
	sqlite3_bind_int(select, 1, id);
	while (sqlite3_step(select) == SQLITE_ROW && n < track->surface.n_cells) {
		struct cell_place *place = &track->places[n++];
		place->x_mm = (float)sqlite3_column_double(select, 0);
		place->y_mm = (float)sqlite3_column_double(select, 1);
		if (region_parse(reader_text(select, 2), &place->region) < 0)
			n = SIZE_MAX;
	}
	sqlite3_finalize(select);
	track->surface.places = track->places;
	if (n != track->surface.n_cells)
		return error_set(err, -EINVAL, "%s: surface %s lacks the places of its cells",
		    reader->path, track->surface.name);
	return 0;
}

/* Recordings made before there were any have no such table. */
static int read_calibration(
    struct recording_reader *reader, struct track *track, int id, struct error *err)
{
	sqlite3_stmt *select;

	if (sqlite3_prepare_v2(reader->db, "SELECT text FROM calibration WHERE surface = ?", -1,
	        &select, NULL) != SQLITE_OK)
		return 0;
	sqlite3_bind_int(select, 1, id);
	int step = sqlite3_step(select);
	if (step == SQLITE_ROW)
		track->calibration = strdup(reader_text(select, 0));
	int result = step == SQLITE_DONE || track->calibration ? 0
	             : step == SQLITE_ROW
	                 ? error_set(err, -ENOMEM, "%s: out of memory", reader->path)
	                 : reader_fault(reader, err);
	sqlite3_finalize(select);
	return result;
}

static int open_track(
    struct recording_reader *reader, struct track *track, sqlite3_stmt *row, struct error *err)
{
	int id = sqlite3_column_int(row, 9);

	if (read_surface(&track->surface, row) < 0)
		return error_set(err, -EINVAL, "%s: surface %d makes no sense", reader->path, id);
	track->chunks = chunk_reader_create(track->surface.n_cells);
	if (!track->chunks)
		return error_set(err, -ENOMEM, "%s: out of memory", reader->path);
	int result = read_places(reader, track, id, err);
	if (result == 0)
		result = read_calibration(reader, track, id, err);
	if (result < 0)
		return result;
	result = walk_begin(&track->walk, reader->db, id,
	    "SELECT id, start_mono_ns, end_mono_ns, n_frames, encoding, data FROM chunk"
	    " WHERE id > ? AND surface = ? ORDER BY id");
	return result < 0 ? reader_fault(reader, err) : 0;
}

static int open_tracks(struct recording_reader *reader, struct error *err)
{
	sqlite3_stmt *select;
	int step, result = prepare(reader,
	              "SELECT name, kind, rows, cols, n_cells, pitch_mm, flip, full_scale_counts,"
	              " rate_hz, id FROM surface ORDER BY id",
	              &select, err);

	while (result == 0 && (step = sqlite3_step(select)) != SQLITE_DONE) {
		if (step != SQLITE_ROW)
			result = reader_fault(reader, err);
		else if (reader->n_tracks == RECORDING_SURFACES_MAX)
			result = error_set(err, -EINVAL, "%s: more than %d surfaces", reader->path,
			    RECORDING_SURFACES_MAX);
		else
			result = open_track(
			    reader, &reader->tracks[reader->n_tracks++], select, err);
	}
	sqlite3_finalize(select);
	return result;
}

/* ---- opening -------------------------------------------------------------------------- */

/* Counts frames as far as the file can be read; recording_next() will say what is damaged. */
static int read_extent(struct recording_reader *reader, struct error *err)
{
	struct walk walk;
	int result = walk_begin(&walk, reader->db, 0,
	    "SELECT id, start_mono_ns, end_mono_ns, n_frames FROM chunk"
	    " WHERE id > ? AND ? = 0 ORDER BY id");

	while (result >= 0 && (result = walk_step(&walk)) > 0) {
		int64_t start_ns = sqlite3_column_int64(walk.select, 1);
		int64_t end_ns = sqlite3_column_int64(walk.select, 2);
		int64_t n_frames = sqlite3_column_int64(walk.select, 3);
		if (n_frames < 1 || n_frames > CHUNK_FRAMES_MAX || end_ns < start_ns)
			continue; /* half a page was lost, say */
		if (reader->n_frames == 0 || start_ns < reader->start_ns)
			reader->start_ns = start_ns;
		if (reader->n_frames == 0 || end_ns > reader->end_ns)
			reader->end_ns = end_ns;
		reader->n_frames += (uint64_t)n_frames;
	}
	if (result < 0)
		reader_fault(reader, err);
	walk_end(&walk);
	return result;
}

static void read_ending(struct recording_reader *reader)
{
	sqlite3_stmt *select;

	reader->ending = RECORDING_NO_WORD;
	if (sqlite3_prepare_v2(
	        reader->db, "SELECT surface, n_frames FROM ending", -1, &select, NULL) != SQLITE_OK)
		return;
	int step;
	reader->ending = RECORDING_CUT_OFF;
	while ((step = sqlite3_step(select)) == SQLITE_ROW) {
		sqlite3_int64 surface = sqlite3_column_int64(select, 0);
		reader->ending = RECORDING_CLOSED;
		if (surface >= 0 && (size_t)surface < reader->n_tracks)
			reader->tracks[surface].n_written = (uint64_t)sqlite3_column_int64(
			    select, 1);
	}
	if (step != SQLITE_DONE)
		reader->ending = RECORDING_NO_WORD;
	sqlite3_finalize(select);
}

static int read_notes(struct recording_reader *reader, struct error *err)
{
	sqlite3_stmt *select;
	int result = prepare(reader, "SELECT notes FROM recording", &select, err);

	if (result == 0) {
		bool there = sqlite3_step(select) == SQLITE_ROW;
		reader->notes = strdup(there ? reader_text(select, 0) : "");
		if (!reader->notes)
			result = error_set(err, -ENOMEM, "%s: out of memory", reader->path);
	}
	sqlite3_finalize(select);
	return result;
}

/*
 * A file that was cut short is refused by SQLite as a whole, although its first pages are good;
 * writable_schema lets them be read. Nothing is ever written here.
 */
static int open_database(struct recording_reader *reader, struct error *err)
{
	if (sqlite3_open_v2(reader->path, &reader->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return reader_fault(reader, err);
	sqlite3_busy_timeout(reader->db, 2000);
	sqlite3_exec(reader->db, "PRAGMA query_only = ON", NULL, NULL, NULL);
	sqlite3_exec(reader->db, "PRAGMA writable_schema = ON", NULL, NULL, NULL);
	return 0;
}

int recording_open(struct recording_reader **out, const char *path, struct error *err)
{
	struct recording_reader *reader = calloc(1, sizeof(*reader));
	int result;

	if (!reader || !(reader->path = strdup(path))) {
		recording_close_reader(reader);
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	}
	result = check_header(reader, err);
	if (result == 0)
		result = open_database(reader, err);
	if (result == 0)
		result = read_notes(reader, err);
	if (result == 0)
		result = open_tracks(reader, err);
	if (result == 0)
		result = read_extent(reader, err);
	if (result < 0) {
		recording_close_reader(reader);
		return result;
	}
	read_ending(reader);
	*out = reader;
	return 0;
}

void recording_close_reader(struct recording_reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->n_tracks; i++) {
		walk_end(&reader->tracks[i].walk);
		chunk_reader_destroy(reader->tracks[i].chunks);
		free(reader->tracks[i].places);
		free(reader->tracks[i].calibration);
	}
	sqlite3_close(reader->db);
	free(reader->notes);
	free(reader->path);
	free(reader);
}
