/* A document on A4, to print or to take along. */
#include "base/clock.h"
#include "report/document.h"
#include "report/figure.h"
#include "report/sheet.h"
#include "report/strips.h"

#include <errno.h>
#include <math.h>

#define LABEL_WIDTH 74.0
#define STRIP_SCALE 0.62 /* points for a page's px */
#define NAME_WIDTH  130.0

struct paper {
	const struct document *document;
	const struct language *language;
	struct sheet *sheet;
};

static const struct sheet_text heading = {.font = FONT_HEADING};
static const struct sheet_text bold = {.font = FONT_BOLD};
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

/* ---- tiles and facts ------------------------------------------------------------------------ */

#define TILES_A_ROW 4

static double tile(const struct paper *paper, const struct block *block, double x, double y,
    double width, bool draw)
{
	struct sheet_text name = {.font = FONT_SMALL, .soft = true, .link = block->term};
	struct sheet *sheet = paper->sheet;
	double at = y;

	at += draw ? sheet_text(sheet, x, at, width, &name, block->name)
	           : sheet_measure(sheet, width, &name, block->name);
	at += draw ? sheet_text(sheet, x, at, width, &heading, block->text)
	           : sheet_measure(sheet, width, &heading, block->text);
	if (block->note)
		at += draw ? sheet_text(sheet, x, at, width, &small, block->note)
		           : sheet_measure(sheet, width, &small, block->note);
	return at - y;
}

static void write_tiles(const struct paper *paper, const struct block *blocks, size_t n)
{
	double width = (SHEET_WIDTH - (TILES_A_ROW - 1) * SHEET_GAP) / TILES_A_ROW;

	for (size_t from = 0; from < n; from += TILES_A_ROW) {
		double height = 0.0;

		for (size_t i = from; i < n && i < from + TILES_A_ROW; i++)
			height = fmax(height, tile(paper, &blocks[i], 0.0, 0.0, width, false));
		sheet_need(paper->sheet, height);
		for (size_t i = from; i < n && i < from + TILES_A_ROW; i++)
			tile(paper, &blocks[i],
			    SHEET_LEFT + (double)(i - from) * (width + SHEET_GAP),
			    sheet_y(paper->sheet), width, true);
		sheet_move(paper->sheet, height + 8.0);
	}
}

static void write_fact(const struct paper *paper, const struct block *block)
{
	struct sheet_text name = {.font = FONT_BODY, .soft = true, .link = block->term};
	double width = SHEET_WIDTH - NAME_WIDTH;
	double height = fmax(sheet_measure(paper->sheet, NAME_WIDTH - 8.0, &name, block->name),
	    sheet_measure(paper->sheet, width, &body, block->text));

	sheet_need(paper->sheet, height);
	if (block->id)
		sheet_place(paper->sheet, block->id);
	sheet_text(
	    paper->sheet, SHEET_LEFT, sheet_y(paper->sheet), NAME_WIDTH - 8.0, &name, block->name);
	sheet_text(paper->sheet, SHEET_LEFT + NAME_WIDTH, sheet_y(paper->sheet), width, &body,
	    block->text);
	sheet_move(paper->sheet, height + 2.0);
}

/* ---- lists ---------------------------------------------------------------------------------- */

static void write_line(const struct paper *paper, const struct line *line)
{
	struct sheet_text how = {.font = FONT_BODY, .soft = line->soft};
	char text[600];

	snprintf(text, sizeof(text), "%s%s%s%s", line->text, line->code ? " [" : "",
	    line->code ? line->code : "", line->code ? "]" : "");
	if (!*line->text)
		return;
	double height = sheet_measure(paper->sheet, SHEET_WIDTH - 12.0, &how, text);
	sheet_need(paper->sheet, height);
	sheet_text(
	    paper->sheet, SHEET_LEFT + 12.0, sheet_y(paper->sheet), SHEET_WIDTH - 12.0, &how, text);
	sheet_move(paper->sheet, height + 1.0);
}

