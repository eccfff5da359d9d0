/*
 * Heart rate of a strip, from the summed autocorrelation of several bands (docs/methods.md,
 * section 3; of a mat: vitals_lines.h). Each beat shakes the mattress with an oscillation of its
 * own; what repeats from beat to beat in several bands at once is the beat, and its
 * autocorrelation peaks at whole periods and dips between them.
 */
#ifndef LUMBAR_BODY_VITALS_HEART_H
#define LUMBAR_BODY_VITALS_HEART_H

#include <stdbool.h>

#include "body/vitals_history.h"

struct heart;

struct heart_estimate {
	float per_min;
	float score;  /* of a strip -1 to 1: how much the periods agree; noise stays below 0.3 */
	float margin; /* score less that of the best rival */
};

#define HEART_WINDOW_S 30.0
#define HEART_RATE_HZ  25.0 /* frames per second below which nothing is published */
#define HEART_GRID_HZ  50.0 /* enough for the bands used */
/* A heart rate is found at this score; noise alone does not reach it. */
#define HEART_SCORE_FIND  0.40F
#define HEART_PER_MIN_LOW 40.0
#define HEART_PER_MIN_TOP 130.0

/* NULL: out of memory. */
struct heart *heart_create(const struct history *history);
void heart_destroy(struct heart *heart); /* NULL is legal */

/*
 * Reads the newest HEART_WINDOW_S, which must be held. False: nothing there, or it is shaken much
 * harder than anybody breathes. No allocation.
 */
bool heart_find(struct heart *heart, const struct history *history, struct heart_estimate *out);

#endif
