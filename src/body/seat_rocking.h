/*
 * Rocking in a chair, seen as a line in the spectrum of the centre of pressure. Plain memory, no
 * allocation; a window of 60 s at 4 Hz.
 */
#ifndef LUMBAR_BODY_SEAT_ROCKING_H
#define LUMBAR_BODY_SEAT_ROCKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SEAT_ROCKING_SAMPLES 240

struct seat_rocking {
	float samples[SEAT_ROCKING_SAMPLES]; /* a ring of centres, in depths */
	size_t n, next;
	int64_t due_ns; /* of the next sample, 0: none yet */
	int windows;    /* in a row with a line */
};

void seat_rocking_reset(struct seat_rocking *rocking);

/* Takes the centre of pressure along the depth at mono_ns. True while three windows agree. */
bool seat_rocking_step(struct seat_rocking *rocking, int64_t mono_ns, float centre_y_ratio);

#endif
