/* Maps, findings, the chair, the nights before and the data: the parts below the strips. */
#include "base/clock.h"
#include "report/figure.h"
#include "report/html.h"
#include "report/wording.h"

#include <math.h>
#include <string.h>

/* ---- maps ---------------------------------------------------------------------------------- */

static void write_legend(FILE *out, const struct report_map *map, float greatest)
{
	fputs("<div class=\"legend\"><span class=\"ramp\" style=\"background:linear-gradient(90deg",
	    out);
	for (size_t level = 0; level < FIGURE_LEVELS; level += 3)
		fprintf(out, ",#%06x", (unsigned)figure_colour(level));
	fprintf(out, ",#%06x)\"></span><span>0</span><span>%.0f %s</span></div>",
	    (unsigned)figure_colour(FIGURE_LEVELS - 1), (double)greatest,
	    map->frame->unit == PRESSURE_MMHG ? "mmHg" : "% of full scale");
}

static bool has_back(const struct report_map *map)
{
	for (size_t i = 0; map->places && i < map->frame->n_cells; i++)
		if (map->places[i].region == REGION_BACK)
			return true;
	return false;
}

/* Seen from above; which side is whose follows core/surface.h. */
static void write_sides(FILE *out, const struct report_map *map, bool top)
{
	bool is_bed = map->surface && map->surface->kind == SURFACE_BED;

	if (top)
		fprintf(out, "<div class=\"side\">%s</div>", is_bed ? "head" : "front edge, knees");
	else
		fprintf(out, "<div class=\"sides\"><span>%s</span>%s<span>%s</span></div>",
		    is_bed ? "your right*" : "your left",
		    has_back(map) ? "<span>back rest</span>" : "",
		    is_bed ? "your left*" : "your right");
}

static void write_map(const struct page *page, const struct report_map *map)
{
	FILE *out = page->out;
	const struct stored_keyframe *frame = map->frame;
	bool is_bed = map->surface && map->surface->kind == SURFACE_BED;
	const char *state = is_bed ? wording_posture(frame->posture) : wording_seat(frame->seat);
	char time[TIME_SIZE], label[160];

	clock_format_time(frame->real_ns, frame->utc_offset_s, time);
	snprintf(label, sizeof(label), "Pressure map at %s, %s, seen from above", time, state);
	fprintf(out, "<figure%s><figcaption><b>%s</b><br/>%s, %s", is_bed ? "" : " class=\"seat\"",
	    map->title, time, state);
	if (map->event) {
		fprintf(out, "<br/><a href=\"#finding-%lld\">the finding</a>",
		    (long long)map->event->id);
	}
	fputs("</figcaption>", out);
	if (frame->rows == 0 && !map->places) {
		fprintf(out, "<p>A mat of %zu single cells makes no picture.</p></figure>\n",
		    frame->n_cells);
		return;
	}
	write_sides(out, map, true);
	float greatest = (map->places ? figure_places : figure_map)(page->canvas, map, label);
	write_sides(out, map, false);
	write_legend(out, map, greatest);
	fputs("</figure>\n", out);
}

void html_maps(const struct page *page)
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	size_t n = 0;

	for (size_t i = 0; i < MAP_COUNT; i++)
		n += report->maps[i].frame != NULL;
	if (n == 0)
		return;
	fputs("<section aria-labelledby=\"maps\"><h2 id=\"maps\">Pressure maps</h2>"
	      "<div class=\"maps\">\n",
	    out);
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (report->maps[i].frame)
			write_map(page, &report->maps[i]);
	fputs("</div><p class=\"note\">Seen from above. The ring with the cross is the centre of "
	      "pressure. Each map has its own scale. * when lying on the back.",
	    out);
	fputs(report->calibrated ? "</p></section>\n"
	                         : " Not calibrated: percent of what the mat can read, not mmHg."
	                           "</p></section>\n",
	    out);
}

/* ---- findings ------------------------------------------------------------------------------ */

static void write_evidence(
    FILE *out, const struct report_night *report, const struct stored_event *event)
{
	fputs(" See ", out);
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (report->maps[i].frame && report->maps[i].frame->id == event->keyframe_id) {
			fputs("<a href=\"#maps\">its map</a> or ", out);
			break;
		}
	fputs(event->day == 0 ? "<a href=\"#hours\">its hour</a>."
	                      : "<a href=\"#before\">the nights before</a>.",
	    out);
}

