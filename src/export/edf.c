#include "export/edf.h"

#include "base/clock.h"
#include "core/names.h"
#include "export/edf_file.h"
#include "export/edf_notes.h"
#include "export/edf_signal.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_S 60.0

/* ---- signals -------------------------------------------------------------------------------- */

static double breathing(const struct epoch *e)
{
	return (double)e->breathing_per_min;
}

static double heart(const struct epoch *e)
{
	return (double)e->heart_per_min;
}

static double load(const struct epoch *e)
{
	return (double)e->load;
}

static double centre_x(const struct epoch *e)
{
	return 100.0 * (double)e->centre_x_ratio;
}

static double centre_y(const struct epoch *e)
{
	return 100.0 * (double)e->centre_y_ratio;
}

static double movement(const struct epoch *e)
{
	return e->observed_s > 0.0f ? (double)e->moving_s : (double)NAN;
}

static double sideways(const struct epoch *e)
{
	return 100.0 * (double)e->sideways_ratio;
}

static const struct minute_kind {
	struct edf_kind kind;
	double (*value)(const struct epoch *epoch);
} kinds[] = {
    {{"Breathing", "/min", -1.0, 60.0, EDF_BED, false}, breathing},
    {{"Heart", "/min", -1.0, 200.0, EDF_BED, true}, heart},
    {{"Load", NULL, 0.0, 0.0, EDF_BED | EDF_SEAT, false}, load},
    {{"CoP x", "%", -1.0, 100.0, EDF_BED | EDF_SEAT, false}, centre_x},
    {{"CoP y", "%", -1.0, 100.0, EDF_BED | EDF_SEAT, false}, centre_y},
    {{"Movement", "s", -1.0, 60.0, EDF_BED | EDF_SEAT, false}, movement},
    {{"Sideways", "%", -101.0, 100.0, EDF_SEAT, false}, sideways},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

/* One signal of one mat, while it is filled. */
struct course {
	const struct minute_kind *kind;
	const struct stored_surface *surface;
	float *values; /* owned */
	bool any;
};

struct writer {
	const struct range *range;
	size_t n_minutes;
	struct course *courses;
	size_t n_courses;
	struct edf_signal *signals;
	size_t n_signals;
	struct edf_notes notes;
};

/* A load in another unit, from before a calibration, is left out. */
static void take(struct course *course, const struct stored_epoch *epoch, size_t minute)
{
	double value = course->kind->value(&epoch->epoch);

	if (epoch->surface_id != course->surface->id || !isfinite(value) ||
	    (!course->kind->kind.dimension && epoch->unit != course->surface->unit))
		return;
	course->values[minute] = (float)value;
	course->any = true;
}

static int fill_courses(struct writer *writer, struct error *err)
{
	int rc = 0;

	for (size_t night = 0; rc == 0 && night < writer->range->n_nights; night++) {
		struct stored_epoch *epochs = NULL;
		size_t n = 0;

		rc = range_epochs(writer->range, night, &epochs, &n, err);
		for (size_t i = 0; i < n; i++) {
			int64_t minute =
			    (epochs[i].real_ns - writer->notes.start_ns + EPOCH_NS / 2) / EPOCH_NS;

			for (size_t c = 0; c < writer->n_courses; c++)
				if (minute >= 0 && (size_t)minute < writer->n_minutes)
					take(&writer->courses[c], &epochs[i], (size_t)minute);
		}
		free(epochs);
	}
	return rc;
}

static int add_course(struct writer *writer, const struct minute_kind *kind,
    const struct stored_surface *surface, struct error *err)
{
	float *values = calloc(writer->n_minutes, sizeof(*values));

	if (!values)
		return error_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < writer->n_minutes; i++)
		values[i] = NAN;
	writer->courses[writer->n_courses++] = (struct course){
	    .kind = kind, .surface = surface, .values = values};
	return 0;
}

static int add_signals(struct writer *writer, struct error *err)
{
	const struct range *range = writer->range;
	size_t room = range->n_surfaces * N_KINDS + 1;
	int rc = 0;

	writer->signals = calloc(room, sizeof(*writer->signals));
	writer->courses = calloc(room, sizeof(*writer->courses));
	if (!writer->signals || !writer->courses)
		return error_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; i < range->n_surfaces; i++)
		for (size_t k = 0; rc == 0 && k < N_KINDS; k++)
			if (edf_kind_is_of(&kinds[k].kind, range->surfaces[i].kind))
				rc = add_course(writer, &kinds[k], &range->surfaces[i], err);
	if (rc == 0)
		rc = fill_courses(writer, err);
	for (size_t i = 0; rc == 0 && i < writer->n_courses; i++) {
		const struct course *course = &writer->courses[i];

		if (course->any || !course->kind->kind.if_any)
			edf_signal_fill(&writer->signals[writer->n_signals++], &course->kind->kind,
			    course->surface->name, course->surface->unit, course->values,
			    writer->n_minutes);
	}
	return rc;
}

