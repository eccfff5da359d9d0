/* The report for a terminal: 72 columns, no colours, one page or two. */
#include "base/clock.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define COLUMNS     72
#define LABEL_WIDTH 10
#define STRIP_WIDTH 60

/* ---- lines --------------------------------------------------------------------------------- */

/* Columns that UTF-8 text takes: every byte but the continuations. */
static int width(const char *text, size_t n_bytes)
{
	int columns = 0;

	for (size_t i = 0; i < n_bytes; i++)
		columns += ((unsigned char)text[i] & 0xc0) != 0x80;
	return columns;
}

/* Words of text, wrapped; the first line opens with `lead`, the others with as many blanks. */
static void wrap(FILE *out, const char *lead, const char *text)
{
	int indent = width(lead, strlen(lead)), column = indent;

	fputs(lead, out);
	for (const char *word = text; *word; word += strspn(word, " ")) {
		size_t n = strcspn(word, " ");
		int wide = width(word, n);

		if (column > indent && column + 1 + wide > COLUMNS) {
			fprintf(out, "\n%*s", indent, "");
			column = indent;
		} else if (column > indent) {
			fputc(' ', out);
			column++;
		}
		fwrite(word, 1, n, out);
		column += wide;
		word += n;
	}
	fputc('\n', out);
}

static void heading(FILE *out, const char *text)
{
	fprintf(out, "\n%s\n", text);
	for (size_t i = 0; i < strlen(text); i++)
		fputc('-', out);
	fputc('\n', out);
}

static void fact(FILE *out, const char *name, const char *value)
{
	char lead[40];

	snprintf(lead, sizeof(lead), "  %-24s", name);
	wrap(out, lead, value);
}

/* ---- parts --------------------------------------------------------------------------------- */

static void write_sleep(const struct night_sleep *sleep, FILE *out)
{
	char a[WORDING_SIZE], line[200];

	if (!isfinite(sleep->asleep_s)) {
		fact(out, "Sleep (estimated)", "not assessed: no bed was measured");
		return;
	}
	fact(out, "Sleep (estimated)", wording_duration((double)sleep->asleep_s, a));
	fact(out, "  longest unbroken", wording_duration((double)sleep->longest_s, a));
	fact(out, "  awake in bed", wording_duration((double)sleep->awake_s, a));
	fact(out, "  until asleep", wording_to_sleep(sleep, a));
	snprintf(line, sizeof(line), "%d of 5 min or more", sleep->awakenings);
	fact(out, "  awakenings", line);
	fact(out, "  not known", wording_duration((double)sleep->unknown_s, a));
}

static void write_facts(const struct report_night *report, FILE *out)
{
	const struct night_facts *facts = &report->facts;
	char a[WORDING_SIZE], b[WORDING_SIZE], line[160];

	fact(out, "Lying", wording_duration((double)facts->lying_s, a));
	fact(out, "Longest rest", wording_duration((double)facts->longest_rest_s, a));
	fact(
	    out, "Longest without a turn", wording_duration((double)facts->longest_unchanged_s, a));
	write_sleep(&facts->sleep, out);
	snprintf(line, sizeof(line), "%d", facts->shifts);
	fact(out, "Turns", line);
	snprintf(line, sizeof(line), "%d", facts->exits);
	fact(out, "Times up", line);
	snprintf(line, sizeof(line), "%d of 5 min or more, %s in all", facts->feeds,
	    wording_duration((double)facts->feed_s, a));
	fact(out, "Sat in the chair", line);
	fact(out, "Up and away", wording_duration((double)facts->away_s, a));
	snprintf(line, sizeof(line), "%s of %s", wording_duration((double)facts->unknown_s, a),
	    wording_duration(60.0 * (double)report->n_minutes, b));
	fact(out, "Not known", line);
	if (facts->pain >= 0)
		snprintf(line, sizeof(line), "%d of 10", facts->pain);
	else
		strcpy(line, "not entered");
	fact(out, "Pain in the morning", line);
}

static void write_postures(const struct report_night *report, FILE *out)
{
	const float *posture_s = report->facts.posture_s;
	char share[WORDING_SIZE], time[WORDING_SIZE], line[160];
	double lying_s = (double)report->facts.lying_s, known_s = 0.0;

	if (lying_s <= 0.0)
		return;
	heading(out, "Lying, by posture");
	for (enum posture p = POSTURE_SUPINE; p <= POSTURE_PRONE; p++) {
		known_s += (double)posture_s[p];
		snprintf(line, sizeof(line), "%s  %s",
		    wording_share((double)posture_s[p], lying_s, share),
		    wording_duration((double)posture_s[p], time));
		fact(out, wording_posture(p), line);
	}
	double rest_s = fmax(0.0, lying_s - known_s);
	snprintf(line, sizeof(line), "%5s  %s", wording_share(rest_s, lying_s, share),
	    wording_duration(rest_s, time));
	fact(out, wording_posture(POSTURE_UNKNOWN), line);
}

