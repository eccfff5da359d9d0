/* A folder of recordings that is kept small: the oldest go when it is too large, or they too old. */
#ifndef LUMBAR_APP_RETENTION_H
#define LUMBAR_APP_RETENTION_H

#include "base/error.h"

#include <stdint.h>

struct retention {
	double max_bytes; /* of all recordings of the folder; 0: any */
	double max_age_s; /* since one was last written; 0: any */
};

/* "2026-11-22T213000.rec": what record calls its files, and what alone may be deleted. */
#define RETENTION_NAME_SIZE 32
void retention_name(int64_t real_ns, int32_t utc_offset_s, char name[static RETENTION_NAME_SIZE]);

/*
 * Deletes what is over the limits, the oldest first, and logs each: only recordings with such a
 * name (and "-2" before the dot, where there were two), never `keep` (a name in the folder, or
 * NULL) and none that was written within the last minute, which another process may still write.
 * *bytes: what all that remain take, keep included. 0 or -errno with err. Thread: any.
 */
int retention_apply(const char *folder, const char *keep, const struct retention *limits,
    int64_t now_real_ns, double *bytes, struct error *err);

#endif
