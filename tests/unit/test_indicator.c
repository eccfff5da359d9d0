/* The indicator's decision, its patterns, and a cue on an output that only writes down. */
#include "live/cue.h"
#include "live/indicator.h"
#include "support.h"

#include "base/clock.h"
#include "detect/detector.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* ---- patterns ------------------------------------------------------------------------------ */

static void patterns_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int code;
		size_t n_times;
	} table[] = {
	    {"200 200 200", 0, 3},
	    {"600", 0, 1},
	    {"20 2000 20", 0, 3},
	    {"none", 0, 0},
	    {"", 0, 0},
	    {"100 100 100 100 100 100 100 100 100 100 100 100 100 100 100", 0, 15},
	    {"200 200", -EINVAL, 0},
	    {"200, 200, 200", -EINVAL, 0},
	    {"long", -EINVAL, 0},
	    {"200 x 200", -EINVAL, 0},
	    {"19", -ERANGE, 0},
	    {"2001", -ERANGE, 0},
	    {"-200", -ERANGE, 0},
	    {"nan", -ERANGE, 0},
	    {"2000 2000 2000 2000 2001", -ERANGE, 0},
	    {"2000 2000 2000 2000 2000", 0, 5},
	    {"2000 2000 2000 2000 1000 1000 20", -ERANGE, 0},
	    {"20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20 20", -ERANGE, 0},
	};
	const struct place where = {.file = "x.conf", .line = 7, .key = "sitting"};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct pattern pattern;
		struct error err = {0};
		int code = pattern_parse(table[i].text, &where, &pattern, &err);
		if (code != table[i].code || err.code != table[i].code)
			fail_msg("\"%s\": %d, %s", table[i].text, code, err.text);
		if (code == 0)
			assert_int_equal(pattern.n_times, table[i].n_times);
		else
			assert_non_null(strstr(err.text, "x.conf:7: sitting"));
	}
}

static void a_pattern_is_written_as_it_is_read(void **state)
{
	(void)state;
	struct pattern pattern;
	char text[PATTERN_TEXT_SIZE];

	pattern_parse("600 300 600", &(struct place){0}, &pattern, NULL);
	assert_string_equal(pattern_text(&pattern, text), "600 300 600");
	pattern_parse("none", &(struct place){0}, &pattern, NULL);
	assert_string_equal(pattern_text(&pattern, text), "none");
	/* The longest text that passes: fifteen times, of at most ten seconds in all. */
	const char *longest = "1000 1000 1000 1000 1000 1000 1000 100 100 100 100 100 100 100 100";
	assert_int_equal(pattern_parse(longest, &(struct place){0}, &pattern, NULL), 0);
	assert_string_equal(pattern_text(&pattern, text), longest);
}

/* ---- a cue --------------------------------------------------------------------------------- */

struct fake {
	char seen[64]; /* '1' and '0' as they were set */
	size_t n;
	int code; /* what set() returns */
};

static int fake_set(void *user, bool on)
{
	struct fake *fake = user;

	if (fake->n + 1 < sizeof(fake->seen))
		fake->seen[fake->n++] = on ? '1' : '0';
	return fake->code;
}

static void a_cue_turns_on_and_off_and_ends_off(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct cue cue = {.output = {&fake, fake_set}};
	const struct pattern pattern = {3, {200, 100, 300}};

	assert_false(cue_playing(&cue));
	assert_int_equal(cue_begin(&cue, &pattern), 200);
	assert_true(cue_playing(&cue));
	assert_int_equal(cue_next(&cue), 100);
	assert_int_equal(cue_next(&cue), 300);
	assert_int_equal(cue_next(&cue), 0);
	assert_false(cue_playing(&cue));
	assert_int_equal(cue_next(&cue), 0);
	assert_string_equal(fake.seen, "10100");
}

static void silence_is_off(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct cue cue = {.output = {&fake, fake_set}};

	assert_int_equal(cue_begin(&cue, &(struct pattern){0}), 0);
	assert_string_equal(fake.seen, "0");
}

static void an_output_that_fails_ends_the_cue(void **state)
{
	(void)state;
	struct fake fake = {0};
	struct cue cue = {.output = {&fake, fake_set}};

	assert_int_equal(cue_begin(&cue, &(struct pattern){3, {200, 100, 300}}), 200);
	fake.code = -ENODEV;
	assert_int_equal(cue_next(&cue), -ENODEV);
	assert_false(cue_playing(&cue));
}

