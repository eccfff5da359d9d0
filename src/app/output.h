/* Where a report goes: a file that is there whole or not at all, or standard output. */
#ifndef LUMBAR_APP_OUTPUT_H
#define LUMBAR_APP_OUTPUT_H

#include "base/error.h"

#include <stdio.h>

struct output {
	const char *path;     /* NULL: standard output */
	const char *database; /* which must not be written over; NULL: the usual one */
	int (*write)(const struct output *output, FILE *out); /* 0 or -errno */
	const void *user;                                     /* for write */
};

/* 0, or -errno with err filled. */
int output_write(const struct output *output, struct error *err);

#endif
