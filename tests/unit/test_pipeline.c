/* The pipeline on a simulated bed: the same twice, faults of the mat, gaps, key frames. */
#include "drivers/sim/world.h"
#include "pipeline/pipeline.h"
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define START_NS (1000 * NS_PER_S)
#define RATE     5

struct seen {
	size_t n_epochs, n_keyframes, n_observations;
	double observed_s, technical_s;
	uint64_t hash; /* of every epoch, event and observation that was said, in order */
	struct event events[64];
	size_t n_events;
	int64_t keyframes_ns[64];
};

struct bed {
	struct surface surface;
	struct sim_world *world;
	struct pipeline *pipeline;
	struct seen seen;
	float *counts;
	int64_t n;
};

static void add_hash(struct seen *seen, double value)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	seen->hash = (seen->hash ^ bits) * 1099511628211u;
}

static void take_observation(void *user, const struct observation *o)
{
	struct seen *seen = user;

	seen->n_observations++;
	add_hash(seen, (double)o->load);
	add_hash(seen, (double)o->posture_confidence);
	add_hash(seen, (double)o->movement_ratio);
	add_hash(seen, (double)o->breathing_per_min);
}

static void take_event(void *user, const struct event *event)
{
	struct seen *seen = user;

	add_hash(seen, (double)event->start_ns);
	assert_true(seen->n_events < 64);
	seen->events[seen->n_events++] = *event;
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct seen *seen = user;

	seen->n_epochs++;
	seen->observed_s += (double)epoch->observed_s;
	seen->technical_s += (double)epoch->technical_s;
	add_hash(seen, (double)epoch->activity);
}

static void take_keyframe(void *user, const struct keyframe *keyframe)
{
	struct seen *seen = user;

	assert_true(seen->n_keyframes < 64);
	seen->keyframes_ns[seen->n_keyframes++] = keyframe->mono_ns;
}

static void make(struct bed *bed, const char *option, const char *value)
{
	struct sim_settings settings = {
	    .seed = 5, .plan = SIM_PLAN_REST, .stiffness_kpa_per_m = 80};
	struct options options;
	struct error err = {0};

	*bed = (struct bed){.surface = {.name = "bed", .kind = SURFACE_BED}};
	sim_surface(&bed->surface, SURFACE_BED, 0, 0, RATE);
	options_init(&options, pipeline_options);
	if (option)
		assert_int_equal(options_set(&options, option, value, NULL, &err), 0);
	struct pipeline_config config = {.surface = &bed->surface, .pipeline = &options};
	struct pipeline_sink sink = {
	    &bed->seen, take_observation, take_event, take_epoch, take_keyframe};
	assert_int_equal(sim_world_create(&bed->world, &settings, &bed->surface, 1, &err), 0);
	bed->pipeline = pipeline_create(&config, &sink, &err);
	if (!bed->pipeline)
		fail_msg("%s", err.text);
	bed->counts = calloc(bed->surface.n_cells, sizeof(float));
}

static void unmake(struct bed *bed)
{
	pipeline_destroy(bed->pipeline);
	sim_world_destroy(bed->world);
	free(bed->counts);
}

static int step(struct bed *bed, double t_s)
{
	struct frame frame = {
	    .mono_ns = START_NS + llround(t_s * 1e9),
	    .n_cells = bed->surface.n_cells,
	    .counts = bed->counts,
	};

	return pipeline_step(bed->pipeline, &frame);
}

/* Simulated frames over [from_s, to_s). */
static void run(struct bed *bed, int from_s, int to_s)
{
	for (int i = from_s * RATE; i < to_s * RATE; i++) {
		double t_s = i / (double)RATE;
		sim_world_frame(bed->world, 0, t_s, bed->counts);
		assert_int_equal(step(bed, t_s), 0);
	}
}

/* What stands in counts, again and again; the number of frames that were refused. */
static int repeat(struct bed *bed, int from_s, int to_s)
{
	int refused = 0;

	for (int i = from_s * RATE; i < to_s * RATE; i++)
		refused += step(bed, i / (double)RATE) < 0;
	return refused;
}

