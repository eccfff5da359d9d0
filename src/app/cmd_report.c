/*
 * lumbar report: a night, or the nights of a week or a month, gathered by src/report and written
 * as text, JSON, HTML or PDF, or one figure of it as PNG. lumbar trend: the same of any number of
 * nights.
 */
#include "app/command.h"
#include "app/output.h"
#include "base/clock.h"
#include "report/night_document.h"
#include "report/period.h"
#include "report/picture.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "[--night DATE] [--week | --month | --last N] "
                            "[--format text|json|html|pdf|png] [--figure NAME] [--lang LANGUAGE] "
                            "[-o FILE] [--database FILE]";

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
    "                         pdf; png: one figure of it, by its name\n"
    "      --figure NAME      of a png:\n";
static const char more_help[] =
    "      --lang LANGUAGE    en, de, es, zh_CN; without it as LC_ALL, LC_MESSAGES or LANG say\n"
    "  -o, --output FILE      write to FILE, which is there whole or not at all\n"
    "      --database FILE    default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db\n";

enum format { FORMAT_TEXT, FORMAT_JSON, FORMAT_HTML, FORMAT_PDF, FORMAT_PNG, FORMAT_COUNT };

struct arguments {
	const char *database, *output, *help, *figure;
	const struct language *language;
	enum format format;
	size_t n_days; /* 0: one night */
	bool has_day;
	int32_t day;
};

/* ---- the command line ------------------------------------------------------------------------ */

static int parse_format(const char *command, const char *text, enum format *format)
{
	static const char *const names[FORMAT_COUNT] = {"text", "json", "html", "pdf", "png"};

	for (enum format f = FORMAT_TEXT; f < FORMAT_COUNT; f++)
		if (strcmp(text, names[f]) == 0) {
			*format = f;
			return EXIT_OK;
		}
	fprintf(stderr, "lumbar %s: --format %s: text, json, html, pdf or png\n", command, text);
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

static void print_help(const char *help)
{
	static const char indent[] = "                        ";
	size_t column = 0;

	printf("%s%s", help, common_help);
	for (size_t i = 0; picture_name(i); i++) {
		if (column == 0)
			column = (size_t)printf("%s", indent);
		column += (size_t)printf(" %s", picture_name(i));
		if (column > 80 || !picture_name(i + 1)) {
			putchar('\n');
			column = 0;
		}
	}
	fputs(more_help, stdout);
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
	case 'p':
		arguments->figure = optarg;
		return EXIT_OK;
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
		print_help(arguments->help);
		return -1;
	default:
		return command_usage(command, usage);
	}
}

static int check(const char *command, const struct arguments *arguments)
{
	bool png = arguments->format == FORMAT_PNG;

	if (png == (arguments->figure != NULL))
		return EXIT_OK;
	fprintf(stderr, "lumbar %s: %s\n", command,
	    png ? "--format png is one figure: give its name with --figure; --help lists them"
	        : "--figure is for --format png");
	return EXIT_USAGE;
}

static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
	    {"night", required_argument, NULL, 'n'},
	    {"format", required_argument, NULL, 'f'},
	    {"figure", required_argument, NULL, 'p'},
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
	return optind == argc ? check(argv[0], arguments) : command_usage(argv[0], usage);
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
	enum format format = subject->arguments->format;

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
