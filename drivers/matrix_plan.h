/* The options of the driver matrix, and how a mat is scanned that is wired as they say. */
#ifndef LUMBAR_DRIVERS_MATRIX_PLAN_H
#define LUMBAR_DRIVERS_MATRIX_PLAN_H

#include "base/options.h"
#include "drivers/mcp3x08.h"
#include "drivers/selector.h"

/* What the options come to. Its texts are borrowed from them. */
struct matrix_plan {
	size_t rows, cols;
	struct selector_plan row, col; /* col: not used when columns go straight to the converter */
	bool direct;
	enum mcp3x08 adc;
	unsigned channel;   /* of the first column */
	size_t per_channel; /* columns to a converter channel */
	size_t n_times;
};

extern const struct option_spec matrix_options[];

/* 0, or -EINVAL with err for a wiring that cannot be. Pure. */
int matrix_plan_make(struct matrix_plan *plan, const struct options *options, struct error *err);

#endif
