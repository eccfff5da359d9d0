/*
 * What one image says about how the load lies on a seat: shares and ratios only, so neither the
 * person's weight nor the pad's gain matters. A grid and a few cells anywhere are measured by the
 * same sums; the pad's geometry is worked out once.
 */
#ifndef LUMBAR_BODY_SEAT_MEASURE_H
#define LUMBAR_BODY_SEAT_MEASURE_H

#include "base/error.h"
#include "core/surface.h"

#include <stdbool.h>
#include <stddef.h>

enum seat_part { SEAT_PART_NONE, SEAT_PART_FRONT, SEAT_PART_REAR, SEAT_PART_BACK };

struct seat_cell {
	float x_ratio; /* 0 the person's left edge, 1 the right */
	float y_ratio; /* 0 the front edge, 1 the rear; seat cells only */
	enum seat_part part;
};

struct seat_pad {
	struct seat_cell *cells; /* n_cells, owned */
	size_t n_cells, n_seat, n_back;
	size_t rows, cols;       /* of a grid, 0 for a free layout */
	float peaks_apart_ratio; /* least distance of the two ischial peaks, in widths */
};

struct seat_measure {
	float load;             /* mean over the seat's cells above the floor, image's unit */
	float sideways_ratio;   /* LR = (R - L) / (R + L), -1 to 1; > 0: to the person's right */
	float centre_x_ratio;   /* centre of pressure, 0 left - 1 right */
	float centre_y_ratio;   /* 0 front - 1 rear; FA falls as it grows */
	float rear_share_ratio; /* load on the rear half; 1 - it is the thighs' share */
	float back_load_ratio;  /* share of all load that the back rest takes; NAN: no back cells */
	float area_ratio;       /* share of seat cells in contact */
	float peak_ratio; /* mean of the two ischial peaks over the mean of cells in contact */
};

/* 0; -EINVAL for fewer than two seat cells; -ENOMEM. finish() frees, also a zeroed pad. */
int seat_pad_init(struct seat_pad *pad, const struct surface *surface, struct error *err);
void seat_pad_finish(struct seat_pad *pad);

/* Ratios are 0 when the seat carries nothing (load 0). */
void seat_measure(const struct seat_pad *pad, const float *cells, struct seat_measure *out);

/* mean += (next - mean) * weight, member by member; weight 1 copies. */
void seat_measure_blend(struct seat_measure *mean, const struct seat_measure *next, float weight);

#endif
