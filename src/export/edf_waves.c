#include "export/edf_waves.h"

#include "base/clock.h"
#include "export/edf_course.h"
#include "export/edf_notes.h"
#include "export/edf_signal.h"
#include "export/edf_watch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RECORD_S     10.0
#define LEAD_SLOTS   EDF_WAVES_HZ /* kept free before the first frame: the file begins at a second */
#define BRIDGED_S    1.0          /* as for the breathing windows: body/vitals_history.c */
#define BRIDGED_GAPS 3.0

/* ---- signals -------------------------------------------------------------------------------- */

static double load(const struct observation *o)
{
	return (double)o->load;
}

static double centre_x(const struct observation *o)
{
	return 100.0 * (double)o->centre_x_ratio;
}

static double centre_y(const struct observation *o)
{
	return 100.0 * (double)o->centre_y_ratio;
}

static double movement(const struct observation *o)
{
	return 100.0 * (double)o->movement_ratio;
}

static double breathing(const struct observation *o)
{
	return (double)o->breathing_per_min;
}

static double heart(const struct observation *o)
{
	return (double)o->heart_per_min;
}

static double sideways(const struct observation *o)
{
	return 100.0 * (double)o->sideways_ratio;
}

static const struct wave_kind {
	struct edf_kind kind;
	double (*value)(const struct observation *); /* NULL: waves are laid over it */
} kinds[] = {
    {{"Resp", NULL, 0.0, 0.0, EDF_BED, true}, NULL},
    {{"Breathing", "/min", -1.0, 60.0, EDF_BED, true}, breathing},
    {{"Heart", "/min", -1.0, 200.0, EDF_BED, true}, heart},
    {{"Load", NULL, 0.0, 0.0, EDF_BED | EDF_SEAT, false}, load},
    {{"CoP x", "%", -1.0, 100.0, EDF_BED | EDF_SEAT, true}, centre_x},
    {{"CoP y", "%", -1.0, 100.0, EDF_BED | EDF_SEAT, true}, centre_y},
    {{"Movement", "%", -1.0, 200.0, EDF_BED | EDF_SEAT, true}, movement},
    {{"Sideways", "%", -101.0, 100.0, EDF_SEAT, true}, sideways},
};
enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]), RESP = 0 };

/* ---- while it plays ------------------------------------------------------------------------- */

struct mat {
	bool any; /* frames */
	char name[SURFACE_NAME_SIZE];
	enum surface_kind kind;
	enum pressure_unit unit;
	double bridged_s;
	enum occupancy occupancy;
	struct edf_course courses[N_KINDS];
};

struct edf_waves {
	int64_t origin_ns; /* mono of the first frame */
	double end_s;      /* of the newest, since the origin; negative: none yet */
	struct mat mats[EDF_MATS_MAX];
	struct edf_watch watch;
	int fault; /* 0, -ENOMEM, -EFBIG */
};

struct edf_waves *edf_waves_create(void)
{
	struct edf_waves *waves = calloc(1, sizeof(*waves));

	if (waves)
		waves->end_s = -1.0;
	return waves;
}

void edf_waves_destroy(struct edf_waves *waves)
{
	if (!waves)
		return;
	for (size_t i = 0; i < EDF_MATS_MAX; i++)
		for (size_t k = 0; k < N_KINDS; k++)
			edf_course_finish(&waves->mats[i].courses[k]);
	edf_watch_finish(&waves->watch);
	free(waves);
}

static void keep_fault(struct edf_waves *waves, int rc)
{
	if (waves->fault == 0)
		waves->fault = rc;
}

static void begin_mat(struct mat *mat, const struct surface *surface)
{
	mat->any = true;
	snprintf(mat->name, sizeof(mat->name), "%s", surface->name);
	mat->kind = surface->kind;
	mat->bridged_s = fmax(BRIDGED_S, BRIDGED_GAPS / (double)surface->rate_hz);
}

static double slot_of(double t_s)
{
	return LEAD_SLOTS + t_s * EDF_WAVES_HZ;
}

void edf_waves_observe(
    struct edf_waves *waves, size_t i, const struct surface *surface, const struct observation *o)
{
	struct mat *mat = &waves->mats[i];

	if (waves->end_s < 0.0)
		waves->origin_ns = o->mono_ns;
	double t_s = (double)(o->mono_ns - waves->origin_ns) / (double)NS_PER_S;
	if (t_s > EDF_WAVES_DAYS_MAX * 86400.0)
		keep_fault(waves, -EFBIG);
	if (waves->fault)
		return;
	waves->end_s = t_s;
	if (!mat->any)
		begin_mat(mat, surface);
	edf_watch_observe(&waves->watch, i, mat->bridged_s, o, t_s);
	if (o->technical != TECHNICAL_NONE)
		return;
	mat->unit = o->unit;
	mat->occupancy = o->occupancy;
	size_t bridged = (size_t)(mat->bridged_s * EDF_WAVES_HZ);
	for (size_t k = 0; k < N_KINDS; k++)
		if (kinds[k].value && edf_kind_is_of(&kinds[k].kind, mat->kind))
			keep_fault(waves, edf_course_add(&mat->courses[k], slot_of(t_s),
			                      (float)kinds[k].value(o), bridged));
}

void edf_waves_breathe(struct edf_waves *waves, size_t i, const struct wave *wave)
{
	struct mat *mat = &waves->mats[i];
	double end_s = (double)(wave->end_ns - waves->origin_ns) / (double)NS_PER_S;

	if (waves->fault == 0 && mat->occupancy == OCCUPANCY_PERSON)
		keep_fault(waves,
		    edf_course_overlay(&mat->courses[RESP], wave, slot_of(end_s), EDF_WAVES_HZ));
}

