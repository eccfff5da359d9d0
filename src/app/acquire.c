#include "app/acquire.h"

#include "app/source.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/ring.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

static const int64_t backoff_first_ns = NS_PER_S, backoff_most_ns = 8 * NS_PER_S;
static const int64_t own_time_ns = 15 * NS_PER_S;    /* further from now, a frame is not live */
static const int64_t log_every_ns = 10 * NS_PER_MIN; /* the same fault again */
static const double ring_s = 4;                      /* of frames, while the main thread is busy */
enum { RING_LEAST = 16 };

struct acquire {
	const struct surface_config *config;
	struct device device; /* the thread's */
	struct ring *ring;
	unsigned char *pushed, *popped; /* a slot of each side: struct frame, then the counts */
	int wake_fd, stop_fd;
	pthread_t thread;
	bool running;
	enum acquire_use use;
	/* the thread's */
	int64_t backoff_ns;
	struct source_fault fault;
	struct log_limit limit;
	int logged_code; /* of the fault that the limit holds back */
	bool logged;     /* the fault that lasts was logged, so its end will be */
	/* shared */
	pthread_mutex_t lock;
	struct acquire_state state;
};

static float *slot_counts(unsigned char *slot)
{
	return (float *)(void *)(slot + sizeof(struct frame));
}

static bool is_stopping(const struct acquire *acquire)
{
	struct pollfd stop = {.fd = acquire->stop_fd, .events = POLLIN};

	return poll(&stop, 1, 0) > 0;
}

static void wait_or_stop(const struct acquire *acquire, int64_t wait_ns)
{
	struct pollfd stop = {.fd = acquire->stop_fd, .events = POLLIN};

	while (poll(&stop, 1, (int)(wait_ns / NS_PER_MS)) < 0 && errno == EINTR)
		;
}

static const char *name_of(const struct acquire *acquire)
{
	return acquire->config->surface.name;
}

/*
 * A fault that stays, or that comes again and again, is logged now and then: what counts is its
 * code, since the text has figures in it.
 */
static void log_fault(struct acquire *acquire, int code, const char *fault)
{
	uint64_t skipped;

	if (code != acquire->logged_code)
		acquire->limit = (struct log_limit){0};
	acquire->logged_code = code;
	if (!log_limit_pass(&acquire->limit, clock_mono_ns(), log_every_ns, &skipped))
		return;
	log_warning("%s: %s; it is tried again until it works", name_of(acquire), fault);
	acquire->logged = true;
}

static void log_recovery(struct acquire *acquire)
{
	if (acquire->logged)
		log_info("%s: frames arrive again", name_of(acquire));
	acquire->logged = false;
}

/* Enters a phase, because of a fault (-errno and its text) or not (0, ""). */
static void enter(struct acquire *acquire, enum acquire_phase phase, int code, const char *fault)
{
	pthread_mutex_lock(&acquire->lock);
	acquire->state.phase = phase;
	acquire->state.opens += phase == ACQUIRE_OPENING;
	if (phase != ACQUIRE_OPENING)
		snprintf(acquire->state.fault, sizeof(acquire->state.fault), "%s", fault);
	acquire->state.stats = acquire->device.stats;
	pthread_mutex_unlock(&acquire->lock);
	if (phase == ACQUIRE_WAITING)
		log_fault(acquire, code, fault);
	else if (phase == ACQUIRE_READING)
		log_recovery(acquire);
	else if (phase == ACQUIRE_ENDED)
		log_info("%s: the recording has ended", name_of(acquire));
}

static void back_off(struct acquire *acquire)
{
	wait_or_stop(acquire, acquire->backoff_ns);
	acquire->backoff_ns *= 2;
	if (acquire->backoff_ns > backoff_most_ns)
		acquire->backoff_ns = backoff_most_ns;
}

static bool open_source(struct acquire *acquire)
{
	const struct driver *driver = acquire->device.driver;
	struct error err = {0};

	enter(acquire, ACQUIRE_OPENING, 0, "");
	memset(acquire->device.state, 0, driver->state_size);
	int result = driver->open(&acquire->device, &err);
	if (result == 0) {
		acquire->device.n_opens++;
		return true;
	}
	driver->close(&acquire->device);
	enter(acquire, ACQUIRE_WAITING, result, err.text);
	return false;
}

/* Frames carry real time from the source, if it knows it, else from this machine's clock. */
static void fill_clock(struct acquire *acquire, struct frame *frame)
{
	bool own_clock = frame->real_ns != 0;
	bool own_time = acquire->use == ACQUIRE_ALL &&
	                llabs(clock_mono_ns() - frame->mono_ns) > own_time_ns;

	if (!own_clock && !own_time)
		source_date(frame);
	pthread_mutex_lock(&acquire->lock);
	acquire->state.own_clock = own_clock;
	acquire->state.stats = acquire->device.stats;
	pthread_mutex_unlock(&acquire->lock);
}

static void push(struct acquire *acquire, const struct frame *frame)
{
	uint64_t one = 1;

	while (acquire->use == ACQUIRE_ALL && ring_is_full(acquire->ring)) {
		if (is_stopping(acquire))
			return;
		wait_or_stop(acquire, 2 * NS_PER_MS);
	}
	memcpy(acquire->pushed, frame, sizeof(*frame));
	ring_push(acquire->ring, acquire->pushed);
	ssize_t written = write(acquire->wake_fd, &one, sizeof(one));
	(void)written; /* full: then the main thread is awake already */
}

