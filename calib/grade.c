#include "calib/grade.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * The most for A, B and C. Errors of fits: docs/methods.md, section 7 (line 24 %, power law 2.7 %,
 * three points 1.4 %); the others are starting points of our own.
 */
struct limits {
	double a, b, c;
};
static const struct limits fit_limits = {0.03, 0.06, 0.15};
static const struct limits dead_limits = {0.005, 0.03, 0.10};
static const struct limits line_limits = {0, 1, 3};
static const struct limits noise_limits = {0.3, 1, 3}; /* mmHg */
static const struct limits creep_limits = {0.04, 0.08, 0.15};
static const struct limits sigma_limits = {0.35, 0.5, 0.8};
static const struct limits offset_limits = {0.10, 0.20, 0.40};
static const struct limits full_limits = {0.01, 0.05, 0.20};
static const struct limits uneven_limits = {1.35, 1.5, 2};
static const struct limits check_limits = {0.05, 0.10, 0.25};
static const double creep_whole_s = 1800; /* docs/methods.md, section 7 */

static char letter(double value, struct limits limits)
{
	if (value <= limits.a)
		return 'A';
	if (value <= limits.b)
		return 'B';
	return value <= limits.c ? 'C' : 'D';
}

/* A grade that is worse than A takes the whole with it, and is said. */
static void __attribute__((format(printf, 3, 4)))
cap(struct calibration *calibration, char grade, const char *format, ...)
{
	size_t used = strlen(calibration->reasons);
	va_list args;

	if (grade <= 'A' || used + 2 >= sizeof(calibration->reasons))
		return;
	if (grade > calibration->grade)
		calibration->grade = grade;
	int n = snprintf(calibration->reasons + used, sizeof(calibration->reasons) - used,
	    "%s%c: ", used ? "\n" : "", grade);
	used += (size_t)n;
	va_start(args, format);
	if (used < sizeof(calibration->reasons))
		vsnprintf(
		    calibration->reasons + used, sizeof(calibration->reasons) - used, format, args);
	va_end(args);
}

static void judge_curve(const struct grade_facts *facts, struct calibration *calibration)
{
	const struct fit_report *fit = &facts->fit;

	if (fit->n_levels == 0) {
		cap(calibration, 'D', "one weight gives one gain for all cells, which differ");
	} else if (fit->n_levels == 1) {
		cap(calibration, 'C',
		    "one pressure gives a straight line; two or more give each cell's curve");
	} else {
		if (fit->n_levels == 2)
			cap(calibration, 'B',
			    "two pressures do not show how well the curve fits; take three");
		cap(calibration, letter(fit->rms_ratio, fit_limits),
		    "the curves miss the known pressures by %.1f %%: was the load steady and even?",
		    100 * fit->rms_ratio);
	}
	if (!isnan(fit->gain_sigma))
		cap(calibration, letter(fit->gain_sigma, sigma_limits),
		    "cells answer very unlike one another (spread %.0f %%)", 100 * fit->gain_sigma);
	cap(calibration, letter(fit->saturated_ratio, full_limits),
	    "%.0f %% of the cells reached the end of their scale: use less pressure",
	    100 * fit->saturated_ratio);
	if (!isnan(facts->uneven_ratio))
		cap(calibration, letter(facts->uneven_ratio, uneven_limits),
		    "one part of the mat was pressed %.1f times as much as another",
		    facts->uneven_ratio);
	if (!isnan(facts->check_ratio))
		cap(calibration, letter(fabs(facts->check_ratio), check_limits),
		    "the known weight was read %.0f %% too %s", fabs(100 * facts->check_ratio),
		    facts->check_ratio > 0 ? "heavy" : "light");
}

static void judge_mat(const struct grade_facts *facts, struct calibration *calibration)
{
	size_t n_dead = calibration_dead_cells(calibration), n = calibration->n_cells;

	cap(calibration, letter((double)n_dead / (double)n, dead_limits),
	    "%zu of %zu cells are dead; their neighbours speak for them", n_dead, n);
	cap(calibration, letter((double)facts->n_lines, line_limits),
	    "%zu whole row%s or column%s dead: look at the wires", facts->n_lines,
	    facts->n_lines == 1 ? "" : "s", facts->n_lines == 1 ? " is" : "s are");
	if (!isnan(calibration->noise_mmhg))
		cap(calibration, letter((double)calibration->noise_mmhg, noise_limits),
		    "a cell flickers by %.1f mmHg", (double)calibration->noise_mmhg);
	cap(calibration, letter(facts->offset_ratio, offset_limits),
	    "the empty mat reads %.0f %% of its scale: is it creased or tight?",
	    100 * facts->offset_ratio);
}

static void judge_creep(const struct grade_facts *facts, struct calibration *calibration)
{
	if (isnan(calibration->creep_ratio)) {
		cap(calibration, 'B',
		    "creep is not known: leave a weight on it for 30 min at the end");
		return;
	}
	if (facts->creep_s < creep_whole_s)
		cap(calibration, 'B', "creep was watched for %.0f min only, 30 are better",
		    facts->creep_s / 60);
	cap(calibration, letter((double)fabsf(calibration->creep_ratio), creep_limits),
	    "a weight that rests reads %.0f %% more each time its time is tenfold",
	    100 * (double)calibration->creep_ratio);
}

void grade_judge(const struct grade_facts *facts, struct calibration *calibration)
{
	calibration->grade = 'A';
	calibration->reasons[0] = '\0';
	judge_curve(facts, calibration);
	judge_mat(facts, calibration);
	judge_creep(facts, calibration);
	if (!facts->conditioned)
		cap(calibration, 'B', "the mat was not loaded three times before");
}

const char *grade_word(char grade)
{
	static const char *const words[] = {"very good", "good", "fair", "rough"};

	return grade >= 'A' && grade <= 'D' ? words[grade - 'A'] : "not graded";
}
