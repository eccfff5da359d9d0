/* lumbar pain, as she enters it. */
#include "process.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static void enter(const char *level, char **said)
{
	char *database = scratch_path("pain.db"), *log = scratch_path("pain.log");
	const char *const argv[] = {"lumbar", "pain", level, "--database", database, NULL};

	assert_int_equal(process_run("lumbar", log, argv, 10), 0);
	*said = file_text(log);
	free(database);
	free(log);
}

static void severe_pain_is_answered_at_once(void **state)
{
	char *moderate, *severe;

	(void)state;
	enter("6", &moderate);
	enter("7", &severe);
	assert_non_null(strstr(moderate, "entered: pain 6 of 10"));
	assert_null(strstr(moderate, "doctor"));
	assert_non_null(strstr(severe, "entered: pain 7 of 10"));
	assert_non_null(strstr(severe, "Please see a doctor"));
	free(moderate);
	free(severe);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(severe_pain_is_answered_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
