/* Tiles, facts and definitions, in columns. */
#include "report/paper.h"

#include <math.h>

#define NAME_WIDTH 130.0

static const struct sheet_text heading = {.font = FONT_HEADING};
static const struct sheet_text small = {.font = FONT_SMALL, .soft = true};

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

void paper_tiles(const struct paper *paper, const struct block *blocks, size_t n)
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

/* Facts beside each other, `columns` of them, in rows. */
struct fact_look {
	size_t columns;
	double name_width;
	enum sheet_font font;
};

#define COLUMN_GAP 18.0
#define FACT_GAP   2.0 /* below each */

static double column_width(size_t columns)
{
	return (SHEET_WIDTH - (double)(columns - 1) * COLUMN_GAP) / (double)columns;
}

static double fact(const struct paper *paper, const struct block *block,
    const struct fact_look *look, double x, double y, double width, bool draw)
{
	struct sheet_text name = {.font = look->font, .soft = true, .link = block->term};
	struct sheet_text text = {.font = look->font};
	double name_width = look->name_width - 6.0, text_width = width - look->name_width;
	double height = fmax(sheet_measure(paper->sheet, name_width, &name, block->name),
	    sheet_measure(paper->sheet, text_width, &text, block->text));

	if (!draw)
		return height;
	if (block->id)
		sheet_place(paper->sheet, block->id);
	sheet_text(paper->sheet, x, y, name_width, &name, block->name);
	sheet_text(paper->sheet, x + look->name_width, y, text_width, &text, block->text);
	return height;
}

static void write_rows(
    const struct paper *paper, const struct fact_look *look, const struct block *blocks, size_t n)
{
	double width = column_width(look->columns);

	for (size_t from = 0; from < n; from += look->columns) {
		size_t to = from + look->columns < n ? from + look->columns : n;
		double height = 0.0, y;

		for (size_t i = from; i < to; i++)
			height = fmax(
			    height, fact(paper, &blocks[i], look, 0.0, 0.0, width, false));
		sheet_need(paper->sheet, height);
		y = sheet_y(paper->sheet);
		for (size_t i = from; i < to; i++)
			fact(paper, &blocks[i], look,
			    SHEET_LEFT + (double)(i - from) * (width + COLUMN_GAP), y, width, true);
		sheet_move(paper->sheet, height + FACT_GAP);
	}
}

#define TERM_COLUMNS 3
#define TERM_STEP    1.01 /* by which columns are tried higher */

static const struct sheet_text tiny = {.font = FONT_TINY};

/* Name and definition in one paragraph; returns its height. */
static double term(const struct paper *paper, const struct block *block, double x, double y,
    double width, bool draw)
{
	char text[600];

	snprintf(text, sizeof(text), tr(paper->language, "%1$s: %2$s"), block->name, block->text);
	return FACT_GAP + (draw ? sheet_text(paper->sheet, x, y, width, &tiny, text)
	                        : sheet_measure(paper->sheet, width, &tiny, text));
}

/* One column after another, each as high as `height` at the most; false: there is more. */
static bool fill_columns(
    const struct paper *paper, const struct block *blocks, size_t n, double height, bool draw)
{
	double width = column_width(TERM_COLUMNS), top = sheet_y(paper->sheet), y = 0.0;
	size_t column = 0;

	for (size_t i = 0; i < n; i++) {
		double each = term(paper, &blocks[i], 0.0, 0.0, width, false);

		if (y > 0.0 && y + each > height) {
			column++;
			y = 0.0;
		}
		if (column == TERM_COLUMNS)
			return false;
		if (draw) {
			sheet_place(paper->sheet, blocks[i].id);
			term(paper, &blocks[i], SHEET_LEFT + (double)column * (width + COLUMN_GAP),
			    top + y, width, true);
		}
		y += each;
		if (y > height)
			return false;
	}
	return true;
}

/* The least height in which the columns hold them all, in their order; one column always does. */
double paper_terms_height(const struct paper *paper, const struct block *blocks, size_t n)
{
	double width = column_width(TERM_COLUMNS), all = 0.0;

	for (size_t i = 0; i < n; i++)
		all += term(paper, &blocks[i], 0.0, 0.0, width, false);
	double height = all / TERM_COLUMNS;
	while (height < all && !fill_columns(paper, blocks, n, height, false))
		height *= TERM_STEP;
	return height;
}

void paper_terms(const struct paper *paper, const struct block *blocks, size_t n)
{
	double height = paper_terms_height(paper, blocks, n);

	fill_columns(paper, blocks, n, height, true);
	sheet_move(paper->sheet, height);
}

void paper_facts(const struct paper *paper, const struct block *blocks, size_t n)
{
	static const struct fact_look look = {1, NAME_WIDTH, FONT_BODY};

	write_rows(paper, &look, blocks, n);
}

void paper_short_facts(const struct paper *paper, const struct block *blocks, size_t n)
{
	static const struct fact_look look = {2, 84.0, FONT_BODY};

	write_rows(paper, &look, blocks, n);
}
