#include "app/config_report.h"

#include "app/report_format.h"
#include "base/clock.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A century, in which no date of a report overflows. */
#define KEEP_DAYS_MAX 36500

static const struct option_spec report_options[] = {
    {"folder", OPTION_TEXT, "/var/lib/lumbar/reports", 0, 0, "", NULL, "where reports are kept"},
    {"formats", OPTION_TEXT, "html pdf", 0, 0, "", NULL, "of text, json, html and pdf"},
    {"language", OPTION_TEXT, "en", 0, 0, "", NULL, "en, de, es or zh_CN"},
    {"from", OPTION_TEXT, "6:00", 0, 0, "", NULL, "from when on a running night is reported"},
    {"keep_days", OPTION_INTEGER, "365", 0, KEEP_DAYS_MAX, "", NULL,
        "how long a report is kept; 0: for ever"},
    {0},
};

struct reading {
	struct config_entries entries;
	struct options options;
	struct report_config *to;
	struct problems *problems;
};

static void take_folder(struct reading *reading)
{
	const char *folder = options_text(&reading->options, "folder");
	struct place where = config_place(&reading->entries, "folder");

	if (folder[0] != '/')
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "give the whole path, as /var/lib/lumbar/reports");
	snprintf(reading->to->folder, sizeof(reading->to->folder), "%s", folder);
}

static void take_formats(struct reading *reading)
{
	struct place where = config_place(&reading->entries, "formats");
	char words[OPTION_TEXT_SIZE], *rest = words;
	enum report_format format;

	snprintf(words, sizeof(words), "%s", options_text(&reading->options, "formats"));
	for (char *word; (word = strtok_r(rest, ", ", &rest));) {
		if (report_format_find(word, &format) < 0) {
			error_at(problem_slot(reading->problems), -EINVAL, &where,
			    "no format is called %s; give some of text json html pdf", word);
			return;
		}
		reading->to->formats |= 1u << format;
	}
	if (reading->to->formats == 0)
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "give some of text json html pdf; who wants no reports does not switch on "
		    "lumbar-report.timer");
}

static void take_language(struct reading *reading)
{
	const char *code = options_text(&reading->options, "language");
	struct place where = config_place(&reading->entries, "language");
	bool known;

	reading->to->language = language_find(code, &known);
	if (!known)
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "there is no such language; docs/translating.md says how one is added");
}

static void take_from(struct reading *reading)
{
	enum { NOON_S = 12 * 3600 };
	const char *text = options_text(&reading->options, "from");
	struct place where = config_place(&reading->entries, "from");

	if (clock_parse_time(text, &reading->to->from_s) < 0 || reading->to->from_s >= NOON_S)
		error_at(problem_slot(reading->problems), -EINVAL, &where,
		    "give a time of day before noon, as 6:00");
}

void config_read_report(
    struct report_config *report, const struct inifile *ini, struct problems *problems)
{
	struct reading reading = {
	    .entries = config_find_section(ini, "report"), .to = report, .problems = problems};

	config_take(&reading.entries, report_options, &reading.options, problems);
	take_folder(&reading);
	take_formats(&reading);
	take_language(&reading);
	take_from(&reading);
	report->keep_days = (int32_t)options_integer(&reading.options, "keep_days");
}
