/* lumbar export: recorded nights in the forms that other programs read. */
#include "app/command.h"
#include "app/output.h"
#include "base/clock.h"
#include "export/edf.h"
#include "export/fhir.h"
#include "export/range.h"
#include "export/tables.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usage[] = "[--night DATE | --from DATE [--to DATE]] [--format csv|edf|fhir] "
                            "[--table NAME] [-o FOLDER|FILE] [--database FILE]";

static const char help[] =
    "usage: lumbar export [OPTIONS]\n"
    "Recorded nights, each from noon to noon, for other programs. Their columns, signals and\n"
    "codes are explained in names.md.\n\n"
    "      --night DATE       the night that ends on DATE; without it the newest with data\n"
    "      --from, --to DATE  all nights that end on these dates or between, 366 at most;\n"
    "                         without --to up to the newest with data\n"
    "      --format csv       the default: three tables (RFC 4180), written as epochs.csv,\n"
    "                         events.csv and feeds.csv into the folder that -o names\n"
    "                edf      EDF+, one value a minute, with annotations, to -o FILE or standard\n"
    "                         output; a signal's lowest value means: not known. No wave forms:\n"
    "                         the database keeps minutes, not frames\n"
    "                fhir     a FHIR R4 Bundle of Observations, as JSON, to -o FILE or standard\n"
    "                         output; nobody is named in it\n"
    "      --table NAME       csv: only epochs, events or feeds, to -o FILE or standard output\n"
    "  -o, --output PATH      the folder of the tables, which is made, or the file\n"
    "      --database FILE    default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db\n";

enum format { FORMAT_CSV, FORMAT_EDF, FORMAT_FHIR, FORMAT_COUNT };

struct arguments {
	const char *database, *output;
	enum format format;
	const struct table *table; /* NULL: all */
	bool has_from, has_to;
	int32_t from, to;
};

/* ---- the command line ------------------------------------------------------------------------ */

static int parse_table(const char *name, const struct table **table)
{
	*table = tables_find(name);
	if (*table)
		return EXIT_OK;
	fprintf(stderr, "lumbar export: --table %s: epochs, events or feeds\n", name);
	return EXIT_USAGE;
}

static int parse_format(const char *text, enum format *format)
{
	static const char *const names[FORMAT_COUNT] = {"csv", "edf", "fhir"};

	for (enum format f = FORMAT_CSV; f < FORMAT_COUNT; f++)
		if (strcmp(text, names[f]) == 0) {
			*format = f;
			return EXIT_OK;
		}
	fprintf(stderr, "lumbar export: --format %s: csv, edf or fhir\n", text);
	return EXIT_USAGE;
}

/* EXIT_OK, EXIT_USAGE, or -1: help was printed. */
static int parse_option(int option, struct arguments *arguments)
{
	int status;

	switch (option) {
	case 'n':
		status = command_parse_day("export", "--night", optarg, &arguments->from);
		arguments->to = arguments->from;
		arguments->has_from = arguments->has_to = true;
		return status;
	case 'a':
		arguments->has_from = true;
		return command_parse_day("export", "--from", optarg, &arguments->from);
	case 'b':
		arguments->has_to = true;
		return command_parse_day("export", "--to", optarg, &arguments->to);
	case 'f':
		return parse_format(optarg, &arguments->format);
	case 't':
		return parse_table(optarg, &arguments->table);
	case 'o':
		arguments->output = optarg;
		return EXIT_OK;
	case 'd':
		arguments->database = optarg;
		return EXIT_OK;
	case 'h':
		fputs(help, stdout);
		return -1;
	default:
		return command_usage("export", usage);
	}
}

static int check(const struct arguments *arguments)
{
	const char *wrong = NULL;

	if (arguments->has_to && !arguments->has_from)
		wrong = "--to without --from: give both, or --night";
	else if (arguments->table && arguments->format != FORMAT_CSV)
		wrong = "--table is for --format csv";
	else if (arguments->format == FORMAT_EDF && !arguments->output && isatty(STDOUT_FILENO))
		wrong = "EDF+ is not for a terminal: give -o FILE";
	else if (arguments->format == FORMAT_CSV && !arguments->table && !arguments->output)
		wrong = "three tables need a folder: give -o FOLDER, or one of them with --table";
	if (wrong)
		fprintf(stderr, "lumbar export: %s\n", wrong);
	return wrong ? EXIT_USAGE : EXIT_OK;
}

