/*
 * GPIO lines without GPIO: a test that is linked with lines_fake.c has these behind
 * drivers/lines.h, and parts of its own behind them. The chip is called "fake".
 */
#ifndef LUMBAR_TESTS_LINES_FAKE_H
#define LUMBAR_TESTS_LINES_FAKE_H

#include "drivers/lines.h"

/* What hangs on the lines. Lines that a part does not know are none of its business. */
struct fake_part {
	void *user;
	void (*set)(void *user, const char *line, bool high);
	bool (*get)(void *user, const char *line, bool *high); /* false: not its line */
	const struct fake_part *next;
};

/* In force from now on, for all lines; NULL: nothing hangs there. Borrowed. */
void fake_lines_plug(const struct fake_part *parts);

/* The next calls of lines_set() and lines_get() return this -errno; 0: they work again. */
void fake_lines_fail(int code);

/* lines_wait() sees no edge while this is so. */
void fake_lines_lose_edges(bool lose);

#endif
