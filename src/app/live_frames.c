#include "app/live_frames.h"

#include "app/source.h"
#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static const int64_t live_ns = 15 * NS_PER_S; /* further from now, a frame is not live */

static bool is_interrupted(const sigset_t *signals)
{
	const struct timespec at_once = {0};

	return sigtimedwait(signals, NULL, &at_once) > 0;
}

/* Frames that are played faster than they were measured have a time of their own. */
static bool is_live(const struct frame *first)
{
	return llabs(clock_mono_ns() - first->mono_ns) < live_ns;
}

static int read_all(struct live_frames *live, struct device *device, float *counts,
    const sigset_t *signals, struct error *err)
{
	int64_t heard_ns = clock_mono_ns();
	int64_t end_ns = live->most_ns > 0 ? heard_ns + live->most_ns : INT64_MAX;
	struct source_fault fault = {0};
	char text[SOURCE_FAULT_SIZE];
	bool first = true, is_now = false;

	for (;;) {
		struct frame frame = {.n_cells = device->surface->n_cells, .counts = counts};
		live->interrupted = is_interrupted(signals);
		int64_t now_ns = clock_mono_ns(), until_ns = now_ns + DRIVER_READ_S * NS_PER_S;
		if (live->interrupted || now_ns >= end_ns)
			return 0;
		int result = source_read(
		    device, until_ns < end_ns ? until_ns : end_ns, &frame, &fault);
		if (result == -ENODATA)
			return 0;
		if (source_is_passing(result)) {
			if (clock_mono_ns() - heard_ns <= source_silent_ns(device->surface))
				continue;
			source_word_silence(&fault, device, result, text);
			return error_set(err, result, "%s", text);
		}
		if (result < 0) {
			source_word(&fault, &device->stats, "the source failed", result, text);
			return error_set(err, result, "%s", text);
		}
		heard_ns = clock_mono_ns();
		if (first)
			is_now = is_live(&frame);
		first = false;
		if (is_now && frame.real_ns == 0)
			source_date(&frame);
		result = live->take(live->user, &frame, err);
		if (result <= 0)
			return result;
	}
}

int live_frames_read(struct live_frames *live, struct error *err)
{
	struct device device = {
	    .driver = live->driver, .surface = live->surface, .options = live->options};
	float *counts = calloc(live->surface->n_cells, sizeof(*counts));
	sigset_t signals, before;

	device.state = calloc(1, live->driver->state_size);
	if (!device.state || !counts) {
		free(device.state);
		free(counts);
		return error_set(err, -ENOMEM, "out of memory");
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	int result = live->driver->open(&device, err);
	live->opened = result == 0;
	if (live->opened)
		result = read_all(live, &device, counts, &signals, err);
	live->driver->close(&device);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	live->stats = device.stats;
	free(device.state);
	free(counts);
	return result;
}
