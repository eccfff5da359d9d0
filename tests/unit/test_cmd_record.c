/* lumbar record and lumbar drivers as a person calls them. */
#include "lumbar.h"
#include "process.h"
#include "recording/recording.h"
#include "support.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_text_to_recording_and_back(void **state)
{
	static const char frames[] = "1\t2\t3\n4\t5.5\t6\n7\t8\t1000\n";
	char *text = scratch_file("in.txt", frames), *file = scratch_path("out.lmb");

	(void)state;
	lumbar_expect(0, "3 frames in 2.0 s",
	    "record --driver replay --set file=%s --set rows=1 --set cols=3 --set speed=0"
	    " --set replay.full_scale=1000 --kind strip --notes 'a note' -o %s",
	    text, file);
	lumbar_expect(1, "is there already",
	    "record --driver replay --set file=%s --set rows=1 --set cols=3 --set speed=0"
	    " --set replay.full_scale=1000 --kind strip --notes 'a note' -o %s",
	    text, file); /* nothing is written over unasked */
	lumbar_expect(0, frames, "record --frames %s", file);
	assert_string_equal(lumbar_said(), frames);
	assert_int_equal(lumbar_run("record --info %s --json", file), 0);
	json_t *info = json_loads(lumbar_said(), 0, NULL);
	json_t *surface = json_array_get(json_object_get(info, "surfaces"), 0);
	assert_string_equal(json_string_value(json_object_get(info, "notes")), "a note");
	assert_string_equal(json_string_value(json_object_get(surface, "kind")), "strip");
	assert_int_equal(json_integer_value(json_object_get(surface, "frames")), 3);
	assert_int_equal(json_integer_value(json_object_get(surface, "cols")), 3);
	assert_true(json_is_null(json_object_get(surface, "start"))); /* text knows no clock */
	json_decref(info);
	free(text);
	free(file);
}

static void test_a_surface_of_a_configuration(void **state)
{
	char *file = scratch_path("sim.lmb"), *database = scratch_path("x.db");
	char text[600];

	(void)state;
	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\n"
	    "[surface bed]\nkind = bed\ndriver = sim\nsim.speed = 0\nsim.rate = 5\n"
	    "[surface chair]\nkind = seat\ndriver = sim\nsim.speed = 0\n",
	    database);
	char *config = scratch_file("lumbard.conf", text);
	lumbar_expect(0, "bed: 20 frames in 3.8 s", "record -c %s --seconds 4 -o %s", config, file);
	assert_non_null(strstr(lumbar_said(), "chair: 40 frames in 3.9 s"));
	lumbar_expect(0, "bed: bed, 32 x 16 cells 54 mm apart", "record --info %s", file);
	assert_non_null(strstr(lumbar_said(), "chair: seat, 16 x 16 cells"));
	assert_null(strstr(lumbar_said(), "not closed"));
	lumbar_expect(1, "2 surfaces: name one of them with --surface: bed, chair",
	    "record --frames %s", file);
	lumbar_expect(1, "no surface \"sofa\"; there is", "record -c %s --surface sofa -o %s.2",
	    config, file);
	remove(file);
	lumbar_expect(0, "60 frames in 11.8 s",
	    "record -c %s --surface bed --seconds '0.2 min' -o %s", config, file);
	lumbar_expect(0, "bed: bed, 32 x 16 cells", "record --info %s", file);
	free(file);
	free(database);
	free(config);
}

/* What is there of a recording that another process writes. */
static uint64_t frames_in(const char *path)
{
	struct recording_reader *reader = NULL;
	uint64_t n = 0;

	if (recording_is(path) && recording_open(&reader, path, NULL) == 0)
		n = recording_n_frames(reader);
	recording_close_reader(reader);
	return n;
}

