/* Rows: when they are in the file, what replaces what, and what becomes of them when things go wrong. */
#include "lumbar.h"
#include "small_store.h"
#include "support.h"

#include "base/clock.h"
#include "store/query.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_makes_and_reopens(void **state)
{
	(void)state;
	char *path = scratch_path("fresh.db");
	struct store *store = small_store_open(path, STORE_OWN);
	int id = small_store_begin(store, "boot-1");
	small_store_minute(store, id, 0);
	assert_int_equal(small_store_epochs(store), 0); /* waits for its batch */
	assert_int_equal(store_close(store, NULL), 0);
	assert_false(small_store_has(path, ".lock"));
	assert_false(small_store_has(path, "-wal"));

	store = small_store_open(path, STORE_OWN);
	assert_int_equal(small_store_epochs(store), 1);
	assert_int_equal(
	    small_store_begin(store, "boot-2"), id); /* the same mat is the same surface */
	assert_int_equal(store_close(store, NULL), 0);
	free(path);
}

/* The parent's batches of 30 s of frame time; then the child is killed with rows waiting. */
static void test_kill_loses_the_batch_only(void **state)
{
	(void)state;
	char *path = scratch_path("killed.db");
	fflush(NULL);
	pid_t child = fork();
	if (child == 0) {
		struct store *store = small_store_open(path, STORE_OWN);
		int id = small_store_begin(store, "boot");
		for (int i = 0; i < 10; i++) {
			small_store_minute(store, id, i);
			store_tick(store, i * EPOCH_NS, NULL);
			if (i < 9)
				store_tick(store, i * EPOCH_NS + 30 * NS_PER_S, NULL);
		}
		kill(getpid(), SIGKILL);
	}
	int status = 0;
	waitpid(child, &status, 0);
	assert_true(WIFSIGNALED(status));
	struct store *store = small_store_open(path, STORE_OWN); /* the lock died with its owner */
	assert_int_equal(small_store_epochs(store), 9);
	store_close(store, NULL);
	free(path);
}

