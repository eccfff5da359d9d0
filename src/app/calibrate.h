/* What `lumbar calibrate` is made of: the run, what is there already, and the pictures. */
#ifndef LUMBAR_APP_CALIBRATE_H
#define LUMBAR_APP_CALIBRATE_H

#include "app/config.h"
#include "calib/procedure.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct calibrate {
	const struct config *config;
	const struct surface_config *surface;
	struct procedure_plan plan;
	const char *path;     /* the calibration file */
	const char *mat;      /* its name or serial number; NULL: that of the calibration there */
	const char *picture;  /* SVG file of the gains; NULL: none */
	const char *database; /* where it is noted; NULL: nowhere */
	bool batch;           /* nothing is drawn, nothing is asked */
	bool yes;             /* a worse one may replace a better one */
	bool dry_run;         /* nothing is written */
	bool json;            /* --show */
};

/* Leads through the procedure, saves, notes. An exit status. */
int calibrate_run(const struct calibrate *job);

/* Prints the calibration that is there. An exit status: EXIT_FAULT when there is none. */
int calibrate_show(const struct calibrate *job);

/* Grade, reasons, dead cells, noise, creep, as lines of text. */
void calibrate_print(const struct calibration *calibration, const struct surface *surface);

/*
 * How strongly each cell answers to 20 mmHg against the median cell, in body coordinates: blocks on
 * a terminal (x: a dead cell is among them), squares in an SVG file. 0 or -errno with err.
 */
void calibrate_blocks(
    const struct calibration *calibration, const struct surface *surface, FILE *out);
int calibrate_svg(const struct calibration *calibration, const struct surface *surface,
    const char *path, struct error *err);

#endif
