#include "body/seat_measure.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

/* Ischial tuberosities: 8 cm or more apart (docs/methods.md, section 5). */
#define PEAKS_APART_MM 80.0F

/* In contact: over a tenth of the peak (docs/methods.md, section 1: 5-10 % of the top). */
#define CONTACT_SHARE 0.10F

/*
 * On pads of this many cells some always lie beside the body, so the least of them is an offset
 * that all cells share. On a chair of a dozen cells it may be load.
 */
#define FLOOR_CELLS_MIN 64

static void place_grid(struct seat_pad *pad, const struct surface *surface)
{
	for (size_t i = 0; i < pad->n_cells; i++) {
		struct seat_cell *cell = &pad->cells[i];
		size_t row = i / surface->cols;

		cell->x_ratio = ((float)(i % surface->cols) + 0.5F) / (float)surface->cols;
		cell->y_ratio = ((float)row + 0.5F) / (float)surface->rows;
		cell->part = cell->y_ratio < 0.5F ? SEAT_PART_FRONT : SEAT_PART_REAR;
	}
	pad->rows = surface->rows;
	pad->cols = surface->cols;
	pad->n_seat = pad->n_cells;
	pad->peaks_apart_ratio = PEAKS_APART_MM / (surface->pitch_mm * (float)surface->cols);
}

struct extent {
	float left, right, rear, front;
};

static struct extent seat_extent(const struct surface *surface)
{
	struct extent e = {INFINITY, -INFINITY, INFINITY, -INFINITY};

	for (size_t i = 0; i < surface->n_cells; i++) {
		const struct cell_place *place = &surface->places[i];

		if (place->region != REGION_SEAT)
			continue;
		e.left = fminf(e.left, place->x_mm);
		e.right = fmaxf(e.right, place->x_mm);
		e.rear = fminf(e.rear, place->y_mm);
		e.front = fmaxf(e.front, place->y_mm);
	}
	float half = surface->pitch_mm / 2;
	return (struct extent){e.left - half, e.right + half, e.rear - half, e.front + half};
}

static void place_free(struct seat_pad *pad, const struct surface *surface)
{
	struct extent e = seat_extent(surface);

	for (size_t i = 0; i < pad->n_cells; i++) {
		const struct cell_place *place = &surface->places[i];
		struct seat_cell *cell = &pad->cells[i];

		if (place->region == REGION_BACK) {
			cell->part = SEAT_PART_BACK;
			pad->n_back++;
		}
		if (place->region != REGION_SEAT)
			continue;
		cell->x_ratio = (place->x_mm - e.left) / (e.right - e.left);
		cell->y_ratio = (e.front - place->y_mm) / (e.front - e.rear);
		cell->part = cell->y_ratio < 0.5F ? SEAT_PART_FRONT : SEAT_PART_REAR;
		pad->n_seat++;
	}
	pad->peaks_apart_ratio = PEAKS_APART_MM / (e.right - e.left);
}

int seat_pad_init(struct seat_pad *pad, const struct surface *surface, struct error *err)
{
	*pad = (struct seat_pad){.n_cells = surface->n_cells};
	pad->cells = calloc(surface->n_cells ? surface->n_cells : 1, sizeof(*pad->cells));
	if (!pad->cells)
		return error_set(err, -ENOMEM, "out of memory for the seat \"%s\"", surface->name);
	if (surface_is_grid(surface))
		place_grid(pad, surface);
	else
		place_free(pad, surface);
	if (pad->n_seat >= 2)
		return 0;
	seat_pad_finish(pad);
	return error_set(err, -EINVAL,
	    "the seat \"%s\" has %zu seat cells: give two or more, left and right, in its layout",
	    surface->name, pad->n_seat);
}

void seat_pad_finish(struct seat_pad *pad)
{
	free(pad->cells);
	*pad = (struct seat_pad){0};
}

static float least_seat_cell(const struct seat_pad *pad, const float *cells)
{
	float least = INFINITY;

	for (size_t i = 0; i < pad->n_cells; i++)
		if (pad->cells[i].part != SEAT_PART_BACK)
			least = fminf(least, cells[i]);
	return least;
}

