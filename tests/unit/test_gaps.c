/*
 * A morning in bed with frames missing in the middle of it, from the frames to the night's facts:
 * nothing of that time is lying, resting, unchanged or asleep, for no rule and in no sum.
 */
#include "base/clock.h"
#include "drivers/sim/world.h"
#include "pipeline/pipeline.h"
#include "store/query.h"
#include "store/store.h"
#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_NS (1000 * NS_PER_MIN)
#define RATE     2
#define COLS     16
#define N_CELLS  (16 * COLS)
#define DAY      20659 /* 2026-07-25; the morning begins at 8 o'clock of it, UTC */
#define GAP_AT_S 4217  /* within a minute */
#define H_S      3600
#define MINUTES  200

struct morning {
	struct surface surface;
	struct sim_world *world;
	struct pipeline *pipeline;
	struct store *store;
	char *path;
	int bed_id;
	int gap_s;        /* after GAP_AT_S */
	int moved_cols;   /* where she lies after the gap, against before */
	int64_t first_ns; /* when unchanged_posture was first said; 0: never */
	struct event unchanged, prolonged;
	struct epoch epochs[MINUTES];
	size_t n_epochs;
	int shifts;
	int64_t now_ns;
};

static void take_event(void *user, const struct event *event)
{
	struct morning *m = user;

	if (strcmp(event->rule, "prolonged_lying") == 0)
		m->prolonged = *event;
	if (strcmp(event->rule, "unchanged_posture") != 0)
		return;
	m->unchanged = *event;
	if (m->first_ns == 0)
		m->first_ns = m->now_ns;
}

static void take_epoch(void *user, const struct epoch *epoch)
{
	struct morning *m = user;

	assert_true(m->n_epochs < MINUTES);
	m->epochs[m->n_epochs++] = *epoch;
	m->shifts += epoch->shifts;
	assert_int_equal(store_epoch(m->store, m->bed_id, epoch, NULL), 0);
}

static void begin(struct morning *m, int gap_s, int moved_cols)
{
	struct sim_settings settings = {
	    .seed = 5, .plan = SIM_PLAN_REST, .stiffness_kpa_per_m = 80};
	struct pipeline_sink sink = {.user = m, .event = take_event, .epoch = take_epoch};
	int64_t real_ns = (DAY * 86400LL + 8 * H_S) * NS_PER_S;
	struct error err = {0};
	char name[32];

	*m = (struct morning){.surface = {.name = "bed", .kind = SURFACE_BED},
	    .gap_s = gap_s,
	    .moved_cols = moved_cols};
	sim_surface(&m->surface, SURFACE_BED, 16, COLS, RATE);
	struct pipeline_config config = {.surface = &m->surface};
	assert_int_equal(sim_world_create(&m->world, &settings, &m->surface, 1, &err), 0);
	m->pipeline = pipeline_create(&config, &sink, &err);
	assert_non_null(m->pipeline);
	snprintf(name, sizeof(name), "gap-%d-%d.db", gap_s, moved_cols);
	m->path = scratch_path(name);
	assert_int_equal(store_open(&m->store, m->path, STORE_OWN, &err), 0);
	assert_int_equal(store_begin_session(m->store, "sim:5", "test", START_NS, NULL), 0);
	m->bed_id = store_add_surface(m->store, &m->surface, NULL);
	assert_int_equal(store_anchor(m->store, START_NS, real_ns, 0, true, NULL), 0);
}

static void move_sideways(float *counts, int cols)
{
	for (size_t row = 0; row < 16 && cols > 0; row++) {
		float *line = counts + row * COLS;
		memmove(line + cols, line, (size_t)(COLS - cols) * sizeof(*line));
		memset(line, 0, (size_t)cols * sizeof(*line));
	}
}

/* Frames from second from_s to to_s, but for those in the gap. */
static void run(struct morning *m, int from_s, int to_s)
{
	float counts[N_CELLS];

	for (int i = from_s * RATE; i < to_s * RATE; i++) {
		double t_s = i / (double)RATE;
		if (t_s >= GAP_AT_S && t_s < GAP_AT_S + m->gap_s)
			continue;
		sim_world_frame(m->world, 0, t_s, counts);
		move_sideways(counts, t_s > GAP_AT_S ? m->moved_cols : 0);
		m->now_ns = START_NS + llround(t_s * 1e9);
		struct frame frame = {.mono_ns = m->now_ns,
		    .real_ns = (DAY * 86400LL + 8 * H_S) * NS_PER_S + llround(t_s * 1e9),
		    .flags = FRAME_CLOCK_SYNCED,
		    .n_cells = N_CELLS,
		    .counts = counts};
		assert_int_equal(pipeline_step(m->pipeline, &frame), 0);
	}
}

static struct night_facts end(struct morning *m)
{
	struct night_facts facts;
	struct error err = {0};

