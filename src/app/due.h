/*
 * The nights that are still to be judged: those whose noon the store could not take, those that a
 * clock dates anew, those whose pain was entered or changed after their noon, and those before which
 * the person or the mat was exchanged otherwise than their judges knew. One thread.
 */
#ifndef LUMBAR_APP_DUE_H
#define LUMBAR_APP_DUE_H

#include "base/error.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DUE_DAYS_MAX 90
#define DUE_LOOK     30 /* nights back: what rules look at, detect/detector.h */

/* Zero-initialised: none. */
struct due {
	int32_t days[DUE_DAYS_MAX]; /* the first is next */
	size_t n;
	/* pain as it was last seen */
	bool looked;
	int32_t last_day;
	int pains[DUE_LOOK];  /* of the days until last_day */
	int64_t next_look_ns; /* mono */
};

/* The nights that end on [first, last], the newest DUE_LOOK of them; each once. */
void due_add(struct due *due, int32_t first, int32_t last);
void due_done(struct due *due); /* the first of them is judged */

/* Once a minute: nights until last_day, which is over, whose pain or breaks are others. 0 or -errno. */
int due_look(
    struct due *due, struct store *store, int32_t last_day, int64_t mono_ns, struct error *err);

#endif
