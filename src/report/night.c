#include "report/night.h"

#include "base/clock.h"
#include "report/anew.h"
#include "report/choose.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The hours in which a night is looked for, as minutes after noon on the clock: 21:00 to 07:00. */

/* Strips show these hours, 20:00 to 09:00, and others in which somebody was there. */
#define SHOWN_FROM 480
#define SHOWN_TO   1260

/* docs/methods.md, section 1: the valley ratio by itself, without a reference. */
#define QUIET_SUPINE_LEAST_S 3600.0f
#define VALLEY_CLEAR_RATIO   0.25f
#define REFERENCE_NIGHTS     3 /* as many as soft_support takes by itself */

float report_lane_s(const struct minute *m, enum lane lane)
{
	switch (lane) {
	case LANE_BED:
		return m->lying_s;
	case LANE_EDGE:
		return m->edge_s;
	case LANE_CHAIR:
		return m->seated_s;
	case LANE_AWAY:
		return m->away_s;
	case LANE_UNKNOWN:
		return fmaxf(0.0f, 60.0f - minute_known_s(m));
	case LANE_SUPINE:
		return m->posture_s[POSTURE_SUPINE];
	case LANE_LEFT:
		return m->posture_s[POSTURE_LEFT];
	case LANE_RIGHT:
		return m->posture_s[POSTURE_RIGHT];
	case LANE_PRONE:
		return m->posture_s[POSTURE_PRONE];
	case LANE_OTHER:
		return fmaxf(0.0f, m->lying_s - m->posture_s[POSTURE_SUPINE] -
		                       m->posture_s[POSTURE_LEFT] - m->posture_s[POSTURE_RIGHT] -
		                       m->posture_s[POSTURE_PRONE]);
	case LANE_MOVING:
		return m->moving_s;
	case LANE_ASLEEP:
		return m->sleep == SLEEP_ASLEEP ? 60.0f : 0.0f;
	case LANE_AWAKE:
		return m->sleep == SLEEP_AWAKE ? 60.0f : 0.0f;
	case LANE_SLEEP_UNKNOWN:
		return m->sleep == SLEEP_UNKNOWN ? 60.0f : 0.0f;
	case LANE_COUNT:
		break;
	}
	return 0.0f;
}

const struct stored_surface *report_surface(const struct report_night *report, int surface_id)
{
	for (size_t i = 0; i < report->n_surfaces; i++)
		if (report->surfaces[i].id == surface_id)
			return &report->surfaces[i];
	return NULL;
}

bool report_is_finding(const struct stored_event *event)
{
	return event->level != EVENT_TECHNICAL;
}

size_t report_n_findings(const struct report_night *report)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_events; i++)
		n += report_is_finding(&report->events[i]);
	return n;
}

/* ---- time and data ------------------------------------------------------------------------ */

static bool has_data(const struct minute *m)
{
	return m->bed_observed_s > 0.0f || m->seat_observed_s > 0.0f || m->technical_s > 0.0f;
}

static bool has_person(const struct minute *m)
{
	return m->lying_s + m->edge_s + m->seated_s > 0.0f || m->technical_s > 0.0f;
}

/* What has passed, what of it has data, and what of that could be judged. */
static void find_span(struct report_night *report)
{
	const struct minutes *minutes = report->minutes;
	int64_t passed_ns = report->now_ns - report->facts.start_ns;

	report->running = night_until(&report->facts, report->now_ns);
	report->n_minutes = report->running ? (size_t)(passed_ns / EPOCH_NS) : minutes->n;
	size_t first = minutes->n, last = 0;
	for (size_t i = 0; i < minutes->n; i++)
		if (has_data(&minutes->minute[i])) {
			first = i < first ? i : first;
			last = i;
		}
	report->from = minutes->n;
	for (size_t i = first; i <= last && i < minutes->n; i++) {
		size_t clock = minutes_on_clock(minutes, i);
		bool at_night = clock >= SHOWN_FROM && clock < SHOWN_TO;

		if (!at_night && !has_person(&minutes->minute[i]))
			continue;
		if (report->from == minutes->n)
			report->from = i - i % 60;
		report->to = i - i % 60 + 60 < minutes->n ? i - i % 60 + 60 : minutes->n;
	}
}