static void write_item(const struct paper *paper, const struct block *item)
{
	double height = sheet_measure(paper->sheet, SHEET_WIDTH - 12.0, &body, item->text);

	sheet_need(paper->sheet, height + 24.0);
	if (item->id)
		sheet_place(paper->sheet, item->id);
	sheet_text(paper->sheet, SHEET_LEFT + 2.0, sheet_y(paper->sheet), 10.0, &body, "•");
	sheet_text(paper->sheet, SHEET_LEFT + 12.0, sheet_y(paper->sheet), SHEET_WIDTH - 12.0,
	    &body, item->text);
	sheet_move(paper->sheet, height + 1.0);
	for (size_t i = 0; i < item->n_lines; i++)
		write_line(paper, &item->lines[i]);
	sheet_move(paper->sheet, 4.0);
}

/* ---- figures -------------------------------------------------------------------------------- */

static void write_shares(const struct paper *paper, const struct block *block)
{
	struct sheet *sheet = paper->sheet;
	double bar = SHEET_LEFT + NAME_WIDTH, width = SHEET_WIDTH - NAME_WIDTH, y, x = bar;
	char text[200];

	sheet_need(sheet, 36.0);
	y = sheet_y(sheet);
	snprintf(text, sizeof(text), "%s   %s", block->name, block->text);
	double left = sheet_text(sheet, SHEET_LEFT, y, NAME_WIDTH - 8.0, &bold, text);
	if (block->shares && block->shares->n > 0)
		figure_shares(sheet_canvas(sheet, bar, y + 1.0, width, 9.0), block->shares, "");
	y += 12.0;
	for (size_t i = 0; block->shares && i < block->shares->n; i++) {
		const struct share *share = &block->shares->parts[i];

		snprintf(text, sizeof(text), "%s %.0f %%%s%s", share->name,
		    100.0 * (double)share->part, share->text ? ", " : "",
		    share->text ? share->text : "");
		sheet_fill(sheet, x, y + 2.0, 6.0, 6.0, ink_looks[share->ink].light);
		sheet_text(sheet, x + 9.0, y, width / 3.0 - 9.0, &small, text);
		x += width / 3.0;
		if (x > bar + width - 1.0 && i + 1 < block->shares->n) {
			x = bar;
			y += 10.0;
		}
	}
	y += 11.0;
	if (block->note)
		y += sheet_text(sheet, bar, y, width, &body, block->note);
	sheet_move(sheet, fmax(left, y - sheet_y(sheet)) + 6.0);
}

#define BARS_HEIGHT 34.0

static void bars(
    const struct paper *paper, const struct block *block, double x, double y, double width)
{
	struct sheet_text value = {.font = FONT_SMALL, .align = ALIGN_CENTRE, .soft = true};
	struct sheet_text name = {.font = FONT_BOLD, .link = block->term};
	const struct bars *values = block->bars;
	char text[200], number[NUMBER_SIZE];

	snprintf(text, sizeof(text), "%s, %s", block->name, block->text);
	y += sheet_text(paper->sheet, x, y, width, &name, text) + 1.0;
	figure_bars(sheet_canvas(paper->sheet, x, y, width, BARS_HEIGHT), values, "");
	y += BARS_HEIGHT + 1.0;
	double each = width / (double)values->n;
	for (size_t i = 0; i < values->n && !values->first_label; i++)
		sheet_text(paper->sheet, x + (double)i * each, y, each, &value,
		    language_number(
		        paper->language, (double)values->values[i], values->digits, number));
	if (values->first_label) {
		sheet_text(paper->sheet, x, y, width, &small, values->first_label);
		value.align = ALIGN_RIGHT;
		sheet_text(paper->sheet, x, y, width, &value, values->last_label);
	}
	y += 10.0;
	if (block->note)
		sheet_text(paper->sheet, x, y, width, &small, block->note);
}

static void write_bars(const struct paper *paper, const struct block *blocks, size_t n)
{
	double width = (SHEET_WIDTH - 2.0 * SHEET_GAP) / 2.0;

	for (size_t from = 0; from < n; from += 2) {
		sheet_need(paper->sheet, BARS_HEIGHT + 40.0);
		for (size_t i = from; i < n && i < from + 2; i++)
			if (blocks[i].bars)
				bars(paper, &blocks[i],
				    SHEET_LEFT + (double)(i - from) * (width + 2.0 * SHEET_GAP),
				    sheet_y(paper->sheet), width);
		sheet_move(paper->sheet, BARS_HEIGHT + 38.0);
	}
}

