#include "app/record_show.h"

#include "app/command.h"
#include "app/record_npy.h"
#include "base/clock.h"
#include "calib/calib.h"
#include "recording/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what a recording holds -------------------------------------------------------------- */

/* Longer without a frame is a gap, as the pipeline has it unless it is told otherwise. */
static const int64_t gap_ns = 5 * NS_PER_S;

struct seen {
	uint64_t frames, gaps;
	int64_t first_ns, last_ns, first_real_ns, gaps_ns;
	int32_t utc_offset_s;
};

static void see_frame(struct seen *seen, const struct frame *frame)
{
	int64_t since_ns = frame->mono_ns - seen->last_ns;

	if (seen->frames++ == 0) {
		seen->first_ns = frame->mono_ns;
	} else if (since_ns > gap_ns) {
		seen->gaps++;
		seen->gaps_ns += since_ns;
	}
	seen->last_ns = frame->mono_ns;
	if (seen->first_real_ns == 0) {
		seen->first_real_ns = frame->real_ns;
		seen->utc_offset_s = frame->utc_offset_s;
	}
}

/* Reads the whole file, so that what is said of it is so. The number of damaged places. */
static size_t see_frames(struct recording_reader *reader, struct seen *seen, const char *command)
{
	struct frame frame;
	struct error err;
	int surface, result;
	size_t n_damaged = 0;

	while ((result = recording_next(reader, -1, &surface, &frame, &err)) != -ENODATA) {
		if (result < 0) {
			command_fault(command, &err);
			n_damaged++;
			continue;
		}
		see_frame(&seen[surface], &frame);
	}
	return n_damaged;
}

/* The calibration inside. False: there is none, or it cannot be read. The caller finishes it. */
static bool calibration_of(
    const struct recording_reader *reader, size_t index, struct calibration *calibration)
{
	const char *text = recording_calibration(reader, index);

	return text && calibration_parse(calibration, text, "inside",
	                   recording_surface(reader, index), NULL) == 0;
}

static void print_calibration(const struct recording_reader *reader, size_t index)
{
	struct calibration calibration;
	char stamp[STAMP_SIZE] = "at a time not known";

	if (!calibration_of(reader, index, &calibration)) {
		puts(recording_calibration(reader, index)
		         ? "  its calibration cannot be read"
		         : "  not calibrated: pressures are relative");
		return;
	}
	if (calibration.made_real_ns)
		clock_format_stamp(calibration.made_real_ns, 0, stamp);
	printf("  calibrated %s%s", stamp,
	    calibration.unit == PRESSURE_MMHG ? " in mmHg" : ", relative");
	if (calibration.grade)
		printf(", grade %c", calibration.grade);
	putchar('\n');
	calibration_finish(&calibration);
}

static void print_surface(
    const struct recording_reader *reader, size_t index, const struct seen *seen)
{
	const struct surface *surface = recording_surface(reader, index);
	uint64_t n_written = recording_n_written(reader, index);
	char stamp[STAMP_SIZE] = "at a time not known";
	double length_s = (double)(seen->last_ns - seen->first_ns) / 1e9;

	if (seen->first_real_ns)
		clock_format_stamp(seen->first_real_ns, seen->utc_offset_s, stamp);
	printf("%s: %s, ", surface->name, surface_kind_name(surface->kind));
	if (surface_is_grid(surface))
		printf("%zu x %zu cells %g mm apart", surface->rows, surface->cols,
		    (double)surface->pitch_mm);
	else
		printf("%zu cells in a free layout", surface->n_cells);
	printf(", counts to %g\n", (double)surface->full_scale_counts);
	printf("  %" PRIu64 " frames in %.1f s, from %s", seen->frames, length_s, stamp);
	if (length_s > 0)
		printf(", %.1f a second (nominal %g)", (double)(seen->frames - 1) / length_s,
		    (double)surface->rate_hz);
	putchar('\n');
	if (n_written > seen->frames)
		printf("  %" PRIu64 " of %" PRIu64 " frames are lost: the file is damaged\n",
		    n_written - seen->frames, n_written);
	if (seen->gaps)
		printf("  %" PRIu64 " gap%s of more than %lld s, %.1f s in all\n", seen->gaps,
		    seen->gaps == 1 ? "" : "s", gap_ns / NS_PER_S, (double)seen->gaps_ns / 1e9);
	print_calibration(reader, index);
}

static json_t *calibration_json(const struct recording_reader *reader, size_t index)
{
	struct calibration calibration;
	char stamp[STAMP_SIZE] = "", grade[2] = "";

	if (!calibration_of(reader, index, &calibration))
		return json_null();
	if (calibration.made_real_ns)
		clock_format_stamp(calibration.made_real_ns, 0, stamp);
	grade[0] = calibration.grade;
	json_t *json = json_pack("{s:s, s:s?, s:s?, s:s}", "unit",
	    calibration.unit == PRESSURE_MMHG ? "mmHg" : "relative", "made",
	    stamp[0] ? stamp : NULL, "grade", grade[0] ? grade : NULL, "note", calibration.note);
	calibration_finish(&calibration);
	return json;
}

static json_t *places_json(const struct surface *surface)
{
	json_t *places = json_array();

	if (!surface->places) {
		json_decref(places);
		return json_null();
	}
	for (size_t i = 0; i < surface->n_cells; i++) {
		const struct cell_place *place = &surface->places[i];
		json_array_append_new(
		    places, json_pack("{s:f, s:f, s:s}", "x_mm", (double)place->x_mm, "y_mm",
		                (double)place->y_mm, "region", region_name(place->region)));
	}
	return places;
}

