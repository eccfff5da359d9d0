#include "report/sheet.h"

#include "base/log.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_WIDTH     595.28
#define PAGE_HEIGHT    841.89
#define TOP            36.0
#define BOTTOM         (PAGE_HEIGHT - 42.0)
#define FOOT           (PAGE_HEIGHT - 32.0)
#define PICTURE_MARGIN 24.0
#define PICTURE_SCALE  2.0                              /* pixels for a point */
#define FAMILY         "Liberation Sans,Noto Sans,Sans" /* the first that is there */
#define INK_TEXT       0x22252a
#define INK_SOFT       0x565b64
#define INK_RULE       0xd9d7d1

struct sheet {
	cairo_surface_t *surface;
	double width; /* of a picture; 0: pages */
	cairo_t *cr;
	PangoFontMap *font_map; /* of our own, so that it can be freed */
	PangoLayout *layout;
	PangoFontDescription *fonts[FONT_COUNT];
	struct canvas *canvas;
	const char *title;
	double y;
	int page;
	int n_unknown; /* characters that no font here has: they are boxes */
};

static cairo_status_t write_bytes(void *user, const unsigned char *bytes, unsigned n)
{
	return fwrite(bytes, 1, n, user) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static void set_rgb(cairo_t *cr, uint32_t rgb)
{
	cairo_set_source_rgb(cr, (double)(rgb >> 16) / 255.0, (double)(rgb >> 8 & 0xff) / 255.0,
	    (double)(rgb & 0xff) / 255.0);
}

static void set_up_text(struct sheet *sheet, const char *language)
{
	static const char *const fonts[FONT_COUNT] = {[FONT_TITLE] = FAMILY " Bold 18",
	    [FONT_HEADING] = FAMILY " Bold 12",
	    [FONT_BOLD] = FAMILY " Bold 9.5",
	    [FONT_BODY] = FAMILY " 9.5",
	    [FONT_SMALL] = FAMILY " 8",
	    [FONT_TINY] = FAMILY " 7"};

	sheet->font_map = pango_cairo_font_map_new();
	PangoContext *context = pango_font_map_create_context(sheet->font_map);
	pango_cairo_context_set_resolution(context, 72.0); /* a point is a unit */
	pango_cairo_update_context(sheet->cr, context);
	/* Paper has no pixels that glyphs should keep to. */
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_context_set_language(context, pango_language_from_string(language));
	sheet->layout = pango_layout_new(context);
	g_object_unref(context); /* the layout holds it */
	pango_layout_set_wrap(sheet->layout, PANGO_WRAP_WORD_CHAR);
	for (int i = 0; i < FONT_COUNT; i++)
		sheet->fonts[i] = pango_font_description_from_string(fonts[i]);
}

/* What pages and pictures share. False: out of memory. */
static bool begin(struct sheet *sheet, const char *language)
{
	sheet->cr = cairo_create(sheet->surface);
	sheet->canvas = canvas_cairo_create(sheet->cr);
	if (!sheet->canvas)
		return false;
	set_up_text(sheet, language);
	return true;
}

struct sheet *sheet_create(FILE *out, const char *title, const char *language, const char *iso_date)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (!sheet)
		return NULL;
	sheet->title = title;
	sheet->y = TOP;
	sheet->page = 1;
	sheet->surface = cairo_pdf_surface_create_for_stream(
	    write_bytes, out, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_TITLE, title);
	cairo_pdf_surface_set_metadata(sheet->surface, CAIRO_PDF_METADATA_CREATE_DATE, iso_date);
	if (begin(sheet, language))
		return sheet;
	sheet_destroy(sheet);
	return NULL;
}

static void say_unknown(const struct sheet *sheet)
{
	if (sheet->n_unknown > 0)
		log_warning(
		    "%d characters are boxes: no font on this machine has them. For Chinese "
		    "install fonts-noto-cjk, or the smaller fonts-wqy-microhei",
		    sheet->n_unknown);
}

/* ---- pictures -------------------------------------------------------------------------------- */

static cairo_surface_t *white(double width, double height)
{
	cairo_surface_t *surface = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, (int)(PICTURE_SCALE * width), (int)(PICTURE_SCALE * height));
	cairo_surface_set_device_scale(surface, PICTURE_SCALE, PICTURE_SCALE);
	cairo_t *cr = cairo_create(surface);

	cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
	cairo_paint(cr);
	cairo_destroy(cr);
	return surface;
}

struct sheet *sheet_create_picture(double width, const char *language)
{
	struct sheet *sheet = calloc(1, sizeof(*sheet));

	if (!sheet)
		return NULL;
	sheet->width = width + 2.0 * SHEET_LEFT;
	sheet->y = PICTURE_MARGIN;
	sheet->surface = white(sheet->width, PAGE_HEIGHT);
	if (begin(sheet, language))
		return sheet;
	sheet_destroy(sheet);
	return NULL;
}

int sheet_write_png(struct sheet *sheet, FILE *out)
{
	cairo_surface_t *cut = white(sheet->width, sheet->y + PICTURE_MARGIN);
	cairo_t *cr = cairo_create(cut);

	cairo_set_source_surface(cr, sheet->surface, 0.0, 0.0);
	cairo_paint(cr);
	bool good = cairo_status(sheet->cr) == CAIRO_STATUS_SUCCESS &&
	            cairo_status(cr) == CAIRO_STATUS_SUCCESS &&
	            cairo_surface_write_to_png_stream(cut, write_bytes, out) ==
	                CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_destroy(cut);
	say_unknown(sheet);
	return good ? 0 : -EIO;
}

