/* lumbar note: what changed, so that the nights before and after it can be compared. */
#include "app/command.h"
#include "app/command_line.h"
#include "base/clock.h"
#include "store/breaks.h"
#include "store/query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct arguments {
	const char *database, *text;
	bool remove, new_person, new_mat, same_mat;
	int32_t day;
};

/* Which of them was asked for; -1: a note. */
static int entry_of(const struct arguments *a)
{
	return a->new_person ? BREAK_PERSON
	       : a->new_mat  ? BREAK_MAT
	       : a->same_mat ? BREAK_SAME_MAT
	                     : -1;
}

static const char *entry_words(int entry)
{
	return entry == BREAK_PERSON ? "another person"
	       : entry == BREAK_MAT  ? "another mat"
	                             : "the same mat as before";
}

/* ---- the list ------------------------------------------------------------------------------- */

static bool is_shown(const struct stored_break *it)
{
	return it->same_mat || it->eras & ~ERA_BIT(GAIN); /* not: calibrated anew */
}

static void print_break(const struct stored_break *it)
{
	const char *person = it->eras & ERA_BIT(PERSON) ? entry_words(BREAK_PERSON) : "";
	const char *mat = it->eras & ERA_BIT(MAT) ? entry_words(BREAK_MAT)
	                  : it->same_mat          ? entry_words(BREAK_SAME_MAT)
	                                          : "";
	char date[DATE_SIZE];

	clock_format_day(it->day, date);
	printf("%s  %s%s%s", date, person, *person && *mat ? ", " : "", mat);
	if (it->found & ERA_BIT(MAT))
		printf(" (found: %s; before: %s)", it->after, it->before);
	printf("%s%s\n", *it->text ? ": " : "", it->text);
}

static void print_all(const struct stored_note *notes, size_t n_notes,
    const struct stored_break *breaks, size_t n_breaks)
{
	char date[DATE_SIZE];
	size_t note = 0, at = 0;

	while (note < n_notes || at < n_breaks)
		if (at == n_breaks || (note < n_notes && notes[note].day <= breaks[at].day)) {
			clock_format_day(notes[note].day, date);
			printf("%s  %s\n", date, notes[note++].text);
		} else {
			print_break(&breaks[at++]);
		}
}

static int list(struct store *store, void *user, struct error *err)
{
	struct stored_note *notes = NULL;
	struct stored_break *breaks = NULL;
	size_t n_notes = 0, n_breaks = 0;
	size_t n_shown = 0;
	int rc = query_notes(store, INT32_MIN, INT32_MAX, &notes, &n_notes, err);

	(void)user;
	if (rc == 0)
		rc = query_breaks(store, &breaks, &n_breaks, err);
	for (size_t i = 0; i < n_breaks; i++)
		if (is_shown(&breaks[i]))
			breaks[n_shown++] = breaks[i];
	if (rc == 0)
		print_all(notes, n_notes, breaks, n_shown);
	if (rc == 0 && n_notes + n_shown == 0)
		puts("nothing is noted");
	free(notes);
	free(breaks);
	return rc;
}

/* ---- entering ------------------------------------------------------------------------------- */

/* That it is the same mat can be said only where another one was found. */
static int check_found(struct store *store, int32_t day, struct error *err)
{
	struct stored_break *breaks = NULL;
	char date[DATE_SIZE];
	size_t n = 0;
	bool found = false;
	int rc = query_breaks(store, &breaks, &n, err);

	for (size_t i = 0; i < n; i++)
		found = found || (breaks[i].day == day && breaks[i].found & ERA_BIT(MAT));
	free(breaks);
	clock_format_day(day, date);
	if (rc == 0 && !found)
		rc = error_set(
		    err, -ENOENT, "no other mat was found on %s; lumbar note lists what was", date);
	return rc;
}

static int enter(struct store *store, void *user, struct error *err)
{
	const struct arguments *a = user;
	int entry = entry_of(a), rc = 0;

	if (entry < 0)
		return store_note(store, a->day, a->text, clock_real_ns(), err);
	if (a->remove)
		return store_take_break_back(store, a->day, (enum break_entry)entry, err);
	if (entry == BREAK_SAME_MAT)
		rc = check_found(store, a->day, err);
	return rc != 0 ? rc
	               : store_break(
	                     store, a->day, (enum break_entry)entry, a->text, clock_real_ns(), err);
}

static void confirm(const struct arguments *a)
{
	char date[DATE_SIZE], next[DATE_SIZE];
	int entry = entry_of(a);

	clock_format_day(a->day, date);
	clock_format_day(a->day + 1, next);
	if (a->remove)
		printf(entry < 0 ? "%s: no note any more\n" : "%s: not noted any more: %s\n", date,
		    entry_words(entry));
	else if (entry < 0)
		printf("noted for %s: %s\n", date, a->text);
	else
		printf("noted for %s: %s%s%s\n", date, entry_words(entry), *a->text ? ": " : "",
		    a->text);
	if (!a->remove && (entry == BREAK_PERSON || entry == BREAK_MAT))
		printf("your usual starts anew with the night to %s; findings over nights follow "
		       "within "
		       "a minute while lumbard runs\n",
		    next);
}

/* ---- the command line ----------------------------------------------------------------------- */

static int check(const struct command_line *line, struct arguments *a, int argc, char **argv)
{
	bool given = a->remove || entry_of(a) >= 0;

	if (a->new_person + a->new_mat + a->same_mat > 1)
		return command_line_wrong(
		    line, "one at a time: --new-person, --new-mat or --same-mat");
	if (a->remove && optind < argc)
		return command_line_usage(line);
	if (!given && optind < argc && !*argv[optind])
		return command_line_wrong(line, "an empty text; --remove takes a note back");
	a->text = optind < argc ? argv[optind] : given ? "" : NULL;
	return COMMAND_RUN;
}

int cmd_note(int argc, char **argv)
{
	int64_t now_ns = clock_real_ns();
	struct arguments a = {.day = clock_local_day(now_ns, clock_utc_offset_s(now_ns))};
	const struct command_option options[] = {
	    {"new-person", 0, NULL, "from the coming night on another person sleeps there",
	        .flag = &a.new_person},
	    {"new-mat", 0, NULL, "another mat lies in the bed", .flag = &a.new_mat},
	    {"same-mat", 0, NULL,
	        "the mat that was found to be another on that day is not: its description was put "
	        "right",
	        .flag = &a.same_mat},
	    {"date", 't', "DATE", "of another day, as 2026-07-25", .day = &a.day},
	    {"remove", 0, NULL, "take that day's note back, or what was said of person or mat",
	        .flag = &a.remove},
	    {"database", 'd', "FILE", COMMAND_DATABASE, .text = &a.database},
	    {0},
	};
	const struct command_line line = {"lumbar note",
	    "[TEXT] [--new-person | --new-mat | --same-mat] [--date DATE] [--remove] "
	    "[--database FILE]",
	    "Notes what changed today, as \"new topper\": lumbar trend compares the nights before "
	    "and after. One note a day; a new one replaces it. Of another person or mat the nights "
	    "before are no measure: her usual starts anew. Without TEXT the notes are listed.",
	    options, 0, 1};
	int status = command_line_read(&line, argc, argv);

	if (status == COMMAND_RUN)
		status = check(&line, &a, argc, argv);
	if (status != COMMAND_RUN)
		return status;
	if (!a.text)
		return command_with_store(argv[0], a.database, STORE_READ, list, NULL);
	status = command_with_store(argv[0], a.database, STORE_APPEND, enter, &a);
	if (status == EXIT_OK)
		confirm(&a);
	return status;
}
