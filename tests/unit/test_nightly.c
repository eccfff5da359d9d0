/* What the timer makes of a database: which nights, when, again when, and when not. */
#include "app/nightly.h"
#include "app/report_format.h"
#include "base/clock.h"
#include "base/log.h"
#include "night_fixture.h"
#include "process.h"
#include "report/night_document.h"
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define HTML (1u << REPORT_HTML)
#define PDF  (1u << REPORT_PDF)

struct home {
	char *folder, *database;
	struct report_config config;
	struct nightly_tally tally;
};

/* A bed and a chair from 20:00 to 10:00. */
static void write_night(const char *database, int32_t day)
{
	struct night_fixture f;

	fixture_begin(&f, database, day);
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, AT(22, 30), AT(6, 30), 'l');
	fixture_chair(&f, AT(6, 32), AT(6, 50), 'u');
	fixture_write(&f, AT(20, 0), AT(10, 0));
	fixture_end(&f);
}

/* NIGHTS nights, the last one ends on FIXTURE_DAY, 2026-07-25. */
#define NIGHTS 4
static int make_home(void **state)
{
	struct home *home = calloc(1, sizeof(*home));
	char *command = NULL;

	assert_non_null(home);
	home->folder = scratch_path("reports");
	home->database = scratch_path("home.db");
	assert_true(asprintf(&command, "rm -rf '%s' '%s'*", home->folder, home->database) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	for (int32_t days = 1 - NIGHTS; days <= 0; days++)
		write_night(home->database, FIXTURE_DAY + days);
	home->config = (struct report_config){.formats = HTML, .from_s = 6 * 3600};
	snprintf(home->config.folder, sizeof(home->config.folder), "%s", home->folder);
	*state = home;
	return 0;
}

static int free_home(void **state)
{
	struct home *home = *state;

	free(home->folder);
	free(home->database);
	free(home);
	return 0;
}

/* The moment of a local time on the date of FIXTURE_DAY + days. */
static int64_t at(int32_t days, int hour, int minute)
{
	return ((int64_t)(FIXTURE_DAY + days) * 86400 + hour * 3600 + minute * 60 -
	           FIXTURE_OFFSET_S) *
	       NS_PER_S;
}

static struct store *open_store(const struct home *home, enum store_mode mode)
{
	struct store *store = NULL;
	struct error err = {0};

	if (store_open(&store, home->database, mode, &err) != 0)
		fail_msg("%s", err.text);
	return store;
}

static int run(struct home *home, int64_t now_ns, struct error *err)
{
	struct store *store = open_store(home, STORE_READ);

	log_init(LOG_LEVEL_ERROR);
	int rc = nightly_run(store, &home->config, now_ns, FIXTURE_OFFSET_S, &home->tally, err);
	store_close(store, NULL);
	return rc;
}

static void expect(struct home *home, int64_t now_ns, size_t written, size_t unchanged)
{
	struct error err = {0};

	if (run(home, now_ns, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(home->tally.written, written);
	assert_int_equal(home->tally.unchanged, unchanged);
	assert_int_equal(home->tally.refused, 0);
}

/* The file of the night of FIXTURE_DAY + days. The caller frees. */
static char *report_path(const struct home *home, int32_t days, const char *ending)
{
	char date[DATE_SIZE], *path = NULL;

	clock_format_day(FIXTURE_DAY + days, date);
	assert_true(asprintf(&path, "%s/%s.%s", home->folder, date, ending) > 0);
	return path;
}

static bool is_there(const struct home *home, int32_t days, const char *ending)
{
	char *path = report_path(home, days, ending);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static char *report_of(const struct home *home, int32_t days)
{
	char *path = report_path(home, days, "html"), *text = file_text(path);

	free(path);
	return text;
}

static bool says(const struct home *home, int32_t days, const char *words)
{
	char *text = report_of(home, days);
	bool found = strstr(text, words) != NULL;

	free(text);
	return found;
}

static void remove_report(const struct home *home, int32_t days, const char *ending)
{
	char *path = report_path(home, days, ending);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static void each_night_has_its_reports(void **state)
{
	struct home *home = *state;
	char *latest = NULL;

	home->config.formats = HTML | PDF;
	expect(home, at(0, 12, 5), NIGHTS, 0);
	for (int32_t days = 1 - NIGHTS; days <= 0; days++) {
		assert_true(is_there(home, days, "html") && is_there(home, days, "pdf"));
		assert_false(is_there(home, days, "txt") || is_there(home, days, "json"));
	}
	assert_false(is_there(home, -NIGHTS, "html") || is_there(home, 1, "html"));
	assert_true(asprintf(&latest, "%s/latest.html", home->folder) > 0);
	char *newest = report_of(home, 0), *linked = file_text(latest);
	assert_string_equal(newest, linked);
	free(newest);
	free(linked);
	free(latest);
	expect(home, at(0, 12, 5), 0, NIGHTS); /* a PDF too is the same, byte for byte */
}

/* The very bytes that `lumbar report` writes. */
static void it_is_the_report_of_that_night(void **state)
{
	struct home *home = *state;
	struct store *store = open_store(home, STORE_READ);
	struct report_night *night = NULL;
	char *expected = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&expected, &size);

	assert_int_equal(report_build(store, FIXTURE_DAY - 2, 0, &night, NULL), 0);
	home->config.language = language_find("de", &(bool){false});
	assert_int_equal(report_html(night, home->config.language, out), 0);
	fclose(out);
	expect(home, at(0, 12, 5), NIGHTS, 0);
	char *written = report_of(home, -2);
	assert_string_equal(written, expected);
	assert_non_null(strstr(written, "<html lang=\"de\">"));
	free(written);
	free(expected);
	report_free(night);
	store_close(store, NULL);
}

/* Not a file is touched: each is the one that it was. */
static void a_second_run_writes_nothing(void **state)
{
	struct home *home = *state;
	struct stat before[NIGHTS], after;
	char *list = NULL;

	assert_true(asprintf(&list, "%s/.lumbar-reports", home->folder) > 0);
	expect(home, at(0, 12, 5), NIGHTS, 0);
	for (int32_t days = 0; days < NIGHTS; days++) {
		char *path = report_path(home, -days, "html");
		assert_int_equal(stat(path, &before[days]), 0);
		free(path);
	}
	char *listed = file_text(list);
	expect(home, at(0, 18, 0), 0, NIGHTS);
	expect(home, at(1, 7, 0), 0, NIGHTS);
	expect(home, at(3, 0, 30), 0, NIGHTS);
	for (int32_t days = 0; days < NIGHTS; days++) {
		char *path = report_path(home, -days, "html");
		assert_int_equal(stat(path, &after), 0);
		assert_true(after.st_ino == before[days].st_ino);
		assert_int_equal(after.st_mtim.tv_nsec, before[days].st_mtim.tv_nsec);
		free(path);
	}
	char *again = file_text(list);
	assert_string_equal(listed, again);
	free(again);
	free(listed);
	free(list);
}

/* Before 6:00 nothing, then as it stands, and once more when the night is over. */
static void a_running_night_says_so_and_is_finished_later(void **state)
{
	struct home *home = *state;

	expect(home, at(-1, 23, 0), NIGHTS - 1, 0);
	assert_true(home->tally.running);
	expect(home, at(0, 5, 59), 0, NIGHTS - 1);
	assert_false(is_there(home, 0, "html"));
	expect(home, at(0, 6, 0), 1, NIGHTS - 1);
	assert_false(home->tally.running);
	assert_true(says(home, 0, "This night is still running; this is how it stands at 06:00."));
	expect(home, at(0, 6, 0), 0, NIGHTS);
	expect(home, at(0, 7, 30), 1, NIGHTS - 1);
	assert_true(says(home, 0, "This night is still running; this is how it stands at 07:30."));
	expect(home, at(0, 12, 0), 1, NIGHTS - 1);
	assert_false(says(home, 0, "still running"));
	expect(home, at(0, 12, 30), 0, NIGHTS);
}

/* The machine was off at noon: the next morning finishes it, beside the next night. */
static void the_end_that_was_missed_is_caught_up(void **state)
{
	struct home *home = *state;

	expect(home, at(0, 11, 30), NIGHTS, 0);
	assert_true(says(home, 0, "still running"));
	expect(home, at(1, 6, 30), 1, NIGHTS - 1);
	assert_false(says(home, 0, "still running"));
}

static void missed_nights_are_caught_up_in_the_morning(void **state)
{
	struct home *home = *state;

	write_night(home->database, FIXTURE_DAY - 20);
	write_night(home->database, FIXTURE_DAY - 21);
	expect(home, at(0, 12, 5), NIGHTS + 2, 0);
	remove_report(home, -20, "html");
	remove_report(home, -1, "html");
	expect(home, at(1, 7, 0), 2, NIGHTS);
	assert_true(is_there(home, -20, "html") && is_there(home, -1, "html"));
}

static void old_reports_are_removed(void **state)
{
	struct home *home = *state;

	expect(home, at(0, 12, 5), NIGHTS, 0);
	home->config.keep_days = 3;
	expect(home, at(0, 12, 5), 0, 3);
	assert_int_equal(home->tally.removed, NIGHTS - 3);
	for (int32_t days = 1 - NIGHTS; days <= 0; days++)
		assert_int_equal(is_there(home, days, "html"), days > -3);
	expect(home, at(0, 12, 6), 0, 3);
	assert_int_equal(home->tally.removed, 0);
	/* Years later: it is the newest night that counts, not the clock. */
	expect(home, at(1000, 12, 5), 0, 3);
	assert_int_equal(home->tally.removed, 0);
}

static void enter_pain(const struct home *home, int32_t days, int level)
{
	struct store *store = open_store(home, STORE_APPEND);

	assert_int_equal(store_pain(store, FIXTURE_DAY + days, level, at(days, 8, 0), NULL), 0);
	assert_int_equal(store_close(store, NULL), 0);
}

static void what_changed_is_made_again_and_nothing_else(void **state)
{
	struct home *home = *state;

	expect(home, at(0, 12, 5), NIGHTS, 0);
	enter_pain(home, 0, 9);
	expect(home, at(0, 12, 35), 1, NIGHTS - 1);
	/* The night before stands in the report of the one after it, too. */
	enter_pain(home, -1, 0);
	expect(home, at(0, 13, 5), 2, NIGHTS - 2);
	expect(home, at(0, 13, 35), 0, NIGHTS);
}

/* Without a clock the second session is of no night; then an anchor says when it was. */
static void a_clock_that_is_found_makes_the_report(void **state)
{
	struct home *home = *state;
	struct night_fixture f;

	expect(home, at(0, 12, 5), NIGHTS, 0);
	fixture_begin(&f, home->database, FIXTURE_DAY + 1);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 'l');
	fixture_write(&f, AT(22, 0), AT(8, 0));
	assert_int_equal(store_commit(f.store, NULL), 0);
	expect(home, at(1, 12, 5), NIGHTS, 0); /* each says now what was recorded without one */
	assert_false(is_there(home, 1, "html"));
	fixture_anchor(&f, AT(8, 0), true);
	assert_int_equal(store_commit(f.store, NULL), 0);
	expect(home, at(1, 12, 35), NIGHTS + 1, 0);
	assert_true(is_there(home, 1, "html"));
	fixture_end(&f);
}

/* A clock that stands before the nights that are there makes nothing of them, and removes nothing. */
static void a_clock_that_is_wrong(void **state)
{
	struct home *home = *state;

	expect(home, at(0, 12, 5), NIGHTS, 0);
	home->config.keep_days = NIGHTS;
	expect(home, at(-2, 13, 0), 0, NIGHTS - 2);
	expect(home, at(-1000, 7, 0), 0, 0);
	assert_int_equal(home->tally.removed, 0);
	assert_true(is_there(home, 0, "html") && is_there(home, 1 - NIGHTS, "html"));
}

static void a_file_of_another_is_refused_and_the_rest_is_written(void **state)
{
	struct home *home = *state;
	struct error err = {0};
	char *path = report_path(home, -1, "html");

	assert_int_equal(mkdir(home->folder, 0755), 0);
	free(scratch_file("reports/2026-07-24.html", "a scan\n"));
	assert_int_equal(run(home, at(0, 12, 5), &err), 0);
	assert_int_equal(home->tally.refused, 1);
	assert_int_equal(home->tally.written, NIGHTS - 1);
	char *text = file_text(path);
	assert_string_equal(text, "a scan\n");
	free(text);
	free(path);
}

/* A limit on the size of files stands for a full disk; the index of the database's log is in it. */
static void a_full_disk_is_said_and_nothing_is_lost(void **state)
{
	struct home *home = *state;
	struct rlimit room, full = {.rlim_cur = 34000};
	struct error err = {0};

	expect(home, at(0, 12, 5), NIGHTS, 0);
	char *before = report_of(home, 0);
	assert_true(strlen(before) > full.rlim_cur);
	enter_pain(home, 0, 9);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &room), 0);
	full.rlim_max = room.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	assert_int_equal(run(home, at(0, 12, 35), &err), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &room), 0);
	assert_non_null(strstr(err.text, "2026-07-25.html: File too large"));
	char *after = report_of(home, 0);
	assert_string_equal(before, after);
	free(before);
	free(after);
	expect(home, at(0, 13, 5), 1, NIGHTS - 1);
}