/* ---- the decision -------------------------------------------------------------------------- */

static const struct surface chair = {.name = "chair", .kind = SURFACE_SEAT};
static const struct surface bed = {.name = "bed", .kind = SURFACE_BED};
static const struct surface sofa = {.name = "sofa", .kind = SURFACE_SEAT};

static struct indicator_config for_both(void)
{
	struct indicator_config config = {
	    .name = "led",
	    .line = "GPIO18",
	    .n_surfaces = 2,
	    .surfaces = {{"chair", SURFACE_SEAT}, {"bed", SURFACE_BED}},
	    .least = EVENT_ADVICE,
	    .at_most_every_ns = 10 * NS_PER_MIN,
	};

	for (int i = 0; i < NOTICE_COUNT; i++)
		config.patterns[i] = (struct pattern){1, {100 * (i + 1)}};
	return config;
}

static int64_t at_s(int hour, int minute)
{
	return (int64_t)hour * 3600 + minute * 60;
}

/* At a time of day in a zone an hour east of Greenwich. */
static struct moment day_moment(int64_t second)
{
	const struct civil date = {.year = 2026, .month = 11, .day = 22};

	return (struct moment){
	    .mono_ns = NS_PER_H + second * NS_PER_S,
	    .real_ns = clock_real_from_civil(&date, 3600) + second * NS_PER_S,
	    .utc_offset_s = 3600,
	};
}

static struct event finding(const char *rule, const char *advice, const struct moment *now)
{
	return (struct event){
	    .rule = rule,
	    .advice_id = advice,
	    .level = EVENT_ADVICE,
	    .start_ns = now->mono_ns - 30 * NS_PER_MIN,
	    .end_ns = now->mono_ns,
	};
}

static enum verdict judge(const struct indicator_config *config, const struct surface *surface,
    const struct event *event, const struct moment *now)
{
	struct indicator_memory memory = {0};
	enum notice notice;

	return indicator_step(config, &memory, surface, event, now, &notice);
}

static void each_finding_has_its_notice(void **state)
{
	(void)state;
	static const struct {
		const char *advice;
		enum event_level level;
		int day;
		const char *rule;
		enum notice expected;
	} table[] = {
	    {"feeding.posture", EVENT_ADVICE, 0, "feeding_posture", NOTICE_POSTURE},
	    {"holding.weight_off_back", EVENT_ADVICE, 0, "sideways_lean", NOTICE_POSTURE},
	    {"sitting.stand_if_you_can", EVENT_ADVICE, 0, "prolonged_sitting", NOTICE_SITTING},
	    {"sitting.stand_if_you_can", EVENT_INFORMATION, 0, "prolonged_sitting", NOTICE_SITTING},
	    {"feeding.length", EVENT_ADVICE, 0, "long_feed", NOTICE_SITTING},
	    {"lying.not_all_day", EVENT_ADVICE, 0, "prolonged_lying", NOTICE_LYING},
	    {"lying.change", EVENT_ADVICE, 0, "unchanged_posture", NOTICE_LYING},
	    {"lying.back_or_side", EVENT_ADVICE, 0, "prone", NOTICE_LYING},
	    {"bending.seldom", EVENT_ADVICE, 0, "frequent_bending", NOTICE_BENDING},
	    {"", EVENT_TECHNICAL, 0, "acquire", NOTICE_FAULT},
	    {"", EVENT_TECHNICAL, 0, "calibration", NOTICE_NONE},
	    {"", EVENT_TECHNICAL, 0, "tare", NOTICE_NONE},
	    {"lying.not_all_day", EVENT_ADVICE, 20000, "prolonged_lying", NOTICE_NONE},
	    {"mattress.firm", EVENT_ADVICE, 20000, "soft_support", NOTICE_NONE},
	    {"pain.doctor", EVENT_ADVICE, 0, "pain_high", NOTICE_NONE},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct event event = {.rule = table[i].rule,
		    .advice_id = table[i].advice,
		    .level = table[i].level,
		    .day = table[i].day};
		if (notice_of(&event) != table[i].expected)
			fail_msg("%s: notice %d", table[i].rule, (int)notice_of(&event));
	}
}

