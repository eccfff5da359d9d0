#include "report/figure.h"

#include "report/wording.h"

#include <math.h>

#define LANE_HEIGHT  10
#define MOVED_FULL_S 30.0f

/*
 * viridis (Smith and van der Walt 2015, matplotlib, CC0), mixed from nine of its points and laid out
 * so that each level is as much lighter than the one before: even, and told apart with every
 * common colour blindness.
 */
static const uint32_t viridis[FIGURE_LEVELS] = {0x440154, 0x451162, 0x461e6e, 0x472a78, 0x44377f,
    0x404385, 0x3c4f8a, 0x375b8c, 0x32668d, 0x2d718e, 0x297c8d, 0x25868d, 0x21918c, 0x249c88,
    0x26a683, 0x2db17d, 0x41ba72, 0x54c468, 0x6ccc59, 0x89d346, 0xa5da35, 0xc3df2d, 0xe1e329,
    0xfde725};

uint32_t figure_colour(size_t level)
{
	return viridis[level < FIGURE_LEVELS ? level : FIGURE_LEVELS - 1];
}

/* ---- strips -------------------------------------------------------------------------------- */

static size_t span(const struct report_night *report)
{
	return report->to - report->from;
}

size_t figure_axis_step(const struct report_night *report)
{
	return span(report) > 900 ? 240 : span(report) > 480 ? 120 : 60;
}

size_t figure_axis_next(const struct report_night *report, size_t minute, size_t step)
{
	while (minute < report->to && minutes_on_clock(report->minutes, minute) % step != 0)
		minute++;
	return minute;
}

const char *figure_axis_hour(
    const struct report_night *report, size_t minute, char hour[static FIGURE_HOUR_SIZE])
{
	size_t clock = minutes_on_clock(report->minutes, minute);

	snprintf(hour, FIGURE_HOUR_SIZE, "%02zu", (clock / 60 + 12) % 24);
	return hour;
}

/* A line at each label of the clock and between two. */
static void draw_hours(struct canvas *canvas, const struct report_night *report, double height)
{
	size_t step = figure_axis_step(report) / 2;

	for (size_t minute = figure_axis_next(report, report->from + 1, step); minute < report->to;
	     minute = figure_axis_next(report, minute + step, step)) {
		canvas_move(canvas, (double)(minute - report->from), 0.0);
		canvas_line(canvas, (double)(minute - report->from), height);
	}
	canvas_stroke(canvas, INK_HOURS);
}

/* Opens a strip of the recorded hours, one unit a minute. */
static void open_strip(
    struct canvas *canvas, const struct report_night *report, double height, const char *label)
{
	canvas_begin(canvas, &(struct figure_size){.width = (double)span(report),
	                         .height = height,
	                         .stretch = true,
	                         .class = "strip",
	                         .label = label});
	draw_hours(canvas, report, height);
}

/* The minutes that are drawn, of a night that is running too. */
static size_t last_minute(const struct report_night *report)
{
	return report->to < report->n_minutes ? report->to : report->n_minutes;
}

/* Runs of minutes in which a lane holds at least half a minute become one rectangle each. */
static void draw_lane(struct canvas *canvas, const struct report_night *report,
    const struct figure_lane *lane, double top)
{
	size_t from = report->from, last = last_minute(report);
	bool inside = false;

	for (size_t i = report->from; i <= last; i++) {
		bool holds = i < last &&
		             report_lane_s(&report->minutes->minute[i], lane->lane) >= 30.0f;

		if (holds && !inside)
			from = i;
		if (!holds && inside)
			canvas_rect(canvas, (double)(from - report->from), top, (double)(i - from),
			    LANE_HEIGHT);
		inside = holds;
	}
	canvas_fill(canvas, lane->ink);
}

void figure_strip(struct canvas *canvas, const struct report_night *report,
    const struct figure_lane *lanes, size_t n_lanes, const char *label)
{
	open_strip(canvas, report, (double)(n_lanes * FIGURE_LANE_PITCH), label);
	for (size_t i = 0; i < n_lanes; i++)
		draw_lane(canvas, report, &lanes[i], (double)(i * FIGURE_LANE_PITCH + 3));
	canvas_end(canvas);
}

void figure_movement(struct canvas *canvas, const struct report_night *report, const char *label)
{
	open_strip(canvas, report, FIGURE_STRIP_HEIGHT, label);
	for (size_t i = report->from; i < last_minute(report); i++) {
		float share = report->minutes->minute[i].moving_s / MOVED_FULL_S;
		double height = FIGURE_STRIP_HEIGHT * fmin(1.0, (double)share);

		if (height >= 0.5)
			canvas_rect(canvas, (double)(i - report->from),
			    FIGURE_STRIP_HEIGHT - height, 1.0, height);
	}
	canvas_fill(canvas, INK_MOVING);
	canvas_end(canvas);
}

