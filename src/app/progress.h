/* A progress bar on stderr: redrawn a few times a second, gone when the work is done. */
#ifndef LUMBAR_APP_PROGRESS_H
#define LUMBAR_APP_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	bool shown;
	int64_t begin_ns, next_ns;
};

/* shown: wanted, or stderr is a terminal. */
void progress_begin(struct progress *progress, bool wanted);

/* done: 0-1; count: of `what`, whose rate is shown. Cheap to call often. */
void progress_step(struct progress *progress, double done, uint64_t count, const char *what);

void progress_end(struct progress *progress);
double progress_seconds(const struct progress *progress);

#endif
