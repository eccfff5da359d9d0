/* Rows of a statement, read into an array that the caller frees. */
#ifndef LUMBAR_STORE_READING_H
#define LUMBAR_STORE_READING_H

#include "core/image.h"
#include "store/database.h"

#include <stdbool.h>
#include <stddef.h>

/* An array that grows while rows come. */
struct reading {
	void *items;
	size_t n, room, size; /* size: of one item */
};

/* Reads one row into a zeroed item; false: out of memory. */
typedef bool reading_row(sqlite3_stmt *row, void *item);

/* Reads all rows and finalises the statement. NULL: preparing it failed, err says why. 0, -errno. */
int reading_all(struct store *store, sqlite3_stmt *statement, reading_row *read,
    struct reading *reading, struct error *err);

/* The same into an array that is handed over; NULL and 0 items when it failed. */
int reading_items(struct store *store, sqlite3_stmt *statement, reading_row *read, size_t size,
    void **items, size_t *n, struct error *err);

/* The next item, zeroed; NULL: out of memory. */
void *reading_next(struct reading *reading);

/* Hands the items over, or frees them when rc is not 0. Returns rc. */
int reading_hand_over(struct reading *reading, int rc, void **items, size_t *n);

/* Columns: NULL is "" or NAN; a unit that is not "mmHg" is relative. */
void reading_text(sqlite3_stmt *row, int column, char *to, size_t size);
float reading_float(sqlite3_stmt *row, int column);
enum pressure_unit reading_unit(sqlite3_stmt *row, int column);

#endif
