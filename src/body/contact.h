/*
 * Contact: where the body touches the surface, and how hard. One pass over the image; everything
 * is scale-free, so it works for mmHg and for percent of full scale alike.
 *
 *	baseline  an offset that all cells share: the 10th percentile (beds only: a bed is never
 *	          covered whole; a chair's pad may be)
 *	high      90th percentile of the cells that stand above baseline + floor
 *	contact   cells above baseline + max(high / 10, floor / 4)	docs/methods.md, section 1
 *
 * On grids whose cells are no wider than 6 cm the floor adapts to the mat: it is at least five
 * times the spread of what differs from one cell to the next, which is noise and offsets (on
 * coarser grids that is also a body).
 *
 * Single cells stuck at full scale are clipped at 3 x high. A column that is loaded on its own,
 * with nothing beside it, is a fault of the mat (or its edge) and is left out.
 */
#ifndef LUMBAR_BODY_CONTACT_H
#define LUMBAR_BODY_CONTACT_H

#include "core/image.h"

struct contact_map;

struct contact_reading {
	float floor;     /* pressures below this are nothing, in the image's unit */
	float baseline;  /* of all cells; the values below stand above it */
	float high;      /* 0 when nothing rises above the floor */
	float threshold; /* a cell above it is in contact */
	float load;      /* sum of cells in contact */
	float contact_ratio;
	float coherence; /* of the plane, body/grain.h; NAN: cannot be known, or without contact */
	float noise_ratio; /* movement ratio of one frame that the mat's own noise makes */
	float peak;        /* greatest 3 x 3 mean; free layout: greatest cell */
	float centre_x_ratio, centre_y_ratio; /* 0-1, NAN without contact */
	float length_mm, width_mm;            /* rows and columns in contact; 0 in a free layout */
};

/* surface: borrowed for the object's life. NULL: out of memory. */
struct contact_map *contact_map_create(const struct surface *surface);
void contact_map_destroy(struct contact_map *contact); /* NULL is legal */

void contact_map_step(
    struct contact_map *contact, const struct image *image, struct contact_reading *out);

/*
 * This image is of an empty surface: what its cells read is what each adds on its own (an
 * exponential mean over 30 s), and is taken off from the next step on. Grids only.
 */
void contact_map_learn(struct contact_map *contact, const struct image *image, float dt_s);

/*
 * The cells of the last step, above the baseline, clipped, without lone columns; of no meaning
 * when its high was 0. Borrowed until the next step.
 */
const float *contact_map_plane(const struct contact_map *contact);

#endif
