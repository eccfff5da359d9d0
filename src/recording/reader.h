/* An open recording: what the one who opens it and the one who reads it share. */
#ifndef LUMBAR_RECORDING_READER_H
#define LUMBAR_RECORDING_READER_H

#include "recording/chunk.h"
#include "recording/recording.h"
#include "recording/walk.h"

/* One surface, and where reading it has come to. */
struct track {
	struct surface surface;
	struct cell_place *places;
	char *calibration;          /* its file's text; NULL: none */
	uint64_t n_written, n_read; /* frames; n_written 0: it does not say */
	bool said;                  /* that something is damaged */
	struct chunk_reader *chunks;
	struct walk walk; /* over its chunks in the order of writing */
	int64_t end_ns;   /* of the last chunk that was read; 0: none yet */
};

struct recording_reader {
	char *path, *notes;
	sqlite3 *db;
	size_t n_tracks;
	struct track tracks[RECORDING_SURFACES_MAX];
	uint64_t n_frames;
	int64_t start_ns, end_ns;
	enum recording_ending ending;
};

/* What SQLite refused, as -EBADMSG (damaged), -ENOMEM, -EBUSY or -EIO. */
int reader_fault(struct recording_reader *reader, struct error *err);

/* A column's text, "" for NULL. Borrowed until the next step. */
const char *reader_text(sqlite3_stmt *row, int column);

#endif
