/* The keeper over virtual days: a full disk, a clock that jumps, nights judged at noon. */
#include "app/keeper.h"
#include "drivers/sim/world.h"
#include "store/query.h"
#include "support.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define RATE     2
#define START_NS (50000 * NS_PER_S)

/* 2026-11-21T10:00:00Z, which is 11:00 where the bed stands. */
#define REAL_NS  (1795255200LL * NS_PER_S)
#define OFFSET_S 3600
#define DAY_NS   (24 * NS_PER_H)

struct home {
	struct store *store;
	struct keeper *keeper;
	struct surface_config *config;
	struct kept_surface *bed;
	struct sim_world *world;
	char *path;
	float *counts;
	double t_s;
};

static void open_home(struct home *home, const char *name)
{
	struct sim_settings settings = {
	    .seed = 5, .plan = SIM_PLAN_REST, .stiffness_kpa_per_m = 80};
	struct surface surface = {.name = "bed", .kind = SURFACE_BED};
	struct error err = {0};

	*home = (struct home){.path = scratch_path(name)};
	sim_surface(&surface, SURFACE_BED, 0, 0, RATE);
	assert_int_equal(sim_world_create(&home->world, &settings, &surface, 1, &err), 0);
	assert_int_equal(store_open(&home->store, home->path, STORE_OWN, &err), 0);
	assert_int_equal(store_begin_session(home->store, "test", "1", START_NS, &err), 0);
	home->keeper = keeper_create(home->store, &err);
	home->config = surface_config_create(&surface);
	home->bed = keeper_add(home->keeper, home->config, &err);
	if (!home->bed)
		fail_msg("%s", err.text);
	home->counts = calloc(surface.n_cells, sizeof(float));
}

static void close_home(struct home *home)
{
	keeper_destroy(home->keeper);
	assert_int_equal(store_close(home->store, NULL), 0);
	surface_config_destroy(home->config);
	sim_world_destroy(home->world);
	free(home->counts);
	free(home->path);
}

/* Frames for so long; the wall clock is wrong by jump_ns. */
static void live(struct home *home, double seconds, int64_t jump_ns)
{
	for (int i = 0; i < (int)(seconds * RATE); i++, home->t_s += 1.0 / RATE) {
		int64_t since_ns = llround(home->t_s * 1e9);
		struct frame frame = {
		    .mono_ns = START_NS + since_ns,
		    .real_ns = REAL_NS + since_ns + jump_ns,
		    .utc_offset_s = OFFSET_S,
		    .n_cells = home->config->surface.n_cells,
		    .counts = home->counts,
		};
		sim_world_frame(home->world, 0, home->t_s, home->counts);
		keeper_clock(home->keeper, frame.mono_ns, frame.real_ns, OFFSET_S, true);
		keeper_step(home->keeper, home->bed, &frame);
		keeper_tick(home->keeper, frame.mono_ns);
	}
}

static size_t n_minutes(struct home *home, double *seconds)
{
	struct stored_epoch *epochs;
	size_t n;

	assert_int_equal(query_epochs(home->store, 0, INT64_MAX, &epochs, &n, NULL), 0);
	*seconds = 0;
	for (size_t i = 0; i < n; i++)
		*seconds += (double)epochs[i].epoch.observed_s;
	free(epochs);
	return n;
}

/* Files may not grow: the disk is full. What was found waits, and nothing of it is lost. */
static void a_full_disk_is_a_state_and_passes(void **state)
{
	(void)state;
	struct home home;
	struct rlimit limit;
	double seconds;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	open_home(&home, "full.db");
	live(&home, 200, 0);
	assert_int_equal(keeper_store_fault(home.keeper)->code, 0);
	struct rlimit full = {.rlim_cur = 4096, .rlim_max = limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &full), 0);
	live(&home, 600, 0);
	int code = keeper_store_fault(home.keeper)->code;
	size_t meanwhile = n_minutes(&home, &seconds);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_true(code < 0);
	assert_true(meanwhile <= 3);
	live(&home, 100, 0);
	assert_int_equal(keeper_store_fault(home.keeper)->code, 0);
	keeper_finish(home.keeper);
	n_minutes(&home, &seconds);
	assert_true(fabs(seconds - 899.5) < 0.01);
	close_home(&home);
}

