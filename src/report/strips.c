#include "report/strips.h"

#include "base/language.h"
#include "report/figure.h"
#include "report/wording.h"

#include <math.h>

#define BREATHING_LOW  6.0f
#define BREATHING_HIGH 26.0f

const struct strip strips[] = {
    {"where", N_("Where"),
        N_("Where you were: in bed, on its edge, in the chair, away, or not known"), NULL,
        STRIP_LANES, 5,
        {{N_("bed"), LANE_BED, INK_BED}, {N_("edge"), LANE_EDGE, INK_EDGE},
            {N_("chair"), LANE_CHAIR, INK_CHAIR}, {N_("away"), LANE_AWAY, INK_AWAY},
            {N_("unknown"), LANE_UNKNOWN, INK_GAP}}},
    {"posture", N_("Posture"), N_("How you lay: on the back, left, right or front, or not known"),
        "term-postures", STRIP_LANES, 5,
        {{N_("back"), LANE_SUPINE, INK_SUPINE}, {N_("left"), LANE_LEFT, INK_LEFT},
            {N_("right"), LANE_RIGHT, INK_RIGHT}, {N_("front"), LANE_PRONE, INK_PRONE},
            {N_("unknown"), LANE_OTHER, INK_GAP}}},
    {"sleep", N_("Sleep (estimated)"),
        N_("Estimated from movement: asleep, awake in bed, or not known"), "term-sleep",
        STRIP_LANES, 3,
        {{N_("asleep"), LANE_ASLEEP, INK_ASLEEP}, {N_("awake"), LANE_AWAKE, INK_AWAKE},
            {N_("unknown"), LANE_SLEEP_UNKNOWN, INK_GAP}}},
    {"movement", N_("Movement"), N_("Movement in bed, minute by minute"), NULL, STRIP_MOVEMENT, 1,
        {{N_("0-30 s a minute"), LANE_MOVING, INK_MOVING}}},
    {"breathing", N_("Breathing"), N_("Breaths a minute; gaps where none could be read"),
        "term-breathing", STRIP_BREATHING, 1, {{N_("6-26 a minute"), LANE_COUNT, INK_BREATHING}}},
    {"findings", N_("Findings"), N_("When the findings were made; each is a link to it"), NULL,
        STRIP_NOTICES, 1, {{N_("touch for more"), LANE_COUNT, INK_NOTICE}}},
    {"signal-bed", N_("Signal"), N_("Signal of the bed; hatched where there was none"),
        "term-covered", STRIP_SIGNAL_BED, 1, {{N_("bed"), LANE_COUNT, INK_WELL}}},
    {"signal-chair", NULL, N_("Signal of the chair; hatched where there was none"), NULL,
        STRIP_SIGNAL_CHAIR, 1, {{N_("chair"), LANE_COUNT, INK_WELL}}},
};
const size_t n_strips = sizeof(strips) / sizeof(strips[0]);

/* As drawn: at least half a minute of some minute. */
static bool lane_holds(const struct report_night *report, enum lane lane)
{
	for (size_t i = report->from; i < report->to && i < report->n_minutes; i++)
		if (report_lane_s(&report->minutes->minute[i], lane) >= 30.0f)
			return true;
	return false;
}

static bool has_notices(const struct report_night *report)
{
	for (size_t i = 0; i < report->n_events; i++)
		if (report_is_finding(&report->events[i]) && report->events[i].day == 0)
			return true;
	return false;
}

static bool has_breathing(const struct report_night *report)
{
	for (size_t i = report->from; i < report->to; i++)
		if (isfinite(report->minutes->minute[i].breathing_per_min))
			return true;
	return false;
}

/* Whether the mats of this night could tell of it at all. */
static bool is_told(const struct strip *strip, const struct report_night *report)
{
	bool has_bed = report->minutes->has_bed;

	switch (strip->kind) {
	case STRIP_LANES:
		if (strip->rows[0].lane == LANE_SUPINE)
			return has_bed && report->facts.bed_sense == SENSE_SHAPE;
		if (strip->rows[0].lane == LANE_ASLEEP)
			return has_bed && report->facts.bed_sense != SENSE_SWITCH;
		return true;
	case STRIP_MOVEMENT:
		return has_bed && report->facts.bed_sense != SENSE_SWITCH;
	case STRIP_BREATHING:
		return has_bed && has_breathing(report);
	case STRIP_SIGNAL_BED:
		return has_bed;
	case STRIP_SIGNAL_CHAIR:
		return report->minutes->has_seat;
	case STRIP_NOTICES:
		break;
	}
	return has_notices(report);
}

