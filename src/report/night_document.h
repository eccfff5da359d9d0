/* One night as a document: what it says, in which order. */
#ifndef LUMBAR_REPORT_NIGHT_DOCUMENT_H
#define LUMBAR_REPORT_NIGHT_DOCUMENT_H

#include "report/document.h"
#include "report/night.h"

/*
 * The report must outlive the document, which the caller destroys. NULL: no memory.
 */
struct document *night_document(const struct report_night *report, const struct language *language);

/* Writes it down. language: NULL is English, JSON always is. 0, or -errno. */
int report_text(const struct report_night *report, const struct language *language, FILE *out);
int report_html(const struct report_night *report, const struct language *language, FILE *out);
int report_pdf(const struct report_night *report, const struct language *language, FILE *out);
int report_json(const struct report_night *report, FILE *out);

/* Its parts; each adds one section, or none where there is nothing to say. */
void night_add_tiles(struct document *document, const struct report_night *report);
void night_add_figures(struct document *document, const struct report_night *report);
void night_add_findings(struct document *document, const struct report_night *report);
void night_add_maps(struct document *document, const struct report_night *report);
void night_add_feeds(struct document *document, const struct report_night *report);
/* To the section of the figures. */
void night_add_postures(struct document *document, const struct report_night *report);
void night_add_nights(struct document *document, const struct report_night *report);
void night_add_data(struct document *document, const struct report_night *report);

/* The definitions of all terms that the document uses. */
void terms_add(struct document *document);

#endif