/* A new rule over frames must be told which cue is its. */
static void no_rule_over_frames_is_forgotten(void **state)
{
	(void)state;
	size_t n = 0;

	for (size_t i = 0; detectors[i]; i++) {
		const struct event event = {.rule = detectors[i]->name,
		    .advice_id = detectors[i]->advice_id,
		    .level = EVENT_ADVICE};
		if (!detectors[i]->step)
			continue;
		if (notice_of(&event) == NOTICE_NONE)
			fail_msg("%s has no notice", detectors[i]->name);
		n++;
	}
	assert_true(n >= 8);
}

static void only_live_findings_of_its_surfaces_and_level_count(void **state)
{
	(void)state;
	struct indicator_config config = for_both();
	const struct moment noon = day_moment(at_s(12, 0));
	struct event event = finding("prolonged_sitting", "sitting.stand_if_you_can", &noon);

	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_CUE);
	assert_int_equal(judge(&config, &sofa, &event, &noon), VERDICT_NOT_MEANT);
	event.level = EVENT_INFORMATION;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_NOT_MEANT);
	config.least = EVENT_INFORMATION;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_CUE);
	event.level = EVENT_ADVICE;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_CUE);
	event.day = 20000;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_NOT_MEANT);
	event.day = 0;
	event.end_ns = noon.mono_ns - NS_PER_MIN;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_OVER);
	event.end_ns = noon.mono_ns - 4 * NS_PER_S;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_CUE);
	config.patterns[NOTICE_SITTING] = (struct pattern){0};
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_NOT_MEANT);
}

static void a_fault_counts_when_it_begins(void **state)
{
	(void)state;
	struct indicator_config config = for_both();
	const struct moment noon = day_moment(at_s(12, 0));
	struct event event = {.rule = "acquire",
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = noon.mono_ns - 10 * NS_PER_S,
	    .end_ns = noon.mono_ns - 10 * NS_PER_S};

	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_CUE);
	event.end_ns = noon.mono_ns;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_OVER);
	config.patterns[NOTICE_FAULT] = (struct pattern){0};
	event.end_ns = event.start_ns;
	assert_int_equal(judge(&config, &chair, &event, &noon), VERDICT_NOT_MEANT);
}

static void quiet_hours_are_kept(void **state)
{
	(void)state;
	static const struct {
		enum quiet_hours quiet;
		int from_h, to_h, hour, minute;
		enum verdict in_chair, in_bed;
	} table[] = {
	    {QUIET_BY_SURFACE, 0, 0, 20, 59, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_BY_SURFACE, 0, 0, 21, 0, VERDICT_CUE, VERDICT_QUIET},
	    {QUIET_BY_SURFACE, 0, 0, 0, 0, VERDICT_CUE, VERDICT_QUIET},
	    {QUIET_BY_SURFACE, 0, 0, 6, 59, VERDICT_CUE, VERDICT_QUIET},
	    {QUIET_BY_SURFACE, 0, 0, 7, 0, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_NEVER, 0, 0, 3, 0, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_GIVEN, 23, 5, 22, 59, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_GIVEN, 23, 5, 23, 0, VERDICT_QUIET, VERDICT_QUIET},
	    {QUIET_GIVEN, 23, 5, 4, 59, VERDICT_QUIET, VERDICT_QUIET},
	    {QUIET_GIVEN, 23, 5, 5, 0, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_GIVEN, 13, 15, 12, 59, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_GIVEN, 13, 15, 13, 0, VERDICT_QUIET, VERDICT_QUIET},
	    {QUIET_GIVEN, 13, 15, 15, 0, VERDICT_CUE, VERDICT_CUE},
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct indicator_config config = for_both();
		const struct moment now = day_moment(at_s(table[i].hour, table[i].minute));
		struct event sat = finding("prolonged_sitting", "sitting.stand_if_you_can", &now);
		struct event lay = finding("prolonged_lying", "lying.not_all_day", &now);
		config.quiet = table[i].quiet;
		config.quiet_from_s = table[i].from_h * 3600;
		config.quiet_to_s = table[i].to_h * 3600;
		if (judge(&config, &chair, &sat, &now) != table[i].in_chair ||
		    judge(&config, &bed, &lay, &now) != table[i].in_bed)
			fail_msg("row %zu, %02d:%02d", i, table[i].hour, table[i].minute);
	}
}

