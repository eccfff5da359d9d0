#include "export/tables.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- cells ---------------------------------------------------------------------------------- */

struct row {
	FILE *out;
	bool begun; /* the next cell needs a comma */
};

static void begin_cell(struct row *row)
{
	if (row->begun)
		fputc(',', row->out);
	row->begun = true;
}

static void put_text(struct row *row, const char *text)
{
	begin_cell(row);
	if (!text[strcspn(text, ",\"\r\n")]) {
		fputs(text, row->out);
		return;
	}
	fputc('"', row->out);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', row->out);
		fputc(*text, row->out);
	}
	fputc('"', row->out);
}

static void put_nothing(struct row *row)
{
	begin_cell(row);
}

/* Seven digits are all that a float holds. */
static void put_number(struct row *row, double value)
{
	begin_cell(row);
	if (isfinite(value))
		fprintf(row->out, "%.7g", value);
}

static void put_count(struct row *row, int64_t count)
{
	begin_cell(row);
	fprintf(row->out, "%lld", (long long)count);
}

static void put_stamp(struct row *row, int64_t real_ns, int32_t utc_offset_s)
{
	char text[STAMP_SIZE] = "";

	if (real_ns != 0)
		clock_format_stamp(real_ns, utc_offset_s, text);
	put_text(row, text);
}

static void put_day(struct row *row, int32_t day)
{
	char text[DATE_SIZE];

	clock_format_day(day, text);
	put_text(row, text);
}

static void end_row(struct row *row)
{
	fputs("\r\n", row->out);
	row->begun = false;
}

/* PREFIX_NAME_s for each word of an enumeration. */
static void put_words(struct row *row, const char *prefix, int n, const char *(*name)(int))
{
	char text[64];

	for (int i = 0; i < n; i++) {
		snprintf(text, sizeof(text), "%s_%s_s", prefix, name(i));
		put_text(row, text);
	}
}

static const char *name_of_posture(int posture)
{
	return posture_name((enum posture)posture);
}

static const char *name_of_seat(int state)
{
	return seat_state_name((enum seat_state)state);
}

