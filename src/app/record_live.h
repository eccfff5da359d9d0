/* Recording surfaces as their drivers read them: what `lumbar record -o FILE` does. */
#ifndef LUMBAR_APP_RECORD_LIVE_H
#define LUMBAR_APP_RECORD_LIVE_H

#include "app/record_file.h"
#include "base/error.h"
#include "drivers/driver.h"
#include "recording/recording.h"

#include <stdbool.h>
#include <stdint.h>

struct record_count {
	uint64_t frames;
	int64_t first_ns, last_ns; /* mono */
	uint64_t opens;            /* more than one: the source failed in between */
	struct driver_stats stats;
};

struct record_result {
	struct record_count surfaces[RECORDING_SURFACES_MAX];
	bool full; /* --max-size was the end of it */
};

/*
 * Records until each surface has given `seconds` of frames by their own time (0: no limit), each
 * source has ended, the target is full, or SIGINT or SIGTERM comes (both are blocked meanwhile).
 * A source that cannot be opened or is silent from the beginning is an error; one that fails later
 * is opened again, and the others go on. What was read before an error is kept. 0 or -errno with
 * err. Thread: main.
 */
int record_live(const struct record_target *target, double seconds, struct record_result *result,
    struct error *err);

#endif
