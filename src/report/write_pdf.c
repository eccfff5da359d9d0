/* A document on A4, to print or to take along. */
#include "base/clock.h"
#include "report/document.h"
#include "report/figure.h"
#include "report/paper.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>

#define NAME_WIDTH 130.0

static const struct sheet_text heading = {.font = FONT_HEADING};
static const struct sheet_text body = {.font = FONT_BODY};
static const struct sheet_text small = {.font = FONT_SMALL, .soft = true};

/* A paragraph over the whole width, here. */
static void write_text(const struct paper *paper, const struct sheet_text *how, const char *text)
{
	double height = sheet_measure(paper->sheet, SHEET_WIDTH, how, text);

	sheet_need(paper->sheet, height);
	sheet_text(paper->sheet, SHEET_LEFT, sheet_y(paper->sheet), SHEET_WIDTH, how, text);
	sheet_move(paper->sheet, height + 3.0);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static void write_line(const struct paper *paper, const struct line *line)
{
	struct sheet_text how = {.font = FONT_BODY, .soft = line->soft};
	char text[600], place[64];

	snprintf(text, sizeof(text), "%s%s%s%s", line->text, line->code ? " [" : "",
	    line->code ? line->code : "", line->code ? "]" : "");
	if (!*line->text)
		return;
	if (line->code) {
		snprintf(place, sizeof(place), "advice-%s", line->code);
		how.link = place;
	}
	double height = sheet_measure(paper->sheet, SHEET_WIDTH - 12.0, &how, text);
	sheet_need(paper->sheet, height);
	if (line->id)
		sheet_place(paper->sheet, line->id);
	sheet_text(
	    paper->sheet, SHEET_LEFT + 12.0, sheet_y(paper->sheet), SHEET_WIDTH - 12.0, &how, text);
	sheet_move(paper->sheet, height + 1.0);
}

static void write_item(const struct paper *paper, const struct block *item)
{
	sheet_need(paper->sheet, 36.0);
	if (item->id)
		sheet_place(paper->sheet, item->id);
	sheet_text(paper->sheet, SHEET_LEFT + 2.0, sheet_y(paper->sheet), 10.0, &body, "•");
	if (item->text)
		write_line(paper, &(struct line){.text = item->text});
	for (size_t i = 0; i < item->n_lines; i++)
		write_line(paper, &item->lines[i]);
	sheet_move(paper->sheet, 4.0);
}

/* ---- figures -------------------------------------------------------------------------------- */

#define KEYS_A_ROW 3

/* What the colours of a bar are, each under a third of it; returns the height. */
static double write_keys(
    const struct paper *paper, const struct shares *shares, double left, double y, double width)
{
	double each = width / KEYS_A_ROW, top = y, height = 0.0;
	char text[200], part[WORDING_SIZE];

	for (size_t i = 0; i < shares->n; i++) {
		const struct share *share = &shares->parts[i];
		double x = left + (double)(i % KEYS_A_ROW) * each;

		if (i % KEYS_A_ROW == 0) {
			top += height;
			height = 0.0;
		}
		snprintf(text, sizeof(text), "%s %s", share->name,
		    wording_part(paper->language, share, part));
		sheet_fill(paper->sheet, x, top + 2.0, 6.0, 6.0, ink_looks[share->ink].light);
		height = fmax(
		    height, sheet_text(paper->sheet, x + 9.0, top, each - 12.0, &small, text));
	}
	return top + height - y;
}

static void write_shares(const struct paper *paper, const struct block *block)
{
	struct sheet_text name = {.font = FONT_BOLD, .link = block->term};
	struct sheet *sheet = paper->sheet;
	double bar = SHEET_LEFT + NAME_WIDTH, width = SHEET_WIDTH - NAME_WIDTH, y;
	char text[200];

	sheet_need(sheet, 26.0);
	y = sheet_y(sheet);
	snprintf(text, sizeof(text), "%s   %s", block->name, block->text);
	double left = sheet_text(sheet, SHEET_LEFT, y, NAME_WIDTH - 8.0, &name, text);
	if (block->shares && block->shares->n > 0) {
		figure_shares(sheet_canvas(sheet, bar, y + 1.0, width, 9.0), block->shares, "");
		y += 12.0 + write_keys(paper, block->shares, SHEET_LEFT, y + 12.0, SHEET_WIDTH);
	}
	sheet_move(sheet, fmax(left, y - sheet_y(sheet)) + 4.0);
}

/* One line: when and how long, a bar, how long in which posture. */
static void write_shares_row(const struct paper *paper, const struct block *block)
{
	struct sheet_text name = {.font = FONT_BODY, .link = block->term};
	const double bar = SHEET_LEFT + 100.0, width = 90.0;
	const double key = bar + width + 10.0, key_width = SHEET_LEFT + SHEET_WIDTH - key;
	struct sheet *sheet = paper->sheet;
	char text[400];
	size_t used = 0;

	snprintf(text, sizeof(text), "%s   %s", block->name, block->text);
	double height = sheet_measure(sheet, bar - SHEET_LEFT, &name, text);
	sheet_need(sheet, height);
	sheet_text(sheet, SHEET_LEFT, sheet_y(sheet), bar - SHEET_LEFT, &name, text);
	text[0] = '\0';
	for (size_t i = 0; block->shares && i < block->shares->n && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s %s", i ? ", " : "",
		    block->shares->parts[i].name,
		    block->shares->parts[i].text ? block->shares->parts[i].text : "");
	if (used < sizeof(text))
		snprintf(text + used, sizeof(text) - used, ". %s", block->note ? block->note : "");
	if (block->shares)
		figure_shares(
		    sheet_canvas(sheet, bar, sheet_y(sheet) + 1.5, width, 8.0), block->shares, "");
	height = fmax(
	    height, sheet_text(sheet, key, sheet_y(sheet) + 1.0, key_width, &small, text));
	sheet_move(sheet, height + 3.0);
}

#define BARS_HEIGHT 24.0
#define BARS_WORDS  27.0 /* above and below them */
#define BARS_PITCH  30.0 /* of many nights, below each other */
#define BARS_A_ROW  4

/* Below each other, so that one can be read beside the other; days once. */
static void write_long_bars(const struct paper *paper, const struct block *blocks, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool is_last = i + 1 == n;
		bool is_few = blocks[i].bars && blocks[i].bars->n <= BARS_FEW;
		double height = BARS_PITCH + (is_last ? PAPER_BARS_LINE : 0.0) +
		                (is_few ? PAPER_BARS_LINE : 0.0);

		sheet_need(paper->sheet, height);
		paper_long_bars(paper, &blocks[i], sheet_y(paper->sheet), BARS_HEIGHT, is_last);
		sheet_move(paper->sheet, height);
	}
}

