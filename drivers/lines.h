/*
 * GPIO lines: the pins of one chip that are used together. lines_v1.c is for libgpiod 1 (Debian 12),
 * lines_v2.c for libgpiod 2 (Debian 13); the Makefile compiles the one that the machine has. A value
 * is a bit mask: bit i is the line that `names` has in place i, 1 is active (low when active_low).
 */
#ifndef LUMBAR_DRIVERS_LINES_H
#define LUMBAR_DRIVERS_LINES_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINES_MAX 64 /* the kernel's own limit for one request */

/* The chip behind a Raspberry Pi's header, whatever the model calls it. */
#define LINES_CHIP_AUTO "auto"

enum lines_bias { LINES_BIAS_AS_IS, LINES_BIAS_OFF, LINES_BIAS_UP, LINES_BIAS_DOWN };
#define LINES_BIASES "as-is off up down" /* for an option row: in the enum's order */

struct lines_request {
	const char *chip;  /* LINES_CHIP_AUTO, a label, "gpiochip0" or a path with a / */
	const char *names; /* "GPIO17 GPIO27" or "17, 27": names or offsets, 1 to LINES_MAX */
	bool output;       /* else an input */
	uint64_t initial;  /* outputs: their first values */
	bool active_low;
	enum lines_bias bias;
	bool events;         /* inputs: both edges are reported by lines_wait() */
	int64_t debounce_ns; /* events: an edge counts once the line has kept still so long */
};

struct lines_event {
	size_t line;     /* place in names */
	bool active;     /* the level after the edge */
	int64_t mono_ns; /* the kernel's stamp as CLOCK_BOOTTIME, debounce time included */
};

struct lines;

/*
 * Requests the lines for the consumer "lumbar"; outputs have their first values at once. The texts
 * of `request` are borrowed until return. 0, or -errno with err naming the chip, the line, who
 * holds it and what to do: -ENOENT (no such chip or line), -EACCES, -EBUSY, -EINVAL, -ENOTSUP.
 */
int lines_open(struct lines **lines, const struct lines_request *request, struct error *err);

/* Gives them back; outputs keep their values as the chip pleases. NULL is legal. */
void lines_close(struct lines *lines);

/*
 * All lines in one system call (lines with events of libgpiod 1: one each). 0, -EIO, or -ENODEV when
 * the chip is gone. No allocation. Thread: the owner's.
 */
int lines_set(struct lines *lines, uint64_t values);
int lines_get(struct lines *lines, uint64_t *values);

/*
 * Waits for an edge until deadline_ns (CLOCK_BOOTTIME). 0, -ETIMEDOUT, -EIO or -ENODEV. Edges come
 * in the order of their stamps. When more than a few dozen wait unread, the oldest are lost:
 * lines_get() tells what is.
 */
int lines_wait(struct lines *lines, int64_t deadline_ns, struct lines_event *event);

/* The name in place i as the configuration wrote it. Borrowed, legal until lines_close(). */
const char *lines_name(const struct lines *lines, size_t i);

/*
 * How many names a text has, without touching any chip: for describe(). -EINVAL with err filled
 * when it has none, too many, one twice, or one too long. Thread: any.
 */
int lines_count(const char *names, struct error *err);

#endif