static void without_a_clock_only_what_is_never_quiet_is_shown(void **state)
{
	(void)state;
	static const struct {
		enum quiet_hours quiet;
		enum verdict in_chair, in_bed;
	} table[] = {
	    {QUIET_BY_SURFACE, VERDICT_CUE, VERDICT_CLOCK},
	    {QUIET_NEVER, VERDICT_CUE, VERDICT_CUE},
	    {QUIET_GIVEN, VERDICT_CLOCK, VERDICT_CLOCK},
	};
	const struct moment now = {.mono_ns = NS_PER_H};
	const struct event sat = finding("prolonged_sitting", "sitting.stand_if_you_can", &now);
	const struct event lay = finding("prolonged_lying", "lying.not_all_day", &now);

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct indicator_config config = for_both();
		config.quiet = table[i].quiet;
		config.quiet_to_s = 1;
		assert_int_equal(judge(&config, &chair, &sat, &now), table[i].in_chair);
		assert_int_equal(judge(&config, &bed, &lay, &now), table[i].in_bed);
	}
}

/* A chair's day on one indicator: what is said when, and what comes of it. */
static void cues_are_seldom_and_findings_shown_once(void **state)
{
	(void)state;
	static const struct {
		int minute, start; /* of the word, and of the finding */
		const char *rule, *advice;
		const struct surface *surface;
		enum verdict expected;
	} table[] = {
	    {10, 2, "feeding_posture", "feeding.posture", &chair, VERDICT_CUE},
	    {15, 2, "feeding_posture", "feeding.posture", &chair, VERDICT_REPEATED},
	    {19, 2, "sideways_lean", "holding.weight_off_back", &chair, VERDICT_OFTEN},
	    {24, 2, "sideways_lean", "holding.weight_off_back", &chair, VERDICT_REPEATED},
	    {25, 2, "feeding_posture", "feeding.posture", &chair, VERDICT_REPEATED},
	    {32, 2, "prolonged_sitting", "sitting.stand_if_you_can", &chair, VERDICT_CUE},
	    {41, 5, "frequent_bending", "bending.seldom", &chair, VERDICT_OFTEN},
	    {42, 41, "frequent_bending", "bending.seldom", &chair, VERDICT_CUE},
	    {60, 2, "prolonged_lying", "lying.not_all_day", &bed, VERDICT_CUE},
	    {75, 41, "frequent_bending", "bending.seldom", &bed, VERDICT_CUE},
	    {90, 80, "feeding_posture", "feeding.posture", &chair, VERDICT_CUE},
	    {91, 91, "feeding_posture", "feeding.posture", &sofa, VERDICT_NOT_MEANT},
	};
	struct indicator_config config = for_both();
	struct indicator_memory memory = {0};
	uint64_t n_cues = 0;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const struct moment now = day_moment(at_s(9, table[i].minute));
		struct event event = finding(table[i].rule, table[i].advice, &now);
		enum notice notice;
		event.start_ns = day_moment(at_s(9, table[i].start)).mono_ns;
		enum verdict verdict = indicator_step(
		    &config, &memory, table[i].surface, &event, &now, &notice);
		if (verdict != table[i].expected)
			fail_msg("minute %d, %s: %s", table[i].minute, table[i].rule,
			    verdict_words(verdict));
		n_cues += verdict == VERDICT_CUE;
		assert_int_equal(memory.n_cues, n_cues);
	}
	assert_int_equal(memory.cue_notice, NOTICE_POSTURE);
	assert_int_equal(memory.cue_ns, day_moment(at_s(9, 90)).mono_ns);
	assert_int_equal(memory.withheld, VERDICT_OFTEN);
	assert_int_equal(memory.withheld_notice, NOTICE_BENDING);
}

/* Information that is not shown does not use up the advice that follows in the same finding. */
static void advice_after_information_is_shown(void **state)
{
	(void)state;
	struct indicator_config config = for_both();
	struct indicator_memory memory = {0};
	const struct moment now = day_moment(at_s(12, 0));
	struct event event = finding("prolonged_sitting", "sitting.stand_if_you_can", &now);
	enum notice notice;

	event.level = EVENT_INFORMATION;
	assert_int_equal(
	    indicator_step(&config, &memory, &chair, &event, &now, &notice), VERDICT_NOT_MEANT);
	event.level = EVENT_ADVICE;
	assert_int_equal(
	    indicator_step(&config, &memory, &chair, &event, &now, &notice), VERDICT_CUE);
	assert_int_equal(notice, NOTICE_SITTING);
}