static void measure_data(struct report_night *report)
{
	float health = 0.0f;
	size_t n_health = 0;

	for (size_t i = 0; i < report->n_minutes; i++) {
		const struct minute *m = &report->minutes->minute[i];
		bool has_bed = report->minutes->has_bed;
		size_t clock = minutes_on_clock(report->minutes, i);

		report->technical_s += m->technical_s;
		if (clock >= NIGHT_DARK_FROM && clock < NIGHT_DARK_TO) {
			report->covered_s += has_bed ? m->bed_observed_s : m->seat_observed_s;
			report->cover_of_s += 60.0f;
		}
		float least = fminf(m->bed_health_ratio, m->seat_health_ratio);
		if (isfinite(least)) {
			health += least;
			n_health++;
		}
	}
	report->health_ratio = n_health > 0 ? health / (float)n_health : NAN;
}

/* Only the mats of this night: one that was exchanged or put away says nothing about it. */
static void keep_surfaces(struct report_night *report)
{
	size_t n = 0;

	report->calibrated = true;
	for (size_t i = 0; i < report->n_surfaces; i++)
		for (size_t k = 0; k < report->minutes->n_surfaces; k++)
			if (report->surfaces[i].id == report->minutes->surface_ids[k]) {
				report->calibrated = report->calibrated &&
				                     report->surfaces[i].unit == PRESSURE_MMHG;
				report->surfaces[n++] = report->surfaces[i];
				break;
			}
	report->n_surfaces = n;
}

/* What soft_support says when it has judged; before, what it will have to say. */
static bool lacks_reference(const struct report_night *report)
{
	unsigned eras = ERA_BIT(PERSON) | ERA_BIT(MAT);
	size_t first = night_first_comparable(report->nights, report->n_nights, eras), n = 0;

	for (size_t i = 0; i < report->n_events; i++)
		if (strcmp(report->events[i].rule, "soft_support") == 0 &&
		    report->events[i].value < report->events[i].limit)
			return true;
	for (size_t i = first; i < report->n_nights; i++)
		n += isfinite(report->nights[i].valley_ratio) &&
		     report->nights[i].quiet_supine_s >= QUIET_SUPINE_LEAST_S;
	return report->running && first > 0 && n < REFERENCE_NIGHTS;
}

static void find_support(struct report_night *report)
{
	const struct night_facts *facts = &report->facts;

	if (facts->bed_sense != SENSE_SHAPE || !isfinite(facts->valley_ratio) ||
	    facts->quiet_supine_s < QUIET_SUPINE_LEAST_S)
		report->support = SUPPORT_NOT_ASSESSED;
	else if (facts->valley_ratio >= VALLEY_CLEAR_RATIO)
		report->support = lacks_reference(report) ? SUPPORT_NO_REFERENCE
		                                          : SUPPORT_INCONCLUSIVE;
	else
		report->support = SUPPORT_NO_SIGN;
	for (size_t i = 0; i < report->n_events; i++)
		if (strcmp(report->events[i].advice_id, "mattress.firm") == 0)
			report->support = SUPPORT_FOUND;
}

static void find_feeds(struct report_night *report)
{
	struct sitting sitting;

	for (size_t i = 0; minutes_next_sitting(report->minutes, i, &sitting); i = sitting.last + 1)
		if (sitting.seated_s >= SITTING_FEED_S && report->n_feeds < REPORT_FEEDS_MAX)
			report->feeds[report->n_feeds++] = sitting;
}

/* ---- building ------------------------------------------------------------------------------- */

