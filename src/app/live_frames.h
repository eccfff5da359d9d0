/*
 * Frames of one surface as its driver reads them, in this thread: what record, calibrate and
 * drivers test do.
 */
#ifndef LUMBAR_APP_LIVE_FRAMES_H
#define LUMBAR_APP_LIVE_FRAMES_H

#include "base/error.h"
#include "drivers/driver.h"

#include <stdbool.h>
#include <stdint.h>

struct live_frames {
	const struct driver *driver;
	const struct options *options;
	const struct surface *surface; /* as described and configured */

	/* 1: go on; 0: enough; -errno with err: it failed. The frame is borrowed until return. */
	int (*take)(void *user, const struct frame *frame, struct error *err);
	void *user;
	int64_t most_ns; /* reads for so long at most, frames or not; 0: without end */

	bool opened;      /* set: what failed, failed later */
	bool interrupted; /* set: SIGINT or SIGTERM ended it */
	struct driver_stats stats;
};

/*
 * Opens the driver and reads until take() has enough, most_ns are over, the source ends, or SIGINT or
 * SIGTERM comes (both are blocked in this thread meanwhile). Live frames whose source knows no clock get this
 * machine's. Given up after 15 s and three periods without a good frame. 0, or -errno with err.
 */
int live_frames_read(struct live_frames *live, struct error *err);

#endif
