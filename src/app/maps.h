/*
 * Pressure maps named by a manifest: what `train` and the comparisons of bed maps read. Cells are
 * percent of full scale in body coordinates, as an uncalibrated mat gives them.
 */
#ifndef LUMBAR_APP_MAPS_H
#define LUMBAR_APP_MAPS_H

#include "base/csv.h"
#include "core/image.h"

#include <stdbool.h>
#include <stddef.h>

/* Columns of a manifest. -1: may be missing, and is. */
struct maps_columns {
	int file, rows, cols;                         /* must be there */
	int skip, full_scale, cell_mm, rate_hz, flip; /* 0, 4095, 25.4, 1, none */
};

/* The maps of one file. */
struct maps {
	struct surface surface;
	size_t n_maps;
	float *cells;                 /* n_maps x surface.n_cells; owned */
	bool *glitch;                 /* n_maps: its sum is far from the file's median; owned */
	size_t n_glitches, n_refused; /* refused: lines that hold no map of this size */
};

/* 0, or -ENOENT with an error that names the missing column. */
int maps_find_columns(const struct csv *csv, struct maps_columns *columns, struct error *err);

/*
 * Reads the file of a manifest's row: one map a line, one map over `rows` lines, or a recording;
 * every stride-th map. The caller finishes `maps` also after an error. Returns 0, -EINVAL for a
 * malformed row, -ENODATA when the file holds no map, or -errno.
 */
int maps_read(struct maps *maps, const struct csv *csv, size_t row,
    const struct maps_columns *columns, size_t stride, struct error *err);

/*
 * The same of one file without a manifest. surface: of frames text; a recording knows its own, and
 * its first bed is taken.
 */
int maps_load(struct maps *maps, const char *path, const struct surface *surface, size_t stride,
    struct error *err);
void maps_finish(struct maps *maps);

/* The k-th map as an image; cells are borrowed. */
struct image maps_image(const struct maps *maps, size_t k);

/* Raw counts of one whole map into body coordinates, by the surface's flip, in percent. */
void maps_lay(const struct surface *surface, const float *counts, float *cells);

/*
 * The load's middle in shares of the contact's length, from row 0: under 0.5 where the head lies
 * there. plane: contact_map_plane(). NAN without contact.
 */
float maps_middle(const struct surface *surface, const float *plane, float threshold);

/*
 * Whether the maps of a manifest lie with the head in the last row, turned by 180 degrees. A vote
 * of its files; false when a `flip` column says how they lie. 0 or -errno with err.
 */
int maps_find_turned(
    const struct csv *csv, const struct maps_columns *columns, bool *turned, struct error *err);

/* What the map in the middle of one file says of it. */
bool maps_are_turned(const struct maps *maps);

/* Turns every map by 180 degrees: left and right stay what they are. */
void maps_turn(struct maps *maps);

#endif
