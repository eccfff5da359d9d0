/*
 * Which images are worth keeping without an event: one of the posture after each shift, and one
 * typical map of each hour of quiet occupancy, the first after five minutes, when the foam and
 * the sensor have settled (docs/methods.md, section 7: creep).
 */
#ifndef LUMBAR_PIPELINE_KEYFRAMES_H
#define LUMBAR_PIPELINE_KEYFRAMES_H

#include "core/observation.h"

struct keyframes {
	double quiet_s, kept_at_s; /* of quiet occupancy; kept_at_s 0: none yet */
	int64_t last_ns;           /* of the last one; 0: none yet */
};

/* "shift", "hourly", or NULL: nothing to keep. dt_s as of the observation. */
const char *keyframes_step(struct keyframes *keyframes, const struct observation *observation);

#endif
