// SPDX-License-Identifier: GPL-2.0
/*
 * hx711.c: two buses of eight HX711 load cell amplifiers, each bus with one SCK.
 *
 *   line 0, 16       SCK of bus 0, 1 (outputs of the computer)
 *   line 1-8, 17-24  DOUT of cells 0-7, 8-15
 *
 * As the data sheet has it: DOUT is low when a conversion is ready. Each rising SCK shows the next
 * of 24 bits, the highest first, two's complement, saturated at +-2^23; the 25th raises DOUT; 25, 26
 * or 27 pulses in all choose channel A at gain 128, B at 32 or A at 64 for the next conversion. A
 * change of gain or channel, and power coming on, take four conversions to settle. SCK high for
 * more than 60 us powers down, and what was being read is lost; its fall powers up again, with
 * channel A at gain 128. Each cell has its own oscillator: its own phase, and its own rate.
 *
 * Simplified: a value counts as of the moment when it is first clocked; nothing new is shown while
 * a frame is being clocked and HOLD_NS after it; pulses at a cell that is not ready shift its last
 * value once more and are counted in hx711_early.
 */
#include "bank.h"

#include <linux/math64.h>
#include <linux/module.h>
#include <linux/string.h>

#define N_BUSES   2
#define N_CELLS   8 /* of a bus */
#define N_ALL     (N_BUSES * N_CELLS)
#define BUS_LINES 16
#define SETTLING  4 /* conversions */
#define HOLD_NS   500000
#define CODE_MAX  0x7fffff
#define CODE_MIN  (-0x800000)

/* Set by the test. Loads are codes of channel A at gain 128; at gain 64 half of that is read. */
static int load[N_ALL], load_b[N_ALL];
static int sway[N_ALL];        /* a triangle of this many codes to either side */
static int sway_ms = 4000;     /* its period */
static int noise;              /* uniform, codes to either side */
static int rate_hz = 80;       /* 10 or 80 by a pin of the part; taken when it comes alive */
static int skew_ppm;           /* each cell is this much slower than the one before; likewise */
static int power_down_us = 60; /* SCK high for longer */
static int unplugged, shorted; /* bits: DOUT stays high, stays low */
static int stall_us;           /* the computer is held for so long ... */
static int stall_pulse;        /* ... at each rising SCK of this number in its frame, 1-27 */
module_param_array_named(hx711_load, load, int, NULL, 0644);
module_param_array_named(hx711_load_b, load_b, int, NULL, 0644);
module_param_array_named(hx711_sway, sway, int, NULL, 0644);
module_param_named(hx711_sway_ms, sway_ms, int, 0644);
module_param_named(hx711_noise, noise, int, 0644);
module_param_named(hx711_rate_hz, rate_hz, int, 0644);
module_param_named(hx711_skew_ppm, skew_ppm, int, 0644);
module_param_named(hx711_power_down_us, power_down_us, int, 0644);
module_param_named(hx711_unplugged, unplugged, int, 0644);
module_param_named(hx711_shorted, shorted, int, 0644);
module_param_named(hx711_stall_us, stall_us, int, 0644);
module_param_named(hx711_stall_pulse, stall_pulse, int, 0644);

/* Counters, for the test to read; they start anew when the chip comes alive. */
static uint pulses[N_BUSES], power_downs[N_BUSES], longest_high_us[N_BUSES];
static uint samples[N_ALL]; /* read to the 24th bit */
static uint missed[N_ALL];  /* conversions that nobody read */
static uint lost[N_ALL];    /* cut off by a power-down after their second pulse */
static uint early[N_ALL];   /* clocked twice or more from a cell that was not ready */
static uint gain[N_ALL];    /* 128, 64, 32 */
static int code[N_ALL];     /* what was clocked last */
module_param_array_named(hx711_pulses, pulses, uint, NULL, 0444);
module_param_array_named(hx711_power_downs, power_downs, uint, NULL, 0444);
module_param_array_named(hx711_longest_high_us, longest_high_us, uint, NULL, 0444);
module_param_array_named(hx711_samples, samples, uint, NULL, 0444);
module_param_array_named(hx711_missed, missed, uint, NULL, 0444);
module_param_array_named(hx711_lost, lost, uint, NULL, 0444);
module_param_array_named(hx711_early, early, uint, NULL, 0444);
module_param_array_named(hx711_gain, gain, uint, NULL, 0444);
module_param_array_named(hx711_code, code, int, NULL, 0444);

struct cell {
	u64 begun_ns;      /* conversion k is ready at begun_ns + k periods */
	u64 taken;         /* the last conversion that was read or replaced by a later one */
	unsigned int bits; /* pulses since this frame began; 0 or from 25 on: between frames */
	uint gain_was;     /* before this frame's 25th pulse, and when its conversions began */
	u64 begun_was_ns, taken_was;
	bool was_ready, was_unplugged;
};

