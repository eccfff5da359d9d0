/* What a surface's section says of its parts: the driver, the rules, the body, the pipeline. */
#include "app/config_surface.h"

#include "detect/detector.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void list_drivers(char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; drivers[i] && used < size; i++)
		used += (size_t)snprintf(
		    text + used, size - used, "%s%s", i ? ", " : "", drivers[i]->name);
}

void section_take_driver(struct section *section)
{
	const char *name = options_text(&section->own, "driver");
	struct place where = section_place(section, "driver");
	char known[160];

	if (!options_given(&section->own, "driver"))
		return;
	section->config->driver = driver_find(name);
	if (section->config->driver) {
		options_init(&section->config->driver_options, section->config->driver->options);
		return;
	}
	list_drivers(known, sizeof(known));
	error_at(problem_slot(section->problems), -EINVAL, &where, "no such driver; there are: %s",
	    known);
}

/* Levenshtein's distance, for "did you mean"; words of up to 31 letters. */
static size_t distance(const char *a, const char *b)
{
	size_t row[32];
	size_t n = strnlen(b, 31);

	for (size_t k = 0; k <= n; k++)
		row[k] = k;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t k = 0; k < n; k++) {
			size_t changed = diagonal + (a[i] != b[k]);
			size_t shorter = row[k] < row[k + 1] ? row[k] + 1 : row[k + 1] + 1;
			diagonal = row[k + 1];
			row[k + 1] = changed < shorter ? changed : shorter;
		}
	}
	return row[n];
}

static const char *nearest_part(const char *prefix)
{
	const char *nearest = "pipeline";
	size_t least = distance(prefix, nearest);

	if (distance(prefix, "body") < least)
		least = distance(prefix, nearest = "body");
	for (size_t i = 0; drivers[i]; i++)
		if (distance(prefix, drivers[i]->name) < least)
			least = distance(prefix, nearest = drivers[i]->name);
	for (size_t i = 0; detectors[i]; i++)
		if (distance(prefix, detectors[i]->name) < least)
			least = distance(prefix, nearest = detectors[i]->name);
	return nearest;
}

static void set_enabled(
    const char *text, const struct place *where, bool *enabled, struct error *err)
{
	static const struct option_spec spec[] = {
	    {"enabled", OPTION_BOOL, "yes", 0, 0, "", NULL, "whether the rule judges"}, {0}};
	struct options options;

	options_init(&options, spec);
	if (options_set(&options, "enabled", text, where, err) == 0)
		*enabled = options_bool(&options, "enabled");
}

static void set_rule(struct section *section, size_t rule, const char *key,
    const struct ini_entry *entry, const struct place *where, struct error *err)
{
	struct surface_config *config = section->config;

	if (!(detectors[rule]->surfaces & 1u << config->surface.kind))
		error_at(err, -EINVAL, where, "the rule %s does not judge a %s; leave it out",
		    detectors[rule]->name, surface_kind_name(config->surface.kind));
	else if (strcmp(key, "enabled") == 0)
		set_enabled(entry->value, where, &config->rule_enabled[rule], err);
	else
		options_set(&config->rules[rule], key, entry->value, where, err);
}

static int find_rule(const char *name)
{
	for (size_t i = 0; detectors[i]; i++)
		if (strcmp(detectors[i]->name, name) == 0)
			return (int)i;
	return -1;
}

/* "part.key = value" */
static void take_dotted(struct section *section, const struct ini_entry *entry, struct error *err)
{
	struct surface_config *config = section->config;
	struct place where = inifile_place(section->entries.ini, entry);
	const char *key = strchr(entry->key, '.') + 1;
	char part[OPTION_TEXT_SIZE];

	snprintf(part, sizeof(part), "%.*s", (int)(key - 1 - entry->key), entry->key);
	int rule = find_rule(part);
	if (rule >= 0)
		set_rule(section, (size_t)rule, key, entry, &where, err);
	else if (strcmp(part, "body") == 0)
		options_set(&config->body, key, entry->value, &where, err);
	else if (strcmp(part, "pipeline") == 0)
		options_set(&config->pipeline, key, entry->value, &where, err);
	else if (config->driver && strcmp(part, config->driver->name) == 0)
		options_set(&config->driver_options, key, entry->value, &where, err);
	else if (driver_find(part))
		error_at(err, -EINVAL, &where, "the driver here is \"%s\"; set %s.%s or leave it",
		    options_text(&section->own, "driver"), options_text(&section->own, "driver"),
		    key);
	else
		error_at(err, -EINVAL, &where,
		    "no part \"%s\"; did you mean %s.%s? lumbar detectors and lumbar drivers "
		    "list what there is",
		    part, nearest_part(part), key);
}

/* Limits that do not fit each other are said where the last one of their rule stands. */
static void check_rule(struct section *section, size_t rule)
{
	const struct surface_config *config = section->config;
	const struct detector *detector = detectors[rule];
	const struct inifile *ini = section->entries.ini;
	void *state = calloc(1, detector->state_size);
	struct place where = section->place;
	struct error err = {0};
	size_t length = strlen(detector->name);

	for (size_t i = section->entries.first; i < section->entries.end; i++)
		if (strncmp(ini->entries[i].key, detector->name, length) == 0 &&
		    ini->entries[i].key[length] == '.')
			where = inifile_place(ini, &ini->entries[i]);
	if (!state)
		error_set(
		    problem_slot(section->problems), -ENOMEM, "%s: out of memory", detector->name);
	else if (detector->init(state, &config->rules[rule], &config->surface, &err) < 0)
		error_at(problem_slot(section->problems), err.code, &where, "%s", err.text);
	free(state);
}

static void check_rules(struct section *section)
{
	const struct surface_config *config = section->config;

	for (size_t i = 0; detectors[i]; i++)
		if (config->rule_enabled[i] && detectors[i]->surfaces & 1u << config->surface.kind)
			check_rule(section, i);
}

void section_take_parts(struct section *section)
{
	size_t before = section->problems->n_problems;

	for (size_t i = section->entries.first; i < section->entries.end; i++) {
		struct error err = {0};
		if (strchr(section->entries.ini->entries[i].key, '.'))
			take_dotted(section, &section->entries.ini->entries[i], &err);
		if (err.code)
			*problem_slot(section->problems) = err;
	}
	if (section->problems->n_problems == before)
		check_rules(section);
	struct error err = {0};
	const struct driver *driver = section->config->driver;
	/* A key that is misspelt is not also said to be missing. */
	if (!driver || section->problems->n_problems > before)
		return;
	struct place where = section_place(section, "driver");
	if (options_complete(&section->config->driver_options, &(struct place){0}, &err) < 0)
		error_at(problem_slot(section->problems), err.code, &where, "%s.%s", driver->name,
		    err.text);
}
