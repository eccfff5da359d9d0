/* The bytes of an unpacked chunk, shared by the one who writes and the one who reads. */
#ifndef LUMBAR_RECORDING_CHUNK_BYTES_H
#define LUMBAR_RECORDING_CHUNK_BYTES_H

#include "recording/chunk.h"

/*
 * An unpacked chunk is n_frames records of 28 bytes, little-endian, then the cells:
 *   int64  mono_ns, less that of the frame before (the first: less the chunk's start)
 *   int64  real_ns - mono_ns, less that of the frame before (the first: less 0)
 *   int32  utc_offset_s
 *   uint32 flags
 *   uint32 sequence, less that of the frame before (the first: less 0)
 */
#define CHUNK_RECORD_SIZE 28

/* Bytes of one cell; the cells stand as that many planes, the lowest bytes of all cells first. */
static inline size_t chunk_cell_size(enum chunk_encoding encoding)
{
	return encoding == CHUNK_U8 ? 1 : encoding == CHUNK_U16 ? 2 : 4;
}

static inline size_t chunk_raw_size(enum chunk_encoding encoding, size_t n_frames, size_t n_cells)
{
	return n_frames * (CHUNK_RECORD_SIZE + n_cells * chunk_cell_size(encoding));
}

#endif
