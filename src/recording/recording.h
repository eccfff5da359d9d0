/*
 * Recordings: frames kept. The project's own file is one SQLite database of delta-coded,
 * zstd-compressed chunks, readable by a page of any language (docs/recording.md); frames text
 * (one frame a line, tab or comma separated counts) is read too.
 */
#ifndef LUMBAR_RECORDING_RECORDING_H
#define LUMBAR_RECORDING_RECORDING_H

#include "base/error.h"
#include "core/frame.h"
#include "core/surface.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORDING_SURFACES_MAX 8

/* ---- writing -------------------------------------------------------------------------- */

struct recording_writer;

/*
 * Makes path (it must not exist: -EEXIST, unless replace). Nothing of a crash is lost but the
 * last chunk (10 s). Free layouts are stored with their places. notes: free text, may be NULL.
 */
int recording_create(struct recording_writer **writer, const char *path, bool replace,
    const char *notes, struct error *err);

/* Adds a surface; returns its index 0.., or -errno. Before its first frame. */
int recording_add_surface(
    struct recording_writer *writer, const struct surface *surface, struct error *err);

/* The text of the surface's calibration file (calib/calib.h), kept as it is. 0 or -errno. */
int recording_set_calibration(
    struct recording_writer *writer, int surface, const char *text, struct error *err);

/*
 * Counts are stored as integers when they all are, else as floats. 0; -ENOSPC: the disk is full, or
 * the file as large as it may be; -EIO, -ENOMEM. What was written before stays readable.
 */
int recording_write(
    struct recording_writer *writer, int surface, const struct frame *frame, struct error *err);

/* Writes what waits for the chunk to be full: of a surface that has gone silent. As above. */
int recording_flush(struct recording_writer *writer, int surface, struct error *err);

/*
 * Flushes, says that nothing is missing, closes, frees. 0, or what went wrong, now or before: then
 * it does not say so, and is RECORDING_CUT_OFF.
 */
int recording_close_writer(struct recording_writer *writer, struct error *err);

/* ---- reading -------------------------------------------------------------------------- */

struct recording_reader;

/*
 * 0; -ENOENT; -EINVAL: not a recording, or of a newer version; -EROFS: half a chunk must be undone
 * first, where the folder cannot be written; the error says which.
 */
int recording_open(struct recording_reader **reader, const char *path, struct error *err);
void recording_close_reader(struct recording_reader *reader); /* NULL is legal */

size_t recording_n_surfaces(const struct recording_reader *reader);
const struct surface *recording_surface(const struct recording_reader *reader, size_t index);
uint64_t recording_n_frames(const struct recording_reader *reader);
const char *recording_notes(const struct recording_reader *reader);
int64_t recording_start_ns(const struct recording_reader *reader); /* mono of the first frame */
int64_t recording_end_ns(const struct recording_reader *reader);

/* What recording_set_calibration() was given, NULL: nothing. Borrowed. */
const char *recording_calibration(const struct recording_reader *reader, size_t index);

/* Counts of the surface are whole and 0 to 65535 throughout; by what the chunks say. */
bool recording_is_u16(const struct recording_reader *reader, size_t index);

/* Whether all is there that the writer meant to write. */
enum recording_ending {
	RECORDING_CLOSED,  /* it says how many frames it should hold */
	RECORDING_CUT_OFF, /* never closed (or still written): up to RECORDING_CHUNK_S are missing */
	RECORDING_NO_WORD, /* made before recordings said so */
};
#define RECORDING_CHUNK_S 10 /* what is lost at most when a recording is cut off */
enum recording_ending recording_ending(const struct recording_reader *reader);

/* Frames of a surface that were written, when it was closed, else 0. */
uint64_t recording_n_written(const struct recording_reader *reader, size_t index);

/*
 * The next frame of any surface in time order; only_surface >= 0 keeps to one. frame->counts is
 * borrowed until the next call. Returns 0, -ENODATA at the end, -EBADMSG with err for chunks that
 * cannot be read or decoded (they are skipped: call again), -EBUSY when a writer holds the file.
 */
int recording_next(struct recording_reader *reader, int only_surface, int *surface,
    struct frame *frame, struct error *err);

/* True when the file opens like one of ours (any text file does not). */
bool recording_is(const char *path);

#endif
