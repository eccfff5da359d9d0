/*
 * The map of a mat of a few cells: a disc at each place. Cells of the seat are seen from above,
 * knees on top; those of the back rest stand below them, as one looks at the rest (core/surface.h
 * has both with x to the person's right and y to the top of the picture).
 */
#include "report/figure.h"

#include <math.h>

#define GAP_MM 30.0f

struct box {
	float left, right, top, bottom; /* mm; top > bottom */
	size_t n;
};

static struct box box_of(const struct report_map *map, bool back)
{
	struct box box = {
	    .left = INFINITY, .right = -INFINITY, .top = -INFINITY, .bottom = INFINITY};

	for (size_t i = 0; i < map->frame->n_cells; i++) {
		const struct cell_place *place = &map->places[i];

		if ((place->region == REGION_BACK) != back)
			continue;
		box.left = fminf(box.left, place->x_mm);
		box.right = fmaxf(box.right, place->x_mm);
		box.top = fmaxf(box.top, place->y_mm);
		box.bottom = fminf(box.bottom, place->y_mm);
		box.n++;
	}
	return box;
}

/* Discs that nearly touch: half the distance of the two nearest cells of one region. */
static float radius_of(const struct report_map *map)
{
	float nearest = INFINITY;

	for (size_t i = 0; i < map->frame->n_cells; i++)
		for (size_t k = 0; k < i; k++) {
			const struct cell_place *a = &map->places[i], *b = &map->places[k];

			if ((a->region == REGION_BACK) == (b->region == REGION_BACK))
				nearest = fminf(
				    nearest, hypotf(a->x_mm - b->x_mm, a->y_mm - b->y_mm));
		}
	return isfinite(nearest) && nearest > 1.0f ? 0.46f * nearest : 20.0f;
}

static void draw_cells(struct canvas *canvas, const struct report_map *map, bool back, float left,
    float top, float radius, float greatest)
{
	for (size_t i = 0; i < map->frame->n_cells; i++) {
		const struct cell_place *place = &map->places[i];
		size_t level = figure_level(map->frame->cells[i], greatest);

		if ((place->region == REGION_BACK) != back)
			continue;
		canvas_circle(canvas, (double)(place->x_mm - left), (double)(top - place->y_mm),
		    (double)radius);
		canvas_fill_rgb(canvas, figure_colour(level), false);
	}
}

bool figure_has_back(const struct report_map *map)
{
	for (size_t i = 0; map->places && i < map->frame->n_cells; i++)
		if (map->places[i].region == REGION_BACK)
			return true;
	return false;
}

float figure_places(struct canvas *canvas, const struct report_map *map, const char *label)
{
	struct box seat = box_of(map, false), back = box_of(map, true);
	float radius = radius_of(map), greatest = 0.0f;
	float left = fminf(seat.left, back.left) - radius;
	float right = fmaxf(seat.right, back.right) + radius;
	float seat_height = seat.n > 0 ? seat.top - seat.bottom + 2.0f * radius : 0.0f;
	float back_height = back.n > 0 ? back.top - back.bottom + 2.0f * radius : 0.0f;
	float gap = seat.n > 0 && back.n > 0 ? GAP_MM : 0.0f;

	for (size_t i = 0; i < map->frame->n_cells; i++)
		greatest = fmaxf(greatest, map->frame->cells[i]);
	canvas_begin(canvas, &(struct figure_size){.width = (double)(right - left),
	                         .height = (double)(seat_height + gap + back_height),
	                         .class = "map",
	                         .label = label});
	if (gap > 0.0f) {
		canvas_move(canvas, 0.0, (double)(seat_height + 0.5f * gap));
		canvas_line(canvas, (double)(right - left), (double)(seat_height + 0.5f * gap));
		canvas_stroke(canvas, INK_HOURS);
	}
	draw_cells(canvas, map, false, left, seat.top + radius, radius, greatest);
	draw_cells(
	    canvas, map, true, left, back.top + radius + seat_height + gap, radius, greatest);
	canvas_end(canvas);
	return greatest;
}
