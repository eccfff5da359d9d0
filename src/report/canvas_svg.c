/* Figures as SVG elements of a page. Colours are classes, so that they follow light and dark. */
#include "report/canvas_ops.h"
#include "report/html.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct svg {
	struct canvas base;
	FILE *out;
	FILE *path; /* writes to d */
	char *d;
	size_t d_size;
	bool turned; /* a group is open */
	char target[48], title[480];
};

/* A number with at most two decimals and no zeros at its end; -0 is 0. */
static void number(FILE *out, char lead, double value)
{
	double hundredths = round(100.0 * value) + 0.0;

	fprintf(out, "%c%.9g", lead, hundredths / 100.0);
}

static void begin(struct canvas *canvas, const struct figure_size *size)
{
	struct svg *svg = (struct svg *)canvas;

	fprintf(svg->out, "<svg class=\"%s\" viewBox=\"0 0", size->class);
	number(svg->out, ' ', size->width);
	number(svg->out, ' ', size->height);
	fputs("\" ", svg->out);
	if (size->stretch)
		fprintf(svg->out, "style=\"height:%.0fpx\" preserveAspectRatio=\"none\" ",
		    size->height);
	fprintf(svg->out, "role=\"%s\" aria-label=\"", size->has_links ? "group" : "img");
	html_text(svg->out, size->label);
	fputs("\">", svg->out);
}

static void end(struct canvas *canvas)
{
	struct svg *svg = (struct svg *)canvas;

	fputs(svg->turned ? "</g></svg>\n" : "</svg>\n", svg->out);
	svg->turned = false;
}

static void mirror(struct canvas *canvas, double width)
{
	struct svg *svg = (struct svg *)canvas;

	fputs("<g transform=\"translate(", svg->out);
	number(svg->out, ' ', width);
	fputs(") scale(-1 1)\">", svg->out);
	svg->turned = true;
}

static void rect(struct canvas *canvas, double x, double y, double width, double height)
{
	FILE *path = ((struct svg *)canvas)->path;

	number(path, 'M', x);
	number(path, ' ', y);
	number(path, 'h', width);
	number(path, 'v', height);
	number(path, 'h', -width);
	fputc('z', path);
}

static void circle(struct canvas *canvas, double x, double y, double radius)
{
	FILE *path = ((struct svg *)canvas)->path;

	number(path, 'M', x - radius);
	number(path, ' ', y);
	for (int half = 0; half < 2; half++) {
		number(path, 'a', radius);
		number(path, ' ', radius);
		number(path, ' ', 0.0);
		fputs(" 1 0", path);
		number(path, ' ', half == 0 ? 2.0 * radius : -2.0 * radius);
		number(path, ' ', 0.0);
	}
	fputc('z', path);
}

static void move(struct canvas *canvas, double x, double y)
{
	number(((struct svg *)canvas)->path, 'M', x);
	number(((struct svg *)canvas)->path, ' ', y);
}

static void line(struct canvas *canvas, double x, double y)
{
	number(((struct svg *)canvas)->path, 'L', x);
	number(((struct svg *)canvas)->path, ' ', y);
}

/* What was gathered, with the attributes that the caller has written after "<path". */
static void write_path(struct svg *svg)
{
	fflush(svg->path); /* sets d_size to what was written since the last rewind */
	fputs(" d=\"", svg->out);
	fwrite(svg->d, 1, svg->d_size, svg->out);
	fputc('"', svg->out);
	if (svg->title[0]) {
		fputs("><title>", svg->out);
		html_text(svg->out, svg->title);
		fputs("</title></path>", svg->out);
	} else {
		fputs("/>", svg->out);
	}
	rewind(svg->path);
}

static void draw(struct svg *svg, const char *attribute, const char *value)
{
	if (svg->target[0])
		fprintf(svg->out, "<a href=\"#%s\">", svg->target);
	fprintf(svg->out, "<path %s=\"%s\"", attribute, value);
	write_path(svg);
	if (svg->target[0])
		fputs("</a>", svg->out);
	svg->target[0] = svg->title[0] = '\0';
}

static void fill(struct canvas *canvas, enum ink ink)
{
	draw((struct svg *)canvas, "class", ink_looks[ink].class);
}

static void fill_rgb(struct canvas *canvas, uint32_t rgb, bool crisp)
{
	char value[64];

	snprintf(value, sizeof(value), "#%06x%s", (unsigned)rgb,
	    crisp ? "\" shape-rendering=\"crispEdges" : "");
	draw((struct svg *)canvas, "fill", value);
}

static void set_link(struct canvas *canvas, const char *target, const char *title)
{
	struct svg *svg = (struct svg *)canvas;

	snprintf(svg->target, sizeof(svg->target), "%s", target);
	snprintf(svg->title, sizeof(svg->title), "%s", title);
}

static void destroy(struct canvas *canvas)
{
	struct svg *svg = (struct svg *)canvas;

	if (svg->path)
		fclose(svg->path);
	free(svg->d);
	free(svg);
}

struct canvas *canvas_svg_create(FILE *out)
{
	static const struct canvas_ops ops = {
	    .begin = begin,
	    .end = end,
	    .rect = rect,
	    .circle = circle,
	    .move = move,
	    .line = line,
	    .fill = fill,
	    .stroke = fill, /* the class says which of the two */
	    .fill_rgb = fill_rgb,
	    .link = set_link,
	    .mirror = mirror,
	    .destroy = destroy,
	};
	struct svg *svg = calloc(1, sizeof(*svg));

	if (!svg)
		return NULL;
	svg->base.ops = &ops;
	svg->out = out;
	svg->path = open_memstream(&svg->d, &svg->d_size);
	if (!svg->path) {
		free(svg);
		return NULL;
	}
	return &svg->base;
}