static void nothing_recorded_yet_is_no_fault(void **state)
{
	struct home *home = *state;

	expect(home, at(-30, 12, 5), 0, 0);
	assert_int_not_equal(access(home->folder, F_OK), 0);
}

/* As the unit starts it: the exit status, and what the journal gets. */
static void expect_command(const char *config, int status, const char *says)
{
	char *path = scratch_file("lumbard.conf", config), *log = scratch_path("log");
	const char *const argv[] = {"lumbar", "nightly", "-c", path, NULL};

	assert_int_equal(process_run("lumbar", log, argv, 60.0), status);
	char *text = file_text(log);
	if (!strstr(text, says))
		fail_msg("\"%s\" lacks \"%s\"", text, says);
	free(text);
	free(log);
	free(path);
}

static void the_command_says_what_it_did(void **state)
{
	const struct home *home = *state;
	char *good = NULL, *no_folder = NULL;

	assert_true(asprintf(&good,
	                "[lumbard]\ndatabase = %s\n[report]\nfolder = %s\n"
	                "formats = text\n",
	                home->database, home->folder) > 0);
	assert_true(
	    asprintf(&no_folder, "[lumbard]\ndatabase = %s\n[report]\nfolder = %s/no/such\n",
	        home->database, home->folder) > 0);
	expect_command(good, 0, "the report of 2026-07-25 is written\n");
	expect_command(good, 0, "0 written, 4 as they were, 0 removed\n");
	expect_command(no_folder, 1, "/no/such: cannot be made: No such file or directory");
	expect_command("[lumbard]\ndatabase = /no/such.db\n", 1, "lumbard has not run yet");
	expect_command("[report]\nformats = doc\n", 1, "lumbard.conf:2: formats = doc: no format");
	free(good);
	free(no_folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define NIGHTLY_TEST(name) cmocka_unit_test_setup_teardown(name, make_home, free_home)
	    NIGHTLY_TEST(each_night_has_its_reports),
	    NIGHTLY_TEST(it_is_the_report_of_that_night),
	    NIGHTLY_TEST(a_second_run_writes_nothing),
	    NIGHTLY_TEST(a_running_night_says_so_and_is_finished_later),
	    NIGHTLY_TEST(the_end_that_was_missed_is_caught_up),
	    NIGHTLY_TEST(missed_nights_are_caught_up_in_the_morning),
	    NIGHTLY_TEST(old_reports_are_removed),
	    NIGHTLY_TEST(what_changed_is_made_again_and_nothing_else),
	    NIGHTLY_TEST(a_clock_that_is_found_makes_the_report),
	    NIGHTLY_TEST(a_clock_that_is_wrong),
	    NIGHTLY_TEST(a_file_of_another_is_refused_and_the_rest_is_written),
	    NIGHTLY_TEST(a_full_disk_is_said_and_nothing_is_lost),
	    NIGHTLY_TEST(nothing_recorded_yet_is_no_fault),
	    NIGHTLY_TEST(the_command_says_what_it_did),
#undef NIGHTLY_TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
