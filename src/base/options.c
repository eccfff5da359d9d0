#include "base/options.h"

#include "base/clock.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What one of the written unit is in the canonical unit. */
static const struct {
	const char *canonical, *written;
	double factor;
} units[] = {
    {"s", "ns", 1e-9},
    {"s", "us", 1e-6},
    {"s", "ms", 1e-3},
    {"s", "s", 1},
    {"s", "min", 60},
    {"s", "h", 3600},
    {"s", "d", 86400},
    {"mm", "mm", 1},
    {"mm", "cm", 10},
    {"mm", "m", 1000},
    {"hz", "hz", 1},
    {"hz", "khz", 1000},
    {"mmhg", "mmhg", 1},
    {"mmhg", "kpa", 7.50062}, /* 1 mmHg = 133.322 Pa (ISO 80000-4) */
    {"ratio", "ratio", 1},
    {"ratio", "%", 0.01},
    {"counts", "counts", 1},
    {"per_min", "/min", 1},
    {"kg", "kg", 1},
    {"kg", "g", 0.001},
    {"bytes", "B", 1},
    {"bytes", "kB", 1e3},
    {"bytes", "MB", 1e6},
    {"bytes", "GB", 1e9},
    {"bytes", "TB", 1e12},
};

static int find_option(const struct option_spec *specs, const char *key)
{
	for (int i = 0; specs[i].key; i++)
		if (strcmp(specs[i].key, key) == 0)
			return i;
	return -1;
}

int options_parse_number(const char *text, const char *unit, double *value)
{
	char *end;

	errno = 0;
	double number = strtod(text, &end);
	if (end == text || errno == ERANGE || !isfinite(number))
		return -EINVAL;
	while (isspace((unsigned char)*end))
		end++;
	if (*end == '\0') {
		*value = number;
		return 0;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(units[i].canonical, unit) == 0 &&
		    strcasecmp(units[i].written, end) == 0) {
			*value = number * units[i].factor;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse_bool(const char *text, double *value)
{
	static const char *const words[][2] = {
	    {"no", "yes"}, {"off", "on"}, {"false", "true"}, {"0", "1"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int answer = 0; answer < 2; answer++) {
			if (strcasecmp(text, words[i][answer]) == 0) {
				*value = answer;
				return 0;
			}
		}
	}
	return -EINVAL;
}

static int parse_choice(const char *text, const char *choices, double *value)
{
	size_t wanted = strlen(text);
	int index = 0;

	for (const char *word = choices; *word; index++) {
		size_t length = strcspn(word, " ");
		if (length == wanted && strncmp(word, text, length) == 0) {
			*value = index;
			return 0;
		}
		word += length + (word[length] == ' ');
	}
	return -EINVAL;
}

static void list_units(const char *canonical, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i].canonical, canonical) == 0 && used < size)
			used += (size_t)snprintf(
			    text + used, size - used, "%s%s", used ? ", " : "", units[i].written);
}

static int set_number(const struct option_spec *spec, const char *text, double *number,
    const struct place *where, struct error *err)
{
	char known[80];

	if (options_parse_number(text, spec->unit ? spec->unit : "", number) < 0) {
		list_units(spec->unit ? spec->unit : "", known, sizeof(known));
		if (known[0])
			return error_at(err, -EINVAL, where,
			    "not understood; give a number, alone (%s) or with one of: %s",
			    spec->unit, known);
		return error_at(err, -EINVAL, where, "not understood; give a number without unit");
	}
	if (spec->type == OPTION_INTEGER && *number != floor(*number))
		return error_at(err, -EINVAL, where, "give a whole number");
	if ((spec->min != 0 || spec->max != 0) && (*number < spec->min || *number > spec->max))
		return error_at(err, -ERANGE, where, "out of range; give %g to %g%s%s", spec->min,
		    spec->max, spec->unit && spec->unit[0] ? " " : "",
		    spec->unit ? spec->unit : "");
	return 0;
}

static int set_value(const struct option_spec *spec, struct option_value *value, const char *text,
    const struct place *where, struct error *err)
{
	double number = 0;
	int32_t day = 0;
	int result = 0;

	if (strlen(text) >= OPTION_TEXT_SIZE)
		return error_at(
		    err, -EINVAL, where, "longer than %d characters", OPTION_TEXT_SIZE - 1);
	switch (spec->type) {
	case OPTION_INTEGER:
	case OPTION_NUMBER:
		result = set_number(spec, text, &number, where, err);
		break;
	case OPTION_BOOL:
		if (parse_bool(text, &number) < 0)
			result = error_at(err, -EINVAL, where, "give yes or no");
		break;
	case OPTION_CHOICE:
		if (parse_choice(text, spec->choices, &number) < 0)
			result = error_at(err, -EINVAL, where, "give one of: %s", spec->choices);
		break;
	case OPTION_DATE:
		if (*text && clock_parse_day(text, &day) < 0)
			result = error_at(err, -EINVAL, where, "give a date, as 2026-07-25");
		number = day;
		break;
	case OPTION_TEXT:
		break;
	}
	if (result < 0)
		return result;
	value->number = number;
	snprintf(value->text, sizeof(value->text), "%s", text);
	return 0;
}

void options_init(struct options *options, const struct option_spec *specs)
{
	struct error err = {0};
	int result = 0;

	*options = (struct options){.specs = specs};
	for (int i = 0; specs[i].key; i++) {
		assert(i < OPTIONS_MAX);
		if (specs[i].fallback)
			result = set_value(&specs[i], &options->values[i], specs[i].fallback,
			    &(struct place){.key = specs[i].key, .value = specs[i].fallback}, &err);
		assert(result == 0);
	}
	(void)result;
}

int options_set(struct options *options, const char *key, const char *text,
    const struct place *where, struct error *err)
{
	char known[300] = "";
	size_t used = 0;
	int i = find_option(options->specs, key);

	if (i < 0) {
		for (int k = 0; options->specs[k].key && used < sizeof(known); k++)
			used += (size_t)snprintf(known + used, sizeof(known) - used, "%s%s",
			    used ? ", " : "", options->specs[k].key);
		return error_at(
		    err, -ENOENT, where, "unknown key; known here: %s", known[0] ? known : "none");
	}
	int result = set_value(&options->specs[i], &options->values[i], text, where, err);
	if (result == 0)
		options->values[i].given = true;
	return result;
}

int options_complete(const struct options *options, const struct place *where, struct error *err)
{
	for (int i = 0; options->specs[i].key; i++) {
		const struct option_spec *spec = &options->specs[i];
		if (!spec->fallback && !options->values[i].given)
			return error_at(
			    err, -EINVAL, where, "%s is missing: %s", spec->key, spec->help);
	}
	return 0;
}

static const struct option_value *value_of(const struct options *options, const char *key)
{
	int i = find_option(options->specs, key);

	assert(i >= 0);
	return &options->values[i];
}

double options_number(const struct options *options, const char *key)
{
	return value_of(options, key)->number;
}

long options_integer(const struct options *options, const char *key)
{
	return lround(value_of(options, key)->number);
}

bool options_bool(const struct options *options, const char *key)
{
	return value_of(options, key)->number != 0;
}

const char *options_text(const struct options *options, const char *key)
{
	return value_of(options, key)->text;
}

bool options_given(const struct options *options, const char *key)
{
	return value_of(options, key)->given;
}
