/*
 * An INI file as a list of entries with line numbers, read through inih. Order is kept, keys may
 * repeat; what a key means is the reader's business. A comment begins with # or ; at the beginning
 * of a line or behind a blank.
 */
#ifndef LUMBAR_BASE_INIFILE_H
#define LUMBAR_BASE_INIFILE_H

#include "base/error.h"

#include <stddef.h>
#include <stdio.h>

struct ini_entry {
	char *section; /* "" before the first section */
	char *key, *value;
	int line;
};

struct inifile {
	char *path;
	struct ini_entry *entries;
	size_t n_entries;
};

/*
 * Reads path whole. Returns 0; -ENOENT, -EACCES ... when it cannot be read; -EINVAL with the line
 * when a line is neither "key = value", "[section]" nor a comment; -ENOMEM.
 * The caller finishes `ini` also after an error. Thread: any.
 */
int inifile_read(struct inifile *ini, const char *path, struct error *err);
/* The same from a stream, which stays open; path is what errors call it. */
int inifile_read_stream(struct inifile *ini, FILE *file, const char *path, struct error *err);
void inifile_finish(struct inifile *ini);

/* The line on which the entry's key stood before in the same section; 0: it did not. */
int inifile_given_before(const struct inifile *ini, size_t entry);

/* The place of an entry, for error_at(). Borrowed from ini. */
struct place inifile_place(const struct inifile *ini, const struct ini_entry *entry);

#endif
