#include "base/inifile.h"

#include <errno.h>
#include <ini.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SECTION_MOST = 49 }; /* inih's buffer */

struct reader {
	FILE *file;
	int line;
	int bad_line; /* the first one that is refused here; 0: none */
	char why[80];
	struct inifile *ini;
	size_t capacity;
	int failure;
};

static void skip_rest_of_line(FILE *file)
{
	int c;

	do {
		c = getc(file);
	} while (c != '\n' && c != EOF);
}

static void __attribute__((format(printf, 2, 3)))
refuse_line(struct reader *reader, const char *format, ...)
{
	va_list args;

	if (reader->bad_line > 0)
		return;
	reader->bad_line = reader->line;
	va_start(args, format);
	vsnprintf(reader->why, sizeof(reader->why), format, args);
	va_end(args);
}

/* inih knows only ';' behind a value. */
static void cut_comment(char *text)
{
	for (char *p = text; *p; p++)
		if (*p == '#' && p > text && (p[-1] == ' ' || p[-1] == '\t')) {
			*p = '\0';
			return;
		}
}

/* inih drops what does not fit its buffer for a section, and what stands behind the bracket. */
static void check_section(struct reader *reader, const char *text)
{
	const char *end = text[0] == '[' ? strchr(text, ']') : NULL;

	if (!end)
		return;
	const char *rest = end + 1 + strspn(end + 1, " \t\r\n");
	if (*rest && *rest != ';' && *rest != '#')
		refuse_line(
		    reader, "something stands behind the ]; a section has a line to itself");
	if (end - text - 1 > SECTION_MOST)
		refuse_line(
		    reader, "the section's name is longer than %d characters", SECTION_MOST);
}

/*
 * inih takes an indented line for more of the value above it, and the rest of a line longer than
 * its buffer for a line of its own. Here indenting means nothing, and a long line is refused.
 */
static char *read_line(char *text, int size, void *stream)
{
	struct reader *reader = stream;

	if (!fgets(text, size, reader->file))
		return NULL;
	reader->line++;
	size_t length = strlen(text);
	bool ends = length > 0 && text[length - 1] == '\n';
	if (!ends && length + 1 == (size_t)size) {
		skip_rest_of_line(reader->file);
		refuse_line(reader, "longer than %d characters; shorten the line", size - 2);
	} else if (!ends && !feof(reader->file)) {
		refuse_line(reader, "holds a byte 0: this is no text file");
	}
	size_t indent = strspn(text, " \t");
	memmove(text, text + indent, length + 1 - indent);
	cut_comment(text);
	check_section(reader, text);
	return text;
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
	FILE *file = fopen(path, "re");

	*ini = (struct inifile){0};
	if (!file)
		return error_at(err, -errno, &(struct place){.file = path}, "cannot be read: %s",
		    strerror(errno));
	int result = inifile_read_stream(ini, file, path, err);
	fclose(file);
	return result;
}

int inifile_read_stream(struct inifile *ini, FILE *file, const char *path, struct error *err)
{
	struct reader reader = {.ini = ini, .file = file};
	struct place where = {.file = path};

	*ini = (struct inifile){.path = strdup(path)};
	int bad_line = ini_parse_stream(read_line, &reader, add_entry, &reader);
	if (ferror(reader.file))
		reader.failure = -errno;
	if (reader.failure)
		return error_at(
		    err, reader.failure, &where, "cannot be read: %s", strerror(-reader.failure));
	if (reader.bad_line > 0) {
		where.line = reader.bad_line;
		return error_at(err, -EINVAL, &where, "%s", reader.why);
	}
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

int inifile_given_before(const struct inifile *ini, size_t entry)
{
	const struct ini_entry *entries = ini->entries;

	for (size_t i = 0; i < entry; i++)
		if (strcmp(entries[i].key, entries[entry].key) == 0 &&
		    strcmp(entries[i].section, entries[entry].section) == 0)
			return entries[i].line;
	return 0;
}

struct place inifile_place(const struct inifile *ini, const struct ini_entry *entry)
{
	return (struct place){
	    .file = ini->path, .line = entry->line, .key = entry->key, .value = entry->value};
}
