/*
 * The wire protocol of HX711 load cell amplifiers, apart from the lines that it runs on. All chips
 * are clocked together.
 *
 *	DOUT  ‾‾‾‾\____X b23 X b22 X ... X b0  /‾‾‾‾    falls when a sample is ready
 *	SCK   __________/‾\___/‾\___ ... _/‾\__/‾\__    n_pulses: 24 bits and 1 to 3 more
 *	                 1     2          24   25
 *
 * A bit comes with SCK's rise, most significant first, and stays until the next. With pulse 25 DOUT
 * goes high; 25, 26 and 27 pulses choose channel A gain 128, B gain 32 and A gain 64 for the samples
 * that follow. SCK high for more than 60 us powers the chip down. (Avia Semiconductor, HX711,
 * "Serial Interface" and "Reset and Power-Down Control".)
 */
#ifndef LUMBAR_DRIVERS_HX711_WIRE_H
#define LUMBAR_DRIVERS_HX711_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HX711_CHIPS_MAX 8
#define HX711_BITS      24
#define HX711_HIGH_NS   60000 /* SCK high for longer: the chip may have powered down */

/* Bit i of data is DOUT of chip i. set and get return 0 or -errno. Borrowed while it is used. */
struct hx711_wire {
	void *user;
	int (*set_clock)(void *user, bool high);
	int (*get_data)(void *user, uint64_t *data);
	int64_t (*now_ns)(void *user);
};

/*
 * Clocks one sample out of n_chips chips that are all ready. raw: n_chips values, -8388608 to
 * 8388607. 0; -ETIME: a pulse was or may have been longer than HX711_HIGH_NS, and the chips are to
 * be powered down and up; -EBADMSG with *chip set: its DOUT did not go high at the end, so its bits
 * are no sample; or -errno of the wire.
 */
int hx711_read(
    const struct hx711_wire *wire, size_t n_chips, unsigned n_pulses, int32_t *raw, size_t *chip);

/* 24 bits in two's complement, as they come. */
int32_t hx711_extend(uint32_t bits);

/* The converter's ends: the bridge is overloaded, or one of its wires is open. */
bool hx711_saturated(int32_t raw);

/* The counts of a frame: 0 to 16777215, 8388608 for no signal; inverted when `invert`. */
#define HX711_FULL_SCALE 16777215
float hx711_counts(int32_t raw, bool invert);

#endif
