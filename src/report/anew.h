/*
 * When her usual starts anew, and why: the breaks (store/breaks.h) that lie among the nights of a
 * report, said and as JSON.
 */
#ifndef LUMBAR_REPORT_ANEW_H
#define LUMBAR_REPORT_ANEW_H

#include "report/document.h"
#include "store/breaks.h"

#include <jansson.h>

/* The breaks between the nights that end on [first, last]; not a mere calibration. As query_breaks(). */
int anew_read(struct store *store, int32_t first, int32_t last, struct stored_break **breaks,
    size_t *n, struct error *err);

/*
 * A sentence for each break that bounds what the last of the nights is compared with: when, why,
 * and how many nights there are since. is_now: the last night is not counted.
 */
void anew_say(struct document *document, const struct stored_break *breaks, size_t n_breaks,
    const struct night_facts *nights, size_t n_nights, bool is_now);

/* In small print, what the lines in the bars are; nothing where there are none. */
void anew_explain(struct document *document, const struct night_facts *nights, size_t n_nights);

/* An array of the breaks; an object with her usual of every measure. */
json_t *anew_json(const struct stored_break *breaks, size_t n);
json_t *usual_json(const struct night_facts *nights, size_t n_nights, bool is_now);

#endif
