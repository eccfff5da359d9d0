/* A comparison in words, and both maps as a drawing. */
#include "app/compare.h"
#include "body/support.h"
#include "report/figure.h"
#include "report/html.h"

#include <math.h>
#include <string.h>

#define WIDTH      480
#define MAP_WIDTH  200
#define MAP_TOP    150
#define LINE_CHARS 72

const char *compare_words(const struct comparison *c, char words[COMPARE_WORDS_SIZE])
{
	const char *softer = c->difference > 0 ? "A" : "B", *firmer = c->difference > 0 ? "B" : "A";
	double by = fabs((double)c->difference), sd = (double)c->difference_sd;

	switch (c->verdict) {
	case VERDICT_SOFTER:
	case VERDICT_PROBABLY:
		snprintf(words, COMPARE_WORDS_SIZE,
		    "%s is %ssofter under her waist than %s: by %.1f halvings of stiffness (95 %%: "
		    "%.1f to %.1f), %.*f %% sure.",
		    softer, c->verdict == VERDICT_PROBABLY ? "probably " : "", firmer, by,
		    by - 1.96 * sd, by + 1.96 * sd, c->sure > 0.99f ? 1 : 0,
		    fmin(100 * (double)c->sure, 99.9));
		break;
	case VERDICT_BOTTOMING:
		snprintf(words, COMPARE_WORDS_SIZE,
		    "It cannot be told which is softer: both are as soft as the index goes, and "
		    "the foam may have bottomed out.");
		break;
	case VERDICT_NOT_SUPINE: {
		bool a = c->sides[0].n_supine == 0, b = c->sides[1].n_supine == 0;
		snprintf(words, COMPARE_WORDS_SIZE,
		    "It cannot be told which is softer: %s no quiet time on the back. Lie still on "
		    "the back for five minutes on each; if she did, say --supine.",
		    a && b ? "A and B hold"
		    : a    ? "A holds"
		           : "B holds");
		break;
	}
	case VERDICT_OPEN:
		snprintf(words, COMPARE_WORDS_SIZE,
		    "It cannot be told which is softer: the difference of %.1f halvings of "
		    "stiffness is within what lying down anew makes (95 %%: %.1f to %.1f). Lie "
		    "down on each several times.",
		    by, by - 1.96 * sd, by + 1.96 * sd);
		break;
	}
	return words;
}

/* Words in lines of LINE_CHARS at the drawing's top. */
static void draw_words(FILE *out, const char *words)
{
	char line[LINE_CHARS + 1];

	for (int y = 24; *words; y += 18) {
		size_t n = strlen(words);
		if (n > LINE_CHARS)
			for (n = LINE_CHARS; n > 1 && words[n] != ' ';)
				n--;
		snprintf(line, sizeof(line), "%.*s", (int)n, words);
		fprintf(out, "<text x=\"16\" y=\"%d\">", y);
		html_text(out, line);
		fputs("</text>\n", out);
		words += n + strspn(words + n, " ");
	}
}

/* The file and the folder it is in. */
static const char *short_name(const char *path)
{
	int slashes = 0;

	for (const char *at = path + strlen(path); at > path; at--)
		if (at[-1] == '/' && ++slashes == 2)
			return at;
	return path;
}

static void draw_side(FILE *out, const struct compared *side, const char *name, int x, int height)
{
	struct stored_surface surface = {.kind = SURFACE_BED};
	struct stored_keyframe frame = {.rows = side->surface.rows,
	    .cols = side->surface.cols,
	    .n_cells = side->surface.n_cells,
	    .centre_x_ratio = NAN,
	    .centre_y_ratio = NAN,
	    .cells = side->mean};
	struct report_map map = {.frame = &frame, .surface = &surface};

	fprintf(out, "<text x=\"%d\" y=\"%d\"><tspan font-weight=\"bold\">%s</tspan> ", x,
	    MAP_TOP - 30, name);
	html_text(out, short_name(side->path));
	if (side->n_supine == 0) {
		fprintf(out, "</text><text x=\"%d\" y=\"%d\">not quiet on the back</text>\n", x,
		    MAP_TOP - 12);
		return;
	}
	fprintf(out,
	    "</text><text x=\"%d\" y=\"%d\">softness %.1f &#177; %.1f</text>\n<svg x=\"%d\" "
	    "y=\"%d\" width=\"%d\" height=\"%d\">",
	    x, MAP_TOP - 12, (double)side->softness, (double)side->softness_sd, x, MAP_TOP,
	    MAP_WIDTH, height);
	struct canvas *canvas = canvas_svg_create(out);
	if (canvas)
		figure_map(canvas, &map, name);
	canvas_destroy(canvas);
	fputs("</svg>\n", out);
}

static int height_of(const struct compared *side)
{
	return (int)(MAP_WIDTH * side->surface.rows / side->surface.cols);
}

void compare_draw(FILE *out, const struct comparison *c, bool page)
{
	char words[COMPARE_WORDS_SIZE];
	int a = height_of(&c->sides[0]), b = height_of(&c->sides[1]), height = a > b ? a : b;

	if (page)
		fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>"
		      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>"
		      "<title>Two mattresses</title></head>\n<body>\n",
		    out);
	fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
	    "font-family=\"sans-serif\" font-size=\"12\" style=\"max-width:100%%\">\n"
	    "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
	    WIDTH, MAP_TOP + height + 40, WIDTH);
	draw_words(out, compare_words(c, words));
	draw_side(out, &c->sides[0], "A", 24, a);
	draw_side(out, &c->sides[1], "B", 24 + MAP_WIDTH + 32, b);
	fprintf(out,
	    "<text x=\"24\" y=\"%d\" font-size=\"10\">Mean maps of the quiet time on the back, "
	    "head on top, each to its own greatest value.</text>\n</svg>\n",
	    MAP_TOP + height + 24);
	if (page)
		fputs("</body></html>\n", out);
}
