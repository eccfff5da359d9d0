/* Reports of a night, as they are written. */
#ifndef LUMBAR_TESTS_REPORTS_H
#define LUMBAR_TESTS_REPORTS_H

#include "report/night_document.h"

#include <stdio.h>

/* The report of FIXTURE_DAY in the database at path, as it stands at now_ns, 0: at the end. */
struct report_night *reports_build(const char *path, int64_t now_ns);

typedef int report_writer(const struct report_night *, const struct language *, FILE *);

/* What is written in English, and as JSON; the caller frees. */
char *reports_written(report_writer *write, const struct report_night *report);
char *reports_json(const struct report_night *report);

/* Text without its line breaks and their indents, so that wrapped sentences can be found. */
char *reports_unwrapped(report_writer *write, const struct report_night *report);

void assert_has(const char *text, const char *words);
void assert_has_not(const char *text, const char *words);

#endif
