/* A mat that gives no frame from the beginning on: that is said too, until it gives one. */
#include "base/clock.h"
#include "pipeline/pipeline.h"
#include "support.h"

#include <math.h>
#include <string.h>

#define START_NS (1000 * NS_PER_S)

struct seen {
	size_t n;
	struct event last;
	size_t n_epochs;
};

static void take_event(void *user, const struct event *event)
{
	struct seen *seen = user;

	seen->n++;
	seen->last = *event;
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct seen *seen = user;

	(void)epoch;
	seen->n_epochs++;
}

static struct pipeline *make(struct surface *strip, struct seen *seen)
{
	struct pipeline_config config = {.surface = strip};
	struct pipeline_sink sink = {.user = seen, .event = take_event, .epoch = take_epoch};
	struct error err = {0};

	*seen = (struct seen){0};
	*strip = (struct surface){.name = "strip",
	    .kind = SURFACE_STRIP,
	    .rows = 1,
	    .cols = 4,
	    .n_cells = 4,
	    .pitch_mm = 50,
	    .full_scale_counts = 4095,
	    .rate_hz = 1};
	struct pipeline *pipeline = pipeline_create(&config, &sink, &err);
	if (!pipeline)
		fail_msg("%s", err.text);
	return pipeline;
}

static void silence_from_the_beginning_is_said_once(void **state)
{
	(void)state;
	struct surface strip;
	struct seen seen;
	struct pipeline *pipeline = make(&strip, &seen);

	for (int i = 0; i < 600; i++)
		pipeline_gap(pipeline, START_NS);
	assert_int_equal(seen.n, 1);
	assert_string_equal(seen.last.rule, "acquire");
	assert_non_null(strstr(seen.last.detail, "no frames arrive"));
	assert_true(seen.last.start_ns == START_NS && seen.last.end_ns == START_NS);
	assert_int_equal(pipeline_observation(pipeline)->technical, TECHNICAL_NO_DATA);
	pipeline_finish(pipeline);
	assert_true(seen.last.start_ns == START_NS && seen.last.end_ns == START_NS);
	assert_int_equal(seen.n_epochs, 0);
	pipeline_destroy(pipeline);
}

static void its_first_frame_ends_it(void **state)
{
	(void)state;
	struct surface strip;
	struct seen seen;
	struct pipeline *pipeline = make(&strip, &seen);
	float counts[4] = {10, 11, 12, 13};
	struct frame frame = {.mono_ns = START_NS + 900 * NS_PER_S, .n_cells = 4, .counts = counts};

	pipeline_gap(pipeline, START_NS);
	assert_int_equal(pipeline_step(pipeline, &frame), 0);
	assert_int_equal(seen.n, 2);
	assert_true(seen.last.start_ns == START_NS);
	assert_true(seen.last.end_ns == frame.mono_ns);
	assert_float_equal(seen.last.value, 900, 0.1);
	frame.mono_ns += NS_PER_S;
	counts[0]++;
	assert_int_equal(pipeline_step(pipeline, &frame), 0);
	pipeline_finish(pipeline);
	assert_int_equal(seen.n, 2);
	pipeline_destroy(pipeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(silence_from_the_beginning_is_said_once),
	    cmocka_unit_test(its_first_frame_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