/* The mean of a grid's cell and its neighbours to the right and below: 2 x 2, or less at edges. */
static float patch(const struct seat_pad *pad, const float *cells, size_t i)
{
	if (pad->cols == 0)
		return cells[i];
	bool right = i % pad->cols + 1 < pad->cols, below = i + pad->cols < pad->n_cells;
	float sum = cells[i] + (right ? cells[i + 1] : 0) + (below ? cells[i + pad->cols] : 0);

	if (right && below)
		return (sum + cells[i + pad->cols + 1]) / 4;
	return sum / (float)(1 + right + below);
}

/* The greatest patch of the rear half whose x lies in [low, high]; *x says where. */
static float rear_peak(
    const struct seat_pad *pad, const float *cells, float low, float high, float *x)
{
	float peak = 0;

	for (size_t i = 0; i < pad->n_cells; i++) {
		const struct seat_cell *cell = &pad->cells[i];

		if (cell->part != SEAT_PART_REAR || cell->x_ratio < low || cell->x_ratio > high)
			continue;
		float here = patch(pad, cells, i);
		if (here > peak) {
			peak = here;
			*x = cell->x_ratio;
		}
	}
	return peak;
}

static float ischial_peaks(const struct seat_pad *pad, const float *cells)
{
	float x = 0.5F, other = 0;
	float first = rear_peak(pad, cells, 0, 1, &x);
	float second = fmaxf(rear_peak(pad, cells, 0, x - pad->peaks_apart_ratio, &other),
	    rear_peak(pad, cells, x + pad->peaks_apart_ratio, 1, &other));

	return (first + second) / 2;
}

static void measure_contact(
    const struct seat_pad *pad, const float *cells, float floor, struct seat_measure *out)
{
	float peak = ischial_peaks(pad, cells) - floor, sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < pad->n_cells; i++) {
		float p = cells[i] - floor;
		bool seat = pad->cells[i].part == SEAT_PART_FRONT ||
		            pad->cells[i].part == SEAT_PART_REAR;

		if (seat && p > CONTACT_SHARE * peak) {
			sum += p;
			n++;
		}
	}
	out->area_ratio = (float)n / (float)pad->n_seat;
	out->peak_ratio = sum > 0 ? peak * (float)n / sum : 0;
}

void seat_measure(const struct seat_pad *pad, const float *cells, struct seat_measure *out)
{
	float floor = pad->n_seat >= FLOOR_CELLS_MIN ? least_seat_cell(pad, cells) : 0;
	double seat = 0, back = 0, rear = 0, right_less_left = 0, x = 0, y = 0;

	for (size_t i = 0; i < pad->n_cells; i++) {
		const struct seat_cell *cell = &pad->cells[i];
		double p = (double)(cells[i] - floor);

		if (cell->part == SEAT_PART_BACK)
			back += (double)cells[i];
		if (cell->part != SEAT_PART_FRONT && cell->part != SEAT_PART_REAR)
			continue;
		seat += p;
		rear += cell->part == SEAT_PART_REAR ? p : 0;
		right_less_left += cell->x_ratio > 0.5F ? p : cell->x_ratio < 0.5F ? -p : 0;
		x += p * (double)cell->x_ratio;
		y += p * (double)cell->y_ratio;
	}
	*out = (struct seat_measure){.back_load_ratio = pad->n_back ? 0 : NAN};
	if (seat <= 0)
		return;
	out->load = (float)(seat / (double)pad->n_seat);
	out->sideways_ratio = (float)(right_less_left / seat);
	out->centre_x_ratio = (float)(x / seat);
	out->centre_y_ratio = (float)(y / seat);
	out->rear_share_ratio = (float)(rear / seat);
	if (pad->n_back)
		out->back_load_ratio = (float)(back / (seat + back));
	measure_contact(pad, cells, floor, out);
}

static void blend(float *mean, float next, float weight)
{
	*mean = weight >= 1 ? next : *mean + (next - *mean) * weight;
}

void seat_measure_blend(struct seat_measure *mean, const struct seat_measure *next, float weight)
{
	blend(&mean->load, next->load, weight);
	blend(&mean->sideways_ratio, next->sideways_ratio, weight);
	blend(&mean->centre_x_ratio, next->centre_x_ratio, weight);
	blend(&mean->centre_y_ratio, next->centre_y_ratio, weight);
	blend(&mean->rear_share_ratio, next->rear_share_ratio, weight);
	blend(&mean->back_load_ratio, next->back_load_ratio, weight);
	blend(&mean->area_ratio, next->area_ratio, weight);
	blend(&mean->peak_ratio, next->peak_ratio, weight);
}
