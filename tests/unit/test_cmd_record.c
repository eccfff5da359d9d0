/* lumbar record and lumbar drivers as a person calls them. */
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

static char output[65536];

/* Runs "lumbar ARGUMENTS", both outputs into `output`; the exit status. */
static int lumbar(const char *arguments)
{
	char *program = build_path("lumbar"), *command = NULL;

	assert_true(asprintf(&command, "%s %s 2>&1", program, arguments) > 0);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	int status = pclose(pipe);
	free(command);
	free(program);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void expect(int status, const char *words, const char *arguments)
{
	int got = lumbar(arguments);

	if (got != status || !strstr(output, words))
		fail_msg(
		    "lumbar %s: %d, not %d with \"%s\": %s", arguments, got, status, words, output);
}

static void test_text_to_recording_and_back(void **state)
{
	static const char frames[] = "1\t2\t3\n4\t5.5\t6\n7\t8\t1000\n";
	char *text = scratch_file("in.txt", frames), *file = scratch_path("out.lmb");
	char arguments[400];

	(void)state;
	snprintf(arguments, sizeof(arguments),
	    "record --driver replay --set file=%s --set rows=1 --set cols=3 --set speed=0"
	    " --set replay.full_scale=1000 --kind strip --notes 'a note' -o %s",
	    text, file);
	expect(0, "3 frames in 2.0 s", arguments);
	expect(1, "is there already", arguments); /* nothing is written over unasked */
	snprintf(arguments, sizeof(arguments), "record --frames %s", file);
	expect(0, frames, arguments);
	assert_string_equal(output, frames);
	snprintf(arguments, sizeof(arguments), "record --info %s --json", file);
	assert_int_equal(lumbar(arguments), 0);
	json_t *info = json_loads(output, 0, NULL);
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
	char text[600], arguments[300];

	(void)state;
	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\n"
	    "[surface bed]\nkind = bed\ndriver = sim\nsim.speed = 0\nsim.rate = 5\n"
	    "[surface chair]\nkind = seat\ndriver = sim\nsim.speed = 0\n",
	    database);
	char *config = scratch_file("lumbard.conf", text);
	snprintf(arguments, sizeof(arguments), "record -c %s --seconds 4 -o %s", config, file);
	expect(0, "bed: 20 frames in 3.8 s", arguments);
	assert_non_null(strstr(output, "chair: 40 frames in 3.9 s"));
	snprintf(arguments, sizeof(arguments), "record --info %s", file);
	expect(0, "bed: bed, 32 x 16 cells 54 mm apart", arguments);
	assert_non_null(strstr(output, "chair: seat, 16 x 16 cells"));
	assert_null(strstr(output, "not closed"));
	snprintf(arguments, sizeof(arguments), "record --frames %s", file);
	expect(1, "2 surfaces: name one of them with --surface: bed, chair", arguments);
	snprintf(arguments, sizeof(arguments), "record -c %s --surface sofa -o %s.2", config, file);
	expect(1, "no surface \"sofa\"; there is", arguments);
	remove(file);
	snprintf(arguments, sizeof(arguments),
	    "record -c %s --surface bed --seconds '0.2 min' -o %s", config, file);
	expect(0, "60 frames in 11.8 s", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s", file);
	expect(0, "bed: bed, 32 x 16 cells", arguments);
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
	char *log = scratch_path("log"), arguments[400];
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
	snprintf(arguments, sizeof(arguments), "record --info %s", file);
	expect(0, "not closed: it was cut off, or is still being written", arguments);
	assert_non_null(strstr(output, "bed: bed, 8 x 8"));
	assert_non_null(strstr(output, "chair: seat, 8 x 8"));
	assert_null(strstr(output, "gap"));
	snprintf(arguments, sizeof(arguments), "replay %s --database %s", file, database);
	expect(0, "was cut off while it was written; its last 10 s may be missing", arguments);
	free(config);
	free(log);
	free(database);
	free(file);
}

/* SIGXFSZ ignored, a file-size limit is to a program what a full disk is. */
static void test_a_full_disk_is_said(void **state)
{
	char *file = scratch_path("full.rec"), *program = build_path("lumbar"), *command = NULL;

	(void)state;
	assert_true(asprintf(&command,
	                "trap '' XFSZ; ulimit -f 600; exec %s record --driver sim --set speed=0 "
	                "--set rows=32 --set cols=16 --seconds 1h -o %s 2>&1",
	                program, file) > 0);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	output[fread(output, 1, sizeof(output) - 1, pipe)] = '\0';
	int status = pclose(pipe);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	assert_non_null(
	    strstr(output, "the disk is full; make room, nothing written so far is lost"));
	assert_true(frames_in(file) >= 100);
	free(command);
	assert_true(asprintf(&command, "record --info %s", file) > 0);
	expect(0, "bed: bed, 32 x 16 cells", command);
	free(command);
	free(program);
	free(file);
}

/* A folder: a file a night, and the size of all of them is bounded. */
static void test_a_folder_of_nights(void **state)
{
	char *folder = scratch_path("nights"), arguments[500];

	(void)state;
	mkdir(folder, 0700);
	snprintf(arguments, sizeof(arguments),
	    "record --driver sim --set speed=0 --set rate=1 --set rows=8 --set cols=8"
	    " --set start=2026-11-21T11:59:00+01:00 --seconds 2min -o %s",
	    folder);
	expect(0, "bed: 120 frames", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s/2026-11-21T115900.rec", folder);
	expect(0, "60 frames in 59.0 s, from 2026-11-21T11:59:00+01:00", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s/2026-11-21T120000.rec", folder);
	expect(0, "60 frames in 59.0 s, from 2026-11-21T12:00:00+01:00", arguments);
	/* both are of this minute, so they stay; the third has no room behind them */
	snprintf(arguments, sizeof(arguments),
	    "record --driver sim --set speed=0 --set rows=32 --set cols=16"
	    " --set start=2026-11-22T21:00:00+01:00 --seconds 10h --max-size 300kB -o %s",
	    folder);
	expect(0, "ended, as large as --max-size allows", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s/2026-11-22T210000.rec", folder);
	expect(0, "from 2026-11-22T21:00:00+01:00", arguments);
	assert_null(strstr(output, "not closed"));
	expect(1, "deletes old files of one", "record --driver sim --max-age 3d -o /tmp/never.rec");
	expect(1, "no such folder", "record --driver sim -o /tmp/no-such-folder/");
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
	char *frames = scratch_file("frames.txt", "1 2\n3 4\n5 6\n"), *text = NULL, arguments[400];

	(void)state;
	assert_true(asprintf(&text,
	                "[surface pad]\nkind = seat\ndriver = replay\nreplay.file = %s\n"
	                "replay.speed = 0\nlayout = %s\ncalibration = %s\n",
	                frames, layout, calibration) > 0);
	char *config = scratch_file("pad.conf", text);
	snprintf(arguments, sizeof(arguments), "record -c %s -o %s", config, first);
	expect(0, "pad: 3 frames", arguments);
	snprintf(arguments, sizeof(arguments),
	    "record --driver replay --set file=%s --set speed=0 --kind seat -o %s", first, copy);
	expect(0, "seat: 3 frames", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s", copy);
	expect(0, "calibrated 2026-11-01T10:00:00+00:00 in mmHg, grade B", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s --json", copy);
	assert_int_equal(lumbar(arguments), 0);
	json_t *info = json_loads(output, 0, NULL);
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
	expect(0, "usage: lumbar record", "record --help");
	expect(2, "usage: lumbar record", "record");
	expect(2, "usage:", "record --info a --frames b");
	expect(2, "usage:", "record -o x");
	expect(2, "usage:", "record --driver sim -c y -o x");
	expect(2, "--seconds -1: give a time", "record --driver sim --seconds -1 -o x");
	expect(2, "usage:", "record --nonsense");
	expect(2, "usage:", "record --npy a");
	expect(2, "usage:", "record --info a -c b");
	expect(2, "--max-size many: give a size", "record --driver sim --max-size many -o x");
	expect(2, "usage:", "record --driver sim --surface a --surface b -o x");
	expect(1, "no driver \"bus\"", "record --driver bus -o /tmp/never");
	expect(1, "unknown key", "record --driver sim --set color=red -o /tmp/never");
	expect(1, "give KEY=VALUE", "record --driver sim --set rate -o /tmp/never");
	expect(1, "give bed, seat or strip", "record --driver sim --kind sofa -o /tmp/never");
	expect(1, "profile is missing", "record --driver modbus -o /tmp/never");
	expect(1, "/nowhere: cannot be read", "record --info /nowhere");
	expect(1, "not a recording", "record --frames Makefile");
	expect(1, "cannot be made", "record --driver sim --seconds 1 -o /nowhere/x.lmb");
}

static void test_drivers_are_listed(void **state)
{
	(void)state;
	expect(0, "modbus: a mat behind Modbus", "drivers");
	expect(0, "must be given", "drivers modbus");
	expect(0, "0 to 1000; default 1", "drivers replay");
	expect(
	    0, "7 requests: 157 ms, 6.4 frames a second", "drivers modbus --profile overlay-32x16");
	expect(0, "\"wire_rate_hz\": 16.3", "drivers --profile chair-16x16 --json");
	expect(1, "no driver \"x\"", "drivers x");
	expect(1, "profile \"x\" is neither", "drivers modbus --profile x");
	expect(2, "usage:", "drivers sim --profile overlay-32x16");
	expect(2, "usage:", "drivers a b");
	assert_int_equal(lumbar("drivers --json"), 0);
	json_t *list = json_loads(output, 0, NULL);
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
