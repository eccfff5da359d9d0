#include "export/edf_signal.h"

#include <math.h>
#include <stdio.h>

#define STEPS 32000

bool edf_kind_is_of(const struct edf_kind *kind, enum surface_kind surface)
{
	return kind->surfaces & 1u << surface;
}

struct extent {
	double least, greatest;
};

static struct extent find_extent(const float *values, size_t n)
{
	struct extent extent = {0, 0};

	for (size_t i = 0; i < n; i++) {
		if (!isfinite(values[i]))
			continue;
		extent.least = fmin(extent.least, (double)values[i]);
		extent.greatest = fmax(extent.greatest, (double)values[i]);
	}
	return extent;
}

/* The least of 1, 2, 5, 10 ... x 10^n of which STEPS reach the greatest value. */
static double step_for(double greatest)
{
	double step = 1e-3;

	for (int i = 0; step * STEPS < greatest; i++)
		step *= i % 3 == 1 ? 2.5 : 2.0;
	return step;
}

/* The lowest step is below every value: it says that there is none. */
static void fit_range(struct edf_signal *signal, size_t n_values)
{
	struct extent extent = find_extent(signal->values, n_values);
	double step = step_for(fmax(extent.greatest, -extent.least));

	signal->digital_low = (int)floor(extent.least / step) - 1;
	signal->digital_high = (int)fmax(1.0, ceil(extent.greatest / step));
	signal->low = step * signal->digital_low;
	signal->high = step * signal->digital_high;
}

void edf_signal_fill(struct edf_signal *signal, const struct edf_kind *kind, const char *surface,
    enum pressure_unit unit, const float *values, size_t n_values)
{
	*signal = (struct edf_signal){
	    .values = values,
	    .low = kind->low,
	    .high = kind->high,
	    .digital_low = (int)lround(kind->low * 100.0),
	    .digital_high = (int)lround(kind->high * 100.0),
	};
	snprintf(signal->label, sizeof(signal->label), "%s %.10s", kind->name, surface);
	snprintf(signal->transducer, sizeof(signal->transducer),
	    "pressure mat %.31s; lowest value: not known", surface);
	signal->dimension = kind->dimension ? kind->dimension
	                                    : (unit == PRESSURE_MMHG ? "mmHg" : "%");
	if (!kind->dimension)
		fit_range(signal, n_values);
}
