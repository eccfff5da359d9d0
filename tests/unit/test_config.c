/* lumbard.conf: what is taken, and when a reload sees a change. */
#include "configs.h"
#include "support.h"

#include "app/report_format.h"
#include "detect/detector.h"
#include "recording/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void a_whole_file_is_taken(void **state)
{
	(void)state;
	struct problems problems;
	struct config *config = configs_load(
	    "[lumbard]\ndatabase = /tmp/x.db\nlog = debug\n" SIM
	    "flip = both\nsim.plan = feed\npipeline.frozen = 2000 ms\n",
	    &problems);

	assert_non_null(config);
	assert_string_equal(config->database, "/tmp/x.db");
	assert_int_equal(config->log, LOG_LEVEL_DEBUG);
	assert_int_equal(config->n_surfaces, 1);
	const struct surface_config *bed = config->surfaces[0];
	assert_string_equal(bed->surface.name, "bed");
	assert_int_equal(bed->surface.flip, FLIP_BOTH);
	assert_int_equal(bed->surface.rows, 32);
	assert_int_equal(bed->surface.n_cells, 512);
	assert_string_equal(options_text(&bed->driver_options, "plan"), "feed");
	assert_float_equal(options_number(&bed->pipeline, "frozen"), 2, 1e-9);
	assert_false(bed->calibrated);
	config_destroy(config);
}

static void rules_take_limits_and_are_switched_off(void **state)
{
	(void)state;
	struct problems problems;
	struct config *config = configs_load(
	    SIM "prolonged_lying.limit = 90 min\nprone.enabled = no\n", &problems);
	size_t seen = 0;

	assert_non_null(config);
	for (size_t i = 0; detectors[i]; i++) {
		const struct surface_config *bed = config->surfaces[0];
		if (strcmp(detectors[i]->name, "prolonged_lying") == 0) {
			assert_float_equal(options_number(&bed->rules[i], "limit"), 5400, 1e-6);
			seen++;
		}
		if (strcmp(detectors[i]->name, "prone") == 0) {
			assert_false(bed->rule_enabled[i]);
			seen++;
		} else {
			assert_true(bed->rule_enabled[i]);
		}
	}
	assert_int_equal(seen, 2);
	config_destroy(config);
}

/* A timer makes reports also when a mat's section is wrong, and where nothing is said of them. */
static void reports_need_no_mat(void **state)
{
	(void)state;
	char *path = scratch_file("lumbard.conf", "[lumbard]\ndatabase = /tmp/x.db\n"
	                                          "[surface bed]\nkind = sofa\n"
	                                          "[report]\nformats = pdf, text\n"
	                                          "language = de\nfrom = 5:30\nkeep_days = 0\n");
	struct config *config = NULL;
	struct problems problems;

	assert_int_equal(config_load_for_reports(&config, path, &problems), 0);
	assert_string_equal(config->database, "/tmp/x.db");
	assert_string_equal(config->report.folder, "/var/lib/lumbar/reports");
	assert_int_equal(config->report.formats, 1u << REPORT_TEXT | 1u << REPORT_PDF);
	assert_string_equal(language_code(config->report.language), "de");
	assert_int_equal(config->report.from_s, 5 * 3600 + 1800);
	assert_int_equal(config->report.keep_days, 0);
	config_destroy(config);
	free(path);

	config = configs_load(SIM, &problems);
	assert_non_null(config);
	assert_int_equal(config->report.formats, 1u << REPORT_HTML | 1u << REPORT_PDF);
	assert_null(config->report.language);
	assert_int_equal(config->report.from_s, 6 * 3600);
	assert_int_equal(config->report.keep_days, 365);
	config_destroy(config);
}

