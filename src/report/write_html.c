/* A document as one page: nothing is fetched, it reads on a phone and prints on A4. */
#include "report/document.h"
#include "report/figure.h"
#include "report/html.h"
#include "report/strips.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const char style[] = {
#include "report/report.css.inc"
};

struct page {
	const struct document *document;
	const struct language *language;
	FILE *out;
	struct canvas *canvas; /* SVG into out */
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

/* An element with text in it; text NULL: none. */
static void element(const struct page *page, const char *tag, const char *text)
{
	if (!text)
		return;
	fprintf(page->out, "<%s>", tag);
	html_text(page->out, text);
	fprintf(page->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

/* A name that leads to its definition, where it has one. */
static void write_name(const struct page *page, const struct block *block)
{
	if (block->term)
		fprintf(page->out, "<a class=\"term\" href=\"#%s\">", block->term);
	html_text(page->out, block->name);
	if (block->term)
		fputs("</a>", page->out);
}

/* ---- the head ------------------------------------------------------------------------------- */

/* Each ink as a variable, for light and for dark; the style sheet says what is filled with it. */
static void write_inks(FILE *out)
{
	static const char *const frames[][2] = {
	    {":root {", " }\n"},
	    {"@media (prefers-color-scheme: dark) { :root {", " } }\n"},
	    {"@media print { :root {", " } }\n"},
	};

	for (size_t f = 0; f < 3; f++) {
		fputs(frames[f][0], out);
		for (size_t i = 0; i < INK_COUNT; i++)
			fprintf(out, " --%s: #%06x;", ink_looks[i].class,
			    (unsigned)(f == 1 ? ink_looks[i].dark : ink_looks[i].light));
		fputs(frames[f][1], out);
	}
	for (size_t i = 0; i < INK_COUNT; i++)
		fprintf(out, ".%s { fill: var(--%s); }%c", ink_looks[i].class, ink_looks[i].class,
		    i % 4 == 3 ? '\n' : ' ');
}

static void write_head(const struct page *page)
{
	FILE *out = page->out;

	fprintf(out,
	    "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"/>"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
	    "<meta name=\"color-scheme\" content=\"light dark\"/><title>",
	    language_code(page->language));
	html_text(out, page->document->kicker);
	fputc(' ', out);
	html_text(out, page->document->title);
	fputs("</title>\n<style>\n", out);
	write_inks(out);
	fprintf(out, "%s</style></head>\n<body>\n", style);
	fputs("<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	      "<pattern id=\"hatch\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" "
	      "patternTransform=\"rotate(45)\"><rect width=\"5\" height=\"5\" "
	      "class=\"hatch-back\"/><rect width=\"1.6\" height=\"5\" class=\"hatch-line\"/>"
	      "</pattern></defs></svg>\n",
	    out);
}

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
		write_name(page, &(struct block){.name = tr(l, strip->title), .term = strip->term});
		fputs("</h3>", out);
	}
	if (strip->kind == STRIP_LANES) {
		fputs("<div class=\"row\"><ul class=\"names\">", out);
		for (size_t i = 0; i < strip->n_rows; i++)
			element(page, "li", tr(l, strip->rows[i].name));
		fputs("</ul>", out);
	} else {
		fputs("<div class=\"row\">", out);
		element(page, "span class=\"scale\"", tr(l, strip->rows[0].name));
	}
	strip_draw(page->canvas, strip, page->document->night, l,
	    strip_words(strip, page->document->night, l, words, sizeof(words)));
	fputs("</div>\n", out);
}

static void write_strips(const struct page *page)
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
		element(page, "div class=\"side\"",
		    is_bed ? tr(l, "head") : tr(l, "front edge, knees"));
		return;
	}
	fputs("<div class=\"sides\">", page->out);
	element(page, "span", is_bed ? tr(l, "your right*") : tr(l, "your left"));
	element(page, "span", figure_has_back(map) ? tr(l, "back rest") : NULL);
	element(page, "span", is_bed ? tr(l, "your left*") : tr(l, "your right"));
	fputs("</div>", page->out);
}

