/* What lines_v1.c and lines_v2.c share: names, the event clock and the wording of errors. */
#ifndef LUMBAR_DRIVERS_LINES_COMMON_H
#define LUMBAR_DRIVERS_LINES_COMMON_H

#include "drivers/lines.h"

#define LINES_CONSUMER  "lumbar"
#define LINE_NAME_SIZE  32 /* the kernel's GPIO_MAX_NAME_SIZE */
#define LINES_CHIPS_MAX 32

struct line_names {
	size_t n;
	char names[LINES_MAX][LINE_NAME_SIZE];
};

/* Splits "GPIO17, 27" at blanks and commas. 0, or -EINVAL with err filled. */
int line_names_parse(struct line_names *names, const char *text, struct error *err);

/* The offset that a name of digits only stands for; -1 for any other name. */
int line_name_offset(const char *name);

/* Whether a chip with this label answers to the request's `chip` (a label or LINES_CHIP_AUTO). */
bool lines_label_fits(const char *chip, const char *label);

/* A path for "gpiochip0" or "/dev/gpiochip0", written to path; false when it must be a label. */
bool lines_chip_path(const char *chip, char *path, size_t size);

/*
 * The paths of /dev/gpiochip*, in the order of their numbers. Returns how many; the rest of a
 * machine with more than LINES_CHIPS_MAX is left out.
 */
size_t lines_chip_paths(char paths[static LINES_CHIPS_MAX][LINE_NAME_SIZE]);

/* Edges are stamped by CLOCK_MONOTONIC (since Linux 5.7), frames by CLOCK_BOOTTIME. */
int64_t lines_boot_ns(int64_t monotonic_ns);

/* Each fills err and returns the -errno that `code` (-errno of the library's call) becomes. */
int lines_chip_error(struct error *err, int code, const char *chip);
int lines_no_chip_error(struct error *err, const char *chip, const char *labels, bool some_refused);
int lines_no_line_error(struct error *err, const char *chip, const char *line, unsigned n_lines);
int lines_busy_error(struct error *err, const char *chip, const char *line, const char *consumer);
int lines_request_error(struct error *err, int code, const char *chip, const char *names);

#endif
