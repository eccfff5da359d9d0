/* Limits of a rule that do not fit each other: named with file, line, key, value, before anything runs. */
#include "app/config.h"
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BED   "[surface bed]\nkind = bed\ndriver = sim\n"
#define CHAIR "[surface chair]\nkind = seat\ndriver = sim\n"

static void refuses(const char *text, const char *expected)
{
	char *path = scratch_file("rules.conf", text), whole[300];
	struct config *config = NULL;
	struct problems problems;

	assert_true(config_load(&config, path, &problems) < 0);
	assert_int_equal(problems.n_problems, 1);
	snprintf(whole, sizeof(whole), "%s:%s", path, expected);
	assert_string_equal(problems.list[0].text, whole);
	free(path);
}

static void takes(const char *text)
{
	char *path = scratch_file("rules.conf", text);
	struct config *config = NULL;
	struct problems problems;

	if (config_load(&config, path, &problems) < 0)
		fail_msg("%s", problems.list[0].text);
	config_destroy(config);
	free(path);
}

static void limits_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	refuses(BED "prolonged_lying.day_from = 22\n",
	    "4: prolonged_lying.day_from = 22: the day would begin at 22 and end at 21; give "
	    "day_from the earlier hour");
	refuses(BED "prolonged_lying.limit = 3 h\nprolonged_lying.day_to = 7\n",
	    "5: prolonged_lying.day_to = 7: the day would begin at 7 and end at 7; give day_from "
	    "the earlier hour");
	refuses(BED "unchanged_posture.notice = 1 h\n",
	    "4: unchanged_posture.notice = 1 h: notice is 60 min, limit 120 min; give notice the "
	    "longer time");
	refuses(BED "soft_support.limit = 2\n",
	    "4: soft_support.limit = 2: strong is 1.5, limit 2; give strong the greater index");
	refuses(BED "pain_high.lasting = 8\n",
	    "4: pain_high.lasting = 8: lasting is 8, severe 7; give severe the greater number");
	refuses(CHAIR "sideways_lean.limit = 0.3\n",
	    "4: sideways_lean.limit = 0.3: strong is 0.25, limit 0.3; give strong the greater "
	    "lean");
}

/* Frames further apart than the gap that ends everything: nothing would ever be counted. */
static void a_gap_shorter_than_a_frame_is_refused(void **state)
{
	(void)state;
	refuses(BED "sim.rate = 0.2\n",
	    "2: [surface bed]: a frame comes each 5 s, and pipeline.gap is 5 s: nothing would be "
	    "counted; give pipeline.gap = 15 s");
	refuses(BED "sim.rate = 2\npipeline.gap = 0.5 s\n",
	    "5: pipeline.gap = 0.5 s: a frame comes each 0.5 s, and pipeline.gap is 0.5 s: nothing "
	    "would be counted; give pipeline.gap = 1.5 s");
	takes(BED "sim.rate = 0.2\npipeline.gap = 15 s\n");
	takes(BED "sim.rate = 0.4\n");
}

static void what_fits_is_taken(void **state)
{
	(void)state;
	takes(BED "prolonged_lying.day_from = 20\nunchanged_posture.notice = 2 h\n"
	          "soft_support.limit = 1.5\npain_high.lasting = 7\n");
	takes(CHAIR "sideways_lean.limit = 0.25\n");
	/* Whoever does not want the rule need not mend its limits. */
	takes(BED "unchanged_posture.enabled = no\nunchanged_posture.notice = 1 h\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(limits_that_do_not_fit_are_refused),
	    cmocka_unit_test(a_gap_shorter_than_a_frame_is_refused),
	    cmocka_unit_test(what_fits_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
