/* The report as one page: nothing is fetched, it reads on a phone and prints on A4. */
#include "report/html.h"

#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char style[] = {
#include "report/report.css.inc"
};

void html_text(FILE *out, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
		}
}

/* Each ink as a variable, for light and for dark; the style sheet says what is filled with it. */
static void write_inks(FILE *out)
{
	fputs(":root {", out);
	for (size_t i = 0; i < INK_COUNT; i++)
		fprintf(out, " --%s: #%06x;", ink_looks[i].class, (unsigned)ink_looks[i].light);
	fputs(" }\n@media (prefers-color-scheme: dark) { :root {", out);
	for (size_t i = 0; i < INK_COUNT; i++)
		fprintf(out, " --%s: #%06x;", ink_looks[i].class, (unsigned)ink_looks[i].dark);
	fputs(" } }\n@media print { :root {", out);
	for (size_t i = 0; i < INK_COUNT; i++)
		fprintf(out, " --%s: #%06x;", ink_looks[i].class, (unsigned)ink_looks[i].light);
	fputs(" } }\n", out);
}

static void write_head(FILE *out, const char *date)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\"><head>"
	      "<meta charset=\"utf-8\"/>"
	      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
	      "<meta name=\"color-scheme\" content=\"light dark\"/>",
	    out);
	fprintf(out, "<title>The night to %s</title>\n<style>\n", date);
	write_inks(out);
	fprintf(out, "%s</style></head>\n<body>\n", style);
	fputs("<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	      "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
	      "patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" "
	      "class=\"hatch-back\"/><rect width=\"1.6\" height=\"5\" class=\"hatch-line\"/>"
	      "</pattern></defs></svg>\n",
	    out);
}

static void write_tile(FILE *out, const char *name, const char *value, const char *note)
{
	fprintf(out, "<div><dt>%s</dt><dd><b>%s</b>", name, value);
	if (note)
		fprintf(out, "<small>%s</small>", note);
	fputs("</dd></div>\n", out);
}

static void write_sleep(FILE *out, const struct night_sleep *sleep)
{
	char value[WORDING_SIZE], note[2 * WORDING_SIZE + 64], other[WORDING_SIZE];

	if (!isfinite(sleep->asleep_s)) {
		write_tile(out, "Sleep (estimated)", "-", "no bed was measured");
		return;
	}
	snprintf(note, sizeof(note), "longest unbroken: %s; ",
	    wording_duration((double)sleep->longest_s, other));
	snprintf(note + strlen(note), sizeof(note) - strlen(note), "not known: %s",
	    wording_duration((double)sleep->unknown_s, other));
	write_tile(
	    out, "Sleep (estimated)", wording_duration((double)sleep->asleep_s, value), note);
	snprintf(note, sizeof(note), "in bed; until asleep: %s; awakenings of 5 min or more: %d",
	    wording_to_sleep(sleep, other), sleep->awakenings);
	write_tile(out, "Awake (estimated)", wording_duration((double)sleep->awake_s, value), note);
}

static void write_tiles(FILE *out, const struct report_night *report)
{
	const struct night_facts *facts = &report->facts;
	char value[WORDING_SIZE], note[WORDING_SIZE + 32], other[WORDING_SIZE];

	fputs("<dl class=\"tiles\">\n", out);
	write_tile(out, "Lying", wording_duration((double)facts->lying_s, value), NULL);
	write_tile(out, "Longest rest", wording_duration((double)facts->longest_rest_s, value),
	    "absences under a minute left out");
	write_sleep(out, &facts->sleep);
	snprintf(value, sizeof(value), "%d", facts->exits);
	write_tile(out, "Times up", value, "for a minute or more");
	snprintf(value, sizeof(value), "%d", facts->feeds);
	snprintf(note, sizeof(note), "%s in all", wording_duration((double)facts->feed_s, other));
	write_tile(out, "Stays in the chair", value, note);
	snprintf(value, sizeof(value), "%d", facts->shifts);
	snprintf(note, sizeof(note), "longest without: %s",
	    wording_duration((double)facts->longest_unchanged_s, other));
	write_tile(out, "Turns in bed", value, note);
	write_tile(out, "Up and away", wording_duration((double)facts->away_s, value), NULL);
	if (facts->pain >= 0)
		snprintf(value, sizeof(value), "%d of 10", facts->pain);
	else
		strcpy(value, "-");
	write_tile(out, "Pain in the morning", value,
	    facts->pain >= 0 ? "your own entry" : "not entered: lumbar pain 0-10");
	write_tile(out, "Not known", wording_duration((double)facts->unknown_s, value),
	    "not seen, or not clear");
	fputs("</dl>\n", out);
}

static void write_tries(FILE *out, const struct report_night *report)
{
	if (report->tries[0]) {
		fputs("<section class=\"tries\" aria-labelledby=\"tries\"><h2 id=\"tries\">To try "
		      "tonight"
		      "</h2><ul>",
		    out);
		for (size_t i = 0; i < REPORT_TRIES_MAX && report->tries[i]; i++) {
			fputs("<li>", out);
			html_text(out, report->tries[i]->try_this);
			fputs("</li>", out);
		}
		fputs("</ul></section>\n", out);
	}
}

static void write_unmeasured(FILE *out, const struct report_night *report)
{
	if (!report->unmeasured)
		return;
	fputs("<section aria-labelledby=\"more\"><h2 id=\"more\">What no mat can measure</h2>"
	      "<p>The article advises ",
	    out);
	html_text(out, report->unmeasured->advises);
	fputs(". ", out);
	html_text(out, report->unmeasured->try_this);
	fputs("</p></section>\n", out);
}

int report_html(const struct report_night *report, FILE *out)
{
	struct page page = {.report = report, .out = out, .canvas = canvas_svg_create(out)};
	char date[WORDING_SIZE];

	if (!page.canvas)
		return -ENOMEM;
	write_head(out, wording_date(report->facts.day, date));
	fprintf(out, "<header><p>The night to</p><h1>%s</h1><p class=\"verdict\">", date);
	html_text(out, report->verdict);
	fputs("</p></header>\n<main>\n", out);
	write_tiles(out, report);
	write_tries(out, report);
	html_strips(&page);
	html_findings(&page);
	html_maps(&page);
	html_feeds(&page);
	html_nights(&page);
	write_unmeasured(out, report);
	html_quality(&page);
	fputs("</main>\n<footer><p>", out);
	html_text(out, wording_limits(report));
	fputs("</p></footer>\n</body></html>\n", out);
	canvas_destroy(page.canvas);
	return ferror(out) ? -EIO : 0;
}
