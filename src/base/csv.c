#include "base/csv.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What spreadsheets put before the first line of UTF-8 text. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct csv {
	char *path;
	char *text; /* the whole file; cells are ended in place */
	size_t n_columns, n_rows, n_cells, capacity, rows_capacity;
	char **cells; /* into text; row 0 is the header */
	int *lines;
};

/* Where reading has come to. */
struct cursor {
	char *at, *end;
	int line;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static void skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && is_blank(*cursor->at))
		cursor->at++;
}

/* Over empty lines and comments, to the first cell of a row. False at the end. */
static bool find_row(struct cursor *cursor)
{
	while (cursor->at < cursor->end) {
		char *begin = cursor->at;
		skip_blanks(cursor);
		if (cursor->at == cursor->end)
			return false;
		if (*cursor->at == '#')
			cursor->at = memchr(cursor->at, '\n', (size_t)(cursor->end - cursor->at));
		if (!cursor->at)
			return false;
		if (*cursor->at != '\n') {
			cursor->at = begin;
			return true;
		}
		cursor->at++;
		cursor->line++;
	}
	return false;
}

/*
 * The cell in quotes at the cursor, which is moved behind the closing one. Two quotes stand for
 * one, so the cell never grows and is put together where it stands. -EINVAL: not closed.
 */
static int read_quoted(struct cursor *cursor, char **cell)
{
	char *to = *cell = ++cursor->at;

	for (; cursor->at < cursor->end; cursor->at++) {
		if (*cursor->at == '"') {
			char *next = cursor->at + 1;
			if (next == cursor->end || *next != '"') {
				cursor->at = next;
				*to = '\0'; /* over the closing quote at the latest */
				return 0;
			}
			cursor->at = next;
		}
		cursor->line += *cursor->at == '\n';
		*to++ = *cursor->at;
	}
	return -EINVAL;
}

static void read_plain(struct cursor *cursor, char **cell, size_t *length)
{
	char *end;

	*cell = cursor->at;
	while (cursor->at < cursor->end && *cursor->at != ',' && *cursor->at != '\n')
		cursor->at++;
	for (end = cursor->at; end > *cell && is_blank(end[-1]);)
		end--;
	*length = (size_t)(end - *cell);
}

static int add_cell(struct csv *csv, char *cell)
{
	if (csv->n_cells == csv->capacity) {
		size_t wider = csv->capacity ? 2 * csv->capacity : 256;
		char **cells = realloc(csv->cells, wider * sizeof(*cells));
		if (!cells)
			return -ENOMEM;
		csv->cells = cells;
		csv->capacity = wider;
	}
	csv->cells[csv->n_cells++] = cell;
	return 0;
}

/* One cell and what ends it: *more is true when a comma did. */
static int read_cell(struct csv *csv, struct cursor *cursor, bool *more, struct error *err)
{
	struct place where = {.file = csv->path, .line = cursor->line};
	char *cell;
	size_t length = SIZE_MAX;

	skip_blanks(cursor);
	if (cursor->at < cursor->end && *cursor->at == '"') {
		if (read_quoted(cursor, &cell) < 0)
			return error_at(err, -EINVAL, &where,
			    "a cell opens with a quote here that is never closed");
		skip_blanks(cursor);
	} else {
		read_plain(cursor, &cell, &length);
	}
	bool ended = cursor->at == cursor->end || *cursor->at == ',' || *cursor->at == '\n';
	bool stray = length != SIZE_MAX && memchr(cell, '"', length);
	if (!ended || stray)
		return error_at(err, -EINVAL, &where,
		    "a quote inside a cell: put the whole cell into quotes, and write \"\" for "
		    "each "
		    "quote in it");
	*more = cursor->at < cursor->end && *cursor->at == ',';
	cursor->line += cursor->at < cursor->end && *cursor->at == '\n';
	cursor->at += cursor->at < cursor->end;
	if (length != SIZE_MAX)
		cell[length] = '\0'; /* at the latest where the comma or the line's end stood */
	return add_cell(csv, cell) < 0 ? error_at(err, -ENOMEM, &where, "out of memory") : 0;
}

static int note_row(struct csv *csv, int line)
{
	if (csv->n_rows == csv->rows_capacity) {
		size_t wider = csv->rows_capacity ? 2 * csv->rows_capacity : 64;
		int *lines = realloc(csv->lines, wider * sizeof(*lines));
		if (!lines)
			return -ENOMEM;
		csv->lines = lines;
		csv->rows_capacity = wider;
	}
	csv->lines[csv->n_rows++] = line;
	return 0;
}

static int read_row(struct csv *csv, struct cursor *cursor, struct error *err)
{
	struct place where = {.file = csv->path, .line = cursor->line};
	size_t before = csv->n_cells;
	bool more = true;
	int result = 0;

	while (result == 0 && more)
		result = read_cell(csv, cursor, &more, err);
	if (result < 0)
		return result;
	size_t n = csv->n_cells - before;
	if (csv->n_rows == 0)
		csv->n_columns = n;
	if (n != csv->n_columns)
		return error_at(
		    err, -EINVAL, &where, "%zu cells where the header has %zu", n, csv->n_columns);
	return note_row(csv, where.line) < 0 ? error_at(err, -ENOMEM, &where, "out of memory") : 0;
}

