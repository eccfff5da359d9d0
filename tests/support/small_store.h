/* A database with a small bed in it, and what became of its file. */
#ifndef LUMBAR_TESTS_SMALL_STORE_H
#define LUMBAR_TESTS_SMALL_STORE_H

#include "store/store.h"

extern const struct surface small_bed; /* 4 x 2 cells */

/* Opens it, or fails the test. */
struct store *small_store_open(const char *path, enum store_mode mode);

/* A session with the bed, begun at mono 0, the clock known; the bed's id. */
int small_store_begin(struct store *store, const char *boot_id);

/* A minute of somebody in bed; how many there are. */
void small_store_minute(struct store *store, int surface, int minute);
size_t small_store_epochs(struct store *store);

/* Whether there is a file of the path and the suffix: "", "-wal", ".corrupt-1". */
bool small_store_has(const char *path, const char *suffix);

/* Runs SQL on the file. */
void small_store_sql(const char *path, const char *text);

/* The whole file, of 1 MiB at most; the caller frees. */
char *file_bytes(const char *path, size_t *size);

/* Fails unless the file holds these bytes, which are freed. */
void assert_file_is(const char *path, char *bytes, size_t size);

#endif
