/* lumbar note: what changed, so that the nights before and after it can be compared. */
#include "app/command.h"
#include "app/command_line.h"
#include "base/clock.h"
#include "store/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct arguments {
	const char *database, *text;
	bool remove;
	int32_t day;
};

static int list(struct store *store, void *user, struct error *err)
{
	struct stored_note *notes = NULL;
	char date[DATE_SIZE];
	size_t n = 0;
	int rc = query_notes(store, INT32_MIN, INT32_MAX, &notes, &n, err);

	(void)user;
	for (size_t i = 0; i < n; i++) {
		clock_format_day(notes[i].day, date);
		printf("%s  %s\n", date, notes[i].text);
	}
	if (rc == 0 && n == 0)
		puts("nothing is noted");
	free(notes);
	return rc;
}

static int enter(struct store *store, void *user, struct error *err)
{
	const struct arguments *arguments = user;

	return store_note(store, arguments->day, arguments->text, clock_real_ns(), err);
}

int cmd_note(int argc, char **argv)
{
	int64_t now_ns = clock_real_ns();
	struct arguments a = {.day = clock_local_day(now_ns, clock_utc_offset_s(now_ns))};
	const struct command_option options[] = {
	    {"date", 't', "DATE", "of another day, as 2026-07-25", .day = &a.day},
	    {"remove", 0, NULL, "take that day's note back", .flag = &a.remove},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &a.database},
	    {0},
	};
	const struct command_line line = {"lumbar note",
	    "[TEXT] [--date DATE] [--remove] [--database FILE]",
	    "Notes what changed today, as \"new topper\": lumbar trend compares the nights before "
	    "and after. One note a day; a new one replaces it. Without TEXT the notes are listed.",
	    options, 0, 1};
	int status = command_line_read(&line, argc, argv);
	char date[DATE_SIZE];

	if (status != COMMAND_RUN)
		return status;
	if (a.remove && optind < argc)
		return command_line_usage(&line);
	a.text = a.remove ? "" : argv[optind];
	if (!a.text)
		return command_with_store(argv[0], a.database, STORE_READ, list, NULL);
	if (!a.remove && !*a.text)
		return command_line_wrong(&line, "an empty text; --remove takes a note back");
	status = command_with_store(argv[0], a.database, STORE_APPEND, enter, &a);
	if (status != EXIT_OK)
		return status;
	clock_format_day(a.day, date);
	printf(a.remove ? "%s: no note any more\n" : "noted for %s: %s\n", date, a.text);
	return EXIT_OK;
}
