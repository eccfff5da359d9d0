/*
 * A surface: one mat, as it lies in body coordinates. Everything after calibration uses these, so
 * nothing downstream knows how a mat was laid.
 *
 *   bed    row 0 is the head end; column 0 is the person's left when lying on the back
 *          (head on top, seen through the mat from below, as PhysioNet PMD experiment 1 is): who
 *          lies on the right side has knees and face towards the higher columns.
 *   seat   row 0 is the front edge (the knees); column 0 is the person's left
 *          (seen from above, facing the top of the picture).
 *   strip  a single sensel or a row of them under the mattress: load, movement, breathing, heart;
 *          no posture.
 *
 * A grid has rows x cols cells, row by row. A free layout (a few cells anywhere) has rows = 0,
 * cols = 0 and a place for every cell.
 */
#ifndef LUMBAR_CORE_SURFACE_H
#define LUMBAR_CORE_SURFACE_H

#include <stdbool.h>
#include <stddef.h>

enum surface_kind { SURFACE_BED, SURFACE_SEAT, SURFACE_STRIP };

/* What the cells of a surface can tell at all. */
enum sense {
	SENSE_SHAPE, /* whatever its kind allows */
	SENSE_LOAD,  /* load cells under a bed's legs: who is there, moves and breathes, not how she
	               * lies */
	SENSE_SWITCH, /* loaded or not, by anything, and nothing else */
};

enum region { REGION_BED, REGION_SEAT, REGION_BACK, REGION_STRIP, REGION_LEG };

/*
 * Free layouts only. x_mm: to the person's right (bed: when supine), the picture's right. y_mm:
 * seat: towards the front; back: upwards; bed: towards the head (all: the picture's top).
 */
struct cell_place {
	float x_mm, y_mm;
	enum region region;
};

/* What was done to lay raw cells into body coordinates; applied once, in calibration. */
enum flip { FLIP_NONE = 0, FLIP_ROWS = 1, FLIP_COLS = 2, FLIP_BOTH = 3 };

#define SURFACE_NAME_SIZE 32
#define SURFACE_CELLS_MAX 8192 /* 128 x 64, the largest mat that is supported */

struct surface {
	char name[SURFACE_NAME_SIZE]; /* the section's name in lumbard.conf: "bed", "chair" */
	enum surface_kind kind;
	size_t rows, cols;               /* 0, 0: a free layout */
	size_t n_cells;                  /* rows * cols, or the number of places */
	float pitch_mm;                  /* centre to centre, along rows and columns; > 0 */
	enum flip flip;                  /* of the raw frames */
	float full_scale_counts;         /* the largest count a cell can give; > 0 */
	float rate_hz;                   /* nominal frames per second; > 0 */
	const struct cell_place *places; /* n_cells of them, NULL for a grid; borrowed */
};

/* Words used in configuration, manifests, the store and JSON. Lookup is by value; never NULL. */
const char *surface_kind_name(enum surface_kind kind);
int surface_kind_parse(const char *text, enum surface_kind *kind); /* 0 or -EINVAL */
const char *region_name(enum region region);
int region_parse(const char *text, enum region *region); /* 0 or -EINVAL */
int flip_parse(const char *text, enum flip *flip);       /* none rows cols both; 0 or -EINVAL */
bool surface_is_grid(const struct surface *surface);

/* Switches count to 1; load cells are a bed in which every place is a leg. */
enum sense surface_sense(const struct surface *surface);

const char *sense_name(enum sense sense);             /* "shape", "load", "switch" */
int sense_parse(const char *text, enum sense *sense); /* 0 or -EINVAL */

/* What is not assessed there and why, as one sentence; NULL for SENSE_SHAPE. */
const char *sense_limits(enum sense sense);

#endif
