/* Every command reads its options alike, says alike what is wrong, and explains itself. */
#include "lumbar.h"
#include "support.h"

#include "app/command_line.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const commands[] = {
#define COMMAND(name, summary) #name,
#include "app/commands.def"
#undef COMMAND
#define EVAL(name, summary) ("eval " #name),
#include "app/evals.def"
#undef EVAL
    "drivers test",
};

static void test_every_command_explains_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		char usage[80];

		snprintf(usage, sizeof(usage), "usage: lumbar %s ", commands[i]);
		lumbar_expect(0, usage, "%s -h", commands[i]);
		assert_int_equal(lumbar_run("%s --help", commands[i]), 0);
		char *output = strdup(lumbar_said());
		assert_memory_equal(output, usage, strlen(usage));
		for (char *line = strtok(output, "\n"); line; line = strtok(NULL, "\n"))
			if (strlen(line) > 96)
				fail_msg("%s --help: a long line: %s", commands[i], line);
		free(output);
		if (strcmp(commands[i], "eval") != 0)
			lumbar_expect(2, usage, "%s --no-such-option", commands[i]);
	}
}

static void test_what_is_wrong_is_said(void **state)
{
	static const char *const wrong[][2] = {
	    {"events --night today", "lumbar events: --night today: give a date as 2026-07-25\n"},
	    {"nights --last 0", "--last 0: give a whole number of 1 to 3660\n"},
	    {"nights --last 2.5", "--last 2.5: give a whole number of 1 to 3660\n"},
	    {"export --format ods", "--format ods: give csv, edf or fhir\n"},
	    {"export --table minutes", "--table minutes: epochs, events or feeds\n"},
	    {"report --lang xx", "lumbar report: --lang xx: no such language; there are en, "},
	    {"analyze --rate 0 x", "--rate 0: give a number of 0.01 to 10000 hz\n"},
	    {"analyze --pitch 1kg x", "--pitch 1kg: give a number of 0.1 to 1000 mm\n"},
	    {"analyze --every nan x", "--every nan: give a number of 0.001 to 1e+06 s\n"},
	    {"simulate --seed -1", "--seed -1: give a whole number from 0 up\n"},
	    {"eval posture x"
	     " --train a --train b --train c --train d --train e --train f"
	     " --train g --train h --train i",
	        "--train i: give 8 at most\n"},
	    {"events more", "usage: lumbar events "},
	    {"compare one", "usage: lumbar compare "},
	    {"events --night", "usage: lumbar events "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		lumbar_expect(2, wrong[i][1], "%s", wrong[i][0]);
}

/* Each kind of target, words before and after, and what was not given stays. */
static void test_options_reach_their_targets(void **state)
{
	static const char *const kinds[] = {"bed", "seat", NULL};
	const char *words[] = {"reads", "first", "--flag", "-t", "text", "--day=1970-01-03",
	    "--seed", "18446744073709551615", "--count", "7", "--number", "2 min", "--single=1.5",
	    "--choice", "seat", "--many", "a", "--seven", "--many", "b", "--", "-last", NULL};
	const char *text = NULL, *untouched = "as it was", *many[2] = {0};
	bool flag = false, given = false;
	int32_t day = 0;
	uint64_t seed = 0;
	size_t count = 0, seven = 0, n_many = 0;
	double number = 0;
	float single = 0;
	int choice = 0;
	const struct command_option options[] = {
	    {"flag", 0, NULL, "", .flag = &flag},
	    {"text", 't', "T", "", .text = &text},
	    {"untouched", 'u', "T", "", .text = &untouched},
	    {"day", 0, "DATE", "", .day = &day, .flag = &given},
	    {"seed", 0, "N", "", .seed = &seed},
	    {"count", 0, "N", "", .count = &count, .least = 1, .most = 7},
	    {"number", 0, "TIME", "", .number = &number, .unit = "s", .most = 120},
	    {"single", 0, "N", "", .single = &single, .least = 1.5, .most = 2},
	    {"choice", 0, "KIND", "", .choice = &choice, .choices = kinds},
	    {"many", 0, "T", "", .text = many, .n_texts = &n_many, .most = 2},
	    {"seven", 0, NULL, "", .count = &seven, .least = 7},
	    {0},
	};
	const struct command_line line = {"reads", "", "", options, 2, INT_MAX};
	int argc = sizeof(words) / sizeof(words[0]) - 1;
	char **argv = (char **)words; /* getopt_long only moves them */

	(void)state;
	assert_int_equal(command_line_read(&line, argc, argv), COMMAND_RUN);
	assert_true(flag && given);
	assert_string_equal(text, "text");
	assert_string_equal(untouched, "as it was");
	assert_int_equal(day, 2);
	assert_true(seed == UINT64_MAX);
	assert_int_equal(count, 7);
	assert_true(number == 120 && single == 1.5F);
	assert_int_equal(choice, 1);
	assert_int_equal(n_many, 2);
	assert_string_equal(many[1], "b");
	assert_int_equal(seven, 7);
	assert_int_equal(argc - optind, 2);
	assert_string_equal(argv[optind], "first");
	assert_string_equal(argv[optind + 1], "-last");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_command_explains_itself),
	    cmocka_unit_test(test_what_is_wrong_is_said),
	    cmocka_unit_test(test_options_reach_their_targets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
