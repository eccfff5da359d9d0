#include "body/contact.h"

#include "body/grain.h"
#include "body/histogram.h"
#include "body/minmax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Least pressure that counts: a map of PoPu peaks at 1 % of its full scale; 3 mmHg is a sheet. */
#define FLOOR_RELATIVE 0.3f
#define FLOOR_MMHG     3.0f
#define FLOOR_COUNTS   2.0f /* and never less than two counts of the mat */

#define FINE_PITCH_MM   60.0f
#define SPREAD_TIMES    5.0f /* above the baseline, which is 1.3 below the mean of normal offsets */
#define NOISE_PER_SIGMA 1.128f /* mean |a - b| of normal noise */

#define IDLE_S 30.0f /* the mean of an empty mat */

#define BASELINE_QUANTILE  0.10
#define BASELINE_CELLS_MIN 64
#define HIGH_QUANTILE      0.90
#define LOADED_CELLS_RATIO 0.005 /* fewer cells above the floor are faults */
#define CONTACT_SHARE      0.10f
#define CLIP_SHARE         3.0f
#define LINE_SHARE         0.03f /* of the fullest line: a line above it is in contact, */
#define LINE_CELLS         1.5f  /* where cells are fine, with this many cells at the threshold */
#define LONE_LINE_SHARE    4.0f  /* a column this many times its neighbours is a fault */
#define LONE_LINE_CELLS    8

struct contact_map {
	const struct surface *surface;
	struct grain *grain;
	float *idle;     /* n_cells: what each reads while nothing lies there */
	float idle_mean; /* of these */
	bool idle_known;
	float *level;               /* n_cells: the image with every cell brought to that mean */
	float *plane;               /* n_cells: above the baseline, clipped */
	float *row_load;            /* rows */
	float *col_load;            /* cols */
	float *col_sum;             /* cols: three rows of the plane, for the peak */
	unsigned *col_cells;        /* cols: cells in contact */
	struct histogram histogram; /* of the image */
};

struct contact_map *contact_map_create(const struct surface *surface)
{
	struct contact_map *contact = calloc(1, sizeof(*contact));

	if (!contact)
		return NULL;
	contact->surface = surface;
	contact->grain = grain_create(surface);
	contact->idle = calloc(surface->n_cells, sizeof(float));
	contact->level = calloc(surface->n_cells, sizeof(float));
	contact->plane = calloc(surface->n_cells, sizeof(float));
	contact->row_load = calloc(surface->rows + 1, sizeof(float));
	contact->col_load = calloc(surface->cols + 1, sizeof(float));
	contact->col_sum = calloc(surface->cols + 1, sizeof(float));
	contact->col_cells = calloc(surface->cols + 1, sizeof(unsigned));
	if (contact->grain && contact->idle && contact->level && contact->plane &&
	    contact->row_load && contact->col_load && contact->col_sum && contact->col_cells)
		return contact;
	contact_map_destroy(contact);
	return NULL;
}

void contact_map_destroy(struct contact_map *contact)
{
	if (!contact)
		return;
	grain_destroy(contact->grain);
	free(contact->idle);
	free(contact->level);
	free(contact->plane);
	free(contact->row_load);
	free(contact->col_load);
	free(contact->col_sum);
	free(contact->col_cells);
	free(contact);
}

static float floor_of(const struct image *image)
{
	float counts = FLOOR_COUNTS / image->surface->full_scale_counts;

	if (image->unit == PRESSURE_MMHG)
		return FLOOR_MMHG;
	return greater(FLOOR_RELATIVE, 100 * counts);
}

static bool is_fine(const struct contact_map *contact)
{
	return grain_can(contact->grain) && contact->surface->pitch_mm <= FINE_PITCH_MM;
}

/* What noise and offsets reach above the baseline, where they can be told from a body. */
static float find_grain(struct contact_map *contact, const float *cells)
{
	if (!is_fine(contact))
		return 0;
	return SPREAD_TIMES * grain_spread(contact->grain, cells);
}

/* floor, baseline, high and threshold. */
static void find_levels(struct contact_map *contact, const struct image *image, const float *cells,
    struct contact_reading *out)
{
	const struct surface *surface = image->surface;
	struct histogram *histogram = &contact->histogram;
	size_t n_cells = surface->n_cells;

	float least = floor_of(image), grain = find_grain(contact, cells);
	out->floor = greater(least, grain);
	histogram_count(histogram, cells, n_cells);
	if (surface->kind == SURFACE_BED && surface_is_grid(surface) &&
	    n_cells >= BASELINE_CELLS_MIN)
		out->baseline = histogram_fine_rank(
		    histogram, cells, n_cells, BASELINE_QUANTILE * (double)n_cells);

