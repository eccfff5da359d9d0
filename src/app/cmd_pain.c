/* lumbar pain: the one thing that only the person herself can measure. */
#include "app/command.h"
#include "base/clock.h"
#include "store/store.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

static const char usage[] = "0-10 [--date DATE] [--database FILE]";

static const char help[] =
    "usage: lumbar pain 0-10 [OPTIONS]\n"
    "Enters this morning's back pain: 0 is none, 10 the worst you can imagine. One entry a day; a\n"
    "new one replaces it.\n\n"
    "  --date DATE            of another morning, as 2026-07-25\n"
    "  --database FILE        default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db\n";

static int enter(const char *database, int32_t day, int level, int64_t now_ns, struct error *err)
{
	struct store *store = NULL;
	int rc = store_open(&store, database, STORE_APPEND, err);

	if (rc == 0)
		rc = store_pain(store, day, level, now_ns, err);
	int closed = store_close(store, rc == 0 ? err : NULL);
	return rc != 0 ? rc : closed;
}

int cmd_pain(int argc, char **argv)
{
	static const struct option options[] = {
	    {"date", required_argument, NULL, 't'},
	    {"database", required_argument, NULL, 'd'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	int64_t now_ns = clock_real_ns();
	int32_t day = clock_local_day(now_ns, clock_utc_offset_s(now_ns));
	const char *database = NULL;
	char date[DATE_SIZE], *end;
	struct error err = {0};
	int option;

	while ((option = getopt_long(argc, argv, "t:d:h", options, NULL)) != -1)
		switch (option) {
		case 't':
			if (command_parse_day(argv[0], "--date", optarg, &day) != 0)
				return EXIT_USAGE;
			break;
		case 'd':
			database = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			return EXIT_OK;
		default:
			return command_usage(argv[0], usage);
		}
	if (optind != argc - 1)
		return command_usage(argv[0], usage);
	long level = strtol(argv[optind], &end, 10);
	if (end == argv[optind] || *end || level < 0 || level > 10) {
		fprintf(stderr, "lumbar pain: %s: give a whole number from 0 (none) to 10\n",
		    argv[optind]);
		return EXIT_USAGE;
	}
	if (command_own_database(database, &err) != 0)
		return command_fault(argv[0], &err);
	if (enter(command_database(database), day, (int)level, now_ns, &err) != 0)
		return command_fault(argv[0], &err);
	clock_format_day(day, date);
	printf("entered: pain %ld of 10 on the morning of %s\n", level, date);
	return EXIT_OK;
}