	pipeline_finish(m->pipeline);
	assert_int_equal(store_commit(m->store, NULL), 0);
	if (query_night(m->store, DAY, &facts, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(store_close(m->store, NULL), 0);
	pipeline_destroy(m->pipeline);
	sim_world_destroy(m->world);
	free(m->path);
	return facts;
}

/* Seconds of the minute that begins at start_ns in which there were frames. */
static double seen_of(const struct morning *m, int64_t start_ns)
{
	double from_s = (double)(start_ns - START_NS) / 1e9;
	double gap_from_s = fmax(GAP_AT_S, from_s);
	double gap_to_s = fmin(GAP_AT_S + m->gap_s, from_s + 60);

	return 60 - fmax(0, gap_to_s - gap_from_s);
}

static float sum(const float *seconds, size_t n)
{
	float all = 0;

	for (size_t i = 0; i < n; i++)
		all += seconds[i];
	return all;
}

static void no_second_of_a_gap_is_in_a_minute(void **state)
{
	(void)state;
	static const int gaps_s[] = {10, 240, 900};

	for (size_t i = 0; i < sizeof(gaps_s) / sizeof(gaps_s[0]); i++) {
		struct morning m;
		double observed_s = 0;
		begin(&m, gaps_s[i], 0);
		run(&m, 0, 6000);
		end(&m);
		for (size_t k = 0; k < m.n_epochs; k++) {
			const struct epoch *e = &m.epochs[k];
			assert_true((double)e->observed_s <= seen_of(&m, e->start_ns) + 0.01);
			assert_true(e->person_s + e->empty_s + e->object_s + e->unknown_s <
			            e->observed_s + 0.01F);
			assert_true(sum(e->posture_s, POSTURE_COUNT) < e->observed_s + 0.01F);
			assert_true(e->moving_s < e->person_s + 0.01F);
			observed_s += (double)e->observed_s;
		}
		/* The first frame, and the first one after the gap, stand for no time. */
		assert_true(fabs(observed_s - (6000 - gaps_s[i] - 2.0 / RATE)) < 0.01);
	}
}

/* Two hours without a turn, and two hours in bed by day, are two hours that were seen. */
static void a_short_gap_is_no_part_of_a_length(void **state)
{
	(void)state;
	struct morning m;

	begin(&m, 10, 0);
	run(&m, 0, 2 * H_S + 60);
	assert_true(m.first_ns > 0);
	const struct event *found[] = {&m.unchanged, &m.prolonged};
	for (size_t i = 0; i < 2; i++) {
		double span_s = (double)(found[i]->end_ns - found[i]->start_ns) / 1e9;
		double value_s = (double)found[i]->value * 60;
		assert_true(value_s > 2 * H_S);
		/* After a gap it takes some seconds more until she is known to be there. */
		assert_true(value_s < span_s - 10 && value_s > span_s - 20);
		assert_true(found[i]->coverage_ratio < 1);
	}
	assert_true(m.first_ns - m.unchanged.start_ns > (2 * H_S + 10) * NS_PER_S);
	end(&m);
}

static void a_long_gap_ends_what_lasts(void **state)
{
	(void)state;
	static const int gaps_s[] = {240, 900};

	for (size_t i = 0; i < 2; i++) {
		struct morning m;
		begin(&m, gaps_s[i], 0);
		run(&m, 0, GAP_AT_S + gaps_s[i] + 2 * H_S - 60);
		struct night_facts facts = end(&m);
		assert_true(m.first_ns == 0);
		assert_null(m.prolonged.rule);
		assert_true(facts.lying_s < GAP_AT_S + 2 * H_S - 60);
		assert_true(facts.longest_rest_s < 2 * H_S - 60);
		assert_true(facts.longest_unchanged_s < 2 * H_S - 60);
		/* Whole minutes: of the two that the gap cut she may have slept through both. */
		assert_true(facts.sleep.longest_s <= 2 * H_S);
		assert_true(
		    facts.sleep.asleep_s + facts.sleep.awake_s <= GAP_AT_S + 2 * H_S - 60 + 60);
	}
}

static void shares_and_rest_leave_a_gap_out(void **state)
{
	(void)state;
	static const int gaps_s[] = {10, 240};

	for (size_t i = 0; i < 2; i++) {
		struct morning m;
		float seen_s = 6000 - (float)gaps_s[i];
		begin(&m, gaps_s[i], 0);
		run(&m, 0, 6000);
		struct night_facts facts = end(&m);
		assert_true(facts.lying_s > seen_s - 30 && facts.lying_s <= seen_s);
		assert_true(facts.unknown_s >= 24 * H_S - seen_s - 1);
		assert_true(sum(facts.posture_s, POSTURE_COUNT) <= seen_s);
		assert_true(facts.longest_rest_s <= (gaps_s[i] < 60 ? seen_s : GAP_AT_S));
		assert_true(facts.longest_unchanged_s <= (gaps_s[i] < 60 ? seen_s : GAP_AT_S));
		assert_int_equal(facts.shifts, 0);
	}
}

/* Nobody saw her move, but where she lies says that she did. After minutes nothing says when. */
static void a_move_in_a_short_gap_is_a_shift(void **state)
{
	(void)state;
	struct morning m;

	begin(&m, 10, 3);
	run(&m, 0, 2 * H_S + 120);
	struct night_facts facts = end(&m);
	assert_int_equal(m.shifts, 1);
	assert_true(m.first_ns == 0);
	assert_true(facts.longest_unchanged_s <= GAP_AT_S);

	begin(&m, 240, 3);
	run(&m, 0, 6000);
	facts = end(&m);
	assert_int_equal(m.shifts, 0);
	assert_true(facts.longest_unchanged_s <= GAP_AT_S);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_second_of_a_gap_is_in_a_minute),
	    cmocka_unit_test(a_short_gap_is_no_part_of_a_length),
	    cmocka_unit_test(a_long_gap_ends_what_lasts),
	    cmocka_unit_test(shares_and_rest_leave_a_gap_out),
	    cmocka_unit_test(a_move_in_a_short_gap_is_a_shift),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