/* kill -9 in the middle of a night of two mats: what is there is whole, and plays. */
static void test_a_killed_recording_is_read_and_played(void **state)
{
	char *file = scratch_path("killed.rec"), *database = scratch_path("killed.db");
	char *log = scratch_path("log");
	char *config = scratch_file("two.conf",
	    "[surface bed]\nkind = bed\ndriver = sim\nsim.speed = 100\nsim.rows = 8\nsim.cols = 8\n"
	    "[surface chair]\nkind = seat\ndriver = sim\nsim.speed = 100\nsim.rows = 8\nsim.cols = "
	    "8\n");
	const char *const argv[] = {"lumbar", "record", "-c", config, "-o", file, NULL};

	(void)state;
	pid_t pid = process_start("lumbar", log, argv);
	int status = 0;
	while (frames_in(file) < 800 && waitpid(pid, &status, WNOHANG) == 0)
		usleep(20000);
	kill(pid, SIGKILL);
	waitpid(pid, &status, 0);
	assert_true(WIFSIGNALED(status));
	lumbar_expect(
	    0, "not closed: it was cut off, or is still being written", "record --info %s", file);
	assert_non_null(strstr(lumbar_said(), "bed: bed, 8 x 8"));
	assert_non_null(strstr(lumbar_said(), "chair: seat, 8 x 8"));
	assert_null(strstr(lumbar_said(), "gap"));
	lumbar_expect(0, "was cut off while it was written; its last 10 s may be missing",
	    "replay %s --database %s", file, database);
	free(config);
	free(log);
	free(database);
	free(file);
}

/* SIGXFSZ ignored, a file-size limit is to a program what a full disk is. */
static void test_a_full_disk_is_said(void **state)
{
	char *file = scratch_path("full.rec"), *program = build_path("lumbar");

	(void)state;
	assert_int_equal(shell_run("trap '' XFSZ; ulimit -f 600; exec %s record --driver sim "
	                           "--set speed=0 --set rows=32 --set cols=16 --seconds 1h -o %s",
	                     program, file),
	    1);
	assert_non_null(
	    strstr(lumbar_said(), "the disk is full; make room, nothing written so far is lost"));
	assert_true(frames_in(file) >= 100);
	lumbar_expect(0, "bed: bed, 32 x 16 cells", "record --info %s", file);
	free(program);
	free(file);
}

/* A folder: a file a night, and the size of all of them is bounded. */
static void test_a_folder_of_nights(void **state)
{
	char *folder = scratch_path("nights");

	(void)state;
	mkdir(folder, 0700);
	lumbar_expect(0, "bed: 120 frames",
	    "record --driver sim --set speed=0 --set rate=1 --set rows=8 --set cols=8"
	    " --set start=2026-11-21T11:59:00+01:00 --seconds 2min -o %s",
	    folder);
	lumbar_expect(0, "60 frames in 59.0 s, from 2026-11-21T11:59:00+01:00",
	    "record --info %s/2026-11-21T115900.rec", folder);
	lumbar_expect(0, "60 frames in 59.0 s, from 2026-11-21T12:00:00+01:00",
	    "record --info %s/2026-11-21T120000.rec", folder);
	/* both are of this minute, so they stay; the third has no room behind them */
	lumbar_expect(0, "ended, as large as --max-size allows",
	    "record --driver sim --set speed=0 --set rows=32 --set cols=16"
	    " --set start=2026-11-22T21:00:00+01:00 --seconds 10h --max-size 300kB -o %s",
	    folder);
	lumbar_expect(
	    0, "from 2026-11-22T21:00:00+01:00", "record --info %s/2026-11-22T210000.rec", folder);
	assert_null(strstr(lumbar_said(), "not closed"));
	lumbar_expect(
	    1, "deletes old files of one", "record --driver sim --max-age 3d -o /tmp/never.rec");
	lumbar_expect(1, "no such folder", "record --driver sim -o /tmp/no-such-folder/");
	free(folder);
}

