/* lumbar note: what changed, so that the nights before and after it can be compared. */
#include "app/command.h"
#include "base/clock.h"
#include "store/query.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "[TEXT] [--date DATE] [--remove] [--database FILE]";

static const char help[] =
    "usage: lumbar note [TEXT] [OPTIONS]\n"
    "Notes what changed today, as \"new topper\": lumbar trend compares the nights before and "
    "after.\n"
    "One note a day; a new one replaces it. Without TEXT the notes are listed.\n\n"
    "  --date DATE            of another day, as 2026-07-25\n"
    "  --remove               take that day's note back\n"
    "  --database FILE        default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db\n";

struct arguments {
	const char *database, *text;
	bool remove;
	int32_t day;
};

/* EXIT_OK, EXIT_USAGE, or -1: help was printed. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
	static const struct option options[] = {
	    {"date", required_argument, NULL, 't'},
	    {"remove", no_argument, NULL, 'r'},
	    {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "t:d:h", options, NULL)) != -1)
		switch (option) {
		case 't':
			if (command_parse_day(argv[0], "--date", optarg, &arguments->day) != 0)
				return EXIT_USAGE;
			break;
		case 'r':
			arguments->remove = true;
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
	if (optind + (arguments->remove ? 0 : 1) < argc)
		return command_usage(argv[0], usage);
	arguments->text = arguments->remove ? "" : argv[optind];
	if (arguments->text && !arguments->remove && !*arguments->text) {
		fprintf(stderr, "lumbar note: an empty text; --remove takes a note back\n");
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

static int list(const char *database, struct error *err)
{
	struct stored_note *notes = NULL;
	struct store *store = NULL;
	char date[DATE_SIZE];
	size_t n = 0;
	int rc = store_open(&store, database, STORE_READ, err);

	if (rc == 0)
		rc = query_notes(store, INT32_MIN, INT32_MAX, &notes, &n, err);
	for (size_t i = 0; i < n; i++) {
		clock_format_day(notes[i].day, date);
		printf("%s  %s\n", date, notes[i].text);
	}
	if (rc == 0 && n == 0)
		puts("nothing is noted");
	free(notes);
	store_close(store, NULL);
	return rc;
}

static int enter(const struct arguments *arguments, const char *database, struct error *err)
{
	struct store *store = NULL;
	char date[DATE_SIZE];
	int rc = store_open(&store, database, STORE_APPEND, err);

	if (rc == 0)
		rc = store_note(store, arguments->day, arguments->text, clock_real_ns(), err);
	int closed = store_close(store, rc == 0 ? err : NULL);
	if (rc != 0 || closed != 0)
		return rc != 0 ? rc : closed;
	clock_format_day(arguments->day, date);
	printf(arguments->remove ? "%s: no note any more\n" : "noted for %s: %s\n", date,
	    arguments->text);
	return 0;
}

int cmd_note(int argc, char **argv)
{
	int64_t now_ns = clock_real_ns();
	struct arguments arguments = {.day = clock_local_day(now_ns, clock_utc_offset_s(now_ns))};
	int status = parse(argc, argv, &arguments);
	struct error err = {0};

	if (status != EXIT_OK)
		return status < 0 ? EXIT_OK : status;
	int rc = command_own_database(arguments.database, &err);
	if (rc == 0)
		rc = arguments.text ? enter(&arguments, command_database(arguments.database), &err)
		                    : list(command_database(arguments.database), &err);
	return rc == 0 ? EXIT_OK : command_fault(argv[0], &err);
}
