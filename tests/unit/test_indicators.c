/* The indicators on an event loop, with fake lines: what the line does, and when it is given back. */
#include "app/indicators.h"
#include "support.h"
#include "tests/fakes/lines_fake.h"

#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHANGES_MAX = 32 };

/* What hangs on the line: writes down its changes of level, and when they came. */
struct led {
	size_t n;
	struct {
		char line[16];
		bool high;
		int64_t mono_ns;
	} changes[CHANGES_MAX];
};

static void led_set(void *user, const char *line, bool high)
{
	struct led *led = user;

	if (led->n < CHANGES_MAX) {
		snprintf(led->changes[led->n].line, sizeof(led->changes[0].line), "%s", line);
		led->changes[led->n].high = high;
		led->changes[led->n].mono_ns = clock_mono_ns();
	}
	led->n++;
}

static bool led_get(void *user, const char *line, bool *high)
{
	(void)user;
	(void)line;
	(void)high;
	return false;
}

struct scene {
	struct led led;
	struct fake_part part;
	sd_event *loop;
	struct config *config;
	struct indicators *indicators;
	struct moment now;
};

static struct config *load(const char *indicator)
{
	static const char surfaces[] =
	    "[surface bed]\nkind = bed\ndriver = sim\n[surface chair]\nkind = seat\ndriver = sim\n";
	struct problems problems;
	struct config *config;
	char text[1024];

	snprintf(text, sizeof(text), "%s%s", surfaces, indicator);
	char *path = scratch_file("indicators.conf", text);
	if (config_load(&config, path, &problems) < 0)
		fail_msg("%s", problems.list[0].text);
	free(path);
	return config;
}

#define LED "[indicator led]\nchip = fake\nline = GPIO18\nsurfaces = chair\n"

static void begin(struct scene *scene, const char *indicator)
{
	*scene = (struct scene){.now = {.mono_ns = NS_PER_H, .real_ns = 1800000000 * NS_PER_S}};
	scene->part = (struct fake_part){&scene->led, led_set, led_get, NULL};
	fake_lines_plug(&scene->part);
	fake_lines_fail(0);
	assert_true(sd_event_new(&scene->loop) >= 0);
	scene->config = load(indicator);
	scene->indicators = indicators_create(scene->loop, scene->config);
	assert_non_null(scene->indicators);
}

static void end(struct scene *scene)
{
	indicators_destroy(scene->indicators);
	config_destroy(scene->config);
	sd_event_unref(scene->loop);
	fake_lines_plug(NULL);
}

/* Something is found in the chair; the next thing a minute later. */
static void find(struct scene *scene, const char *rule, const char *advice)
{
	static const struct surface chair = {.name = "chair", .kind = SURFACE_SEAT};
	const struct event event = {.rule = rule,
	    .advice_id = advice,
	    .level = EVENT_ADVICE,
	    .start_ns = scene->now.mono_ns - NS_PER_MIN,
	    .end_ns = scene->now.mono_ns};

	indicators_hear(scene->indicators, &chair, &event, &scene->now);
	scene->now.mono_ns += NS_PER_MIN;
	scene->now.real_ns += NS_PER_MIN;
}

/* Until so many levels were set, for at most half a minute. */
static void turn_until(struct scene *scene, size_t n)
{
	int64_t end_ns = clock_mono_ns() + 30 * NS_PER_S;

	while (scene->led.n < n && clock_mono_ns() < end_ns)
		sd_event_run(scene->loop, 100000);
	assert_int_equal(scene->led.n, n);
}

static json_t *about(struct scene *scene)
{
	json_t *list = indicators_json(scene->indicators, &scene->now);
	json_t *first = json_incref(json_array_get(list, 0));

	json_decref(list);
	return first;
}

static void expect(struct scene *scene, const char *key, const char *expected)
{
	json_t *indicator = about(scene);
	const char *text = json_string_value(json_object_get(indicator, key));

	if (!text || !strstr(text, expected))
		fail_msg("%s is %s, not %s", key, text ? text : "null", expected);
	json_decref(indicator);
}

/* Why its only surface would get no cue now; NULL: it would. */
static void expect_silent(struct scene *scene, const char *expected)
{
	json_t *indicator = about(scene);
	json_t *surface = json_array_get(json_object_get(indicator, "surfaces"), 0);
	const char *silent = json_string_value(json_object_get(surface, "silent"));

	if (expected)
		assert_string_equal(silent ? silent : "null", expected);
	else
		assert_null(silent);
	json_decref(indicator);
}

static void a_finding_moves_the_line_as_its_pattern_says(void **state)
{
	(void)state;
	static const bool levels[] = {false, true, false, true, false};
	struct scene scene;

	begin(&scene, LED "posture = 60 40 80\n");
	assert_int_equal(scene.led.n, 1); /* off when it is taken */
	expect_silent(&scene, NULL);
	find(&scene, "feeding_posture", "feeding.posture");
	turn_until(&scene, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(scene.led.changes[i].line, "GPIO18");
		assert_int_equal(scene.led.changes[i].high, levels[i]);
	}
	/* A timer may be late on a busy machine, but never early. */
	static const int least_ms[] = {60, 40, 80};
	for (size_t i = 0; i < 3; i++)
		assert_true(scene.led.changes[i + 2].mono_ns - scene.led.changes[i + 1].mono_ns >=
		            least_ms[i] * NS_PER_MS);
	json_t *indicator = about(&scene);
	json_t *cue = json_object_get(indicator, "last_cue");
	assert_string_equal(json_string_value(json_object_get(cue, "notice")), "posture");
	assert_string_equal(
	    json_string_value(json_object_get(cue, "time")), "2027-01-15T08:00:00+00:00");
	assert_int_equal(json_integer_value(json_object_get(indicator, "cues")), 1);
	json_decref(indicator);
	expect(&scene, "state", "ready");
	expect_silent(&scene, "too soon after the last cue");
	find(&scene, "sideways_lean", "holding.weight_off_back"); /* a minute later */
	sd_event_run(scene.loop, 0);
	assert_int_equal(scene.led.n, 5);
	indicator = about(&scene);
	json_t *withheld = json_object_get(indicator, "withheld");
	assert_non_null(strstr(
	    json_string_value(json_object_get(withheld, "why")), "too soon after the last cue"));
	json_decref(indicator);
	end(&scene);
}