/* The calibration of a configuration goes into the file, and on with a copy of it. */
static void test_the_calibration_goes_with_it(void **state)
{
	char *first = scratch_path("first.rec"), *copy = scratch_path("copy.rec");
	char *calibration = scratch_file("strip.calib",
	    "[calibration]\nmade = 2026-11-01T10:00:00+00:00\nunit = mmhg\ngrade = B\n"
	    "[cells]\n0 = 1 0.5 1\n1 = 2 0.25 1\n");
	char *layout = scratch_file(
	    "strip.csv", "cell,x_mm,y_mm,region\n0,-10,5,seat\n1,10,5,back\n");
	char *frames = scratch_file("frames.txt", "1 2\n3 4\n5 6\n"), *text = NULL;

	(void)state;
	assert_true(asprintf(&text,
	                "[surface pad]\nkind = seat\ndriver = replay\nreplay.file = %s\n"
	                "replay.speed = 0\nlayout = %s\ncalibration = %s\n",
	                frames, layout, calibration) > 0);
	char *config = scratch_file("pad.conf", text);
	lumbar_expect(0, "pad: 3 frames", "record -c %s -o %s", config, first);
	lumbar_expect(0, "seat: 3 frames",
	    "record --driver replay --set file=%s --set speed=0 --kind seat -o %s", first, copy);
	lumbar_expect(
	    0, "calibrated 2026-11-01T10:00:00+00:00 in mmHg, grade B", "record --info %s", copy);
	assert_int_equal(lumbar_run("record --info %s --json", copy), 0);
	json_t *info = json_loads(lumbar_said(), 0, NULL);
	json_t *surface = json_array_get(json_object_get(info, "surfaces"), 0);
	json_t *place = json_array_get(json_object_get(surface, "places"), 1);
	assert_string_equal(json_string_value(json_object_get(info, "ending")), "closed");
	assert_string_equal(json_string_value(json_object_get(place, "region")), "back");
	assert_float_equal(json_number_value(json_object_get(place, "x_mm")), 10, 0);
	json_decref(info);
	free(config);
	free(text);
	free(frames);
	free(layout);
	free(calibration);
	free(first);
	free(copy);
}

static void test_wrong_calls_are_told_apart(void **state)
{
	(void)state;
	lumbar_expect(0, "usage: lumbar record", "record --help");
	lumbar_expect(2, "usage: lumbar record", "record");
	lumbar_expect(2, "usage:", "record --info a --frames b");
	lumbar_expect(2, "usage:", "record -o x");
	lumbar_expect(2, "usage:", "record --driver sim -c y -o x");
	lumbar_expect(2, "--seconds -1: give a time", "record --driver sim --seconds -1 -o x");
	lumbar_expect(2, "usage:", "record --nonsense");
	lumbar_expect(2, "usage:", "record --npy a");
	lumbar_expect(2, "usage:", "record --info a -c b");
	lumbar_expect(
	    2, "--max-size many: give a size", "record --driver sim --max-size many -o x");
	lumbar_expect(2, "usage:", "record --driver sim --surface a --surface b -o x");
	lumbar_expect(1, "no driver \"bus\"", "record --driver bus -o /tmp/never");
	lumbar_expect(1, "unknown key", "record --driver sim --set color=red -o /tmp/never");
	lumbar_expect(1, "give KEY=VALUE", "record --driver sim --set rate -o /tmp/never");
	lumbar_expect(
	    1, "give bed, seat or strip", "record --driver sim --kind sofa -o /tmp/never");
	lumbar_expect(1, "profile is missing", "record --driver modbus -o /tmp/never");
	lumbar_expect(1, "/nowhere: cannot be read", "record --info /nowhere");
	lumbar_expect(1, "not a recording", "record --frames Makefile");
	lumbar_expect(1, "cannot be made", "record --driver sim --seconds 1 -o /nowhere/x.lmb");
}

static void test_drivers_are_listed(void **state)
{
	(void)state;
	lumbar_expect(0, "modbus: a mat behind Modbus", "drivers");
	lumbar_expect(0, "must be given", "drivers modbus");
	lumbar_expect(0, "0 to 1000; default 1", "drivers replay");
	lumbar_expect(
	    0, "7 requests: 157 ms, 6.4 frames a second", "drivers modbus --profile overlay-32x16");
	lumbar_expect(0, "\"wire_rate_hz\": 16.3", "drivers --profile chair-16x16 --json");
	lumbar_expect(1, "no driver \"x\"", "drivers x");
	lumbar_expect(1, "profile \"x\" is neither", "drivers modbus --profile x");
	lumbar_expect(2, "usage:", "drivers sim --profile overlay-32x16");
	lumbar_expect(2, "usage:", "drivers a b");
	assert_int_equal(lumbar_run("drivers --json"), 0);
	json_t *list = json_loads(lumbar_said(), 0, NULL);
	assert_true(json_array_size(list) >= 3);
	json_decref(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_to_recording_and_back),
	    cmocka_unit_test(test_a_surface_of_a_configuration),
	    cmocka_unit_test(test_a_killed_recording_is_read_and_played),
	    cmocka_unit_test(test_a_full_disk_is_said),
	    cmocka_unit_test(test_a_folder_of_nights),
	    cmocka_unit_test(test_the_calibration_goes_with_it),
	    cmocka_unit_test(test_wrong_calls_are_told_apart),
	    cmocka_unit_test(test_drivers_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
