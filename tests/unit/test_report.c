/* The report of a night whose every minute is known: its forms say the same, and no more. */
#include "night_fixture.h"
#include "reports.h"
#include "support.h"

#include "report/wording.h"
#include "store/query.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double real_of(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

/* Every line fits 72 columns, counted in characters. */
static void test_text_fits(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);
	char *text = reports_written(report_text, report);
	int column = 0, widest = 0;

	for (const char *p = text; *p; p++) {
		column += ((unsigned char)*p & 0xc0) != 0x80;
		if (*p == '\n')
			column = 0;
		widest = column > widest ? column : widest;
	}
	assert_in_range(widest, 60, 72);
	free(text);
	report_free(report);
	free(path);
}

static struct night_facts facts_of(const char *path)
{
	struct store *store = NULL;
	struct night_facts facts;

	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(query_night(store, FIXTURE_DAY, &facts, NULL), 0);
	store_close(store, NULL);
	return facts;
}

/* What the query says stands in the JSON. */
static void test_json_agrees(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);
	char *text = reports_json(report);
	json_t *json = json_loads(text, 0, NULL);
	struct night_facts facts = facts_of(path);
	const struct {
		const char *key;
		float value;
	} numbers[] = {
	    {"lying_s", facts.lying_s},
	    {"unknown_s", facts.unknown_s},
	    {"longest_rest_s", facts.longest_rest_s},
	    {"feed_s", facts.feed_s},
	    {"estimated_sleep_s", facts.sleep.asleep_s},
	    {"estimated_longest_sleep_s", facts.sleep.longest_s},
	    {"estimated_awake_s", facts.sleep.awake_s},
	    {"estimated_to_sleep_s", facts.sleep.to_sleep_s},
	    {"estimated_unknown_s", facts.sleep.unknown_s},
	};

	assert_non_null(json);
	/* The plan of the fixture: nap 50, nights 128 + 104 + 128 - 12 + 68 min. */
	assert_float_equal(facts.lying_s / 60.0f, 466.0f, 0.1f);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_float_equal(real_of(json, numbers[i].key), numbers[i].value, 0.1);
	assert_int_equal(json_integer_value(json_object_get(json, "exits")), facts.exits);
	assert_int_equal(json_integer_value(json_object_get(json, "pain")), 4);
	assert_int_equal(json_integer_value(json_object_get(json, "estimated_awakenings")),
	    facts.sleep.awakenings);
	assert_true(facts.sleep.asleep_s > 5 * 3600 && facts.sleep.asleep_s < facts.lying_s);
	assert_float_equal(
	    real_of(json_array_get(json_object_get(json, "feed_rows"), 2), "seated_s"), 39 * 60, 1);
	json_decref(json);
	free(text);
	report_free(report);
	free(path);
}

static void assert_duration(const char *text, const char *before, float seconds, const char *after)
{
	char value[WORDING_SIZE], line[160];

	snprintf(
	    line, sizeof(line), "%s%s%s", before, wording_duration(NULL, seconds, value), after);
	assert_has(text, line);
}

/* What the query says stands in the text and the HTML. */
static void test_forms_agree(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);
	struct night_facts facts = facts_of(path);
	char *text = reports_unwrapped(report_text, report);
	char *html = reports_written(report_html, report);

	assert_duration(text, "Lying ", facts.lying_s, "");
	assert_duration(html, "#term-lying\">Lying</a></dt><dd><b>", facts.lying_s, "</b>");
	assert_duration(text, "Longest rest ", facts.longest_rest_s, "");
	assert_duration(
	    html, "#term-rest\">Longest rest</a></dt><dd>", facts.longest_rest_s, "</dd>");
	assert_duration(text, "Sleep (estimated) ", facts.sleep.asleep_s, "; awake in bed ");
	assert_duration(
	    html, "#term-sleep\">Sleep (estimated)</a></dt><dd><b>", facts.sleep.asleep_s, "</b>");
	assert_duration(text, "Longest sleep ", facts.sleep.longest_s, "");
	assert_has(html, "<h3><a class=\"term\" href=\"#term-sleep\">Sleep (estimated)</a></h3>");
	assert_has(text, "Sleep is estimated from movement");
	assert_has(text, "Not known 12 min of 24 h");
	assert_has(html, "#term-unknown\">Not known</a></dt><dd>12 min of 24 h");
	assert_has(text, "4 of 10");
	assert_has(html, "<b>4 of 10</b>");
	assert_has(text,
	    "03:10-03:49 39 min ██████▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒▒▒▒ █ upright 26 % (10 min) ▓ bent "
	    "forward 21 % (8 min) ▒ leaning left 54 % (21 min)");
	assert_has(html, "#term-load\">03:10-03:49</a> <small>39 min</small></h3>");
	assert_has(html, "</svg>leaning left 21 min</li>");
	assert_has(text, "Sideways load -0.14.");
	free(text);
	free(html);
	report_free(report);
	free(path);
}

