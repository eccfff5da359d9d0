#include "base/language.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FORMS_MAX 3 /* of a plural: one, few, many */

struct translation {
	const char *text; /* "context\004text" where there is a context */
	const char *forms[FORMS_MAX];
};

struct language {
	const char *file, *code, *name;
	char decimal_mark;
	bool has_gap; /* a blank between sentences */
	unsigned (*form)(unsigned long n);
	const struct translation *translations;
	size_t n_translations;
};

/* A table and a function for each file of po/, and then `languages`. */
#include "base/languages.inc"

enum { N_LANGUAGES = sizeof(languages) / sizeof(languages[0]) };

const struct language *language_at(size_t i)
{
	return i < N_LANGUAGES ? &languages[i] : NULL;
}

static bool same(const char *a, const char *b, size_t length)
{
	return strncmp(a, b, length) == 0 && (b[length] == '\0' || b[length] == '_');
}

const struct language *language_find(const char *name, bool *found)
{
	size_t whole = strcspn(name, ".@"), plain = strcspn(name, "_-.@");
	const struct language *language = NULL;

	for (size_t i = 0; i < N_LANGUAGES; i++)
		if (same(name, languages[i].file, whole) || same(name, languages[i].code, whole))
			language = &languages[i];
	for (size_t i = 0; i < N_LANGUAGES && plain > 0 && !language; i++)
		if (same(name, languages[i].file, plain))
			language = &languages[i];
	*found = language || same(name, "en", plain) || same(name, "C", plain) ||
	         strcmp(name, "POSIX") == 0;
	return language;
}

const struct language *language_of_environment(void)
{
	static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
	bool found;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);
		if (value && *value)
			return language_find(value, &found);
	}
	return NULL;
}

const char *language_code(const struct language *language)
{
	return language ? language->code : "en";
}

const char *language_name(const struct language *language)
{
	return language ? language->name : "English";
}

char language_decimal_mark(const struct language *language)
{
	return language ? language->decimal_mark : '.';
}

const char *language_gap(const struct language *language)
{
	return !language || language->has_gap ? " " : "";
}

/* A few hundred texts, looked up a few hundred times a report: no index is needed. */
static const struct translation *find(
    const struct language *language, const char *context, const char *text)
{
	size_t n_context = context ? strlen(context) : 0;

	for (size_t i = 0; language && i < language->n_translations; i++) {
		const char *key = language->translations[i].text;

		if (context && (strncmp(key, context, n_context) != 0 || key[n_context] != '\004'))
			continue;
		if (strcmp(context ? key + n_context + 1 : key, text) == 0)
			return &language->translations[i];
	}
	return NULL;
}

const char *tr(const struct language *language, const char *text)
{
	const struct translation *found = find(language, NULL, text);

	return found ? found->forms[0] : text;
}

const char *tr_in(const struct language *language, const char *context, const char *text)
{
	const struct translation *found = find(language, context, text);

	return found ? found->forms[0] : text;
}

const char *tr_n(
    const struct language *language, const char *one, const char *many, unsigned long n)
{
	const struct translation *found = find(language, NULL, one);
	unsigned form = found ? language->form(n) : 0;

	if (found && form < FORMS_MAX && found->forms[form])
		return found->forms[form];
	return n == 1 ? one : many;
}

const char *language_number(
    const struct language *language, double value, int digits, char text[static NUMBER_SIZE])
{
	if (!isfinite(value))
		return strcpy(text, "-");
	snprintf(text, NUMBER_SIZE, "%.*f", digits, value);
	char *mark = strchr(text, '.');
	if (mark)
		*mark = language_decimal_mark(language);
	return text;
}

const char *language_percent(
    const struct language *language, double ratio, char text[static PERCENT_SIZE])
{
	if (!isfinite(ratio))
		return strcpy(text, "-");
	snprintf(text, PERCENT_SIZE, tr(language, "%.0f %%"), 100.0 * ratio);
	return text;
}

const char *language_duration(
    const struct language *language, double seconds, char text[static DURATION_SIZE])
{
	long minutes = lround(seconds / 60.0);

	if (!isfinite(seconds))
		return strcpy(text, "-");
	if (seconds < 60.0)
		snprintf(text, DURATION_SIZE, tr(language, "%ld s"), (long)seconds);
	else if (minutes < 60)
		snprintf(text, DURATION_SIZE, tr(language, "%ld min"), minutes);
	else if (minutes % 60 == 0)
		snprintf(text, DURATION_SIZE, tr(language, "%ld h"), minutes / 60);
	else
		snprintf(text, DURATION_SIZE, tr(language, "%ld h %02ld min"), minutes / 60,
		    minutes % 60);
	return text;
}