bool strip_show(const struct strip *strip, const struct report_night *report, struct strip *shown)
{
	*shown = *strip;
	if (!is_told(strip, report))
		return false;
	if (strip->kind != STRIP_LANES)
		return true;
	shown->n_rows = 0;
	for (size_t i = 0; i < strip->n_rows; i++)
		if (lane_holds(report, strip->rows[i].lane))
			shown->rows[shown->n_rows++] = strip->rows[i];
	return shown->n_rows > 0;
}

double strip_height(const struct strip *strip)
{
	switch (strip->kind) {
	case STRIP_LANES:
		return (double)(strip->n_rows * FIGURE_LANE_PITCH);
	case STRIP_SIGNAL_BED:
	case STRIP_SIGNAL_CHAIR:
		return FIGURE_SIGNAL_HEIGHT;
	case STRIP_MOVEMENT:
	case STRIP_BREATHING:
	case STRIP_NOTICES:
		break;
	}
	return FIGURE_STRIP_HEIGHT;
}

void strip_draw(struct canvas *canvas, const struct strip *strip, const struct report_night *report,
    const struct language *language, const char *label)
{
	struct figure_lane lanes[STRIP_ROWS_MAX];

	switch (strip->kind) {
	case STRIP_LANES:
		for (size_t i = 0; i < strip->n_rows; i++)
			lanes[i] = (struct figure_lane){strip->rows[i].lane, strip->rows[i].ink};
		figure_strip(canvas, report, lanes, strip->n_rows, label);
		break;
	case STRIP_MOVEMENT:
		figure_movement(canvas, report, label);
		break;
	case STRIP_BREATHING:
		figure_breathing(canvas, report, BREATHING_LOW, BREATHING_HIGH, label);
		break;
	case STRIP_NOTICES:
		figure_notices(canvas, report, language, label);
		break;
	case STRIP_SIGNAL_BED:
	case STRIP_SIGNAL_CHAIR:
		figure_quality(canvas, report, strip->kind == STRIP_SIGNAL_BED, label);
		break;
	}
}

const char *strip_words(const struct strip *strip, const struct report_night *report,
    const struct language *language, char *text, size_t size)
{
	size_t last = report->to < report->n_minutes ? report->to : report->n_minutes;
	size_t used = (size_t)snprintf(text, size, "%s", tr(language, strip->label));
	char length[WORDING_SIZE];

	for (size_t row = 0; row < strip->n_rows && strip->kind == STRIP_LANES; row++) {
		float seconds = 0.0f;

		for (size_t i = report->from; i < last; i++)
			seconds += report_lane_s(
			    &report->minutes->minute[i], strip->rows[row].lane);
		if (used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s %s",
			    row ? ", " : ". ", tr(language, strip->rows[row].name),
			    wording_duration(language, (double)seconds, length));
	}
	return text;
}

static bool found_something(const struct report_night *report, size_t minute)
{
	int64_t from_ns = minutes_real_ns(report->minutes, minute);

	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];

		if (report_is_finding(event) && event->day == 0 &&
		    event->start_real_ns < from_ns + EPOCH_NS && event->end_real_ns >= from_ns)
			return true;
	}
	return false;
}

float strip_level(
    const struct strip *strip, size_t row, const struct report_night *report, size_t minute)
{
	const struct minute *m = &report->minutes->minute[minute];

	switch (strip->kind) {
	case STRIP_LANES:
		return report_lane_s(m, strip->rows[row].lane) / 60.0f;
	case STRIP_MOVEMENT:
		return fminf(1.0f, m->moving_s / 30.0f);
	case STRIP_BREATHING:
		return (m->breathing_per_min - BREATHING_LOW) / (BREATHING_HIGH - BREATHING_LOW);
	case STRIP_NOTICES:
		return found_something(report, minute) ? 1.0f : 0.0f;
	case STRIP_SIGNAL_BED:
		return m->bed_observed_s / 60.0f;
	case STRIP_SIGNAL_CHAIR:
		return m->seat_observed_s / 60.0f;
	}
	return NAN;
}
