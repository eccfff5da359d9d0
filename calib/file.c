/*
 * The calibration file: readable text, one line a cell, so that a person can see what a mat is
 * taken for and what that rests on.
 *
 *	[calibration]
 *	made = 2026-11-22T15:00:00+01:00
 *	surface = bed
 *	mat = PMD-2 0417
 *	unit = mmhg
 *	rows = 64
 *	cols = 32
 *	quality = 0.97
 *	grade = B
 *	note = power law over 3 levels, rms error 1.4 %
 *	reason = creep is not known: let a weight rest for 30 min
 *	noise = 0.12
 *	creep = 0.031
 *	[cells]
 *	; cell = offset in counts, gain in mmHg per counts^exponent, exponent, "dead" for a dead one
 *	0 = 12 0.0183 1
 */
#include "calib/calib.h"

#include "base/clock.h"
#include "base/inifile.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct loader {
	const struct inifile *ini;
	const struct surface *surface;
	struct calibration *calibration;
	bool *seen;
	size_t n_seen;
	struct error *err;
};

static int parse_float(const char **text, float *value)
{
	char *end;
	float number = strtof(*text, &end);

	if (end == *text || !isfinite(number))
		return -EINVAL;
	*text = end;
	*value = number;
	return 0;
}

static int take_count(
    const struct loader *loader, const struct ini_entry *entry, size_t expected, const char *of)
{
	struct place where = inifile_place(loader->ini, entry);

	char *end;
	unsigned long given = strtoul(entry->value, &end, 10);

	if (*end || given != expected)
		return error_at(loader->err, -EINVAL, &where,
		    "the surface \"%s\" has %zu %s: this calibration is of another mat",
		    loader->surface->name, expected, of);
	return 0;
}

static int take_measure(
    const struct loader *loader, const struct ini_entry *entry, float least, float *value)
{
	struct place where = inifile_place(loader->ini, entry);
	const char *text = entry->value;

	if (parse_float(&text, value) < 0 || *text || *value < least)
		return error_at(loader->err, -EINVAL, &where, "give a number, as 0.03");
	return 0;
}

static int take_header(struct loader *loader, const struct ini_entry *entry)
{
	struct calibration *calibration = loader->calibration;
	struct place where = inifile_place(loader->ini, entry);
	const char *text = entry->value;
	int32_t offset_s;

	if (strcmp(entry->key, "made") == 0) {
		if (text[0] && clock_parse_stamp(text, &calibration->made_real_ns, &offset_s) < 0)
			return error_at(
			    loader->err, -EINVAL, &where, "give 2026-11-22T15:00:00+01:00");
	} else if (strcmp(entry->key, "mat") == 0) {
		if (strlen(text) >= sizeof(calibration->mat))
			return error_at(loader->err, -ERANGE, &where,
			    "give the mat's name or serial number in at most %d bytes",
			    CALIB_MAT_SIZE - 1);
		memcpy(calibration->mat, text, strlen(text) + 1);
	} else if (strcmp(entry->key, "unit") == 0) {
		if (strcmp(text, "mmhg") != 0 && strcmp(text, "relative") != 0)
			return error_at(loader->err, -EINVAL, &where, "give mmhg or relative");
		calibration->unit = text[0] == 'm' ? PRESSURE_MMHG : PRESSURE_RELATIVE;
	} else if (strcmp(entry->key, "quality") == 0) {
		if (text[0] &&
		    (parse_float(&text, &calibration->quality_ratio) < 0 ||
		        calibration->quality_ratio < 0 || calibration->quality_ratio > 1))
			return error_at(loader->err, -ERANGE, &where, "give 0 to 1");
	} else if (strcmp(entry->key, "note") == 0) {
		snprintf(calibration->note, sizeof(calibration->note), "%s", text);
	} else if (strcmp(entry->key, "grade") == 0) {
		if (text[0] < 'A' || text[0] > 'D' || text[1])
			return error_at(loader->err, -EINVAL, &where, "give A, B, C or D");
		calibration->grade = text[0];
	} else if (strcmp(entry->key, "reason") == 0) {
		size_t used = strlen(calibration->reasons);
		snprintf(calibration->reasons + used, sizeof(calibration->reasons) - used, "%s%s",
		    used ? "\n" : "", text);
	} else if (strcmp(entry->key, "noise") == 0) {
		return take_measure(loader, entry, 0, &calibration->noise_mmhg);
	} else if (strcmp(entry->key, "creep") == 0) {
		return take_measure(loader, entry, -1, &calibration->creep_ratio);
	} else if (strcmp(entry->key, "rows") == 0) {
		return take_count(loader, entry, loader->surface->rows, "rows");
	} else if (strcmp(entry->key, "cols") == 0) {
		return take_count(loader, entry, loader->surface->cols, "columns");
	} else if (strcmp(entry->key, "surface") != 0) {
		return error_at(loader->err, -EINVAL, &where,
		    "unknown key; known here: made, surface, mat, unit, rows, cols, quality, "
		    "grade, "
		    "note, reason, noise, creep");
	}
	return 0;
}

