/* Text as HTML: the five characters that mean something are written as references. */
#ifndef LUMBAR_REPORT_HTML_H
#define LUMBAR_REPORT_HTML_H

#include <stdio.h>

void html_text(FILE *out, const char *text);

#endif
