#include "report/choose.h"

#include "base/language.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- advice -------------------------------------------------------------------------------- */

static void add_try(struct report_night *report, const struct advice *advice)
{
	for (size_t i = 0; i < REPORT_TRIES_MAX; i++) {
		if (report->tries[i] == advice)
			return;
		if (!report->tries[i]) {
			report->tries[i] = advice;
			return;
		}
	}
}

/* At most two: whoever gets ten pieces of advice follows none. A doctor comes first. */
void choose_tries(struct report_night *report)
{
	for (int urgent = 1; urgent >= 0; urgent--)
		for (size_t i = 0; i < report->n_events; i++) {
			const struct stored_event *event = &report->events[i];
			const struct advice *advice = guidance_find(event->advice_id);
			bool doctor = strcmp(event->advice_id, "pain.doctor") == 0;

			if (advice && event->level == EVENT_ADVICE && doctor == (urgent == 1))
				add_try(report, advice);
		}
}

void choose_unmeasured(struct report_night *report)
{
	size_t n = 0, chosen;

	for (size_t i = 0; i < n_guidance; i++)
		n += !guidance[i].measured;
	if (n == 0)
		return;
	chosen = (size_t)(report->facts.day < 0 ? -report->facts.day : report->facts.day) % n;
	for (size_t i = 0; i < n_guidance; i++)
		if (!guidance[i].measured && chosen-- == 0)
			report->unmeasured = &guidance[i];
}

/* ---- maps ---------------------------------------------------------------------------------- */

static bool is_bed(const struct report_night *report, const struct stored_keyframe *frame)
{
	const struct stored_surface *surface = report_surface(report, frame->surface_id);

	return surface && surface->kind == SURFACE_BED;
}

static float load_of(const struct stored_keyframe *frame)
{
	double sum = 0.0;

	for (size_t i = 0; i < frame->n_cells; i++)
		sum += (double)frame->cells[i];
	return (float)sum;
}

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static enum posture usual_posture(const struct night_facts *facts)
{
	enum posture usual = POSTURE_SUPINE;

	for (enum posture p = POSTURE_SUPINE; p <= POSTURE_PRONE; p++)
		if (facts->posture_s[p] > facts->posture_s[usual])
			usual = p;
	return usual;
}

/* Of the most usual posture, the frame whose load is nearest to their median. */
static const struct stored_keyframe *typical_frame(const struct report_night *report)
{
	enum posture usual = usual_posture(&report->facts);
	const struct stored_keyframe *best = NULL;
	float *loads = calloc(report->n_frames + 1, sizeof(*loads));
	size_t n = 0;

	if (!loads)
		return NULL;
	for (size_t i = 0; i < report->n_frames; i++)
		if (is_bed(report, &report->frames[i]) && report->frames[i].posture == usual)
			loads[n++] = load_of(&report->frames[i]);
	qsort(loads, n, sizeof(loads[0]), by_size);
	float median = loads[n / 2], nearest = INFINITY;
	free(loads);
	for (size_t i = 0; i < report->n_frames; i++) {
		const struct stored_keyframe *frame = &report->frames[i];
		float distance = fabsf(load_of(frame) - median);

		if (is_bed(report, frame) && frame->posture == usual && distance < nearest) {
			nearest = distance;
			best = frame;
		}
	}
	return best;
}

static const struct stored_keyframe *frame_by_id(const struct report_night *report, int64_t id)
{
	for (size_t i = 0; i < report->n_frames; i++)
		if (id != 0 && report->frames[i].id == id)
			return &report->frames[i];
	return NULL;
}

/* How far beyond its limit a finding is; what has no limit counts least. */
static double strength(const struct stored_event *event)
{
	if (!isfinite(event->value) || !isfinite(event->limit) || event->limit == 0.0)
		return 0.0;
	return fabs(event->value / event->limit);
}

static struct report_map strongest_map(const struct report_night *report)
{
	struct report_map map = {.title = N_("The strongest finding")};
	float highest = -1.0f;

	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];
		const struct stored_keyframe *frame = frame_by_id(report, event->keyframe_id);

		if (!frame || !report_is_finding(event))
			continue;
		if (!map.event || strength(event) > strength(map.event)) {
			map.event = event;
			map.frame = frame;
		}
	}
	if (map.frame)
		return map;
	map.title = N_("The highest pressure in bed");
	for (size_t i = 0; i < report->n_frames; i++)
		for (size_t c = 0; c < report->frames[i].n_cells; c++)
			if (is_bed(report, &report->frames[i]) &&
			    report->frames[i].cells[c] > highest) {
				highest = report->frames[i].cells[c];
				map.frame = &report->frames[i];
			}
	return map;
}

/* Somebody in the chair; not the frame that is shown already, if there is another. */
static const struct stored_keyframe *feed_frame(
    const struct report_night *report, const struct stored_keyframe *shown)
{
	const struct stored_keyframe *best = NULL;

	for (size_t i = 0; i < report->n_frames; i++) {
		const struct stored_keyframe *frame = &report->frames[i];
		const struct stored_surface *surface = report_surface(report, frame->surface_id);

		if (!surface || surface->kind != SURFACE_SEAT || frame->seat == SEAT_EMPTY)
			continue;
		if (!best || best == shown)
			best = frame;
	}
	return best;
}

void choose_maps(struct report_night *report)
{
	report->maps[MAP_TYPICAL] = (struct report_map){
	    .title = N_("Typical for this night"), .frame = typical_frame(report)};
	report->maps[MAP_STRONGEST] = strongest_map(report);
	if (report->maps[MAP_STRONGEST].frame == report->maps[MAP_TYPICAL].frame)
		report->maps[MAP_STRONGEST].frame = NULL;
	report->maps[MAP_FEED] = (struct report_map){.title = N_("In the chair"),
	    .frame = feed_frame(report, report->maps[MAP_STRONGEST].frame)};
	if (report->maps[MAP_FEED].frame == report->maps[MAP_STRONGEST].frame)
		report->maps[MAP_FEED].frame = NULL;
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (report->maps[i].frame)
			report->maps[i].surface = report_surface(
			    report, report->maps[i].frame->surface_id);
}
