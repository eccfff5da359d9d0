/*
 * Calibration: counts to interface pressure, and raw cell order to body coordinates.
 *
 *	p = gain_i * max(counts_i - offset_i, 0) ^ exponent_i		[mmHg]
 *
 * per cell i; dead cells and dead lines are found by the caller's marks or by health over time and
 * interpolated from living neighbours. Without a calibration the unit is PRESSURE_RELATIVE:
 * percent of full scale above the tare, and every output says so.
 */
#ifndef LUMBAR_CALIB_CALIB_H
#define LUMBAR_CALIB_CALIB_H

#include "base/error.h"
#include "calib/drift.h"
#include "core/frame.h"
#include "core/image.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALIB_MAT_SIZE     40
#define CALIB_NOTE_SIZE    120
#define CALIB_REASONS_SIZE 1200

struct calib_cell {
	float offset_counts, gain, exponent; /* gain in mmHg per counts^exponent */
	bool dead;
};

/* A calibration of one mat. Cells in the mat's own (raw) order. */
struct calibration {
	enum pressure_unit unit;
	int64_t made_real_ns;             /* 0: not dated */
	float quality_ratio;              /* 0-1: of the fit, see fit.h; NAN: not known */
	char mat[CALIB_MAT_SIZE];         /* its name or serial number; "": not given */
	char note[CALIB_NOTE_SIZE];       /* what it rests on, one sentence */
	char grade;                       /* 'A' to 'D', calib/grade.h; 0: not graded */
	char reasons[CALIB_REASONS_SIZE]; /* why the grade is no better, one a line; "": none */
	float noise_mmhg;                 /* of one cell in one frame; NAN: not known */
	float creep_ratio; /* how much a resting load's reading grows per decade of time; NAN */
	size_t n_cells;
	struct calib_cell *cells; /* owned */
};

/* The uncalibrated one: offset 0, percent of full scale. 0 or -ENOMEM. */
int calibration_init_relative(struct calibration *calibration, const struct surface *surface);
void calibration_finish(struct calibration *calibration);

size_t calibration_dead_cells(const struct calibration *calibration);
/* Rows and columns of which nine cells in ten are dead. 0 for a free layout. */
size_t calibration_dead_lines(const struct calibration *calibration, const struct surface *surface);

/* Text file with provenance, see docs/calibration.md. 0 or -errno with err. */
int calibration_load(struct calibration *calibration, const char *path,
    const struct surface *surface, struct error *err);
/* The same from the text of such a file; name is what errors call it. */
int calibration_parse(struct calibration *calibration, const char *text, const char *name,
    const struct surface *surface, struct error *err);
/* The text of such a file; the caller frees. NULL: out of memory. */
char *calibration_text(const struct calibration *calibration, const struct surface *surface);
/*
 * Whole or not at all: beside the path first (PATH.new), on the disk, then renamed. Everyone may
 * read it. A file that stood there is kept as PATH.YYYY-MM-DDTHHMMSS, the time when it was made or,
 * not knowing that, last written. 0 or -errno with err.
 */
int calibration_save(const struct calibration *calibration, const char *path,
    const struct surface *surface, struct error *err);

/* Whether calibration_save() could write there: before somebody spends an hour. As above. */
int calibration_can_save(const char *path, struct error *err);

/*
 * The working object of a surface: applies a calibration, follows its zero, watches for dead cells.
 * The calibration is copied. Thread: create on main, then one at a time; apply allocates nothing.
 */
struct calib;
struct calib *calib_create(
    const struct surface *surface, const struct calibration *calibration, struct error *err);
void calib_destroy(struct calib *calib);

/*
 * Fills image->cells (surface->n_cells floats of the caller), unit, health_ratio and times.
 * Returns 0; -ERANGE when counts are NAN, negative or over full scale in more than one living cell in
 * ten (fewer are taken for dead in this frame); -ENODATA when too few cells live to interpolate, or a
 * part of the mat is lost (lost.h).
 */
int calib_apply(struct calib *calib, const struct frame *frame, struct image *image);

/*
 * What the frame just applied was found to be: an empty mat, whose zero is then followed
 * (calib/drift.h), or anything else. Calibrated beds and seats that are grids only.
 */
enum drift_verdict calib_follow(struct calib *calib, bool empty);

/* The mean over the cells, of full scale, by which the zero was moved; NAN: it is not followed. */
float calib_drift_ratio(const struct calib *calib);

/* The calibration in force, its zero followed. Borrowed. */
const struct calibration *calib_in_force(const struct calib *calib);

#endif