/* ---- the file ------------------------------------------------------------------------------- */

struct writer {
	struct edf_waves *waves;
	const struct range *range;
	size_t lead; /* of LEAD_SLOTS, how many stay before the first frame */
	size_t n_records;
	int32_t utc_offset_s;
	bool synchronised; /* the clock that dates it */
	struct edf_signal signals[EDF_MATS_MAX * N_KINDS];
	size_t n_signals;
	struct edf_notes notes;
};

/* When the first frame was: the store dates all of a session by one clock (store/schema.sql). */
static int find_start(struct writer *writer, struct error *err)
{
	struct stored_epoch *epochs = NULL;
	size_t n = 0;
	int rc = range_epochs(writer->range, 0, &epochs, &n, err);

	if (rc == 0 && n == 0)
		rc = error_set(err, -ENODATA, "no minute of it has a time of day");
	if (rc == 0) {
		int64_t origin_ns = writer->waves->origin_ns + epochs[0].real_ns -
		                    epochs[0].epoch.start_ns;
		int64_t slot_ns = NS_PER_S / EDF_WAVES_HZ;
		writer->utc_offset_s = epochs[0].utc_offset_s;
		writer->synchronised = epochs[0].synchronised;
		writer->lead = (size_t)((origin_ns % NS_PER_S + slot_ns / 2) / slot_ns);
		writer->notes.start_ns = origin_ns - origin_ns % NS_PER_S;
	}
	free(epochs);
	return rc;
}

static int add_signals(struct writer *writer)
{
	size_t room = writer->n_records * (size_t)RECORD_S * EDF_WAVES_HZ;

	for (size_t i = 0; i < EDF_MATS_MAX; i++)
		for (size_t k = 0; k < N_KINDS; k++) {
			struct mat *mat = &writer->waves->mats[i];
			struct edf_course *course = &mat->courses[k];

			if (!mat->any || !edf_kind_is_of(&kinds[k].kind, mat->kind) ||
			    (kinds[k].kind.if_any && !edf_course_any(course)))
				continue;
			if (edf_course_extend(course, LEAD_SLOTS + room) != 0)
				return -ENOMEM;
			edf_signal_fill(&writer->signals[writer->n_signals++], &kinds[k].kind,
			    mat->name, mat->unit, course->values + LEAD_SLOTS - writer->lead, room);
		}
	return 0;
}

static int add_notes(struct writer *writer, struct error *err)
{
	struct edf_notes *notes = &writer->notes;
	const struct edf_watch *watch = &writer->waves->watch;
	double lead_s = (double)writer->lead / EDF_WAVES_HZ;
	int rc = edf_notes_add_findings(notes, writer->range);

	if (rc == 0 && !writer->synchronised)
		rc = edf_notes_add(notes, 0.0, 0.0, "Clock not synchronised", "");
	for (size_t i = 0; rc == 0 && i < watch->n; i++) {
		const struct edf_span *span = &watch->spans[i];
		if (!span->pending)
			rc = edf_notes_add(notes, lead_s + span->from_s, lead_s + span->to_s,
			    span->what, span->which);
	}
	for (size_t i = 0; rc == 0 && i < writer->range->n_nights; i++) {
		struct minutes *minutes = NULL;
		rc = range_minutes(writer->range, i, &minutes, err);
		if (rc == 0)
			rc = edf_notes_add_feeds(notes, minutes);
		free(minutes);
	}
	edf_notes_sort(notes);
	return rc;
}

static int write_file(struct writer *writer, FILE *out, struct error *err)
{
	struct edf_waves *waves = writer->waves;
	int rc = find_start(writer, err);

	if (rc != 0)
		return rc;
	edf_watch_end(&waves->watch, waves->end_s);
	double length_s = waves->end_s + (double)(writer->lead + 1) / EDF_WAVES_HZ;
	writer->n_records = (size_t)ceil(length_s / RECORD_S);
	writer->notes.length_s = (double)writer->n_records * RECORD_S;
	rc = add_signals(writer);
	if (rc == 0)
		rc = add_notes(writer, err);
	if (rc != 0)
		return err->code ? rc : error_set(err, rc, "out of memory");
	return edf_file_write(&(struct edf_file){.start_ns = writer->notes.start_ns,
	                          .utc_offset_s = writer->utc_offset_s,
	                          .record_s = RECORD_S,
	                          .samples_a_record = (size_t)RECORD_S * EDF_WAVES_HZ,
	                          .n_records = writer->n_records,
	                          .signals = writer->signals,
	                          .n_signals = writer->n_signals,
	                          .notes = writer->notes.list,
	                          .n_notes = writer->notes.n},
	    out, err);
}

int edf_waves_write(
    struct edf_waves *waves, const struct range *range, FILE *out, struct error *err)
{
	if (waves->fault == -EFBIG)
		return error_set(err, -EFBIG, "lasts more than %d days", EDF_WAVES_DAYS_MAX);
	if (waves->fault || waves->watch.full)
		return error_set(err, -ENOMEM, "out of memory");
	if (waves->end_s < 0.0)
		return error_set(err, -ENODATA, "holds no frame");
	struct writer *writer = calloc(1, sizeof(*writer));
	if (!writer)
		return error_set(err, -ENOMEM, "out of memory");
	writer->waves = waves;
	writer->range = range;
	int rc = write_file(writer, out, err);
	edf_notes_finish(&writer->notes);
	free(writer);
	return rc;
}
