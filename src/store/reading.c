#include "store/reading.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *reading_next(struct reading *reading)
{
	if (reading->n == reading->room) {
		size_t room = reading->room ? 2 * reading->room : 64;
		void *items = reallocarray(reading->items, room, reading->size);
		if (!items)
			return NULL;
		reading->items = items;
		reading->room = room;
	}
	void *item = (char *)reading->items + reading->n++ * reading->size;
	memset(item, 0, reading->size);
	return item;
}

int reading_all(struct store *store, sqlite3_stmt *statement, reading_row *read,
    struct reading *reading, struct error *err)
{
	int rc = 0, step = SQLITE_DONE;

	if (!statement)
		return err && err->code ? err->code : -EIO;
	while (rc == 0 && (step = sqlite3_step(statement)) == SQLITE_ROW) {
		void *item = reading_next(reading);
		if (!item || !read(statement, item))
			rc = error_set(err, -ENOMEM, "%s: out of memory", store->path);
	}
	if (rc == 0 && step != SQLITE_DONE)
		rc = database_fault(store, "reading", err);
	sqlite3_finalize(statement);
	return rc;
}

int reading_hand_over(struct reading *reading, int rc, void **items, size_t *n)
{
	if (rc != 0) {
		free(reading->items);
		*reading = (struct reading){0};
	}
	*items = reading->items;
	*n = reading->n;
	return rc;
}

int reading_items(struct store *store, sqlite3_stmt *statement, reading_row *read, size_t size,
    void **items, size_t *n, struct error *err)
{
	struct reading reading = {.size = size};
	int rc = reading_all(store, statement, read, &reading, err);

	return reading_hand_over(&reading, rc, items, n);
}

void reading_text(sqlite3_stmt *row, int column, char *to, size_t size)
{
	const unsigned char *text = sqlite3_column_text(row, column);

	snprintf(to, size, "%s", text ? (const char *)text : "");
}

float reading_float(sqlite3_stmt *row, int column)
{
	if (sqlite3_column_type(row, column) == SQLITE_NULL)
		return NAN;
	return (float)sqlite3_column_double(row, column);
}

enum pressure_unit reading_unit(sqlite3_stmt *row, int column)
{
	const unsigned char *text = sqlite3_column_text(row, column);

	return text && strcmp((const char *)text, pressure_unit_name(PRESSURE_MMHG)) == 0
	           ? PRESSURE_MMHG
	           : PRESSURE_RELATIVE;
}
