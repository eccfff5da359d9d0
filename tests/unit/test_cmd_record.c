/* lumbar record and lumbar drivers as a person calls them. */
#include "support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

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
	expect(1, "2 surfaces", arguments);
	snprintf(arguments, sizeof(arguments),
	    "record -c %s --surface bed --seconds '0.2 min' -o %s", config, file);
	expect(0, "60 frames in 11.8 s", arguments);
	snprintf(arguments, sizeof(arguments), "record --info %s", file);
	expect(0, "bed: bed, 32 x 16 cells", arguments);
	free(file);
	free(database);
	free(config);
}

static void test_wrong_calls_are_told_apart(void **state)
{
	(void)state;
	expect(0, "usage: lumbar record", "record --help");
	expect(2, "usage: lumbar record", "record");
	expect(2, "usage:", "record --info a --frames b");
	expect(2, "usage:", "record -o x");
	expect(2, "usage:", "record --driver sim -c y -o x");
	expect(2, "usage:", "record --driver sim --seconds -1 -o x");
	expect(2, "usage:", "record --nonsense");
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
	expect(0, "7 requests: 157 ms, 6.4 frames a second", "drivers modbus --profile overlay-32x16");
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
	    cmocka_unit_test(test_wrong_calls_are_told_apart),
	    cmocka_unit_test(test_drivers_are_listed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
