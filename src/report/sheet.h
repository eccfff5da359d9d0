/*
 * Pages of A4, or one picture, that fill from top to bottom: text by Pango, figures by canvas.h, all in points. One
 * thread; Pango and cairo stay in sheet.c and canvas_cairo.c.
 */
#ifndef LUMBAR_REPORT_SHEET_H
#define LUMBAR_REPORT_SHEET_H

#include "report/canvas.h"

#include <stdbool.h>
#include <stdio.h>

#define SHEET_LEFT  42.0
#define SHEET_WIDTH 511.0 /* between the margins */
#define SHEET_GAP   12.0

enum sheet_font {
	FONT_TITLE,
	FONT_HEADING,
	FONT_BOLD,
	FONT_BODY,
	FONT_SMALL,
	FONT_TINY,
	FONT_COUNT
};
enum sheet_align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT };

struct sheet;

/* The document's title and its language ("de") go into the file; iso_date dates it. NULL: memory. */
struct sheet *sheet_create(
    FILE *out, const char *title, const char *language, const char *iso_date);
/*
 * A white picture with that much between its margins, no higher than a page, two pixels a point;
 * sheet_write_png() cuts it off below what was drawn. NULL: memory.
 */
struct sheet *sheet_create_picture(double width, const char *language);
int sheet_write_png(struct sheet *sheet, FILE *out); /* 0, or -EIO */

/* Ends the file of a sheet of pages; warns of characters that no font has. 0, or -EIO. */
int sheet_finish(struct sheet *sheet);
void sheet_destroy(struct sheet *sheet); /* NULL is legal */

double sheet_y(const struct sheet *sheet);
void sheet_move(struct sheet *sheet, double by); /* down */
/* A new page, unless that much still fits on this one. */
void sheet_need(struct sheet *sheet, double height);

struct sheet_text {
	enum sheet_font font;
	enum sheet_align align;
	bool soft;        /* lighter */
	const char *link; /* a place of this document, or NULL */
};
/* The text at x, y in lines of `width`; returns its height. measure: nothing is drawn. */
double sheet_text(struct sheet *sheet, double x, double y, double width,
    const struct sheet_text *how, const char *text);
double sheet_measure(
    struct sheet *sheet, double width, const struct sheet_text *how, const char *text);

/* A place that links lead to, here. */
void sheet_place(struct sheet *sheet, const char *id);
/* An entry of the file's outline, and a place. */
void sheet_outline(struct sheet *sheet, const char *id, const char *heading);

void sheet_line(struct sheet *sheet, double y);
void sheet_fill(struct sheet *sheet, double x, double y, double width, double height, uint32_t rgb);

/* The next figure of the canvas goes here. */
struct canvas *sheet_canvas(struct sheet *sheet, double x, double y, double width, double height);

#endif
