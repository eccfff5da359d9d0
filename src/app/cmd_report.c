/*
 * lumbar report: a night, or the nights of a week or a month, gathered by src/report and written
 * as text, JSON, HTML or PDF. lumbar trend: the same of any number of nights.
 */
#include "app/command.h"
#include "app/output.h"
#include "base/clock.h"
#include "report/night_document.h"
#include "report/period.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "[--night DATE] [--week | --month | --last N] "
                            "[--format text|json|html|pdf] [--lang LANGUAGE] [-o FILE] "
                            "[--database FILE]";

static const char report_help[] =
    "usage: lumbar report [OPTIONS]\n"
    "The report of a night, which carries the date on which it ends (noon to noon).\n\n"
    "      --night DATE       2026-07-25; without it the newest night with data\n"
    "      --week, --month    the 7 or 30 nights to that one, beside each other\n";
static const char trend_help[] =
    "usage: lumbar trend [OPTIONS]\n"
    "Nights side by side, and before and after what was noted (lumbar note).\n\n"
    "      --night DATE       the last of them; without it the newest night with data\n"
    "      --last N           so many nights, 2 to 92; without it 28\n";
static const char common_help[] =
    "      --format FORMAT    text (the default), json, html (one file, nothing else needed) or\n"
    "                         pdf\n"
    "      --lang LANGUAGE    en, de, es, zh_CN; without it as LC_ALL, LC_MESSAGES or LANG say\n"
    "  -o, --output FILE      write to FILE, which is there whole or not at all\n"
    "      --database FILE    default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db\n";

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML, FORMAT_PDF, FORMAT_COUNT };

struct arguments {
	const char *database, *output, *help;
	const struct language *language;
	enum format format;
	size_t n_days; /* 0: one night */
	bool has_day;
	int32_t day;
};

/* ---- the command line ------------------------------------------------------------------------ */

static int parse_format(const char *command, const char *text, enum format *format)
{
	static const char *const names[FORMAT_COUNT] = {"text", "json", "html", "pdf"};

	for (enum format f = FORMAT_TEXT; f < FORMAT_COUNT; f++)
		if (strcmp(text, names[f]) == 0) {
			*format = f;
			return EXIT_OK;
		}
	fprintf(stderr, "lumbar %s: --format %s: text, json, html or pdf\n", command, text);
	return EXIT_USAGE;
}

static int parse_language(const char *command, const char *text, const struct language **language)
{
	bool known;

	*language = language_find(text, &known);
	if (known)
		return EXIT_OK;
	fprintf(stderr, "lumbar %s: --lang %s: no such language; there are en", command, text);
	for (size_t i = 0; language_at(i); i++)
		fprintf(stderr, ", %s", language_code(language_at(i)));
	fputc('\n', stderr);
	return EXIT_USAGE;
}

static int parse_days(const char *command, const char *text, size_t *n_days)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end != text && !*end && n >= 2 && n <= PERIOD_DAYS_MAX) {
		*n_days = (size_t)n;
		return EXIT_OK;
	}
	fprintf(stderr, "lumbar %s: --last %s: give a number of nights from 2 to %d\n", command,
	    text, PERIOD_DAYS_MAX);
	return EXIT_USAGE;
}

/* EXIT_OK, EXIT_USAGE, or -1: help was printed. */
static int parse_option(int option, const char *command, struct arguments *arguments)
{
	switch (option) {
	case 'n':
		arguments->has_day = true;
		return command_parse_day(command, "--night", optarg, &arguments->day) == 0
		           ? EXIT_OK
		           : EXIT_USAGE;
	case 'f':
		return parse_format(command, optarg, &arguments->format);
	case 'g':
		return parse_language(command, optarg, &arguments->language);
	case 'l':
		return parse_days(command, optarg, &arguments->n_days);
	case 'w':
		arguments->n_days = 7;
		return EXIT_OK;
	case 'm':
		arguments->n_days = 30;
		return EXIT_OK;
	case 'o':
		arguments->output = optarg;
		return EXIT_OK;
	case 'd':
		arguments->database = optarg;
		return EXIT_OK;
	case 'h':
		fputs(arguments->help, stdout);
		fputs(common_help, stdout);
		return -1;
	default:
		return command_usage(command, usage);
	}
}

static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
	    {"night", required_argument, NULL, 'n'},
	    {"format", required_argument, NULL, 'f'},
	    {"lang", required_argument, NULL, 'g'},
	    {"last", required_argument, NULL, 'l'},
	    {"week", no_argument, NULL, 'w'},
	    {"month", no_argument, NULL, 'm'},
	    {"output", required_argument, NULL, 'o'},
	    {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int option, status = EXIT_OK;

	while (status == EXIT_OK &&
	       (option = getopt_long(argc, argv, "n:f:o:d:h", options, NULL)) != -1)
		status = parse_option(option, argv[0], arguments);
	if (status != EXIT_OK)
		return status;
	return optind == argc ? EXIT_OK : command_usage(argv[0], usage);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* What a writer is given: one of the two. */
struct subject {
	const struct arguments *arguments;
	const struct report_night *night;
	const struct report_period *period;
};

static int write_subject(const struct output *output, FILE *out)
{
	static int (*const writers[])(const struct document *, FILE *) = {
	    [FORMAT_TEXT] = document_write_text,
	    [FORMAT_HTML] = document_write_html,
	    [FORMAT_PDF] = document_write_pdf};
	const struct subject *subject = output->user;
	const struct language *language = subject->arguments->language;
	enum format format = subject->arguments->format;

	if (format == FORMAT_JSON)
		return subject->night ? report_json(subject->night, out)
		                      : period_json(subject->period, out);
	struct document *document = subject->night ? night_document(subject->night, language)
	                                           : period_document(subject->period, language);
	int rc = document ? writers[format](document, out) : -ENOMEM;
	document_destroy(document);
	return rc;
}

static int write_report(struct store *store, const struct arguments *arguments, struct error *err)
{
	struct report_night *night = NULL;
	struct report_period *period = NULL;
	int32_t day = arguments->day;
	int rc = arguments->has_day ? 0 : query_last_day(store, &day, err);

	if (rc == 0 && arguments->n_days == 0)
		rc = report_build(store, day, clock_real_ns(), &night, err);
	else if (rc == 0)
		rc = period_build(store, day, arguments->n_days, clock_real_ns(), &period, err);
	if (rc == 0) {
		struct subject subject = {.arguments = arguments, .night = night, .period = period};
		rc = output_write(&(struct output){.path = arguments->output,
		                      .database = arguments->database,
		                      .write = write_subject,
		                      .user = &subject},
		    err);
	}
	report_free(night);
	period_free(period);
	return rc;
}

static int run(int argc, char **argv, struct arguments *arguments)
{
	struct store *store = NULL;
	struct error err = {0};
	int status = parse(argc, argv, arguments);

	if (status != EXIT_OK)
		return status < 0 ? EXIT_OK : status;
	int rc = store_open(&store, command_database(arguments->database), STORE_READ, &err);
	if (rc == 0)
		rc = write_report(store, arguments, &err);
	store_close(store, NULL);
	return rc == 0 ? EXIT_OK : command_fault(argv[0], &err);
}

int cmd_report(int argc, char **argv)
{
	return run(argc, argv,
	    &(struct arguments){.help = report_help, .language = language_of_environment()});
}

int cmd_trend(int argc, char **argv)
{
	return run(argc, argv,
	    &(struct arguments){
	        .help = trend_help, .language = language_of_environment(), .n_days = 28});
}
