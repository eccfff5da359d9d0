/* What the signals of an EDF+ file have in common, whatever they are made from. */
#ifndef LUMBAR_EXPORT_EDF_SIGNAL_H
#define LUMBAR_EXPORT_EDF_SIGNAL_H

#include "core/image.h"
#include "export/edf_file.h"

#include <stdbool.h>

#define EDF_BED  (1u << SURFACE_BED | 1u << SURFACE_STRIP)
#define EDF_SEAT (1u << SURFACE_SEAT)

/* Digital steps are 0.01 where a range is given. */
struct edf_kind {
	const char *name, *dimension; /* dimension NULL: the mat's unit, range from the data */
	double low, high;             /* low: what stands for "not known" */
	unsigned surfaces;            /* bits of enum surface_kind */
	bool if_any;                  /* left out where no sample has a value */
};

/* Whether a mat of that kind has the signal. */
bool edf_kind_is_of(const struct edf_kind *kind, enum surface_kind surface);

/*
 * Fills signal for n_values (NAN: not known; borrowed) of the named mat, with the range that its
 * greatest value needs where the kind has none. unit: of the mat's values.
 */
void edf_signal_fill(struct edf_signal *signal, const struct edf_kind *kind, const char *surface,
    enum pressure_unit unit, const float *values, size_t n_values);

#endif