static struct bus {
	bool high;
	u64 rose_ns;
	struct cell cells[N_CELLS];
} buses[N_BUSES];

static u64 periods_ns[N_ALL];
static u32 noise_state;

static void set_periods(void)
{
	u64 period = div_u64(1000000000ULL, clamp(rate_hz, 1, 1000));
	unsigned int i;

	for (i = 0; i < N_ALL; i++)
		periods_ns[i] = period + div_u64(period * (i % N_CELLS) *
		                                     (unsigned int)clamp(skew_ppm, 0, 50000),
		                             1000000);
}

/* Power comes on, or the input changed: nothing is ready for the time of four conversions. */
static void settle(struct cell *cell, unsigned int i, u64 now_ns)
{
	cell->begun_ns = now_ns + (SETTLING - 1) * periods_ns[i];
	cell->taken = 0;
}

static void power_up(struct cell *cell, unsigned int i, u64 now_ns)
{
	if (cell->bits > 1 && cell->bits < 24)
		lost[i]++;
	cell->bits = 0;
	gain[i] = 128;
	settle(cell, i, now_ns);
}

static u64 conversions(const struct cell *cell, unsigned int i, u64 now_ns)
{
	return now_ns < cell->begun_ns ? 0 : div64_u64(now_ns - cell->begun_ns, periods_ns[i]);
}

static bool is_clocked(const struct cell *cell)
{
	return cell->bits > 0 && cell->bits < 25;
}

static bool is_ready(const struct cell *cell, const struct bus *bus, unsigned int i, u64 now_ns)
{
	if (is_clocked(cell) || (cell->bits && now_ns < bus->rose_ns + HOLD_NS))
		return false;
	return conversions(cell, i, now_ns) > cell->taken;
}

/* ---- what is on the scale ------------------------------------------------------------- */

static int triangle(int height, u64 now_ns)
{
	u64 period = (u64)max(sway_ms, 1) * 1000000;
	u64 at;

	div64_u64_rem(now_ns, period, &at);
	at = div64_u64(at * 4000, period); /* 0..3999: up, down twice as long, up */
	if (at < 1000)
		return height * (int)at / 1000;
	if (at < 3000)
		return height * (2000 - (int)at) / 1000;
	return height * ((int)at - 4000) / 1000;
}

static int convert(unsigned int i, u64 now_ns)
{
	int value = load[i] + triangle(sway[i], now_ns);

	if (gain[i] == 64)
		value /= 2;
	else if (gain[i] == 32)
		value = load_b[i];
	if (noise > 0) {
		noise_state = noise_state * 1664525 + 1013904223;
		value += (int)((noise_state >> 8) % (2 * (u32)noise + 1)) - noise;
	}
	return clamp(value, CODE_MIN, CODE_MAX);
}

/* ---- SCK ------------------------------------------------------------------------------ */

static void begin_frame(struct cell *cell, struct bus *bus, unsigned int i, u64 now_ns)
{
	u64 n = conversions(cell, i, now_ns);

	if (n > cell->taken) {
		missed[i] += (uint)(n - cell->taken - 1);
		code[i] = convert(i, now_ns);
	}
	cell->was_ready = n > cell->taken;
	cell->taken = n;
	cell->bits = 0;
}

/* The 25th to 27th pulse say what the next conversion measures. */
static void choose_gain(struct cell *cell, unsigned int i, u64 now_ns)
{
	static const uint gains[] = {128, 32, 64};

	if (cell->bits > 27)
		return;
	if (cell->bits == 25) {
		cell->gain_was = gain[i];
		cell->begun_was_ns = cell->begun_ns;
		cell->taken_was = max(cell->taken, conversions(cell, i, now_ns));
	}
	gain[i] = gains[cell->bits - 25];
	cell->begun_ns = cell->begun_was_ns;
	cell->taken = cell->taken_was;
	if (gain[i] != cell->gain_was)
		settle(cell, i, now_ns);
}

static void rise(struct cell *cell, struct bus *bus, unsigned int i, u64 now_ns)
{
	bool is_new;

	if (unplugged >> i & 1)
		return;
	is_new = cell->bits == 0 || (cell->bits >= 25 && now_ns > bus->rose_ns + HOLD_NS);
	if (is_new)
		begin_frame(cell, bus, i, now_ns);
	cell->bits++;
	if (cell->bits == 2)
		early[i] += !cell->was_ready;
	else if (cell->bits == 24)
		samples[i]++;
	else if (cell->bits >= 25)
		choose_gain(cell, i, now_ns);
}