void figure_breathing(struct canvas *canvas, const struct report_night *report, float low,
    float high, const char *label)
{
	bool joined = false;

	open_strip(canvas, report, FIGURE_STRIP_HEIGHT, label);
	for (size_t i = report->from; i < last_minute(report); i++) {
		float rate = report->minutes->minute[i].breathing_per_min;
		double x = (double)(i - report->from) + 0.5;
		double y = FIGURE_STRIP_HEIGHT * (double)((high - rate) / (high - low));

		if (isfinite(rate))
			(joined ? canvas_line : canvas_move)(canvas, x, y);
		joined = isfinite(rate);
	}
	canvas_stroke(canvas, INK_BREATHING);
	canvas_end(canvas);
}

void figure_notices(struct canvas *canvas, const struct report_night *report,
    const struct language *language, const char *label)
{
	int64_t from_ns = minutes_real_ns(report->minutes, report->from);
	double least = fmax(4.0, (double)span(report) / 90.0); /* wide enough to be touched */
	int row = 0;

	canvas_begin(canvas, &(struct figure_size){.width = (double)span(report),
	                         .height = FIGURE_STRIP_HEIGHT,
	                         .stretch = true,
	                         .has_links = true,
	                         .class = "strip",
	                         .label = label});
	draw_hours(canvas, report, FIGURE_STRIP_HEIGHT);
	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];
		double start = (double)(event->start_real_ns - from_ns) / (double)EPOCH_NS;
		double end = (double)(event->end_real_ns - from_ns) / (double)EPOCH_NS;
		char target[32], words[PHRASE_SAID + WORDING_SIZE];

		if (!report_is_finding(event) || event->day != 0 || end < 0.0)
			continue;
		start = fmax(0.0, start);
		snprintf(target, sizeof(target), "finding-%lld", (long long)event->id);
		canvas_link(canvas, target, wording_finding(language, event, words, sizeof(words)));
		canvas_rect(canvas, start, 2 + 14 * (row++ % 2), fmax(least, end - start), 12.0);
		canvas_fill(canvas, INK_NOTICE);
	}
	canvas_end(canvas);
}

enum seen { SEEN_NOTHING, SEEN_PARTLY, SEEN_WELL };

static enum seen seen(const struct minute *m, bool bed)
{
	float observed_s = bed ? m->bed_observed_s : m->seat_observed_s;
	float health = bed ? m->bed_health_ratio : m->seat_health_ratio;

	if (observed_s < 6.0f)
		return SEEN_NOTHING;
	return observed_s < 54.0f || health < 0.9f ? SEEN_PARTLY : SEEN_WELL;
}

void figure_quality(
    struct canvas *canvas, const struct report_night *report, bool bed, const char *label)
{
	static const enum ink inks[] = {
	    [SEEN_NOTHING] = INK_GAP, [SEEN_PARTLY] = INK_PARTLY, [SEEN_WELL] = INK_WELL};
	size_t last = last_minute(report);

	open_strip(canvas, report, FIGURE_SIGNAL_HEIGHT, label);
	for (size_t i = report->from, from = i; i < last; i++) {
		enum seen here = seen(&report->minutes->minute[i], bed);

		if (i + 1 < last && seen(&report->minutes->minute[i + 1], bed) == here)
			continue;
		canvas_rect(canvas, (double)(from - report->from), 2.0, (double)(i + 1 - from),
		    LANE_HEIGHT);
		canvas_fill(canvas, inks[here]);
		from = i + 1;
	}
	canvas_end(canvas);
}

/* ---- maps ---------------------------------------------------------------------------------- */

size_t figure_level(float value, float greatest)
{
	float level = greatest > 0.0f ? value / greatest * (float)FIGURE_LEVELS : 0.0f;

	if (!(level > 0.0f))
		return 0;
	return level < (float)FIGURE_LEVELS ? (size_t)level : FIGURE_LEVELS - 1;
}

/* All cells of one level as one path, runs along a row joined. */
static void draw_level(
    struct canvas *canvas, const struct stored_keyframe *frame, float greatest, size_t level)
{
	for (size_t row = 0; row < frame->rows; row++)
		for (size_t col = 0; col < frame->cols;) {
			const float *cells = &frame->cells[row * frame->cols];
			size_t from = col;

			while (col < frame->cols && figure_level(cells[col], greatest) == level)
				col++;
			if (col > from)
				canvas_rect(
				    canvas, (double)from, (double)row, (double)(col - from), 1.0);
			else
				col++;
		}
	canvas_fill_rgb(canvas, figure_colour(level), true);
}

