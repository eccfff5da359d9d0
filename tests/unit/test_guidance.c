/* The advice as data, and the page that is made of it. */
#include "detect/detector.h"
#include "guidance/guidance.h"
#include "lumbar.h"
#include "support.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void every_row_is_whole_and_single(void **state)
{
	(void)state;
	assert_int_equal(n_guidance, 17);
	for (size_t i = 0; i < n_guidance; i++) {
		const struct advice *advice = &guidance[i];

		assert_ptr_equal(guidance_find(advice->id), advice);
		assert_true(strchr(advice->id, '.') && strlen(advice->id) < 32);
		assert_true(strlen(advice->advises) > 10 && strlen(advice->try_this) > 20);
		assert_int_equal(advice->try_this[strlen(advice->try_this) - 1], '.');
		assert_true(advice->source && *advice->source);
		assert_null(strchr(advice->advises, '|'));
	}
}

/* What a mat can measure has a rule; walking alone is only shown in the report. */
static void measured_advice_has_a_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_guidance; i++) {
		size_t rules = 0;

		for (size_t k = 0; detectors[k]; k++)
			rules += strcmp(detectors[k]->advice_id, guidance[i].id) == 0;
		bool expected = guidance[i].measured && strcmp(guidance[i].id, "move.walk") != 0;
		assert_int_equal(rules, expected);
	}
}

static char *read_all(FILE *file)
{
	size_t room = 1 << 17;
	char *text = calloc(1, room);

	assert_non_null(file);
	assert_non_null(text);
	size_t n = fread(text, 1, room - 1, file);
	assert_true(n > 0 && n < room - 1);
	return text;
}

static void the_page_is_what_the_program_prints(void **state)
{
	(void)state;
	char *page = source_path("docs/guidance.md");
	FILE *kept = fopen(page, "r");
	char *then = read_all(kept);

	fclose(kept);
	assert_int_equal(lumbar_run("detectors --markdown"), 0);
	if (strcmp(lumbar_said(), then) != 0)
		fail_msg("docs/guidance.md is stale: run lumbar detectors --markdown >%s", page);
	free(then);
	free(page);
}

static void the_rules_as_json(void **state)
{
	(void)state;
	json_t *rules = lumbar_json("detectors --json");

	for (size_t i = 0; detectors[i]; i++) {
		json_t *rule = json_array_get(rules, i),
		       *options = json_object_get(rule, "options");
		size_t n = 0;

		while (detectors[i]->options[n].key)
			n++;
		assert_string_equal(
		    json_string_value(json_object_get(rule, "name")), detectors[i]->name);
		assert_int_equal(json_array_size(options), n);
	}
	json_decref(rules);
}

static void one_rule_and_wrong_words(void **state)
{
	(void)state;
	lumbar_expect(0, "long_feed.limit", "detectors long_feed");
	assert_non_null(strstr(lumbar_said(), "45 min"));
	lumbar_expect(1, "long_fed", "detectors long_fed");
	assert_int_equal(lumbar_run("detectors --colour"), 2);
	assert_int_equal(lumbar_run("detectors --help"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_row_is_whole_and_single),
	    cmocka_unit_test(measured_advice_has_a_rule),
	    cmocka_unit_test(the_page_is_what_the_program_prints),
	    cmocka_unit_test(the_rules_as_json),
	    cmocka_unit_test(one_rule_and_wrong_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