static void write_finding(
    FILE *out, const struct report_night *report, const struct stored_event *event)
{
	const struct advice *advice = guidance_find(event->advice_id);
	char value[WORDING_SIZE], text[300];

	fprintf(out, "<li id=\"finding-%lld\"><p>", (long long)event->id);
	html_text(out, wording_finding(event, text, sizeof(text)));
	fputs("</p>", out);
	fputs("<p class=\"measure\">", out);
	if (*wording_value(event, value)) {
		fputs("Measured ", out);
		html_text(out, value);
		if (isfinite(event->coverage_ratio))
			fprintf(out, ", seen %.0f %% of the time", 100.0 * event->coverage_ratio);
		fputs(".", out);
	}
	write_evidence(out, report, event);
	fputs("</p>", out);
	if (advice) {
		fputs("<p>The article advises ", out);
		html_text(out, advice->advises);
		fprintf(out, ". <code>%s</code></p>", advice->id);
	}
	fputs("</li>\n", out);
}

void html_findings(const struct page *page)
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	char text[300];

	fputs("<section aria-labelledby=\"findings\"><h2 id=\"findings\">Findings</h2>", out);
	if (report_n_findings(report) == 0)
		fputs("<p>None.</p>", out);
	else
		fputs("<ul class=\"findings\">\n", out);
	for (size_t i = 0; i < report->n_events; i++)
		if (report_is_finding(&report->events[i]))
			write_finding(out, report, &report->events[i]);
	if (report_n_findings(report) > 0)
		fputs("</ul>", out);
	fputs("<h3>The mattress</h3><p>", out);
	html_text(out, wording_support(report, text, sizeof(text)));
	fputs("</p></section>\n", out);
}

/* ---- the chair ------------------------------------------------------------------------------ */

static void write_minutes(FILE *out, float seconds)
{
	if (seconds < 30.0f)
		fputs("<td class=\"none\">0</td>", out);
	else
		fprintf(out, "<td>%.0f</td>", (double)seconds / 60);
}

void html_feeds(const struct page *page)
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	char from[TIME_SIZE], to[TIME_SIZE], load[WORDING_SIZE];

	if (report->n_feeds == 0)
		return;
	fputs("<section aria-labelledby=\"chair\"><h2 id=\"chair\">In the chair</h2>"
	      "<div class=\"table\"><table><caption>Minutes of each posture, for every stay of "
	      "5 min or more</caption><thead><tr><th scope=\"col\">time</th>"
	      "<th scope=\"col\">all</th><th scope=\"col\">upright</th>"
	      "<th scope=\"col\">bent</th><th scope=\"col\">slump</th>"
	      "<th scope=\"col\">left</th><th scope=\"col\">right</th>"
	      "<th scope=\"col\"><abbr title=\"posture not known\">?</abbr></th>"
	      "<th scope=\"col\">load*</th></tr></thead><tbody>\n",
	    out);
	for (size_t i = 0; i < report->n_feeds; i++) {
		const struct sitting *feed = &report->feeds[i];
		clock_format_time(
		    report_minute_ns(report, feed->first), report->facts.utc_offset_s, from);
		clock_format_time(
		    report_minute_ns(report, feed->last + 1), report->facts.utc_offset_s, to);
		fprintf(out, "<tr><th scope=\"row\">%s-%s</th>", from, to);
		write_minutes(out, feed->seated_s);
		write_minutes(out, feed->seat_s[SEAT_UPRIGHT]);
		write_minutes(out, feed->seat_s[SEAT_FORWARD]);
		write_minutes(out, feed->seat_s[SEAT_SLUMP]);
		write_minutes(out, feed->seat_s[SEAT_LEAN_LEFT]);
		write_minutes(out, feed->seat_s[SEAT_LEAN_RIGHT]);
		write_minutes(out, feed->seat_s[SEAT_UNKNOWN]);
		fprintf(out, "<td>%s</td></tr>\n", wording_load(feed->sideways_ratio, load));
	}
	fputs(
	    "</tbody></table></div><p class=\"note\">* mean sideways load against your own upright "
	    "minute; above 0: more on your right.</p></section>\n",
	    out);
}

/* ---- the nights before ------------------------------------------------------------------- */

static float lying_h(const struct night_facts *night)
{
	return night->lying_s / 3600.0f;
}

static float rest_h(const struct night_facts *night)
{
	return night->longest_rest_s / 3600.0f;
}

static float chair_min(const struct night_facts *night)
{
	return night->feed_s / 60.0f;
}

static float unknown_h(const struct night_facts *night)
{
	return night->unknown_s / 3600.0f;
}

static float pain(const struct night_facts *night)
{
	return night->pain >= 0 ? (float)night->pain : NAN;
}

