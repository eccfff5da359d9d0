#include "app/report_format.h"

#include "report/night_document.h"

#include <errno.h>
#include <string.h>

static int write_json(const struct report_night *night, const struct language *language, FILE *out)
{
	(void)language; /* JSON has none */
	return report_json(night, out);
}

static const struct {
	const char *name, *ending;
	int (*write)(const struct report_night *, const struct language *, FILE *);
} formats[REPORT_FORMAT_COUNT] = {
    [REPORT_TEXT] = {"text", "txt", report_text},
    [REPORT_JSON] = {"json", "json", write_json},
    [REPORT_HTML] = {"html", "html", report_html},
    [REPORT_PDF] = {"pdf", "pdf", report_pdf},
};

const char *report_format_name(enum report_format format)
{
	return formats[format].name;
}

const char *report_format_ending(enum report_format format)
{
	return formats[format].ending;
}

int report_format_find(const char *name, enum report_format *format)
{
	for (enum report_format f = 0; f < REPORT_FORMAT_COUNT; f++)
		if (strcmp(formats[f].name, name) == 0) {
			*format = f;
			return 0;
		}
	return -EINVAL;
}

int report_format_write(enum report_format format, const struct report_night *night,
    const struct language *language, FILE *out)
{
	return formats[format].write(night, language, out);
}