/* The share of a lane within the minutes [from, to), in eighths: blocks of growing height. */
static const char *block(const struct report_night *report, size_t from, size_t to, enum lane lane)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	float seconds = 0.0f;
	int eighths;

	for (size_t i = from; i < to && i < report->n_minutes; i++)
		seconds += report_lane_s(&report->minutes->minute[i], lane);
	eighths = (int)ceilf(8.0f * seconds / (60.0f * (float)(to - from)) - 0.05f);
	return blocks[eighths < 0 ? 0 : eighths > 8 ? 8 : eighths];
}

static void write_strip(
    const struct report_night *report, FILE *out, const char *label, enum lane lane)
{
	size_t span = report->to - report->from;

	fprintf(out, "%-*s", LABEL_WIDTH, label);
	for (size_t c = 0; c < STRIP_WIDTH; c++)
		fputs(block(report, report->from + c * span / STRIP_WIDTH,
		          report->from + (c + 1) * span / STRIP_WIDTH, lane),
		    out);
	fputc('\n', out);
}

static void write_axis(const struct report_night *report, FILE *out)
{
	char axis[STRIP_WIDTH + 8];
	size_t span = report->to - report->from;
	size_t step = span > 720 ? 180 : span > 360 ? 120 : 60;

	memset(axis, ' ', sizeof(axis));
	for (size_t m = (report->from + step - 1) / step * step; m <= report->to; m += step) {
		size_t column = (m - report->from) * STRIP_WIDTH / span;
		char hour[4];
		snprintf(hour, sizeof(hour), "%02zu", (m / 60 + 12) % 24);
		memcpy(axis + column, hour, 2);
	}
	fprintf(out, "%*s%.*s\n", LABEL_WIDTH, "", STRIP_WIDTH + 2, axis);
}

static void write_strips(const struct report_night *report, FILE *out)
{
	static const struct {
		const char *label;
		enum lane lane;
	} strips[] = {
	    {"in bed", LANE_BED},
	    {"  back", LANE_SUPINE},
	    {"  left", LANE_LEFT},
	    {"  right", LANE_RIGHT},
	    {"  front", LANE_PRONE},
	    {"  moving", LANE_MOVING},
	    {"in chair", LANE_CHAIR},
	    {"away", LANE_AWAY},
	    {"not known", LANE_UNKNOWN},
	};

	if (report->to <= report->from)
		return;
	heading(out, "Hour by hour (the fuller a block, the more of its time)");
	write_axis(report, out);
	for (size_t i = 0; i < sizeof(strips) / sizeof(strips[0]); i++)
		write_strip(report, out, strips[i].label, strips[i].lane);
}

static void write_finding(const struct stored_event *event, FILE *out)
{
	const struct advice *advice = guidance_find(event->advice_id);
	char value[WORDING_SIZE], line[400];

	wrap(out, "* ", wording_finding(event, line, sizeof(line)));
	if (*wording_value(event, value)) {
		snprintf(line, sizeof(line), "Measured %s; seen %.0f %% of the time.", value,
		    100.0 * (isfinite(event->coverage_ratio) ? event->coverage_ratio : 0.0));
		wrap(out, "  ", line);
	}
	if (!advice)
		return;
	snprintf(line, sizeof(line), "The article advises %s [%s].", advice->advises, advice->id);
	wrap(out, "  ", line);
	wrap(out, "  To try: ", advice->try_this);
}

static void write_findings(const struct report_night *report, FILE *out)
{
	heading(out, "Findings");
	if (report_n_findings(report) == 0)
		fputs("  none\n", out);
	for (size_t i = 0; i < report->n_events; i++)
		if (report_is_finding(&report->events[i]))
			write_finding(&report->events[i], out);
}

