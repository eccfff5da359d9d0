/*
 * Heart rate of a mat, from the lines that a beat draws in the spectrum of every cell at once:
 * at the rate and at twice, three and four times it (docs/methods.md, section 3). Cells that move
 * against each other add up here, as powers; what is in one cell's noise alone is averaged away.
 *
 * What says where the lines are is followed over a minute: a heart is slow to change, noise is not.
 * A strip has too few cells for this; its heart is read by vitals_heart.h.
 */
#ifndef LUMBAR_BODY_VITALS_LINES_H
#define LUMBAR_BODY_VITALS_LINES_H

#include <stdbool.h>

#include "body/vitals_heart.h"
#include "body/vitals_history.h"

struct lines;

/* The score at which a rate is found once it has been followed for a minute. */
#define LINES_SCORE_FIND 1.5

/* NULL: out of memory. Thread: main (FFT plans). */
struct lines *lines_create(const struct history *history);
void lines_destroy(struct lines *lines); /* NULL is legal */
void lines_reset(struct lines *lines);   /* forgets what was followed */

/*
 * Reads the newest HEART_WINDOW_S, which must be held; dt_s: since the last call, 0 at the first.
 * False: no rate stands out. score and margin are in standard deviations of the spectrum's own
 * scatter. No allocation.
 */
bool lines_find(
    struct lines *lines, const struct history *history, double dt_s, struct heart_estimate *out);

#endif
