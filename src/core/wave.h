/* A stretch of one signal, evenly sampled. */
#ifndef LUMBAR_CORE_WAVE_H
#define LUMBAR_CORE_WAVE_H

#include <stddef.h>
#include <stdint.h>

struct wave {
	int64_t end_ns; /* mono of the newest sample */
	double rate_hz;
	size_t n_samples;
	const float *samples; /* oldest first; borrowed until its source's next step */
};

#endif
