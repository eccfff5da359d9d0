/* Recording one surface as its driver reads it: what `lumbar record -o FILE` does. */
#ifndef LUMBAR_APP_RECORD_LIVE_H
#define LUMBAR_APP_RECORD_LIVE_H

#include "base/error.h"
#include "drivers/driver.h"

#include <stdbool.h>
#include <stdint.h>

struct record_plan {
	const struct driver *driver;
	const struct options *options;
	const struct surface *surface; /* as described and configured */
	const char *path, *notes;
	bool replace;
	double seconds; /* of the frames' own time; 0: until the source ends or SIGINT comes */
};

struct record_result {
	uint64_t frames;
	int64_t length_ns; /* first to last frame */
	struct driver_stats stats;
};

/*
 * Records until the time is over, the source ends, or SIGINT or SIGTERM comes (both are blocked in
 * this thread meanwhile). What was read before a failure is kept. 0 or -errno with err.
 */
int record_live(const struct record_plan *plan, struct record_result *result, struct error *err);

#endif