static void put_names(struct row *row, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_text(row, names[i]);
}
#define NAMES(row, ...)                                                                            \
	put_names(row, (const char *const[]){__VA_ARGS__},                                         \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* Seconds of each word, or nothing where the mat is not of that kind. */
static void put_seconds(struct row *row, const float *seconds, int n, bool known)
{
	for (int i = 0; i < n; i++)
		put_number(row, known ? (double)seconds[i] : NAN);
}

/* ---- epochs --------------------------------------------------------------------------------- */

static void put_epoch_header(struct row *row)
{
	NAMES(row, "night_date", "surface", "kind", "start_time", "clock_synchronised",
	    "observed_s", "technical_s", "person_s", "object_s", "empty_s", "unknown_s");
	put_words(row, "posture", POSTURE_COUNT, name_of_posture);
	put_words(row, "seat", SEAT_STATE_COUNT, name_of_seat);
	NAMES(row, "moving_s", "activity_ratio_s", "shifts_count", "exits_count", "bends_count",
	    "load_sum_mmhg", "load_sum_percent", "centre_x_ratio", "centre_y_ratio", "valley_ratio",
	    "quiet_supine_s", "breathing_per_min", "heart_per_min", "sideways_ratio",
	    "sideways_peak_ratio", "forward_ratio", "health_ratio");
	end_row(row);
}

static void put_epoch(struct row *row, const struct stored_surface *surface,
    const struct stored_epoch *stored, int32_t day)
{
	const struct epoch *e = &stored->epoch;
	bool seen = e->observed_s > 0.0f; /* else nothing is known but that */
	bool bed = seen && surface->kind == SURFACE_BED,
	     seat = seen && surface->kind == SURFACE_SEAT;
	bool mmhg = stored->unit == PRESSURE_MMHG;
	const float places[] = {e->person_s, e->object_s, e->empty_s, e->unknown_s};

	put_day(row, day);
	put_text(row, surface->name);
	put_text(row, surface_kind_name(surface->kind));
	put_stamp(row, stored->real_ns, stored->utc_offset_s);
	put_text(row, stored->synchronised ? "yes" : "no");
	put_number(row, (double)e->observed_s);
	put_number(row, (double)e->technical_s);
	put_seconds(row, places, 4, seen);
	put_seconds(row, e->posture_s, POSTURE_COUNT, bed);
	put_seconds(row, e->seat_s, SEAT_STATE_COUNT, seat);
	put_number(row, seen ? (double)e->moving_s : NAN);
	put_number(row, seen ? (double)e->activity : NAN);
	put_number(row, bed ? (double)e->shifts : NAN);
	put_number(row, seen ? (double)e->exits : NAN);
	put_number(row, seat ? (double)e->bends : NAN);
	put_number(row, mmhg ? (double)e->load : NAN);
	put_number(row, mmhg ? NAN : (double)e->load);
	put_number(row, (double)e->centre_x_ratio);
	put_number(row, (double)e->centre_y_ratio);
	put_number(row, (double)e->valley_ratio);
	put_number(row, bed ? (double)e->quiet_supine_s : NAN);
	put_number(row, (double)e->breathing_per_min);
	put_number(row, (double)e->heart_per_min);
	put_number(row, (double)e->sideways_ratio);
	put_number(row, (double)e->sideways_peak_ratio);
	put_number(row, (double)e->forward_ratio);
	put_number(row, (double)e->health_ratio);
	end_row(row);
}

static int write_epochs(const struct range *range, FILE *out, struct error *err)
{
	struct row row = {.out = out};
	int rc = 0;

	put_epoch_header(&row);
	for (size_t night = 0; rc == 0 && night < range->n_nights; night++) {
		struct stored_epoch *epochs = NULL;
		size_t n = 0;

		rc = range_epochs(range, night, &epochs, &n, err);
		for (size_t i = 0; i < n; i++) {
			const struct stored_surface *surface = range_surface(
			    range, epochs[i].surface_id);
			if (surface)
				put_epoch(
				    &row, surface, &epochs[i], range->nights[night].facts.day);
		}
		free(epochs);
	}
	return rc;
}

/* ---- events --------------------------------------------------------------------------------- */

static void put_event(struct row *row, const struct range *range, const struct stored_event *event)
{
	const struct stored_surface *surface = range_surface(range, event->surface_id);
	double length_s = (double)(event->end_real_ns - event->start_real_ns) / (double)NS_PER_S;
	bool dated = event->start_real_ns != 0 && event->end_real_ns != 0;

	put_day(row, event->day != 0 ? event->day
	                             : minutes_night_of(event->start_real_ns, event->utc_offset_s));
	put_text(row, surface ? surface->name : "");
	put_text(row, event->rule);
	put_text(row, event_level_name(event->level));
	put_text(row, event->advice_id);
	put_stamp(row, event->start_real_ns, event->utc_offset_s);
	put_stamp(row, event->end_real_ns, event->end_offset_s);
	put_number(row, dated ? length_s : NAN);
	put_number(row, event->value);
	put_number(row, event->limit);
	put_text(row, event->unit);
	put_number(row, event->coverage_ratio);
	put_number(row, event->confidence);
	if (event->keyframe_id)
		put_count(row, event->keyframe_id);
	else
		put_nothing(row);
	put_text(row, event->detail);
	end_row(row);
}

static int write_events(const struct range *range, FILE *out, struct error *err)
{
	struct row row = {.out = out};

	(void)err;
	NAMES(&row, "night_date", "surface", "rule", "level", "advice_id", "start_time", "end_time",
	    "duration_s", "value_in_unit", "limit_in_unit", "unit", "coverage_ratio",
	    "confidence_ratio", "keyframe_id", "detail");
	end_row(&row);
	for (size_t i = 0; i < range->n_events; i++)
		put_event(&row, range, &range->events[i]);
	return 0;
}

/* ---- feeds ---------------------------------------------------------------------------------- */

static void put_minute(struct row *row, const struct minutes *minutes, size_t minute)
{
	put_stamp(row, minutes_real_ns(minutes, minute), minutes_offset_s(minutes, minute));
}

static void put_feed(struct row *row, const struct minutes *minutes, const struct sitting *feed)
{
	put_day(row, minutes->day);
	put_minute(row, minutes, feed->first);
	put_minute(row, minutes, feed->last + 1);
	put_number(row, (double)feed->seated_s);
	put_number(row, (double)feed->observed_s);
	put_seconds(row, feed->seat_s, SEAT_STATE_COUNT, true);
	put_number(row, (double)feed->sideways_ratio);
	put_number(row, (double)feed->sideways_peak_ratio);
	put_count(row, feed->bends);
	end_row(row);
}

static int write_feeds(const struct range *range, FILE *out, struct error *err)
{
	struct row row = {.out = out};
	int rc = 0;

	NAMES(&row, "night_date", "start_time", "end_time", "seated_s", "observed_s");
	put_words(&row, "seat", SEAT_STATE_COUNT, name_of_seat);
	NAMES(&row, "sideways_ratio", "sideways_peak_ratio", "bends_count");
	end_row(&row);
	for (size_t night = 0; rc == 0 && night < range->n_nights; night++) {
		struct minutes *minutes = NULL;
		struct sitting *feeds = NULL;
		size_t n = 0;

		rc = range_minutes(range, night, &minutes, err);
		if (rc == 0)
			rc = range_feeds(minutes, &feeds, &n);
		for (size_t i = 0; i < n; i++)
			put_feed(&row, minutes, &feeds[i]);
		free(feeds);
		free(minutes);
	}
	return rc;
}

const struct table tables[TABLES] = {
    {"epochs", write_epochs},
    {"events", write_events},
    {"feeds", write_feeds},
};

const struct table *tables_find(const char *name)
{
	for (size_t i = 0; i < TABLES; i++)
		if (strcmp(tables[i].name, name) == 0)
			return &tables[i];
	return NULL;
}
