/* A folder that is kept small: what goes, what stays, and in which order. */
#include "app/retention.h"
#include "base/clock.h"
#include "recording/recording.h"
#include "support.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW_S 1790000000LL
#define DAY_S 86400LL

static const struct surface strip = {.name = "strip",
    .kind = SURFACE_STRIP,
    .rows = 1,
    .cols = 1,
    .n_cells = 1,
    .pitch_mm = 25,
    .full_scale_counts = 1,
    .rate_hz = 1};

static char *folder;

static char *path_of(const char *name)
{
	char *path = NULL;

	assert_true(asprintf(&path, "%s/%s", folder, name) > 0);
	return path;
}

static void set_age(const char *path, long long age_s)
{
	struct timespec times[2] = {{.tv_sec = NOW_S - age_s}, {.tv_sec = NOW_S - age_s}};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

/* A recording of that age; all are of one size, which is returned. */
static double add(const char *name, long long age_s)
{
	char *path = path_of(name);
	struct recording_writer *writer = NULL;
	struct stat made;

	assert_int_equal(recording_create(&writer, path, true, NULL, NULL), 0);
	recording_add_surface(writer, &strip, NULL);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	set_age(path, age_s);
	assert_int_equal(stat(path, &made), 0);
	free(path);
	return (double)made.st_size;
}

static void add_text(const char *name, long long age_s)
{
	char *path = path_of(name);
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs("a diary\n", file);
	fclose(file);
	set_age(path, age_s);
	free(path);
}

static bool is_there(const char *name)
{
	char *path = path_of(name);
	bool there = access(path, F_OK) == 0;

	free(path);
	return there;
}

static int make_folder(void **state)
{
	char *command = NULL;

	(void)state;
	folder = scratch_path("kept");
	assert_true(asprintf(&command, "rm -rf '%s'; mkdir '%s'", folder, folder) > 0);
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

static double apply(const char *keep, double max_bytes, double max_age_s)
{
	struct retention limits = {.max_bytes = max_bytes, .max_age_s = max_age_s};
	struct error err = {0};
	double bytes = -1;

	if (retention_apply(folder, keep, &limits, NOW_S * NS_PER_S, &bytes, &err) < 0)
		fail_msg("%s", err.text);
	return bytes;
}

static void test_the_oldest_go_until_the_rest_fits(void **state)
{
	(void)state;
	double one = add("2026-09-01T210000.rec", 4 * DAY_S);
	add("2026-09-04T210000.rec", 1 * DAY_S);
	add("2026-09-02T210000.rec", 3 * DAY_S);
	add("2026-09-03T210000-2.rec", 2 * DAY_S);
	assert_true(apply(NULL, 0, 0) == 4 * one); /* no limit: nothing goes */
	assert_true(apply(NULL, 2.5 * one, 0) == 2 * one);
	assert_false(is_there("2026-09-01T210000.rec") || is_there("2026-09-02T210000.rec"));
	assert_true(is_there("2026-09-03T210000-2.rec") && is_there("2026-09-04T210000.rec"));
}

static void test_the_too_old_go(void **state)
{
	(void)state;
	double one = add("2026-09-01T210000.rec", 31 * DAY_S);
	add("2026-09-02T210000.rec", 29 * DAY_S);
	assert_true(apply(NULL, 0, 30.0 * DAY_S) == one);
	assert_false(is_there("2026-09-01T210000.rec"));
	assert_true(is_there("2026-09-02T210000.rec"));
}

/* Other names, other contents, the one that is written, and one that another process may write. */
static void test_what_is_never_deleted(void **state)
{
	(void)state;
	add("mine.rec", 90 * DAY_S);
	add("2026-09-01T210000.recording", 90 * DAY_S);
	add("2026-09-01T210000-.rec.old", 90 * DAY_S);
	add_text("2026-09-02T210000.rec", 90 * DAY_S);
	add("2026-09-03T210000.rec", 90 * DAY_S);
	add("2026-09-04T210000.rec", 20);
	add("2026-09-05T210000.rec", 90 * DAY_S);
	apply("2026-09-03T210000.rec", 1, 30.0 * DAY_S);
	assert_true(is_there("mine.rec") && is_there("2026-09-01T210000.recording"));
	assert_true(is_there("2026-09-01T210000-.rec.old"));
	assert_true(is_there("2026-09-02T210000.rec"));
	assert_true(is_there("2026-09-03T210000.rec") && is_there("2026-09-04T210000.rec"));
	assert_false(is_there("2026-09-05T210000.rec"));
}

static void test_names_are_local_times(void **state)
{
	char name[RETENTION_NAME_SIZE];
	int64_t real_ns;
	int32_t offset_s;

	(void)state;
	assert_int_equal(clock_parse_stamp("2026-11-22T21:05:09+01:00", &real_ns, &offset_s), 0);
	retention_name(real_ns, offset_s, name);
	assert_string_equal(name, "2026-11-22T210509.rec");
}

static void test_a_folder_that_is_not_there(void **state)
{
	struct retention limits = {.max_bytes = 1};
	struct error err = {0};
	double bytes;

	(void)state;
	assert_true(retention_apply("/no/such", NULL, &limits, 0, &bytes, &err) < 0);
	assert_non_null(strstr(err.text, "/no/such"));
}

/* A clock that lost its time: what it wrote before seems to come from the future, and goes all the same. */
static void test_a_clock_that_is_behind(void **state)
{
	(void)state;
	double size = add("2026-09-20T213000.rec", -3 * DAY_S);
	add("2026-09-21T213000.rec", -2 * DAY_S);
	add("2026-09-22T213000.rec", -30); /* another process may be writing it now */
	add("2026-09-23T213000.rec", 30);
	assert_true(apply(NULL, 1.5 * size, 0) < 2.5 * size);
	assert_false(is_there("2026-09-20T213000.rec"));
	assert_false(is_there("2026-09-21T213000.rec"));
	assert_true(is_there("2026-09-22T213000.rec"));
	assert_true(is_there("2026-09-23T213000.rec"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
	        test_the_oldest_go_until_the_rest_fits, make_folder, free_folder),
	    cmocka_unit_test_setup_teardown(test_the_too_old_go, make_folder, free_folder),
	    cmocka_unit_test_setup_teardown(test_what_is_never_deleted, make_folder, free_folder),
	    cmocka_unit_test(test_names_are_local_times),
	    cmocka_unit_test(test_a_folder_that_is_not_there),
	    cmocka_unit_test_setup_teardown(test_a_clock_that_is_behind, make_folder, free_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
