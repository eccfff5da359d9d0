/*
 * Sentences with named places, kept apart from what stands in them, so that they can be said later
 * in another language: "Lay on the front for {length}." and length = 754 s. Rules make phrases,
 * the store keeps them as text, the report says them. One thread for each phrase.
 */
#ifndef LUMBAR_CORE_PHRASE_H
#define LUMBAR_CORE_PHRASE_H

#include "base/language.h"

#include <stddef.h>

#define PHRASE_SIZE 400 /* of the text that is kept */
#define PHRASE_SAID 320 /* enough for what is said of it in the languages that there are */

/*
 * The text: a line for each sentence; after the sentence, each with a tab before it, its places:
 * name=s SECONDS (a duration), name=n COUNT, name=DIGITS VALUE (a number), name=c FROM TO (times of a day), name=w WORDS (translated), name=t TEXT
 * (as it is).
 * A sentence with a plural is "one|many", chosen by its place {n}.
 */
struct phrase {
	char text[PHRASE_SIZE];
};

/* Begins the next sentence, which the places that follow belong to. N_() marks it for xgettext. */
void phrase_sentence(struct phrase *phrase, const char *sentence);

/* The same with two forms; {n} is the number. */
void phrase_sentence_n(struct phrase *phrase, const char *one, const char *many, size_t n);

void phrase_duration(struct phrase *phrase, const char *place, double seconds);
void phrase_count(struct phrase *phrase, const char *place, size_t count);
void phrase_number(struct phrase *phrase, const char *place, double value, int digits);
/* When it was, after some words: ", 03:10-03:49". */
void phrase_span(struct phrase *phrase, const char *place, const char *from, const char *to);
void phrase_word(struct phrase *phrase, const char *place, const char *word);
void phrase_text(struct phrase *phrase, const char *place, const char *text); /* no tabs, lines */

/*
 * Says the kept text (phrase.text, or one from the store) in the language; returns `out`. What
 * does not fit is cut, a place without a value stays as it is.
 */
const char *phrase_say(const char *kept, const struct language *language, char *out, size_t size);

#endif
