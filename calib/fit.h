/*
 * Makes a calibration: from levels of uniform load (a bladder, a board with weights), or one gain
 * for the whole mat from a known weight. Load the mat three times before, and measure on the
 * mattress it will lie on, since its softness changes the slope (docs/methods.md, section 7).
 */
#ifndef LUMBAR_CALIB_FIT_H
#define LUMBAR_CALIB_FIT_H

#include "calib/calib.h"

/* One level: the counts of each cell in raw order, best the median of some seconds. Borrowed. */
struct fit_level {
	float pressure_mmhg; /* 0: the empty mat, which gives the offsets */
	const float *counts;
};

/*
 * One loaded level gives a straight line, two or more a power law per cell by least squares in
 * the logarithms. Cells that do not answer, or answer very unlike the others, are marked dead.
 * quality_ratio is 1 - the relative rms error, less the share of dead cells; the note says why.
 * 0; -EINVAL: no loaded level, or levels that are not apart; -ENODATA: most cells do not answer.
 * The caller finishes the calibration. Thread: any.
 */
int fit_levels(struct calibration *calibration, const struct surface *surface,
    const struct fit_level *levels, size_t n_levels, int64_t made_real_ns, struct error *err);

/*
 * Someone or something of mass_kg lies wholly on the mat: one gain, so that the pressures carry
 * the weight. empty may be NULL. 0, or -EINVAL when nothing lies on the mat.
 */
int fit_weight(struct calibration *calibration, const struct surface *surface, const float *empty,
    const float *loaded, float mass_kg, int64_t made_real_ns, struct error *err);

#endif
