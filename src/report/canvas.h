/*
 * Paper for the drawings of a report: SVG inside a page, or cairo for PNG and PDF. figure.c draws
 * each figure once, in units of its own (minutes, cells), and does not know on what. A path is
 * gathered with rect, circle, move and line, and is gone once it was filled or stroked. Lines keep
 * their width however the paper is stretched. One thread.
 */
#ifndef LUMBAR_REPORT_CANVAS_H
#define LUMBAR_REPORT_CANVAS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* What a shape means; inks.def has its class in a page and its colours. */
enum ink {
#define INK(name, class, light, dark) INK_##name,
#include "report/inks.def"
#undef INK
	INK_COUNT,
};

struct ink_look {
	const char *class;
	uint32_t light, dark; /* 0xrrggbb */
};
extern const struct ink_look ink_looks[INK_COUNT];

struct canvas; /* lives as long as its paper; the functions that open one are below */

void canvas_rect(struct canvas *canvas, double x, double y, double width, double height);
void canvas_circle(struct canvas *canvas, double x, double y, double radius);
void canvas_move(struct canvas *canvas, double x, double y);
void canvas_line(struct canvas *canvas, double x, double y);

void canvas_fill(struct canvas *canvas, enum ink ink);
void canvas_stroke(struct canvas *canvas, enum ink ink);
/* Cells of a map: rgb as 0xrrggbb; crisp: edges meet without a seam. */
void canvas_fill_rgb(struct canvas *canvas, uint32_t rgb, bool crisp);

/* The next fill is a link to the place `target` of the same document, and says `title`. */
void canvas_link(struct canvas *canvas, const char *target, const char *title);

/* From here on x runs from `width` down to 0, once. */
void canvas_mirror(struct canvas *canvas, double width);

/* How a figure says its size in its own units, and what a screen reader says; before any path. */
struct figure_size {
	double width, height;
	bool stretch;      /* fills what it gets, else its proportions stay */
	bool has_links;    /* parts of it can be touched: for a screen reader a group, no picture */
	const char *class; /* in a page: "strip", "map", "bars" */
	const char *label;
};
void canvas_begin(struct canvas *canvas, const struct figure_size *size);
void canvas_end(struct canvas *canvas);

/* SVG elements, one for each figure, written to `out` (borrowed). NULL: no memory. */
struct canvas *canvas_svg_create(FILE *out);

/* A figure goes into the box last given by canvas_cairo_place, in the units of cr (borrowed). */
struct _cairo;
struct canvas *canvas_cairo_create(struct _cairo *cr);
void canvas_cairo_place(struct canvas *canvas, double x, double y, double width, double height);

void canvas_destroy(struct canvas *canvas); /* NULL is legal */

#endif
