/*
 * Blocks on a sheet, and figures with the words that they need: for a PDF and a picture (PNG). Lengths
 * are in points. One thread.
 */
#ifndef LUMBAR_REPORT_PAPER_H
#define LUMBAR_REPORT_PAPER_H

#include "report/document.h"
#include "report/sheet.h"
#include "report/strips.h"

struct paper {
	const struct language *language;
	const struct report_night *night; /* what strips are drawn from; NULL: none */
	struct sheet *sheet;
};

/* Blocks of one kind below each other; each moves the sheet down. */
void paper_tiles(const struct paper *paper, const struct block *blocks, size_t n);
void paper_facts(const struct paper *paper, const struct block *blocks, size_t n);
void paper_short_facts(const struct paper *paper, const struct block *blocks, size_t n);
void paper_terms(const struct paper *paper, const struct block *blocks, size_t n);
double paper_terms_height(const struct paper *paper, const struct block *blocks, size_t n);

#define STRIP_SCALE 0.58 /* of the strips of a whole night */

/* A block of bars: its name and unit, the bars, and below them values or the first and last day. */
#define PAPER_BARS_NAME 12.5 /* from the block's top to the bars' */
#define PAPER_BARS_LINE 10.0 /* a line of values or of days below them */
void paper_bars(const struct paper *paper, const struct block *block, double x, double y,
    double width, double height);
/* The same of many nights, over the whole width: name and note on the left; days: below. */
void paper_long_bars(
    const struct paper *paper, const struct block *block, double y, double height, bool days);

/*
 * The clock over the strips, and one strip with its title and rows; both move the sheet down. scale:
 * points for a page's px.
 */
void paper_axis(const struct paper *paper);
void paper_strip(const struct paper *paper, const struct strip *strip, double scale);

/* A block of a map: name, what it is of, the sides, and the colours with their unit. */
void paper_map(const struct paper *paper, const struct block *block, double x, double y,
    double width, double height);

#endif
