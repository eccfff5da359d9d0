/*
 * Breathing from the quality-weighted spectrum of many channels (docs/methods.md, section 3).
 * Cells beside each other move against each other when a chest rises, so a plain sum cancels;
 * each channel's spectrum is weighted by how clearly it breathes instead.
 */
#ifndef LUMBAR_BODY_VITALS_BREATHING_H
#define LUMBAR_BODY_VITALS_BREATHING_H

#include <stdbool.h>

#include "body/vitals_history.h"
#include "core/wave.h"

struct breathing;

struct breathing_estimate {
	float per_min;       /* the peak of S(f) */
	float quality;       /* power at the peak and its second harmonic over the rest, >= 0 */
	float quality_least; /* below it may be noise, with so many channels */
};

/* The history that will be read; it must hold two windows. NULL: out of memory. */
struct breathing *breathing_create(const struct history *history);
void breathing_destroy(struct breathing *breathing); /* NULL is legal */

void breathing_reset(struct breathing *breathing); /* forgets which channels breathed */

#define BREATHING_WINDOW_S 30.0

/*
 * Reads the newest window. With two_windows also the one before it, each by the components that
 * the other one taught; without, by those learnt last, from earlier data. False: no channel
 * carries load, or nothing has been learnt yet. Allocates nothing.
 */
bool breathing_find(struct breathing *breathing, const struct history *history, bool two_windows,
    struct breathing_estimate *newer, struct breathing_estimate *older);

/*
 * The clearest course of the newest window of the last breathing_find(), over that window: smoothed
 * and detrended as it was for the spectrum, at the history's own rate; the sum of the channels that
 * take part, in their unit. Its sign is that of the components: any. False: there was none.
 */
bool breathing_wave(struct breathing *breathing, const struct history *history, struct wave *wave);

#endif