/* Quiet hours swallow a finding for good: it is not shown late, at seven. */
static void what_was_withheld_is_not_made_up_for(void **state)
{
	(void)state;
	struct indicator_config config = for_both();
	struct indicator_memory memory = {0};
	struct moment now = day_moment(at_s(6, 58));
	struct event event = finding("prolonged_lying", "lying.not_all_day", &now);
	enum notice notice;

	assert_int_equal(
	    indicator_step(&config, &memory, &bed, &event, &now, &notice), VERDICT_QUIET);
	now = day_moment(at_s(7, 3));
	event.end_ns = now.mono_ns;
	assert_int_equal(
	    indicator_step(&config, &memory, &bed, &event, &now, &notice), VERDICT_REPEATED);
	assert_int_equal(memory.n_cues, 0);
}

static void what_it_would_do_now_is_told(void **state)
{
	(void)state;
	struct indicator_config config = for_both();
	struct indicator_memory memory = {0};
	const struct moment night = day_moment(at_s(3, 0)), unknown = {.mono_ns = NS_PER_H};

	assert_int_equal(indicator_now(&config, &memory, SURFACE_SEAT, &night), VERDICT_CUE);
	assert_int_equal(indicator_now(&config, &memory, SURFACE_BED, &night), VERDICT_QUIET);
	assert_int_equal(indicator_now(&config, &memory, SURFACE_STRIP, &night), VERDICT_QUIET);
	assert_int_equal(indicator_now(&config, &memory, SURFACE_BED, &unknown), VERDICT_CLOCK);
	memory.n_cues = 1;
	memory.cue_ns = night.mono_ns - 10 * NS_PER_MIN + 1;
	assert_int_equal(indicator_now(&config, &memory, SURFACE_SEAT, &night), VERDICT_OFTEN);
	memory.cue_ns -= 1;
	assert_int_equal(indicator_now(&config, &memory, SURFACE_SEAT, &night), VERDICT_CUE);
}

/* More pairs of surface and rule than are kept: the oldest goes, the newest are still known. */
static void the_memory_is_bounded(void **state)
{
	(void)state;
	static char rules[2 * INDICATOR_HEARD_MAX][16];
	struct indicator_config config = for_both();
	struct indicator_memory memory = {0};
	const struct moment now = day_moment(at_s(12, 0));
	enum notice notice;

	for (int i = 0; i < 2 * INDICATOR_HEARD_MAX; i++) {
		snprintf(rules[i], sizeof(rules[i]), "rule%d", i);
		struct event event = finding(rules[i], "feeding.posture", &now);
		indicator_step(&config, &memory, &chair, &event, &now, &notice);
	}
	struct event event = finding(rules[2 * INDICATOR_HEARD_MAX - 1], "feeding.posture", &now);
	assert_int_equal(
	    indicator_step(&config, &memory, &chair, &event, &now, &notice), VERDICT_REPEATED);
	event.rule = rules[0];
	assert_int_equal(
	    indicator_step(&config, &memory, &chair, &event, &now, &notice), VERDICT_OFTEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(patterns_are_checked),
	    cmocka_unit_test(a_pattern_is_written_as_it_is_read),
	    cmocka_unit_test(a_cue_turns_on_and_off_and_ends_off),
	    cmocka_unit_test(silence_is_off),
	    cmocka_unit_test(an_output_that_fails_ends_the_cue),
	    cmocka_unit_test(each_finding_has_its_notice),
	    cmocka_unit_test(no_rule_over_frames_is_forgotten),
	    cmocka_unit_test(only_live_findings_of_its_surfaces_and_level_count),
	    cmocka_unit_test(a_fault_counts_when_it_begins),
	    cmocka_unit_test(quiet_hours_are_kept),
	    cmocka_unit_test(without_a_clock_only_what_is_never_quiet_is_shown),
	    cmocka_unit_test(cues_are_seldom_and_findings_shown_once),
	    cmocka_unit_test(advice_after_information_is_shown),
	    cmocka_unit_test(what_was_withheld_is_not_made_up_for),
	    cmocka_unit_test(what_it_would_do_now_is_told),
	    cmocka_unit_test(the_memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
