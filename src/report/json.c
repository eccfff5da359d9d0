/* The report for programs: every figure of the model, units in the names, null where unknown. */
#include "base/json.h"
#include "base/clock.h"
#include "report/anew.h"
#include "report/json.h"
#include "report/night_document.h"
#include "report/wording.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>

static void set(json_t *object, const char *key, double value)
{
	json_object_set_new(object, key, json_number_or_null(value));
}

json_t *report_facts_json(const struct night_facts *facts)
{
	json_t *object = json_object(), *postures = json_object();
	char date[DATE_SIZE];

	clock_format_day(facts->day, date);
	json_object_set_new(object, "night", json_string(date));
	json_object_set_new(
	    object, "start", json_stamp_or_null(facts->start_ns, facts->start_offset_s));
	json_object_set_new(object, "end", json_stamp_or_null(facts->end_ns, facts->utc_offset_s));
	set(object, "bed_observed_s", (double)facts->bed_observed_s);
	set(object, "lying_s", (double)facts->lying_s);
	set(object, "sitting_s", (double)facts->sitting_s);
	set(object, "away_s", (double)facts->away_s);
	set(object, "unknown_s", (double)facts->unknown_s);
	set(object, "longest_rest_s", (double)facts->longest_rest_s);
	set(object, "longest_unchanged_s",
	    facts->bed_sense == SENSE_SWITCH ? NAN : (double)facts->longest_unchanged_s);
	json_object_set_new(object, "exits", json_integer(facts->exits));
	json_object_set_new(object, "feeds", json_integer(facts->feeds));
	set(object, "feed_s", (double)facts->feed_s);
	json_object_set_new(object, "shifts",
	    facts->bed_sense == SENSE_SWITCH ? json_null() : json_integer(facts->shifts));
	set(object, "valley_ratio", (double)facts->valley_ratio);
	set(object, "quiet_supine_s", (double)facts->quiet_supine_s);
	set(object, "load", (double)facts->load);
	set(object, "estimated_sleep_s", (double)facts->sleep.asleep_s);
	set(object, "estimated_longest_sleep_s", (double)facts->sleep.longest_s);
	set(object, "estimated_awake_s", (double)facts->sleep.awake_s);
	set(object, "estimated_to_sleep_s", (double)facts->sleep.to_sleep_s);
	set(object, "estimated_unknown_s", (double)facts->sleep.unknown_s);
	json_object_set_new(object, "estimated_awakenings",
	    facts->sleep.awakenings >= 0 ? json_integer(facts->sleep.awakenings) : json_null());
	json_object_set_new(
	    object, "pain", facts->pain >= 0 ? json_integer(facts->pain) : json_null());
	for (int p = 0; p < POSTURE_COUNT; p++)
		set(postures, posture_name((enum posture)p),
		    facts->bed_sense == SENSE_SHAPE ? (double)facts->posture_s[p] : NAN);
	json_object_set_new(object, "bed_sense", json_string(sense_name(facts->bed_sense)));
	json_object_set_new(object, "posture_s", postures);
	return object;
}

static json_t *event_json(const struct report_night *report, const struct stored_event *event)
{
	const struct advice *advice = guidance_find(event->advice_id);
	const struct stored_surface *surface = report_surface(report, event->surface_id);
	json_t *object = json_object();

	json_object_set_new(object, "rule", json_string(event->rule));
	json_object_set_new(object, "advice_id", json_string(event->advice_id));
	json_object_set_new(object, "level", json_string(event_level_name(event->level)));
	json_object_set_new(object, "surface", surface ? json_string(surface->name) : json_null());
	json_object_set_new(
	    object, "start", json_stamp_or_null(event->start_real_ns, event->utc_offset_s));
	json_object_set_new(
	    object, "end", json_stamp_or_null(event->end_real_ns, event->end_offset_s));
	set(object, "value", event->value);
	set(object, "limit", event->limit);
	json_object_set_new(object, "unit", json_string(event->unit));
	set(object, "coverage_ratio", event->coverage_ratio);
	set(object, "confidence", event->confidence);
	json_object_set_new(object, "detail", json_string(event->detail));
	json_object_set_new(object, "advises", advice ? json_string(advice->advises) : json_null());
	json_object_set_new(object, "try", advice ? json_string(advice->try_this) : json_null());
	json_object_set_new(object, "keyframe_id",
	    event->keyframe_id ? json_integer(event->keyframe_id) : json_null());
	return object;
}

