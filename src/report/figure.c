#include "report/figure.h"

#include <math.h>
#include <string.h>

#define LANE_HEIGHT  10
#define STRIP_HEIGHT 30
#define MOVED_FULL_S 30.0f

/*
 * Nine points of viridis (Smith and van der Walt 2015, matplotlib, CC0): even in lightness, and
 * told apart with every common colour blindness. What lies between is mixed.
 */
static const unsigned char viridis[][3] = {
    {0x44, 0x01, 0x54},
    {0x47, 0x2d, 0x7b},
    {0x3b, 0x52, 0x8b},
    {0x2c, 0x72, 0x8e},
    {0x21, 0x91, 0x8c},
    {0x28, 0xae, 0x80},
    {0x5e, 0xc9, 0x62},
    {0xad, 0xdc, 0x30},
    {0xfd, 0xe7, 0x25},
};
enum { VIRIDIS_LAST = sizeof(viridis) / sizeof(viridis[0]) - 1 };

void figure_colour(size_t level, char text[static COLOUR_SIZE])
{
	float place = (float)level * (float)VIRIDIS_LAST / (float)(FIGURE_LEVELS - 1);
	size_t i = (size_t)place < VIRIDIS_LAST ? (size_t)place : VIRIDIS_LAST - 1;
	float share = place - (float)i;
	unsigned rgb[3];

	for (int c = 0; c < 3; c++)
		rgb[c] = (unsigned)lroundf(
		    (1.0f - share) * (float)viridis[i][c] + share * (float)viridis[i + 1][c]);
	snprintf(text, COLOUR_SIZE, "#%02x%02x%02x", rgb[0] & 0xff, rgb[1] & 0xff, rgb[2] & 0xff);
}

void figure_patterns(FILE *out)
{
	fputs(
	    "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	    "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
	    "patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" class=\"hatch-back\"/>"
	    "<rect width=\"1.6\" height=\"5\" class=\"hatch-line\"/></pattern></defs></svg>\n",
	    out);
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

/* Opens a strip of the recorded hours, one unit a minute, a line at each label and between two. */
static void open_strip(FILE *out, const struct report_night *report, int height, const char *label)
{
	fprintf(out,
	    "<svg class=\"strip\" style=\"height:%dpx\" viewBox=\"0 0 %zu %d\" "
	    "preserveAspectRatio=\"none\" role=\"img\" aria-label=\"%s\">",
	    height, span(report), height, label);
	fprintf(out, "<path class=\"hours\" d=\"");
	size_t step = figure_axis_step(report) / 2;
	for (size_t minute = (report->from + step) / step * step; minute < report->to;
	     minute += step)
		fprintf(out, "M%zu 0v%d", minute - report->from, height);
	fputs("\"/>", out);
}

static void close_strip(FILE *out)
{
	fputs("</svg>\n", out);
}

/* Runs of minutes in which a lane holds at least half a minute become one rectangle each. */
static void draw_lane(FILE *out, const struct report_night *report, const struct figure_lane *lane,
    int top, int height)
{
	size_t from = report->from, last = report->to;
	bool inside = false;

	if (last > report->n_minutes)
		last = report->n_minutes;
	fprintf(out, "<path class=\"%s\" d=\"", lane->colour);
	for (size_t i = report->from; i <= last; i++) {
		bool holds = i < last &&
		             report_lane_s(&report->minutes->minute[i], lane->lane) >= 30.0f;

		if (holds && !inside)
			from = i;
		if (!holds && inside)
			fprintf(out, "M%zu %dh%zuv%dh-%zuz", from - report->from, top, i - from,
			    height, i - from);
		inside = holds;
	}
	fputs("\"/>", out);
}

void figure_strip(FILE *out, const struct report_night *report, const struct figure_lane *lanes,
    size_t n_lanes, const char *label)
{
	int pitch = LANE_HEIGHT + 6;

	open_strip(out, report, (int)n_lanes * pitch, label);
	for (size_t i = 0; i < n_lanes; i++)
		draw_lane(out, report, &lanes[i], (int)i * pitch + 3, LANE_HEIGHT);
	close_strip(out);
}

void figure_movement(FILE *out, const struct report_night *report)
{
	open_strip(out, report, STRIP_HEIGHT, "Movement in bed, minute by minute");
	fputs("<path class=\"moving\" d=\"", out);
	for (size_t i = report->from; i < report->to && i < report->n_minutes; i++) {
		float share = report->minutes->minute[i].moving_s / MOVED_FULL_S;
		float height = (float)STRIP_HEIGHT * fminf(1.0f, share);

		if (height >= 0.5f)
			fprintf(out, "M%zu %dh1v-%.1fh-1z", i - report->from, STRIP_HEIGHT,
			    (double)height);
	}
	fputs("\"/>", out);
	close_strip(out);
}

void figure_breathing(FILE *out, const struct report_night *report, float low, float high)
{
	bool joined = false;

	open_strip(out, report, STRIP_HEIGHT, "Breaths a minute; gaps where none could be read");
	fputs("<path class=\"breathing\" d=\"", out);
	for (size_t i = report->from; i < report->to && i < report->n_minutes; i++) {
		float rate = report->minutes->minute[i].breathing_per_min;
		float y = (float)STRIP_HEIGHT * (high - rate) / (high - low);

		if (isfinite(rate))
			fprintf(
			    out, "%c%zu.5 %.1f", joined ? 'L' : 'M', i - report->from, (double)y);
		joined = isfinite(rate);
	}
	fputs("\"/>", out);
	close_strip(out);
}

void figure_notices(FILE *out, const struct report_night *report)
{
	int64_t from_ns = report_minute_ns(report, report->from);
	int row = 0;

	open_strip(out, report, STRIP_HEIGHT, "When the findings were made; each is a link to it");
	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];
		double start = (double)(event->start_real_ns - from_ns) / (double)EPOCH_NS;
		double end = (double)(event->end_real_ns - from_ns) / (double)EPOCH_NS;

		if (!report_is_finding(event) || event->day != 0 || end < 0.0)
			continue;
		start = fmax(0.0, start);
		double least = fmax(
		    4.0, (double)span(report) / 90.0); /* wide enough to be touched */
		fprintf(out,
		    "<a href=\"#finding-%lld\"><rect class=\"notice\" x=\"%.1f\" y=\"%d\" "
		    "width=\"%.1f\" height=\"12\" rx=\"2\"><title>%s</title></rect></a>",
		    (long long)event->id, start, 2 + 14 * (row++ % 2), fmax(least, end - start),
		    event->rule);
	}
	close_strip(out);
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