static void write_axis(const struct paper *paper)
{
	const struct report_night *report = paper->document->night;
	struct sheet_text how = {.font = FONT_SMALL, .align = ALIGN_CENTRE, .soft = true};
	double width = SHEET_WIDTH - LABEL_WIDTH;
	size_t span = report->to - report->from, step = figure_axis_step(report);
	char hour[16];

	for (size_t m = (report->from + step - 1) / step * step; m < report->to; m += step) {
		double x = SHEET_LEFT + LABEL_WIDTH +
		           width * (double)(m - report->from) / (double)span;

		snprintf(hour, sizeof(hour), "%02zu", (m / 60 + 12) % 24);
		sheet_text(paper->sheet, x - 12.0, sheet_y(paper->sheet), 24.0, &how, hour);
	}
	sheet_move(paper->sheet, 11.0);
}

static void write_strip(const struct paper *paper, const struct strip *strip)
{
	const struct language *l = paper->language;
	struct sheet *sheet = paper->sheet;
	double height = STRIP_SCALE * strip_height(strip), y;
	double pitch = height / (double)strip->n_rows;

	sheet_need(sheet, height + 14.0);
	if (strip->title)
		sheet_move(sheet, sheet_text(sheet, SHEET_LEFT, sheet_y(sheet), SHEET_WIDTH, &bold,
		                      tr(l, strip->title)));
	y = sheet_y(sheet);
	for (size_t i = 0; i < strip->n_rows; i++)
		sheet_text(sheet, SHEET_LEFT, y + pitch * ((double)i + 0.5) - 5.0,
		    LABEL_WIDTH - 4.0, &small,
		    strip->kind == STRIP_NOTICES ? "" : tr(l, strip->rows[i].name));
	strip_draw(
	    sheet_canvas(sheet, SHEET_LEFT + LABEL_WIDTH, y, SHEET_WIDTH - LABEL_WIDTH, height),
	    strip, paper->document->night, "");
	sheet_move(sheet, height + 4.0);
}

static void write_strips(const struct paper *paper)
{
	double height = 22.0;

	for (size_t i = 0; i < n_strips; i++)
		if (strip_is_shown(&strips[i], paper->document->night))
			height += STRIP_SCALE * strip_height(&strips[i]) + 15.0;
	sheet_need(paper->sheet, height);
	write_axis(paper);
	for (size_t i = 0; i < n_strips; i++)
		if (strip_is_shown(&strips[i], paper->document->night))
			write_strip(paper, &strips[i]);
	write_axis(paper);
}

/* ---- maps ----------------------------------------------------------------------------------- */

#define MAPS_A_ROW 3
#define MAP_HEIGHT 210.0

static void legend(const struct paper *paper, const struct report_map *map, float greatest,
    double x, double y, double width)
{
	struct sheet_text right = {.font = FONT_SMALL, .align = ALIGN_RIGHT, .soft = true};
	double each = width / FIGURE_LEVELS;
	char text[80];

	for (size_t i = 0; i < FIGURE_LEVELS; i++)
		sheet_fill(
		    paper->sheet, x + (double)i * each, y, each + 0.2, 5.0, figure_colour(i));
	snprintf(text, sizeof(text), "%.0f %s", (double)greatest,
	    map->frame->unit == PRESSURE_MMHG ? "mmHg" : tr(paper->language, "% of full scale"));
	sheet_text(paper->sheet, x, y + 6.0, 20.0, &small, "0");
	sheet_text(paper->sheet, x, y + 6.0, width, &right, text);
}

