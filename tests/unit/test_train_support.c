/* The scale of the softness index is what its command makes of it, on any machine. */
#include "support.h"

#include "app/train_support.h"
#include "body/support_scale.h"
#include "process.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Seed and people as the header says. Another processor's logarithm may move the last digit. */
static void the_header_is_what_the_command_makes(void **state)
{
	char *path = source_path("src/body/support_scale.h"), *text = file_text(path);
	const char *command = strstr(
	    text, "lumbar train support -o src/body/support_scale.h --seed ");
	struct train_support_scale scale = {0};
	struct error err = {0};
	unsigned long long seed;
	size_t n_people;

	(void)state;
	assert_non_null(command);
	command = strstr(command, "--seed ");
	assert_int_equal(sscanf(command, "--seed %llu --people %zu", &seed, &n_people), 2);
	assert_int_equal(train_support(seed, n_people, &scale, &err), 0);
	assert_float_equal(scale.middle, SUPPORT_MIDDLE, 0.0015);
	assert_float_equal(scale.halving, SUPPORT_HALVING, 0.0003);
	free(text);
	free(path);
}

static char *made(uint64_t seed, size_t n_people, const char *name)
{
	struct train_support_scale scale;
	struct error err = {0};
	char *path = scratch_path(name);

	assert_int_equal(train_support(seed, n_people, &scale, &err), 0);
	assert_int_equal(train_support_write(&scale, seed, n_people, path, &err), 0);
	char *text = file_text(path);
	free(path);
	return text;
}

static void the_same_seed_gives_the_same_bytes(void **state)
{
	char *first = made(5, 6, "a.h"), *again = made(5, 6, "b.h"), *other = made(6, 6, "c.h");

	(void)state;
	assert_string_equal(first, again);
	assert_non_null(strstr(first, "--seed 5 --people 6"));
	assert_string_not_equal(
	    strstr(first, "#define SUPPORT_M"), strstr(other, "#define SUPPORT_M"));
	free(first);
	free(again);
	free(other);
}

static void what_cannot_be_made_is_said(void **state)
{
	struct train_support_scale scale = {0};
	struct error err = {0};

	(void)state;
	assert_int_equal(train_support(1, 1, &scale, &err), -EINVAL);
	err = (struct error){0};
	assert_int_equal(train_support_write(&scale, 1, 2, "/nonexistent/x.h", &err), -ENOENT);
	assert_non_null(strstr(err.text, "/nonexistent/x.h"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_header_is_what_the_command_makes),
	    cmocka_unit_test(the_same_seed_gives_the_same_bytes),
	    cmocka_unit_test(what_cannot_be_made_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