void figure_quality(FILE *out, const struct report_night *report, bool bed)
{
	static const char *const classes[] = {"gap", "partly", "well"};
	size_t last = report->to < report->n_minutes ? report->to : report->n_minutes;

	open_strip(out, report, LANE_HEIGHT + 4,
	    bed ? "Signal of the bed; hatched where there was none"
	        : "Signal of the chair; hatched where there was none");
	for (size_t i = report->from, from = i; i < last; i++) {
		enum seen here = seen(&report->minutes->minute[i], bed);

		if (i + 1 < last && seen(&report->minutes->minute[i + 1], bed) == here)
			continue;
		fprintf(out, "<rect class=\"%s\" x=\"%zu\" y=\"2\" width=\"%zu\" height=\"%d\"/>",
		    classes[here], from - report->from, i + 1 - from, LANE_HEIGHT);
		from = i + 1;
	}
	close_strip(out);
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
static void draw_level(FILE *out, const struct stored_keyframe *frame, float greatest, size_t level)
{
	char colour[COLOUR_SIZE];

	figure_colour(level, colour);
	fprintf(out, "<path fill=\"%s\" d=\"", colour);
	for (size_t row = 0; row < frame->rows; row++)
		for (size_t col = 0; col < frame->cols;) {
			const float *cells = &frame->cells[row * frame->cols];
			size_t from = col;

			while (col < frame->cols && figure_level(cells[col], greatest) == level)
				col++;
			if (col > from)
				fprintf(
				    out, "M%zu %zuh%zuv1h-%zuz", from, row, col - from, col - from);
			else
				col++;
		}
	fputs("\"/>", out);
}

static void draw_centre(FILE *out, const struct stored_keyframe *frame)
{
	double x = (double)frame->centre_x_ratio * (double)frame->cols;
	double y = (double)frame->centre_y_ratio * (double)frame->rows;
	double r = 0.045 * (double)frame->cols;

	if (!isfinite(x) || !isfinite(y))
		return;
	fprintf(out,
	    "<g class=\"centre\"><title>centre of pressure</title>"
	    "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\"/>"
	    "<path d=\"M%.2f %.2fh%.2fM%.2f %.2fv%.2f\"/></g>",
	    x, y, r, x - 2 * r, y, 4 * r, x, y - 2 * r, 4 * r);
}

float figure_map(FILE *out, const struct report_map *map, const char *label)
{
	const struct stored_keyframe *frame = map->frame;
	float greatest = 0.0f;
	char colour[COLOUR_SIZE], turn[64] = "";

	for (size_t i = 0; i < frame->n_cells; i++)
		greatest = fmaxf(greatest, frame->cells[i]);
	/* A bed's columns run from her left to her right: from above, that is right to left. */
	if (map->surface && map->surface->kind == SURFACE_BED)
		snprintf(
		    turn, sizeof(turn), " transform=\"translate(%zu) scale(-1 1)\"", frame->cols);
	figure_colour(0, colour);
	fprintf(out,
	    "<svg class=\"map\" viewBox=\"0 0 %zu %zu\" role=\"img\" aria-label=\"%s\"><g%s>"
	    "<g shape-rendering=\"crispEdges\"><path fill=\"%s\" d=\"M0 0h%zuv%zuh-%zuz\"/>",
	    frame->cols, frame->rows, label, turn, colour, frame->cols, frame->rows, frame->cols);
	for (size_t level = 1; level < FIGURE_LEVELS; level++)
		draw_level(out, frame, greatest, level);
	fputs("</g>", out);
	draw_centre(out, frame);
	fputs("</g></svg>\n", out);
	return greatest;
}

/* ---- bars ---------------------------------------------------------------------------------- */

void figure_bars(FILE *out, const float *values, size_t n_days, float greatest, const char *label)
{
	fprintf(out,
	    "<svg class=\"bars\" viewBox=\"0 0 %zu 40\" preserveAspectRatio=\"none\" role=\"img\" "
	    "aria-label=\"%s\">",
	    n_days * 10, label);
	for (size_t i = 0; i < n_days; i++) {
		float height = greatest > 0.0f ? 38.0f * values[i] / greatest : 0.0f;

		if (isfinite(values[i]))
			fprintf(out,
			    "<rect class=\"%s\" x=\"%zu\" y=\"%.1f\" width=\"8\" height=\"%.1f\"/>",
			    i + 1 == n_days ? "this-night" : "night-before", i * 10 + 1,
			    (double)(39.0f - height), (double)(height + 1.0f));
	}
	fputs("</svg>\n", out);
}