static unsigned int set_sck(struct bus *bus, unsigned int first, bool high, u64 now_ns)
{
	unsigned int i, n = 0, b = first / N_CELLS;

	if (high == bus->high)
		return 0;
	bus->high = high;
	if (!high) {
		u64 high_ns = now_ns - bus->rose_ns;

		longest_high_us[b] = max(longest_high_us[b], (uint)div_u64(high_ns, 1000));
		if (high_ns <= (u64)power_down_us * 1000)
			return 0;
		power_downs[b]++;
		for (i = 0; i < N_CELLS; i++)
			power_up(&bus->cells[i], first + i, now_ns);
		return 0;
	}
	pulses[b]++;
	for (i = 0; i < N_CELLS; i++) {
		rise(&bus->cells[i], bus, first + i, now_ns);
		n = max(n, bus->cells[i].bits);
	}
	bus->rose_ns = now_ns;
	return stall_us > 0 && n == (unsigned int)stall_pulse ? (unsigned int)stall_us : 0;
}

static unsigned int hx711_drive(u64 driven, u64 levels, u64 now_ns)
{
	unsigned int b, held_us = 0;

	for (b = 0; b < N_BUSES; b++) {
		u64 sck = BIT_ULL(b * BUS_LINES);
		held_us += set_sck(&buses[b], b * N_CELLS, driven & levels & sck, now_ns);
	}
	return held_us;
}

/* ---- DOUT ----------------------------------------------------------------------------- */

static bool dout(struct bus *bus, unsigned int k, unsigned int i, u64 now_ns)
{
	struct cell *cell = &bus->cells[k];
	bool is_unplugged = unplugged >> i & 1;

	if (cell->was_unplugged && !is_unplugged)
		power_up(cell, i, now_ns);
	cell->was_unplugged = is_unplugged;
	if (is_unplugged)
		return true;
	if (shorted >> i & 1)
		return false;
	if (bus->high && now_ns > bus->rose_ns + (u64)power_down_us * 1000)
		return true;
	if (cell->bits > 0 && cell->bits < 25)
		return (u32)code[i] >> (24 - cell->bits) & 1;
	return !is_ready(cell, bus, i, now_ns);
}

static u64 hx711_show(u64 now_ns)
{
	u64 levels = 0;
	unsigned int b, k;

	for (b = 0; b < N_BUSES; b++)
		for (k = 0; k < N_CELLS; k++)
			if (dout(&buses[b], k, b * N_CELLS + k, now_ns))
				levels |= BIT_ULL(b * BUS_LINES + 1 + k);
	return levels;
}

/* The next conversion of a cell that waits for one, or the moment when a long SCK powers down. */
static u64 hx711_next_ns(u64 now_ns)
{
	u64 next_ns = BANK_NEVER;
	unsigned int b, k;

	for (b = 0; b < N_BUSES; b++) {
		u64 down_ns = buses[b].rose_ns + (u64)power_down_us * 1000 + 1;

		if (buses[b].high && down_ns > now_ns)
			next_ns = min(next_ns, down_ns);
		for (k = 0; k < N_CELLS; k++) {
			struct cell *cell = &buses[b].cells[k];
			unsigned int i = b * N_CELLS + k;
			u64 ready_ns = cell->begun_ns + (cell->taken + 1) * periods_ns[i];

			if (cell->bits)
				ready_ns = max(ready_ns, buses[b].rose_ns + HOLD_NS);
			if (!is_clocked(cell) && ready_ns > now_ns)
				next_ns = min(next_ns, ready_ns);
		}
	}
	return next_ns;
}

static void hx711_reset(u64 now_ns)
{
	unsigned int b, k;

	set_periods();
	memset(buses, 0, sizeof(buses));
	memset(pulses, 0, sizeof(pulses));
	memset(power_downs, 0, sizeof(power_downs));
	memset(longest_high_us, 0, sizeof(longest_high_us));
	memset(samples, 0, sizeof(samples));
	memset(missed, 0, sizeof(missed));
	memset(early, 0, sizeof(early));
	for (b = 0; b < N_BUSES; b++)
		for (k = 0; k < N_CELLS; k++)
			power_up(&buses[b].cells[k], b * N_CELLS + k, now_ns - k * 100000);
	memset(lost, 0, sizeof(lost));
	noise_state = 1;
}

static const struct part hx711_part = {
    .reset = hx711_reset,
    .drive = hx711_drive,
    .show = hx711_show,
    .next_ns = hx711_next_ns,
};

struct bank hx711_bank = {
    .label = "emulated-hx711",
    .n_lines = N_BUSES * BUS_LINES,
    .part = &hx711_part,
};
module_param_named(hx711_sets, hx711_bank.sets, uint, 0444);
module_param_named(hx711_gets, hx711_bank.gets, uint, 0444);
module_param_cb(hx711_live, &bank_live_ops, &hx711_bank, 0644);
