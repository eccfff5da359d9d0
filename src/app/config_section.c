#include "app/config_section.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct error *problem_slot(struct problems *problems)
{
	size_t at = problems->n_problems++;

	return &problems->list[at < PROBLEMS_MAX ? at : PROBLEMS_MAX - 1];
}

bool config_next_section(struct config_entries *entries)
{
	const struct inifile *ini = entries->ini;

	entries->first = entries->end;
	if (entries->first == ini->n_entries)
		return false;
	while (entries->end < ini->n_entries &&
	       strcmp(ini->entries[entries->end].section, config_heading(entries)) == 0)
		entries->end++;
	return true;
}

struct config_entries config_find_section(const struct inifile *ini, const char *heading)
{
	struct config_entries entries = {.ini = ini};

	while (config_next_section(&entries))
		if (strcmp(config_heading(&entries), heading) == 0)
			break;
	return entries;
}

const char *config_heading(const struct config_entries *entries)
{
	return entries->ini->entries[entries->first].section;
}

void config_name(const char *heading, const char *kind, char name[static SURFACE_NAME_SIZE],
    const struct place *where, struct problems *problems)
{
	const char *given = heading + strlen(kind);

	if (!*given || strlen(given) >= SURFACE_NAME_SIZE ||
	    given[strspn(given, "abcdefghijklmnopqrstuvwxyz0123456789_-")] != '\0')
		error_at(problem_slot(problems), -EINVAL, where,
		    "[%s%s]: give a name of 1 to %d of a-z 0-9 _ -", kind, given,
		    SURFACE_NAME_SIZE - 1);
	snprintf(name, SURFACE_NAME_SIZE, "%s", given);
}

struct place config_place(const struct config_entries *entries, const char *key)
{
	const struct ini_entry *list = entries->ini->entries;

	for (size_t i = entries->first; i < entries->end; i++)
		if (strcmp(list[i].key, key) == 0)
			return inifile_place(entries->ini, &list[i]);
	return (struct place){.file = entries->ini->path,
	    .line = entries->first < entries->end ? list[entries->first].line : 0};
}

void config_take(const struct config_entries *entries, const struct option_spec *specs,
    struct options *options, struct problems *problems)
{
	struct place section = config_place(entries, "");
	size_t before = problems->n_problems;

	options_init(options, specs);
	for (size_t i = entries->first; i < entries->end; i++) {
		const struct ini_entry *entry = &entries->ini->entries[i];
		struct place where = inifile_place(entries->ini, entry);
		int stands = inifile_given_before(entries->ini, i);
		struct error err = {0};
		if (stands)
			error_at(
			    &err, -EINVAL, &where, "stands already at line %d; keep one", stands);
		else
			options_set(options, entry->key, entry->value, &where, &err);
		if (err.code)
			*problem_slot(problems) = err;
	}
	struct error err = {0};
	/* A key whose value is wrong is not also said to be missing. */
	if (problems->n_problems == before && options_complete(options, &section, &err) < 0)
		*problem_slot(problems) = err;
}