static void map(
    const struct paper *paper, const struct block *block, double x, double y, double width)
{
	struct sheet_text centre = {.font = FONT_SMALL, .align = ALIGN_CENTRE, .soft = true};
	struct sheet_text right = {.font = FONT_SMALL, .align = ALIGN_RIGHT, .soft = true};
	const struct language *l = paper->language;
	const struct report_map *what = block->map;
	bool is_bed = what->surface && what->surface->kind == SURFACE_BED;

	y += sheet_text(paper->sheet, x, y, width, &bold, block->name);
	y += sheet_text(paper->sheet, x, y, width, &small, block->text) + 2.0;
	if (what->frame->rows == 0 && !what->places) {
		sheet_text(paper->sheet, x, y, width, &body,
		    tr(l, "A mat of single cells whose places are not known makes no picture."));
		return;
	}
	y += sheet_text(paper->sheet, x, y, width, &centre,
	    is_bed ? tr(l, "head") : tr(l, "front edge, knees"));
	float greatest = (what->places ? figure_places : figure_map)(
	    sheet_canvas(paper->sheet, x, y, width, MAP_HEIGHT), what, "");
	y += MAP_HEIGHT + 1.0;
	sheet_text(
	    paper->sheet, x, y, width, &small, is_bed ? tr(l, "your right*") : tr(l, "your left"));
	if (figure_has_back(what))
		sheet_text(paper->sheet, x, y, width, &centre, tr(l, "back rest"));
	sheet_text(
	    paper->sheet, x, y, width, &right, is_bed ? tr(l, "your left*") : tr(l, "your right"));
	legend(paper, what, greatest, x, y + 12.0, width);
}

static void write_maps(const struct paper *paper, const struct block *blocks, size_t n)
{
	double width = (SHEET_WIDTH - (MAPS_A_ROW - 1) * 2.0 * SHEET_GAP) / MAPS_A_ROW;

	for (size_t from = 0; from < n; from += MAPS_A_ROW) {
		sheet_need(paper->sheet, MAP_HEIGHT + 70.0);
		for (size_t i = from; i < n && i < from + MAPS_A_ROW; i++)
			map(paper, &blocks[i],
			    SHEET_LEFT + (double)(i - from) * (width + 2.0 * SHEET_GAP),
			    sheet_y(paper->sheet), width);
		sheet_move(paper->sheet, MAP_HEIGHT + 70.0);
	}
}

/* ---- the document --------------------------------------------------------------------------- */

/* A run of blocks of one kind. */
static void write_run(const struct paper *paper, const struct block *blocks, size_t n)
{
	switch (blocks[0].kind) {
	case BLOCK_TILE:
		write_tiles(paper, blocks, n);
		return;
	case BLOCK_BARS:
		write_bars(paper, blocks, n);
		return;
	case BLOCK_MAP:
		write_maps(paper, blocks, n);
		return;
	case BLOCK_STRIPS:
		write_strips(paper);
		return;
	case BLOCK_TEXT:
	case BLOCK_NOTE:
	case BLOCK_ITEM:
	case BLOCK_FACT:
	case BLOCK_SHARES:
		break;
	}
	for (size_t i = 0; i < n; i++)
		if (blocks[i].kind == BLOCK_ITEM)
			write_item(paper, &blocks[i]);
		else if (blocks[i].kind == BLOCK_FACT)
			write_fact(paper, &blocks[i]);
		else if (blocks[i].kind == BLOCK_SHARES)
			write_shares(paper, &blocks[i]);
		else
			write_text(
			    paper, blocks[i].kind == BLOCK_NOTE ? &small : &body, blocks[i].text);
}

static void write_section(const struct paper *paper, const struct section *section)
{
	struct sheet *sheet = paper->sheet;

	if (section->heading) {
		sheet_move(sheet, 6.0);
		sheet_need(sheet, 60.0);
		sheet_line(sheet, sheet_y(sheet));
		sheet_move(sheet, 4.0);
		sheet_outline(sheet, section->id, section->heading);
		write_text(paper, &heading, section->heading);
	}
	for (size_t from = 0, to; from < section->n_blocks; from = to) {
		for (to = from + 1; to < section->n_blocks &&
		                    section->blocks[to].kind == section->blocks[from].kind;)
			to++;
		write_run(paper, &section->blocks[from], to - from);
	}
}

int document_write_pdf(const struct document *document, FILE *out)
{
	static const struct sheet_text title = {.font = FONT_TITLE};
	struct paper paper = {.document = document, .language = document->language};
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