static void write_bars(const struct paper *paper, const struct block *blocks, size_t n)
{
	double width = (SHEET_WIDTH - (BARS_A_ROW - 1) * SHEET_GAP) / BARS_A_ROW;

	if (blocks[0].bars && blocks[0].bars->first_label) {
		write_long_bars(paper, blocks, n);
		return;
	}
	for (size_t from = 0; from < n; from += BARS_A_ROW) {
		sheet_need(paper->sheet, BARS_HEIGHT + BARS_WORDS);
		for (size_t i = from; i < n && i < from + BARS_A_ROW; i++)
			if (blocks[i].bars)
				paper_bars(paper, &blocks[i],
				    SHEET_LEFT + (double)(i - from) * (width + SHEET_GAP),
				    sheet_y(paper->sheet), width, BARS_HEIGHT);
		sheet_move(paper->sheet, BARS_HEIGHT + BARS_WORDS);
	}
}

static void write_strips(const struct paper *paper)
{
	const struct report_night *night = paper->night;
	double height = 11.0;
	struct strip shown;

	for (size_t i = 0; i < n_strips; i++)
		if (strip_show(&strips[i], night, &shown))
			height += STRIP_SCALE * strip_height(&shown) + 15.0;
	sheet_need(paper->sheet, height);
	paper_axis(paper);
	for (size_t i = 0; i < n_strips; i++)
		if (strip_show(&strips[i], night, &shown))
			paper_strip(paper, &shown, STRIP_SCALE);
}

/* ---- maps ----------------------------------------------------------------------------------- */

#define MAPS_A_ROW 3
#define MAP_HEIGHT 104.0
#define MAP_WORDS  61.0 /* above and below it */

