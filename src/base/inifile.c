#include "base/inifile.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	FILE *file;
	int line;
	struct inifile *ini;
	size_t capacity;
	int failure;
};

static char *read_line(char *text, int size, void *stream)
{
	struct reader *reader = stream;
	char *got = fgets(text, size, reader->file);

	if (got)
		reader->line++;
	return got;
}

static int add_entry(void *user, const char *section, const char *key, const char *value)
{
	struct reader *reader = user;
	struct inifile *ini = reader->ini;

	if (ini->n_entries == reader->capacity) {
		size_t wider = reader->capacity ? 2 * reader->capacity : 32;
		struct ini_entry *more = realloc(ini->entries, wider * sizeof(*more));
		if (!more) {
			reader->failure = -ENOMEM;
			return 0;
		}
		ini->entries = more;
		reader->capacity = wider;
	}
	struct ini_entry *entry = &ini->entries[ini->n_entries++];
	*entry = (struct ini_entry){
	    .section = strdup(section),
	    .key = strdup(key),
	    .value = strdup(value),
	    .line = reader->line,
	};
	if (!entry->section || !entry->key || !entry->value) {
		reader->failure = -ENOMEM;
		return 0;
	}
	return 1;
}

int inifile_read(struct inifile *ini, const char *path, struct error *err)
{
	struct reader reader = {.ini = ini};
	struct place where = {.file = path};

	*ini = (struct inifile){.path = strdup(path)};
	reader.file = fopen(path, "re");
	if (!reader.file)
		return error_at(err, -errno, &where, "cannot be read: %s", strerror(errno));
	int bad_line = ini_parse_stream(read_line, &reader, add_entry, &reader);
	fclose(reader.file);
	if (reader.failure)
		return error_at(err, reader.failure, &where, "out of memory");
	if (bad_line) {
		where.line = bad_line > 0 ? bad_line : 0;
		return error_at(err, -EINVAL, &where,
		    "not understood; write \"key = value\", \"[section]\" or \"# comment\"");
	}
	return 0;
}

void inifile_finish(struct inifile *ini)
{
	for (size_t i = 0; i < ini->n_entries; i++) {
		free(ini->entries[i].section);
		free(ini->entries[i].key);
		free(ini->entries[i].value);
	}
	free(ini->entries);
	free(ini->path);
	*ini = (struct inifile){0};
}

struct place inifile_place(const struct inifile *ini, const struct ini_entry *entry)
{
	return (struct place){
	    .file = ini->path, .line = entry->line, .key = entry->key, .value = entry->value};
}
