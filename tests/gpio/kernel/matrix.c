// SPDX-License-Identifier: GPL-2.0
/*
 * matrix.c: 16 rows x 16 columns of resistive cells behind two 74HC4067, read by an MCP3208.
 *
 *   line 0-3  S0-S3 of the row multiplexer      line 8  CS, low while talking
 *   line 4-7  S0-S3 of the column multiplexer   line 9  CLK
 *   line 12   E of the row multiplexer          line 10 MOSI
 *   line 13   E of the column one; high: off    line 11 MISO
 *
 * With matrix_row_shift the rows are the outputs of two 74HC595 in a chain instead: line 0 is their
 * data, 1 the clock, 2 the latch. With matrix_direct the columns go straight to the eight channels.
 *
 * SPI mode 0: MOSI is taken at the rising edge of CLK, MISO changes at the falling one. After the
 * start bit come single-ended, D2, D1, D0 (most significant first); the input is sampled until the
 * falling edge of the clock after D0, the next one shows a null bit, then 12 bits (10 of an MCP3008),
 * the highest first, and once more the lowest first. With CS high MISO floats, and reads high here.
 *
 * After an address changes the voltage of the cell before is seen for matrix_settle_us. Current finds
 * its way through the other cells of a row and a column: matrix_ghost_percent of their sums' product
 * over the sum of all is added to each cell. (A matrix whose lines float entirely has more than that,
 * and of another shape.)
 */
#include "bank.h"

#include <linux/math64.h>
#include <linux/module.h>

#define N              16
#define LINE_ROW_DATA  0
#define LINE_ROW_CLOCK 1
#define LINE_ROW_LATCH 2
#define LINE_CS        8
#define LINE_CLK       9
#define LINE_MOSI      10
#define LINE_MISO      11
#define LINE_ROWS_OFF  12
#define LINE_COLS_OFF  13

/* Set by the test: codes of the converter, row by row. */
static int cells[N * N];
static int settle_us;
static int ghost_percent;
static int channel;   /* of the converter, where the multiplexers end */
static int bits = 12; /* 10: an MCP3008 */
static bool row_shift, direct;
module_param_array_named(matrix_cells, cells, int, NULL, 0644);
module_param_named(matrix_settle_us, settle_us, int, 0644);
module_param_named(matrix_ghost_percent, ghost_percent, int, 0644);
module_param_named(matrix_channel, channel, int, 0644);
module_param_named(matrix_bits, bits, int, 0644);
module_param_named(matrix_row_shift, row_shift, bool, 0644);
module_param_named(matrix_direct, direct, bool, 0644);

/* Counters, for the test to read; they start anew when the chip comes alive. */
static uint conversions, unfinished, unsettled, other_channel, many_rows;
module_param_named(matrix_conversions, conversions, uint, 0444);
module_param_named(matrix_unfinished, unfinished, uint, 0444); /* CS rose too early */
module_param_named(matrix_unsettled, unsettled, uint, 0444);   /* sampled too early */
module_param_named(matrix_other_channel, other_channel, uint, 0444);
module_param_named(
    matrix_many_rows, many_rows, uint, 0444); /* the 74HC595 had none or several on */

static struct {
	bool cs, clk, miso;
	int clocks; /* rising edges since the start bit, that one counted; 0: none yet */
	unsigned int command, code;
	unsigned int selected, seen; /* row * N + column; N * N: switched off */
	u64 selected_ns;
} adc;

static struct {
	bool clock, latch;
	u16 moving, outputs;
} shift;

/* ---- the analogue side ---------------------------------------------------------------- */

static int ghost(unsigned int row, unsigned int col)
{
	int in_row = 0, in_col = 0, in_all = 0;
	unsigned int i;

	for (i = 0; i < N; i++) {
		in_row += cells[row * N + i];
		in_col += cells[i * N + col];
	}
	for (i = 0; i < N * N; i++)
		in_all += cells[i];
	return in_all > 0 ? (int)div_s64((s64)in_row * in_col, in_all) * ghost_percent / 100 : 0;
}

static int voltage(unsigned int place)
{
	if (place >= N * N)
		return 0;
	return cells[place] + (ghost_percent > 0 ? ghost(place / N, place % N) : 0);
}

static bool has_settled(u64 now_ns)
{
	return now_ns >= adc.selected_ns + (u64)max(settle_us, 0) * 1000;
}

