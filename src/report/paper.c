#include "report/paper.h"

#include "report/figure.h"
#include "report/wording.h"

#include <math.h>

#define LABEL_WIDTH 74.0
#define BARS_LABEL  136.0 /* of many nights: name and note, left of them */
#define VALUE_WIDTH 18.0  /* narrower columns have no number below them */

static const struct sheet_text bold = {.font = FONT_BOLD};
static const struct sheet_text body = {.font = FONT_BODY};
static const struct sheet_text small = {.font = FONT_SMALL, .soft = true};

/* ---- bars ----------------------------------------------------------------------------------- */

/* Values of few nights, where there is room, and the days; returns their height. */
static double write_below(
    const struct paper *paper, const struct bars *bars, double x, double y, double width, bool days)
{
	struct sheet_text value = {.font = FONT_SMALL, .align = ALIGN_CENTRE, .soft = true};
	struct sheet_text right = {.font = FONT_SMALL, .align = ALIGN_RIGHT, .soft = true};
	double each = width / (double)bars->n, height = 0.0;
	char number[NUMBER_SIZE];

	if (bars->n <= BARS_FEW && each >= VALUE_WIDTH) {
		for (size_t i = 0; i < bars->n; i++)
			sheet_text(paper->sheet, x + (double)i * each, y, each, &value,
			    language_number(
			        paper->language, (double)bars->values[i], bars->digits, number));
		height += PAPER_BARS_LINE;
	}
	if (!days || !bars->first_label)
		return height;
	sheet_text(paper->sheet, x, y + height, width, &small, bars->first_label);
	sheet_text(paper->sheet, x, y + height, width, &right, bars->last_label);
	return height + PAPER_BARS_LINE;
}

void paper_bars(const struct paper *paper, const struct block *block, double x, double y,
    double width, double height)
{
	struct sheet_text name = {.font = FONT_BOLD, .link = block->term};
	char text[200];

	if (block->note) /* which has the unit */
		snprintf(text, sizeof(text), "%s", block->name);
	else
		wording_titled(paper->language, block, text, sizeof(text));
	sheet_text(paper->sheet, x, y, width, &name, text);
	y += PAPER_BARS_NAME;
	figure_bars(sheet_canvas(paper->sheet, x, y, width, height), block->bars, "");
	y += height + 1.0;
	y += write_below(paper, block->bars, x, y, width, true);
	if (block->note)
		sheet_text(paper->sheet, x, y, width, &small, block->note);
}

void paper_long_bars(
    const struct paper *paper, const struct block *block, double y, double height, bool days)
{
	struct sheet_text name = {.font = FONT_BOLD, .link = block->term};
	double x = SHEET_LEFT + BARS_LABEL, width = SHEET_WIDTH - BARS_LABEL, below = y;
	char text[200];

	if (!block->bars)
		return;
	below += sheet_text(paper->sheet, SHEET_LEFT, y, BARS_LABEL - 6.0, &name,
	    wording_titled(paper->language, block, text, sizeof(text)));
	if (block->note)
		sheet_text(paper->sheet, SHEET_LEFT, below, BARS_LABEL - 6.0, &small, block->note);
	figure_bars(sheet_canvas(paper->sheet, x, y, width, height), block->bars, "");
	write_below(paper, block->bars, x, y + height + 1.0, width, days);
}

/* ---- strips --------------------------------------------------------------------------------- */

void paper_axis(const struct paper *paper)
{
	const struct report_night *report = paper->night;
	struct sheet_text how = {.font = FONT_SMALL, .align = ALIGN_CENTRE, .soft = true};
	double width = SHEET_WIDTH - LABEL_WIDTH;
	size_t span = report->to - report->from, step = figure_axis_step(report);
	char hour[FIGURE_HOUR_SIZE], label[8];

	for (size_t m = figure_axis_next(report, report->from, step); m < report->to;
	     m = figure_axis_next(report, m + step, step)) {
		double x = SHEET_LEFT + LABEL_WIDTH +
		           width * (double)(m - report->from) / (double)span;

		snprintf(label, sizeof(label), "%s:00", figure_axis_hour(report, m, hour));
		sheet_text(paper->sheet, x - 16.0, sheet_y(paper->sheet), 32.0, &how, label);
	}
	sheet_move(paper->sheet, 11.0);
}

void paper_strip(const struct paper *paper, const struct strip *strip, double scale)
{
	const struct language *l = paper->language;
	struct sheet *sheet = paper->sheet;
	bool beside = strip->kind == STRIP_MOVEMENT || strip->kind == STRIP_BREATHING ||
	              strip->kind == STRIP_NOTICES;
	double height = scale * strip_height(strip), named = 0.0, y;
	double pitch = height / (double)strip->n_rows;
	struct sheet_text title = {.font = FONT_BOLD, .link = strip->term};

	sheet_need(sheet, height + 14.0);
	y = sheet_y(sheet);
	if (strip->title)
		named = sheet_text(sheet, SHEET_LEFT, y, beside ? LABEL_WIDTH - 4.0 : SHEET_WIDTH,
		    &title, tr(l, strip->title));
	if (!beside)
		y += named + 1.5;
	for (size_t i = 0; i < strip->n_rows && strip->kind != STRIP_NOTICES; i++)
		sheet_text(sheet, SHEET_LEFT,
		    beside ? y + named : y + pitch * ((double)i + 0.5) - 5.0, LABEL_WIDTH - 4.0,
		    &small, tr(l, strip->rows[i].name));
	strip_draw(
	    sheet_canvas(sheet, SHEET_LEFT + LABEL_WIDTH, y, SHEET_WIDTH - LABEL_WIDTH, height),
	    strip, paper->night, l, "");
	sheet_move(sheet, y + fmax(height, beside ? named + 9.0 : 0.0) + 4.0 - sheet_y(sheet));
}

/* ---- maps ----------------------------------------------------------------------------------- */

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
	    wording_unit(paper->language, map->frame->unit));
	sheet_text(paper->sheet, x, y + 6.0, 20.0, &small, "0");
	sheet_text(paper->sheet, x, y + 6.0, width, &right, text);
}

void paper_map(const struct paper *paper, const struct block *block, double x, double y,
    double width, double height)
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
	    sheet_canvas(paper->sheet, x, y, width, height), what, "");
	y += height + 1.0;
	sheet_text(
	    paper->sheet, x, y, width, &small, is_bed ? tr(l, "your right*") : tr(l, "your left"));
	if (figure_has_back(what))
		sheet_text(paper->sheet, x, y, width, &centre, tr(l, "back rest"));
	sheet_text(
	    paper->sheet, x, y, width, &right, is_bed ? tr(l, "your left*") : tr(l, "your right"));
	legend(paper, what, greatest, x, y + 12.0, width);
}
