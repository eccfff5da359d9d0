#include "recording/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "recording/chunk.h"

static const char schema[] = {
#include "recording/schema.sql.inc"
};

/* Whoever reads the file with a program of their own may keep it so long. */
#define READER_MOST_MS 60000

/* Chunks that come faster than this are no live recording: then one sync at the end will do. */
#define LIVE_CHUNK_NS (2 * NS_PER_S)

struct recording_writer {
	char *path;
	sqlite3 *db;
	sqlite3_stmt *insert_chunk;
	size_t n_surfaces;
	struct chunk_writer *chunks[RECORDING_SURFACES_MAX];
	size_t n_cells[RECORDING_SURFACES_MAX];
	uint64_t n_frames[RECORDING_SURFACES_MAX];     /* in chunks */
	int64_t last_chunk_ns[RECORDING_SURFACES_MAX]; /* when one was written, by our clock */
	bool synchronous;
	bool failed; /* a chunk was lost: nothing goes behind the hole */
};

/* A file-size limit and a quota are a full disk to whoever has to act on it. */
static bool is_full(sqlite3 *db)
{
	int code = sqlite3_errcode(db) & 0xff, system = 0;

	/* of the file: sqlite3_system_errno() forgets it while what was begun is undone */
	sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &system);
	return code == SQLITE_FULL ||
	       (code == SQLITE_IOERR && (system == ENOSPC || system == EFBIG || system == EDQUOT));
}

static int fault(struct recording_writer *writer, struct error *err)
{
	sqlite3 *db = writer->db;

	if (is_full(db))
		return error_set(err, -ENOSPC,
		    "%s: %s: the disk is full; make room, nothing written so far is lost",
		    writer->path, sqlite3_errmsg(db));
	if (sqlite3_errcode(db) == SQLITE_BUSY)
		return error_set(err, -EBUSY,
		    "%s: another program has kept it busy for %d s; nothing written so far is lost",
		    writer->path, READER_MOST_MS / 1000);
	return error_set(err, sqlite3_errcode(db) == SQLITE_NOMEM ? -ENOMEM : -EIO, "%s: %s",
	    writer->path, sqlite3_errmsg(db));
}

