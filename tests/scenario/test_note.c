/* lumbar note, as she uses it: what changed, who sleeps there, which mat it is. */
#include "night_fixture.h"
#include "process.h"
#include "store/breaks.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *database;

/* Runs "lumbar note WORDS..." and wants that exit status, and the words in what it says. */
static void note(int status, const char *wanted, const char *const *words)
{
	char *log = scratch_path("note.log");
	const char *argv[12] = {"lumbar", "note"};
	size_t n = 2;

	while (*words)
		argv[n++] = *words++;
	argv[n++] = "--database";
	argv[n++] = database;
	argv[n] = NULL;
	int got = process_run("lumbar", log, argv, 10);
	char *said = file_text(log);
	if (got != status || !strstr(said, wanted))
		fail_msg("%d, not %d with \"%s\":\n%s", got, status, wanted, said);
	free(said);
	free(log);
}

#define NOTE(status, wanted, ...) note(status, wanted, (const char *const[]){__VA_ARGS__, NULL})
#define LIST(wanted)              note(0, wanted, (const char *const[]){NULL})

static void what_is_noted_is_listed(void **state)
{
	(void)state;
	database = scratch_path("note.db");
	NOTE(0, "noted for 2026-03-01: firmer topper", "firmer topper", "--date", "2026-03-01");
	NOTE(0, "your usual starts anew with the night to 2026-03-11", "--new-person", "my sister",
	    "--date", "2026-03-10");
	NOTE(0, "noted for 2026-03-05: another mat\n", "--new-mat", "--date", "2026-03-05");
	LIST("2026-03-01  firmer topper\n2026-03-05  another mat\n"
	     "2026-03-10  another person: my sister\n");
	free(database);
}

static void what_is_taken_back_is_gone(void **state)
{
	(void)state;
	database = scratch_path("back.db");
	NOTE(0, "noted", "a pillow", "--date", "2026-03-05");
	NOTE(0, "noted", "--new-mat", "--date", "2026-03-05");
	NOTE(0, "no note any more", "--remove", "--date", "2026-03-05");
	LIST("2026-03-05  another mat\n");
	NOTE(1, "nothing of the kind was noted on 2026-03-05", "--remove", "--new-person", "--date",
	    "2026-03-05");
	NOTE(0, "not noted any more: another mat", "--remove", "--new-mat", "--date", "2026-03-05");
	LIST("nothing is noted");
	free(database);
}

static void write_night(int32_t day, const char *mat)
{
	struct night_fixture f;

	fixture_begin(&f, database, day);
	f.mat = mat;
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
}

/* FIXTURE_DAY is 2026-07-25; the mat of its night came at noon of the day before. */
static void a_mat_that_was_found_can_be_the_same_after_all(void **state)
{
	(void)state;
	database = scratch_path("found.db");
	write_night(FIXTURE_DAY - 1, "PMD-1");
	write_night(FIXTURE_DAY, "PMD-2");
	LIST("2026-07-24  another mat (found: 64 x 32 cells of 30 mm, PMD-2; before: 64 x 32 cells "
	     "of 30 mm, PMD-1)\n");
	NOTE(1, "no other mat was found on 2026-07-20", "--same-mat", "--date", "2026-07-20");
	NOTE(0, "noted for 2026-07-24: the same mat as before", "--same-mat", "--date",
	    "2026-07-24");
	LIST("2026-07-24  the same mat as before\n");
	NOTE(0, "not noted any more", "--same-mat", "--remove", "--date", "2026-07-24");
	LIST("another mat (found");
	free(database);
}

static void a_wrong_line_is_refused(void **state)
{
	(void)state;
	database = scratch_path("wrong.db");
	NOTE(2, "one at a time", "--new-mat", "--new-person");
	NOTE(2, "usage: lumbar note", "--remove", "--new-mat", "a text");
	NOTE(2, "an empty text; --remove takes a note back", "");
	NOTE(1, "give at most 119", "--new-person",
	    "0123456789012345678901234567890123456789012345678901234567890123456789"
	    "01234567890123456789012345678901234567890123456789");
	free(database);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_noted_is_listed),
	    cmocka_unit_test(what_is_taken_back_is_gone),
	    cmocka_unit_test(a_mat_that_was_found_can_be_the_same_after_all),
	    cmocka_unit_test(a_wrong_line_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