/* A finding carries value, limit, advice id and a thing to try; signs of markup stay text. */
static void test_findings(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);
	char *text = reports_unwrapped(report_text, report),
	     *html = reports_written(report_html, report);
	const struct advice *advice = guidance_find("holding.weight_off_back");

	assert_non_null(advice);
	assert_int_equal(report_n_findings(report), 2);
	assert_has(text, "Limit: 0.15.");
	assert_has(text, "[holding.weight_off_back]");
	assert_has(text, advice->try_this);
	assert_has(text, "2 things are worth a look. First: The waist was filled more");
	assert_has(
	    text, "a softness index of 1.9. Limit: 1; seen 97 % of the time. The article advises");
	assert_has(html, "<code>holding.weight_off_back</code>");
	assert_has(html, "against &lt;0.20 &amp; 0.21&gt; in");
	assert_has(html, "<h2 id=\"tries\">To try tonight</h2>");
	assert_true(report->tries[0] && report->tries[1]);
	assert_has(text, "04:30-04:42");
	assert_has(text, "bed: no frames arrive: look at the cable");
	assert_int_equal(report->support, SUPPORT_FOUND);
	free(text);
	free(html);
	report_free(report);
	free(path);
}

static void test_maps(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);

	assert_non_null(report->maps[MAP_TYPICAL].frame);
	assert_int_equal(report->maps[MAP_TYPICAL].frame->posture, POSTURE_SUPINE);
	assert_non_null(report->maps[MAP_STRONGEST].event);
	assert_string_equal(report->maps[MAP_STRONGEST].event->rule, "sideways_lean");
	assert_int_equal(report->maps[MAP_STRONGEST].frame->seat, SEAT_LEAN_LEFT);
	assert_non_null(report->maps[MAP_FEED].frame);
	assert_int_equal(report->maps[MAP_FEED].frame->seat, SEAT_UPRIGHT);
	char *html = reports_written(report_html, report);
	assert_has(html, "68 mmHg");
	assert_has_not(html, "Not calibrated");
	free(html);
	report_free(report);
	free(path);
}

/* The page parses as XML, fetches nothing, and every link inside it leads somewhere. */
static void test_html_is_whole(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);
	char *html = reports_written(report_html, report), *file = scratch_file("night.html", html);
	char command[300], target[64];

	snprintf(command, sizeof(command),
	    "python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' '%s'", file);
	if (system("command -v python3 >/dev/null") == 0)
		assert_int_equal(system(command), 0);
	assert_has_not(html, "<script");
	assert_has_not(html, "src=");
	assert_has_not(html, "@import");
	int n_links = 0;
	for (const char *link = html; (link = strstr(link, "href=\"#")); n_links++) {
		link += strlen("href=\"#");
		snprintf(target, sizeof(target), "id=\"%.*s\"", (int)strcspn(link, "\""), link);
		assert_has(html, target);
	}
	assert_true(n_links >= 4);
	assert_true(strlen(html) < 200000);
	free(file);
	free(html);
	report_free(report);
	free(path);
}

static void test_nights_before(void **state)
{
	(void)state;
	char *path = fixture_designed_path();
	struct report_night *report = reports_build(path, 0);

	assert_int_equal(report->n_nights, 7); /* there were six before */
	assert_int_equal(report->nights[0].day, FIXTURE_DAY - 6);
	assert_int_equal(report->nights[6].day, FIXTURE_DAY);
	report_free(report);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_fits),
	    cmocka_unit_test(test_json_agrees),
	    cmocka_unit_test(test_forms_agree),
	    cmocka_unit_test(test_findings),
	    cmocka_unit_test(test_maps),
	    cmocka_unit_test(test_html_is_whole),
	    cmocka_unit_test(test_nights_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
