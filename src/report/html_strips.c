/* Everything that has a place on the clock, on one axis. */
#include "report/figure.h"
#include "report/html.h"

#define BREATHING_LOW  6.0f
#define BREATHING_HIGH 26.0f

struct row {
	const char *name;
	struct figure_lane lane;
};

static const struct row where[] = {
    {"bed", {LANE_BED, INK_BED}},
    {"edge", {LANE_EDGE, INK_EDGE}},
    {"chair", {LANE_CHAIR, INK_CHAIR}},
    {"away", {LANE_AWAY, INK_AWAY}},
    {"unknown", {LANE_UNKNOWN, INK_GAP}},
};
static const struct row postures[] = {
    {"back", {LANE_SUPINE, INK_SUPINE}},
    {"left", {LANE_LEFT, INK_LEFT}},
    {"right", {LANE_RIGHT, INK_RIGHT}},
    {"front", {LANE_PRONE, INK_PRONE}},
    {"unknown", {LANE_OTHER, INK_GAP}},
};
static const struct row sleeps[] = {
    {"asleep", {LANE_ASLEEP, INK_ASLEEP}},
    {"awake", {LANE_AWAKE, INK_AWAKE}},
    {"unknown", {LANE_SLEEP_UNKNOWN, INK_GAP}},
};

static void write_axis(const struct page *page)
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	size_t span = report->to - report->from;
	size_t step = figure_axis_step(report);

	fputs("<div class=\"row axis\" aria-hidden=\"true\"><span></span><div>", out);
	for (size_t m = (report->from + step - 1) / step * step; m < report->to; m += step)
		fprintf(out, "<span style=\"left:%.2f%%\">%02zu</span>",
		    100.0 * (double)(m - report->from) / (double)span, (m / 60 + 12) % 24);
	fputs("</div></div>\n", out);
}

static void write_lanes(
    const struct page *page, const char *title, const struct row *rows, size_t n, const char *label)
{
	FILE *out = page->out;
	struct figure_lane lanes[8];

	fprintf(out, "<h3>%s</h3><div class=\"row lanes\"><ul class=\"names\">", title);
	for (size_t i = 0; i < n; i++) {
		lanes[i] = rows[i].lane;
		fprintf(out, "<li>%s</li>", rows[i].name);
	}
	fputs("</ul>", out);
	figure_strip(page->canvas, page->report, lanes, n, label);
	fputs("</div>\n", out);
}

void html_strips(const struct page *page)
{
	const struct report_night *report = page->report;
	struct canvas *canvas = page->canvas;
	FILE *out = page->out;

	if (report->to <= report->from)
		return;
	fputs("<section aria-labelledby=\"hours\"><h2 id=\"hours\">Hour by hour</h2>\n", out);
	write_axis(page);
	write_lanes(page, "Where", where, sizeof(where) / sizeof(where[0]),
	    "Where you were: in bed, on its edge, in the chair, away, or not known");
	write_lanes(page, "Lying", postures, sizeof(postures) / sizeof(postures[0]),
	    "How you lay: on the back, left, right or front, or not known");
	if (report->minutes->has_bed)
		write_lanes(page, "Sleep (estimated)", sleeps, sizeof(sleeps) / sizeof(sleeps[0]),
		    "Estimated from movement: asleep, awake in bed, or not known");
	fputs(
	    "<h3>Movement</h3><div class=\"row\"><span class=\"scale\">0-30 s<br/>a minute</span>",
	    out);
	figure_movement(canvas, report);
	fprintf(out,
	    "</div>\n<h3>Breathing</h3><div class=\"row\"><span class=\"scale\">%.0f-%.0f<br/>"
	    "a minute</span>",
	    (double)BREATHING_LOW, (double)BREATHING_HIGH);
	figure_breathing(canvas, report, BREATHING_LOW, BREATHING_HIGH);
	fputs("</div>\n<h3>Findings</h3><div class=\"row\"><span class=\"scale\">touch for<br/>"
	      "more</span>",
	    out);
	figure_notices(canvas, report);
	fputs("</div>\n<h3>Signal</h3>", out);
	if (report->minutes->has_bed) {
		fputs("<div class=\"row\"><span class=\"scale\">bed</span>", out);
		figure_quality(canvas, report, true);
		fputs("</div>\n", out);
	}
	if (report->minutes->has_seat) {
		fputs("<div class=\"row\"><span class=\"scale\">chair</span>", out);
		figure_quality(canvas, report, false);
		fputs("</div>\n", out);
	}
	write_axis(page);
	fputs(
	    "<p class=\"note\">One clock for all. Hatched: not observed, which is neither rest nor "
	    "absence.</p></section>\n",
	    out);
}
