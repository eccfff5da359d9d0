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
void html_element(const struct page *page, const char *tag, const char *text)
{
	if (!text)
		return;
	fprintf(page->out, "<%s>", tag);
	html_text(page->out, text);
	fprintf(page->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

/* A name that leads to its definition, where it has one. */
void html_name(const struct page *page, const struct block *block)
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

/* ---- other blocks --------------------------------------------------------------------------- */

static void write_item(const struct page *page, const struct block *item)
{
	FILE *out = page->out;

	fputs("<li", out);
	if (item->id)
		fprintf(out, " id=\"%s\"", item->id);
	fputs(">", out);
	html_element(page, "p", item->text);
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
	html_name(page, block);
	fputs("</dt>", page->out);
	html_element(page, "dd", block->text);
	fputc('\n', page->out);
}

static void write_tile(const struct page *page, const struct block *block)
{
	fputs("<div><dt>", page->out);
	html_name(page, block);
	fputs("</dt><dd>", page->out);
	html_element(page, "b", block->text);
	html_element(page, "small", block->note);
	fputs("</dd></div>\n", page->out);
}

static void write_block(const struct page *page, const struct block *block)
{
	switch (block->kind) {
	case BLOCK_TEXT:
		html_element(page, "p", block->text);
		break;
	case BLOCK_NOTE:
		html_element(page, "p class=\"note\"", block->text);
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
		html_shares(page, block);
		break;
	case BLOCK_BARS:
		html_bars(page, block);
		break;
	case BLOCK_STRIPS:
		html_strips(page);
		break;
	case BLOCK_MAP:
		html_map(page, block);
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
	html_element(&page, "p", document->kicker);
	html_element(&page, "h1", document->title);
	html_element(&page, "p class=\"verdict\"", document->lead);
	fputs("</header>\n<main>\n", out);
	for (size_t i = 0; i < document->n_sections; i++)
		write_section(&page, &document->sections[i]);
	fputs("</main>\n<footer>", out);
	html_element(&page, "p", document->footer);
	fputs("</footer>\n</body></html>\n", out);
	canvas_destroy(page.canvas);
	return ferror(out) ? -EIO : 0;
}
