/* The designed nights: the rules find what was designed, and the pages say what the store says. */
#include "../gallery/designed.h"
#include "base/log.h"
#include "report/night_document.h"
#include "report/wording.h"
#include "support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One night, asked for in two ways: by the report's own model, and by queries of the store. */
struct shown {
	const struct designed *what;
	struct report_night *report;
	char *html;
	struct night_facts facts;
	struct stored_event *events;
	size_t n_events;
};

static void show(const struct designed *what, struct shown *shown)
{
	struct error err = {0};
	struct store *store = NULL;
	size_t size = 0;
	char *path = scratch_path(what->name);

	*shown = (struct shown){.what = what};
	if (designed_play(what, path, &err) != 0 ||
	    store_open(&store, path, STORE_READ, &err) != 0 ||
	    report_build(store, DESIGNED_DAY, 0, &shown->report, &err) != 0)
		fail_msg("%s: %s", what->name, err.text);
	assert_int_equal(query_night(store, DESIGNED_DAY, &shown->facts, NULL), 0);
	assert_int_equal(query_events(store, shown->facts.start_ns, shown->facts.end_ns,
	                     &shown->events, &shown->n_events, NULL),
	    0);
	FILE *out = open_memstream(&shown->html, &size);
	assert_int_equal(report_html(shown->report, NULL, out), 0);
	assert_int_equal(fclose(out), 0);
	store_close(store, NULL);
	free(path);
}

static void hide(struct shown *shown)
{
	report_free(shown->report);
	free(shown->html);
	free(shown->events);
}

static void assert_says(const struct shown *shown, const char *words)
{
	if (!strstr(shown->html, words))
		fail_msg("%s: \"%s\" is not on the page", shown->what->name, words);
}

static void assert_tile(const struct shown *shown, const char *term, const char *value)
{
	char start[80];

	snprintf(start, sizeof(start), "<dt><a class=\"term\" href=\"#term-%s\">", term);
	for (const char *at = shown->html; (at = strstr(at, start)); at++) {
		const char *found = strstr(at, "</dt><dd>");
		found += strlen("</dt><dd>");
		found += strncmp(found, "<b>", 3) == 0 ? 3 : 0;
		if (strncmp(found, value, strlen(value)) == 0 && found[strlen(value)] == '<')
			return;
	}
	fail_msg("%s: %s is not said to be \"%s\"", shown->what->name, term, value);
}

static void assert_duration(const struct shown *shown, const char *term, float seconds)
{
	char text[WORDING_SIZE];

	assert_tile(shown, term, wording_duration(NULL, (double)seconds, text));
}

static void check_figures(const struct shown *shown)
{
	const struct night_facts *facts = &shown->facts;
	char text[80];

	assert_duration(shown, "lying", facts->lying_s);
	assert_duration(shown, "rest", facts->longest_rest_s);
	assert_duration(shown, "away", facts->away_s);
	if (facts->bed_sense == SENSE_SWITCH) {
		assert_true(isnan(facts->sleep.asleep_s));
		assert_tile(shown, "sleep", "not assessed");
	} else {
		assert_duration(shown, "sleep", facts->sleep.asleep_s);
		assert_duration(shown, "sleep", facts->sleep.longest_s);
		assert_duration(shown, "unchanged", facts->longest_unchanged_s);
		snprintf(text, sizeof(text), "%d", facts->shifts);
		assert_tile(shown, "turns", text);
	}
	snprintf(text, sizeof(text), "%d", facts->exits);
	assert_tile(shown, "up", text);
	if (facts->feeds > 0) {
		snprintf(text, sizeof(text), "%d", facts->feeds);
		assert_tile(shown, "chair", text);
	}
	snprintf(text, sizeof(text), "%d of 10", facts->pain);
	assert_tile(shown, "pain", facts->pain >= 0 ? text : "-");
	if (facts->bed_sense != SENSE_SHAPE) {
		assert_tile(shown, "support", "not assessed");
		assert_null(strstr(shown->html, "posture not known"));
		assert_null(strstr(shown->html, "How you lay"));
	}
}

