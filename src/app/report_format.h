/* The forms in which a night's report is written: their names, and their files' endings. */
#ifndef LUMBAR_APP_REPORT_FORMAT_H
#define LUMBAR_APP_REPORT_FORMAT_H

#include "base/language.h"
#include "report/night.h"

#include <stdio.h>

enum report_format {
	REPORT_TEXT,
	REPORT_JSON,
	REPORT_HTML,
	REPORT_PDF,
	REPORT_FORMAT_COUNT,
};

/* "text", "json", "html", "pdf"; and of a file: "txt", the others the same. */
const char *report_format_name(enum report_format format);
const char *report_format_ending(enum report_format format);

/* By its name: 0, or -EINVAL. */
int report_format_find(const char *name, enum report_format *format);

/* language: NULL is English, JSON always is. 0, or -errno. */
int report_format_write(enum report_format format, const struct report_night *night,
    const struct language *language, FILE *out);

#endif