static void write_maps(const struct paper *paper, const struct block *blocks, size_t n)
{
	double width = (SHEET_WIDTH - (MAPS_A_ROW - 1) * 2.0 * SHEET_GAP) / MAPS_A_ROW;

	for (size_t from = 0; from < n; from += MAPS_A_ROW) {
		sheet_need(paper->sheet, MAP_HEIGHT + MAP_WORDS);
		for (size_t i = from; i < n && i < from + MAPS_A_ROW; i++)
			paper_map(paper, &blocks[i],
			    SHEET_LEFT + (double)(i - from) * (width + 2.0 * SHEET_GAP),
			    sheet_y(paper->sheet), width, MAP_HEIGHT);
		sheet_move(paper->sheet, MAP_HEIGHT + MAP_WORDS);
	}
}

/* ---- the document --------------------------------------------------------------------------- */

/* A run of blocks of one kind. */
static void write_run(
    const struct paper *paper, enum section_look look, const struct block *blocks, size_t n)
{
	static void (*const write_facts[])(const struct paper *, const struct block *, size_t) = {
	    [SECTION_PLAIN] = paper_facts,
	    [SECTION_BARE] = paper_facts,
	    [SECTION_ACCENT] = paper_facts,
	    [SECTION_FIGURES] = paper_short_facts,
	    [SECTION_TERMS] = paper_terms};

	switch (blocks[0].kind) {
	case BLOCK_TILE:
		paper_tiles(paper, blocks, n);
		return;
	case BLOCK_BARS:
		write_bars(paper, blocks, n);
		return;
	case BLOCK_MAP:
		write_maps(paper, blocks, n);
		return;
	case BLOCK_STRIPS:
		if (paper->night)
			write_strips(paper);
		return;
	case BLOCK_FACT:
		write_facts[look](paper, blocks, n);
		return;
	case BLOCK_TEXT:
	case BLOCK_NOTE:
	case BLOCK_ITEM:
	case BLOCK_SHARES:
		break;
	}
	for (size_t i = 0; i < n; i++)
		if (blocks[i].kind == BLOCK_ITEM)
			write_item(paper, &blocks[i]);
		else if (blocks[i].kind == BLOCK_SHARES)
			(blocks[i].compact ? write_shares_row : write_shares)(paper, &blocks[i]);
		else
			write_text(
			    paper, blocks[i].kind == BLOCK_NOTE ? &small : &body, blocks[i].text);
}

/* What stays together: the heading and what follows it. */
static double least_height(const struct paper *paper, const struct section *section)
{
	if (section->look == SECTION_TERMS)
		return 26.0 + paper_terms_height(paper, section->blocks, section->n_blocks);
	if (section->n_blocks > 0 && section->blocks[0].kind == BLOCK_MAP)
		return 36.0 + MAP_HEIGHT + MAP_WORDS;
	return 50.0;
}

static void write_section(const struct paper *paper, const struct section *section)
{
	struct sheet *sheet = paper->sheet;

	if (section->heading) {
		sheet_move(sheet, 3.0);
		sheet_need(sheet, least_height(paper, section));
		sheet_line(sheet, sheet_y(sheet));
		sheet_move(sheet, 4.0);
		sheet_outline(sheet, section->id, section->heading);
		write_text(paper, &heading, section->heading);
	}
	for (size_t from = 0, to; from < section->n_blocks; from = to) {
		for (to = from + 1; to < section->n_blocks &&
		                    section->blocks[to].kind == section->blocks[from].kind;)
			to++;
		write_run(paper, section->look, &section->blocks[from], to - from);
	}
}

int document_write_pdf(const struct document *document, FILE *out)
{
	static const struct sheet_text title = {.font = FONT_TITLE};
	struct paper paper = {.night = document->night, .language = document->language};
	char date[DATE_SIZE] = "1970-01-01", whole[200];

	if (document->night)
		clock_format_day(document->night->facts.day, date);
	snprintf(whole, sizeof(whole), "%s %s", document->kicker, document->title);
	if (document_ok(document))
		paper.sheet = sheet_create(out, whole, language_code(document->language), date);
	if (!paper.sheet)
		return -ENOMEM;
	write_text(&paper, &small, document->kicker);
	write_text(&paper, &title, document->title);
	write_text(&paper, &body, document->lead);
	sheet_move(paper.sheet, 6.0);
	for (size_t i = 0; i < document->n_sections; i++)
		write_section(&paper, &document->sections[i]);
	sheet_move(paper.sheet, 8.0);
	write_text(&paper, &small, document->footer);
	int rc = sheet_finish(paper.sheet);
	sheet_destroy(paper.sheet);
	return rc != 0 || ferror(out) ? -EIO : 0;
}
