#include "reports.h"

#include "night_fixture.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

struct report_night *reports_build(const char *path, int64_t now_ns)
{
	struct store *store = NULL;
	struct report_night *report = NULL;
	struct error err = {0};

	assert_int_equal(store_open(&store, path, STORE_READ, &err), 0);
	if (report_build(store, FIXTURE_DAY, now_ns, &report, &err) != 0)
		fail_msg("%s", err.text);
	store_close(store, NULL);
	return report;
}

char *reports_json(const struct report_night *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_json(report, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

char *reports_written(report_writer *write, const struct report_night *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(write(report, NULL, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

char *reports_unwrapped(report_writer *write, const struct report_night *report)
{
	char *text = reports_written(write, report), *to = text;

	for (char *from = text; *from; from++) {
		if (*from == '\n')
			*from = ' ';
		if (*from == ' ' && to > text && to[-1] == ' ')
			continue;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

void assert_has(const char *text, const char *words)
{
	if (!text || !words)
		fail_msg("nothing to look in");
	else if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%.3000s", words, text);
}

void assert_has_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("\"%s\" is in the report", words);
}
