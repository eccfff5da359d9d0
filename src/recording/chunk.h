/*
 * A chunk: some 10 s of one surface's frames as one compressed blob (docs/recording.md has the
 * bytes). Frames go in one by one and come out one by one; nothing is allocated in between.
 */
#ifndef LUMBAR_RECORDING_CHUNK_H
#define LUMBAR_RECORDING_CHUNK_H

#include "core/frame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CHUNK_FRAMES_MAX 4096

/* The narrowest that holds every count of the chunk. */
enum chunk_encoding { CHUNK_U8, CHUNK_U16, CHUNK_S32, CHUNK_F32 };

const char *chunk_encoding_name(enum chunk_encoding encoding);
int chunk_encoding_parse(const char *name, enum chunk_encoding *encoding); /* 0 or -EINVAL */

/* ---- writing -------------------------------------------------------------------------- */

struct chunk_writer;

struct chunk_writer *chunk_writer_create(size_t n_cells); /* NULL: out of memory */
void chunk_writer_destroy(struct chunk_writer *writer);

/* True when the frame belongs to the next chunk: this one is full, 10 s long, or time went back. */
bool chunk_writer_is_full_for(const struct chunk_writer *writer, const struct frame *frame);
void chunk_writer_add(struct chunk_writer *writer, const struct frame *frame);

struct chunk {
	int64_t start_ns, end_ns; /* mono of the first and last frame */
	size_t n_frames;
	enum chunk_encoding encoding;
	const void *data; /* borrowed from the writer until its next frame */
	size_t size;
};

/* Packs what was added and begins anew. 0; -ENODATA when nothing was; -EIO: zstd failed. */
int chunk_writer_take(struct chunk_writer *writer, struct chunk *chunk);

/* ---- reading -------------------------------------------------------------------------- */

struct chunk_reader;

struct chunk_reader *chunk_reader_create(size_t n_cells);
void chunk_reader_destroy(struct chunk_reader *reader);

/* Unpacks a chunk, whose data are not needed afterwards. 0, -EBADMSG, -ENOMEM. */
int chunk_reader_open(struct chunk_reader *reader, const struct chunk *chunk);

/* mono_ns of the frame that comes next; INT64_MAX when there is none. */
int64_t chunk_reader_next_ns(const struct chunk_reader *reader);

/* The next frame; counts are borrowed until the call after. 0 or -ENODATA. */
int chunk_reader_next(struct chunk_reader *reader, struct frame *frame);

#endif
