/*
 * What the programs of tests/gpio share: the emulated parts' parameters (tests/gpio/kernel), and a
 * driver as its host opens and reads it. What cannot be set or read fails the test.
 */
#ifndef LUMBAR_TESTS_EMULATED_H
#define LUMBAR_TESTS_EMULATED_H

#include "drivers/driver.h"

#include <stddef.h>
#include <stdint.h>

#define EMULATED_VALUES_MAX 256

/* Writes one parameter; EMULATED_ALL sets each of n values of an array. */
void emulated_set(const char *parameter, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void emulated_set_all(const char *parameter, const int *values, size_t n);

/* Reads a parameter's first value, or up to n of an array. */
int64_t emulated_get(const char *parameter);
void emulated_get_all(const char *parameter, int64_t *values, size_t n);

/* The part (hx711, matrix, strip) is switched off and on: counters and lines begin anew. */
void emulated_restart(const char *part);

/* ---- a driver ------------------------------------------------------------------------- */

struct setting {
	const char *key, *value;
};
#define SETTINGS(...) ((const struct setting[]){__VA_ARGS__, {0}})

struct reader {
	struct options options;
	struct surface surface;
	struct device device;
	struct frame frame;
	struct error err; /* of the last reader_open() */
};

/* Options, describe() and open(): its result. reader_close() is due in any case. */
int reader_open(struct reader *reader, const char *driver, const struct setting *settings);

/* The same that must succeed. */
void reader_open_good(struct reader *reader, const char *driver, const struct setting *settings);

/* One read() with a deadline so many ms from now. */
int reader_read(struct reader *reader, int ms);

/* read() until a frame comes, or another result than -ETIMEDOUT, for at most so many ms. */
int reader_frame(struct reader *reader, int ms);

void reader_close(struct reader *reader);

#endif
