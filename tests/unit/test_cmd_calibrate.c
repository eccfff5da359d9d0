/* lumbar calibrate as a person calls it, on the simulator's known loads. */
#include "lumbar.h"
#include "support.h"

#include "base/clock.h"
#include "calib/calib.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *config, *calibration, *database;

/* "lumbar calibrate ARGUMENTS -c CONFIG" */
static void expect(int status, const char *words, const char *arguments)
{
	lumbar_expect(status, words, "calibrate %s -c %s", arguments, config);
}

static int make_files(void **state)
{
	char text[1200], *status_file = scratch_path("status.json");

	(void)state;
	database = scratch_path("calibrate.db");
	calibration = scratch_path("bed.calibration");
	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\nstatus_file = %s\n"
	    "[surface bed]\nkind = bed\ndriver = sim\nsim.plan = calibration\nsim.speed = 0\n"
	    "sim.rate = 4\nsim.start = 2026-11-22T08:00:00Z\ncalibration = bed.calibration\n"
	    "[surface lain]\nkind = bed\ndriver = sim\nsim.plan = rest\nsim.speed = 0\n"
	    "sim.start = 2026-11-22T08:00:00Z\n",
	    database, status_file);
	config = scratch_file("lumbard.conf", text);
	free(status_file);
	return 0;
}

static int free_files(void **state)
{
	(void)state;
	free(config);
	free(calibration);
	free(database);
	return 0;
}

static void test_a_mat_is_calibrated_and_shown(void **state)
{
	char arguments[600], *picture = scratch_path("gains.svg");
	struct stat there;

	(void)state;
	expect(1, "bed is not calibrated: pressures are relative", "bed --show");
	/* The daemon would not start with a calibration that is not there; who makes it does. */
	expect(0, "nothing was saved", "bed --levels 10,20,40 --dry-run");
	assert_int_equal(access(calibration, F_OK), -1);
	assert_int_equal(lumbar_run("pain 3 --database %s", database), 0); /* makes it */
	snprintf(arguments, sizeof(arguments),
	    "bed --levels 10,2.67kPa,40 --weight 20kg --creep 30min --picture %s", picture);
	expect(0, "Press the whole mat evenly with 20.0 mmHg", arguments);
	assert_non_null(strstr(lumbar_said(), "1 of 7  Take the load off the mat (3 of 3)"));
	assert_non_null(strstr(lumbar_said(), "grade B: good"));
	assert_non_null(strstr(lumbar_said(), "the even load still lies there"));
	assert_non_null(strstr(lumbar_said(), "creep: 4."));
	assert_non_null(strstr(lumbar_said(), "saved: "));
	assert_int_equal(stat(picture, &there), 0);
	assert_true(there.st_size > 10000);
	expect(0, "dead cells: 4 of 512", "bed --show");
	assert_non_null(strstr(lumbar_said(), "made 2026-11-2"));
	assert_non_null(strstr(lumbar_said(), "made before:"));
	assert_non_null(strstr(lumbar_said(), "grade B, 4 dead"));
	json_t *shown = lumbar_json("calibrate bed --show --json -c %s", config);
	assert_string_equal(json_string_value(json_object_get(shown, "grade")), "B");
	assert_string_equal(json_string_value(json_object_get(shown, "made")),
	    "2026-11-22T08:34:50+00:00"); /* the source's own clock */
	assert_int_equal(json_integer_value(json_object_get(shown, "dead")), 4);
	json_decref(shown);
	free(picture);
}

static struct calibration load(void)
{
	struct surface surface = {.name = "bed",
	    .kind = SURFACE_BED,
	    .rows = 32,
	    .cols = 16,
	    .n_cells = 512,
	    .full_scale_counts = 1000};
	struct calibration loaded;
	struct error err = {0};

	if (calibration_load(&loaded, calibration, &surface, &err) < 0)
		fail_msg("%s", err.text);
	return loaded;
}

/* Failed, worse, or interrupted by the end of the frames: the good one stays. */
static void test_a_good_calibration_is_not_lost(void **state)
{
	struct calibration before = load(), after;
	char arguments[600];

	(void)state;
	expect(1, "this one of grade C: not saved", "bed --levels 40 --no-conditioning --batch");
	expect(1, "given up at step 6 of 6", "bed --levels 10,20,40,80 --batch");
	assert_non_null(strstr(lumbar_said(), "the calibration before stays as it is"));
	snprintf(arguments, sizeof(arguments),
	    "lain --weight 60 --no-conditioning --patience 30 -o %s", calibration);
	expect(1, "something lies on the mat", arguments);
	after = load();
	assert_int_equal(after.made_real_ns, before.made_real_ns);
	assert_memory_equal(after.cells, before.cells, 512 * sizeof(*after.cells));
	calibration_finish(&after);
	expect(0, "failed: ", "bed --show");
	expect(0, "saved: ", "bed --levels 40 --no-conditioning --batch --yes");
	after = load();
	assert_int_equal(after.grade, 'C');
	struct civil made = clock_civil(before.made_real_ns, 0);
	snprintf(arguments, sizeof(arguments), "%s.2026-11-22T%02d%02d%02d", calibration, made.hour,
	    made.minute, made.second);
	assert_int_equal(access(arguments, F_OK), 0);
	calibration_finish(&before);
	calibration_finish(&after);
}

/* A status file that is fresh and of a living process; then an old one, which stops nobody. */
static void test_a_daemon_that_reads_the_mat_is_named(void **state)
{
	char text[300];

	(void)state;
	snprintf(text, sizeof(text),
	    "{\"pid\": %d, \"mono_ns\": %lld, \"surfaces\": [{\"name\": \"bed\"}]}", (int)getpid(),
	    (long long)clock_mono_ns() + 5 * NS_PER_S);
	char *path = scratch_file("status.json", text);
	expect(1, "is reading \"bed\": stop it first, sudo systemctl stop lumbard",
	    "bed --levels 40 --no-conditioning --yes");
	expect(1, "something lies", "lain --weight 60 --no-conditioning --patience 30");
	snprintf(text, sizeof(text),
	    "{\"pid\": %d, \"mono_ns\": %lld, \"surfaces\": [{\"name\": \"bed\"}]}", (int)getpid(),
	    (long long)clock_mono_ns() - 60 * NS_PER_S);
	free(path);
	path = scratch_file("status.json", text);
	expect(0, "saved: ", "bed --levels 40 --no-conditioning --yes");
	assert_int_equal(unlink(path), 0);
	free(path);
}

static void test_wrong_calls_are_told_apart(void **state)
{
	(void)state;
	expect(0, "usage: lumbar calibrate", "--help");
	expect(2, "usage:", "");
	expect(2, "usage:", "bed chair --show");
	expect(2, "--levels twenty: give pressures", "bed --levels twenty");
	expect(2, "--weight 20lb: give a number of 0.001 to 500 kg", "bed --weight 20lb");
	expect(2, "--tare -1: give a number of 0.001 to 86400 s", "bed --tare -1");
	expect(2, "usage:", "bed --levels 20 --json");
	expect(1, "no surface \"sofa\"", "sofa --show");
	expect(1, "nothing is known of the load", "bed");
	expect(1, "too close", "bed --levels 20,21");
	assert_int_equal(lumbar_run("calibrate bed -c /nowhere --show"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_mat_is_calibrated_and_shown),
	    cmocka_unit_test(test_a_good_calibration_is_not_lost),
	    cmocka_unit_test(test_a_daemon_that_reads_the_mat_is_named),
	    cmocka_unit_test(test_wrong_calls_are_told_apart),
	};

	return cmocka_run_group_tests(tests, make_files, free_files);
}
