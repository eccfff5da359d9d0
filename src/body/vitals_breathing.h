/*
 * Breathing from the quality-weighted spectrum of many channels (docs/methods.md, section 3).
 * Cells beside each other move against each other when a chest rises, so a plain sum cancels;
 * each channel's spectrum is weighted by how clearly it breathes instead.
 */
#ifndef LUMBAR_BODY_VITALS_BREATHING_H
#define LUMBAR_BODY_VITALS_BREATHING_H

#include <stdbool.h>

#include "body/vitals_history.h"

struct breathing;

struct breathing_estimate {
	float per_min;       /* the peak of S(f) */
	float quality;       /* power at the peak and its second harmonic over the rest, >= 0 */
	float quality_least; /* below it may be noise, with so many channels */
};

/* The history that will be read, with the longest window first. NULL: out of memory. */
struct breathing *breathing_create(const struct history *history);
void breathing_destroy(struct breathing *breathing); /* NULL is legal */

/* The two windows that are tried; the history must hold them. */
#define BREATHING_SHORT_S 30.0
#define BREATHING_LONG_S  60.0

/* Reads the newest 30 or 60 s. Returns false when no channel carries load. Allocates nothing. */
bool breathing_find(struct breathing *breathing, const struct history *history, bool long_window,
    struct breathing_estimate *out);

#endif
