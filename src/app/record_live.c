#include "app/record_live.h"

#include "base/clock.h"
#include "recording/recording.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* Without a frame for so long, recording is given up. */
#define SILENT_NS (15 * NS_PER_S)
#define READ_NS   NS_PER_S

static bool is_interrupted(const sigset_t *signals)
{
	const struct timespec at_once = {0};

	return sigtimedwait(signals, NULL, &at_once) > 0;
}

/* Frames that are played faster than they were measured have a time of their own. */
static bool is_live(const struct frame *first)
{
	return llabs(clock_mono_ns() - first->mono_ns) < SILENT_NS;
}

/* A live source that knows no clock gets this machine's. */
static void fill_clock(struct frame *frame)
{
	if (frame->real_ns != 0)
		return;
	frame->real_ns = clock_real_ns() - (clock_mono_ns() - frame->mono_ns);
	frame->utc_offset_s = clock_utc_offset_s(frame->real_ns);
	frame->flags |= clock_synchronised() ? FRAME_CLOCK_SYNCED : 0;
}

static bool is_passing(int result)
{
	return result == -ETIMEDOUT || result == -EBADMSG || result == -ERANGE;
}

static int read_all(struct device *device, struct recording_writer *writer, float *counts,
    double seconds, struct record_result *done, const sigset_t *signals, struct error *err)
{
	int64_t first_ns = 0, heard_ns = clock_mono_ns();
	bool live = false;

	while (!is_interrupted(signals)) {
		struct frame frame = {.n_cells = device->surface->n_cells, .counts = counts};
		int result = device->driver->read(device, clock_mono_ns() + READ_NS, &frame);
		if (result == -ENODATA)
			break;
		if (is_passing(result) && clock_mono_ns() - heard_ns > SILENT_NS)
			return error_set(err, result, "no good frame for %lld s: %s",
			    SILENT_NS / NS_PER_S, strerror(-result));
		if (is_passing(result))
			continue;
		if (result < 0)
			return error_set(err, result, "the source failed: %s", strerror(-result));
		heard_ns = clock_mono_ns();
		if (done->frames == 0) {
			first_ns = frame.mono_ns;
			live = is_live(&frame);
		}
		if (seconds > 0 && (double)(frame.mono_ns - first_ns) / 1e9 >= seconds)
			break;
		if (live)
			fill_clock(&frame);
		result = recording_write(writer, 0, &frame, err);
		if (result < 0)
			return result;
		done->frames++;
		done->length_ns = frame.mono_ns - first_ns;
	}
	return 0;
}

static int record_open(struct device *device, const struct record_plan *plan,
    const sigset_t *signals, struct record_result *done, struct error *err)
{
	float *counts = calloc(plan->surface->n_cells, sizeof(*counts));
	struct recording_writer *writer = NULL;
	int result;

	if (!counts)
		return error_set(err, -ENOMEM, "out of memory");
	result = recording_create(&writer, plan->path, plan->replace, plan->notes, err);
	if (result == 0)
		result = recording_add_surface(writer, plan->surface, err);
	if (result >= 0)
		result = read_all(device, writer, counts, plan->seconds, done, signals, err);
	int closed = recording_close_writer(writer, result < 0 ? NULL : err);
	free(counts);
	return result < 0 ? result : closed;
}

int record_live(const struct record_plan *plan, struct record_result *done, struct error *err)
{
	struct device device = {
	    .driver = plan->driver, .surface = plan->surface, .options = plan->options};
	sigset_t signals, before;

	*done = (struct record_result){0};
	device.state = calloc(1, plan->driver->state_size);
	if (!device.state)
		return error_set(err, -ENOMEM, "out of memory");
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	int result = plan->driver->open(&device, err);
	if (result == 0)
		result = record_open(&device, plan, &signals, done, err);
	plan->driver->close(&device);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	done->stats = device.stats;
	free(device.state);
	return result;
}
