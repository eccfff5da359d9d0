/*
 * A resistive mat behind 4067s or 74HC595s and an MCP3208 or MCP3008, as their data sheets have
 * them, on the fake lines.
 */
#ifndef LUMBAR_TESTS_MATRIX_FAKE_H
#define LUMBAR_TESTS_MATRIX_FAKE_H

#include "tests/fakes/lines_fake.h"

#define FAKE_CELLS_MAX (64 * 64)
#define FAKE_NAMES_MAX 8

/* The names of some lines, split at blanks. */
struct fake_names {
	char names[FAKE_NAMES_MAX][16];
	size_t n;
	uint64_t levels;
};

struct fake_matrix {
	size_t rows, cols;
	int bits;                                 /* of the converter: 12 or 10 */
	size_t per_channel;                       /* columns to a channel */
	int values[FAKE_CELLS_MAX];               /* what the converter reads of each cell */
	bool dead;                                /* the converter drives MISO no more */
	unsigned n_conversions, slow_conversions; /* the next so many last too long */

	/* its own */
	bool shift;
	struct fake_names row, row_enable, col, col_enable, spi; /* spi: clock mosi miso select */
	uint64_t chain, outputs;                                 /* of the shift registers */
	int clocks; /* since the start bit; -1: none yet */
	unsigned channel;
	int sample;
	bool miso;
};

/*
 * row_lines: address lines, or "data clock latch" when `shift`. col_lines "": columns go straight to
 * the converter. Values are as they were.
 */
void fake_matrix_init(struct fake_matrix *matrix, struct fake_part *part, bool shift,
    const char *row_lines, const char *row_enable, const char *col_lines, const char *col_enable,
    const char *spi_lines);

#endif
