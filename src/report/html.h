/* The rooms of the HTML report; each writes one part of the page. */
#ifndef LUMBAR_REPORT_HTML_H
#define LUMBAR_REPORT_HTML_H

#include "report/canvas.h"
#include "report/night.h"

#include <stdio.h>

/* What every part writes with. */
struct page {
	const struct report_night *report;
	FILE *out;
	struct canvas *canvas; /* SVG into out */
};

/* Text as HTML: the five characters that mean something are written as references. */
void html_text(FILE *out, const char *text);

void html_strips(const struct page *page);
void html_maps(const struct page *page);
void html_findings(const struct page *page);
void html_feeds(const struct page *page);
void html_nights(const struct page *page);
void html_quality(const struct page *page);

#endif