static enum technical state_of(const struct bed *bed)
{
	return pipeline_observation(bed->pipeline)->technical;
}

static void the_same_frames_give_the_same_words(void **state)
{
	(void)state;
	uint64_t hash[2];

	for (int i = 0; i < 2; i++) {
		struct bed bed;
		make(&bed, NULL, NULL);
		run(&bed, 0, 400);
		pipeline_finish(bed.pipeline);
		assert_int_equal(bed.seen.n_observations, 400 * RATE);
		assert_true(fabs(bed.seen.observed_s - (400 - 1.0 / RATE)) < 0.001);
		hash[i] = bed.seen.hash;
		unmake(&bed);
	}
	assert_true(hash[0] == hash[1]);
}

static void someone_at_rest_is_seen_and_one_map_kept(void **state)
{
	(void)state;
	struct bed bed;

	make(&bed, NULL, NULL);
	run(&bed, 0, 400);
	assert_int_equal(pipeline_observation(bed.pipeline)->occupancy, OCCUPANCY_PERSON);
	assert_int_equal(pipeline_observation(bed.pipeline)->unit, PRESSURE_RELATIVE);
	assert_true(pipeline_image(bed.pipeline)->surface == &bed.surface);
	assert_int_equal(bed.seen.n_events, 0);
	assert_true(bed.seen.n_keyframes == 1);
	pipeline_finish(bed.pipeline);
	unmake(&bed);
}

static void a_frozen_mat_is_technical_until_it_moves(void **state)
{
	(void)state;
	struct bed bed;

	make(&bed, NULL, NULL);
	run(&bed, 0, 60);
	int refused = repeat(&bed, 60, 90);
	assert_int_equal(state_of(&bed), TECHNICAL_FROZEN);
	assert_true(isnan(pipeline_observation(bed.pipeline)->load));
	assert_int_equal(refused, 20 * RATE); /* the first 10 s pass for stillness */
	assert_int_equal(bed.seen.n_events, 1);
	assert_true(bed.seen.events[0].start_ns == bed.seen.events[0].end_ns);
	run(&bed, 90, 100);
	assert_int_equal(state_of(&bed), TECHNICAL_NONE);
	assert_int_equal(bed.seen.n_events, 2);
	assert_string_equal(bed.seen.events[1].rule, "acquire");
	assert_int_equal(bed.seen.events[1].level, EVENT_TECHNICAL);
	assert_true(bed.seen.events[1].start_ns == bed.seen.events[0].start_ns);
	assert_float_equal(bed.seen.events[1].value, 20, 0.01);
	pipeline_finish(bed.pipeline);
	assert_float_equal(bed.seen.technical_s, 20, 0.01);
	assert_true(fabs(bed.seen.observed_s - (80 - 1.0 / RATE)) < 0.01);
	unmake(&bed);
}

static void zeros_are_a_fault_unless_they_mean_empty(void **state)
{
	(void)state;
	struct bed bed;

	make(&bed, NULL, NULL);
	repeat(&bed, 0, 30);
	assert_int_equal(state_of(&bed), TECHNICAL_ZEROS);
	pipeline_finish(bed.pipeline);
	unmake(&bed);
	make(&bed, "zeros_are_empty", "yes");
	repeat(&bed, 0, 60);
	assert_int_equal(state_of(&bed), TECHNICAL_NONE);
	assert_int_equal(pipeline_observation(bed.pipeline)->occupancy, OCCUPANCY_EMPTY);
	assert_int_equal(bed.seen.n_events, 0);
	pipeline_finish(bed.pipeline);
	unmake(&bed);
}

