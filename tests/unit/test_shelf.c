/* The folder of reports: what is written, what is left alone, what a fault leaves behind. */
#include "app/shelf.h"
#include "base/log.h"
#include "process.h"
#include "support.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAY      20659 /* 2026-07-25 */
#define HTML     (1u << REPORT_HTML)
#define PDF      (1u << REPORT_PDF)
#define TEXT_BIT (1u << REPORT_TEXT)

static char *folder;

static char *path_of(const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	return path;
}

static int make_folder(void **state)
{
	char *command = NULL;

	(void)state;
	folder = scratch_path("reports");
	assert_true(asprintf(&command, "rm -rf '%s'", folder) > 0);
	int failed = system(command);
	free(command);
	return failed;
}

static int free_folder(void **state)
{
	(void)state;
	free(folder);
	return 0;
}

static struct shelf *open_shelf(void)
{
	struct shelf *shelf = NULL;
	struct error err = {0};

	if (shelf_open(&shelf, folder, &err) != 0)
		fail_msg("%s", err.text);
	return shelf;
}

/* The same text in all the formats. */
static int put(
    struct shelf *shelf, int32_t day, unsigned formats, const char *text, struct error *err)
{
	struct shelf_text texts[REPORT_FORMAT_COUNT];
	size_t n = 0;

	for (enum report_format f = 0; f < REPORT_FORMAT_COUNT; f++)
		if (formats & 1u << f)
			texts[n++] = (struct shelf_text){f, text, strlen(text)};
	return shelf_put(shelf, day, texts, n, err);
}