	float least_loaded = out->baseline + out->floor;
	unsigned loaded = histogram_n_above(histogram, least_loaded);
	if (loaded > LOADED_CELLS_RATIO * (double)n_cells)
		out->high = histogram_rank_above(histogram, least_loaded, HIGH_QUANTILE * loaded) -
		            out->baseline;
	out->threshold = out->floor;
	if (out->high > 0)
		out->threshold = greater(greater(CONTACT_SHARE * out->high, least / 4), grain);
}

static void fill_plane(
    struct contact_map *contact, const float *cells, const struct contact_reading *r)
{
	float clip = CLIP_SHARE * r->high;

	for (size_t i = 0; i < contact->surface->n_cells; i++)
		contact->plane[i] = greater(0, lesser(cells[i] - r->baseline, clip));
}

/* The greatest of a cell's four neighbours. */
static float greatest_beside(
    const struct surface *surface, const float *line, size_t row, size_t col)
{
	size_t cols = surface->cols;
	float left = col > 0 ? line[col - 1] : 0;
	float right = col + 1 < cols ? line[col + 1] : 0;
	float above = row > 0 ? line[(ptrdiff_t)col - (ptrdiff_t)cols] : 0;
	float below = row + 1 < surface->rows ? line[col + cols] : 0;

	return greater(greater(left, right), greater(above, below));
}

/* Where cells are fine, one that is loaded on its own is an offset or a fault. */
static void sum_lines(struct contact_map *contact, float threshold)
{
	size_t rows = contact->surface->rows, cols = contact->surface->cols;
	bool fine = is_fine(contact);

	memset(contact->col_load, 0, cols * sizeof(float));
	memset(contact->col_cells, 0, cols * sizeof(unsigned));
	for (size_t row = 0; row < rows; row++) {
		const float *line = contact->plane + row * cols;
		float sum = 0;
		for (size_t col = 0; col < cols; col++) {
			bool loaded = line[col] > threshold;
			if (loaded && fine)
				loaded = greatest_beside(contact->surface, line, row, col) >
				         threshold;
			float value = loaded ? line[col] : 0;
			sum += value;
			contact->col_load[col] += value;
			contact->col_cells[col] += value > 0;
		}
		contact->row_load[row] = sum;
	}
}

static void drop_lone_columns(struct contact_map *contact, float threshold)
{
	size_t rows = contact->surface->rows, cols = contact->surface->cols;

	for (size_t col = 0; col < cols && cols > 4; col++) {
		float before = col > 0 ? contact->col_load[col - 1] : 0;
		float after = col + 1 < cols ? contact->col_load[col + 1] : 0;
		if (contact->col_cells[col] < LONE_LINE_CELLS ||
		    contact->col_load[col] <= LONE_LINE_SHARE * greater(before, after))
			continue;
		for (size_t row = 0; row < rows; row++) {
			float *cell = &contact->plane[row * cols + col];
			contact->row_load[row] -= *cell > threshold ? *cell : 0;
			*cell = 0;
		}
		contact->col_load[col] = 0;
		contact->col_cells[col] = 0;
	}
}

static float peak_of_grid(struct contact_map *contact)
{
	size_t rows = contact->surface->rows, cols = contact->surface->cols;
	float *sum = contact->col_sum;
	float peak = 0;

	for (size_t row = 0; row < rows; row++) {
		const float *line = contact->plane + row * cols;
		const float *above = row > 0 ? line - cols : line;
		const float *below = row + 1 < rows ? line + cols : line;
		for (size_t col = 0; col < cols; col++)
			sum[col] = above[col] + line[col] + below[col];
		for (size_t col = 1; col + 1 < cols; col++)
			peak = greater(peak, sum[col - 1] + sum[col] + sum[col + 1]);
		if (cols < 3)
			peak = greater(peak, 3 * greater(sum[0], sum[cols - 1]));
	}
	return peak / 9;
}

/* Centre of a line of loads, 0-1 from the first line's outer edge to the last one's. */
static float centre_of(const float *loads, size_t n_lines, float total)
{
	float moment = 0;

	for (size_t i = 0; i < n_lines; i++)
		moment += loads[i] * ((float)i + 0.5f);
	return moment / (total * (float)n_lines);
}

/* Length of the lines in contact: those that carry a fair share of the fullest line. */
static float extent_of(const float *loads, size_t n_lines, float pitch_mm, float least)
{
	float most = 0;
	size_t n = 0;

	for (size_t i = 0; i < n_lines; i++)
		most = greater(most, loads[i]);
	for (size_t i = 0; i < n_lines; i++)
		n += loads[i] > greater(LINE_SHARE * most, least);
	return (float)n * pitch_mm;
}

