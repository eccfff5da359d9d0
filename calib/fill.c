#include "calib/fill.h"

#include <math.h>

static void add_source(struct fill *fill, size_t source, float weight)
{
	fill->source[fill->n_sources] = source;
	fill->weight[fill->n_sources] = weight;
	fill->n_sources++;
}

/* Walks from (row, col) by one step at a time until a living cell or the mat's edge. */
static void look(
    const struct surface *surface, const bool *dead, struct fill *fill, int row_step, int col_step)
{
	long row = (long)(fill->cell / surface->cols);
	long col = (long)(fill->cell % surface->cols);

	for (int distance = 1;; distance++) {
		row += row_step;
		col += col_step;
		if (row < 0 || col < 0 || row >= (long)surface->rows || col >= (long)surface->cols)
			return;
		size_t cell = (size_t)row * surface->cols + (size_t)col;
		if (!dead[cell]) {
			add_source(fill, cell, 1.0f / (float)distance);
			return;
		}
	}
}

static float distance_mm(const struct cell_place *a, const struct cell_place *b)
{
	return hypotf(a->x_mm - b->x_mm, a->y_mm - b->y_mm);
}

/* Keeps the nearest FILL_SOURCES, nearest first. */
static void add_nearest(struct fill *fill, size_t source, float weight)
{
	size_t at = fill->n_sources;

	while (at > 0 && fill->weight[at - 1] < weight)
		at--;
	if (at == FILL_SOURCES)
		return;
	if (fill->n_sources < FILL_SOURCES)
		fill->n_sources++;
	for (size_t i = fill->n_sources - 1; i > at; i--) {
		fill->source[i] = fill->source[i - 1];
		fill->weight[i] = fill->weight[i - 1];
	}
	fill->source[at] = source;
	fill->weight[at] = weight;
}

static void look_around(const struct surface *surface, const bool *dead, struct fill *fill)
{
	const struct cell_place *home = &surface->places[fill->cell];

	for (size_t i = 0; i < surface->n_cells; i++) {
		if (dead[i] || i == fill->cell || surface->places[i].region != home->region)
			continue;
		float far_mm = distance_mm(&surface->places[i], home);
		add_nearest(fill, i, 1.0f / fmaxf(far_mm, 1.0f));
	}
}

void fill_plan(const struct surface *surface, const bool *dead, size_t cell, struct fill *fill)
{
	float sum = 0;

	*fill = (struct fill){.cell = cell};
	if (surface_is_grid(surface)) {
		look(surface, dead, fill, -1, 0);
		look(surface, dead, fill, 1, 0);
		look(surface, dead, fill, 0, -1);
		look(surface, dead, fill, 0, 1);
	} else if (surface->places) {
		look_around(surface, dead, fill);
	}
	for (size_t i = 0; i < fill->n_sources; i++)
		sum += fill->weight[i];
	for (size_t i = 0; i < fill->n_sources; i++)
		fill->weight[i] /= sum;
}

float fill_value(const struct fill *fill, const float *cells)
{
	float value = 0;

	for (size_t i = 0; i < fill->n_sources; i++)
		value += fill->weight[i] * cells[fill->source[i]];
	return value;
}
