/* The status file of a mat that lives in a time of its own. */
#include "process.h"
#include "support.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void the_last_event_is_dated_as_in_the_database(void **state)
{
	(void)state;
	char *status = scratch_path("s.json"), *database = scratch_path("s.db");
	char *log = scratch_path("s.log"), text[600];

	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\nstatus_file = %s\n[surface chair]\nkind = seat\n"
	    "driver = sim\nsim.plan = feed\nsim.rate = 2\nsim.speed = 300\n"
	    "sim.start = 2026-01-01T12:00:00+01:00\n",
	    database, status);
	char *config = scratch_file("s.conf", text);
	pid_t pid = process_start("lumbard", log, (const char *[]){"lumbard", "-c", config, NULL});
	assert_true(file_says(status, "\"last_event\":{", 20));
	json_t *root = json_load_file(status, 0, NULL);
	json_t *chair = json_array_get(json_object_get(root, "surfaces"), 0);
	const char *start = json_string_value(
	    json_object_get(json_object_get(chair, "last_event"), "start"));
	assert_non_null(start);
	assert_int_equal(strncmp(start, "2026-01-01T1", 12), 0);
	assert_string_equal(start + 19, "+01:00");
	json_decref(root);
	kill(pid, SIGTERM);
	assert_int_equal(process_wait(pid, 10), 0);
	free(status);
	free(database);
	free(log);
	free(config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_last_event_is_dated_as_in_the_database),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
