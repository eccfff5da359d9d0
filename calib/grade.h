/*
 * How well a calibration went: a grade from A to D, and in plain words why it is no better. The
 * limits stand in grade.c, what each word means in docs/calibration.md. Grades are about
 * pressures in mmHg; who lies there and how is read from uncalibrated mats as well.
 *
 *	A	very good	pressures can be compared between mats and with other people's
 *	B	good		pressures can be compared from night to night
 *	C	fair		pressures are about right; single cells may be wrong by a quarter
 *	D	rough		the sum is right, pressures in one place may be wrong by half
 */
#ifndef LUMBAR_CALIB_GRADE_H
#define LUMBAR_CALIB_GRADE_H

#include "calib/calib.h"
#include "calib/fit.h"

/* What is known of how a calibration was made, besides the calibration itself. */
struct grade_facts {
	struct fit_report fit;
	bool conditioned;    /* loaded and unloaded three times before */
	double creep_s;      /* how long a load was left at rest; 0: not at all */
	double offset_ratio; /* what an empty cell reads, of full scale */
	double check_ratio;  /* a known weight, read with it: relative error; NAN: none */
	size_t n_lines;      /* dead ones */
	double uneven_ratio; /* of the loads: greatest part over least; NAN: not known */
};

/* Fills grade and reasons of the calibration. Thread: any. */
void grade_judge(const struct grade_facts *facts, struct calibration *calibration);

/* "very good", "good", "fair", "rough"; "not graded" for 0. */
const char *grade_word(char grade);

#endif
