#include "app/maps_damage.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static size_t draw_line(size_t n, struct random *random)
{
	return (size_t)(random_uniform(random) * (double)n);
}

void damage_lines(float *cells, const struct surface *surface, size_t n_rows, size_t n_cols,
    struct random *random)
{
	size_t rows = surface->rows, cols = surface->cols;

	for (size_t i = 0; i < n_rows; i++)
		memset(cells + draw_line(rows, random) * cols, 0, cols * sizeof(float));
	for (size_t i = 0; i < n_cols; i++) {
		size_t col = draw_line(cols, random);
		for (size_t row = 0; row < rows; row++)
			cells[row * cols + col] = 0;
	}
}

void damage_cells(float *cells, size_t n_cells, double share, struct random *random)
{
	for (size_t i = 0; i < n_cells; i++)
		if (random_uniform(random) < share)
			cells[i] = 0;
}

void damage_gain(float *cells, size_t n_cells, double sigma, struct random *random)
{
	for (size_t i = 0; i < n_cells; i++)
		cells[i] *= (float)exp(sigma * random_normal(random));
}

void damage_ghost(float *cells, const struct surface *surface, double share)
{
	size_t rows = surface->rows, cols = surface->cols;
	float row_mean[128] = {0}, col_mean[128] = {0};

	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++) {
			row_mean[row] += cells[row * cols + col] / (float)cols;
			col_mean[col] += cells[row * cols + col] / (float)rows;
		}
	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++)
			cells[row * cols + col] += (float)share * (row_mean[row] + col_mean[col]);
}

void damage_saturate(float *cells, size_t n_cells, double times)
{
	double sum = 0;

	for (size_t i = 0; i < n_cells; i++)
		sum += (double)cells[i];
	float most = (float)(times * sum / (double)n_cells);
	for (size_t i = 0; i < n_cells; i++)
		cells[i] = fminf(cells[i], most);
}

static float cell_at(
    const float *cells, const struct surface *surface, ptrdiff_t row, ptrdiff_t col)
{
	if (row < 0 || col < 0 || row >= (ptrdiff_t)surface->rows ||
	    col >= (ptrdiff_t)surface->cols)
		return 0;
	return cells[(size_t)row * surface->cols + (size_t)col];
}

float damage_between(const float *cells, const struct surface *surface, double row, double col)
{
	ptrdiff_t y = (ptrdiff_t)floor(row), x = (ptrdiff_t)floor(col);
	float v = (float)(row - (double)y), u = (float)(col - (double)x);

	return (1 - v) * ((1 - u) * cell_at(cells, surface, y, x) +
	                     u * cell_at(cells, surface, y, x + 1)) +
	       v * ((1 - u) * cell_at(cells, surface, y + 1, x) +
	               u * cell_at(cells, surface, y + 1, x + 1));
}

void damage_move(
    float *cells, const struct surface *surface, double along, double degrees, float *scratch)
{
	size_t rows = surface->rows, cols = surface->cols;
	double middle_y = ((double)rows - 1) / 2, middle_x = ((double)cols - 1) / 2;
	double cosine = cos(degrees * M_PI / 180), sine = sin(degrees * M_PI / 180);

	memcpy(scratch, cells, surface->n_cells * sizeof(float));
	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++) {
			double y = (double)row - middle_y - round(along * (double)rows);
			double x = (double)col - middle_x;
			cells[row * cols + col] = damage_between(scratch, surface,
			    cosine * y + sine * x + middle_y, cosine * x - sine * y + middle_x);
		}
}

void damage_coarsen(float *cells, struct surface *surface, size_t factor)
{
	size_t rows = surface->rows / factor, cols = surface->cols / factor;

	for (size_t row = 0; row < rows; row++)
		for (size_t col = 0; col < cols; col++) {
			float sum = 0;
			for (size_t i = 0; i < factor * factor; i++)
				sum += cells[(row * factor + i / factor) * surface->cols +
				             col * factor + i % factor];
			cells[row * cols + col] = sum / (float)(factor * factor);
		}
	surface->rows = rows;
	surface->cols = cols;
	surface->n_cells = rows * cols;
	surface->pitch_mm *= (float)factor;
}
