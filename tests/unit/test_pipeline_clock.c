/* What the pipeline takes for the time of the day: only what a clock says that was once set. */
#include "base/clock.h"
#include "pipeline/pipeline.h"
#include "support.h"

#include <math.h>
#include <string.h>

#define RATE 2
#define H_S  3600

/* 2026-11-22T09:00:00Z */
#define REAL_NS (1795338000LL * NS_PER_S)

static void take_event(void *user, const struct event *event)
{
	if (strcmp(event->rule, "prolonged_lying") == 0)
		*(int *)user += 1;
}

static struct pipeline *make(struct surface *bed, int *n_said)
{
	struct pipeline_config config = {.surface = bed};
	struct pipeline_sink sink = {.user = n_said, .event = take_event};
	struct error err = {0};

	*bed = (struct surface){.name = "bed",
	    .kind = SURFACE_BED,
	    .rows = 16,
	    .cols = 8,
	    .n_cells = 128,
	    .pitch_mm = 100,
	    .full_scale_counts = 4095,
	    .rate_hz = RATE};
	struct pipeline *pipeline = pipeline_create(&config, &sink, &err);
	if (!pipeline)
		fail_msg("%s", err.text);
	return pipeline;
}

/* Somebody on the bed who breathes; the clock says real time, whether it was set or not. */
static void step(struct pipeline *pipeline, double t_s, bool set)
{
	float counts[128];
	struct frame frame = {.mono_ns = NS_PER_MIN + llround(t_s * 1e9),
	    .real_ns = REAL_NS + llround(t_s * 1e9),
	    .flags = set ? FRAME_CLOCK_SYNCED : 0,
	    .n_cells = 128,
	    .counts = counts};

	for (size_t i = 0; i < 128; i++) {
		bool body = i % 8 >= 3 && i % 8 <= 5 && i >= 16 && i < 112;
		counts[i] = body ? 900 + 60 * (float)sin(1.6 * t_s) : 0;
	}
	assert_int_equal(pipeline_step(pipeline, &frame), 0);
}

static void a_clock_is_believed_once_it_was_set(void **state)
{
	(void)state;
	struct surface bed;
	int n_said = 0;
	struct pipeline *pipeline = make(&bed, &n_said);

	step(pipeline, 0, false);
	assert_true(pipeline_observation(pipeline)->real_ns == 0);
	step(pipeline, 0.5, true);
	assert_true(pipeline_observation(pipeline)->real_ns == REAL_NS + NS_PER_S / 2);
	step(pipeline, 1, false); /* it runs on by itself */
	assert_true(pipeline_observation(pipeline)->real_ns == REAL_NS + NS_PER_S);
	pipeline_destroy(pipeline);
}

/* Three hours in bed that may be a night as well as a morning; and three of a morning. */
static void by_day_is_not_guessed(void **state)
{
	(void)state;
	for (int set = 0; set <= 1; set++) {
		struct surface bed;
		int n_said = 0;
		struct pipeline *pipeline = make(&bed, &n_said);

		for (int i = 0; i < 3 * H_S * RATE; i++)
			step(pipeline, i / (double)RATE, set);
		pipeline_finish(pipeline);
		pipeline_destroy(pipeline);
		assert_true(set ? n_said > 0 : n_said == 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_clock_is_believed_once_it_was_set),
	    cmocka_unit_test(by_day_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
