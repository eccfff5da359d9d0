/*
 * The seat: how someone sits, relative to that person's own upright minute. Works on grids and on
 * a few cells anywhere (seat and back regions). The definitions stand in seat.c.
 */
#ifndef LUMBAR_BODY_SEAT_H
#define LUMBAR_BODY_SEAT_H

#include "base/error.h"
#include "body/seat_state.h"
#include "core/image.h"
#include "core/observation.h"

#include <stdbool.h>

struct seat;

struct seat_reading {
	enum seat_state state;
	float confidence;
	float sideways_ratio;  /* LR - LR0, LR = (R - L) / (R + L); > 0: to the person's right */
	float forward_ratio;   /* shift of the centre in shares of the depth, > 0: forward */
	float back_load_ratio; /* NAN without back cells */
	bool bend, rocking;
	bool baseline; /* relative to her own upright minute; else to the pad's middle */
	bool seated;
	float session_s; /* since sitting down, 0 while nobody sits */
};

/* Thread: main. NULL with err filled: out of memory, fewer than two cells. */
struct seat *seat_create(const struct surface *surface, struct error *err);
void seat_destroy(struct seat *seat);
void seat_reset(struct seat *seat); /* after a gap; the person's baseline stays */

/* Looks at no more than ten images a second; between them the last reading stands. */
void seat_step(struct seat *seat, const struct image *image, struct seat_reading *out);

/* The least mean load of the seat's cells, in the unit, that is a seated person. */
float seat_least_load(enum pressure_unit unit);

/* For recordings whose upright minute is marked, and for "this is me, upright" at the chair. */
void seat_set_baseline(struct seat *seat, const struct seat_baseline *baseline);
void seat_baseline(const struct seat *seat, struct seat_baseline *out);

/* The baseline that n images of an upright minute give (each image added, then taken). */
void seat_baseline_begin(struct seat *seat);
void seat_baseline_add(struct seat *seat, const struct image *image);
int seat_baseline_take(struct seat *seat); /* 0, or -ENODATA when nobody sat */

#endif