/* Data is taken with the clock's rise, and shown with the latch's. The row, or N: not one alone. */
static unsigned int shifted_row(u64 levels)
{
	bool clock = levels & BIT_ULL(LINE_ROW_CLOCK), latch = levels & BIT_ULL(LINE_ROW_LATCH);

	if (clock && !shift.clock)
		shift.moving = (u16)(shift.moving << 1 | (levels >> LINE_ROW_DATA & 1));
	if (latch && !shift.latch)
		shift.outputs = shift.moving;
	shift.clock = clock;
	shift.latch = latch;
	return hweight16(shift.outputs) == 1 ? (unsigned int)__ffs(shift.outputs) : N;
}

static void set_address(u64 levels, u64 now_ns)
{
	unsigned int row = row_shift ? shifted_row(levels) : levels & 15;
	unsigned int place = row == N ? N * N : row * N + (direct ? 0 : levels >> 4 & 15);

	if (levels & (BIT_ULL(LINE_ROWS_OFF) | BIT_ULL(LINE_COLS_OFF)))
		place = N * N;
	if (place == adc.selected)
		return;
	if (has_settled(now_ns))
		adc.seen = adc.selected;
	adc.selected = place;
	adc.selected_ns = now_ns;
}

static void sample(u64 now_ns)
{
	unsigned int asked = adc.command & 7;

	if (has_settled(now_ns))
		adc.seen = adc.selected;
	else
		unsettled++;
	conversions++;
	many_rows += row_shift && adc.seen == N * N;
	if (!(adc.command & 8) || (!direct && asked != (unsigned int)channel)) {
		other_channel++;
		adc.code = 0;
		return;
	}
	adc.code = clamp(voltage(adc.seen + (direct ? asked : 0)), 0, (1 << bits) - 1);
}

/* ---- the serial side ------------------------------------------------------------------ */

/* Clock 1 is the start bit, 2-5 the command, 6 ends the sample, 7 the null bit, then the code. */
static void clk_rises(bool mosi)
{
	if (adc.clocks > 0)
		adc.clocks++;
	else if (mosi)
		adc.clocks = 1;
	if (adc.clocks >= 2 && adc.clocks <= 5)
		adc.command = adc.command << 1 | mosi;
}

static void clk_falls(u64 now_ns)
{
	int k = adc.clocks -
	        7; /* which bit of the code, from the highest, the next rise will see */

	if (adc.clocks == 6)
		sample(now_ns);
	if (k < 0)
		adc.miso = false;
	else if (k < bits)
		adc.miso = adc.code >> (bits - 1 - k) & 1;
	else
		adc.miso = k < 2 * bits - 1 && (adc.code >> (k - bits + 1) & 1);
}

static void cs_changes(bool cs)
{
	if (cs && adc.clocks > 0 && adc.clocks < 7 + bits)
		unfinished++;
	adc.cs = cs;
	adc.clocks = 0;
	adc.command = 0;
	adc.miso = false;
}

static unsigned int matrix_drive(u64 driven, u64 levels, u64 now_ns)
{
	bool cs = !(driven & BIT_ULL(LINE_CS)) || levels & BIT_ULL(LINE_CS);
	bool clk = driven & levels & BIT_ULL(LINE_CLK);

	set_address(driven & levels, now_ns);
	if (cs != adc.cs)
		cs_changes(cs);
	if (clk != adc.clk && !adc.cs) {
		if (clk)
			clk_rises(driven & levels & BIT_ULL(LINE_MOSI));
		else
			clk_falls(now_ns);
	}
	adc.clk = clk;
	return 0;
}

static u64 matrix_show(u64 now_ns)
{
	return adc.cs || adc.miso ? BIT_ULL(LINE_MISO) : 0;
}

static u64 matrix_next_ns(u64 now_ns)
{
	return BANK_NEVER;
}

static void matrix_reset(u64 now_ns)
{
	memset(&adc, 0, sizeof(adc));
	memset(&shift, 0, sizeof(shift));
	adc.cs = true;
	adc.selected_ns = now_ns;
	conversions = unfinished = unsettled = other_channel = many_rows = 0;
}

static const struct part matrix_part = {
    .reset = matrix_reset,
    .drive = matrix_drive,
    .show = matrix_show,
    .next_ns = matrix_next_ns,
};

struct bank matrix_bank = {
    .label = "emulated-matrix",
    .n_lines = 14,
    .part = &matrix_part,
};
module_param_named(matrix_sets, matrix_bank.sets, uint, 0444);
module_param_named(matrix_gets, matrix_bank.gets, uint, 0444);
module_param_cb(matrix_live, &bank_live_ops, &matrix_bank, 0644);
