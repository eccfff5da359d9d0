#include "app/record_live.h"

#include "app/acquire.h"
#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum { TICK_MS = 500 };
static const int64_t silent_ns = RECORDING_CHUNK_S * NS_PER_S; /* what waits is written then */
static const int64_t live_ns = 15 * NS_PER_S; /* further from now, a source has its own time */

struct track {
	struct acquire *acquire;
	int64_t arrived_ns; /* the newest frame, by our clock; 0: it was flushed */
	bool live, over;
};

struct recorder {
	const struct record_target *target;
	double seconds;
	struct record_result *result;
	struct record_file *file;
	struct track tracks[RECORDING_SURFACES_MAX];
	int wake_fd, signal_fd;
};

static void end_track(struct track *track)
{
	if (!track->over)
		acquire_ask_stop(track->acquire);
	track->over = true;
}

static bool is_enough(const struct recorder *recorder, size_t index, int64_t mono_ns)
{
	const struct record_count *count = &recorder->result->surfaces[index];

	return recorder->seconds > 0 && count->frames > 0 &&
	       (double)(mono_ns - count->first_ns) / 1e9 >= recorder->seconds;
}

static int take_frame(
    struct recorder *recorder, size_t index, const struct frame *frame, struct error *err)
{
	struct track *track = &recorder->tracks[index];
	struct record_count *count = &recorder->result->surfaces[index];

	if (is_enough(recorder, index, frame->mono_ns)) {
		end_track(track);
		return 0;
	}
	track->arrived_ns = clock_mono_ns();
	int result = record_file_write(recorder->file, index, frame, err);
	if (result < 0 && result != -EDQUOT)
		return result;
	if (count->frames++ == 0) {
		count->first_ns = frame->mono_ns;
		track->live = llabs(track->arrived_ns - frame->mono_ns) < live_ns;
	}
	count->last_ns = frame->mono_ns;
	return result;
}

/* All that waits; the state is asked for before, so that an end is not seen before its frames. */
static int read_track(struct recorder *recorder, size_t index, struct error *err)
{
	struct track *track = &recorder->tracks[index];
	struct record_count *count = &recorder->result->surfaces[index];
	struct acquire_state state;
	struct frame frame;
	int result = 0;

	acquire_state(track->acquire, &state);
	while (result == 0 && !track->over && acquire_next(track->acquire, &frame))
		result = take_frame(recorder, index, &frame, err);
	count->stats = state.stats;
	count->opens = state.opens;
	if (result < 0)
		return result;
	if (state.phase == ACQUIRE_ENDED)
		end_track(track);
	if (state.phase == ACQUIRE_WAITING && count->frames == 0)
		return error_set(err, -EIO, "%s: %s",
		    recorder->target->surfaces[index]->surface.name, state.fault);
	return 0;
}

/* A surface that is silent: its time may be over, and what it gave is written. */
static int watch_track(struct recorder *recorder, size_t index, struct error *err)
{
	struct track *track = &recorder->tracks[index];
	int64_t now_ns = clock_mono_ns();

	if (track->live && is_enough(recorder, index, now_ns))
		end_track(track);
	if (track->arrived_ns == 0 || now_ns - track->arrived_ns < silent_ns)
		return 0;
	track->arrived_ns = 0;
	return record_file_flush(recorder->file, index, err);
}

static int step(struct recorder *recorder, bool *over, struct error *err)
{
	int result = 0;

	*over = true;
	for (size_t i = 0; result == 0 && i < recorder->target->n_surfaces; i++) {
		if (recorder->tracks[i].over)
			continue;
		result = read_track(recorder, i, err);
		if (result == 0)
			result = watch_track(recorder, i, err);
		*over = *over && recorder->tracks[i].over;
	}
	return result;
}

static int run(struct recorder *recorder, struct error *err)
{
	struct pollfd fds[] = {{.fd = recorder->wake_fd, .events = POLLIN},
	    {.fd = recorder->signal_fd, .events = POLLIN}};
	bool over = false;
	int result = 0;

	while (result == 0 && !over) {
		uint64_t n;
		if (poll(fds, 2, TICK_MS) < 0 && errno != EINTR)
			return error_set(err, -errno, "poll: %s", strerror(errno));
		if (fds[1].revents)
			return step(recorder, &over, err);
		ssize_t size = read(recorder->wake_fd, &n, sizeof(n));
		(void)size; /* nothing there: a tick */
		result = step(recorder, &over, err);
	}
	return result;
}

static int start(struct recorder *recorder, const sigset_t *signals, struct error *err)
{
	const struct record_target *target = recorder->target;

	recorder->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	recorder->signal_fd = signalfd(-1, signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (recorder->wake_fd < 0 || recorder->signal_fd < 0)
		return error_set(err, -errno, "no more descriptors: %s", strerror(errno));
	int result = record_file_create(&recorder->file, target, err);
	for (size_t i = 0; result == 0 && i < target->n_surfaces; i++) {
		result = acquire_start(&recorder->tracks[i].acquire, target->surfaces[i],
		    ACQUIRE_ALL, recorder->wake_fd, err);
	}
	return result;
}

static void stop(struct recorder *recorder)
{
	for (size_t i = 0; i < recorder->target->n_surfaces; i++)
		if (recorder->tracks[i].acquire)
			acquire_ask_stop(recorder->tracks[i].acquire);
	for (size_t i = 0; i < recorder->target->n_surfaces; i++)
		acquire_stop(recorder->tracks[i].acquire);
	if (recorder->wake_fd >= 0)
		close(recorder->wake_fd);
	if (recorder->signal_fd >= 0)
		close(recorder->signal_fd);
}

int record_live(const struct record_target *target, double seconds, struct record_result *done,
    struct error *err)
{
	struct recorder recorder = {.target = target, .seconds = seconds, .result = done};
	sigset_t signals, before;

	*done = (struct record_result){0};
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, &before); /* the threads inherit it */
	int result = start(&recorder, &signals, err);
	if (result == 0)
		result = run(&recorder, err);
	stop(&recorder);
	if (result == -EDQUOT) {
		done->full = true;
		result = 0;
	}
	int closed = record_file_close(recorder.file, result < 0 ? NULL : err);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return result < 0 ? result : closed;
}
