#include "base/csv.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What spreadsheets put before the first line of UTF-8 text. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

struct csv {
	char *path;
	size_t n_columns, n_rows, capacity; /* row 0 of cells is the header */
	char **cells;
	int *lines;
};

static char *trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	size_t length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

static size_t count_cells(const char *line)
{
	size_t n = 1;

	for (; *line; line++)
		n += *line == ',';
	return n;
}

static int reserve_row(struct csv *csv)
{
	if (csv->n_rows < csv->capacity)
		return 0;
	size_t wider = csv->capacity ? 2 * csv->capacity : 64;
	char **cells = realloc(csv->cells, wider * csv->n_columns * sizeof(*cells));
	if (!cells)
		return -ENOMEM;
	csv->cells = cells;
	int *lines = realloc(csv->lines, wider * sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	csv->lines = lines;
	csv->capacity = wider;
	return 0;
}

static int add_row(struct csv *csv, char *line, int number, struct error *err)
{
	struct place where = {.file = csv->path, .line = number};
	size_t n = count_cells(line);

	if (csv->n_rows == 0)
		csv->n_columns = n;
	if (n != csv->n_columns)
		return error_at(
		    err, -EINVAL, &where, "%zu cells where the header has %zu", n, csv->n_columns);
	if (reserve_row(csv) < 0)
		return error_at(err, -ENOMEM, &where, "out of memory");
	char **row = csv->cells + csv->n_rows * n;
	memset(row, 0, n * sizeof(*row));
	csv->lines[csv->n_rows++] = number;
	for (size_t i = 0; i < n; i++) {
		char *cell = strsep(&line, ",");
		row[i] = strdup(trim(cell));
		if (!row[i])
			return error_at(err, -ENOMEM, &where, "out of memory");
	}
	return 0;
}

static int read_rows(struct csv *csv, FILE *file, struct error *err)
{
	char *line = NULL;
	size_t size = 0;
	int number = 0;
	int result = 0;

	while (result == 0 && getline(&line, &size, file) >= 0) {
		number++;
		bool marked = number == 1 && strncmp(line, BYTE_ORDER_MARK, 3) == 0;
		char *text = trim(marked ? line + 3 : line);
		if (*text && *text != '#')
			result = add_row(csv, text, number, err);
	}
	free(line);
	if (result == 0 && ferror(file)) {
		int code = -errno;
		return error_at(err, code, &(struct place){.file = csv->path}, "cannot be read: %s",
		    strerror(-code));
	}
	if (result == 0 && csv->n_rows == 0)
		return error_at(err, -EINVAL, &(struct place){.file = csv->path},
		    "empty; the first line names the columns");
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
	for (size_t i = 0; i < csv->n_rows * csv->n_columns; i++)
		free(csv->cells[i]);
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
