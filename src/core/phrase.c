#include "core/phrase.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SENTENCE_SIZE 240
#define WORDS_SIZE    160 /* of what stands in a place */

static void __attribute__((format(printf, 2, 3)))
append(struct phrase *phrase, const char *format, ...)
{
	size_t used = strlen(phrase->text);
	va_list args;

	va_start(args, format);
	vsnprintf(phrase->text + used, sizeof(phrase->text) - used, format, args);
	va_end(args);
}

void phrase_sentence(struct phrase *phrase, const char *sentence)
{
	append(phrase, "%s%s", phrase->text[0] ? "\n" : "", sentence);
}

void phrase_sentence_n(struct phrase *phrase, const char *one, const char *many, size_t n)
{
	append(phrase, "%s%s|%s", phrase->text[0] ? "\n" : "", one, many);
	phrase_count(phrase, "n", n);
}

void phrase_duration(struct phrase *phrase, const char *place, double seconds)
{
	append(phrase, "\t%s=s %.0f", place, seconds);
}

void phrase_count(struct phrase *phrase, const char *place, size_t count)
{
	append(phrase, "\t%s=n %zu", place, count);
}

void phrase_number(struct phrase *phrase, const char *place, double value, int digits)
{
	append(phrase, "\t%s=%d %.9g", place, digits, value);
}

void phrase_span(struct phrase *phrase, const char *place, const char *from, const char *to)
{
	append(phrase, "\t%s=c %s %s", place, from, to);
}

void phrase_word(struct phrase *phrase, const char *place, const char *word)
{
	append(phrase, "\t%s=w %s", place, word);
}

void phrase_text(struct phrase *phrase, const char *place, const char *text)
{
	append(phrase, "\t%s=t %s", place, text);
}

/* ---- saying --------------------------------------------------------------------------------- */

/* What is written: never beyond size, always ended. */
struct voice {
	const struct language *language;
	char *out;
	size_t size, used;
};

static void put(struct voice *voice, const char *text, size_t length)
{
	if (voice->used + length >= voice->size)
		length = voice->size - 1 - voice->used;
	memcpy(voice->out + voice->used, text, length);
	voice->used += length;
	voice->out[voice->used] = '\0';
}

/* The value of a place among "\tname=kind value..." up to the line's end; NULL: there is none. */
static const char *value_of(const char *places, const char *name, size_t n_name)
{
	for (const char *at = places; *at == '\t'; at += 1 + strcspn(at + 1, "\t\n"))
		if (strncmp(at + 1, name, n_name) == 0 && at[1 + n_name] == '=')
			return at + 2 + n_name;
	return NULL;
}

/* Times as "03:10 03:49". */
static void say_span(
    const struct language *language, const char *what, char text[static WORDS_SIZE])
{
	char from[8] = "", to[8] = "";

	sscanf(what, "%7s %7s", from, to);
	/* xgettext: from and to, in the midst of a sentence */
	snprintf(text, WORDS_SIZE, tr(language, ", %1$s-%2$s"), from, to);
}

static void put_value(struct voice *voice, const char *value)
{
	char text[WORDS_SIZE];
	const char *what = value + 2;

	if (value[0] == 's')
		language_duration(voice->language, strtod(what, NULL), text);
	else if (value[0] == 'c')
		say_span(voice->language, what, text);
	else if (value[0] == 'n')
		snprintf(text, sizeof(text), "%ld", strtol(what, NULL, 10));
	else if (value[0] >= '0' && value[0] <= '9')
		language_number(voice->language, strtod(what, NULL), value[0] - '0', text);
	else
		snprintf(text, sizeof(text), "%.*s", (int)strcspn(what, "\t\n"), what);
	what = value[0] == 'w' ? tr(voice->language, text) : text;
	put(voice, what, strlen(what));
}

/* The sentence in the language: `sentence` is "one|many" where it has a plural. */
static const char *translated(const struct voice *voice, char *sentence, const char *places)
{
	char *many = strchr(sentence, '|');

	if (!many)
		return tr(voice->language, sentence);
	*many++ = '\0';
	const char *n = value_of(places, "n", 1);
	return tr_n(voice->language, sentence, many, n ? strtoul(n + 2, NULL, 10) : 0);
}

static void say_sentence(struct voice *voice, const char *kept)
{
	char sentence[SENTENCE_SIZE];
	size_t length = strcspn(kept, "\t\n");
	const char *places = kept + length;

	if (length >= sizeof(sentence))
		length = sizeof(sentence) - 1;
	memcpy(sentence, kept, length);
	sentence[length] = '\0';
	for (const char *at = translated(voice, sentence, places); *at;) {
		size_t plain = strcspn(at, "{");
		size_t name = at[plain] ? strcspn(at + plain + 1, "}") : 0;
		const char *value = name ? value_of(places, at + plain + 1, name) : NULL;

		put(voice, at, plain);
		at += plain;
		if (value)
			put_value(voice, value);
		else if (*at)
			put(voice, at, 1);
		at += value ? name + 2 : *at != '\0';
	}
}

const char *phrase_say(const char *kept, const struct language *language, char *out, size_t size)
{
	struct voice voice = {.language = language, .out = out, .size = size};

	*out = '\0';
	for (const char *line = kept; *line; line += line[strcspn(line, "\n")] == '\n') {
		if (voice.used > 0)
			put(&voice, language_gap(language), strlen(language_gap(language)));
		say_sentence(&voice, line);
		line += strcspn(line, "\n");
	}
	return out;
}
