// SPDX-License-Identifier: GPL-2.0
/*
 * matrix.c: 16 rows x 16 columns of resistive cells behind two 74HC4067, read by an MCP3208.
 *
 *   line 0-3  S0-S3 of the row multiplexer      line 8  CS, low while talking
 *   line 4-7  S0-S3 of the column multiplexer   line 9  CLK
 *   line 12   E of the row multiplexer          line 10 MOSI
 *   line 13   E of the column one; high: off    line 11 MISO
 *
 * SPI mode 0: MOSI is taken at the rising edge of CLK, MISO changes at the falling one. After the
 * start bit come single-ended, D2, D1, D0 (most significant first); the input is sampled until the
 * falling edge of the clock after D0, the next one shows a null bit, then 12 bits (10 of an MCP3008),
 * the highest first, and once more the lowest first. With CS high MISO floats, and reads high here.
 *
 * After an address changes the voltage of the cell before is seen for matrix_settle_us. A matrix
 * without diodes sees current through three loaded corners of a rectangle at the fourth: that is
 * matrix_ghost_percent of the weakest of the three, for the worst rectangle.
 */
#include "bank.h"

#include <linux/module.h>

#define N             16
#define LINE_CS       8
#define LINE_CLK      9
#define LINE_MOSI     10
#define LINE_MISO     11
#define LINE_ROWS_OFF 12
#define LINE_COLS_OFF 13

/* Set by the test: codes of the converter, row by row. */
static int cells[N * N];
static int settle_us;
static int ghost_percent;
static int channel;   /* of the converter, where the multiplexers end */
static int bits = 12; /* 10: an MCP3008 */
module_param_array_named(matrix_cells, cells, int, NULL, 0644);
module_param_named(matrix_settle_us, settle_us, int, 0644);
module_param_named(matrix_ghost_percent, ghost_percent, int, 0644);
module_param_named(matrix_channel, channel, int, 0644);
module_param_named(matrix_bits, bits, int, 0644);

/* Counters, for the test to read; they start anew when the chip comes alive. */
static uint conversions, unfinished, unsettled, other_channel;
module_param_named(matrix_conversions, conversions, uint, 0444);
module_param_named(matrix_unfinished, unfinished, uint, 0444); /* CS rose too early */
module_param_named(matrix_unsettled, unsettled, uint, 0444);   /* sampled too early */
module_param_named(matrix_other_channel, other_channel, uint, 0444);

static struct {
	bool cs, clk, miso;
	int clocks; /* rising edges since the start bit, that one counted; 0: none yet */
	unsigned int command, code;
	unsigned int selected, seen; /* row * N + column; N * N: switched off */
	u64 selected_ns;
} adc;

/* ---- the analogue side ---------------------------------------------------------------- */

static int ghost(unsigned int row, unsigned int col)
{
	int worst = 0;
	unsigned int r, c;

	for (r = 0; r < N; r++)
		for (c = 0; c < N; c++)
			if (r != row && c != col)
				worst = max(worst,
				    min3(cells[row * N + c], cells[r * N + col], cells[r * N + c]));
	return worst * ghost_percent / 100;
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

static void set_address(u64 levels, u64 now_ns)
{
	unsigned int place = (levels & 15) * N + (levels >> 4 & 15);

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
	if (!(adc.command & 8) || asked != (unsigned int)channel) {
		other_channel++;
		adc.code = 0;
		return;
	}
	adc.code = clamp(voltage(adc.seen), 0, (1 << bits) - 1);
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
	adc.cs = true;
	adc.selected_ns = now_ns;
	conversions = unfinished = unsettled = other_channel = 0;
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
module_param_cb(matrix_live, &bank_live_ops, &matrix_bank, 0644);
