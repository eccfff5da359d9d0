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
 * slowly forgotten. Ghosts are over-estimated where all such cells carry a little.
 *
 * A load that is a plain rectangle has no empty cell there and says nothing: it comes out near 1, one
 * that varies by an eighth near 0.8, and above GHOSTS_MOST a frame is not used. The limit is as high
 * as it is since lines that float come out so high too: a person simulated on such a mat at 0.6 to
 * 0.8 (cells of 5 to 20 kilohms, a resistor of 1), where without ghosts she comes out at 0.03 and at
 * 0.3 at most. Taking off then mends an eighth of the error; a limit of 0.5 used 2 frames in 100.
 */
#ifndef LUMBAR_DRIVERS_MATRIX_GHOSTS_H
#define LUMBAR_DRIVERS_MATRIX_GHOSTS_H

#include <stddef.h>

#define GHOSTS_LINES_MAX 64
#define GHOSTS_MOST      0.8F

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
