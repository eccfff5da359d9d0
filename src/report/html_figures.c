/* The figures of a page, each with the words that it needs. */
#include "report/figure.h"
#include "report/html.h"
#include "report/strips.h"
#include "report/wording.h"

/* ---- strips --------------------------------------------------------------------------------- */

static void write_axis(const struct page *page)
{
	const struct report_night *report = page->document->night;
	size_t span = report->to - report->from;
	size_t step = figure_axis_step(report);
	char hour[FIGURE_HOUR_SIZE];

	fputs("<div class=\"row axis\" aria-hidden=\"true\"><span></span><div>", page->out);
	for (size_t m = figure_axis_next(report, report->from, step); m < report->to;
	     m = figure_axis_next(report, m + step, step))
		fprintf(page->out, "<span style=\"left:%.2f%%\">%s</span>",
		    100.0 * (double)(m - report->from) / (double)span,
		    figure_axis_hour(report, m, hour));
	fputs("</div></div>\n", page->out);
}

static void write_strip(const struct page *page, const struct strip *strip)
{
	const struct language *l = page->language;
	FILE *out = page->out;
	char words[400];

	if (strip->title) {
		fputs("<h3>", out);
		html_name(page, &(struct block){.name = tr(l, strip->title), .term = strip->term});
		fputs("</h3>", out);
	}
	if (strip->kind == STRIP_LANES) {
		fputs("<div class=\"row\"><ul class=\"names\">", out);
		for (size_t i = 0; i < strip->n_rows; i++)
			html_element(page, "li", tr(l, strip->rows[i].name));
		fputs("</ul>", out);
	} else {
		fputs("<div class=\"row\">", out);
		html_element(page, "span class=\"scale\"", tr(l, strip->rows[0].name));
	}
	strip_draw(page->canvas, strip, page->document->night, l,
	    strip_words(strip, page->document->night, l, words, sizeof(words)));
	fputs("</div>\n", out);
}

void html_strips(const struct page *page)
{
	struct strip shown;

	write_axis(page);
	for (size_t i = 0; i < n_strips; i++)
		if (strip_show(&strips[i], page->document->night, &shown))
			write_strip(page, &shown);
	write_axis(page);
}

/* ---- maps ----------------------------------------------------------------------------------- */

static void write_legend(const struct page *page, const struct report_map *map, float greatest)
{
	FILE *out = page->out;

	fputs("<div class=\"legend\"><span class=\"ramp\" style=\"background:linear-gradient(90deg",
	    out);
	for (size_t level = 0; level < FIGURE_LEVELS; level += 3)
		fprintf(out, ",#%06x", (unsigned)figure_colour(level));
	fprintf(out, ",#%06x)\"></span><span>0</span><span>%.0f ",
	    (unsigned)figure_colour(FIGURE_LEVELS - 1), (double)greatest);
	html_text(out, wording_unit(page->language, map->frame->unit));
	fputs("</span></div>", out);
}

/* Seen from above; which side is whose follows core/surface.h. */
static void write_sides(const struct page *page, const struct report_map *map, bool top)
{
	const struct language *l = page->language;
	bool is_bed = map->surface && map->surface->kind == SURFACE_BED;

	if (top) {
		html_element(page, "div class=\"side\"",
		    is_bed ? tr(l, "head") : tr(l, "front edge, knees"));
		return;
	}
	fputs("<div class=\"sides\">", page->out);
	html_element(page, "span", is_bed ? tr(l, "your right*") : tr(l, "your left"));
	html_element(page, "span", figure_has_back(map) ? tr(l, "back rest") : NULL);
	html_element(page, "span", is_bed ? tr(l, "your left*") : tr(l, "your right"));
	fputs("</div>", page->out);
}

void html_map(const struct page *page, const struct block *block)
{
	const struct report_map *map = block->map;
	bool is_bed = map->surface && map->surface->kind == SURFACE_BED;

	fprintf(page->out, "<figure%s><figcaption>", is_bed ? "" : " class=\"seat\"");
	html_element(page, "b", block->name);
	fputs("<br/>", page->out);
	html_text(page->out, block->text);
	if (map->event) {
		fprintf(page->out, "<br/><a href=\"#finding-%lld\">", (long long)map->event->id);
		html_text(page->out, tr(page->language, "the finding"));
		fputs("</a>", page->out);
	}
	fputs("</figcaption>", page->out);
	if (map->frame->rows == 0 && !map->places) {
		html_element(page, "p",
		    tr(page->language, "A mat of single cells whose places are not "
		                       "known makes no picture."));
	} else {
		write_sides(page, map, true);
		float greatest = (map->places ? figure_places : figure_map)(
		    page->canvas, map, block->note);
		write_sides(page, map, false);
		write_legend(page, map, greatest);
	}
	fputs("</figure>\n", page->out);
}

/* ---- shares and bars ------------------------------------------------------------------------ */

static void write_share(const struct page *page, const struct share *share, bool compact)
{
	char text[WORDING_SIZE];
	FILE *out = page->out;

	fprintf(out,
	    "<li><svg class=\"chip\" viewBox=\"0 0 9 9\" aria-hidden=\"true\">"
	    "<path class=\"%s\" d=\"M0 0h9v9h-9z\"/></svg>",
	    ink_looks[share->ink].class);
	html_text(out, share->name);
	fputc(' ', out);
	html_text(
	    out, compact && share->text ? share->text : wording_part(page->language, share, text));
	fputs("</li>", out);
}

void html_shares(const struct page *page, const struct block *block)
{
	FILE *out = page->out;

	fputs("<div class=\"stay\"><h3>", out);
	html_name(page, block);
	fputs(" <small>", out);
	html_text(out, block->text);
	fputs("</small></h3>", out);
	if (block->shares) {
		figure_shares(page->canvas, block->shares, block->name);
		fputs("<ul class=\"key\">", out);
		for (size_t i = 0; i < block->shares->n; i++)
			write_share(page, &block->shares->parts[i], block->compact);
		fputs("</ul>", out);
		html_element(page, "p class=\"measure\"", block->note);
	}
	fputs("</div>\n", out);
}

void html_bars(const struct page *page, const struct block *block)
{
	const struct bars *bars = block->bars;
	char number[NUMBER_SIZE], label[300];
	FILE *out = page->out;

	if (!bars)
		return;
	fprintf(out, "<div class=\"trend%s\"><h3>", bars->first_label ? "" : " short");
	html_name(page, block);
	fputc(' ', out);
	html_element(page, "small", block->text);
	fputs("</h3>", out);
	if (block->note)
		snprintf(label, sizeof(label), tr(page->language, "%1$s, %2$s"), block->name,
		    block->note);
	else
		wording_titled(page->language, block, label, sizeof(label));
	figure_bars(page->canvas, bars, label);
	if (bars->n <= BARS_FEW) {
		fprintf(out,
		    "<div class=\"values\" style=\"grid-template-columns:repeat(%zu,1fr)\">",
		    bars->n);
		for (size_t i = 0; i < bars->n; i++)
			html_element(page, bars->breaks[i] ? "span class=\"anew\"" : "span",
			    language_number(
			        page->language, (double)bars->values[i], bars->digits, number));
		fputs("</div>", out);
	}
	if (bars->first_label) {
		fputs("<div class=\"sides\">", out);
		html_element(page, "span", bars->first_label);
		html_element(page, "span", bars->last_label);
		fputs("</div>", out);
	}
	html_element(page, "p class=\"note\"", block->note);
	fputs("</div>\n", out);
}
