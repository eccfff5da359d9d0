/* lumbar export --recording: a recording's wave forms, by way of a store that is thrown away. */
#ifndef LUMBAR_APP_EXPORT_RECORDING_H
#define LUMBAR_APP_EXPORT_RECORDING_H

#include "base/error.h"

struct export_recording {
	const char *recording;
	const char *config, *calibration; /* as of `lumbar replay`; may be NULL */
	const char *output;               /* path; NULL: standard output */
};

/* 0, or -errno with err filled. Thread: main. */
int export_recording(const struct export_recording *job, struct error *err);

#endif
