/*
 * Selecting one row or column of many by a few GPIO lines.
 *
 *	mux    CD74HC4067 and the like: address lines S0 S1 .. choose one of 2^n inputs. Several
 *	       share the address and have an enable line each (E, low selects the chip).
 *	shift  74HC595 in a chain: "data clock latch". A single one is moved along; the outputs that
 *	       are not selected drive low, which keeps ghosts away (matrix_ghosts.h).
 *
 * Source: Texas Instruments CD74HC4067 (SCHS209), SN74HC595 (SCLS041).
 */
#ifndef LUMBAR_DRIVERS_SELECTOR_H
#define LUMBAR_DRIVERS_SELECTOR_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

#define SELECTOR_MAX 64 /* rows or columns */

struct lines;

struct selector_plan {
	bool shift;         /* else mux */
	const char *chip;   /* drivers/lines.h */
	const char *lines;  /* address lines, the lowest bit first; or data, clock and latch */
	const char *enable; /* mux: an enable line for each, "" for none */
	size_t n;           /* outputs that are used */
};

struct selector {
	bool shift;
	struct lines *lines; /* the address first, then the enables */
	size_t n, n_bits;    /* address lines; or outputs of the chain */
	size_t n_enables;
	size_t last; /* selected; SIZE_MAX: not known */
};

/*
 * How many multiplexers the outputs need, for shift 1; -EINVAL with err filled when lines, enables
 * and n do not go together. Without enables several multiplexers are all on at once, which is for
 * columns with a converter channel each. No I/O.
 */
int selector_check(const struct selector_plan *plan, struct error *err);

/* 0, or -errno with err filled. A zeroed selector may be closed. */
int selector_open(struct selector *selector, const struct selector_plan *plan, struct error *err);
void selector_close(struct selector *selector);

/*
 * Selects output i, 0 to n - 1; one after the other is fastest. A mux without enables sees i modulo
 * its size. 0, or -EIO, -ENODEV.
 */
int selector_pick(struct selector *selector, size_t i);

#endif
