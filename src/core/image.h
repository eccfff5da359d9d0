/*
 * An image: a calibrated frame in body coordinates. Cells of a grid are row by row, head or front
 * first; cells of a free layout stand in the order of surface->places.
 */
#ifndef LUMBAR_CORE_IMAGE_H
#define LUMBAR_CORE_IMAGE_H

#include "core/surface.h"

#include <stdint.h>

enum pressure_unit {
	PRESSURE_RELATIVE, /* uncalibrated: percent of the mat's full scale */
	PRESSURE_MMHG,     /* interface pressure in mmHg */
};

struct image {
	const struct surface *surface; /* borrowed */
	int64_t mono_ns, real_ns;      /* the frame's; real_ns 0: its clock was never set */
	int32_t utc_offset_s;
	enum pressure_unit unit;
	bool tared;         /* the offsets are those of the empty surface */
	float health_ratio; /* share of cells that are alive, 0-1; the others are interpolated */
	float *cells;       /* surface->n_cells, >= 0, never NAN; the pipeline's memory */
};

const char *pressure_unit_name(enum pressure_unit unit); /* "relative", "mmHg" */

#endif
