/* lumbar export: recorded nights in the forms that other programs read. */
#include "app/command.h"
#include "app/command_line.h"
#include "app/export_recording.h"
#include "app/output.h"
#include "base/clock.h"
#include "export/edf.h"
#include "export/fhir.h"
#include "export/range.h"
#include "export/tables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMAT_CSV, FORMAT_EDF, FORMAT_FHIR };

static const char *const format_names[] = {"csv", "edf", "fhir", NULL};

struct arguments {
	const char *database, *output;
	struct export_recording waves; /* recording NULL: nights of the database */
	int format;                    /* FORMAT_ */
	const struct table *table;     /* NULL: all */
	bool has_from, has_to;
	int32_t from, to;
};

/* ---- the command line ------------------------------------------------------------------------ */

static bool take_night(const char *text, void *user)
{
	struct arguments *arguments = user;
	int rc = clock_parse_day(text, &arguments->from);

	arguments->to = arguments->from;
	arguments->has_from = arguments->has_to = true;
	return rc == 0;
}

static bool take_table(const char *text, void *user)
{
	const struct table **table = user;

	return (*table = tables_find(text)) != NULL;
}

/* What does not go together, NULL: all is well. */
static const char *find_conflict(const struct arguments *arguments)
{
	const struct export_recording *waves = &arguments->waves;

	if (!waves->recording && (waves->config || waves->calibration))
		return "--config and --calibration are for --recording";
	if (waves->recording && arguments->format != FORMAT_EDF)
		return "--recording is for --format edf";
	if (waves->recording && (arguments->has_from || arguments->has_to || arguments->database))
		return "--recording brings its own nights: without dates and --database";
	if (arguments->has_to && !arguments->has_from)
		return "--to without --from: give both, or --night";
	if (arguments->table && arguments->format != FORMAT_CSV)
		return "--table is for --format csv";
	if (arguments->format == FORMAT_EDF && !arguments->output && isatty(STDOUT_FILENO))
		return "EDF+ is not for a terminal: give -o FILE";
	if (arguments->format == FORMAT_CSV && !arguments->table && !arguments->output)
		return "three tables need a folder: give -o FOLDER, or one of them with --table";
	return NULL;
}

static int parse(int argc, char **argv, struct arguments *a)
{
	const struct command_option options[] = {
	    {"night", 'n', "DATE", "the night that ends on DATE; without it the newest with data",
	        .take = take_night, .user = a, .wants = "give a date as 2026-07-25"},
	    {"from", 0, "DATE", "all nights that end from this date on, 366 at most",
	        .day = &a->from, .flag = &a->has_from},
	    {"to", 0, "DATE", "until this date; without it up to the newest with data",
	        .day = &a->to, .flag = &a->has_to},
	    {"format", 'f', "FORMAT",
	        "csv: the default, three tables (RFC 4180), written as epochs.csv, events.csv and "
	        "feeds.csv into the folder that -o names\n"
	        "edf: EDF+ with annotations, one value a minute or, with --recording, ten a "
	        "second, to -o FILE or standard output; a signal's lowest value means: not known\n"
	        "fhir: a FHIR R4 Bundle of Observations, as JSON, to -o FILE or standard output; "
	        "nobody is named in it",
	        .choice = &a->format, .choices = format_names},
	    {"table", 0, "NAME", "csv: only epochs, events or feeds, to -o FILE or standard output",
	        .take = take_table, .user = &a->table, .wants = "epochs, events or feeds"},
	    {"output", 'o', "PATH", "the folder of the tables, which is made, or the file",
	        .text = &a->output},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &a->database},
	    {"recording", 0, "FILE",
	        "edf: the wave forms of a recording, with annotations from the same frames; no "
	        "database is read or written",
	        .text = &a->waves.recording},
	    {"config", 'c', "CONF", "for it: settings of surfaces by their names",
	        .text = &a->waves.config},
	    {"calibration", 0, "FILE",
	        "for it: instead of the one that CONF names or, without that, the one in the "
	        "recording; none: without",
	        .text = &a->waves.calibration},
	    {0},
	};
	const struct command_line line = {"lumbar export",
	    "[--night DATE | --from DATE [--to DATE]] [--format csv|edf|fhir] [--table NAME] "
	    "[-o FOLDER|FILE] [--database FILE]\n"
	    "       lumbar export --recording FILE --format edf [-c CONF] [--calibration FILE] "
	    "[-o FILE]",
	    "Recorded nights, each from noon to noon, for other programs. Their columns, signals "
	    "and codes are explained in names.md.",
	    options, 0, 0};
	int status = command_line_read(&line, argc, argv);

	if (status != COMMAND_RUN)
		return status;
	a->waves.output = a->output;
	const char *conflict = find_conflict(a);
	return conflict ? command_line_wrong(&line, "%s", conflict) : COMMAND_RUN;
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

static int export(struct store *store, void *user, struct error *err)
{
	struct arguments *arguments = user;
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

static int export_waves(const char *name, const struct export_recording *waves)
{
	struct error err = {0};

	return export_recording(waves, &err) < 0 ? command_fault(name, &err) : EXIT_OK;
}

int cmd_export(int argc, char **argv)
{
	struct arguments arguments = {0};
	int status = parse(argc, argv, &arguments);

	if (status != COMMAND_RUN)
		return status;
	if (arguments.waves.recording)
		return export_waves(argv[0], &arguments.waves);
	return command_with_store(argv[0], arguments.database, STORE_READ, export, &arguments);
}