static int take_cell(struct loader *loader, const struct ini_entry *entry)
{
	struct place where = inifile_place(loader->ini, entry);
	const char *text = entry->value;
	char *end;
	unsigned long index = strtoul(entry->key, &end, 10);

	if (end == entry->key || *end != '\0' || index >= loader->surface->n_cells)
		return error_at(loader->err, -EINVAL, &where, "no such cell; give 0 to %zu",
		    loader->surface->n_cells - 1);
	if (loader->seen[index])
		return error_at(loader->err, -EINVAL, &where, "this cell stands here twice");
	struct calib_cell *cell = &loader->calibration->cells[index];
	if (parse_float(&text, &cell->offset_counts) < 0 || parse_float(&text, &cell->gain) < 0 ||
	    parse_float(&text, &cell->exponent) < 0)
		return error_at(
		    loader->err, -EINVAL, &where, "give offset, gain and exponent: 12 0.0183 1");
	text += strspn(text, " \t");
	cell->dead = strcmp(text, "dead") == 0;
	if (*text && !cell->dead)
		return error_at(loader->err, -EINVAL, &where,
		    "only \"dead\" may follow offset, gain and exponent");
	if (!(cell->gain > 0) && !cell->dead)
		return error_at(loader->err, -ERANGE, &where, "the gain must be above 0");
	if (!(cell->exponent > 0.1f && cell->exponent < 10))
		return error_at(loader->err, -ERANGE, &where, "the exponent must be 0.1 to 10");
	double above = (double)loader->surface->full_scale_counts - (double)cell->offset_counts;
	if (!isfinite(cell->gain * powf((float)above, cell->exponent)) && above > 0)
		return error_at(
		    loader->err, -ERANGE, &where, "at full scale that is an infinite pressure");
	loader->seen[index] = true;
	loader->n_seen++;
	return 0;
}

static int take_entries(struct loader *loader)
{
	const struct inifile *ini = loader->ini;
	int result = 0;

	for (size_t i = 0; result == 0 && i < ini->n_entries; i++) {
		const struct ini_entry *entry = &ini->entries[i];
		struct place where = {.file = ini->path, .line = entry->line};
		int first = inifile_given_before(ini, i);
		if (strcmp(entry->section, "calibration") == 0 && first &&
		    strcmp(entry->key, "reason") != 0)
			result = error_at(loader->err, -EINVAL, &where,
			    "%s stands already at line %d; keep one", entry->key, first);
		else if (strcmp(entry->section, "calibration") == 0)
			result = take_header(loader, entry);
		else if (strcmp(entry->section, "cells") == 0)
			result = take_cell(loader, entry);
		else
			result = error_at(loader->err, -EINVAL, &where,
			    "unknown section [%s]; a calibration has [calibration] and [cells]",
			    entry->section);
	}
	if (result == 0 && loader->n_seen != loader->surface->n_cells) {
		struct place where = {.file = ini->path};
		result = error_at(loader->err, -EINVAL, &where,
		    "%zu cells are given, the surface \"%s\" has %zu: calibrate it anew",
		    loader->n_seen, loader->surface->name, loader->surface->n_cells);
	}
	return result;
}