static void an_indicator_is_taken_whole(void **state)
{
	(void)state;
	struct problems problems;
	struct config *config = configs_load(
	    "[indicator led]\nsurfaces = chair bed\nline = GPIO18\n"
	    "active_low = yes\nquiet_from = 22:30\nquiet_to = 6\n"
	    "at_most_every = 20 min\nlevel = information\n"
	    "posture = 100 50 100\nlying = none\n" SIM
	    "[surface chair]\nkind = seat\ndriver = sim\n"
	    "[indicator motor]\nsurfaces = bed\n",
	    &problems);

	assert_non_null(config);
	assert_int_equal(config->n_indicators, 2);
	const struct indicator_config *led = &config->indicators[0], *motor = led + 1;
	assert_string_equal(led->name, "led");
	assert_string_equal(led->line, "GPIO18");
	assert_string_equal(led->chip, "auto");
	assert_true(led->active_low);
	assert_int_equal(led->n_surfaces, 2);
	assert_string_equal(led->surfaces[0].name, "chair");
	assert_int_equal(led->surfaces[0].kind, SURFACE_SEAT);
	assert_int_equal(led->surfaces[1].kind, SURFACE_BED);
	assert_int_equal(led->quiet, QUIET_GIVEN);
	assert_int_equal(led->quiet_from_s, 81000);
	assert_int_equal(led->quiet_to_s, 21600);
	assert_true(led->at_most_every_ns == 1200000000000);
	assert_int_equal(led->least, EVENT_INFORMATION);
	assert_int_equal(led->patterns[NOTICE_POSTURE].n_times, 3);
	assert_int_equal(led->patterns[NOTICE_POSTURE].ms[1], 50);
	assert_int_equal(led->patterns[NOTICE_LYING].n_times, 0);
	/* What the other one does not say. */
	assert_string_equal(motor->line, "");
	assert_false(motor->active_low);
	assert_int_equal(motor->quiet, QUIET_BY_SURFACE);
	assert_true(motor->at_most_every_ns == 600000000000);
	assert_int_equal(motor->least, EVENT_ADVICE);
	assert_int_equal(motor->patterns[NOTICE_LYING].n_times, 1);
	assert_int_equal(motor->patterns[NOTICE_FAULT].n_times, 0);
	config_destroy(config);
}

static void a_layout_gives_a_free_surface(void **state)
{
	(void)state;
	struct problems problems;
	char *layout = scratch_file(
	    "pad.csv", "cell,x_mm,y_mm,region\n1,50,0,seat\n0,-50,0,seat\n2,0,100,back\n");
	char *frames = scratch_file("pad.txt", "1 2 3\n");
	char text[512];

	snprintf(text, sizeof(text),
	    "[surface pad]\nkind = seat\ndriver = replay\nreplay.file = %s\nlayout = pad.csv\n",
	    frames);
	struct config *config = configs_load(text, &problems);
	if (!config) {
		fail_msg("%s", problems.list[0].text);
		return;
	}
	const struct surface *pad = &config->surfaces[0]->surface;
	assert_int_equal(pad->n_cells, 3);
	assert_int_equal(pad->rows, 0);
	assert_float_equal(pad->places[0].x_mm, -50, 0);
	assert_int_equal(pad->places[2].region, REGION_BACK);
	config_destroy(config);
	free(layout);
	free(frames);
}

static void what_changed_is_seen(void **state)
{
	(void)state;
	struct problems problems;
	struct config *one = configs_load(SIM, &problems);
	struct config *same = configs_load("[lumbard]\nlog = error\n" SIM, &problems);
	struct config *other = configs_load(SIM "prone.enabled = no\n", &problems);

	assert_true(surface_config_equal(one->surfaces[0], same->surfaces[0]));
	assert_false(surface_config_equal(one->surfaces[0], other->surfaces[0]));
	config_destroy(one);
	config_destroy(same);
	config_destroy(other);
}

static struct config *load_recording(const char *calibration, const struct cell_place *places)
{
	struct surface pad = {.name = "pad",
	    .kind = SURFACE_SEAT,
	    .rows = places ? 0 : 1,
	    .cols = places ? 0 : 2,
	    .n_cells = 2,
	    .pitch_mm = 50,
	    .full_scale_counts = 1000,
	    .rate_hz = 10,
	    .places = places};
	struct recording_writer *writer;
	struct problems problems;
	char *path = scratch_path("pad.rec"), text[400];

