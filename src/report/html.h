/* The rooms of the HTML report; each writes one part of the page. */
#ifndef LUMBAR_REPORT_HTML_H
#define LUMBAR_REPORT_HTML_H

#include "report/night.h"

#include <stdio.h>

/* Text as HTML: the five characters that mean something are written as references. */
void html_text(FILE *out, const char *text);

void html_strips(FILE *out, const struct report_night *report);
void html_maps(FILE *out, const struct report_night *report);
void html_findings(FILE *out, const struct report_night *report);
void html_feeds(FILE *out, const struct report_night *report);
void html_nights(FILE *out, const struct report_night *report);
void html_quality(FILE *out, const struct report_night *report);

#endif
