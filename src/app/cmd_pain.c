/* lumbar pain: the one thing that only the person herself can measure. */
#include "app/command.h"
#include "app/command_line.h"
#include "base/clock.h"
#include "detect/detector.h"
#include "guidance/guidance.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct entry {
	int64_t now_ns;
	int32_t day;
	long level;
};

static int enter(struct store *store, void *user, struct error *err)
{
	const struct entry *entry = user;

	return store_pain(store, entry->day, (int)entry->level, entry->now_ns, err);
}

/* The rule speaks at noon, by its own limit; who has such pain hears it at once. */
static void say_severe(long level)
{
	const struct detector *rule = detector_find("pain_high");
	struct options fallbacks;

	options_init(&fallbacks, rule->options);
	if (level >= options_integer(&fallbacks, "severe"))
		puts(guidance_find(rule->advice_id)->try_this);
}

int cmd_pain(int argc, char **argv)
{
	int64_t now_ns = clock_real_ns();
	struct entry entry = {now_ns, clock_local_day(now_ns, clock_utc_offset_s(now_ns)), 0};
	const char *database = NULL;
	const struct command_option options[] = {
	    {"date", 't', "DATE", "of another morning, as 2026-07-25", .day = &entry.day},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &database},
	    {0},
	};
	const struct command_line line = {"lumbar pain", "0-10 [--date DATE] [--database FILE]",
	    "Enters this morning's back pain: 0 is none, 10 the worst you can imagine. One entry a "
	    "day; a new one replaces it.",
	    options, 1, 1};
	int status = command_line_read(&line, argc, argv);
	char date[DATE_SIZE], *end;

	if (status != COMMAND_RUN)
		return status;
	entry.level = strtol(argv[optind], &end, 10);
	if (end == argv[optind] || *end || entry.level < 0 || entry.level > 10)
		return command_line_wrong(
		    &line, "%s: give a whole number from 0 (none) to 10", argv[optind]);
	status = command_with_store(argv[0], database, STORE_APPEND, enter, &entry);
	if (status != EXIT_OK)
		return status;
	clock_format_day(entry.day, date);
	printf("entered: pain %ld of 10 on the morning of %s\n", entry.level, date);
	say_severe(entry.level);
	return EXIT_OK;
}
