/*
 * Minutes of a simulated night on a 64 x 32 mat at 10 Hz, prepared in memory and played round and
 * round, so that the simulator's own cost is not measured.
 */
#ifndef LUMBAR_TESTS_NIGHT_RING_H
#define LUMBAR_TESTS_NIGHT_RING_H

#include "base/clock.h"
#include "base/error.h"
#include "core/frame.h"
#include "core/surface.h"

#define NIGHT_RATE_HZ     10
#define NIGHT_RING_FRAMES 3600                      /* six minutes, 15 MB as 16-bit counts */
#define NIGHT_START_NS    (1795294800LL * NS_PER_S) /* 2026-11-21 21:00 UTC */

extern const struct surface night_mat;

struct night_ring {
	uint16_t *counts; /* NIGHT_RING_FRAMES frames of night_mat.n_cells */
	float *frame;     /* the frame under way */
};

/* Simulates pieces of one night, spread over it. Ends the program when that fails. */
void night_ring_init(struct night_ring *ring);
void night_ring_finish(struct night_ring *ring);

/* Frame i of an endless night; its counts are the ring's own, until the next call. */
struct frame night_ring_frame(const struct night_ring *ring, size_t i);

/* Says what is wrong and ends the program: a benchmark has nothing to save. */
_Noreturn void night_die(const struct error *err);

#endif
