/*
 * One signal over a night, on an even grid, from values that come at times of their own. A grid
 * slot holds the mean of what fell into it; slots that were missed between two values are
 * interpolated where they are few, else NAN, as everything is that was never set.
 */
#ifndef LUMBAR_EXPORT_EDF_COURSE_H
#define LUMBAR_EXPORT_EDF_COURSE_H

#include "core/wave.h"

#include <stdbool.h>
#include <stddef.h>

struct edf_course {
	float *values; /* n; owned */
	size_t n, room;
	size_t slot, n_in_slot; /* of the newest value; n_in_slot 0: none that the next may join */
	double sum;
};

/* 0; -ENOMEM. NAN for the slots in between. */
int edf_course_extend(struct edf_course *course, size_t n);

/* A value at `at` slots (>= 0, growing); NAN: from here nothing is known. 0; -ENOMEM. */
int edf_course_add(struct edf_course *course, double at, float value, size_t bridged_slots);

/*
 * A wave that ends at `end` slots and overlaps what was there: turned to the sign that fits, its
 * newer half put in place of the older wave's end, with a soft seam. 0; -ENOMEM.
 */
int edf_course_overlay(
    struct edf_course *course, const struct wave *wave, double end, double slots_per_s);

bool edf_course_any(const struct edf_course *course);
void edf_course_finish(struct edf_course *course);

#endif
