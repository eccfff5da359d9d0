/* A calibration in words: the one that was just made, and the one that is there. */
#include "app/calibrate.h"
#include "app/command.h"
#include "app/observation_json.h"
#include "base/clock.h"
#include "calib/grade.h"
#include "store/query.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HISTORY_MOST = 5 };

static double age_limit_s(const struct calibrate *job)
{
	return options_number(&job->surface->pipeline, "calibration_age");
}

static double age_s(const struct calibration *calibration)
{
	return calibration->made_real_ns
	           ? (double)(clock_real_ns() - calibration->made_real_ns) / (double)NS_PER_S
	           : (double)NAN;
}

static void print_lines(const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		printf("  %.*s\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
}

void calibrate_print(const struct calibration *calibration, const struct surface *surface)
{
	size_t n_lines = calibration_dead_lines(calibration, surface);

	if (calibration->mat[0])
		printf("mat %s\n", calibration->mat);
	if (calibration->grade)
		printf("grade %c: %s\n", calibration->grade, grade_word(calibration->grade));
	else
		puts("not graded");
	print_lines(calibration->reasons);
	printf("%s\n", calibration->note);
	printf("dead cells: %zu of %zu", calibration_dead_cells(calibration), calibration->n_cells);
	if (n_lines)
		printf(", %zu whole line%s among them", n_lines, n_lines == 1 ? "" : "s");
	putchar('\n');
	if (!isnan(calibration->noise_mmhg))
		printf("noise of a cell at 20 mmHg: %.2f mmHg\n", (double)calibration->noise_mmhg);
	if (!isnan(calibration->creep_ratio))
		printf("creep: %.1f %% each time a load's time is tenfold\n",
		    100 * (double)calibration->creep_ratio);
}

/* The rows that `lumbar calibrate` left, if the database is there and can be read. */
static void print_history(const struct calibrate *job)
{
	struct store *store = NULL;
	struct stored_calibration *made = NULL;
	size_t n = 0;

	if (!job->database || access(job->database, R_OK) != 0)
		return;
	if (store_open(&store, job->database, STORE_READ, NULL) == 0)
		query_calibrations(store, job->surface->surface.name, &made, &n, NULL);
	for (size_t i = 0; i < n && i < HISTORY_MOST; i++) {
		char stamp[STAMP_SIZE];
		int64_t ns = made[i].made_real_ns;
		clock_format_stamp(ns, clock_utc_offset_s(ns), stamp);
		printf("%s%s  ", i ? "" : "\nmade before:\n", stamp);
		if (made[i].grade)
			printf("grade %c, %d dead\n", made[i].grade, made[i].n_dead);
		else
			printf(
			    "failed: %.*s\n", (int)strcspn(made[i].reasons, "\n"), made[i].reasons);
	}
	free(made);
	store_close(store, NULL);
}

static void print_age(const struct calibrate *job, const struct calibration *calibration)
{
	char stamp[STAMP_SIZE];
	double age = age_s(calibration), limit = age_limit_s(job), day_s = 86400;

	if (isnan(age)) {
		puts("not dated");
		return;
	}
	clock_format_stamp(
	    calibration->made_real_ns, clock_utc_offset_s(calibration->made_real_ns), stamp);
	double days = fmax(0, floor(age / day_s));
	printf("made %s, %.0f day%s ago", stamp, days, days == 1 ? "" : "s");
	if (age < -day_s)
		fputs(": later than now, was the clock right?", stdout);
	if (age > limit)
		printf(": OLD, the limit is %.0f days; calibrate anew", limit / day_s);
	putchar('\n');
}

static void print_json(const struct calibrate *job, const struct calibration *calibration)
{
	char made[STAMP_SIZE] = "", grade[2] = {calibration->grade, '\0'};
	double age = age_s(calibration);

	if (calibration->made_real_ns)
		clock_format_stamp(calibration->made_real_ns, 0, made);
	json_t *root = json_pack("{s:s, s:s, s:s, s:s?, s:o, s:b, s:s?, s:s, s:s, s:o, s:I, s:I, "
	                         "s:I, s:o, s:o}",
	    "surface", job->surface->surface.name, "file", job->path, "unit",
	    pressure_unit_name(calibration->unit), "made", made[0] ? made : NULL, "age_s",
	    json_seconds(age), "old", !(age <= age_limit_s(job)), "grade", grade[0] ? grade : NULL,
	    "reasons", calibration->reasons, "note", calibration->note, "quality_ratio",
	    json_measure((double)calibration->quality_ratio), "cells",
	    (json_int_t)calibration->n_cells, "dead",
	    (json_int_t)calibration_dead_cells(calibration), "dead_lines",
	    (json_int_t)calibration_dead_lines(calibration, &job->surface->surface), "noise_mmhg",
	    json_measure((double)calibration->noise_mmhg), "creep_ratio",
	    json_measure((double)calibration->creep_ratio));
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

int calibrate_show(const struct calibrate *job)
{
	struct calibration calibration;
	struct error err = {0};
	const struct surface *surface = &job->surface->surface;

	if (calibration_load(&calibration, job->path, surface, &err) < 0) {
		command_fault("calibrate", &err);
		fprintf(
		    stderr, "%s is not calibrated: pressures are relative units\n", surface->name);
		return EXIT_FAULT;
	}
	int status = EXIT_OK;
	if (job->json) {
		print_json(job, &calibration);
	} else {
		printf("%s: %s\n", surface->name, job->path);
		print_age(job, &calibration);
		calibrate_print(&calibration, surface);
		calibrate_blocks(&calibration, surface, stdout);
		print_history(job);
	}
	if (job->picture && calibrate_svg(&calibration, surface, job->picture, &err) < 0)
		status = command_fault("calibrate", &err);
	calibration_finish(&calibration);
	return status;
}