static json_t *minute_json(const struct minutes *minutes, size_t minute)
{
	return json_stamp_or_null(
	    minutes_real_ns(minutes, minute), minutes_offset_s(minutes, minute));
}

static json_t *feed_json(const struct report_night *report, const struct sitting *feed)
{
	json_t *object = json_object(), *states = json_object();
	const struct minutes *minutes = report->minutes;

	json_object_set_new(object, "start", minute_json(minutes, feed->first));
	json_object_set_new(object, "end", minute_json(minutes, feed->last + 1));
	set(object, "seated_s", (double)feed->seated_s);
	set(object, "observed_s", (double)feed->observed_s);
	for (int s = 0; s < SEAT_STATE_COUNT; s++)
		set(states, seat_state_name((enum seat_state)s), (double)feed->seat_s[s]);
	json_object_set_new(object, "seat_s", states);
	set(object, "sideways_ratio", (double)feed->sideways_ratio);
	set(object, "sideways_peak_ratio", (double)feed->sideways_peak_ratio);
	json_object_set_new(object, "bends", json_integer(feed->bends));
	return object;
}

/* One array a lane, one number a minute of the night, seconds; and what is no lane. */
static json_t *minutes_json(const struct report_night *report)
{
	static const char *const names[LANE_COUNT] = {"lying_s", "edge_s", "seated_s", "away_s",
	    "unknown_s", "supine_s", "left_s", "right_s", "prone_s", "posture_unknown_s",
	    "moving_s", "estimated_asleep_s", "estimated_awake_s", "estimated_unknown_s"};
	json_t *object = json_object(), *breathing = json_array(), *heart = json_array();

	for (enum lane lane = 0; lane < LANE_COUNT; lane++) {
		json_t *array = json_array();
		for (size_t i = 0; i < report->n_minutes; i++) {
			float seconds = report_lane_s(&report->minutes->minute[i], lane);
			json_array_append_new(
			    array, json_number_or_null(round(10.0 * (double)seconds) / 10.0));
		}
		json_object_set_new(object, names[lane], array);
	}
	for (size_t i = 0; i < report->n_minutes; i++) {
		const struct minute *m = &report->minutes->minute[i];
		json_array_append_new(breathing, json_number_or_null((double)m->breathing_per_min));
		json_array_append_new(heart, json_number_or_null((double)m->heart_per_min));
	}
	json_object_set_new(object, "breathing_per_min", breathing);
	json_object_set_new(object, "heart_per_min", heart);
	return object;
}

static json_t *map_json(const struct report_map *map)
{
	const struct stored_keyframe *frame = map->frame;
	json_t *object = json_object(), *cells = json_array();

	json_object_set_new(object, "title", json_string(map->title));
	json_object_set_new(object, "keyframe_id", json_integer(frame->id));
	json_object_set_new(
	    object, "time", json_stamp_or_null(frame->real_ns, frame->utc_offset_s));
	json_object_set_new(
	    object, "surface", map->surface ? json_string(map->surface->name) : json_null());
	json_object_set_new(object, "unit", json_string(pressure_unit_name(frame->unit)));
	json_object_set_new(object, "rows", json_integer((json_int_t)frame->rows));
	json_object_set_new(object, "cols", json_integer((json_int_t)frame->cols));
	set(object, "centre_x_ratio", (double)frame->centre_x_ratio);
	set(object, "centre_y_ratio", (double)frame->centre_y_ratio);
	for (size_t i = 0; i < frame->n_cells; i++)
		json_array_append_new(
		    cells, json_number_or_null(round(100.0 * (double)frame->cells[i]) / 100.0));
	json_object_set_new(object, "cells", cells);
	return object;
}

static json_t *text_or_null(const char *text)
{
	return *text ? json_string(text) : json_null();
}