static void write_feeds(const struct report_night *report, FILE *out)
{
	if (report->n_feeds == 0)
		return;
	heading(out, "In the chair");
	fputs("  time          min  upright  forward  slumped  left  right   load\n", out);
	for (size_t i = 0; i < report->n_feeds; i++) {
		const struct sitting *feed = &report->feeds[i];
		char from[TIME_SIZE], to[TIME_SIZE], load[WORDING_SIZE];

		clock_format_time(
		    report_minute_ns(report, feed->first), report->facts.utc_offset_s, from);
		clock_format_time(
		    report_minute_ns(report, feed->last + 1), report->facts.utc_offset_s, to);
		fprintf(out, "  %s-%s %5.0f %8.0f %8.0f %8.0f %5.0f %6.0f", from, to,
		    (double)feed->seated_s / 60, (double)feed->seat_s[SEAT_UPRIGHT] / 60,
		    (double)feed->seat_s[SEAT_FORWARD] / 60, (double)feed->seat_s[SEAT_SLUMP] / 60,
		    (double)feed->seat_s[SEAT_LEAN_LEFT] / 60,
		    (double)feed->seat_s[SEAT_LEAN_RIGHT] / 60);
		fprintf(out, " %6s\n", wording_load(feed->sideways_ratio, load));
	}
	wrap(out, "  ",
	    "Minutes of each posture; load: mean sideways load against your upright, above 0 "
	    "on the right.");
}

static void write_nights(const struct report_night *report, FILE *out)
{
	if (report->n_nights < 2)
		return;
	heading(out, "The nights before");
	fputs("  night        lying   longest   up  chair     not known  pain\n", out);
	for (size_t i = 0; i < report->n_nights; i++) {
		/* This one as the report has it: of a running night the rest is still to come. */
		const struct night_facts *night = i + 1 < report->n_nights ? &report->nights[i]
		                                                           : &report->facts;
		char date[DATE_SIZE], pain[16] = "-";

		clock_format_day(night->day, date);
		if (night->pain >= 0)
			snprintf(pain, sizeof(pain), "%d", night->pain);
		fprintf(out, "  %s %5.1f h %7.1f h %4d %3d, %3.0f min %7.1f h %5s\n", date,
		    (double)night->lying_s / 3600, (double)night->longest_rest_s / 3600,
		    night->exits, night->feeds, (double)night->feed_s / 60,
		    (double)night->unknown_s / 3600, pain);
	}
}

static void write_quality(const struct report_night *report, FILE *out)
{
	char a[WORDING_SIZE], b[WORDING_SIZE], line[300];

	heading(out, "The data");
	snprintf(line, sizeof(line), "%s of %s between 21:00 and 07:00",
	    wording_duration((double)report->covered_s, a),
	    wording_duration((double)report->cover_of_s, b));
	fact(out, "Seen", line);
	if (report->technical_s > 0.0f)
		fact(out, "Not to be judged", wording_duration((double)report->technical_s, a));
	fact(out, "Clock", wording_clock(report, line, sizeof(line)));
	for (size_t i = 0; i < report->n_surfaces; i++) {
		const struct stored_surface *surface = &report->surfaces[i];
		if (surface->unit != PRESSURE_MMHG)
			snprintf(line, sizeof(line),
			    "not calibrated: relative units, percent of full scale");
		else if (surface->calibrated_real_ns > 0)
			snprintf(line, sizeof(line), "mmHg, calibrated %d days before",
			    wording_days_before(report, surface));
		else
			snprintf(line, sizeof(line), "mmHg, the calibration has no date");
		fact(out, surface->name, line);
	}
	for (size_t i = 0; i < report->n_events; i++)
		if (!report_is_finding(&report->events[i])) {
			snprintf(line, sizeof(line), "%s: %s", report->events[i].rule,
			    report->events[i].detail);
			fact(out, wording_when(&report->events[i], a), line);
		}
}

int report_text(const struct report_night *report, FILE *out)
{
	char date[WORDING_SIZE], text[300];

	fprintf(out, "The night to %s\n", wording_date(report->facts.day, date));
	fputs("========================================================================\n", out);
	wrap(out, "", report->verdict);
	fputc('\n', out);
	write_facts(report, out);
	write_strips(report, out);
	write_postures(report, out);
	heading(out, "The mattress");
	wrap(out, "  ", wording_support(report, text, sizeof(text)));
	write_findings(report, out);
	write_feeds(report, out);
	write_nights(report, out);
	if (report->unmeasured) {
		heading(out, "What no mat can measure");
		snprintf(text, sizeof(text), "The article advises %s. %s",
		    report->unmeasured->advises, report->unmeasured->try_this);
		wrap(out, "  ", text);
	}
	write_quality(report, out);
	fputc('\n', out);
	wrap(out, "", wording_limits(report));
	return ferror(out) ? -EIO : 0;
}