static void active_low_is_off_at_a_high_level(void **state)
{
	(void)state;
	struct scene scene;

	begin(&scene, LED "active_low = yes\nposture = 20\n");
	find(&scene, "feeding_posture", "feeding.posture");
	turn_until(&scene, 3);
	assert_true(scene.led.changes[0].high);
	assert_false(scene.led.changes[1].high);
	assert_true(scene.led.changes[2].high);
	end(&scene);
}

/* The end comes in the middle of a cue that would last two seconds more. */
static void at_the_end_the_line_is_off(void **state)
{
	(void)state;
	struct scene scene;

	begin(&scene, LED "posture = 2000\n");
	find(&scene, "feeding_posture", "feeding.posture");
	assert_int_equal(scene.led.n, 2);
	assert_true(scene.led.changes[1].high);
	indicators_destroy(scene.indicators);
	scene.indicators = NULL;
	assert_int_equal(scene.led.n, 3);
	assert_false(scene.led.changes[2].high);
	end(&scene);
}

static void a_line_that_is_not_there_is_told_and_nothing_else_stops(void **state)
{
	(void)state;
	struct scene scene;

	begin(&scene, "[indicator led]\nchip = other\nline = GPIO18\nsurfaces = chair\n");
	expect(&scene, "state", "failed");
	expect(&scene, "fault", "no chip has this label");
	expect_silent(&scene, "its line cannot be used");
	find(&scene, "feeding_posture", "feeding.posture");
	assert_int_equal(scene.led.n, 0);
	/* A reload that names the chip rightly. */
	struct config *fresh = load(LED "posture = 20\n");
	indicators_reload(scene.indicators, fresh);
	config_destroy(scene.config);
	scene.config = fresh;
	expect(&scene, "state", "ready");
	find(&scene, "sideways_lean", "holding.weight_off_back");
	turn_until(&scene, 3);
	end(&scene);
}

static void a_line_that_fails_in_a_cue_is_given_back(void **state)
{
	(void)state;
	struct scene scene;

	begin(&scene, LED "posture = 20 20 20\n");
	find(&scene, "feeding_posture", "feeding.posture");
	fake_lines_fail(-ENODEV);
	while (sd_event_run(scene.loop, 1000000) > 0)
		;
	size_t n = scene.led.n;
	assert_false(scene.led.changes[n - 1].high);
	expect(&scene, "state", "failed");
	indicators_watch(scene.indicators);
	expect(&scene, "fault", "No such device");
	scene.now.mono_ns += NS_PER_H;
	fake_lines_fail(0);
	find(&scene, "sideways_lean", "holding.weight_off_back");
	assert_int_equal(scene.led.n, n); /* nothing was set any more */
	expect(&scene, "state", "failed");
	end(&scene);
}

static void without_a_line_it_is_off(void **state)
{
	(void)state;
	struct scene scene;

	begin(&scene, "[indicator led]\nsurfaces = chair\n");
	expect(&scene, "state", "off");
	expect_silent(&scene, "no line is given");
	find(&scene, "feeding_posture", "feeding.posture");
	assert_int_equal(scene.led.n, 0);
	end(&scene);
}

/* Else each reload would be leave for another cue. */
static void a_reload_keeps_the_last_cue_in_mind(void **state)
{
	(void)state;
	struct scene scene;

	begin(&scene, LED "posture = 20\n");
	find(&scene, "feeding_posture", "feeding.posture");
	turn_until(&scene, 3);
	struct config *fresh = load("[indicator motor]\nsurfaces = bed\n" LED "posture = 50\n");
	indicators_reload(scene.indicators, fresh);
	config_destroy(scene.config);
	scene.config = fresh;
	size_t n = scene.led.n;
	assert_false(scene.led.changes[n - 1].high);
	find(&scene, "sideways_lean", "holding.weight_off_back");
	assert_int_equal(scene.led.n, n);
	scene.now.mono_ns += 10 * NS_PER_MIN;
	find(&scene, "long_feed", "feeding.length");
	assert_int_equal(scene.led.n, n + 1);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_finding_moves_the_line_as_its_pattern_says),
	    cmocka_unit_test(active_low_is_off_at_a_high_level),
	    cmocka_unit_test(at_the_end_the_line_is_off),
	    cmocka_unit_test(a_line_that_is_not_there_is_told_and_nothing_else_stops),
	    cmocka_unit_test(a_line_that_fails_in_a_cue_is_given_back),
	    cmocka_unit_test(without_a_line_it_is_off),
	    cmocka_unit_test(a_reload_keeps_the_last_cue_in_mind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
