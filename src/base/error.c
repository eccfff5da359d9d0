#include "base/error.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * Keeps the promise of one line, lets no control character of a damaged file reach a terminal, and
 * shows where text that would not fit was cut.
 */
static void finish_text(struct error *err, bool whole)
{
	for (char *c = err->text; *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
	if (!whole)
		memcpy(err->text + sizeof(err->text) - 4, "...", 4);
}

__attribute__((format(printf, 4, 0))) static int write_text(
    struct error *err, int code, const char *opening, const char *format, va_list args)
{
	char body[sizeof(err->text)];

	if (!err)
		return code;
	int wanted = vsnprintf(body, sizeof(body), format, args);
	snprintf(err->text, sizeof(err->text), "%s%s", opening, body);
	err->code = code;
	finish_text(err, strlen(opening) + (size_t)wanted < sizeof(err->text));
	return code;
}

int error_set(struct error *err, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	write_text(err, code, "", format, args);
	va_end(args);
	return code;
}

int error_at(struct error *err, int code, const struct place *where, const char *format, ...)
{
	char opening[300] = "";
	size_t used = 0;
	va_list args;

	if (where->file && where->line > 0)
		used += (size_t)snprintf(
		    opening, sizeof(opening), "%.120s:%d: ", where->file, where->line);
	else if (where->file)
		used += (size_t)snprintf(opening, sizeof(opening), "%.120s: ", where->file);
	if (where->key && where->value)
		snprintf(opening + used, sizeof(opening) - used, "%.60s = %.80s: ", where->key,
		    where->value);
	else if (where->key)
		snprintf(opening + used, sizeof(opening) - used, "%.60s: ", where->key);
	va_start(args, format);
	write_text(err, code, opening, format, args);
	va_end(args);
	return code;
}

int error_prefix(struct error *err, const char *format, ...)
{
	char rest[sizeof(err->text)];
	char opening[200];
	va_list args;

	if (!err)
		return 0;
	memcpy(rest, err->text, sizeof(rest));
	va_start(args, format);
	vsnprintf(opening, sizeof(opening), format, args);
	va_end(args);
	int wanted = snprintf(err->text, sizeof(err->text), "%s: %s", opening, rest);
	finish_text(err, (size_t)wanted < sizeof(err->text));
	return err->code;
}
