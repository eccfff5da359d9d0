/*
 * Breathing and heart rate from the FFT and the autocorrelation of torso cells or of a strip.
 * Works on windows of 30-60 s with a hop of 5 s; a value that its gates refuse is NAN.
 *
 * Below 4 frames a second breathing is not assessed: its second harmonic at 30 breaths a minute is
 * 1 Hz, and what moves faster (the heart, a foot) would fold back into the breath's own band.
 * Below 25 frames a second the heart is not: its third line of 120 a minute is at 6 Hz. The rate that
 * counts is the surface's, and the one at which frames really come. A mat's heart is sought only
 * where breathing is seen, a strip's wherever it is not shaken harder than anybody breathes.
 */
#ifndef LUMBAR_BODY_VITALS_H
#define LUMBAR_BODY_VITALS_H

#include "base/error.h"
#include "core/image.h"
#include "core/wave.h"

#include <stdbool.h>

struct vitals;

struct vitals_reading {
	float breathing_per_min, breathing_confidence; /* NAN, or 6-35 and 0-1 */
	float heart_per_min, heart_confidence;         /* NAN, or 40-130 and 0-1; NAN below 25 Hz */
	bool breathing_seen; /* breathing stood out in the last window that could be judged */
	float window_s;      /* length of data behind the reading, 0 while there is none */
};

/* Thread: main (FFT plans). NULL with err filled: out of memory. */
struct vitals *vitals_create(const struct surface *surface, struct error *err);
void vitals_destroy(struct vitals *vitals);
void vitals_reset(struct vitals *vitals);

/*
 * occupied: somebody or something is on the surface; moving: its movement now. `out` always holds
 * the reading in force. Returns true when this image completed a new one (every 5 s).
 */
bool vitals_step(struct vitals *vitals, const struct image *image, bool occupied, bool moving,
    struct vitals_reading *out);

/*
 * The wave that the image of the last step made known: that of breathing_wave(), every 5 s while
 * the surface is still enough to look for breathing, whether any was found or not. False: none.
 */
bool vitals_wave(struct vitals *vitals, struct wave *wave);

#endif