static void a_clock_that_jumps_is_said_and_dates_anew(void **state)
{
	(void)state;
	struct home home;
	struct stored_event *events;
	struct stored_epoch *epochs;
	size_t n;
	int64_t jump_ns = 3 * NS_PER_H;

	open_home(&home, "jump.db");
	live(&home, 120, 0);
	live(&home, 120, jump_ns);
	keeper_finish(home.keeper);
	assert_int_equal(
	    query_events(home.store, REAL_NS - DAY_NS, REAL_NS + DAY_NS, &events, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_string_equal(events[0].rule, "calibration"); /* that there is none */
	assert_string_equal(events[1].rule, "clock");
	assert_int_equal(events[1].level, EVENT_TECHNICAL);
	assert_true(fabs(events[1].value - 10800) < 0.01);
	free(events);
	assert_int_equal(query_epochs(home.store, 0, INT64_MAX, &epochs, &n, NULL), 0);
	assert_true(n >= 4);
	for (size_t i = 1; i < n; i++) /* no minute is torn from the others */
		assert_true(epochs[i].real_ns - epochs[i - 1].real_ns == NS_PER_MIN);
	assert_true(llabs(epochs[0].real_ns - REAL_NS - jump_ns) < NS_PER_MIN);
	free(epochs);
	close_home(&home);
}

/* From eleven to half past twelve: the night is judged at noon, and again at the end. */
static void a_night_is_judged_when_its_noon_has_passed(void **state)
{
	(void)state;
	struct home home;
	struct stored_event *events;
	struct night_facts night;
	int32_t day;
	size_t n, n_of_day = 0;

	open_home(&home, "noon.db");
	assert_int_equal(clock_parse_day("2026-11-21", &day), 0);
	assert_int_equal(
	    store_pain(home.store, day, 8, REAL_NS, NULL), 0); /* severe: "see a doctor" */
	live(&home, 3500, 0);
	assert_int_equal(
	    query_events(home.store, REAL_NS - DAY_NS, REAL_NS + DAY_NS, &events, &n, NULL), 0);
	assert_int_equal(n, 1); /* that the mat is not calibrated */
	assert_string_equal(events[0].rule, "calibration");
	free(events);
	live(&home, 1900, 0);
	assert_int_equal(query_night(home.store, day, &night, NULL), 0);
	assert_int_equal(night.pain, 8);
	assert_int_equal(
	    query_events(home.store, REAL_NS - DAY_NS, REAL_NS + DAY_NS, &events, &n, NULL), 0);
	for (size_t i = 0; i < n; i++)
		n_of_day += events[i].day == day && strcmp(events[i].rule, "pain_high") == 0;
	assert_int_equal(n_of_day, 1);
	free(events);
	keeper_judge(home.keeper, day); /* again: it replaces, and adds nothing */
	size_t again;
	assert_int_equal(
	    query_events(home.store, REAL_NS - DAY_NS, REAL_NS + DAY_NS, &events, &again, NULL), 0);
	assert_int_equal(again, n);
	free(events);
	close_home(&home);
}

struct heard {
	size_t n;
	struct event event; /* the newest */
	struct moment now;
};

static void hear(
    void *user, const struct surface *surface, const struct event *event, const struct moment *now)
{
	struct heard *heard = user;

	assert_string_equal(surface->name, "bed");
	heard->n++;
	heard->event = *event;
	heard->now = *now;
}

/* A fault is told as it begins, in the time of the mat and by the anchors. */
static void a_listener_hears_what_is_said_while_it_is_live(void **state)
{
	(void)state;
	const int64_t gap_ns = START_NS + 20 * NS_PER_S;
	struct heard heard = {0};
	struct home home;

	open_home(&home, "listener.db");
	keeper_listen(home.keeper, hear, &heard);
	live(&home, 10, 0);
	assert_int_equal(heard.n, 0);
	keeper_gap(home.keeper, home.bed, gap_ns);
	assert_int_equal(heard.n, 1);
	assert_string_equal(heard.event.rule, "acquire");
	assert_true(heard.event.start_ns == heard.event.end_ns);
	assert_true(heard.now.mono_ns == gap_ns);
	assert_true(heard.now.real_ns == REAL_NS + 20 * NS_PER_S);
	assert_int_equal(heard.now.utc_offset_s, OFFSET_S);
	/* What it says at its end is no news. */
	keeper_remove(home.keeper, home.bed);
	assert_int_equal(heard.n, 1);
	close_home(&home);
}

static void a_clock_is_known_once_it_was_synchronised(void **state)
{
	(void)state;
	struct home home;

	open_home(&home, "moment.db");
	assert_true(keeper_moment(home.keeper, START_NS).real_ns == 0);
	keeper_clock(home.keeper, START_NS, REAL_NS, OFFSET_S, false);
	assert_true(keeper_moment(home.keeper, START_NS).real_ns == 0);
	keeper_clock(home.keeper, START_NS + NS_PER_S, REAL_NS + NS_PER_S, OFFSET_S, true);
	assert_true(
	    keeper_moment(home.keeper, START_NS + NS_PER_MIN).real_ns == REAL_NS + NS_PER_MIN);
	keeper_clock(home.keeper, START_NS + 2 * NS_PER_S, REAL_NS + 2 * NS_PER_S, 0, false);
	assert_true(
	    keeper_moment(home.keeper, START_NS + NS_PER_MIN).real_ns == REAL_NS + NS_PER_MIN);
	assert_int_equal(keeper_moment(home.keeper, START_NS).utc_offset_s, 0);
	close_home(&home);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_full_disk_is_a_state_and_passes),
	    cmocka_unit_test(a_clock_that_jumps_is_said_and_dates_anew),
	    cmocka_unit_test(a_night_is_judged_when_its_noon_has_passed),
	    cmocka_unit_test(a_listener_hears_what_is_said_while_it_is_live),
	    cmocka_unit_test(a_clock_is_known_once_it_was_synchronised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
