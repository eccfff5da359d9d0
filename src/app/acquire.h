/*
 * Acquisition: one thread a surface, which opens the source, reads frames, and opens it again
 * when it fails: after 1 s, then twice as long each time, at most 8 s. Frames go through a ring
 * to the main thread, which a descriptor wakes.
 */
#ifndef LUMBAR_APP_ACQUIRE_H
#define LUMBAR_APP_ACQUIRE_H

#include "app/config.h"
#include "app/source.h"
#include "base/error.h"
#include "core/frame.h"
#include "drivers/driver.h"

#include <stdbool.h>
#include <stdint.h>

struct acquire;

enum acquire_phase {
	ACQUIRE_OPENING,
	ACQUIRE_READING,
	ACQUIRE_WAITING, /* to open again after a fault */
	ACQUIRE_ENDED,   /* a recording's end */
};

struct acquire_state {
	enum acquire_phase phase;
	char fault[SOURCE_FAULT_SIZE]; /* of the last opening or reading; "" while all is well */
	uint64_t opens;                /* how often the source was opened */
	uint64_t dropped;              /* frames that the main thread did not fetch in time */
	bool own_clock;                /* the source gives its own real time */
	struct driver_stats stats;
};

/* What the frames are for. */
enum acquire_use {
	/* To be judged as they come: when the main thread is late, the oldest goes. */
	ACQUIRE_LIVE,
	/*
	 * To be kept: none goes, the source waits. One that plays in a time of its own is not dated
	 * by this machine's clock.
	 */
	ACQUIRE_ALL,
};

/*
 * Starts the thread. wake_fd: an eventfd that is written after each frame; borrowed, as config is.
 * 0 or -errno with err filled. Thread: main.
 */
int acquire_start(struct acquire **acquire, const struct surface_config *config,
    enum acquire_use use, int wake_fd, struct error *err);

/* Lets the thread end by itself; acquire_stop() must follow. For several that are to stop at once. */
void acquire_ask_stop(struct acquire *acquire);

/*
 * Ends the thread and frees. Waits for what the driver is at: a read takes a second at most, an
 * opening as long as the driver's (drivers/modbus_bus.h). NULL is legal.
 */
void acquire_stop(struct acquire *acquire);

/* The next frame, or false when there is none; counts are borrowed until the next call. Main. */
bool acquire_next(struct acquire *acquire, struct frame *frame);

void acquire_state(struct acquire *acquire, struct acquire_state *state);
const char *acquire_phase_name(enum acquire_phase phase); /* "opening", "reading", ... */

#endif