static void write_map(const struct page *page, const struct block *block)
{
	const struct report_map *map = block->map;
	bool is_bed = map->surface && map->surface->kind == SURFACE_BED;

	fprintf(page->out, "<figure%s><figcaption>", is_bed ? "" : " class=\"seat\"");
	element(page, "b", block->name);
	fputs("<br/>", page->out);
	html_text(page->out, block->text);
	if (map->event) {
		fprintf(page->out, "<br/><a href=\"#finding-%lld\">", (long long)map->event->id);
		html_text(page->out, tr(page->language, "the finding"));
		fputs("</a>", page->out);
	}
	fputs("</figcaption>", page->out);
	if (map->frame->rows == 0 && !map->places) {
		element(page, "p",
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

/* ---- other blocks --------------------------------------------------------------------------- */

static void write_item(const struct page *page, const struct block *item)
{
	FILE *out = page->out;

	fputs("<li", out);
	if (item->id)
		fprintf(out, " id=\"%s\"", item->id);
	fputs(">", out);
	element(page, "p", item->text);
	for (size_t i = 0; i < item->n_lines; i++) {
		const struct line *line = &item->lines[i];

		fputs(line->soft ? "<p class=\"measure\"" : "<p", out);
		if (line->id)
			fprintf(out, " id=\"%s\"", line->id);
		fputc('>', out);
		html_text(out, line->text);
		for (size_t k = 0; k < LINE_LINKS && line->links[k].text; k++) {
			fprintf(out, "%s<a href=\"#%s\">", k ? ", " : " ", line->links[k].target);
			html_text(out, line->links[k].text);
			fputs("</a>", out);
		}
		if (line->code)
			fprintf(out, " <a class=\"term\" href=\"#advice-%s\"><code>%s</code></a>",
			    line->code, line->code);
		fputs("</p>", out);
	}
	fputs("</li>\n", out);
}

static void write_fact(const struct page *page, const struct block *block)
{
	fputs("<dt", page->out);
	if (block->id)
		fprintf(page->out, " id=\"%s\"", block->id);
	fputc('>', page->out);
	write_name(page, block);
	fputs("</dt>", page->out);
	element(page, "dd", block->text);
	fputc('\n', page->out);
}

static void write_tile(const struct page *page, const struct block *block)
{
	fputs("<div><dt>", page->out);
	write_name(page, block);
	fputs("</dt><dd>", page->out);
	element(page, "b", block->text);
	element(page, "small", block->note);
	fputs("</dd></div>\n", page->out);
}

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

static void write_shares(const struct page *page, const struct block *block)
{
	FILE *out = page->out;

	fputs("<div class=\"stay\"><h3>", out);
	write_name(page, block);
	fputs(" <small>", out);
	html_text(out, block->text);
	fputs("</small></h3>", out);
	if (block->shares) {
		figure_shares(page->canvas, block->shares, block->name);
		fputs("<ul class=\"key\">", out);
		for (size_t i = 0; i < block->shares->n; i++)
			write_share(page, &block->shares->parts[i], block->compact);
		fputs("</ul>", out);
		element(page, "p class=\"measure\"", block->note);
	}
	fputs("</div>\n", out);
}

static void write_bars(const struct page *page, const struct block *block)
{
	const struct bars *bars = block->bars;
	char number[NUMBER_SIZE], label[300];
	FILE *out = page->out;

	if (!bars)
		return;
	fprintf(out, "<div class=\"trend%s\"><h3>", bars->first_label ? "" : " short");
	write_name(page, block);
	fputc(' ', out);
	element(page, "small", block->text);
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
			element(page, "span",
			    language_number(
			        page->language, (double)bars->values[i], bars->digits, number));
		fputs("</div>", out);
	}
	if (bars->first_label) {
		fputs("<div class=\"sides\">", out);
		element(page, "span", bars->first_label);
		element(page, "span", bars->last_label);
		fputs("</div>", out);
	}
	element(page, "p class=\"note\"", block->note);
	fputs("</div>\n", out);
}

static void write_block(const struct page *page, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_TEXT:
		element(page, "p", block->text);
		break;
	case BLOCK_NOTE:
		element(page, "p class=\"note\"", block->text);
		break;
	case BLOCK_ITEM:
		write_item(page, block);
		break;
	case BLOCK_FACT:
		write_fact(page, block);
		break;
	case BLOCK_TILE:
		write_tile(page, block);
		break;
	case BLOCK_SHARES:
		write_shares(page, block);
		break;
	case BLOCK_BARS:
		write_bars(page, block);
		break;
	case BLOCK_STRIPS:
		write_strips(page);
		break;
	case BLOCK_MAP:
		write_map(page, block);
		break;
	}
}

/* What stands about a run of blocks of one kind. */
static const char *const wrappers[][2] = {
    [BLOCK_TEXT] = {"", ""},
    [BLOCK_NOTE] = {"", ""},
    [BLOCK_ITEM] = {"<ul class=\"items\">\n", "</ul>"},
    [BLOCK_FACT] = {"<dl class=\"facts\">\n", "</dl>"},
    [BLOCK_TILE] = {"<dl class=\"tiles\">\n", "</dl>"},
    [BLOCK_SHARES] = {"<div class=\"stays\">\n", "</div>"},
    [BLOCK_BARS] = {"<div class=\"trends\">\n", "</div>"},
    [BLOCK_STRIPS] = {"", ""},
    [BLOCK_MAP] = {"<div class=\"maps\">\n", "</div>"},
};

static void write_section(const struct page *page, const struct section *section)
{
	static const char *const classes[] = {[SECTION_PLAIN] = "",
	    [SECTION_BARE] = " class=\"bare\"",
	    [SECTION_ACCENT] = " class=\"accent\"",
	    [SECTION_FIGURES] = " class=\"figures\"",
	    [SECTION_TERMS] = " class=\"terms\""};

	fprintf(page->out, "<section%s", classes[section->look]);
	if (section->heading)
		fprintf(
		    page->out, " aria-labelledby=\"%s\"><h2 id=\"%s\">", section->id, section->id);
	else
		fputc('>', page->out);
	if (section->heading) {
		html_text(page->out, section->heading);
		fputs("</h2>", page->out);
	}
	for (size_t i = 0; i < section->n_blocks; i++) {
		enum block_kind kind = section->blocks[i].kind;

		if (i == 0 || section->blocks[i - 1].kind != kind)
			fputs(wrappers[kind][0], page->out);
		write_block(page, &section->blocks[i]);
		if (i + 1 == section->n_blocks || section->blocks[i + 1].kind != kind)
			fputs(wrappers[kind][1], page->out);
	}
	fputs("</section>\n", page->out);
}

int document_write_html(const struct document *document, FILE *out)
{
	struct page page = {.document = document,
	    .language = document->language,
	    .out = out,
	    .canvas = canvas_svg_create(out)};

	if (!page.canvas || !document_ok(document)) {
		canvas_destroy(page.canvas);
		return -ENOMEM;
	}
	write_head(&page);
	fputs("<header>", out);
	element(&page, "p", document->kicker);
	element(&page, "h1", document->title);
	element(&page, "p class=\"verdict\"", document->lead);
	fputs("</header>\n<main>\n", out);
	for (size_t i = 0; i < document->n_sections; i++)
		write_section(&page, &document->sections[i]);
	fputs("</main>\n<footer>", out);
	element(&page, "p", document->footer);
	fputs("</footer>\n</body></html>\n", out);
	canvas_destroy(page.canvas);
	return ferror(out) ? -EIO : 0;
}
