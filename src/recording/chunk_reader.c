#include "recording/chunk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "recording/chunk_bytes.h"

struct chunk_reader {
	size_t n_cells, n_frames, at;
	enum chunk_encoding encoding;
	struct frame next; /* times of the frame that chunk_reader_next() will give */
	int64_t ahead_ns;  /* its real_ns - mono_ns */
	uint8_t *raw;
	size_t raw_capacity;
	uint32_t *cells; /* of the frame before, as whole numbers or bits of floats */
	float *counts;
	ZSTD_DCtx *zstd;
};

struct chunk_reader *chunk_reader_create(size_t n_cells)
{
	struct chunk_reader *reader = calloc(1, sizeof(*reader));

	if (!reader)
		return NULL;
	reader->n_cells = n_cells;
	reader->cells = calloc(n_cells, sizeof(*reader->cells));
	reader->counts = calloc(n_cells, sizeof(*reader->counts));
	reader->zstd = ZSTD_createDCtx();
	if (!reader->cells || !reader->counts || !reader->zstd) {
		chunk_reader_destroy(reader);
		return NULL;
	}
	return reader;
}

void chunk_reader_destroy(struct chunk_reader *reader)
{
	if (!reader)
		return;
	ZSTD_freeDCtx(reader->zstd);
	free(reader->counts);
	free(reader->cells);
	free(reader->raw);
	free(reader);
}

static uint64_t get_little(const uint8_t *at, size_t n_bytes)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n_bytes; i++)
		value |= (uint64_t)at[i] << 8 * i;
	return value;
}

/* Takes up the times of frame `at`; sums wrap, so that damaged bytes are no undefined behaviour. */
static void read_record(struct chunk_reader *reader)
{
	const uint8_t *record = reader->raw + reader->at * CHUNK_RECORD_SIZE;
	struct frame *next = &reader->next;

	if (reader->at == reader->n_frames)
		return;
	next->mono_ns = (int64_t)((uint64_t)next->mono_ns + get_little(record, 8));
	reader->ahead_ns = (int64_t)((uint64_t)reader->ahead_ns + get_little(record + 8, 8));
	next->real_ns = (int64_t)((uint64_t)next->mono_ns + (uint64_t)reader->ahead_ns);
	next->utc_offset_s = (int32_t)get_little(record + 16, 4);
	next->flags = (uint32_t)get_little(record + 20, 4);
	next->sequence += (uint32_t)get_little(record + 24, 4);
}

static int make_room(struct chunk_reader *reader, size_t size)
{
	if (size <= reader->raw_capacity)
		return 0;
	uint8_t *more = realloc(reader->raw, size);
	if (!more)
		return -ENOMEM;
	reader->raw = more;
	reader->raw_capacity = size;
	return 0;
}

int chunk_reader_open(struct chunk_reader *reader, const struct chunk *chunk)
{
	reader->n_frames = reader->at = 0;
	if (chunk->n_frames < 1 || chunk->n_frames > CHUNK_FRAMES_MAX)
		return -EBADMSG;
	size_t size = chunk_raw_size(chunk->encoding, chunk->n_frames, reader->n_cells);
	if (ZSTD_getFrameContentSize(chunk->data, chunk->size) != size)
		return -EBADMSG;
	if (make_room(reader, size) < 0)
		return -ENOMEM;
	if (ZSTD_decompressDCtx(reader->zstd, reader->raw, size, chunk->data, chunk->size) != size)
		return -EBADMSG;
	memset(reader->cells, 0, reader->n_cells * sizeof(*reader->cells));
	reader->n_frames = chunk->n_frames;
	reader->encoding = chunk->encoding;
	reader->next = (struct frame){
	    .mono_ns = chunk->start_ns, .n_cells = reader->n_cells, .counts = reader->counts};
	reader->ahead_ns = 0;
	read_record(reader);
	return 0;
}

int64_t chunk_reader_next_ns(const struct chunk_reader *reader)
{
	return reader->at < reader->n_frames ? reader->next.mono_ns : INT64_MAX;
}

/* Undoes fold() of the writer: 0, 1, 2, 3 -> 0, -1, 1, -2. */
static uint32_t unfold(uint32_t code)
{
	return code >> 1 ^ (0 - (code & 1));
}

/* The hot loops: one frame of n cells, whose planes are `step` bytes apart. */
static void read_u8(
    size_t n, const uint8_t *plane, uint32_t *restrict cells, float *restrict counts)
{
	for (size_t i = 0; i < n; i++) {
		cells[i] = (cells[i] + unfold(plane[i])) & UINT8_MAX;
		counts[i] = (float)(int32_t)cells[i];
	}
}

static void read_u16(
    size_t n, size_t step, const uint8_t *plane, uint32_t *restrict cells, float *restrict counts)
{
	for (size_t i = 0; i < n; i++) {
		uint32_t code = plane[i] | (uint32_t)plane[step + i] << 8;
		cells[i] = (cells[i] + unfold(code)) & UINT16_MAX;
		counts[i] = (float)(int32_t)cells[i];
	}
}

static uint32_t get_code(const uint8_t *plane, size_t step)
{
	return plane[0] | (uint32_t)plane[step] << 8 | (uint32_t)plane[2 * step] << 16 |
	       (uint32_t)plane[3 * step] << 24;
}

static void read_s32(
    size_t n, size_t step, const uint8_t *plane, uint32_t *restrict cells, float *restrict counts)
{
	for (size_t i = 0; i < n; i++) {
		cells[i] += unfold(get_code(plane + i, step));
		counts[i] = (float)(int32_t)cells[i];
	}
}

static void read_f32(
    size_t n, size_t step, const uint8_t *plane, uint32_t *restrict cells, float *restrict counts)
{
	for (size_t i = 0; i < n; i++)
		cells[i] ^= get_code(plane + i, step);
	memcpy(counts, cells, n * sizeof(*counts));
}

int chunk_reader_next(struct chunk_reader *reader, struct frame *frame)
{
	size_t n = reader->n_cells, step = reader->n_frames * n;

	if (reader->at == reader->n_frames)
		return -ENODATA;
	const uint8_t *plane = reader->raw + reader->n_frames * CHUNK_RECORD_SIZE + reader->at * n;
	switch (reader->encoding) {
	case CHUNK_U8:
		read_u8(n, plane, reader->cells, reader->counts);
		break;
	case CHUNK_U16:
		read_u16(n, step, plane, reader->cells, reader->counts);
		break;
	case CHUNK_S32:
		read_s32(n, step, plane, reader->cells, reader->counts);
		break;
	case CHUNK_F32:
		read_f32(n, step, plane, reader->cells, reader->counts);
		break;
	}
	*frame = reader->next;
	reader->at++;
	read_record(reader);
	return 0;
}