static void counts_outside_the_scale_are_said_when_they_last(void **state)
{
	(void)state;
	struct bed bed;

	make(&bed, NULL, NULL);
	run(&bed, 0, 20);
	for (size_t i = 0; i < bed.surface.n_cells / 4; i++)
		bed.counts[i] = NAN;
	assert_int_equal(step(&bed, 20), -ERANGE);
	assert_int_equal(state_of(&bed), TECHNICAL_RANGE);
	run(&bed, 21, 30);
	assert_int_equal(bed.seen.n_events, 0); /* one frame is no state */
	for (int i = 0; i < 8 * RATE; i++) {
		for (size_t k = 0; k < bed.surface.n_cells / 4; k++)
			bed.counts[k] = -1 - (float)i;
		assert_int_equal(step(&bed, 30 + i / (double)RATE), -ERANGE);
	}
	assert_int_equal(bed.seen.n_events, 1);
	assert_non_null(strstr(bed.seen.events[0].detail, "outside the mat's range"));
	pipeline_finish(bed.pipeline);
	unmake(&bed);
}

/* In a replay the next frame shows the gap; live the clock does. Both say the same. */
static void a_gap_is_no_data_and_is_never_counted(void **state)
{
	(void)state;
	double observed_s[2];
	struct event last[2];

	for (int live = 0; live < 2; live++) {
		struct bed bed;
		make(&bed, NULL, NULL);
		run(&bed, 0, 60);
		for (int t = 66; live && t < 120; t++)
			pipeline_gap(bed.pipeline, START_NS + t * NS_PER_S);
		if (live)
			assert_int_equal(state_of(&bed), TECHNICAL_NO_DATA);
		run(&bed, 120, 180);
		assert_int_equal(state_of(&bed), TECHNICAL_NONE);
		pipeline_finish(bed.pipeline);
		assert_int_equal(bed.seen.n_events, 2);
		last[live] = bed.seen.events[1];
		observed_s[live] = bed.seen.observed_s;
		assert_true(fabs(bed.seen.observed_s - (120 - 2.0 / RATE)) < 0.01);
		unmake(&bed);
	}
	assert_true(observed_s[0] == observed_s[1]);
	assert_true(last[0].start_ns == last[1].start_ns && last[0].end_ns == last[1].end_ns);
	assert_float_equal(last[0].value, 60.2, 0.01);
}

static void time_that_does_not_grow_is_refused(void **state)
{
	(void)state;
	struct bed bed;

	make(&bed, NULL, NULL);
	run(&bed, 0, 10);
	assert_int_equal(step(&bed, 5), -ERANGE);
	assert_int_equal(bed.seen.n_observations, 10 * RATE);
	run(&bed, 10, 11);
	pipeline_finish(bed.pipeline);
	unmake(&bed);
}

/* Three and a half hours on the back: what is found names a frame that was kept. */
static void a_finding_names_a_frame_that_was_kept(void **state)
{
	(void)state;
	struct bed bed;
	size_t n_named = 0;

	make(&bed, NULL, NULL);
	run(&bed, 0, 3 * 3600 + 1800);
	pipeline_finish(bed.pipeline);
	for (size_t i = 0; i < bed.seen.n_events; i++) {
		const struct event *event = &bed.seen.events[i];
		bool kept = false;
		assert_int_not_equal(event->level, EVENT_TECHNICAL);
		for (size_t k = 0; k < bed.seen.n_keyframes; k++)
			kept = kept || bed.seen.keyframes_ns[k] == event->frame_ns;
		assert_true(kept);
		n_named++;
	}
	assert_true(n_named >= 1);
	assert_true(bed.seen.n_keyframes <= 6);
	unmake(&bed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_same_frames_give_the_same_words),
	    cmocka_unit_test(someone_at_rest_is_seen_and_one_map_kept),
	    cmocka_unit_test(a_frozen_mat_is_technical_until_it_moves),
	    cmocka_unit_test(zeros_are_a_fault_unless_they_mean_empty),
	    cmocka_unit_test(counts_outside_the_scale_are_said_when_they_last),
	    cmocka_unit_test(a_gap_is_no_data_and_is_never_counted),
	    cmocka_unit_test(time_that_does_not_grow_is_refused),
	    cmocka_unit_test(a_finding_names_a_frame_that_was_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
