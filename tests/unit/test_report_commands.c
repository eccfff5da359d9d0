/* lumbar report, nights, events and pain as a person calls them. */
#include "lumbar.h"
#include "night_fixture.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void use(const char *database)
{
	assert_int_equal(setenv("LUMBAR_DATABASE", database, 1), 0);
}

static void test_commands(void **state)
{
	(void)state;
	char *path = fixture_designed_path();

	use(path);
	lumbar_expect(0, "The night to Saturday 25 July 2026", "report");
	lumbar_expect(0, "Friday 24 July 2026", "report --night 2026-07-24");
	lumbar_expect(1, "nothing was recorded in the night", "report --night 2025-01-01");
	lumbar_expect(2, "give a date", "report --night tomorrow");
	lumbar_expect(2, "text, json, html, pdf or png", "report --format odt");
	lumbar_expect(2, "there are en, de", "report --lang tlh");
	lumbar_expect(0, "%PDF-1.", "report --format pdf");
	lumbar_expect(0, "--night DATE", "report --help");
	lumbar_expect(1, "/nowhere/x.html", "report -o /nowhere/x.html");
	lumbar_expect(0, "2026-07-25    7.8 h", "nights");
	lumbar_expect(0, "\"lying_s\": 27960.0", "nights --json --last 1");
	lumbar_expect(0, "\"estimated_sleep_s\": 2", "nights --json --last 1");
	lumbar_expect(2, "1 to ", "nights --last 0");
	lumbar_expect(0, "sideways_lean, advice, chair: 0.27 ratio (limit 0.15)", "events");
	lumbar_expect(0, "\"acquire\"", "events --surface bed --json");
	lumbar_expect(1, "there are bed, chair", "events --surface sofa");
	lumbar_expect(2, "from 0 (none) to 10", "pain 11");
	lumbar_expect(2, "usage", "pain");
	use("/nowhere/none.db");
	lumbar_expect(1, "/nowhere/none.db", "report");
	free(path);

	path = scratch_path("pain.db");
	use(path);
	lumbar_expect(0, "pain 7 of 10 on the morning of 2026-07-25", "pain 7 --date 2026-07-25");
	lumbar_expect(0, "no night is recorded yet", "nights");
	lumbar_expect(1, "no night is recorded", "report");
	free(path);
}

/* The report appears whole, and a failed one leaves the old. */
static void test_output_file(void **state)
{
	(void)state;
	char *path = fixture_designed_path(), *out = scratch_path("out.html");

	use(path);
	assert_int_equal(lumbar_run("report --format html -o '%s'", out), 0);
	assert_string_equal(lumbar_said(), "");
	FILE *file = fopen(out, "r");
	assert_non_null(file);
	fseek(file, -8, SEEK_END);
	char tail[9] = "";
	assert_int_equal(fread(tail, 1, 8, file), 8);
	assert_string_equal(tail, "</html>\n");
	fclose(file);
	assert_int_equal(lumbar_run("report --night 2025-01-01 -o '%s'", out), 1);
	assert_int_equal(access(out, F_OK), 0);
	free(out);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_output_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