/* What was recorded without a clock belongs to no night; how much it is must be said. */
static int query_undated(struct report_night *report, struct store *store, struct error *err)
{
	struct stored_epoch *epochs = NULL;
	size_t n = 0;
	int rc = query_epochs(store, 0, 1, &epochs, &n, err);

	/* They come surface by surface; of mats that saw the same hours the longest counts. */
	float here_s = 0.0f;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && epochs[i].surface_id != epochs[i - 1].surface_id)
			here_s = 0.0f;
		here_s += epochs[i].epoch.observed_s;
		report->undated_s = fmaxf(report->undated_s, here_s);
	}
	free(epochs);
	return rc;
}

static int query_all(
    struct report_night *report, struct store *store, int32_t day, struct error *err)
{
	int rc = minutes_read(store, day, report->minutes, err);

	if (rc == 0)
		rc = query_night(store, day, &report->facts, err);
	if (rc == 0)
		rc = query_surfaces(store, &report->surfaces, &report->n_surfaces, err);
	if (rc == 0)
		rc = query_events(store, report->facts.start_ns, report->facts.end_ns,
		    &report->events, &report->n_events, err);
	if (rc == 0)
		rc = query_keyframes(store, report->facts.start_ns, report->facts.end_ns,
		    &report->frames, &report->n_frames, err);
	if (rc == 0)
		rc = query_nights(
		    store, day, report->nights, REPORT_NIGHTS_MAX, &report->n_nights, err);
	if (rc == 0)
		rc = anew_read(
		    store, day - REPORT_NIGHTS_MAX, day, &report->breaks, &report->n_breaks, err);
	if (rc == 0)
		rc = query_undated(report, store, err);
	return rc;
}

/* Seven days back, no further: nights may be missing among them. */
static void drop_older_nights(struct report_night *report)
{
	size_t n_old = 0;

	while (n_old < report->n_nights &&
	       report->nights[n_old].day < report->facts.day - (REPORT_NIGHTS_MAX - 1))
		n_old++;
	report->n_nights -= n_old;
	memmove(report->nights, report->nights + n_old, report->n_nights * sizeof(*report->nights));
}

/* A map whose places are not known is not drawn, which is no fault of the report. */
static void read_places(struct report_night *report, struct store *store)
{
	for (size_t i = 0; i < MAP_COUNT; i++) {
		struct report_map *map = &report->maps[i];
		size_t n = 0;

		if (!map->frame || map->frame->rows > 0)
			continue;
		if (query_places(store, map->frame->surface_id, &map->places, &n, NULL) == 0 &&
		    n == map->frame->n_cells)
			continue;
		free(map->places);
		map->places = NULL;
	}
}

int report_build(
    struct store *store, int32_t day, int64_t now_ns, struct report_night **out, struct error *err)
{
	struct report_night *report = calloc(1, sizeof(*report));

	*out = NULL;
	if (report)
		report->minutes = malloc(sizeof(*report->minutes));
	if (!report || !report->minutes) {
		report_free(report);
		return error_set(err, -ENOMEM, "out of memory");
	}
	int rc = query_all(report, store, day, err);
	if (rc != 0) {
		report_free(report);
		return rc;
	}
	report->now_ns = now_ns;
	drop_older_nights(report);
	find_span(report);
	measure_data(report);
	keep_surfaces(report);
	report->load = load_change(report->nights, report->n_nights);
	find_support(report);
	find_feeds(report);
	choose_tries(report);
	choose_unmeasured(report);
	choose_maps(report);
	read_places(report, store);
	report->has_verdict = report->cover_of_s > 0.0f &&
	                      report->covered_s >= 0.5f * report->cover_of_s;
	*out = report;
	return 0;
}

void report_free(struct report_night *report)
{
	if (!report)
		return;
	for (size_t i = 0; i < MAP_COUNT; i++)
		free(report->maps[i].places);
	query_free_keyframes(report->frames, report->n_frames);
	free(report->events);
	free(report->breaks);
	free(report->surfaces);
	free(report->minutes);
	free(report);
}
