/* Reports of nights whose every minute is known: the three forms say the same, and no more. */
#include "base/clock.h"
#include "night_fixture.h"
#include "report/night_document.h"
#include "report/wording.h"
#include "support.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct report_night *build(const char *path, int64_t now_ns)
{
	struct store *store = NULL;
	struct report_night *report = NULL;
	struct error err = {0};

	assert_int_equal(store_open(&store, path, STORE_READ, &err), 0);
	if (report_build(store, FIXTURE_DAY, now_ns, &report, &err) != 0)
		fail_msg("%s", err.text);
	store_close(store, NULL);
	return report;
}

typedef int report_writer(const struct report_night *, const struct language *, FILE *);

static char *written_json(const struct report_night *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(report_json(report, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static char *written(report_writer *write, const struct report_night *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(write(report, NULL, out), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_has(const char *text, const char *words)
{
	if (!text || !words)
		fail_msg("nothing to look in");
	else if (!strstr(text, words))
		fail_msg("\"%s\" is not in:\n%.3000s", words, text);
}

static void assert_has_not(const char *text, const char *words)
{
	if (strstr(text, words))
		fail_msg("\"%s\" is in the report", words);
}

/* Text without its line breaks and their indents, so that wrapped sentences can be found. */
static char *unwrapped(report_writer *write, const struct report_night *report)
{
	char *text = written(write, report), *to = text;

	for (char *from = text; *from; from++) {
		if (*from == '\n')
			*from = ' ';
		if (*from == ' ' && to > text && to[-1] == ' ')
			continue;
		*to++ = *from;
	}
	*to = '\0';
	return text;
}

static double real_of(const json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);

	assert_true(json_is_number(value));
	return json_number_value(value);
}

/* ---- the designed night ------------------------------------------------------------------- */

static char *designed_path(void)
{
	char *path = scratch_path("designed.db");

	if (access(path, F_OK) != 0)
		fixture_designed_nights(path, FIXTURE_DAY);
	return path;
}

/* Every line fits 72 columns, counted in characters. */
static void test_text_fits(void **state)
{
	(void)state;
	char *path = designed_path();
	struct report_night *report = build(path, 0);
	char *text = written(report_text, report);
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

/* What the query says stands in the text, the JSON and the HTML. */
static void test_forms_agree(void **state)
{
	(void)state;
	char *path = designed_path();
	struct report_night *report = build(path, 0);
	struct store *store = NULL;
	struct night_facts facts;
	char *text = unwrapped(report_text, report), *html = written(report_html, report);
	char *json_text = written_json(report), value[WORDING_SIZE], line[160];
	json_t *json = json_loads(json_text, 0, NULL);

	assert_non_null(json);
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(query_night(store, FIXTURE_DAY, &facts, NULL), 0);
	store_close(store, NULL);
	/* The plan of the fixture: nap 50, nights 128 + 104 + 128 - 12 + 68 min. */
	assert_float_equal(facts.lying_s / 60.0f, 466.0f, 0.1f);
	assert_float_equal(real_of(json, "lying_s"), facts.lying_s, 0.1);
	assert_float_equal(real_of(json, "unknown_s"), facts.unknown_s, 0.1);
	assert_float_equal(real_of(json, "longest_rest_s"), facts.longest_rest_s, 0.1);
	assert_float_equal(real_of(json, "feed_s"), facts.feed_s, 0.1);
	assert_int_equal(json_integer_value(json_object_get(json, "exits")), facts.exits);
	assert_int_equal(json_integer_value(json_object_get(json, "pain")), 4);

	snprintf(line, sizeof(line), "Lying %s", wording_duration(NULL, facts.lying_s, value));
	assert_has(text, line);
	snprintf(line, sizeof(line), "#term-lying\">Lying</a></dt><dd><b>%s</b>", value);
	assert_has(html, line);
	snprintf(line, sizeof(line), "Longest rest %s",
	    wording_duration(NULL, facts.longest_rest_s, value));
	assert_has(text, line);
	snprintf(line, sizeof(line), "#term-rest\">Longest rest</a></dt><dd>%s</dd>", value);
	assert_has(html, line);
	assert_float_equal(real_of(json, "estimated_sleep_s"), facts.sleep.asleep_s, 0.1);
	assert_float_equal(real_of(json, "estimated_longest_sleep_s"), facts.sleep.longest_s, 0.1);
	assert_float_equal(real_of(json, "estimated_awake_s"), facts.sleep.awake_s, 0.1);
	assert_float_equal(real_of(json, "estimated_to_sleep_s"), facts.sleep.to_sleep_s, 0.1);
	assert_float_equal(real_of(json, "estimated_unknown_s"), facts.sleep.unknown_s, 0.1);
	assert_int_equal(json_integer_value(json_object_get(json, "estimated_awakenings")),
	    facts.sleep.awakenings);
	assert_true(facts.sleep.asleep_s > 5 * 3600 && facts.sleep.asleep_s < facts.lying_s);
	wording_duration(NULL, facts.sleep.asleep_s, value);
	snprintf(line, sizeof(line), "Sleep (estimated) %s; awake in bed ", value);
	assert_has(text, line);
	snprintf(line, sizeof(line), "Longest sleep %s",
	    wording_duration(NULL, facts.sleep.longest_s, value));
	assert_has(text, line);
	wording_duration(NULL, facts.sleep.asleep_s, value);
	snprintf(
	    line, sizeof(line), "#term-sleep\">Sleep (estimated)</a></dt><dd><b>%s</b>", value);
	assert_has(html, line);
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
	assert_float_equal(
	    real_of(json_array_get(json_object_get(json, "feed_rows"), 2), "seated_s"), 39 * 60, 1);

	json_decref(json);
	free(text);
	free(html);
	free(json_text);
	report_free(report);
	free(path);
}

/* A finding carries value, limit, advice id and a thing to try; signs of markup stay text. */
static void test_findings(void **state)
{
	(void)state;
	char *path = designed_path();
	struct report_night *report = build(path, 0);
	char *text = unwrapped(report_text, report), *html = written(report_html, report);
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
	char *path = designed_path();
	struct report_night *report = build(path, 0);

	assert_non_null(report->maps[MAP_TYPICAL].frame);
	assert_int_equal(report->maps[MAP_TYPICAL].frame->posture, POSTURE_SUPINE);
	assert_non_null(report->maps[MAP_STRONGEST].event);
	assert_string_equal(report->maps[MAP_STRONGEST].event->rule, "sideways_lean");
	assert_int_equal(report->maps[MAP_STRONGEST].frame->seat, SEAT_LEAN_LEFT);
	assert_non_null(report->maps[MAP_FEED].frame);
	assert_int_equal(report->maps[MAP_FEED].frame->seat, SEAT_UPRIGHT);
	char *html = written(report_html, report);
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
	char *path = designed_path();
	struct report_night *report = build(path, 0);
	char *html = written(report_html, report), *file = scratch_file("night.html", html);
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
	char *path = designed_path();
	struct report_night *report = build(path, 0);

	assert_int_equal(report->n_nights, 7); /* there were six before */
	assert_int_equal(report->nights[0].day, FIXTURE_DAY - 6);
	assert_int_equal(report->nights[6].day, FIXTURE_DAY);
	report_free(report);
	free(path);
}

/* ---- nights that are not whole ------------------------------------------------------------ */

static char *make_night(const char *name, int observed_from, int observed_to, char letter)
{
	char *path = scratch_path(name);
	struct night_fixture f;

	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, AT(23, 0), AT(6, 0), letter);
	f.valley_ratio = 0.4f;
	fixture_write(&f, observed_from, observed_to);
	fixture_end(&f);
	return path;
}

static void test_half_a_night_has_no_verdict(void **state)
{
	(void)state;
	char *path = make_night("half.db", AT(21, 0), AT(1, 50), 's');
	struct report_night *report = build(path, 0);
	char *text = unwrapped(report_text, report), *html = written(report_html, report);
	char *json = written_json(report);

	assert_false(report->has_verdict);
	assert_has(text, "No verdict: the mats saw 4 h 50 min of the 10 h");
	assert_has(html, "No verdict: the mats saw 4 h 50 min");
	assert_has(json, "\"has_verdict\": false");
	assert_has_not(text, "went against");
	assert_has(text, "Not known 19 h 10 min of 24 h");
	free(text);
	free(html);
	free(json);
	report_free(report);
	free(path);

	path = make_night("more.db", AT(21, 0), AT(2, 10), 's');
	report = build(path, 0);
	assert_true(report->has_verdict);
	report_free(report);
	free(path);
}

/* Of a running night the hours to come are not unknown: they have not been. */
static void test_running_night(void **state)
{
	(void)state;
	char *path = make_night("running.db", 0, AT(3, 0), 'l');
	struct night_fixture f = {.day = FIXTURE_DAY};
	struct report_night *report = build(path, fixture_real_ns(&f, AT(3, 0)) + 5 * NS_PER_S);
	char *text = unwrapped(report_text, report);

	assert_true(report->running);
	assert_has(text, "still running; this is how it stands at 03:00");
	assert_has(text, "Not known 0 min of 15 h");
	assert_float_equal(report->facts.lying_s, 4 * 3600, 1);
	assert_float_equal(report->facts.sleep.unknown_s, 0, 0.1);
	free(text);
	report_free(report);

	report = build(path, fixture_real_ns(&f, NIGHT_MINUTES) + NS_PER_S); /* over since */
	assert_false(report->running);
	assert_float_equal(report->facts.unknown_s, 9 * 3600, 1);
	assert_float_equal(report->facts.sleep.unknown_s, 9 * 3600, 1);
	report_free(report);
	free(path);
}

/* A chair alone tells nothing of sleep, and the report says so. */
static void test_no_bed_no_sleep(void **state)
{
	(void)state;
	char *path = scratch_path("chair.db");
	struct night_fixture f;

	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, 0, NIGHT_MINUTES, ' ');
	fixture_chair(&f, AT(3, 0), AT(3, 20), 'u');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	struct report_night *report = build(path, 0);
	char *text = unwrapped(report_text, report), *html = written(report_html, report);
	char *json = written_json(report);

	assert_has(text, "Sleep (estimated) not assessed; no bed was measured");
	assert_has(html, "Sleep (estimated)</a></dt><dd><b>not assessed</b><small>no bed was "
	                 "measured");
	assert_has_not(html, "Estimated from movement: asleep");
	assert_has(json, "\"estimated_sleep_s\": null");
	assert_has(json, "\"estimated_awakenings\": null");
	free(json);
	free(html);
	free(text);
	report_free(report);
	free(path);
}

static void test_plain_night(void **state)
{
	(void)state;
	char *path = make_night("plain.db", 0, NIGHT_MINUTES, 's');
	struct report_night *report = build(path, 0);
	char *text = unwrapped(report_text, report), *html = written(report_html, report);

	assert_has(text, "Nothing that was measured went against the article's advice.");
	assert_has(text, "not calibrated: relative units");
	assert_has(text, "Pressure is in relative units");
	assert_has(html, "not calibrated: relative units");
	assert_has(text, "inconclusive; valley 0.40");
	assert_has(text, "Pain in the morning -; not entered");
	assert_null(report->tries[0]);
	assert_has_not(html, "To try tonight");
	assert_non_null(report->unmeasured);
	assert_null(report->unmeasured->measured);
	free(text);
	free(html);
	report_free(report);
	free(path);

	path = make_night("side.db", 0, NIGHT_MINUTES, 'r');
	report = build(path, 0);
	text = unwrapped(report_text, report);
	assert_has(text, "Not assessed: that takes 60 min quiet on the back");
	free(text);
	report_free(report);
	free(path);
}

/* Times that nobody vouches for, and hours that belong to no night, are said. */
/* None, one that is old, one that has drifted: all forms say so, and a good one nothing. */
static void test_calibrations_that_cannot_be_trusted(void **state)
{
	static const struct {
		int days;
		float drift_ratio;
		const char *words; /* NULL: nothing is said */
	} table[] = {
	    {40, 0.01f, NULL},
	    {120, 0.01f, "The calibration of the mat \"bed\" is 120 days old, the limit is 90"},
	    {40, 0.08f, "The mat \"bed\" has drifted by 8 % of full scale"},
	    {-1, NAN, "The mat \"bed\" is not calibrated"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct night_fixture f;
		struct calibration calibration = {.unit = PRESSURE_MMHG,
		    .made_real_ns = (FIXTURE_DAY - table[i].days) * 86400LL * NS_PER_S,
		    .quality_ratio = 0.9f,
		    .grade = 'C',
		    .reasons = "C: one pressure",
		    .note = "straight line"};
		char *path = scratch_path("trust.db");
		unlink(path);
		fixture_begin(&f, path, FIXTURE_DAY);
		fixture_anchor(&f, 0, true);
		fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
		if (table[i].days >= 0)
			store_calibration(f.store, f.bed_id, &calibration, table[i].drift_ratio,
			    90 * 86400.0, NULL);
		fixture_write(&f, 0, NIGHT_MINUTES);
		fixture_end(&f);
		struct report_night *report = build(path, 0);
		char *text = unwrapped(report_text, report), *html = written(report_html, report);
		char *json = written_json(report);
		if (table[i].words) {
			/* Quotes are written in another way in each form. */
			assert_has(text, table[i].words);
			assert_has(text, "To calibrate it: lumbar calibrate bed");
			assert_has(html, strrchr(table[i].words, '"') + 1);
			assert_has(json, strrchr(table[i].words, '"') + 1);
		} else {
			assert_has_not(text, "lumbar calibrate bed");
			assert_has(json, "\"calibration_warning\": null");
			assert_has(json, "\"calibration_reasons\": \"C: one pressure\"");
		}
		if (table[i].days >= 0)
			assert_has(text, ", grade C");
		free(text);
		free(html);
		free(json);
		report_free(report);
		free(path);
	}
}

static void test_clock(void **state)
{
	(void)state;
	char *path = scratch_path("clock.db");
	struct night_fixture f;

	fixture_begin(&f, path, FIXTURE_DAY - 1);
	fixture_write(&f, 0, 90); /* no anchor: of no night */
	fixture_end(&f);
	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, false);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	struct report_night *report = build(path, 0);
	char *text = unwrapped(report_text, report), *html = written(report_html, report);
	assert_has(text, "a guess: the machine's clock was never set");
	assert_has(text, "1 h 30 min were recorded before it was known");
	assert_has(html, "1 h 30 min were recorded before it was known");
	free(text);
	free(html);
	report_free(report);
	free(path);

	path = designed_path();
	report = build(path, 0);
	text = unwrapped(report_text, report);
	assert_has(text, "Clock known");
	free(text);
	report_free(report);
	free(path);
}

/* A chair of four single cells, one of them on the back rest, is drawn as discs. */
static void test_single_cells(void **state)
{
	(void)state;
	char *path = scratch_path("cells.db");
	const struct cell_place places[] = {{-50, 0, REGION_SEAT}, {50, 0, REGION_SEAT},
	    {0, 90, REGION_SEAT}, {0, 100, REGION_BACK}};
	const struct surface chair = {.name = "cells",
	    .kind = SURFACE_SEAT,
	    .n_cells = 4,
	    .pitch_mm = 40.0f,
	    .places = places};
	float cells[] = {10, 20, 30, 40};
	struct image image = {.surface = &chair, .mono_ns = AT(3, 10) * NS_PER_MIN, .cells = cells};
	struct observation o;
	struct night_fixture f;

	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, true);
	f.chair_id = store_add_surface(f.store, &chair, NULL);
	assert_true(f.chair_id > 0);
	fixture_chair(&f, AT(3, 0), AT(3, 30), 'u');
	fixture_write(&f, 0, NIGHT_MINUTES);
	observation_clear(&o);
	o.seat = SEAT_UPRIGHT;
	assert_int_equal(store_keyframe(f.store, f.chair_id, "hourly", &image, &o, NULL), 0);
	fixture_end(&f);
	struct report_night *report = build(path, 0);
	assert_non_null(report->maps[MAP_FEED].places);
	assert_int_equal(report->maps[MAP_FEED].places[3].region, REGION_BACK);
	char *html = written(report_html, report);
	int n_discs = 0;
	for (const char *disc = html; (disc = strstr(disc, "<path fill=\"#")); disc++)
		n_discs++;
	assert_int_equal(n_discs, 4);
	assert_has(html, "40 % of full scale");
	free(html);
	report_free(report);
	free(path);
}

/* ---- commands ------------------------------------------------------------------------------ */

/* Runs build/lumbar; its output (both streams) in *out, which the caller frees. */
static int lumbar(char **out, const char *arguments, const char *database)
{
	char *program = build_path("lumbar"), command[600];

	snprintf(command, sizeof(command), "LUMBAR_DATABASE='%s' '%s' %s 2>&1", database, program,
	    arguments);
	free(program);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	*out = calloc(1, 1 << 20);
	size_t n = fread(*out, 1, (1 << 20) - 1, pipe);
	(*out)[n] = '\0';
	return WEXITSTATUS(pclose(pipe));
}

static void assert_run(const char *database, const char *arguments, int status, const char *words)
{
	char *out = NULL;
	int got = lumbar(&out, arguments, database);

	if (got != status)
		fail_msg("lumbar %s: %d, not %d: %s", arguments, got, status, out);
	assert_has(out, words);
	free(out);
}

static void test_commands(void **state)
{
	(void)state;
	char *path = designed_path();

	assert_run(path, "report", 0, "The night to Saturday 25 July 2026");
	assert_run(path, "report --night 2026-07-24", 0, "Friday 24 July 2026");
	assert_run(path, "report --night 2025-01-01", 1, "nothing was recorded in the night");
	assert_run(path, "report --night tomorrow", 2, "give a date");
	assert_run(path, "report --format odt", 2, "text, json, html, pdf or png");
	assert_run(path, "report --lang tlh", 2, "there are en, de");
	assert_run(path, "report --format pdf", 0, "%PDF-1.");
	assert_run(path, "report --help", 0, "--night DATE");
	assert_run(path, "report -o /nowhere/x.html", 1, "/nowhere/x.html");
	assert_run(path, "nights", 0, "2026-07-25    7.8 h");
	assert_run(path, "nights --json --last 1", 0, "\"lying_s\": 27960.0");
	assert_run(path, "nights --json --last 1", 0, "\"estimated_sleep_s\": 2");
	assert_run(path, "nights --last 0", 2, "1 to ");
	assert_run(path, "events", 0, "sideways_lean, advice, chair: 0.27 ratio (limit 0.15)");
	assert_run(path, "events --surface bed --json", 0, "\"acquire\"");
	assert_run(path, "events --surface sofa", 1, "there are bed, chair");
	assert_run(path, "pain 11", 2, "from 0 (none) to 10");
	assert_run(path, "pain", 2, "usage");
	assert_run("/nowhere/none.db", "report", 1, "/nowhere/none.db");
	free(path);

	path = scratch_path("pain.db");
	assert_run(
	    path, "pain 7 --date 2026-07-25", 0, "pain 7 of 10 on the morning of 2026-07-25");
	assert_run(path, "nights", 0, "no night is recorded yet");
	assert_run(path, "report", 1, "no night is recorded");
	free(path);
}

/* The report appears whole, and a failed one leaves the old. */
static void test_output_file(void **state)
{
	(void)state;
	char *path = designed_path(), *out = scratch_path("out.html"), arguments[300], *text = NULL;

	snprintf(arguments, sizeof(arguments), "report --format html -o '%s'", out);
	assert_int_equal(lumbar(&text, arguments, path), 0);
	assert_string_equal(text, "");
	free(text);
	FILE *file = fopen(out, "r");
	assert_non_null(file);
	fseek(file, -8, SEEK_END);
	char tail[9] = "";
	assert_int_equal(fread(tail, 1, 8, file), 8);
	assert_string_equal(tail, "</html>\n");
	fclose(file);
	snprintf(arguments, sizeof(arguments), "report --night 2025-01-01 -o '%s'", out);
	assert_int_equal(lumbar(&text, arguments, path), 1);
	assert_int_equal(access(out, F_OK), 0);
	free(text);
	free(out);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_fits),
	    cmocka_unit_test(test_forms_agree),
	    cmocka_unit_test(test_findings),
	    cmocka_unit_test(test_maps),
	    cmocka_unit_test(test_html_is_whole),
	    cmocka_unit_test(test_nights_before),
	    cmocka_unit_test(test_half_a_night_has_no_verdict),
	    cmocka_unit_test(test_running_night),
	    cmocka_unit_test(test_no_bed_no_sleep),
	    cmocka_unit_test(test_plain_night),
	    cmocka_unit_test(test_calibrations_that_cannot_be_trusted),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_single_cells),
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_output_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