static int load(struct calibration *calibration, FILE *file, const char *path,
    const struct surface *surface, struct error *err)
{
	struct inifile ini = {0};
	struct loader loader = {
	    .ini = &ini, .surface = surface, .calibration = calibration, .err = err};
	int result = calibration_init_relative(calibration, surface);

	calibration->unit = PRESSURE_MMHG;
	calibration->note[0] = '\0';
	loader.seen = calloc(surface->n_cells, sizeof(bool));
	if (result < 0 || !loader.seen) {
		error_set(err, -ENOMEM, "%s: out of memory", path);
		result = -ENOMEM;
	}
	if (result == 0)
		result = file ? inifile_read_stream(&ini, file, path, err)
		              : inifile_read(&ini, path, err);
	if (result == 0)
		result = take_entries(&loader);
	inifile_finish(&ini);
	free(loader.seen);
	if (result < 0)
		calibration_finish(calibration);
	return result;
}

int calibration_load(struct calibration *calibration, const char *path,
    const struct surface *surface, struct error *err)
{
	return load(calibration, NULL, path, surface, err);
}

int calibration_parse(struct calibration *calibration, const char *text, const char *name,
    const struct surface *surface, struct error *err)
{
	size_t size = strlen(text);
	FILE *file = size ? fmemopen((void *)text, size, "r") : NULL;

	if (!file)
		return error_set(err, size ? -ENOMEM : -EINVAL, "%s: %s", name,
		    size ? "out of memory" : "an empty calibration");
	int result = load(calibration, file, name, surface, err);
	fclose(file);
	return result;
}

static void write_reasons(FILE *file, const char *reasons)
{
	while (*reasons) {
		size_t length = strcspn(reasons, "\n");
		fprintf(file, "reason = %.*s\n", (int)length, reasons);
		reasons += length + (reasons[length] == '\n');
	}
}

static void write_calibration(
    FILE *file, const struct calibration *calibration, const struct surface *surface)
{
	char stamp[STAMP_SIZE] = "";

	if (calibration->made_real_ns)
		clock_format_stamp(calibration->made_real_ns, 0, stamp);
	fprintf(file,
	    "# Interface pressure from counts: gain * max(counts - offset, 0)^exponent\n"
	    "[calibration]\nmade = %s\nsurface = %s\nunit = %s\nrows = %zu\ncols = %zu\n",
	    stamp, surface->name, calibration->unit == PRESSURE_MMHG ? "mmhg" : "relative",
	    surface->rows, surface->cols);
	if (calibration->mat[0])
		fprintf(file, "mat = %s\n", calibration->mat);
	if (!isnan(calibration->quality_ratio))
		fprintf(file, "quality = %.3f\n", (double)calibration->quality_ratio);
	if (calibration->grade)
		fprintf(file, "grade = %c\n", calibration->grade);
	fprintf(file, "note = %s\n", calibration->note);
	write_reasons(file, calibration->reasons);
	if (!isnan(calibration->noise_mmhg))
		fprintf(file, "noise = %.3f\n", (double)calibration->noise_mmhg);
	if (!isnan(calibration->creep_ratio))
		fprintf(file, "creep = %.4f\n", (double)calibration->creep_ratio);
	fputs("\n[cells]\n# cell = offset, gain, exponent\n", file);
	for (size_t i = 0; i < calibration->n_cells; i++) {
		const struct calib_cell *cell = &calibration->cells[i];
		fprintf(file, "%zu = %.9g %.9g %.9g%s\n", i, (double)cell->offset_counts,
		    (double)cell->gain, (double)cell->exponent, cell->dead ? " dead" : "");
	}
}

char *calibration_text(const struct calibration *calibration, const struct surface *surface)
{
	char *text = NULL;
	size_t size = 0;
	FILE *file = open_memstream(&text, &size);

	if (!file)
		return NULL;
	write_calibration(file, calibration, surface);
	bool failed = ferror(file) != 0;
	failed = fclose(file) != 0 || failed;
	if (!failed)
		return text;
	free(text);
	return NULL;
}
