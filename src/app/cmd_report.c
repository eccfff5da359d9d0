/*
 * lumbar report: a night, or the nights of a week or a month, gathered by src/report and written
 * as text, JSON, HTML or PDF, or one figure of it as PNG. lumbar trend: the same of any number of
 * nights.
 */
#include "app/command.h"
#include "app/command_line.h"
#include "app/output.h"
#include "base/clock.h"
#include "report/night_document.h"
#include "report/period.h"
#include "report/picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML, FORMAT_PDF, FORMAT_PNG };

static const char *const format_names[] = {"text", "json", "html", "pdf", "png", NULL};

struct arguments {
	const char *database, *output, *figure;
	const struct language *language;
	int format;    /* FORMAT_ */
	size_t n_days; /* 0: one night */
	bool trend, has_day;
	int32_t day;
};

/* ---- the command line ------------------------------------------------------------------------ */

static bool take_language(const char *text, void *user)
{
	const struct language **language = user;
	bool known;

	*language = language_find(text, &known);
	return known;
}

/* "no such language; there are en, de" */
static void join_languages(char *text, size_t size)
{
	size_t n = (size_t)snprintf(text, size, "no such language; there are en");

	for (size_t i = 0; language_at(i) && n < size; i++)
		n += (size_t)snprintf(text + n, size - n, ", %s", language_code(language_at(i)));
}

/* "of a png: lying_h, ..." */
static void join_figures(char *text, size_t size)
{
	size_t n = (size_t)snprintf(text, size, "of a png:");

	for (size_t i = 0; picture_name(i) && n < size; i++)
		n += (size_t)snprintf(text + n, size - n, " %s", picture_name(i));
}

static int parse(int argc, char **argv, struct arguments *a)
{
	bool trend = a->trend;
	char figures[1024], languages[160];
	const struct command_option options[] = {
	    {"night", 'n', "DATE",
	        trend ? "the last of them; without it the newest night with data"
	              : "2026-07-25; without it the newest night with data",
	        .day = &a->day, .flag = &a->has_day},
	    {"last", 0, "N", trend ? "so many nights, 2 to 92; without it 28" : NULL,
	        .count = &a->n_days, .least = 2, .most = PERIOD_DAYS_MAX},
	    {"week", 0, NULL, trend ? NULL : "the 7 nights to that one, beside each other",
	        .count = &a->n_days, .least = 7},
	    {"month", 0, NULL, trend ? NULL : "the 30 nights to it", .count = &a->n_days,
	        .least = 30},
	    {"format", 'f', "FORMAT",
	        "text (the default), json, html (one file, nothing else needed) or pdf; png: one "
	        "figure of it, by its name",
	        .choice = &a->format, .choices = format_names},
	    {"figure", 0, "NAME", figures, .text = &a->figure},
	    {"lang", 0, "LANGUAGE",
	        "en, de, es, zh_CN; without it as LC_ALL, LC_MESSAGES or LANG say",
	        .take = take_language, .user = &a->language, .wants = languages},
	    {"output", 'o', "FILE", "write to FILE, which is there whole or not at all",
	        .text = &a->output},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &a->database},
	    {0},
	};
	const struct command_line line = {trend ? "lumbar trend" : "lumbar report",
	    "[--night DATE] [--week | --month | --last N] [--format text|json|html|pdf|png] "
	    "[--figure NAME] [--lang LANGUAGE] [-o FILE] [--database FILE]",
	    trend
	        ? "Nights side by side, and before and after what was noted (lumbar note)."
	        : "The report of a night, which carries the date on which it ends (noon to noon).",
	    options, 0, 0};

	join_figures(figures, sizeof(figures));
	join_languages(languages, sizeof(languages));
	int status = command_line_read(&line, argc, argv);
	bool png = a->format == FORMAT_PNG;
	if (status != COMMAND_RUN || png == (a->figure != NULL))
		return status;
	return command_line_wrong(&line, "%s",
	    png ? "--format png is one figure: give its name with --figure; --help lists them"
	        : "--figure is for --format png");
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What a writer is given: a night or a period, and for people its document. */
struct subject {
	const struct arguments *arguments;
	const struct report_night *night;
	const struct report_period *period;
	struct document *document; /* NULL: JSON */
};

static int write_subject(const struct output *output, FILE *out)
{
	static int (*const writers[])(const struct document *, FILE *) = {
	    [FORMAT_TEXT] = document_write_text,
	    [FORMAT_HTML] = document_write_html,
	    [FORMAT_PDF] = document_write_pdf};
	const struct subject *subject = output->user;
	int format = subject->arguments->format;

	if (format == FORMAT_JSON)
		return subject->night ? report_json(subject->night, out)
		                      : period_json(subject->period, out);
	if (format == FORMAT_PNG)
		return picture_write(subject->document, subject->arguments->figure, out);
	return writers[format](subject->document, out);
}

static int make_document(struct subject *subject, struct error *err)
{
	const struct arguments *arguments = subject->arguments;

	if (arguments->format == FORMAT_JSON)
		return 0;
	subject->document = subject->night ? night_document(subject->night, arguments->language)
	                                   : period_document(subject->period, arguments->language);
	if (!subject->document)
		return error_set(err, -ENOMEM, "out of memory");
	return arguments->format == FORMAT_PNG
	           ? picture_check(subject->document, arguments->figure, err)
	           : 0;
}

static int write_report(struct store *store, void *user, struct error *err)
{
	const struct arguments *arguments = user;
	struct report_night *night = NULL;
	struct report_period *period = NULL;
	int32_t day = arguments->day;
	int rc = arguments->has_day ? 0 : query_last_day(store, &day, err);

	if (rc == 0 && arguments->n_days == 0)
		rc = report_build(store, day, clock_real_ns(), &night, err);
	else if (rc == 0)
		rc = period_build(store, day, arguments->n_days, clock_real_ns(), &period, err);
	struct subject subject = {.arguments = arguments, .night = night, .period = period};
	if (rc == 0)
		rc = make_document(&subject, err);
	if (rc == 0)
		rc = output_write(&(struct output){.path = arguments->output,
		                      .database = arguments->database,
		                      .write = write_subject,
		                      .user = &subject},
		    err);
	document_destroy(subject.document);
	report_free(night);
	period_free(period);
	return rc;
}

static int run(int argc, char **argv, struct arguments *arguments)
{
	int status = parse(argc, argv, arguments);

	return status != COMMAND_RUN ? status
	                             : command_with_store(argv[0], arguments->database, STORE_READ,
	                                   write_report, arguments);
}

int cmd_report(int argc, char **argv)
{
	return run(argc, argv, &(struct arguments){.language = language_of_environment()});
}

int cmd_trend(int argc, char **argv)
{
	return run(argc, argv,
	    &(struct arguments){
	        .trend = true, .language = language_of_environment(), .n_days = 28});
}