void sheet_destroy(struct sheet *sheet)
{
	if (!sheet)
		return;
	for (int i = 0; i < FONT_COUNT; i++)
		pango_font_description_free(sheet->fonts[i]);
	if (sheet->layout)
		g_object_unref(sheet->layout);
	if (sheet->font_map)
		g_object_unref(sheet->font_map);
	canvas_destroy(sheet->canvas);
	cairo_destroy(sheet->cr);
	cairo_surface_destroy(sheet->surface);
	free(sheet);
}

static void write_foot(struct sheet *sheet)
{
	struct sheet_text how = {.font = FONT_SMALL, .soft = true};
	char number[16];

	sheet_text(sheet, SHEET_LEFT, FOOT, SHEET_WIDTH - 40.0, &how, sheet->title);
	snprintf(number, sizeof(number), "%d", sheet->page);
	how.align = ALIGN_RIGHT;
	sheet_text(sheet, SHEET_LEFT + SHEET_WIDTH - 40.0, FOOT, 40.0, &how, number);
}

int sheet_finish(struct sheet *sheet)
{
	write_foot(sheet);
	say_unknown(sheet);
	cairo_show_page(sheet->cr);
	cairo_surface_finish(sheet->surface);
	bool good = cairo_status(sheet->cr) == CAIRO_STATUS_SUCCESS &&
	            cairo_surface_status(sheet->surface) == CAIRO_STATUS_SUCCESS;
	return good ? 0 : -EIO;
}

double sheet_y(const struct sheet *sheet)
{
	return sheet->y;
}

void sheet_move(struct sheet *sheet, double by)
{
	sheet->y += by;
}

void sheet_need(struct sheet *sheet, double height)
{
	if (sheet->width > 0.0 || sheet->y + height <= BOTTOM || sheet->y <= TOP)
		return;
	write_foot(sheet);
	cairo_show_page(sheet->cr);
	sheet->page++;
	sheet->y = TOP;
}

/* ---- text ----------------------------------------------------------------------------------- */

static double lay_out(
    struct sheet *sheet, double width, const struct sheet_text *how, const char *text)
{
	static const PangoAlignment aligns[] = {[ALIGN_LEFT] = PANGO_ALIGN_LEFT,
	    [ALIGN_CENTRE] = PANGO_ALIGN_CENTER,
	    [ALIGN_RIGHT] = PANGO_ALIGN_RIGHT};
	int height;

	pango_layout_set_font_description(sheet->layout, sheet->fonts[how->font]);
	pango_layout_set_alignment(sheet->layout, aligns[how->align]);
	pango_layout_set_width(sheet->layout, (int)(width * PANGO_SCALE));
	pango_layout_set_text(sheet->layout, text, -1);
	pango_layout_get_size(sheet->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

double sheet_measure(
    struct sheet *sheet, double width, const struct sheet_text *how, const char *text)
{
	return lay_out(sheet, width, how, text);
}

double sheet_text(struct sheet *sheet, double x, double y, double width,
    const struct sheet_text *how, const char *text)
{
	double height = lay_out(sheet, width, how, text);
	char link[96];

	if (how->link) {
		snprintf(link, sizeof(link), "dest='%s'", how->link);
		cairo_tag_begin(sheet->cr, CAIRO_TAG_LINK, link);
	}
	set_rgb(sheet->cr, how->soft ? INK_SOFT : INK_TEXT);
	cairo_move_to(sheet->cr, x, y);
	sheet->n_unknown += pango_layout_get_unknown_glyphs_count(sheet->layout);
	pango_cairo_show_layout(sheet->cr, sheet->layout);
	if (how->link)
		cairo_tag_end(sheet->cr, CAIRO_TAG_LINK);
	return height;
}

/* ---- places and figures ---------------------------------------------------------------------- */

void sheet_place(struct sheet *sheet, const char *id)
{
	char place[96];

	snprintf(place, sizeof(place), "name='%s' x=%.1f y=%.1f", id, SHEET_LEFT, sheet->y);
	cairo_tag_begin(sheet->cr, CAIRO_TAG_DEST, place);
	cairo_tag_end(sheet->cr, CAIRO_TAG_DEST);
}

void sheet_outline(struct sheet *sheet, const char *id, const char *heading)
{
	char link[96];

	sheet_place(sheet, id);
	snprintf(link, sizeof(link), "dest='%s'", id);
	cairo_pdf_surface_add_outline(
	    sheet->surface, CAIRO_PDF_OUTLINE_ROOT, heading, link, CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

void sheet_line(struct sheet *sheet, double y)
{
	set_rgb(sheet->cr, INK_RULE);
	cairo_set_line_width(sheet->cr, 0.6);
	cairo_move_to(sheet->cr, SHEET_LEFT, y);
	cairo_rel_line_to(sheet->cr, SHEET_WIDTH, 0.0);
	cairo_stroke(sheet->cr);
}

void sheet_fill(struct sheet *sheet, double x, double y, double width, double height, uint32_t rgb)
{
	set_rgb(sheet->cr, rgb);
	cairo_rectangle(sheet->cr, x, y, width, height);
	cairo_fill(sheet->cr);
}

struct canvas *sheet_canvas(struct sheet *sheet, double x, double y, double width, double height)
{
	canvas_cairo_place(sheet->canvas, x, y, width, height);
	return sheet->canvas;
}