/* The whole file, with room for one byte behind it. 0 or -errno. */
static int read_text(struct csv *csv, FILE *file, size_t *size)
{
	size_t capacity = 0, n;

	do {
		if (*size + 1 >= capacity) {
			capacity = capacity ? 2 * capacity : 65536;
			char *text = realloc(csv->text, capacity);
			if (!text)
				return -ENOMEM;
			csv->text = text;
		}
		n = fread(csv->text + *size, 1, capacity - *size - 1, file);
		*size += n;
	} while (n > 0);
	return ferror(file) ? -errno : 0;
}

static int read_rows(struct csv *csv, FILE *file, struct error *err)
{
	struct place where = {.file = csv->path};
	size_t size = 0;
	int result = read_text(csv, file, &size);

	if (result < 0)
		return error_at(err, result, &where, "cannot be read: %s", strerror(-result));
	struct cursor cursor = {.at = csv->text, .end = csv->text + size, .line = 1};
	if (size >= 3 && memcmp(csv->text, BYTE_ORDER_MARK, 3) == 0)
		cursor.at += 3;
	while (result == 0 && find_row(&cursor))
		result = read_row(csv, &cursor, err);
	if (result == 0 && csv->n_rows == 0)
		return error_at(err, -EINVAL, &where, "empty; the first line names the columns");
	return result;
}

int csv_open(struct csv **out, const char *path, struct error *err)
{
	struct place where = {.file = path};
	struct csv *csv = calloc(1, sizeof(*csv));

	if (!csv || !(csv->path = strdup(path))) {
		csv_close(csv);
		return error_at(err, -ENOMEM, &where, "out of memory");
	}
	FILE *file = fopen(path, "re");
	if (!file) {
		int code = -errno;
		csv_close(csv);
		return error_at(err, code, &where, "cannot be read: %s", strerror(-code));
	}
	int result = read_rows(csv, file, err);
	fclose(file);
	if (result < 0) {
		csv_close(csv);
		return result;
	}
	*out = csv;
	return 0;
}

void csv_close(struct csv *csv)
{
	if (!csv)
		return;
	free(csv->text);
	free(csv->cells);
	free(csv->lines);
	free(csv->path);
	free(csv);
}

const char *csv_path(const struct csv *csv)
{
	return csv->path;
}

size_t csv_n_rows(const struct csv *csv)
{
	return csv->n_rows - 1;
}

int csv_line(const struct csv *csv, size_t row)
{
	return csv->lines[row + 1];
}

int csv_column_or_none(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->n_columns; i++)
		if (strcmp(csv->cells[i], name) == 0)
			return (int)i;
	return -1;
}

static int refuse_columns(const struct csv *csv, const char *missing, struct error *err)
{
	char there[300] = "";
	size_t used = 0;

	for (size_t i = 0; i < csv->n_columns && used < sizeof(there); i++)
		used += (size_t)snprintf(
		    there + used, sizeof(there) - used, "%s%s", i ? ", " : "", csv->cells[i]);
	return error_at(err, -ENOENT, &(struct place){.file = csv->path, .line = csv->lines[0]},
	    "column %s is missing; there are: %s", missing, there);
}

int csv_column(const struct csv *csv, const char *name, struct error *err)
{
	char missing[64];
	int column = csv_column_or_none(csv, name);

	if (column >= 0)
		return column;
	snprintf(missing, sizeof(missing), "\"%s\"", name);
	return refuse_columns(csv, missing, err);
}

int csv_expect(const struct csv *csv, const char *const *names, struct error *err)
{
	char missing[160] = "";
	size_t used = 0;

	for (; *names; names++)
		if (csv_column_or_none(csv, *names) < 0 && used < sizeof(missing))
			used += (size_t)snprintf(missing + used, sizeof(missing) - used, "%s\"%s\"",
			    used ? ", " : "", *names);
	if (used)
		return refuse_columns(csv, missing, err);
	if (csv_n_rows(csv) == 0)
		return error_at(err, -EINVAL, &(struct place){.file = csv->path},
		    "names no file; one row a file is expected");
	return 0;
}

const char *csv_text(const struct csv *csv, size_t row, int column)
{
	return column < 0 ? "" : csv->cells[(row + 1) * csv->n_columns + (size_t)column];
}

int csv_number(const struct csv *csv, size_t row, int column, double fallback, double *value,
    struct error *err)
{
	const char *text = csv_text(csv, row, column);
	char *end;

	*value = fallback;
	if (*text == '\0')
		return 0;
	double number = strtod(text, &end);
	if (*end != '\0' || !isfinite(number)) {
		struct place where = {.file = csv->path,
		    .line = csv_line(csv, row),
		    .key = csv->cells[column],
		    .value = text};
		return error_at(err, -EINVAL, &where, "not a number");
	}
	*value = number;
	return 0;
}

char *csv_sibling_path(const struct csv *csv, const char *relative)
{
	const char *slash = strrchr(csv->path, '/');
	char *path = NULL;

	if (relative[0] == '/' || !slash)
		return strdup(relative);
	if (asprintf(&path, "%.*s/%s", (int)(slash - csv->path), csv->path, relative) < 0)
		return NULL;
	return path;
}