	assert_int_equal(recording_create(&writer, path, true, NULL, NULL), 0);
	assert_int_equal(recording_add_surface(writer, &pad, NULL), 0);
	if (calibration)
		assert_int_equal(recording_set_calibration(writer, 0, calibration, NULL), 0);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	snprintf(text, sizeof(text), CHAIR "replay\nreplay.file = %s\n", path);
	free(path);
	struct config *config = configs_load(text, &problems);
	if (!config)
		fail_msg("%s", problems.list[0].text);
	return config;
}

/* The lines are the same, but not the recording that they name. */
static void a_source_that_changed_is_seen(void **state)
{
	static const char calibrated[] =
	    "[calibration]\nunit = mmhg\n[cells]\n0 = 1 2 1\n1 = 1 2 1\n";
	static const char relative[] =
	    "[calibration]\nunit = relative\n[cells]\n0 = 1 2 1\n1 = 1 2 1\n";
	static const struct cell_place places[] = {{0, 0, REGION_SEAT}, {50, 0, REGION_SEAT}};
	struct config *each[] = {load_recording(calibrated, NULL), load_recording(NULL, NULL),
	    load_recording(relative, NULL), load_recording(NULL, places)};
	size_t n = sizeof(each) / sizeof(each[0]);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			if (each[i] && each[k])
				assert_int_equal(surface_config_equal(
				                     each[i]->surfaces[0], each[k]->surfaces[0]),
				    i == k);
	for (size_t i = 0; i < n; i++)
		config_destroy(each[i]);
}

/* No GPIO is touched: a configuration is made and checked on any machine. */
static void mats_on_gpio_lines_know_their_geometry(void **state)
{
	static const struct {
		const char *settings;
		size_t n_cells;
		float full_scale, rate_hz;
		enum sense sense;
	} table[] = {
	    {"driver = hx711\nlayout = legs.csv\nhx711.data = 5 6\nhx711.clock = 21\n"
	     "hx711.rate = 80\n",
	        2, 16777215, 80, SENSE_LOAD},
	    {"driver = switch\nswitch.lines = GPIO17 27 22\n", 3, 1, 5, SENSE_SWITCH},
	    {"driver = matrix\nmatrix.rows = 16\nmatrix.cols = 8\nmatrix.row_lines = 5 6 13 19\n"
	     "matrix.col_select = adc\nmatrix.adc = mcp3008\n",
	        128, 1023, 10, SENSE_SHAPE},
	};

	(void)state;
	free(scratch_file("legs.csv", "cell,x_mm,y_mm,region\n0,-400,0,leg\n1,400,0,leg\n"));
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct problems problems;
		char text[400];
		snprintf(text, sizeof(text), BED "%s", table[i].settings);
		struct config *config = configs_load(text, &problems);
		assert_non_null(config);
		const struct surface *surface = &config->surfaces[0]->surface;
		assert_int_equal(surface->n_cells, table[i].n_cells);
		assert_float_equal(surface->full_scale_counts, table[i].full_scale, 0);
		assert_float_equal(surface->rate_hz, table[i].rate_hz, 0);
		assert_int_equal(surface_sense(surface), table[i].sense);
		config_destroy(config);
	}
}

static void the_example_is_good(void **state)
{
	(void)state;
	struct problems problems;
	struct config *config;
	char *path = source_path("docs/examples/lumbard.conf");

	if (config_load(&config, path, &problems) < 0)
		fail_msg("%s", problems.list[0].text);
	config_destroy(config);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_file_is_taken),
	    cmocka_unit_test(rules_take_limits_and_are_switched_off),
	    cmocka_unit_test(reports_need_no_mat),
	    cmocka_unit_test(an_indicator_is_taken_whole),
	    cmocka_unit_test(a_layout_gives_a_free_surface),
	    cmocka_unit_test(what_changed_is_seen),
	    cmocka_unit_test(a_source_that_changed_is_seen),
	    cmocka_unit_test(mats_on_gpio_lines_know_their_geometry),
	    cmocka_unit_test(the_example_is_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
