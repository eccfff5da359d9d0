/* The calibration file on disks of all kinds: a pulled plug, FAT, a folder that is not there. */
#include "calib/calib.h"
#include "lumbar.h"
#include "support.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

/* In place of libc's, which the library would call. */
static bool is_fat;
static char synced[4][256];
static size_t n_synced;

int link(const char *from, const char *to)
{
	if (is_fat) {
		errno = EPERM;
		return -1;
	}
	return (int)syscall(SYS_link, from, to);
}

int fsync(int fd)
{
	char name[32], *path = synced[n_synced];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	ssize_t n = n_synced < 4 ? readlink(name, path, sizeof(synced[0]) - 1) : -1;
	if (n >= 0)
		path[n] = '\0';
	n_synced += n >= 0;
	return (int)syscall(SYS_fsync, fd);
}

static const struct surface surface = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = 1,
    .cols = 2,
    .n_cells = 2,
    .pitch_mm = 25,
    .full_scale_counts = 4000,
    .rate_hz = 10};

static void save(const char *path, int64_t made_real_ns)
{
	struct calibration calibration;
	struct error err = {0};

	assert_int_equal(calibration_init_relative(&calibration, &surface), 0);
	calibration.made_real_ns = made_real_ns;
	if (calibration_save(&calibration, path, &surface, &err) < 0)
		fail_msg("%s", err.text);
	calibration_finish(&calibration);
}

static int64_t made_of(const char *path)
{
	struct calibration loaded;
	struct error err = {0};

	if (calibration_load(&loaded, path, &surface, &err) < 0)
		fail_msg("%s", err.text);
	int64_t made_real_ns = loaded.made_real_ns;
	calibration_finish(&loaded);
	return made_real_ns;
}

/* First what is in it, then its name. */
static void file_and_folder_are_on_the_disk(void **state)
{
	char *path = scratch_path("disk.calibration"),
	     *beside = scratch_path("disk.calibration.new");

	(void)state;
	n_synced = 0;
	save(path, NS_PER_H);
	assert_int_equal(n_synced, 2);
	assert_string_equal(synced[0], beside);
	*strrchr(beside, '/') = '\0';
	assert_string_equal(synced[1], beside);
	free(path);
	free(beside);
}

/* Who calibrates as root with a careful umask must not lock the daemon out. */
static void everyone_may_read_it(void **state)
{
	char *path = scratch_path("open.calibration");
	struct stat there;
	mode_t before = umask(0077);

	(void)state;
	save(path, NS_PER_H);
	umask(before);
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_mode & 0777, 0644);
	free(path);
}

static void a_disk_without_hard_links_will_do(void **state)
{
	char *path = scratch_path("fat.calibration");
	char *kept = scratch_path("fat.calibration.1970-01-01T010000");

	(void)state;
	is_fat = true;
	save(path, NS_PER_H);
	save(path, 2 * NS_PER_H);
	is_fat = false;
	assert_true(made_of(path) == 2 * NS_PER_H);
	assert_true(made_of(kept) == NS_PER_H);
	free(path);
	free(kept);
}

/* Said before anybody lays boards on the mat. */
static void where_nothing_can_be_saved_nothing_is_begun(void **state)
{
	char *config = scratch_file("lumbard.conf",
	    "[lumbard]\nstatus_file =\n"
	    "[surface bed]\nkind = bed\ndriver = sim\nsim.plan = calibration\nsim.speed = 0\n"
	    "sim.rate = 4\n");
	char *path = scratch_path("nowhere/bed.calibration");
	struct error err = {0};

	(void)state;
	assert_int_equal(calibration_can_save(path, &err), -ENOENT);
	lumbar_expect(1, "nowhere/bed.calibration: could not be written: No such file",
	    "calibrate bed --levels 10,20,40 --batch -c %s -o %s", config, path);
	assert_null(strstr(lumbar_said(), "Press"));
	*strrchr(path, '/') = '\0';
	*strrchr(path, '/') = '\0';
	strcat(path, "/good");
	assert_int_equal(calibration_can_save(path, &err), 0);
	assert_int_equal(access(path, F_OK), -1);
	strcat(path, ".new");
	assert_int_equal(access(path, F_OK), -1);
	free(config);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(file_and_folder_are_on_the_disk),
	    cmocka_unit_test(everyone_may_read_it),
	    cmocka_unit_test(a_disk_without_hard_links_will_do),
	    cmocka_unit_test(where_nothing_can_be_saved_nothing_is_begun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