static void draw_centre(struct canvas *canvas, const struct stored_keyframe *frame)
{
	double x = (double)frame->centre_x_ratio * (double)frame->cols;
	double y = (double)frame->centre_y_ratio * (double)frame->rows;
	double r = 0.045 * (double)frame->cols;

	if (!isfinite(x) || !isfinite(y))
		return;
	canvas_circle(canvas, x, y, r);
	canvas_move(canvas, x - 2 * r, y);
	canvas_line(canvas, x + 2 * r, y);
	canvas_move(canvas, x, y - 2 * r);
	canvas_line(canvas, x, y + 2 * r);
	canvas_stroke(canvas, INK_CENTRE);
}

float figure_map(struct canvas *canvas, const struct report_map *map, const char *label)
{
	const struct stored_keyframe *frame = map->frame;
	double width = (double)frame->cols, height = (double)frame->rows;
	float greatest = 0.0f;

	for (size_t i = 0; i < frame->n_cells; i++)
		greatest = fmaxf(greatest, frame->cells[i]);
	canvas_begin(canvas, &(struct figure_size){
	                         .width = width, .height = height, .class = "map", .label = label});
	/* A bed's columns run from her left to her right: from above, that is right to left. */
	if (map->surface && map->surface->kind == SURFACE_BED)
		canvas_mirror(canvas, width);
	canvas_rect(canvas, 0.0, 0.0, width, height);
	canvas_fill_rgb(canvas, figure_colour(0), true);
	for (size_t level = 1; level < FIGURE_LEVELS; level++)
		draw_level(canvas, frame, greatest, level);
	draw_centre(canvas, frame);
	canvas_end(canvas);
	return greatest;
}

/* ---- bars ---------------------------------------------------------------------------------- */

#define BARS_HEIGHT 44.0
/* Half of what parts a break's two lines: in the gap of two bars, and seen where bars are many. */
#define BREAK_LEAST 0.8
#define BREAK_RATIO 0.006

void figure_bars(struct canvas *canvas, const struct bars *bars, const char *label)
{
	double width = (double)(bars->n * 10), full = BARS_HEIGHT - 2.0;

	canvas_begin(canvas, &(struct figure_size){.width = width,
	                         .height = BARS_HEIGHT,
	                         .stretch = true,
	                         .class = "bars",
	                         .label = label});
	for (size_t i = 0; i < bars->n; i++) {
		double height = full * (double)(bars->values[i] / bars->greatest);
		bool now = bars->last_is_now && i + 1 == bars->n;

		if (!isfinite(height))
			continue;
		canvas_rect(
		    canvas, (double)(i * 10 + 1), BARS_HEIGHT - 1.0 - height, 8.0, height + 1.0);
		canvas_fill(canvas, now ? INK_THIS_NIGHT : INK_NIGHT_BEFORE);
	}
	for (size_t i = 0; i < bars->n; i++)
		if (bars->marks[i]) {
			canvas_move(canvas, (double)(i * 10), 0.0);
			canvas_line(canvas, (double)(i * 10), BARS_HEIGHT);
		}
	for (size_t i = 0; i < bars->n; i++)
		for (int side = -1; bars->breaks[i] && side <= 1; side += 2) {
			double x = (double)(i * 10) + side * fmax(BREAK_LEAST, BREAK_RATIO * width);

			canvas_move(canvas, x, 0.0);
			canvas_line(canvas, x, BARS_HEIGHT);
		}
	canvas_stroke(canvas, INK_MARK);
	double usual = BARS_HEIGHT - 1.0 - full * (double)(bars->usual / bars->greatest);
	if (isfinite(usual)) {
		canvas_move(canvas, (double)(bars->since * 10), usual);
		canvas_line(canvas, width, usual);
		canvas_stroke(canvas, INK_USUAL);
	}
	canvas_end(canvas);
}

void figure_shares(struct canvas *canvas, const struct shares *shares, const char *label)
{
	double x = 0.0;

	canvas_begin(canvas, &(struct figure_size){.width = 100.0,
	                         .height = LANE_HEIGHT,
	                         .stretch = true,
	                         .class = "shares",
	                         .label = label});
	for (size_t i = 0; i < shares->n; i++) {
		double width = 100.0 * (double)shares->parts[i].part;

		canvas_rect(canvas, x, 0.0, width, LANE_HEIGHT);
		canvas_fill(canvas, shares->parts[i].ink);
		x += width;
	}
	canvas_end(canvas);
}
