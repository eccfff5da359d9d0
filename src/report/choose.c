#include "report/choose.h"

#include "base/language.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- advice -------------------------------------------------------------------------------- */

/*
 * What is said first: what a doctor should see, then what she can change by tonight and what the
 * article makes most of, then what is long by nature. An advice that is not here comes last.
 */
static const char *const order[] = {"pain.doctor", "mattress.firm", "feeding.posture",
    "holding.weight_off_back", "lying.not_all_day", "lying.back_or_side", "rest.enough",
    "feeding.length", "bending.seldom", "lying.change", "sitting.stand_if_you_can"};
#define N_ORDER (sizeof(order) / sizeof(order[0]))
static_assert(N_ORDER < CHOOSE_ADVICES, "information is ranked after all advice");

size_t choose_rank(const struct stored_event *event)
{
	size_t rank = event->level == EVENT_ADVICE ? 0 : CHOOSE_ADVICES, i = 0;

	while (i < N_ORDER && strcmp(order[i], event->advice_id) != 0)
		i++;
	return rank + i;
}

/* How far beyond its limit a finding is, above or below; what has no limit counts least. */
static double strength(const struct stored_event *event)
{
	if (!isfinite(event->value) || !isfinite(event->limit) || event->limit == 0.0)
		return -1.0;
	return fabs(event->value / event->limit - 1.0);
}

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

/* At most two: whoever gets ten pieces of advice follows none. */
void choose_tries(struct report_night *report)
{
	for (size_t rank = 0; rank < CHOOSE_ADVICES; rank++)
		for (size_t i = 0; i < report->n_events; i++) {
			const struct stored_event *event = &report->events[i];
			const struct advice *advice = guidance_find(event->advice_id);

			if (advice && report_is_finding(event) && choose_rank(event) == rank)
				add_try(report, advice);
		}
}

static bool comes_before(const struct stored_event *a, const struct stored_event *b)
{
	if (choose_rank(a) != choose_rank(b))
		return choose_rank(a) < choose_rank(b);
	return strength(a) > strength(b);
}

const struct stored_event *choose_first(const struct report_night *report)
{
	const struct stored_event *first = NULL;

	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];

		if (!report_is_finding(event) || event->level != EVENT_ADVICE)
			continue;
		if (!first || comes_before(event, first))
			first = event;
	}
	return first;
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

	return surface && surface->kind == SURFACE_BED && surface->sense == SENSE_SHAPE;
}

/* Load cells and switches make no picture of a body. */
static bool is_shown(const struct report_night *report, const struct stored_keyframe *frame)
{
	const struct stored_surface *surface = report_surface(report, frame->surface_id);

	return surface && surface->sense == SENSE_SHAPE;
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

static struct report_map strongest_map(const struct report_night *report)
{
	struct report_map map = {.title = N_("What was found")};
	float highest = -1.0f;

	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];
		const struct stored_keyframe *frame = frame_by_id(report, event->keyframe_id);

		if (!frame || !report_is_finding(event) || !is_shown(report, frame))
			continue;
		if (!map.event || comes_before(event, map.event)) {
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

		if (!surface || surface->kind != SURFACE_SEAT || frame->seat == SEAT_EMPTY ||
		    surface->sense != SENSE_SHAPE)
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
