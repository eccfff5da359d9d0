/*
 * The picture of eval posture: the confusion matrix, in shades of one blue, and a bar for each
 * person. Blue and orange of Okabe and Ito (2008), which most colour-blind people tell apart.
 */
#include "app/eval_posture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELL = 56, LEFT = 90, TOP = 64, BAR = 18, BAR_GAP = 6, BAR_WIDTH = 300, LABEL = 90 };

#define BLUE   "#0072b2"
#define ORANGE "#d55e00"
#define INK    "#222"

/* What people write goes into the picture as text only. */
static void put_text(FILE *file, const char *text)
{
	for (; *text; text++)
		if (*text == '&')
			fputs("&amp;", file);
		else if (*text == '<')
			fputs("&lt;", file);
		else if (*text == '>')
			fputs("&gt;", file);
		else
			fputc(*text, file);
}

static void put_label(
    FILE *file, double x, double y, const char *anchor, const char *fill, const char *text)
{
	fprintf(file, "<text x=\"%.0f\" y=\"%.0f\" text-anchor=\"%s\" fill=\"%s\">", x, y, anchor,
	    fill);
	put_text(file, text);
	fputs("</text>\n", file);
}

/* The postures that occur, as truth or as judgement. */
static size_t find_postures(const struct tally *tally, enum posture *postures, bool truths)
{
	size_t n = 0;

	for (size_t i = 0; i < POSTURE_COUNT; i++) {
		bool here = tally_row(tally->n[i]) > 0;
		for (size_t k = 0; !truths && k < POSTURE_COUNT; k++)
			here |= tally->n[k][i] > 0;
		if (here)
			postures[n++] = (enum posture)i;
	}
	return n;
}

static void put_cell(FILE *file, double x, double y, size_t n, double share, bool right)
{
	char text[32];

	fprintf(file,
	    "<rect x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\" fill=\"%s\" "
	    "fill-opacity=\"%.3f\" stroke=\"#bbb\"/>\n",
	    x, y, CELL, CELL, right ? BLUE : ORANGE, share);
	if (n == 0)
		return;
	const char *ink = share > 0.55 ? "#fff" : INK;
	snprintf(text, sizeof(text), "%.1f %%", 100 * share);
	put_label(file, x + CELL / 2.0, y + CELL / 2.0 - 2, "middle", ink, text);
	snprintf(text, sizeof(text), "%zu", n);
	put_label(file, x + CELL / 2.0, y + CELL / 2.0 + 14, "middle", ink, text);
}

static void put_matrix(FILE *file, const struct tally *tally, const enum posture *truths,
    size_t n_truths, const enum posture *said, size_t n_said)
{
	put_label(file, LEFT, 18, "start", INK, "What lay there (rows), what was said (columns)");
	for (size_t k = 0; k < n_said; k++)
		put_label(file, LEFT + CELL * ((double)k + 0.5), TOP - 8, "middle", INK,
		    posture_name(said[k]));
	for (size_t i = 0; i < n_truths; i++) {
		double whole = (double)tally_row(tally->n[truths[i]]);
		double y = TOP + CELL * (double)i;
		put_label(file, LEFT - 8, y + CELL / 2.0 + 4, "end", INK, posture_name(truths[i]));
		for (size_t k = 0; k < n_said; k++) {
			size_t n = tally->n[truths[i]][said[k]];
			put_cell(file, LEFT + CELL * (double)k, y, n, (double)n / whole,
			    truths[i] == said[k]);
		}
	}
}

static void put_bar(FILE *file, double x, double y, const char *name, double share)
{
	char text[32];

	put_label(file, x + LABEL - 8, y + BAR - 5, "end", INK, name);
	fprintf(file,
	    "<rect x=\"%.0f\" y=\"%.0f\" width=\"%d\" height=\"%d\" fill=\"#eee\"/>\n"
	    "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.1f\" height=\"%d\" fill=\"" BLUE "\"/>\n",
	    x + LABEL, y, BAR_WIDTH, BAR, x + LABEL, y, BAR_WIDTH * share, BAR);
	snprintf(text, sizeof(text), "%.1f %%", 100 * share);
	put_label(file, x + LABEL + BAR_WIDTH + 8, y + BAR - 5, "start", INK, text);
}

static void put_picture(FILE *file, const struct evaluated *e)
{
	const struct tally *all = &e->all.under[e->corruption];
	enum posture truths[POSTURE_COUNT], said[POSTURE_COUNT];
	size_t n_truths = find_postures(all, truths, true);
	size_t n_said = find_postures(all, said, false);
	double bars_x = LEFT + CELL * (double)n_said + 24;
	double height =
	    fmax(TOP + CELL * (double)n_truths, TOP + (BAR + BAR_GAP) * (double)e->n_subjects) + 36;
	char text[128];

	fprintf(file,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
	    "font-family=\"sans-serif\" font-size=\"12\">\n"
	    "<title>Postures judged against their labels</title>\n"
	    "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
	    bars_x + LABEL + BAR_WIDTH + 76, height);
	put_matrix(file, all, truths, n_truths, said, n_said);
	put_label(file, bars_x + LABEL, TOP - 8, "start", INK, "Share right, person by person");
	for (size_t i = 0; i < e->n_subjects; i++)
		put_bar(file, bars_x, TOP + (BAR + BAR_GAP) * (double)i, e->subjects[i].name,
		    tally_accuracy(&e->subjects[i].tallies.under[e->corruption]));
	snprintf(text, sizeof(text), "%zu maps, %.2f %% right%s", tally_total(all),
	    100 * tally_accuracy(all),
	    e->leave_one_out ? "; each person judged by a model of the others" : "");
	put_label(file, LEFT, height - 12, "start", INK, text);
	fputs("</svg>\n", file);
}

int eval_posture_plot(const struct evaluated *e, const char *path, struct error *err)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return error_set(err, -errno, "%s: %s", path, strerror(errno));
	put_picture(file, e);
	bool failed = ferror(file) != 0;
	if (fclose(file) != 0 || failed)
		return error_set(err, -EIO, "%s: cannot be written whole", path);
	return 0;
}
