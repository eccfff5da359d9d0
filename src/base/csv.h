/*
 * A small CSV table with a header line, held whole: manifests, layouts, labels, references.
 * A cell in quotes may hold commas, line breaks, blanks at its ends and, written twice, quotes
 * (RFC 4180). Blank lines and lines opening with # are skipped.
 */
#ifndef LUMBAR_BASE_CSV_H
#define LUMBAR_BASE_CSV_H

#include "base/error.h"

#include <stddef.h>

struct csv;

/*
 * Reads path. Returns 0; -errno when it cannot be read; -EINVAL (with the line) when a row has
 * more or fewer cells than the header, when there is no header, or when a quote is not closed or
 * stands inside a cell that does not open with one. Thread: any.
 */
int csv_open(struct csv **csv, const char *path, struct error *err);
void csv_close(struct csv *csv);

const char *csv_path(const struct csv *csv);
size_t csv_n_rows(const struct csv *csv);
int csv_line(const struct csv *csv, size_t row); /* on which the row begins, from 1 */

/*
 * The column's index, or -ENOENT with an error that names the file, the missing column and the
 * columns that are there.
 */
int csv_column(const struct csv *csv, const char *name, struct error *err);

/*
 * Before a table of files is used: -ENOENT with an error that names every column of names (ended
 * by NULL) that is missing; -EINVAL when there is no row at all.
 */
int csv_expect(const struct csv *csv, const char *const *names, struct error *err);

/* The same as csv_column() without an error: -1 when the column is not there. For columns that may be missing. */
int csv_column_or_none(const struct csv *csv, const char *name);

/* The cell's text, blanks trimmed outside of quotes; "" for column -1. Borrowed. */
const char *csv_text(const struct csv *csv, size_t row, int column);

/*
 * The cell as a finite number. An empty cell or column -1 gives fallback (NAN is a fine one).
 * Returns 0, or -EINVAL with file, line, column and value.
 */
int csv_number(const struct csv *csv, size_t row, int column, double fallback, double *value,
    struct error *err);

/* Path of the cell, relative to the table's own folder: the caller frees. NULL: out of memory. */
char *csv_sibling_path(const struct csv *csv, const char *relative);

#endif
