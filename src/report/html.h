/* What the pieces of a page share. One thread. */
#ifndef LUMBAR_REPORT_HTML_H
#define LUMBAR_REPORT_HTML_H

#include "report/document.h"

#include <stdio.h>

struct page {
	const struct document *document;
	const struct language *language;
	FILE *out;
	struct canvas *canvas; /* SVG into out */
};

/* The five characters that mean something in HTML are written as references. */
void html_text(FILE *out, const char *text);
/* An element with text in it: tag may have attributes; text NULL: none. */
void html_element(const struct page *page, const char *tag, const char *text);
/* The name of a block, which leads to its definition where it has one. */
void html_name(const struct page *page, const struct block *block);

void html_strips(const struct page *page);
void html_map(const struct page *page, const struct block *block);
void html_shares(const struct page *page, const struct block *block);
void html_bars(const struct page *page, const struct block *block);

#endif