/* Each finding of the store has its place on the page, its sentence and its limit; none is more. */
static void check_findings(const struct shown *shown)
{
	char text[PHRASE_SAID + WORDING_SIZE], limit[WORDING_SIZE], place[48];
	size_t n = 0, n_places = 0;

	for (size_t i = 0; i < shown->n_events; i++) {
		const struct stored_event *event = &shown->events[i];

		if (event->level == EVENT_TECHNICAL)
			continue;
		n++;
		snprintf(place, sizeof(place), "id=\"finding-%lld\"", (long long)event->id);
		assert_says(shown, place);
		assert_says(shown, wording_finding(NULL, event, text, sizeof(text)));
		assert_says(shown, wording_limit(NULL, event, limit));
		assert_says(shown, event->advice_id);
	}
	for (const char *at = shown->html; (at = strstr(at, "id=\"finding-")); at++)
		n_places++;
	assert_int_equal(n_places, n);
}

/* Every link leads somewhere. */
static void check_links(const struct shown *shown)
{
	char target[80];

	for (const char *at = shown->html; (at = strstr(at, "href=\"")); at++) {
		at += strlen("href=\"");
		assert_int_equal(*at, '#');
		snprintf(target, sizeof(target), "id=\"%.*s\"", (int)strcspn(at, "\"") - 1, at + 1);
		assert_says(shown, target);
	}
}

static bool found(const struct shown *shown, const char *rule)
{
	for (size_t i = 0; i < shown->n_events; i++)
		if (strcmp(shown->events[i].rule, rule) == 0)
			return true;
	return false;
}

/* What must be found in which night, and what its page must say. rule NULL: no finding at all. */
static const struct {
	const char *name, *rule, *words;
} expected[] = {
    {"quiet", NULL, "Nothing that was measured went against"},
    {"six-feeds", "short_rest", "There were 6 feeds to do. That is hard work."},
    {"too-soft", "soft_support", "soft under the waist"},
    {"prone", "prone", "Lay on the front for"},
    {"lie-in", "prolonged_lying", "from noon to noon. Limit: 14 h."},
    {"restless", "pain_high", "You entered a pain of 7 of 10. Limit: 7 of 10."},
    {"half-missing", "acquire", "No verdict: the mats saw 4 h 40 min of the 10 h"},
    {"clock", "clock", "The clock was set forward by 3 h;"},
    {"two-surfaces", "sideways_lean", "leaning strongly to the left"},
    {"two-surfaces", "feeding_posture", "Bent forward for"},
    {"two-surfaces", "long_feed", "Limit: 45 min."},
    {"two-surfaces", "frequent_bending", "Bent forward 12 times within 1 h."},
    {"uncalibrated", "unchanged_posture", "percent of what the mat can read, not mmHg"},
    {"first", "prolonged_sitting", "in one posture (upright)"},
    {"thirty", "sideways_lean", "This night and the seven before"},
    {"new-mat", "soft_support",
        "Your usual support starts anew on 12 March: the mat was replaced. So far there is 1 "
        "night to compare with; it takes 3."},
    {"new-mat", "soft_support", "your nights on this mat are too few for a reference yet"},
    {"new-mat", "soft_support", "no reference of you on this mat yet, 2 of 3 nights are there"},
    {"new-mat", "soft_support", "0.55; no usual yet: 1 of 3"},
    {"somebody-else", NULL, "33 % below your usual, two nights running: another person, or a mat"},
    {"load-cells", "sideways_lean", "load cells tell no posture"},
    {"switches", NULL, "switches tell only whether it is loaded"},
};

static void check_design(const struct shown *shown)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		if (strcmp(expected[i].name, shown->what->name) != 0)
			continue;
		n++;
		assert_says(shown, expected[i].words);
		if (expected[i].rule && !found(shown, expected[i].rule))
			fail_msg("%s: %s found nothing", shown->what->name, expected[i].rule);
		if (!expected[i].rule)
			assert_int_equal(report_n_findings(shown->report), 0);
	}
	assert_true(n > 0);
}

static void test_designed(void **state)
{
	struct shown shown;

	show(&designed[*(const size_t *)*state], &shown);
	check_figures(&shown);
	check_findings(&shown);
	check_links(&shown);
	check_design(&shown);
	hide(&shown);
}

#define DESIGNED_MAX 32

int main(void)
{
	struct CMUnitTest tests[DESIGNED_MAX];
	size_t which[DESIGNED_MAX];

	assert_true(n_designed <= DESIGNED_MAX);
	log_init(LOG_LEVEL_ERROR);
	for (size_t i = 0; i < n_designed; i++) {
		which[i] = i;
		tests[i] = (struct CMUnitTest){.name = designed[i].name,
		    .test_func = test_designed,
		    .initial_state = &which[i]};
	}
	return _cmocka_run_group_tests("gallery", tests, n_designed, NULL, NULL);
}
