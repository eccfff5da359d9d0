/*
 * Local time as it was where the mats lay: the offsets from UTC that the anchors know, and the noons
 * that part one night from the next. A night has 23 or 25 hours when the clocks change in it, and as
 * many as it takes when the time zone does.
 */
#ifndef LUMBAR_STORE_NOON_H
#define LUMBAR_STORE_NOON_H

#include "store/store.h"

#include <stddef.h>
#include <stdint.h>

#define NOON_CHANGES_MAX 16

/* The offsets of some days, the oldest first; the first one holds before its time, too. */
struct noon_offsets {
	size_t n; /* > 0 */
	struct noon_change {
		int64_t real_ns; /* known from then on */
		int32_t utc_offset_s;
	} changes[NOON_CHANGES_MAX];
};

/* What holds from the noon of one date to that of another; without an anchor there, the newest. */
int noon_read(struct store *store, int32_t first_day, int32_t last_day,
    struct noon_offsets *offsets, struct error *err);

int32_t noon_offset_s(const struct noon_offsets *offsets, int64_t real_ns);

/* Real time of noon on a date of those that were read. */
int64_t noon_ns(const struct noon_offsets *offsets, int32_t day);

/* The date of the night that holds real_ns, which is of the noon that ends it. */
int noon_night_of(struct store *store, int64_t real_ns, int32_t *day, struct error *err);

#endif
