/*
 * A night of a 64 x 32 mat at 10 Hz, replayed into a database: how fast, how large, and whether
 * anything is allocated on the way. Fails beyond its limits, which are those of the README.
 */
#include "bench.h"
#include "night_ring.h"

#include "pipeline/pipeline.h"
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define NIGHT_FRAMES  (8 * 3600 * NIGHT_RATE_HZ)
#define WARMUP_FRAMES (2 * 60 * NIGHT_RATE_HZ)
#define MIN_RATE_HZ   20000.0 /* on one core */
#define MAX_MB        64.0

/* Where the pipeline's sink puts things; the store's time and allocations are kept apart. */
struct keeper {
	struct store *store;
	int surface_id;
	int64_t store_ns;
	size_t allocations;
	size_t n_epochs, n_events, n_keyframes;
	int failure;
};

struct mark {
	int64_t begun_ns;
	size_t allocations;
};

static struct mark enter_store(void)
{
	return (struct mark){bench_now_ns(), bench_allocations()};
}

static void leave_store(struct keeper *keeper, struct mark mark, int result)
{
	keeper->store_ns += bench_now_ns() - mark.begun_ns;
	keeper->allocations += bench_allocations() - mark.allocations;
	if (result < 0)
		keeper->failure = result;
}

static void keep_epoch(void *user, const struct epoch *epoch)
{
	struct keeper *keeper = user;
	struct mark mark = enter_store();

	keeper->n_epochs++;
	leave_store(keeper, mark, store_epoch(keeper->store, keeper->surface_id, epoch, NULL));
}

static void keep_event(void *user, const struct event *event)
{
	struct keeper *keeper = user;
	struct mark mark = enter_store();

	keeper->n_events++;
	leave_store(keeper, mark, store_event(keeper->store, keeper->surface_id, event, NULL));
}

static void keep_keyframe(void *user, const struct keyframe *key)
{
	struct keeper *keeper = user;
	struct mark mark = enter_store();

	keeper->n_keyframes++;
	leave_store(keeper, mark,
	    store_keyframe(keeper->store, keeper->surface_id, key->reason, key->image,
	        key->observation, NULL));
}

static void open_store(struct keeper *keeper, const char *path)
{
	struct error err = {0};

	if (store_open(&keeper->store, path, STORE_OWN, &err) < 0 ||
	    store_begin_session(keeper->store, "bench", "bench", 0, &err) < 0 ||
	    (keeper->surface_id = store_add_surface(keeper->store, &night_mat, &err)) < 0 ||
	    store_anchor(keeper->store, 0, NIGHT_START_NS, 0, true, &err) < 0)
		night_die(&err);
}

static void play(const struct night_ring *ring, struct keeper *keeper, struct pipeline *pipeline,
    size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		struct frame frame = night_ring_frame(ring, i);
		pipeline_step(pipeline, &frame);
		if (i % NIGHT_RATE_HZ == 0) {
			struct mark mark = enter_store();
			leave_store(keeper, mark, store_tick(keeper->store, frame.mono_ns, NULL));
		}
	}
}

static int report(const struct keeper *keeper, int64_t took_ns, size_t in_path, size_t in_store)
{
	double rate_hz = NIGHT_FRAMES / ((double)took_ns / 1e9);
	double peak_mb = bench_peak_mb();

	printf("bench_night: 8 h of a 64 x 32 mat at 10 Hz into a database\n");
	printf("  %d frames gave %zu epochs, %zu events, %zu key frames\n", NIGHT_FRAMES,
	    keeper->n_epochs, keeper->n_events, keeper->n_keyframes);
	printf("  %-34s %8.0f /s   (at least %.0f)\n", "frames", rate_hz, MIN_RATE_HZ);
	bench_print_stage("whole way, a frame", took_ns, NIGHT_FRAMES);
	bench_print_stage("of which the store", keeper->store_ns, NIGHT_FRAMES);
	printf("  %-34s %8.1f MB   (at most %.0f)\n", "peak memory", peak_mb, MAX_MB);
	printf("  %-34s %8zu      (none)\n", "allocations in the frame path", in_path);
	printf("  %-34s %8zu\n", "allocations of the store", in_store);
	return rate_hz >= MIN_RATE_HZ && peak_mb <= MAX_MB && in_path == 0 ? 0 : 1;
}

static int run_night(const struct night_ring *ring, const char *path)
{
	struct keeper keeper = {0};
	const struct pipeline_config config = {.surface = &night_mat};
	const struct pipeline_sink sink = {
	    .user = &keeper, .epoch = keep_epoch, .event = keep_event, .keyframe = keep_keyframe};
	struct error err = {0};

	open_store(&keeper, path);
	struct pipeline *pipeline = pipeline_create(&config, &sink, &err);
	if (!pipeline)
		night_die(&err);
	int64_t begun_ns = bench_now_ns();
	play(ring, &keeper, pipeline, 0, WARMUP_FRAMES);
	size_t in_all = bench_allocations();
	size_t in_store = keeper.allocations;
	play(ring, &keeper, pipeline, WARMUP_FRAMES, NIGHT_FRAMES);
	in_store = keeper.allocations - in_store;
	in_all = bench_allocations() - in_all;
	pipeline_finish(pipeline);
	pipeline_destroy(pipeline);
	if (store_close(keeper.store, &err) < 0)
		night_die(&err);
	if (keeper.failure < 0) {
		error_set(&err, keeper.failure, "the store failed: %d", keeper.failure);
		night_die(&err);
	}
	return report(&keeper, bench_now_ns() - begun_ns, in_all - in_store, in_store);
}

static void remove_database(const char *folder)
{
	static const char *const endings[] = {"", "-wal", "-shm", ".lock"};
	char path[128];

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		snprintf(path, sizeof(path), "%s/night.db%s", folder, endings[i]);
		unlink(path);
	}
	rmdir(folder);
}

int main(void)
{
	char folder[] = "/tmp/lumbar-bench-XXXXXX";
	char path[64];
	struct night_ring ring;

	if (!mkdtemp(folder))
		night_die(&(struct error){.text = "no scratch folder"});
	snprintf(path, sizeof(path), "%s/night.db", folder);
	night_ring_init(&ring);
	int result = run_night(&ring, path);
	night_ring_finish(&ring);
	remove_database(folder);
	return result;
}
