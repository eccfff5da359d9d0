/*
 * Principal components: the few ways in which many channels move together, whatever the sign each
 * of them takes part with. Neighbours that move against each other cancel in a sum; in a component
 * they add. Thread: any.
 */
#ifndef LUMBAR_DSP_COMPONENTS_H
#define LUMBAR_DSP_COMPONENTS_H

#include <stddef.h>

/* Channels, one a row, mean removed: samples[r * stride + i], i < n_samples. */
struct component_rows {
	const float *samples;
	size_t n_rows, n_samples, stride;
};

/*
 * weights: n_wanted x n_rows of the caller's, filled with what each row weighs in a component, the
 * strongest first; sum over rows of weight times row is its course. courses: n_wanted x n_samples
 * of the caller's, the same courses at unit length, each orthogonal to those before it.
 * Returns how many were found, less than n_wanted where the rows hold no more.
 */
size_t components_find(
    const struct component_rows *rows, float *weights, float *courses, size_t n_wanted);

#endif
