#include "recording/reader.h"

#include <errno.h>

size_t recording_n_surfaces(const struct recording_reader *reader)
{
	return reader->n_tracks;
}

const struct surface *recording_surface(const struct recording_reader *reader, size_t index)
{
	return &reader->tracks[index].surface;
}

uint64_t recording_n_frames(const struct recording_reader *reader)
{
	return reader->n_frames;
}

const char *recording_notes(const struct recording_reader *reader)
{
	return reader->notes;
}

int64_t recording_start_ns(const struct recording_reader *reader)
{
	return reader->start_ns;
}

int64_t recording_end_ns(const struct recording_reader *reader)
{
	return reader->end_ns;
}

const char *recording_calibration(const struct recording_reader *reader, size_t index)
{
	return reader->tracks[index].calibration;
}

enum recording_ending recording_ending(const struct recording_reader *reader)
{
	return reader->ending;
}

uint64_t recording_n_written(const struct recording_reader *reader, size_t index)
{
	return reader->tracks[index].n_written;
}

bool recording_is_u16(const struct recording_reader *reader, size_t index)
{
	struct walk walk;
	bool fits = true;

	if (walk_begin(&walk, reader->db, reader->tracks[index].walk.surface,
	        "SELECT id, encoding FROM chunk WHERE id > ? AND surface = ? ORDER BY id") < 0)
		return false;
	while (fits && walk_step(&walk) > 0) {
		enum chunk_encoding encoding;
		fits = chunk_encoding_parse(reader_text(walk.select, 1), &encoding) < 0 ||
		       encoding == CHUNK_U8 || encoding == CHUNK_U16;
	}
	walk_end(&walk);
	return fits;
}

/* ---- reading ------------------------------------------------------------------------- */

static double after_start_s(const struct recording_reader *reader, int64_t mono_ns)
{
	return mono_ns > reader->start_ns ? (double)(mono_ns - reader->start_ns) / 1e9 : 0;
}

/* The pages that held some chunks cannot be read; the walk stands behind them, or at the end. */
static int say_damage(const struct recording_reader *reader, struct track *track, struct error *err)
{
	double from_s = after_start_s(reader, track->end_ns);

	track->walk.damaged = false;
	track->said = true;
	if (!track->walk.select)
		return error_set(err, -EBADMSG,
		    "%s: surface %s ends %.1f s after the start, the rest is damaged", reader->path,
		    track->surface.name, from_s);
	return error_set(err, -EBADMSG,
	    "%s: surface %s is damaged from %.1f s to %.1f s after the start; that is left out",
	    reader->path, track->surface.name, from_s,
	    after_start_s(reader, sqlite3_column_int64(track->walk.select, 1)));
}

static int open_chunk(struct recording_reader *reader, struct track *track, struct error *err)
{
	sqlite3_stmt *row = track->walk.select;
	int64_t n_frames = sqlite3_column_int64(row, 3);
	struct chunk chunk = {
	    .start_ns = sqlite3_column_int64(row, 1),
	    .n_frames = n_frames > 0 ? (size_t)n_frames : 0,
	};
	int result = chunk_encoding_parse(reader_text(row, 4), &chunk.encoding);

	chunk.data = sqlite3_column_blob(row, 5);
	chunk.size = (size_t)sqlite3_column_bytes(row, 5);
	if (result == 0)
		result = chunk_reader_open(track->chunks, &chunk);
	if (result == 0) {
		track->end_ns = sqlite3_column_int64(row, 2);
		return 0;
	}
	track->said = true;
	if (chunk.start_ns < reader->start_ns || chunk.start_ns > reader->end_ns)
		chunk.start_ns = track->end_ns; /* that is damaged too */
	return error_set(err, result == -ENOMEM ? result : -EBADMSG,
	    "%s: a chunk of surface %s, %.1f s after the start, is damaged and left out",
	    reader->path, track->surface.name, after_start_s(reader, chunk.start_ns));
}

/* Opens the track's next chunk. 0 also when there is none. */
static int next_chunk(struct recording_reader *reader, struct track *track, struct error *err)
{
	int step = walk_step(&track->walk), result;

	if (step < 0)
		return reader_fault(reader, err);
	if (track->walk.damaged) {
		result = say_damage(reader, track, err);
		walk_back(&track->walk);
		return result;
	}
	if (step > 0) {
		result = open_chunk(reader, track, err);
		walk_pause(&track->walk);
		return result;
	}
	if (track->said || track->n_read >= track->n_written)
		return 0;
	track->said = true;
	return error_set(err, -EBADMSG,
	    "%s: surface %s: %llu of its %llu frames are missing, the file is damaged",
	    reader->path, track->surface.name,
	    (unsigned long long)(track->n_written - track->n_read),
	    (unsigned long long)track->n_written);
}

int recording_next(struct recording_reader *reader, int only_surface, int *surface,
    struct frame *frame, struct error *err)
{
	int first = -1;
	int64_t first_ns = INT64_MAX;

	for (int i = 0; i < (int)reader->n_tracks; i++) {
		struct track *track = &reader->tracks[i];
		if (only_surface >= 0 && i != only_surface)
			continue;
		while (track->walk.select && chunk_reader_next_ns(track->chunks) == INT64_MAX) {
			int result = next_chunk(reader, track, err);
			if (result < 0)
				return result;
		}
		if (chunk_reader_next_ns(track->chunks) < first_ns) {
			first = i;
			first_ns = chunk_reader_next_ns(track->chunks);
		}
	}
	if (first < 0)
		return -ENODATA;
	if (surface)
		*surface = first;
	reader->tracks[first].n_read++;
	return chunk_reader_next(reader->tracks[first].chunks, frame);
}
