/* Figures on a cairo surface: PNG and PDF. Paper is white, so the light colours count. */
#include "report/canvas_ops.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>

#define SEAM_WIDTH  0.3
#define LINE_WIDTH  0.7 /* in units of the surface */
#define HATCH_PITCH 3.0
#define HATCH_BACK  0xebe9e4
#define TARGET_SIZE 80

struct sheet {
	struct canvas base;
	cairo_t *cr;
	double x, y, width, height; /* where the next figure goes */
	char link[TARGET_SIZE];
};

static void set_rgb(cairo_t *cr, uint32_t rgb)
{
	cairo_set_source_rgb(cr, (double)(rgb >> 16) / 255.0, (double)(rgb >> 8 & 0xff) / 255.0,
	    (double)(rgb & 0xff) / 255.0);
}

void canvas_cairo_place(struct canvas *canvas, double x, double y, double width, double height)
{
	struct sheet *sheet = (struct sheet *)canvas;

	sheet->x = x;
	sheet->y = y;
	sheet->width = width;
	sheet->height = height;
}

static void begin(struct canvas *canvas, const struct figure_size *size)
{
	struct sheet *sheet = (struct sheet *)canvas;
	double across = sheet->width / size->width, down = sheet->height / size->height;
	double x = sheet->x, y = sheet->y;

	if (!size->stretch) {
		double least = fmin(across, down);
		x += 0.5 * (across - least) * size->width;
		across = down = least;
	}
	cairo_save(sheet->cr);
	cairo_translate(sheet->cr, x, y);
	cairo_scale(sheet->cr, across, down);
	cairo_rectangle(sheet->cr, 0.0, 0.0, size->width, size->height);
	cairo_clip(sheet->cr);
}

static void end(struct canvas *canvas)
{
	cairo_restore(((struct sheet *)canvas)->cr);
}

static void mirror(struct canvas *canvas, double width)
{
	cairo_translate(((struct sheet *)canvas)->cr, width, 0.0);
	cairo_scale(((struct sheet *)canvas)->cr, -1.0, 1.0);
}

static void rect(struct canvas *canvas, double x, double y, double width, double height)
{
	cairo_rectangle(((struct sheet *)canvas)->cr, x, y, width, height);
}

static void circle(struct canvas *canvas, double x, double y, double radius)
{
	cairo_new_sub_path(((struct sheet *)canvas)->cr);
	cairo_arc(((struct sheet *)canvas)->cr, x, y, radius, 0.0, 2.0 * M_PI);
	cairo_close_path(((struct sheet *)canvas)->cr);
}

static void move(struct canvas *canvas, double x, double y)
{
	cairo_move_to(((struct sheet *)canvas)->cr, x, y);
}

static void line(struct canvas *canvas, double x, double y)
{
	cairo_line_to(((struct sheet *)canvas)->cr, x, y);
}

/* Slanting lines over the path, of one pitch whatever the figure's units. */
static void hatch(cairo_t *cr, uint32_t rgb)
{
	double left, top, right, bottom;

	set_rgb(cr, HATCH_BACK);
	cairo_save(cr);
	cairo_fill_preserve(cr);
	cairo_clip(cr);
	cairo_identity_matrix(cr);
	cairo_clip_extents(cr, &left, &top, &right, &bottom);
	double height = bottom - top;
	for (double x = left - height; x < right; x += HATCH_PITCH) {
		cairo_move_to(cr, x, bottom);
		cairo_line_to(cr, x + height, top);
	}
	set_rgb(cr, rgb);
	cairo_set_line_width(cr, LINE_WIDTH);
	cairo_stroke(cr);
	cairo_restore(cr);
	cairo_new_path(cr);
}

static void begin_link(struct sheet *sheet)
{
	if (sheet->link[0])
		cairo_tag_begin(sheet->cr, CAIRO_TAG_LINK, sheet->link);
}

static void end_link(struct sheet *sheet)
{
	if (sheet->link[0])
		cairo_tag_end(sheet->cr, CAIRO_TAG_LINK);
	sheet->link[0] = '\0';
}

static void fill(struct canvas *canvas, enum ink ink)
{
	struct sheet *sheet = (struct sheet *)canvas;

	begin_link(sheet);
	if (ink == INK_GAP) {
		hatch(sheet->cr, ink_looks[ink].light);
	} else {
		set_rgb(sheet->cr, ink_looks[ink].light);
		cairo_fill(sheet->cr);
	}
	end_link(sheet);
}

static void fill_rgb(struct canvas *canvas, uint32_t rgb, bool crisp)
{
	cairo_t *cr = ((struct sheet *)canvas)->cr;

	set_rgb(cr, rgb);
	if (!crisp) {
		cairo_fill(cr);
		return;
	}
	/* A viewer smooths edges; a hair about each cell leaves no seam between two of them. */
	cairo_fill_preserve(cr);
	cairo_save(cr);
	cairo_identity_matrix(cr);
	cairo_set_line_width(cr, SEAM_WIDTH);
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void stroke(struct canvas *canvas, enum ink ink)
{
	cairo_t *cr = ((struct sheet *)canvas)->cr;

	cairo_save(cr);
	cairo_identity_matrix(cr);
	set_rgb(cr, ink_looks[ink].light);
	cairo_set_line_width(cr, LINE_WIDTH);
	cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void set_link(struct canvas *canvas, const char *target, const char *title)
{
	struct sheet *sheet = (struct sheet *)canvas;

	(void)title; /* PDF has no place for it */
	snprintf(sheet->link, sizeof(sheet->link), "dest='%s'", target);
}

static void destroy(struct canvas *canvas)
{
	free(canvas);
}

struct canvas *canvas_cairo_create(cairo_t *cr)
{
	static const struct canvas_ops ops = {
	    .begin = begin,
	    .end = end,
	    .rect = rect,
	    .circle = circle,
	    .move = move,
	    .line = line,
	    .fill = fill,
	    .stroke = stroke,
	    .fill_rgb = fill_rgb,
	    .link = set_link,
	    .mirror = mirror,
	    .destroy = destroy,
	};
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (!sheet)
		return NULL;
	sheet->base.ops = &ops;
	sheet->cr = cr;
	return &sheet->base;
}
