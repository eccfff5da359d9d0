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
	    .noise_mmhg = NAN,
	    .creep_ratio = NAN,
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

size_t calibration_dead_cells(const struct calibration *calibration)
{
	size_t n = 0;

	for (size_t i = 0; i < calibration->n_cells; i++)
		n += calibration->cells[i].dead;
	return n;
}

static bool line_is_dead(const struct calib_cell *first, size_t step, size_t length)
{
	size_t n = 0;

	for (size_t k = 0; k < length; k++)
		n += first[k * step].dead;
	return 10 * n >= 9 * length;
}

size_t calibration_dead_lines(const struct calibration *calibration, const struct surface *surface)
{
	size_t n = 0;

	/* A line of one or two cells is no line. */
	for (size_t row = 0; surface->cols > 2 && row < surface->rows; row++)
		n += line_is_dead(&calibration->cells[row * surface->cols], 1, surface->cols);
	for (size_t col = 0; surface->rows > 2 && col < surface->cols; col++)
		n += line_is_dead(&calibration->cells[col], surface->cols, surface->rows);
	return n;
}