static int read_frame(struct acquire *acquire)
{
	struct frame frame = {
	    .n_cells = acquire->config->surface.n_cells, .counts = slot_counts(acquire->pushed)};
	int64_t begin_ns = clock_mono_ns();
	int result = source_read(
	    &acquire->device, begin_ns + DRIVER_READ_S * NS_PER_S, &frame, &acquire->fault);

	if (result == 0) {
		fill_clock(acquire, &frame);
		push(acquire, &frame);
	} else if (clock_mono_ns() - begin_ns < 10 * NS_PER_MS) {
		wait_or_stop(
		    acquire, 10 * NS_PER_MS); /* a fault that comes at once, again and again */
	}
	return result;
}

/* Reads until the source fails or ends, or the thread is to stop. */
static int read_source(struct acquire *acquire)
{
	int64_t silent_ns = source_silent_ns(&acquire->config->surface);
	int64_t good_ns = clock_mono_ns();
	char text[SOURCE_FAULT_SIZE];
	bool first = true;

	while (!is_stopping(acquire)) {
		int result = read_frame(acquire);
		if (result == 0) {
			good_ns = clock_mono_ns();
			acquire->backoff_ns = backoff_first_ns;
			if (first)
				enter(acquire, ACQUIRE_READING, 0, "");
			first = false;
		} else if (result == -ENODATA) {
			enter(acquire, ACQUIRE_ENDED, 0, "");
			return result;
		} else if (!source_is_passing(result)) {
			source_word(&acquire->fault, &acquire->device.stats, "the source failed",
			    result, text);
			enter(acquire, ACQUIRE_WAITING, result, text);
			return result;
		} else if (clock_mono_ns() - good_ns > silent_ns) {
			source_word_silence(&acquire->fault, &acquire->device, result, text);
			enter(acquire, ACQUIRE_WAITING, result, text);
			return result;
		}
	}
	return 0;
}

static void *run(void *user)
{
	struct acquire *acquire = user;

	while (!is_stopping(acquire)) {
		if (open_source(acquire)) {
			int result = read_source(acquire);
			acquire->device.driver->close(&acquire->device);
			if (result == -ENODATA)
				break;
		}
		back_off(acquire);
	}
	return NULL;
}

static bool allocate(struct acquire *acquire)
{
	const struct surface *surface = &acquire->config->surface;
	size_t slot_size = sizeof(struct frame) + surface->n_cells * sizeof(float);
	size_t n_slots = (size_t)(ring_s * (double)surface->rate_hz);

	acquire->ring = ring_create(n_slots < RING_LEAST ? RING_LEAST : n_slots, slot_size);
	acquire->pushed = calloc(1, slot_size);
	acquire->popped = calloc(1, slot_size);
	acquire->device.state = calloc(1, acquire->device.driver->state_size);
	acquire->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return acquire->ring && acquire->pushed && acquire->popped && acquire->device.state &&
	       acquire->stop_fd >= 0;
}

int acquire_start(struct acquire **out, const struct surface_config *config, enum acquire_use use,
    int wake_fd, struct error *err)
{
	struct acquire *acquire = calloc(1, sizeof(*acquire));

	*out = NULL;
	if (!acquire)
		return error_set(err, -ENOMEM, "%s: out of memory", config->surface.name);
	acquire->config = config;
	acquire->use = use;
	acquire->wake_fd = wake_fd;
	acquire->stop_fd = -1;
	acquire->backoff_ns = backoff_first_ns;
	acquire->device = (struct device){.driver = config->driver,
	    .surface = &config->surface,
	    .options = &config->driver_options};
	pthread_mutex_init(&acquire->lock, NULL);
	int result = allocate(acquire) ? 0 : -ENOMEM;
	if (result == 0)
		result = -pthread_create(&acquire->thread, NULL, run, acquire);
	if (result < 0) {
		acquire_stop(acquire);
		return error_set(err, result, "%s: its thread cannot be started: %s",
		    config->surface.name, strerror(-result));
	}
	acquire->running = true;
	*out = acquire;
	return 0;
}

void acquire_ask_stop(struct acquire *acquire)
{
	uint64_t one = 1;
	ssize_t written = write(acquire->stop_fd, &one, sizeof(one));

	(void)written; /* an eventfd that nobody reads takes so small a number */
}

void acquire_stop(struct acquire *acquire)
{
	if (!acquire)
		return;
	if (acquire->running) {
		acquire_ask_stop(acquire);
		pthread_join(acquire->thread, NULL);
	}
	if (acquire->stop_fd >= 0)
		close(acquire->stop_fd);
	pthread_mutex_destroy(&acquire->lock);
	ring_destroy(acquire->ring);
	free(acquire->pushed);
	free(acquire->popped);
	free(acquire->device.state);
	free(acquire);
}

bool acquire_next(struct acquire *acquire, struct frame *frame)
{
	if (!ring_pop(acquire->ring, acquire->popped))
		return false;
	memcpy(frame, acquire->popped, sizeof(*frame));
	frame->counts = slot_counts(acquire->popped);
	return true;
}

void acquire_state(struct acquire *acquire, struct acquire_state *state)
{
	pthread_mutex_lock(&acquire->lock);
	*state = acquire->state;
	pthread_mutex_unlock(&acquire->lock);
	state->dropped = ring_dropped(acquire->ring);
}

const char *acquire_phase_name(enum acquire_phase phase)
{
	static const char *const names[] = {"opening", "reading", "waiting", "ended"};

	return names[phase];
}