static json_t *surface_json(
    const struct recording_reader *reader, size_t index, const struct seen *seen)
{
	const struct surface *surface = recording_surface(reader, index);
	uint64_t n_written = recording_n_written(reader, index);
	char stamp[STAMP_SIZE] = "";

	if (seen->first_real_ns)
		clock_format_stamp(seen->first_real_ns, seen->utc_offset_s, stamp);
	return json_pack("{s:s, s:s, s:i, s:i, s:i, s:f, s:f, s:f, s:I, s:I, s:I, s:f, s:f, s:s?, "
	                 "s:o, s:o}",
	    "name", surface->name, "kind", surface_kind_name(surface->kind), "rows",
	    (int)surface->rows, "cols", (int)surface->cols, "cells", (int)surface->n_cells,
	    "pitch_mm", (double)surface->pitch_mm, "full_scale", (double)surface->full_scale_counts,
	    "rate_hz", (double)surface->rate_hz, "frames", (json_int_t)seen->frames, "lost",
	    (json_int_t)(n_written > seen->frames ? n_written - seen->frames : 0), "gaps",
	    (json_int_t)seen->gaps, "gaps_s", (double)seen->gaps_ns / 1e9, "length_s",
	    (double)(seen->last_ns - seen->first_ns) / 1e9, "start", stamp[0] ? stamp : NULL,
	    "calibration", calibration_json(reader, index), "places", places_json(surface));
}

static int print_json(
    const struct recording_reader *reader, const struct seen *seen, size_t n_damaged)
{
	static const char *const endings[] = {"closed", "cut off", NULL};
	json_t *surfaces = json_array();

	for (size_t i = 0; i < recording_n_surfaces(reader); i++)
		json_array_append_new(surfaces, surface_json(reader, i, &seen[i]));
	json_t *json = json_pack("{s:s, s:s?, s:i, s:o}", "notes", recording_notes(reader),
	    "ending", endings[recording_ending(reader)], "damaged", (int)n_damaged, "surfaces",
	    surfaces);
	int failed = !json || json_dumpf(json, stdout, JSON_INDENT(2)) < 0;
	putchar('\n');
	json_decref(json);
	return failed ? EXIT_FAULT : EXIT_OK;
}

static void print_text(const struct recording_reader *reader, const struct seen *seen)
{
	for (size_t i = 0; i < recording_n_surfaces(reader); i++)
		print_surface(reader, i, &seen[i]);
	if (recording_ending(reader) == RECORDING_CUT_OFF)
		printf("not closed: it was cut off, or is still being written; up to its last %d s "
		       "are "
		       "missing\n",
		    RECORDING_CHUNK_S);
	if (*recording_notes(reader))
		printf("notes: %s\n", recording_notes(reader));
}

int record_show_info(const char *command, const char *path, bool json)
{
	struct seen seen[RECORDING_SURFACES_MAX] = {0};
	struct recording_reader *reader;
	struct error err = {0};
	int status = EXIT_OK;

	if (recording_open(&reader, path, &err) < 0)
		return command_fault(command, &err);
	size_t n_damaged = see_frames(reader, seen, command);
	if (json)
		status = print_json(reader, seen, n_damaged);
	else
		print_text(reader, seen);
	recording_close_reader(reader);
	return n_damaged ? EXIT_FAULT : status;
}

/* ---- its frames as text, and as arrays ---------------------------------------------------- */

/* The index, or -ENOENT with an error that names what there is. */
static int find_surface(
    const struct recording_reader *reader, const char *path, const char *name, struct error *err)
{
	size_t n = recording_n_surfaces(reader), used = 0;
	char there[200] = "";

	if (!name && n == 1)
		return 0;
	for (size_t i = 0; i < n; i++) {
		const char *known = recording_surface(reader, i)->name;
		if (name && strcmp(known, name) == 0)
			return (int)i;
		if (used < sizeof(there))
			used += (size_t)snprintf(
			    there + used, sizeof(there) - used, "%s%s", i ? ", " : "", known);
	}
	return error_set(
	    err, -ENOENT, "%s: %zu surfaces: name one of them with --surface: %s", path, n, there);
}

static void print_frame(const struct frame *frame)
{
	for (size_t i = 0; i < frame->n_cells; i++)
		printf("%s%.9g", i ? "\t" : "", (double)frame->counts[i]);
	putchar('\n');
}

int record_show_frames(const char *command, const char *path, const char *name)
{
	struct recording_reader *reader;
	struct error err = {0};
	struct frame frame;
	int status = EXIT_OK, result;

	if (recording_open(&reader, path, &err) < 0)
		return command_fault(command, &err);
	int surface = find_surface(reader, path, name, &err);
	if (surface < 0)
		status = command_fault(command, &err);
	while (surface >= 0 &&
	       (result = recording_next(reader, surface, NULL, &frame, &err)) != -ENODATA) {
		if (result < 0)
			status = command_fault(command, &err);
		else
			print_frame(&frame);
	}
	recording_close_reader(reader);
	if (fflush(stdout) != 0)
		status = command_fault(
		    command, &(struct error){.text = "stdout cannot be written"});
	return status;
}

struct complaint {
	const char *command;
	int status;
};

static void complain(void *user, const struct error *err)
{
	struct complaint *complaint = user;

	complaint->status = command_fault(complaint->command, err);
}

int record_show_npy(const char *command, const char *path, const char *name, const char *folder)
{
	struct complaint complaint = {.command = command, .status = EXIT_OK};
	struct recording_reader *reader;
	struct error err = {0};

	if (recording_open(&reader, path, &err) < 0)
		return command_fault(command, &err);
	int only = name ? find_surface(reader, path, name, &err) : -1;
	if ((name && only < 0) || record_npy(reader, folder, only, complain, &complaint, &err) < 0)
		complain(&complaint, &err);
	recording_close_reader(reader);
	return complaint.status;
}
