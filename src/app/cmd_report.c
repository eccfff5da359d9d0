/* lumbar report: one night, gathered by src/report and written as text, JSON or HTML. */
#include "app/command.h"
#include "base/clock.h"
#include "report/night_document.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] =
    "[--night DATE] [--format text|json|html|pdf] [--lang LANGUAGE] [-o FILE]\n"
    "       [--database FILE]";

static const char help[] =
    "usage: lumbar report [OPTIONS]\n"
    "The report of a night, which carries the date on which it ends (noon to noon).\n\n"
    "  --night DATE           2026-07-25; without it the newest night with data\n"
    "  --format FORMAT        text (the default), json, html (one file, nothing else needed) or "
    "pdf\n"
    "  --lang LANGUAGE        en, de, es, zh_CN; without it as LC_ALL, LC_MESSAGES or LANG say\n"
    "  -o, --output FILE      write to FILE, which is there whole or not at all\n"
    "  --database FILE        default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db\n";

typedef int report_writer(
    const struct report_night *report, const struct language *language, FILE *out);

struct arguments {
	const char *database, *output;
	report_writer *write;
	const struct language *language;
	bool has_day;
	int32_t day;
};

static report_writer *find_writer(const char *format)
{
	if (strcmp(format, "text") == 0)
		return report_text;
	if (strcmp(format, "json") == 0)
		return report_json;
	if (strcmp(format, "html") == 0)
		return report_html;
	if (strcmp(format, "pdf") == 0)
		return report_pdf;
	return NULL;
}

/* EXIT_OK, EXIT_USAGE, or -1: help was printed. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
	    {"night", required_argument, NULL, 'n'},
	    {"format", required_argument, NULL, 'f'},
	    {"lang", required_argument, NULL, 'l'},
	    {"output", required_argument, NULL, 'o'},
	    {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	bool known;
	int option;

	while ((option = getopt_long(argc, argv, "n:f:l:o:d:h", options, NULL)) != -1)
		switch (option) {
		case 'n':
			if (command_parse_day(argv[0], "--night", optarg, &arguments->day) != 0)
				return EXIT_USAGE;
			arguments->has_day = true;
			break;
		case 'f':
			arguments->write = find_writer(optarg);
			if (!arguments->write) {
				fprintf(stderr,
				    "lumbar report: --format %s: text, json, html or pdf\n",
				    optarg);
				return EXIT_USAGE;
			}
			break;
		case 'l':
			arguments->language = language_find(optarg, &known);
			if (known)
				break;
			fprintf(stderr, "lumbar report: --lang %s: no such language; there are en",
			    optarg);
			for (size_t i = 0; language_at(i); i++)
				fprintf(stderr, ", %s", language_code(language_at(i)));
			fputc('\n', stderr);
			return EXIT_USAGE;
		case 'o':
			arguments->output = optarg;
			break;
		case 'd':
			arguments->database = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return -1;
		default:
			return command_usage(argv[0], usage);
		}
	return optind == argc ? EXIT_OK : command_usage(argv[0], usage);
}

static int write_whole(
    const struct report_night *report, const struct arguments *arguments, const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -errno;
	int rc = arguments->write(report, arguments->language, out);
	if (fflush(out) != 0 || fsync(fileno(out)) != 0)
		rc = errno == EINVAL ? rc : -errno; /* EINVAL: a device, which cannot be synced */
	if (fclose(out) != 0 && rc == 0)
		rc = -errno;
	return rc;
}

/* Writes beside the target and renames: a reader never sees half a report. */
static int replace_file(const struct report_night *report, const struct arguments *arguments)
{
	char *part = NULL;

	if (asprintf(&part, "%s.part-%ld", arguments->output, (long)getpid()) < 0)
		return -ENOMEM;
	int rc = write_whole(report, arguments, part);
	if (rc == 0 && rename(part, arguments->output) != 0)
		rc = -errno;
	if (rc != 0)
		unlink(part);
	free(part);
	return rc;
}

static int write_file(
    const struct report_night *report, const struct arguments *arguments, struct error *err)
{
	const char *path = arguments->output;
	struct stat target, database;
	bool there = stat(path, &target) == 0;

	if (there && stat(command_database(arguments->database), &database) == 0 &&
	    target.st_dev == database.st_dev && target.st_ino == database.st_ino)
		return error_set(
		    err, -EEXIST, "%s: is the database; name another file for the report", path);
	/* A device or a pipe is written to; renaming would put a file in its place. */
	bool special = there && !S_ISREG(target.st_mode) && !S_ISDIR(target.st_mode);
	int rc = special ? write_whole(report, arguments, path) : replace_file(report, arguments);
	return rc == 0 ? 0 : error_set(err, rc, "%s: %s", path, strerror(-rc));
}

static int report_night_of(
    struct store *store, const struct arguments *arguments, struct error *err)
{
	struct report_night *report = NULL;
	int32_t day = arguments->day;
	int rc = arguments->has_day ? 0 : query_last_day(store, &day, err);

	if (rc == 0)
		rc = report_build(store, day, clock_real_ns(), &report, err);
	if (rc != 0)
		return rc;
	if (arguments->output) {
		rc = write_file(report, arguments, err);
	} else {
		rc = arguments->write(report, arguments->language, stdout);
		if (fflush(stdout) != 0 || rc != 0)
			rc = error_set(err, -EIO, "standard output: %s", strerror(errno));
	}
	report_free(report);
	return rc;
}

int cmd_report(int argc, char **argv)
{
	struct arguments arguments = {.write = report_text, .language = language_of_environment()};
	struct store *store = NULL;
	struct error err = {0};
	int status = parse(argc, argv, &arguments);

	if (status != EXIT_OK)
		return status < 0 ? EXIT_OK : status;
	int rc = store_open(&store, command_database(arguments.database), STORE_READ, &err);
	if (rc == 0)
		rc = report_night_of(store, &arguments, &err);
	store_close(store, NULL);
	return rc == 0 ? EXIT_OK : command_fault(argv[0], &err);
}