static json_t *quality_json(const struct report_night *report)
{
	json_t *object = json_object(), *surfaces = json_array();

	set(object, "night_observed_s", (double)report->covered_s);
	set(object, "night_length_s", (double)report->cover_of_s);
	set(object, "technical_s", (double)report->technical_s);
	set(object, "undated_s", (double)report->undated_s);
	json_object_set_new(
	    object, "clock_synchronised", json_boolean(report->minutes->synchronised));
	set(object, "health_ratio", (double)report->health_ratio);
	json_object_set_new(object, "calibrated", json_boolean(report->calibrated));
	json_object_set_new(object, "load",
	    json_pack("{s:o, s:o, s:o, s:b}", "usual",
	        json_number_or_null((double)report->load.usual), "ratio",
	        json_number_or_null((double)report->load.ratio), "limit_ratio",
	        json_number_or_null((double)report->load.limit_ratio), "unlike",
	        report->load.unlike));
	for (size_t i = 0; i < report->n_surfaces; i++) {
		const struct stored_surface *surface = &report->surfaces[i];
		json_t *row = json_object();

		json_object_set_new(row, "name", json_string(surface->name));
		json_object_set_new(row, "kind", json_string(surface_kind_name(surface->kind)));
		json_object_set_new(row, "rows", json_integer((json_int_t)surface->rows));
		json_object_set_new(row, "cols", json_integer((json_int_t)surface->cols));
		json_object_set_new(row, "unit", json_string(pressure_unit_name(surface->unit)));
		json_object_set_new(row, "calibrated",
		    json_stamp_or_null(surface->calibrated_real_ns, report->facts.utc_offset_s));
		set(row, "calibration_quality_ratio", (double)surface->calibration_quality_ratio);
		set(row, "calibration_drift_ratio", (double)surface->drift_ratio);
		char grade[2] = {surface->grade, '\0'}, text[PHRASE_SAID];
		json_object_set_new(row, "calibration_grade", text_or_null(grade));
		json_object_set_new(row, "calibration_reasons", text_or_null(surface->reasons));
		json_object_set_new(row, "calibration_warning",
		    text_or_null(wording_trust(report, surface, NULL, text, sizeof(text))));
		json_array_append_new(surfaces, row);
	}
	json_object_set_new(object, "surfaces", surfaces);
	return object;
}

static json_t *advice_json(const struct advice *advice)
{
	return json_pack("{s:s, s:s, s:s}", "advice_id", advice->id, "advises", advice->advises,
	    "try", advice->try_this);
}

static json_t *report_object(const struct report_night *report)
{
	static const char *const supports[] = {
	    "not_assessed", "inconclusive", "finding", "no_sign", "inconclusive"};
	json_t *object = report_facts_json(&report->facts), *events = json_array(),
	       *feeds = json_array();
	json_t *nights = json_array(), *maps = json_array(), *tries = json_array();
	char text[VERDICT_SIZE];

	json_object_set_new(object, "running", json_boolean(report->running));
	json_object_set_new(object, "has_verdict", json_boolean(report->has_verdict));
	json_object_set_new(object, "verdict", json_string(wording_verdict(NULL, report, text)));
	json_object_set_new(object, "support", json_string(supports[report->support]));
	json_object_set_new(
	    object, "support_text", json_string(wording_support(NULL, report, text, sizeof(text))));
	for (size_t i = 0; i < report->n_events; i++)
		json_array_append_new(events, event_json(report, &report->events[i]));
	for (size_t i = 0; i < report->n_feeds; i++)
		json_array_append_new(feeds, feed_json(report, &report->feeds[i]));
	for (size_t i = 0; i + 1 < report->n_nights; i++)
		json_array_append_new(nights, report_facts_json(&report->nights[i]));
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (report->maps[i].frame)
			json_array_append_new(maps, map_json(&report->maps[i]));
	for (size_t i = 0; i < REPORT_TRIES_MAX && report->tries[i]; i++)
		json_array_append_new(tries, advice_json(report->tries[i]));
	json_object_set_new(object, "events", events);
	json_object_set_new(object, "feed_rows", feeds);
	json_object_set_new(object, "nights_before", nights);
	json_object_set_new(object, "breaks", anew_json(report->breaks, report->n_breaks));
	json_object_set_new(object, "usual", usual_json(report->nights, report->n_nights, true));
	json_object_set_new(object, "minutes", minutes_json(report));
	json_object_set_new(object, "maps", maps);
	json_object_set_new(object, "tries", tries);
	if (report->unmeasured)
		json_object_set_new(object, "unmeasured_advice", advice_json(report->unmeasured));
	json_object_set_new(object, "data_quality", quality_json(report));
	json_object_set_new(object, "limits", json_string(wording_limits(NULL, report)));
	return object;
}

int report_json(const struct report_night *report, FILE *out)
{
	json_t *object = report_object(report);
	int rc = json_dumpf(object, out, JSON_INDENT(1) | JSON_REAL_PRECISION(7));

	json_decref(object);
	fputc('\n', out);
	return rc != 0 || ferror(out) ? -EIO : 0;
}