/* full: the bar of this value fills the height, so that a little looks like little. */
static void write_trend(const struct page *page, const char *name, const char *unit, int digits,
    float full, float (*value)(const struct night_facts *))
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	float values[REPORT_NIGHTS_MAX], greatest = full;
	char label[96];

	for (size_t i = 0; i < REPORT_NIGHTS_MAX; i++)
		values[i] = NAN;
	for (size_t i = 0; i + 1 < report->n_nights; i++) {
		size_t place = (size_t)(report->nights[i].day - report->facts.day) +
		               REPORT_NIGHTS_MAX - 1;
		values[place] = value(&report->nights[i]);
	}
	values[REPORT_NIGHTS_MAX - 1] = value(&report->facts);
	for (size_t i = 0; i < REPORT_NIGHTS_MAX; i++)
		greatest = fmaxf(greatest, values[i]);
	snprintf(label, sizeof(label), "%s over eight nights, in %s, this night last", name, unit);
	fprintf(out, "<div class=\"trend\"><h3>%s <small>%s</small></h3>", name, unit);
	figure_bars(page->canvas, values, REPORT_NIGHTS_MAX, greatest, label);
	fputs("<div class=\"values\">", out);
	for (size_t i = 0; i < REPORT_NIGHTS_MAX; i++)
		if (isfinite(values[i]))
			fprintf(out, "<span>%.*f</span>", digits, (double)values[i]);
		else
			fputs("<span>-</span>", out);
	fputs("</div></div>\n", out);
}

void html_nights(const struct page *page)
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	if (report->n_nights < 2)
		return;
	fputs(
	    "<section aria-labelledby=\"before\"><h2 id=\"before\">This night and the seven before"
	    "</h2><div class=\"trends\">\n",
	    out);
	write_trend(page, "Lying", "h", 1, 12.0f, lying_h);
	write_trend(page, "Longest rest", "h", 1, 8.0f, rest_h);
	write_trend(page, "In the chair", "min", 0, 240.0f, chair_min);
	write_trend(page, "Pain", "of 10", 0, 10.0f, pain);
	write_trend(page, "Not known", "h", 1, 24.0f, unknown_h);
	fputs("</div></section>\n", out);
}

/* ---- the data ------------------------------------------------------------------------------ */

static void write_surface(
    FILE *out, const struct report_night *report, const struct stored_surface *surface)
{
	fputs("<dt>", out);
	html_text(out, surface->name);
	fputs("</dt><dd>", out);
	if (surface->rows > 0)
		fprintf(out, "%zu x %zu cells, ", surface->rows, surface->cols);
	if (surface->unit != PRESSURE_MMHG)
		fputs("not calibrated: relative units, percent of full scale", out);
	else if (surface->calibrated_real_ns > 0)
		fprintf(out, "mmHg, calibrated %d days before this night",
		    wording_days_before(report, surface));
	else
		fputs("mmHg, the calibration has no date", out);
	if (surface->unit == PRESSURE_MMHG && isfinite(surface->calibration_quality_ratio))
		fprintf(out, ", quality %.2f", (double)surface->calibration_quality_ratio);
	fputs("</dd>", out);
}

void html_quality(const struct page *page)
{
	const struct report_night *report = page->report;
	FILE *out = page->out;
	char a[WORDING_SIZE], b[WORDING_SIZE], clock[200];

	fputs(
	    "<section class=\"data\" aria-labelledby=\"data\"><h2 id=\"data\">How good the data are"
	    "</h2><dl>",
	    out);
	fprintf(out, "<dt>Seen</dt><dd>%s of the %s from 21:00 to 07:00</dd>",
	    wording_duration((double)report->covered_s, a),
	    wording_duration((double)report->cover_of_s, b));
	fprintf(out, "<dt>Not known</dt><dd>%s of %s since noon</dd>",
	    wording_duration((double)report->facts.unknown_s, a),
	    wording_duration(60.0 * (double)report->n_minutes, b));
	fprintf(out, "<dt>Not to be judged</dt><dd>%s, for technical reasons</dd>",
	    wording_duration((double)report->technical_s, a));
	if (isfinite(report->health_ratio))
		fprintf(out, "<dt>Living cells</dt><dd>%.0f %%</dd>",
		    100.0 * (double)report->health_ratio);
	fprintf(out, "<dt>Clock</dt><dd>%s</dd>", wording_clock(report, clock, sizeof(clock)));
	for (size_t i = 0; i < report->n_surfaces; i++)
		write_surface(out, report, &report->surfaces[i]);
	for (size_t i = 0; i < report->n_events; i++)
		if (!report_is_finding(&report->events[i])) {
			fprintf(out, "<dt>%s</dt><dd>", wording_when(&report->events[i], a));
			html_text(out, report->events[i].detail);
			fputs("</dd>", out);
		}
	fputs("</dl></section>\n", out);
}
