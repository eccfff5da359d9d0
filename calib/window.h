/* Some seconds of frames: the median of each cell, and how much it flickers. */
#ifndef LUMBAR_CALIB_WINDOW_H
#define LUMBAR_CALIB_WINDOW_H

#include <stddef.h>
#include <stdint.h>

#define WINDOW_SAMPLES 61 /* frames kept, evenly over the window */

struct window {
	size_t n_cells;
	int64_t begin_ns, length_ns; /* begin 0: not begun */
	size_t n_samples, n_steps;   /* frames kept; neighbouring frames compared */
	float *samples;              /* owned: WINDOW_SAMPLES of n_cells */
	float *last;                 /* owned: the newest frame */
	double *squares;             /* owned: of what changed from one frame to the next */
};

/* 0 or -ENOMEM. */
int window_init(struct window *window, size_t n_cells);
void window_finish(struct window *window);

/* Forgets everything; the next frame begins a window of so many seconds. */
void window_restart(struct window *window, double length_s);
void window_add(struct window *window, const float *counts, int64_t mono_ns);

/* 0-1, of the time. At 1 the window is whole. */
double window_ratio(const struct window *window, int64_t mono_ns);

/* The median of each cell, n_cells floats. */
void window_medians(const struct window *window, float *medians);

/* The median cell's standard deviation from frame to frame, in counts. scratch: n_cells floats. */
float window_noise(const struct window *window, float *scratch);

#endif