static int run(struct recording_writer *writer, const char *sql, struct error *err)
{
	return sqlite3_exec(writer->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0
	                                                                    : fault(writer, err);
}

/* The statement's one step, and its end. */
static int step_once(struct recording_writer *writer, sqlite3_stmt *statement, struct error *err)
{
	int result = sqlite3_step(statement) == SQLITE_DONE ? 0 : fault(writer, err);

	sqlite3_reset(statement);
	return result;
}

/* An empty file of ours alone: what is there already stays, unless it is to be replaced. */
static int make_file(const char *path, bool replace, struct error *err)
{
	struct place where = {.file = path};

	if (replace && unlink(path) < 0 && errno != ENOENT)
		return error_at(err, -errno, &where, "cannot be replaced: %s", strerror(errno));
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
	if (fd < 0 && errno == EEXIST)
		return error_at(err, -EEXIST, &where,
		    "is there already; name another file, or say that it be replaced");
	if (fd < 0)
		return error_at(err, -errno, &where, "cannot be made: %s", strerror(errno));
	close(fd);
	return 0;
}

static int begin_file(struct recording_writer *writer, const char *notes, struct error *err)
{
	sqlite3_stmt *insert;

	if (sqlite3_open_v2(writer->path, &writer->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
		return fault(writer, err);
	sqlite3_busy_timeout(writer->db, READER_MOST_MS);
	int result = run(writer, "BEGIN", err);
	if (result == 0)
		result = run(writer, schema, err);
	if (result < 0)
		return result;
	if (sqlite3_prepare_v2(writer->db, "INSERT INTO recording VALUES (?)", -1, &insert, NULL))
		return fault(writer, err);
	sqlite3_bind_text(insert, 1, notes ? notes : "", -1, SQLITE_STATIC);
	result = step_once(writer, insert, err);
	sqlite3_finalize(insert);
	return result < 0 ? result : run(writer, "COMMIT", err);
}

static void destroy(struct recording_writer *writer)
{
	if (!writer)
		return;
	for (size_t i = 0; i < writer->n_surfaces; i++)
		chunk_writer_destroy(writer->chunks[i]);
	sqlite3_finalize(writer->insert_chunk);
	sqlite3_close(writer->db);
	free(writer->path);
	free(writer);
}

int recording_create(struct recording_writer **out, const char *path, bool replace,
    const char *notes, struct error *err)
{
	static const char insert[] = "INSERT INTO chunk (surface, start_mono_ns, end_mono_ns, "
	                             "n_frames, encoding, data) VALUES (?, ?, ?, ?, ?, ?)";
	int result = make_file(path, replace, err);

	if (result < 0)
		return result;
	struct recording_writer *writer = calloc(1, sizeof(*writer));
	if (!writer || !(writer->path = strdup(path)))
		result = error_set(err, -ENOMEM, "%s: out of memory", path);
	if (result == 0)
		result = begin_file(writer, notes, err);
	if (result == 0 && sqlite3_prepare_v2(writer->db, insert, -1, &writer->insert_chunk, NULL))
		result = fault(writer, err);
	if (result < 0) {
		destroy(writer);
		unlink(path);
		return result;
	}
	writer->synchronous = true;
	*out = writer;
	return 0;
}

static int insert_surface(
    struct recording_writer *writer, int id, const struct surface *surface, struct error *err)
{
	sqlite3_stmt *insert;

	if (sqlite3_prepare_v2(writer->db,
	        "INSERT INTO surface VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, NULL))
		return fault(writer, err);
	sqlite3_bind_int(insert, 1, id);
	sqlite3_bind_text(insert, 2, surface->name, -1, SQLITE_STATIC);
	sqlite3_bind_text(insert, 3, surface_kind_name(surface->kind), -1, SQLITE_STATIC);
	sqlite3_bind_int64(insert, 4, (sqlite3_int64)surface->rows);
	sqlite3_bind_int64(insert, 5, (sqlite3_int64)surface->cols);
	sqlite3_bind_int64(insert, 6, (sqlite3_int64)surface->n_cells);
	sqlite3_bind_double(insert, 7, (double)surface->pitch_mm);
	sqlite3_bind_int(insert, 8, (int)surface->flip);
	sqlite3_bind_double(insert, 9, (double)surface->full_scale_counts);
	sqlite3_bind_double(insert, 10, (double)surface->rate_hz);
	int result = step_once(writer, insert, err);
	sqlite3_finalize(insert);
	return result;
}

static int insert_places(
    struct recording_writer *writer, int id, const struct surface *surface, struct error *err)
{
	sqlite3_stmt *insert;
	int result = 0;

	if (!surface->places)
		return 0;
	if (sqlite3_prepare_v2(
	        writer->db, "INSERT INTO place VALUES (?, ?, ?, ?, ?)", -1, &insert, NULL))
		return fault(writer, err);
	for (size_t i = 0; result == 0 && i < surface->n_cells; i++) {
		const struct cell_place *place = &surface->places[i];
		sqlite3_bind_int(insert, 1, id);
		sqlite3_bind_int64(insert, 2, (sqlite3_int64)i);
		sqlite3_bind_double(insert, 3, (double)place->x_mm);
		sqlite3_bind_double(insert, 4, (double)place->y_mm);
		sqlite3_bind_text(insert, 5, region_name(place->region), -1, SQLITE_STATIC);
		result = step_once(writer, insert, err);
	}
	sqlite3_finalize(insert);
	return result;
}

int recording_add_surface(
    struct recording_writer *writer, const struct surface *surface, struct error *err)
{
	int id = (int)writer->n_surfaces;

	if (id == RECORDING_SURFACES_MAX)
		return error_set(err, -ENOSPC, "%s: more than %d surfaces", writer->path,
		    RECORDING_SURFACES_MAX);
	if (surface->n_cells < 1 || surface->n_cells > SURFACE_CELLS_MAX)
		return error_set(err, -EINVAL, "%s: %s has %zu cells; 1 to %d can be recorded",
		    writer->path, surface->name, surface->n_cells, SURFACE_CELLS_MAX);
	struct chunk_writer *chunks = chunk_writer_create(surface->n_cells);
	if (!chunks)
		return error_set(err, -ENOMEM, "%s: out of memory", writer->path);
	int result = run(writer, "BEGIN", err);
	if (result == 0)
		result = insert_surface(writer, id, surface, err);
	if (result == 0)
		result = insert_places(writer, id, surface, err);
	if (result == 0)
		result = run(writer, "COMMIT", err);
	if (result < 0) {
		sqlite3_exec(writer->db, "ROLLBACK", NULL, NULL, NULL);
		chunk_writer_destroy(chunks);
		return result;
	}
	writer->chunks[id] = chunks;
	writer->n_cells[id] = surface->n_cells;
	writer->n_surfaces++;
	return id;
}

int recording_set_calibration(
    struct recording_writer *writer, int surface, const char *text, struct error *err)
{
	sqlite3_stmt *insert;

	if (sqlite3_prepare_v2(
	        writer->db, "INSERT OR REPLACE INTO calibration VALUES (?, ?)", -1, &insert, NULL))
		return fault(writer, err);
	sqlite3_bind_int(insert, 1, surface);
	sqlite3_bind_text(insert, 2, text, -1, SQLITE_STATIC);
	int result = step_once(writer, insert, err);
	sqlite3_finalize(insert);
	return result;
}

/*
 * A live recording syncs every chunk, since a mother's plug may be pulled. A simulated or copied
 * night writes thousands of chunks in a minute, and is synced once, when it is closed.
 */
static void choose_synchronous(struct recording_writer *writer, int surface)
{
	int64_t now_ns = clock_mono_ns();
	bool live = now_ns - writer->last_chunk_ns[surface] > LIVE_CHUNK_NS;

	writer->last_chunk_ns[surface] = now_ns;
	if (live == writer->synchronous)
		return;
	writer->synchronous = live;
	sqlite3_exec(writer->db, live ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF",
	    NULL, NULL, NULL);
}

static int failed_before(const struct recording_writer *writer, struct error *err)
{
	return error_set(err, -EIO, "%s: writing has failed before", writer->path);
}

int recording_flush(struct recording_writer *writer, int surface, struct error *err)
{
	sqlite3_stmt *insert = writer->insert_chunk;
	struct chunk chunk;

	if (writer->failed)
		return failed_before(writer, err);
	int result = chunk_writer_take(writer->chunks[surface], &chunk);
	if (result == -ENODATA)
		return 0;
	writer->failed = true;
	if (result < 0)
		return error_set(err, result, "%s: a chunk cannot be compressed", writer->path);
	choose_synchronous(writer, surface);
	sqlite3_bind_int(insert, 1, surface);
	sqlite3_bind_int64(insert, 2, chunk.start_ns);
	sqlite3_bind_int64(insert, 3, chunk.end_ns);
	sqlite3_bind_int64(insert, 4, (sqlite3_int64)chunk.n_frames);
	sqlite3_bind_text(insert, 5, chunk_encoding_name(chunk.encoding), -1, SQLITE_STATIC);
	sqlite3_bind_blob(insert, 6, chunk.data, (int)chunk.size, SQLITE_STATIC);
	result = step_once(writer, insert, err);
	if (result < 0)
		return result;
	writer->failed = false;
	writer->n_frames[surface] += chunk.n_frames;
	return 0;
}

int recording_write(
    struct recording_writer *writer, int surface, const struct frame *frame, struct error *err)
{
	struct chunk_writer *chunks = writer->chunks[surface];
	int result = 0;

	if (writer->failed)
		return failed_before(writer, err);
	if (frame->n_cells != writer->n_cells[surface])
		return error_set(err, -EINVAL, "%s: a frame of %zu cells where the surface has %zu",
		    writer->path, frame->n_cells, writer->n_cells[surface]);
	if (chunk_writer_is_full_for(chunks, frame))
		result = recording_flush(writer, surface, err);
	chunk_writer_add(chunks, frame);
	return result;
}

static int sync_file(const struct recording_writer *writer, struct error *err)
{
	int fd = open(writer->path, O_RDONLY | O_CLOEXEC);
	int code = fd < 0 || fsync(fd) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return code == 0
	           ? 0
	           : error_set(err, code, "%s: not synced: %s", writer->path, strerror(-code));
}

/* All rows at once: the recording is closed, or it is not. */
static int write_ending(struct recording_writer *writer, struct error *err)
{
	sqlite3_stmt *insert;

	if (sqlite3_prepare_v2(writer->db, "INSERT INTO ending VALUES (?, ?)", -1, &insert, NULL))
		return fault(writer, err);
	int result = run(writer, "BEGIN", err);
	for (size_t i = 0; result == 0 && i < writer->n_surfaces; i++) {
		sqlite3_bind_int(insert, 1, (int)i);
		sqlite3_bind_int64(insert, 2, (sqlite3_int64)writer->n_frames[i]);
		result = step_once(writer, insert, err);
	}
	sqlite3_finalize(insert);
	return result < 0 ? result : run(writer, "COMMIT", err);
}

int recording_close_writer(struct recording_writer *writer, struct error *err)
{
	int result = 0;

	if (!writer)
		return 0;
	for (size_t i = 0; result == 0 && i < writer->n_surfaces; i++)
		result = recording_flush(writer, (int)i, err);
	if (result == 0)
		result = write_ending(writer, err);
	if (result == 0 && !writer->synchronous)
		result = sync_file(writer, err);
	destroy(writer);
	return result;
}
