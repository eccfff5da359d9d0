/*
 * Options: the settings of a driver, a detector or a section, described by const rows. The same
 * rows parse and range-check the configuration, print `lumbar drivers`, and make the manual.
 */
#ifndef LUMBAR_BASE_OPTIONS_H
#define LUMBAR_BASE_OPTIONS_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum option_type {
	OPTION_INTEGER,
	OPTION_NUMBER,
	OPTION_BOOL,
	OPTION_TEXT,
	OPTION_CHOICE,
	OPTION_DATE, /* 2026-07-25: days since 1970-01-01; "" is 0, no date */
};

/*
 * One row. Tables end with a row whose key is NULL and hold at most OPTIONS_MAX rows.
 * fallback is text in the canonical unit, NULL when the option must be given.
 * unit is the canonical unit of a number: s, mm, hz, mmhg, ratio, counts, per_min, "" (none).
 * Numbers may be written with any unit of the same kind: 500 ms, 2 h, 15 min, 2.5 cm, 10 %.
 * A choice's words stand in `choices`, separated by one space.
 */
struct option_spec {
	const char *key;
	enum option_type type;
	const char *fallback;
	double min, max; /* in the canonical unit; both 0: unbounded */
	const char *unit;
	const char *choices;
	const char *help;
};

#define OPTIONS_MAX      24
#define OPTION_TEXT_SIZE 256

struct option_value {
	bool given;    /* written by the user, not the fallback */
	double number; /* integer, number, bool (0 or 1), choice (index), date (days) */
	char text[OPTION_TEXT_SIZE];
};

struct options {
	const struct option_spec *specs;
	struct option_value values[OPTIONS_MAX];
};

/* Sets every option to its fallback. A fallback that its own row refuses is our bug (assert). */
void options_init(struct options *options, const struct option_spec *specs);

/*
 * Sets `key` from text. Returns 0; -ENOENT when no row has the key (the error names the nearest
 * ones); -EINVAL for a value, unit or word not understood; -ERANGE outside [min, max].
 * `where` opens the error; where->key and where->value are the user's own spelling.
 */
int options_set(struct options *options, const char *key, const char *text,
    const struct place *where, struct error *err);

/* -EINVAL naming the first option without fallback that was not given, else 0. */
int options_complete(const struct options *options, const struct place *where, struct error *err);

/* Read one by its key; a key that the table does not have is our bug (assert). Borrowed text. */
double options_number(const struct options *options, const char *key);
long options_integer(const struct options *options, const char *key);
bool options_bool(const struct options *options, const char *key);
const char *options_text(const struct options *options, const char *key);
bool options_given(const struct options *options, const char *key);

/*
 * "90 min" -> seconds when unit is "s", and so on for each canonical unit above.
 * Returns 0, -EINVAL for no number or an unknown unit. Also for command-line arguments.
 */
int options_parse_number(const char *text, const char *unit, double *value);

#endif
