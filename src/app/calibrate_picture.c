/* A calibration as a picture: which cells answer strongly, which weakly, which not at all. */
#include "app/calibrate.h"
#include "base/clock.h"
#include "calib/grade.h"
#include "dsp/robust.h"
#include "report/figure.h"
#include "report/html.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float at_mmhg = 20; /* where a body presses */
static const float octaves = 1;  /* the scale goes from half the median cell to twice it */
enum { LINES_MOST = 24, COLUMNS_MOST = 48, MAP_HEIGHT = 640, MARGIN = 16, FOOT = 96 };

/* Counts that 20 mmHg make over those of the median cell, as log2; NAN: dead. Body order. */
static float *answers_of(const struct calibration *calibration, const struct surface *surface)
{
	size_t n = calibration->n_cells, n_living = 0;
	float *answers = calloc(2 * n, sizeof(float));

	if (!answers)
		return NULL;
	float *spare = answers + n;
	for (size_t i = 0; i < n; i++) {
		const struct calib_cell *cell = &calibration->cells[i];
		size_t row = surface->cols ? i / surface->cols : 0;
		size_t col = surface->cols ? i % surface->cols : i;
		if (surface->flip & FLIP_ROWS)
			row = surface->rows - 1 - row;
		if (surface->flip & FLIP_COLS)
			col = surface->cols - 1 - col;
		float answer = cell->dead ? NAN : log2f(at_mmhg / cell->gain) / cell->exponent;
		answers[row * surface->cols + col] = answer;
		if (!cell->dead)
			spare[n_living++] = answer;
	}
	float median = robust_median(spare, n_living, spare);
	for (size_t i = 0; i < n; i++)
		answers[i] -= median;
	return answers;
}

/* The mean of a block of cells; NAN when a dead one is among them. */
static float block_of(const struct surface *surface, const float *answers, size_t row, size_t col,
    size_t rows, size_t cols)
{
	float sum = 0;
	size_t n = 0;

	for (size_t r = row; r < row + rows && r < surface->rows; r++)
		for (size_t c = col; c < col + cols && c < surface->cols; c++, n++)
			sum += answers[r * surface->cols + c];
	return sum / (float)n;
}

void calibrate_blocks(
    const struct calibration *calibration, const struct surface *surface, FILE *out)
{
	static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	size_t rows = (surface->rows + LINES_MOST - 1) / LINES_MOST;
	size_t cols = (surface->cols + COLUMNS_MOST - 1) / COLUMNS_MOST;
	float *answers = surface_is_grid(surface) ? answers_of(calibration, surface) : NULL;

	if (!answers)
		return;
	for (size_t row = 0; row < surface->rows; row += rows) {
		fputs("  ", out);
		for (size_t col = 0; col < surface->cols; col += cols) {
			float value = block_of(surface, answers, row, col, rows, cols);
			float place = roundf(3.5f + 3.5f * value / octaves);
			size_t level = (size_t)fminf(7, fmaxf(0, place));
			fputs(isnan(value) ? "x" : blocks[level], out);
		}
		fputc('\n', out);
	}
	fputs("  ▁ answers half as strongly as the median cell, █ twice; x dead\n", out);
	free(answers);
}

static void write_cells(FILE *out, const struct surface *surface, const float *answers, double side)
{
	fputs("<g shape-rendering=\"crispEdges\">\n", out);
	for (size_t i = 0; i < surface->n_cells; i++) {
		double x = MARGIN + side * (double)(i % surface->cols);
		double y = MARGIN + side * (double)(i / surface->cols);
		float place = 0.5f + 0.5f * answers[i] / octaves;
		if (isnan(place)) {
			fprintf(out,
			    "<path d=\"M%.2f %.2fh%.2fv%.2fh-%.2fz\" fill=\"#fff\"/>"
			    "<path d=\"M%.2f %.2fl%.2f %.2fm0-%.2fl-%.2f %.2f\" stroke=\"#c00\" "
			    "stroke-width=\"1\"/>\n",
			    x, y, side, side, side, x, y, side, side, side, side, side);
			continue;
		}
		size_t level = (size_t)(fminf(1, fmaxf(0, place)) * (FIGURE_LEVELS - 1) + 0.5f);
		fprintf(out, "<path d=\"M%.2f %.2fh%.2fv%.2fh-%.2fz\" fill=\"#%06x\"/>\n", x, y,
		    side, side, side, (unsigned)figure_colour(level));
	}
	fputs("</g>\n", out);
}

static void write_legend(
    FILE *out, const struct calibration *calibration, const struct surface *surface, double y)
{
	char stamp[STAMP_SIZE] = "not dated";
	double step = 6;

	if (calibration->made_real_ns)
		clock_format_stamp(calibration->made_real_ns, 0, stamp);
	for (size_t i = 0; i < FIGURE_LEVELS; i++)
		fprintf(out,
		    "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" height=\"12\" fill=\"#%06x\"/>\n",
		    MARGIN + step * (double)i, y, step, (unsigned)figure_colour(i));
	fprintf(out,
	    "<text x=\"%.0f\" y=\"%.0f\">half to twice the answer</text>\n"
	    "<text x=\"%d\" y=\"%.0f\">of the median cell to 20 mmHg</text>\n",
	    MARGIN + step * (FIGURE_LEVELS + 2), y + 11, MARGIN, y + 30);
	fprintf(out, "<text x=\"%d\" y=\"%.0f\">", MARGIN, y + 48);
	html_text(out, surface->name);
	fprintf(out, ", %s</text>\n", stamp);
	fprintf(out, "<text x=\"%d\" y=\"%.0f\">grade %c, %s; %zu dead (crossed)</text>\n", MARGIN,
	    y + 66, calibration->grade ? calibration->grade : '-', grade_word(calibration->grade),
	    calibration_dead_cells(calibration));
}

static void write_svg(FILE *out, const struct calibration *calibration,
    const struct surface *surface, const float *answers)
{
	double side = (double)MAP_HEIGHT / (double)surface->rows;
	double map_width = side * (double)surface->cols;
	double width = 2 * MARGIN + fmax(map_width, 270), foot = 2 * MARGIN + MAP_HEIGHT;

	fprintf(out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
	    "font-family=\"sans-serif\" font-size=\"13\">\n<title>How strongly each cell "
	    "answers</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
	    width, foot + FOOT - MARGIN);
	write_cells(out, surface, answers, side);
	write_legend(out, calibration, surface, foot);
	fputs("</svg>\n", out);
}

int calibrate_svg(const struct calibration *calibration, const struct surface *surface,
    const char *path, struct error *err)
{
	struct place where = {.file = path};

	if (!surface_is_grid(surface))
		return error_at(err, -EINVAL, &where, "only a grid of cells can be drawn");
	float *answers = answers_of(calibration, surface);
	if (!answers)
		return error_at(err, -ENOMEM, &where, "out of memory");
	FILE *out = fopen(path, "we");
	int result = out ? 0 : -errno;
	if (out) {
		write_svg(out, calibration, surface, answers);
		bool failed = ferror(out);
		if (fclose(out) != 0 || failed)
			result = errno ? -errno : -EIO;
	}
	free(answers);
	return result < 0
	           ? error_at(err, result, &where, "cannot be written: %s", strerror(-result))
	           : 0;
}