static void write_file(const char *name, const char *text)
{
	char *path = path_of(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	free(path);
}

static void remove_file(const char *name)
{
	char *path = path_of(name);

	assert_int_equal(unlink(path), 0);
	free(path);
}

static void make_link(const char *name, const char *target)
{
	char *path = path_of(name);

	assert_int_equal(symlink(target, path), 0);
	free(path);
}

static void assert_file(const char *name, const char *text)
{
	char *path = path_of(name), *held = file_text(path);

	assert_string_equal(held, text);
	free(held);
	free(path);
}

static bool is_there(const char *name)
{
	char *path = path_of(name);
	struct stat stat;
	bool there = lstat(path, &stat) == 0;

	free(path);
	return there;
}

static size_t count_files(void)
{
	char *command = NULL;
	int n = 0;

	assert_true(asprintf(&command, "ls -A '%s' | wc -l", folder) > 0);
	FILE *list = popen(command, "r");
	assert_non_null(list);
	assert_int_equal(fscanf(list, "%d", &n), 1);
	pclose(list);
	free(command);
	return (size_t)n;
}

static void a_report_is_written_once(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();
	struct stat first, second;
	char *path = path_of("2026-07-25.html");

	assert_int_equal(shelf_find(shelf, DAY), 0);
	assert_int_equal(put(shelf, DAY, HTML | PDF, "good night", NULL), 1);
	assert_file("2026-07-25.html", "good night");
	assert_file("2026-07-25.pdf", "good night");
	assert_int_equal(shelf_find(shelf, DAY), HTML | PDF);
	assert_int_equal(stat(path, &first), 0);
	shelf_close(shelf);

	shelf = open_shelf();
	assert_int_equal(shelf_find(shelf, DAY), HTML | PDF);
	assert_int_equal(put(shelf, DAY, HTML | PDF, "good night", NULL), 0);
	assert_int_equal(stat(path, &second), 0);
	assert_true(first.st_ino == second.st_ino);
	assert_int_equal(put(shelf, DAY, HTML | PDF, "good morning", NULL), 1);
	assert_file("2026-07-25.html", "good morning");
	assert_file(".lumbar-reports", "# Reports that lumbar nightly wrote. What is not listed it "
	                               "neither replaces nor removes.\n2026-07-25 html pdf\n");
	shelf_close(shelf);
	free(path);
}

/* Shorter, longer, of the same length: all of it counts. */
static void what_was_spoilt_is_mended(void **state)
{
	(void)state;
	static const char *const spoilt[] = {"", "good", "good nighT", "good night, and more"};
	struct shelf *shelf = open_shelf();

	assert_int_equal(put(shelf, DAY, HTML, "good night", NULL), 1);
	for (size_t i = 0; i < sizeof(spoilt) / sizeof(spoilt[0]); i++) {
		write_file("2026-07-25.html", spoilt[i]);
		assert_int_equal(put(shelf, DAY, HTML, "good night", NULL), 1);
		assert_file("2026-07-25.html", "good night");
	}
	shelf_close(shelf);
}

static void what_another_wrote_stays(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();
	struct error err = {0};

	write_file("2026-07-25.pdf", "a scan");
	assert_int_equal(put(shelf, DAY, HTML | PDF, "good night", &err), -EEXIST);
	assert_non_null(strstr(err.text, "/2026-07-25.pdf: is there, and lumbar nightly did not"));
	assert_file("2026-07-25.pdf", "a scan");
	assert_false(is_there("2026-07-25.html"));
	/* A link, too: it would be somebody's file that is written. */
	write_file("diary", "a diary");
	make_link("2026-07-24.html", "diary");
	assert_int_equal(put(shelf, DAY - 1, HTML, "good night", NULL), -EEXIST);
	assert_file("diary", "a diary");
	assert_int_equal(shelf_remove_before(shelf, DAY + 1, NULL), 0);
	assert_true(is_there("2026-07-25.pdf") && is_there("2026-07-24.html"));
	shelf_close(shelf);
}

/* The list was lost, or the folder was copied without it. */
static void the_very_same_file_is_ours(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();

	write_file("2026-07-25.html", "good night");
	assert_int_equal(put(shelf, DAY, HTML, "good night", NULL), 0);
	assert_int_equal(put(shelf, DAY, HTML, "good morning", NULL), 1);
	assert_file("2026-07-25.html", "good morning");
	shelf_close(shelf);
}

static void old_ones_go_and_nothing_else(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();
	char name[32];

	for (int i = 0; i < 5; i++)
		assert_int_equal(put(shelf, DAY - i, HTML | TEXT_BIT, "good night", NULL), 1);
	write_file("2026-07-20.html", "mine");
	write_file("2026-07-21.html.bak", "mine");
	write_file("notes.txt", "mine");
	assert_int_equal(shelf_remove_before(shelf, DAY - 2, NULL), 2);
	assert_int_equal(shelf_remove_before(shelf, DAY - 2, NULL), 0);
	for (int i = 0; i < 5; i++) {
		snprintf(name, sizeof(name), "2026-07-%d.html", 25 - i);
		assert_int_equal(is_there(name), i <= 2);
		snprintf(name, sizeof(name), "2026-07-%d.txt", 25 - i);
		assert_int_equal(is_there(name), i <= 2);
	}
	assert_int_equal(count_files(), 3 * 2 + 3 + 1);
	shelf_close(shelf);
	shelf = open_shelf();
	assert_int_equal(shelf_find(shelf, DAY - 3), 0);
	assert_int_equal(shelf_find(shelf, DAY - 2), HTML | TEXT_BIT);
	shelf_close(shelf);
}

static void a_format_that_is_out_of_date_goes(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();

	assert_int_equal(put(shelf, DAY, HTML | PDF, "good night", NULL), 1);
	assert_int_equal(put(shelf, DAY, HTML, "good night", NULL), 0);
	assert_true(is_there("2026-07-25.pdf")); /* it still says the same */
	assert_int_equal(put(shelf, DAY, HTML, "good morning", NULL), 1);
	assert_false(is_there("2026-07-25.pdf"));
	assert_int_equal(shelf_find(shelf, DAY), HTML);
	shelf_close(shelf);
}

static void assert_link(const char *name, const char *expected)
{
	char *path = path_of(name), target[64] = "";
	ssize_t n = readlink(path, target, sizeof(target) - 1);

	target[n > 0 ? n : 0] = '\0';
	assert_string_equal(target, expected);
	free(path);
}

static void latest_leads_to_the_newest(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();

	assert_int_equal(shelf_point(shelf, NULL), 0);
	assert_false(is_there("latest.html"));
	put(shelf, DAY - 1, HTML | PDF, "good night", NULL);
	assert_int_equal(shelf_point(shelf, NULL), 0);
	assert_link("latest.html", "2026-07-24.html");
	assert_link("latest.pdf", "2026-07-24.pdf");
	put(shelf, DAY, HTML, "good night", NULL);
	put(shelf, DAY - 2, HTML, "good night", NULL);
	assert_int_equal(shelf_point(shelf, NULL), 0);
	assert_link("latest.html", "2026-07-25.html");
	assert_false(is_there("latest.pdf")); /* it would lead to an older night */
	shelf_close(shelf);
}

static void a_latest_of_somebody_stays(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();
	struct error err = {0};

	put(shelf, DAY, HTML, "good night", NULL);
	write_file("latest.html", "mine");
	write_file("latest.pdf", "mine, and in nobody's way");
	assert_int_equal(shelf_point(shelf, &err), -EEXIST);
	assert_non_null(strstr(err.text, "/latest.html: is there, and no link of lumbar nightly"));
	assert_file("latest.html", "mine");
	remove_file("latest.html");
	make_link("latest.html", "../elsewhere.html");
	assert_int_equal(shelf_point(shelf, NULL), -EEXIST);
	remove_file("latest.html");
	assert_int_equal(shelf_point(shelf, NULL), 0);
	assert_file("latest.html", "good night");
	assert_file("latest.pdf", "mine, and in nobody's way");
	shelf_close(shelf);
}

/* A limit on files stands for a full disk: writing fails half-way, whoever tries. */
static void a_full_disk_leaves_what_was_there(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();
	struct rlimit free_disk, full = {.rlim_cur = 4096};
	struct error err = {0};
	char *large = malloc(100000);

	assert_non_null(large);
	memset(large, 'x', 99999);
	large[99999] = '\0';
	assert_int_equal(put(shelf, DAY, HTML, "good night", NULL), 1);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &free_disk), 0);
	full.rlim_max = free_disk.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	assert_int_equal(put(shelf, DAY, HTML, large, &err), -EFBIG);
	assert_int_equal(put(shelf, DAY + 1, HTML, large, NULL), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &free_disk), 0);
	assert_non_null(strstr(err.text, "2026-07-25.html: File too large"));
	assert_file("2026-07-25.html", "good night");
	assert_int_equal(count_files(), 2); /* the report and the list: no half of one */
	assert_int_equal(put(shelf, DAY, HTML, large, NULL), 1);
	assert_int_equal(put(shelf, DAY + 1, HTML, large, NULL), 1);
	shelf_close(shelf);
	free(large);
}

