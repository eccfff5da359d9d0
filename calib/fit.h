/*
 * Makes a calibration: from levels of uniform load (a bladder, a board with weights), or one gain
 * for the whole mat from a known weight. Load the mat three times before, and measure on the
 * mattress it will lie on, since its softness changes the slope (docs/methods.md, section 7).
 */
#ifndef LUMBAR_CALIB_FIT_H
#define LUMBAR_CALIB_FIT_H

#include "calib/calib.h"

/* A cell that reads this share of full scale or more has nothing to add: it is left out. */
#define FIT_FULL_SHARE 0.98f

/* One level: the counts of each cell in raw order, best the median of some seconds. Borrowed. */
struct fit_level {
	float pressure_mmhg; /* 0: the empty mat, which gives the offsets */
	const float *counts;
};

/* How well it went. */
struct fit_report {
	size_t n_levels;        /* loaded ones; 0: of a weight */
	double rms_ratio;       /* relative error at the levels; one level: 0.24, as is usual */
	double usual_exponent;  /* of the median cell; 1 with one level or a weight */
	double gain_sigma;      /* how unlike living cells are: sd of ln answer; NAN: of a weight */
	double saturated_ratio; /* share of cells that the greatest level drives to full scale */
	size_t n_dead;
};

/*
 * One loaded level gives a straight line, two or more a power law per cell by least squares in
 * the logarithms; a cell that only one of them leaves below full scale gets the exponent that is
 * usual on this mat. Cells that do not answer, or answer very unlike the others, are marked dead.
 * quality_ratio is 1 - the relative rms error, less the share of dead cells; the note says why.
 * 0; -EINVAL: no loaded level, or levels that are not apart; -ENODATA: most cells do not answer.
 * The caller finishes the calibration. report may be NULL. Thread: any.
 */
int fit_levels(struct calibration *calibration, const struct surface *surface,
    const struct fit_level *levels, size_t n_levels, int64_t made_real_ns,
    struct fit_report *report, struct error *err);

/*
 * Someone or something of mass_kg lies wholly on the mat: one gain, so that the pressures carry
 * the weight. Cells that read nothing while six or more of their neighbours are pressed are
 * marked dead. empty and report may be NULL. 0, or -EINVAL when nothing lies on the mat.
 */
int fit_weight(struct calibration *calibration, const struct surface *surface, const float *empty,
    const float *loaded, float mass_kg, int64_t made_real_ns, struct fit_report *report,
    struct error *err);

/* The mass that the calibration reads out of these counts (raw order); dead cells count as their
 * living neighbours do on average. */
double fit_mass_kg(
    const struct calibration *calibration, const struct surface *surface, const float *counts);

#endif
