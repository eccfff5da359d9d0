/*
 * A chunk of a recording: the bytes as they are, or, since their checksum keeps most of them out,
 * packed well around frames of any content.
 */
#include "fuzz.h"

#include "recording/chunk.h"
#include "recording/chunk_bytes.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

enum { HEAD = 4 };

static void read_all(size_t n_cells, const struct chunk *chunk)
{
	struct chunk_reader *reader = chunk_reader_create(n_cells);
	struct frame frame;
	float sum = 0;
	size_t n = 0;

	FUZZ_ASSERT(reader);
	if (chunk_reader_open(reader, chunk) == 0) {
		for (; chunk_reader_next(reader, &frame) == 0; n++)
			for (size_t i = 0; i < frame.n_cells; i++)
				sum += frame.counts[i];
		FUZZ_ASSERT(n == chunk->n_frames && frame.n_cells == n_cells);
	}
	(void)sum;
	chunk_reader_destroy(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < HEAD)
		return 0;
	size_t n_cells = 1 + data[0] % 40;
	struct chunk chunk = {.n_frames = data[1] % 40,
	    .encoding = (enum chunk_encoding)(data[2] % 4),
	    .data = data + HEAD,
	    .size = size - HEAD};

	if (data[3] & 1) {
		read_all(n_cells, &chunk);
		return 0;
	}
	size_t raw_size = chunk_raw_size(chunk.encoding, chunk.n_frames, n_cells);
	size_t bound = ZSTD_compressBound(raw_size);
	uint8_t *raw = calloc(1, raw_size + 1), *packed = malloc(bound);
	FUZZ_ASSERT(raw && packed);
	memcpy(raw, data + HEAD, chunk.size < raw_size ? chunk.size : raw_size);
	chunk.data = packed;
	chunk.size = ZSTD_compress(packed, bound, raw, raw_size, 1);
	read_all(n_cells, &chunk);
	free(raw);
	free(packed);
	return 0;
}