static void test_events_at_once_and_replaced(void **state)
{
	(void)state;
	char *path = scratch_path("events.db");
	struct store *store = small_store_open(path, STORE_OWN);
	int id = small_store_begin(store, "boot");
	struct event event = {.rule = "prone",
	    .advice_id = "lying.back_or_side",
	    .level = EVENT_ADVICE,
	    .start_ns = NS_PER_MIN,
	    .end_ns = NS_PER_MIN,
	    .value = 11.0f,
	    .limit = 10.0f,
	    .unit = "min",
	    .coverage_ratio = 1.0f,
	    .confidence = NAN,
	    .detail = "11 min"};
	assert_int_equal(store_event(store, id, &event, NULL), 0);
	struct store *reader = small_store_open(path, STORE_READ);
	struct stored_event *events = NULL;
	size_t n = 0;
	assert_int_equal(query_events(reader, 0, INT64_MAX / 2, &events, &n, NULL), 0);
	assert_int_equal(n, 1);
	int64_t event_id = events[0].id;
	free(events);

	event.end_ns = 21 * NS_PER_MIN;
	event.value = 21.0f;
	strcpy(event.detail, "21 min");
	assert_int_equal(store_event(store, id, &event, NULL), 0);
	assert_int_equal(query_events(reader, 0, INT64_MAX / 2, &events, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(events[0].id, event_id);
	assert_string_equal(events[0].detail, "21 min");
	assert_float_equal(events[0].value, 21.0, 0.0);
	assert_true(isnan(events[0].confidence));
	assert_int_equal(events[0].end_real_ns, 1000 * NS_PER_H + 21 * NS_PER_MIN);
	assert_int_equal(events[0].utc_offset_s, 3600);
	free(events);

	event = (struct event){
	    .rule = "short_rest", .advice_id = "rest.enough", .unit = "h", .day = 42};
	assert_int_equal(store_event(store, 0, &event, NULL), 0);
	assert_int_equal(store_event(store, 0, &event, NULL), 0);
	assert_int_equal(store_clear_day_events(store, 42, NULL), 0);
	assert_int_equal(query_events(reader, 0, INT64_MAX / 2, &events, &n, NULL), 0);
	assert_int_equal(n, 1); /* the one of the frames stays */
	free(events);
	store_close(reader, NULL);
	store_close(store, NULL);
	free(path);
}

/* A full disk: said, what was committed stays, and when there is room again all the rest follows. */
static void test_full_disk(void **state)
{
	(void)state;
	char *path = scratch_path("full.db");
	struct store *store = small_store_open(path, STORE_OWN);
	int id = small_store_begin(store, "boot");
	struct rlimit before, small;
	struct error err = {0};
	int minute = 0, rc = 0;

	for (; minute < 60; minute++)
		small_store_minute(store, id, minute);
	assert_int_equal(store_commit(store, NULL), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = (struct rlimit){.rlim_cur = 200000, .rlim_max = before.rlim_max};
	setrlimit(RLIMIT_FSIZE, &small);
	for (; minute < 6000 && rc == 0; minute++) {
		small_store_minute(store, id, minute);
		rc = store_commit(store, &err);
	}
	assert_int_equal(rc, -ENOSPC);
	assert_non_null(strstr(err.text, "disk is full"));
	size_t kept = small_store_epochs(store);
	assert_int_equal(kept, (size_t)minute - 1);
	small_store_minute(store, id, minute++);
	assert_int_equal(store_commit(store, NULL), -ENOSPC);
	assert_int_equal(small_store_epochs(store), kept);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(store_commit(store, NULL), 0);
	assert_int_equal(small_store_epochs(store), (size_t)minute);
	assert_int_equal(store_close(store, NULL), 0);
	store = small_store_open(path, STORE_OWN);
	assert_int_equal(small_store_epochs(store), (size_t)minute);
	store_close(store, NULL);
	free(path);
}

static void fill_replay(const char *path)
{
	struct store *store = small_store_open(path, STORE_OWN);
	int id = small_store_begin(store, "replay:night");
	float cells[8] = {0, 1.5f, 20, 33.3f, 41, 0.25f, 7, 9};
	struct image image = {.surface = &small_bed, .mono_ns = 5, .cells = cells};
	struct observation observation;

	observation_clear(&observation);
	for (int i = 0; i < 30; i++) {
		small_store_minute(store, id, i);
		store_tick(store, i * EPOCH_NS, NULL);
	}
	store_keyframe(store, id, "hourly", &image, &observation, NULL);
	store_close(store, NULL);
}

static char *dump(const char *path)
{
	assert_int_equal(shell_run("sqlite3 '%s' .dump", path), 0);
	char *text = strdup(lumbar_said());
	assert_true(strlen(text) > 1000);
	return text;
}

/* Two databases from one recording are the same; so is one into which it was replayed twice. */
static void test_replays_are_alike(void **state)
{
	(void)state;
	if (system("command -v sqlite3 >/dev/null") != 0)
		skip();
	char *one = scratch_path("one.db"), *two = scratch_path("two.db");
	fill_replay(one);
	fill_replay(two);
	char *dump_one = dump(one), *dump_two = dump(two);
	assert_string_equal(dump_one, dump_two);
	free(dump_two);
	fill_replay(two);
	dump_two = dump(two);
	assert_string_equal(dump_one, dump_two);
	free(dump_one);
	free(dump_two);
	free(one);
	free(two);
}

static void test_keyframe_round_trip(void **state)
{
	(void)state;
	char *path = scratch_path("keyframe.db");
	fill_replay(path);
	struct store *store = small_store_open(path, STORE_READ);
	struct stored_keyframe *frames = NULL;
	size_t n = 0;
	const float cells[8] = {0, 1.5f, 20, 33.3f, 41, 0.25f, 7, 9};

	assert_int_equal(query_keyframes(store, 0, INT64_MAX / 2, &frames, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(frames[0].n_cells, 8);
	assert_int_equal(frames[0].rows, 4);
	assert_int_equal(frames[0].unit, PRESSURE_RELATIVE);
	assert_string_equal(frames[0].reason, "hourly");
	for (size_t i = 0; i < 8; i++)
		assert_float_equal(frames[0].cells[i], cells[i], 41.0 / 65535);
	query_free_keyframes(frames, n);
	store_close(store, NULL);
	free(path);
}

static void test_bad_rows_are_refused(void **state)
{
	(void)state;
	char *path = scratch_path("rows.db");
	struct store *store = small_store_open(path, STORE_OWN);
	struct epoch epoch;

	epoch_clear(&epoch, 0);
	assert_int_equal(store_epoch(store, 1, &epoch, NULL), -EINVAL); /* no session */
	int id = small_store_begin(store, "boot");
	assert_int_equal(store_epoch(store, id + 1, &epoch, NULL), -EINVAL);
	epoch.observed_s = NAN; /* must not hold up the batch */
	assert_int_equal(store_epoch(store, id, &epoch, NULL), 0);
	assert_int_equal(store_commit(store, NULL), 0);
	store_close(store, NULL);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_makes_and_reopens),
	    cmocka_unit_test(test_kill_loses_the_batch_only),
	    cmocka_unit_test(test_events_at_once_and_replaced),
	    cmocka_unit_test(test_full_disk),
	    cmocka_unit_test(test_replays_are_alike),
	    cmocka_unit_test(test_keyframe_round_trip),
	    cmocka_unit_test(test_bad_rows_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