/* ---- annotations ---------------------------------------------------------------------------- */

/* What a minute is, 0: nothing to say. Runs of one value become one annotation. */
typedef int minute_state(const struct minute *minute);

static int posture_state(const struct minute *minute)
{
	for (enum posture p = POSTURE_SUPINE; p <= POSTURE_EDGE; p++)
		if (minute->posture_s[p] >= 30.0f)
			return (int)p;
	return 0;
}

static int out_state(const struct minute *minute)
{
	return minute->bed_observed_s >= 30.0f && minute->bed_empty_s >= 30.0f;
}

static int bed_gap_state(const struct minute *minute)
{
	return minute->bed_observed_s < 30.0f;
}

static int chair_gap_state(const struct minute *minute)
{
	return minute->seat_observed_s < 30.0f;
}

static int add_runs(struct writer *writer, const struct minutes *minutes, size_t from, size_t to,
    minute_state *state, const char *what)
{
	int rc = 0, inside = 0;

	for (size_t i = from, begun = from; rc == 0 && i <= to; i++) {
		int here = i < to ? state(&minutes->minute[i]) : 0;

		if (here == inside)
			continue;
		if (inside)
			rc = edf_notes_add_real(&writer->notes, minutes_real_ns(minutes, begun),
			    minutes_real_ns(minutes, i), what,
			    state == posture_state ? posture_name((enum posture)inside) : "");
		inside = here;
		begun = i;
	}
	return rc;
}

/* The first minute of lying, and the one after the last: only between them she gets up. */
static void find_rest(const struct minutes *minutes, size_t *from, size_t *to)
{
	*from = *to = 0;
	for (size_t i = 0; i < minutes->n; i++)
		if (minutes->minute[i].lying_s >= 30.0f) {
			*from = *to ? *from : i;
			*to = i + 1;
		}
}

static int note_night(struct writer *writer, size_t night, struct error *err)
{
	struct minutes *minutes = NULL;
	size_t from, to;
	int rc = range_minutes(writer->range, night, &minutes, err);

	if (rc != 0)
		return rc;
	find_rest(minutes, &from, &to);
	rc = add_runs(writer, minutes, 0, minutes->n, posture_state, "Posture");
	if (rc == 0 && minutes->has_bed)
		rc = add_runs(writer, minutes, 0, minutes->n, bed_gap_state, "Bed not observed");
	if (rc == 0 && minutes->has_seat)
		rc = add_runs(
		    writer, minutes, 0, minutes->n, chair_gap_state, "Chair not observed");
	if (rc == 0 && minutes->has_bed)
		rc = add_runs(writer, minutes, from, to, out_state, "Out of bed");
	if (rc == 0)
		rc = edf_notes_add_feeds(&writer->notes, minutes);
	free(minutes);
	return rc;
}

static int add_notes(struct writer *writer, struct error *err)
{
	const struct range *range = writer->range;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < range->n_nights; i++)
		rc = note_night(writer, i, err);
	for (size_t i = 0; rc == 0 && i + 1 < range->n_nights; i++)
		if (range->nights[i].facts.end_ns < range->nights[i + 1].facts.start_ns)
			rc = edf_notes_add_real(&writer->notes, range->nights[i].facts.end_ns,
			    range->nights[i + 1].facts.start_ns, "Nothing observed", "");
	return rc == 0 ? edf_notes_add_findings(&writer->notes, range) : rc;
}

/* ---- the file ------------------------------------------------------------------------------- */

static void find_length(struct writer *writer)
{
	const struct range *range = writer->range;
	const struct range_night *last = &range->nights[range->n_nights - 1];
	int64_t end_ns = last->running ? range->now_ns : last->facts.end_ns;

	writer->notes.start_ns = range->nights[0].facts.start_ns;
	writer->n_minutes = (size_t)((end_ns - writer->notes.start_ns) / EPOCH_NS);
	if (writer->n_minutes == 0)
		writer->n_minutes = 1;
	writer->notes.length_s = MINUTE_S * (double)writer->n_minutes;
}

int edf_write(const struct range *range, FILE *out, struct error *err)
{
	struct writer writer = {.range = range};

	find_length(&writer);
	int rc = add_signals(&writer, err);
	if (rc == 0)
		rc = add_notes(&writer, err);
	edf_notes_sort(&writer.notes);
	if (rc == 0)
		rc = edf_file_write(&(struct edf_file){.start_ns = writer.notes.start_ns,
		                        .utc_offset_s = range->nights[0].facts.start_offset_s,
		                        .record_s = MINUTE_S,
		                        .samples_a_record = 1,
		                        .n_records = writer.n_minutes,
		                        .signals = writer.signals,
		                        .n_signals = writer.n_signals,
		                        .notes = writer.notes.list,
		                        .n_notes = writer.notes.n},
		    out, err);
	for (size_t i = 0; i < writer.n_courses; i++)
		free(writer.courses[i].values);
	free(writer.courses);
	free(writer.signals);
	edf_notes_finish(&writer.notes);
	return rc;
}
