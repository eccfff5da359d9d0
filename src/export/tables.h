/*
 * Nights as tables (RFC 4180: commas, quotes where needed, lines end with CR LF). Each number's
 * column names its unit, times are ISO 8601 with the offset of the place of measuring, and what is
 * not known is an empty cell. docs/names.md explains every column.
 */
#ifndef LUMBAR_EXPORT_TABLES_H
#define LUMBAR_EXPORT_TABLES_H

#include "export/range.h"

#include <stdio.h>

struct table {
	const char *name; /* "epochs"; the file is NAME.csv */
	int (*write)(const struct range *range, FILE *out, struct error *err);
};

/* One row a minute and mat; one a finding; one a stay in the chair of 5 min or more. */
#define TABLES 3
extern const struct table tables[TABLES];

/* NULL: there is none of that name. */
const struct table *tables_find(const char *name);

#endif
