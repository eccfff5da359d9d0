/* Reports of nights that are not whole: what is not known is said. */
#include "night_fixture.h"
#include "reports.h"
#include "support.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	struct report_night *report = reports_build(path, 0);
	char *text = reports_unwrapped(report_text, report),
	     *html = reports_written(report_html, report);
	char *json = reports_json(report);

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
	report = reports_build(path, 0);
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
	struct report_night *report = reports_build(
	    path, fixture_real_ns(&f, AT(3, 0)) + 5 * NS_PER_S);
	char *text = reports_unwrapped(report_text, report);

	assert_true(report->running);
	assert_has(text, "still running; this is how it stands at 03:00");
	assert_has(text, "Not known 0 min of 15 h");
	assert_float_equal(report->facts.lying_s, 4 * 3600, 1);
	assert_float_equal(report->facts.sleep.unknown_s, 0, 0.1);
	free(text);
	report_free(report);

	report = reports_build(
	    path, fixture_real_ns(&f, NIGHT_MINUTES) + NS_PER_S); /* over since */
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
	struct report_night *report = reports_build(path, 0);
	char *text = reports_unwrapped(report_text, report),
	     *html = reports_written(report_html, report);
	char *json = reports_json(report);

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
	struct report_night *report = reports_build(path, 0);
	char *text = reports_unwrapped(report_text, report),
	     *html = reports_written(report_html, report);

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
	report = reports_build(path, 0);
	text = reports_unwrapped(report_text, report);
	assert_has(text, "Not assessed: that takes 60 min quiet on the back");
	free(text);
	report_free(report);
	free(path);
}

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
		struct report_night *report = reports_build(path, 0);
		char *text = reports_unwrapped(report_text, report),
		     *html = reports_written(report_html, report);
		char *json = reports_json(report);
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

/* Times that nobody vouches for, and hours that belong to no night, are said. */
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
	struct report_night *report = reports_build(path, 0);
	char *text = reports_unwrapped(report_text, report),
	     *html = reports_written(report_html, report);
	assert_has(text, "a guess: the machine's clock was never set");
	assert_has(text, "1 h 30 min have no known time");
	assert_has(html, "1 h 30 min have no known time");
	free(text);
	free(html);
	report_free(report);
	free(path);

	path = fixture_designed_path();
	report = reports_build(path, 0);
	text = reports_unwrapped(report_text, report);
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
	struct report_night *report = reports_build(path, 0);
	assert_non_null(report->maps[MAP_FEED].places);
	assert_int_equal(report->maps[MAP_FEED].places[3].region, REGION_BACK);
	char *html = reports_written(report_html, report);
	int n_discs = 0;
	for (const char *disc = html; (disc = strstr(disc, "<path fill=\"#")); disc++)
		n_discs++;
	assert_int_equal(n_discs, 4);
	assert_has(html, "40 % of full scale");
	free(html);
	report_free(report);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_half_a_night_has_no_verdict),
	    cmocka_unit_test(test_running_night),
	    cmocka_unit_test(test_no_bed_no_sleep),
	    cmocka_unit_test(test_plain_night),
	    cmocka_unit_test(test_calibrations_that_cannot_be_trusted),
	    cmocka_unit_test(test_clock),
	    cmocka_unit_test(test_single_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