static void a_folder_that_cannot_be(void **state)
{
	(void)state;
	struct shelf *shelf = NULL;
	struct error err = {0};
	char *file = scratch_file("file", ""), *below = NULL;

	assert_int_equal(shelf_open(&shelf, "/no/such/reports", &err), -ENOENT);
	assert_string_equal(
	    err.text, "/no/such/reports: cannot be made: No such file or directory");
	assert_int_equal(shelf_open(&shelf, file, &err), -ENOTDIR);
	assert_true(asprintf(&below, "%s/reports", file) > 0);
	assert_int_equal(shelf_open(&shelf, below, &err), -ENOTDIR);
	assert_null(shelf);
	free(below);
	free(file);
}

static void what_was_cut_off_is_swept(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();
	static const char *const mine[] = {"2026-07-25.html.part-", "2026-07-25.html.part-12x",
	    "2026-07-24.html.part-12", "2026-07-25.pdf.part-12", "letter.part-12"};

	put(shelf, DAY, HTML, "good night", NULL);
	shelf_close(shelf);
	write_file("2026-07-25.html.part-1234", "good ni");
	write_file(".lumbar-reports.part-7", "2026-0");
	for (size_t i = 0; i < 5; i++)
		write_file(mine[i], "mine");
	shelf = open_shelf();
	assert_int_equal(count_files(), 2 + 5);
	for (size_t i = 0; i < 5; i++)
		assert_file(mine[i], "mine");
	shelf_close(shelf);
}

static void a_spoilt_list_says_what_it_can(void **state)
{
	(void)state;
	struct shelf *shelf = open_shelf();

	put(shelf, DAY, HTML, "good night", NULL);
	put(shelf, DAY - 1, HTML, "good night", NULL);
	shelf_close(shelf);
	write_file(
	    ".lumbar-reports", "2026-07-24 html\n2026-07-25 htm\n\n2026-07-25\n\x01\xff\n2026-0");
	log_init(LOG_LEVEL_ERROR);
	shelf = open_shelf();
	log_init(LOG_LEVEL_INFO);
	assert_int_equal(shelf_find(shelf, DAY - 1), HTML);
	assert_int_equal(shelf_find(shelf, DAY), 0);
	assert_int_equal(put(shelf, DAY, HTML, "good morning", NULL), -EEXIST);
	assert_int_equal(put(shelf, DAY, HTML, "good night", NULL), 0);
	assert_int_equal(put(shelf, DAY, HTML, "good morning", NULL), 1);
	shelf_close(shelf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define SHELF_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, free_folder)
	    SHELF_TEST(a_report_is_written_once),
	    SHELF_TEST(what_was_spoilt_is_mended),
	    SHELF_TEST(what_another_wrote_stays),
	    SHELF_TEST(the_very_same_file_is_ours),
	    SHELF_TEST(old_ones_go_and_nothing_else),
	    SHELF_TEST(a_format_that_is_out_of_date_goes),
	    SHELF_TEST(latest_leads_to_the_newest),
	    SHELF_TEST(a_latest_of_somebody_stays),
	    SHELF_TEST(a_full_disk_leaves_what_was_there),
	    SHELF_TEST(a_folder_that_cannot_be),
	    SHELF_TEST(what_was_cut_off_is_swept),
	    SHELF_TEST(a_spoilt_list_says_what_it_can),
#undef SHELF_TEST
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