static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
	    {"night", required_argument, NULL, 'n'},
	    {"from", required_argument, NULL, 'a'},
	    {"to", required_argument, NULL, 'b'},
	    {"format", required_argument, NULL, 'f'},
	    {"table", required_argument, NULL, 't'},
	    {"output", required_argument, NULL, 'o'},
	    {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int option, status = EXIT_OK;

	while (status == EXIT_OK &&
	       (option = getopt_long(argc, argv, "n:f:o:d:h", options, NULL)) != -1)
		status = parse_option(option, arguments);
	if (status != EXIT_OK)
		return status;
	return optind == argc ? check(arguments) : command_usage(argv[0], usage);
}

/* ---- the nights ------------------------------------------------------------------------------ */

static int find_days(struct store *store, struct arguments *arguments, struct error *err)
{
	char from[DATE_SIZE], to[DATE_SIZE];
	int rc = arguments->has_to ? 0 : query_last_day(store, &arguments->to, err);

	if (rc != 0)
		return rc;
	if (!arguments->has_from)
		arguments->from = arguments->to;
	clock_format_day(arguments->from, from);
	clock_format_day(arguments->to, to);
	if (arguments->to < arguments->from)
		return error_set(
		    err, -EINVAL, "the nights end on %s, before they begin on %s", to, from);
	if (arguments->to - arguments->from >= RANGE_NIGHTS_MAX)
		return error_set(err, -EINVAL, "from %s to %s are more than %d nights: take parts",
		    from, to, RANGE_NIGHTS_MAX);
	return 0;
}

/* ---- writing --------------------------------------------------------------------------------- */

struct job {
	const struct arguments *arguments;
	const struct range *range;
	int (*write)(const struct range *range, FILE *out, struct error *err);
	struct error *err; /* of the database, while writing */
};

static int write_job(const struct output *output, FILE *out)
{
	const struct job *job = output->user;
	int rc = job->write(job->range, out, job->err);

	return rc == 0 && ferror(out) ? -EIO : rc;
}

static int write_to(const char *path, struct job *job, struct error *err)
{
	struct error writing = {0};

	*job->err = (struct error){0};
	int rc = output_write(&(struct output){.path = path,
	                          .database = job->arguments->database,
	                          .write = write_job,
	                          .user = job},
	    &writing);
	if (rc != 0)
		*err = job->err->code ? *job->err : writing;
	return rc;
}

static int write_tables(const struct arguments *arguments, struct job *job, struct error *err)
{
	const char *folder = arguments->output;
	char path[4096];
	int rc = 0;

	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return error_set(err, -errno, "%s: %s", folder, strerror(errno));
	for (size_t i = 0; rc == 0 && i < TABLES; i++) {
		job->write = tables[i].write;
		if (snprintf(path, sizeof(path), "%s/%s.csv", folder, tables[i].name) >=
		    (int)sizeof(path))
			return error_set(err, -ENAMETOOLONG, "%s: too long a name", folder);
		rc = write_to(path, job, err);
	}
	return rc;
}

static int write_all(const struct arguments *arguments, struct job *job, struct error *err)
{
	if (arguments->format == FORMAT_FHIR)
		job->write = fhir_write;
	else if (arguments->format == FORMAT_EDF)
		job->write = edf_write;
	else if (arguments->table)
		job->write = arguments->table->write;
	else
		return write_tables(arguments, job, err);
	return write_to(arguments->output, job, err);
}

static int export(struct store *store, struct arguments *arguments, struct error *err)
{
	struct range range = {0};
	struct error reading = {0};
	struct job job = {.arguments = arguments, .range = &range, .err = &reading};
	int rc = find_days(store, arguments, err);

	if (rc == 0)
		rc = range_read(
		    &range, store, arguments->from, arguments->to, clock_real_ns(), err);
	if (rc == 0)
		rc = write_all(arguments, &job, err);
	range_finish(&range);
	return rc;
}

int cmd_export(int argc, char **argv)
{
	struct arguments arguments = {0};
	struct store *store = NULL;
	struct error err = {0};
	int status = parse(argc, argv, &arguments);

	if (status != EXIT_OK)
		return status < 0 ? EXIT_OK : status;
	int rc = store_open(&store, command_database(arguments.database), STORE_READ, &err);
	if (rc == 0)
		rc = export(store, &arguments, &err);
	store_close(store, NULL);
	return rc == 0 ? EXIT_OK : command_fault(argv[0], &err);
}
