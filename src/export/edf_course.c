#include "export/edf_course.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Where in a wave the seam to the older one lies: its ends know only one side of themselves. */
#define SEAM_BEGIN 0.35
#define SEAM_END   0.5

int edf_course_extend(struct edf_course *course, size_t n)
{
	if (n > course->room) {
		size_t room = n + n / 2 + 1024;
		float *values = reallocarray(course->values, room, sizeof(*values));
		if (!values)
			return -ENOMEM;
		course->values = values;
		course->room = room;
	}
	while (course->n < n)
		course->values[course->n++] = NAN;
	return 0;
}

static void bridge(struct edf_course *course, size_t slot, float value)
{
	float before = course->values[course->slot];
	double length = (double)(slot - course->slot);

	for (size_t i = course->slot + 1; i < slot; i++) {
		double part = (double)(i - course->slot) / length;
		course->values[i] = before + (float)part * (value - before);
	}
}

int edf_course_add(struct edf_course *course, double at, float value, size_t bridged_slots)
{
	size_t slot = (size_t)at;

	if (!isfinite(value)) {
		course->n_in_slot = 0;
		return 0;
	}
	if (edf_course_extend(course, slot + 1) != 0)
		return -ENOMEM;
	if (course->n_in_slot > 0 && slot > course->slot) {
		if (slot - course->slot <= bridged_slots)
			bridge(course, slot, value);
		course->n_in_slot = 0;
	}
	course->slot = slot;
	course->sum = course->n_in_slot++ ? course->sum + (double)value : (double)value;
	course->values[slot] = (float)(course->sum / (double)course->n_in_slot);
	return 0;
}

/* A wave laid over slots [from, to). */
struct overlay {
	const struct wave *wave;
	double origin, per_slot; /* samples: at slot s it is at origin + s * per_slot */
	size_t from, to;
};

static float wave_at(const struct overlay *overlay, size_t slot)
{
	const struct wave *wave = overlay->wave;
	double at = overlay->origin + ((double)slot + 0.5) * overlay->per_slot;
	size_t i = (size_t)fmin(fmax(at, 0.0), (double)wave->n_samples - 2.0);
	float part = (float)(at - (double)i);

	return wave->samples[i] + part * (wave->samples[i + 1] - wave->samples[i]);
}

static bool is_opposite(const struct edf_course *course, const struct overlay *overlay)
{
	double alike = 0.0;

	for (size_t slot = overlay->from; slot < overlay->to; slot++)
		if (isfinite(course->values[slot]))
			alike += (double)(course->values[slot] * wave_at(overlay, slot));
	return alike < 0.0;
}

static void lay(struct edf_course *course, const struct overlay *overlay)
{
	float sign = is_opposite(course, overlay) ? -1.0f : 1.0f;

	for (size_t slot = overlay->from; slot < overlay->to; slot++) {
		double place = (double)(slot - overlay->from) /
		               (double)(overlay->to - overlay->from);
		float part = (float)fmin(
		    fmax((place - SEAM_BEGIN) / (SEAM_END - SEAM_BEGIN), 0.0), 1.0);
		float *value = &course->values[slot], newer = sign * wave_at(overlay, slot);

		*value = isfinite(*value) ? *value + part * (newer - *value) : newer;
	}
}

int edf_course_overlay(
    struct edf_course *course, const struct wave *wave, double end, double slots_per_s)
{
	struct overlay overlay = {.wave = wave, .per_slot = wave->rate_hz / slots_per_s};
	double last = (double)wave->n_samples - 1.0, from = end - last / overlay.per_slot;

	if (wave->n_samples < 2 || end < 1.0)
		return 0;
	overlay.origin = last - end * overlay.per_slot;
	overlay.from = (size_t)fmax(0.0, ceil(from - 0.5));
	overlay.to = (size_t)(end + 0.5); /* slots whose middle it reaches */
	if (edf_course_extend(course, overlay.to) != 0)
		return -ENOMEM;
	lay(course, &overlay);
	return 0;
}

bool edf_course_any(const struct edf_course *course)
{
	for (size_t i = 0; i < course->n; i++)
		if (isfinite(course->values[i]))
			return true;
	return false;
}

void edf_course_finish(struct edf_course *course)
{
	free(course->values);
	*course = (struct edf_course){0};
}
