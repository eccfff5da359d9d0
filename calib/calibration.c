/* The calibration as plain data: the uncalibrated one, and the end of any. */
#include "calib/calib.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

int calibration_init_relative(struct calibration *calibration, const struct surface *surface)
{
	*calibration = (struct calibration){
	    .unit = PRESSURE_RELATIVE,
	    .quality_ratio = NAN,
	    .n_cells = surface->n_cells,
	    .cells = calloc(surface->n_cells, sizeof(struct calib_cell)),
	};
	snprintf(calibration->note, sizeof(calibration->note), "not calibrated");
	if (!calibration->cells)
		return -ENOMEM;
	for (size_t i = 0; i < surface->n_cells; i++)
		calibration->cells[i] = (struct calib_cell){
		    .gain = 100 / surface->full_scale_counts, .exponent = 1};
	return 0;
}

void calibration_finish(struct calibration *calibration)
{
	free(calibration->cells);
	*calibration = (struct calibration){0};
}
