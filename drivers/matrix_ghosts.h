/*
 * Ghosts of a resistive matrix. Where lines that are not selected float, current finds its way
 * through three other cells, and a cell reads load because its row and its column carry some
 * elsewhere:
 *
 *	measured = true + g R C / T	R, C: means of its row and column; T: of all cells
 *
 * above what an unloaded cell reads, which is the frame's 5 % quantile. Nothing is lighter than
 * nothing, so (measured) / (R C / T) of any cell bounds g from above: the 5 % quantile of it, over
 * cells whose row and column are loaded, is what a frame says, and the least of the frames holds,
 * slowly forgotten. A load that is a plain rectangle has no empty cell there and says nothing:
 * above GHOSTS_MOST a frame is not used. Ghosts are over-estimated where all such cells carry a
 * little.
 */
#ifndef LUMBAR_DRIVERS_MATRIX_GHOSTS_H
#define LUMBAR_DRIVERS_MATRIX_GHOSTS_H

#include <stddef.h>

#define GHOSTS_LINES_MAX 64
#define GHOSTS_MOST      0.5F

struct ghosts {
	float ratio; /* g; NAN: no load has shown it yet */
	float base;  /* of the last frame: what an unloaded cell reads */
	float row[GHOSTS_LINES_MAX], col[GHOSTS_LINES_MAX],
	    mean; /* of the last frame, above base */
};

void ghosts_init(struct ghosts *ghosts);

/* Looks at a frame of rows x cols counts. Frames that load less than 2 % of full scale are not
 * used. */
void ghosts_look(
    struct ghosts *ghosts, const float *counts, size_t rows, size_t cols, float full_scale);

/* Takes g R C / T off the frame that was looked at last, down to its base. */
void ghosts_remove(const struct ghosts *ghosts, float *counts, size_t rows, size_t cols);

#endif
