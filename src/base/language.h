/*
 * What a person reads, in her language. English stands in the source and is the key; the other
 * languages are the files po/<code>.po in gettext's form, compiled in: nothing to install, and no
 * locale has to exist on the machine (docs/decisions/0006). All of it is read-only: any thread.
 */
#ifndef LUMBAR_BASE_LANGUAGE_H
#define LUMBAR_BASE_LANGUAGE_H

#include <stdbool.h>
#include <stddef.h>

struct language; /* NULL stands for English everywhere */

/*
 * By name, "de", "de_AT.UTF-8", "zh_CN", "zh-Hans", or without its country. *found is false for
 * what is none that we have; English (also "C") is NULL and found.
 */
const struct language *language_find(const char *name, bool *found);

/* Of LC_ALL, LC_MESSAGES and LANG the first that is set; English where nothing fits. */
const struct language *language_of_environment(void);

/* The i-th language after English, or NULL. */
const struct language *language_at(size_t i);

const char *language_code(const struct language *language); /* "en", "de", "zh-Hans": BCP 47 */
const char *language_name(const struct language *language); /* in itself: "Deutsch" */
char language_decimal_mark(const struct language *language);
const char *language_gap(const struct language *language); /* between two sentences: " " or "" */

/* Marks a text that tr() gets later, for xgettext. */
#define N_(text) text

/* `text` in the language; as it is where there is no translation. Borrowed for ever. */
__attribute__((format_arg(2))) const char *tr(const struct language *language, const char *text);

/* The same word in another place: `context` says where ("posture"), so that it can differ. */
const char *tr_in(const struct language *language, const char *context, const char *text);

/* By number: English has two forms, others have one or more. */
__attribute__((format_arg(2), format_arg(3))) const char *tr_n(
    const struct language *language, const char *one, const char *many, unsigned long n);

/* "0.27" or "0,27". digits: 0-9 after the mark; "-" when value is not finite. */
#define NUMBER_SIZE 24
const char *language_number(
    const struct language *language, double value, int digits, char text[static NUMBER_SIZE]);

/* "38 %" of a ratio of 0.38, or "-" when it is not finite; never broken before the sign. */
#define PERCENT_SIZE 24
const char *language_percent(
    const struct language *language, double ratio, char text[static PERCENT_SIZE]);

/* "2 h 05 min", "14 min", "50 s", in the language; seconds are cut, minutes rounded. */
#define DURATION_SIZE 48
const char *language_duration(
    const struct language *language, double seconds, char text[static DURATION_SIZE]);

#endif