static void read_grid(struct contact_map *contact, struct contact_reading *out)
{
	size_t rows = contact->surface->rows, cols = contact->surface->cols;
	unsigned n_contact = 0;

	sum_lines(contact, out->threshold);
	drop_lone_columns(contact, out->threshold);
	for (size_t col = 0; col < cols; col++) {
		out->load += contact->col_load[col];
		n_contact += contact->col_cells[col];
	}
	out->contact_ratio = (float)n_contact / (float)contact->surface->n_cells;
	if (!(out->load > 0))
		return;
	out->peak = peak_of_grid(contact);
	out->centre_x_ratio = centre_of(contact->col_load, cols, out->load);
	out->centre_y_ratio = centre_of(contact->row_load, rows, out->load);
	float pitch_mm = contact->surface->pitch_mm;
	float least = is_fine(contact) ? LINE_CELLS * out->threshold : 0;
	out->length_mm = extent_of(contact->row_load, rows, pitch_mm, least);
	out->width_mm = extent_of(contact->col_load, cols, pitch_mm, least);
}

/* In a free layout the centre is taken over the surface's own plane: back cells stand upright. */
static void read_places(struct contact_map *contact, struct contact_reading *out)
{
	const struct cell_place *places = contact->surface->places;
	float x_min = INFINITY, x_max = -INFINITY, y_min = INFINITY, y_max = -INFINITY;
	float x = 0, y = 0, flat_load = 0;
	size_t n_contact = 0;

	for (size_t i = 0; i < contact->surface->n_cells; i++) {
		float value = contact->plane[i] > out->threshold ? contact->plane[i] : 0;
		out->load += value;
		out->peak = greater(out->peak, value);
		n_contact += value > 0;
		if (places[i].region == REGION_BACK)
			continue;
		flat_load += value;
		x += value * places[i].x_mm;
		y += value * places[i].y_mm;
		x_min = lesser(x_min, places[i].x_mm);
		x_max = greater(x_max, places[i].x_mm);
		y_min = lesser(y_min, places[i].y_mm);
		y_max = greater(y_max, places[i].y_mm);
	}
	out->contact_ratio = (float)n_contact / (float)contact->surface->n_cells;
	if (!(flat_load > 0))
		return;
	out->centre_x_ratio = x_max > x_min ? (x / flat_load - x_min) / (x_max - x_min) : 0.5f;
	/* Row 0 is the head or front end, where y is greatest. */
	out->centre_y_ratio = y_max > y_min ? (y_max - y / flat_load) / (y_max - y_min) : 0.5f;
}

/* The cells without their own offsets, as far as these are known. */
static const float *level_cells(struct contact_map *contact, const float *cells)
{
	if (!contact->idle_known)
		return cells;
	for (size_t i = 0; i < contact->surface->n_cells; i++)
		contact->level[i] = greater(0, cells[i] - contact->idle[i] + contact->idle_mean);
	return contact->level;
}

void contact_map_learn(struct contact_map *contact, const struct image *image, float dt_s)
{
	size_t n_cells = contact->surface->n_cells;
	float weight = contact->idle_known ? dt_s / (IDLE_S + dt_s) : 1, sum = 0;

	if (!surface_is_grid(contact->surface))
		return;
	for (size_t i = 0; i < n_cells; i++) {
		contact->idle[i] += (image->cells[i] - contact->idle[i]) * weight;
		sum += contact->idle[i];
	}
	contact->idle_mean = sum / (float)n_cells;
	contact->idle_known = true;
}

/* A switch is loaded or not: there is no noise, no offset and no place of the load. */
static void read_switches(const struct image *image, struct contact_reading *out)
{
	size_t n_cells = image->surface->n_cells, n_loaded = 0;

	for (size_t i = 0; i < n_cells; i++)
		n_loaded += image->cells[i] > 0;
	out->high = n_loaded > 0 ? 100 : 0;
	out->load = 100 * (float)n_loaded;
	out->peak = NAN;
	out->contact_ratio = (float)n_loaded / (float)n_cells;
}

void contact_map_step(
    struct contact_map *contact, const struct image *image, struct contact_reading *out)
{
	*out = (struct contact_reading){
	    .coherence = NAN, .centre_x_ratio = NAN, .centre_y_ratio = NAN};
	if (surface_sense(image->surface) == SENSE_SWITCH) {
		read_switches(image, out);
		return;
	}
	float flicker = grain_flicker(contact->grain, image);
	const float *cells = level_cells(contact, image->cells);
	find_levels(contact, image, cells, out);
	if (!(out->high > 0))
		return;
	fill_plane(contact, cells, out);
	if (surface_is_grid(contact->surface))
		read_grid(contact, out);
	else if (contact->surface->places)
		read_places(contact, out);
	if (grain_can(contact->grain))
		out->coherence = grain_coherence(contact->grain, contact->plane);
	if (out->load > 0)
		out->noise_ratio = NOISE_PER_SIGMA * flicker * out->contact_ratio *
		                   (float)contact->surface->n_cells / out->load;
}

const float *contact_map_plane(const struct contact_map *contact)
{
	return contact->plane;
}
