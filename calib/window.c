#include "calib/window.h"

#include "base/clock.h"
#include "dsp/robust.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

int window_init(struct window *window, size_t n_cells)
{
	*window = (struct window){
	    .n_cells = n_cells,
	    .samples = calloc(WINDOW_SAMPLES * n_cells, sizeof(float)),
	    .last = calloc(n_cells, sizeof(float)),
	    .squares = calloc(n_cells, sizeof(double)),
	};
	return window->samples && window->last && window->squares ? 0 : -ENOMEM;
}

void window_finish(struct window *window)
{
	free(window->samples);
	free(window->last);
	free(window->squares);
	*window = (struct window){0};
}

void window_restart(struct window *window, double length_s)
{
	window->begin_ns = 0;
	window->length_ns = (int64_t)llround(length_s * 1e9);
	window->n_samples = window->n_steps = 0;
}

static void compare_with_last(struct window *window, const float *counts)
{
	for (size_t i = 0; i < window->n_cells; i++) {
		double change = (double)(counts[i] - window->last[i]);
		window->squares[i] += change * change;
	}
	window->n_steps++;
}

void window_add(struct window *window, const float *counts, int64_t mono_ns)
{
	if (window->begin_ns == 0) {
		window->begin_ns = mono_ns ? mono_ns : 1;
		memset(window->squares, 0, window->n_cells * sizeof(double));
	} else {
		compare_with_last(window, counts);
	}
	memcpy(window->last, counts, window->n_cells * sizeof(float));
	double due = (double)(WINDOW_SAMPLES - 1) * window_ratio(window, mono_ns);
	if (window->n_samples >= WINDOW_SAMPLES || (double)window->n_samples > due + 1e-6)
		return;
	memcpy(window->samples + window->n_samples * window->n_cells, counts,
	    window->n_cells * sizeof(float));
	window->n_samples++;
}

double window_ratio(const struct window *window, int64_t mono_ns)
{
	if (window->begin_ns == 0)
		return 0;
	if (window->length_ns <= 0)
		return 1;
	return fmin(1, (double)(mono_ns - window->begin_ns) / (double)window->length_ns);
}

void window_medians(const struct window *window, float *medians)
{
	float column[WINDOW_SAMPLES];

	for (size_t i = 0; i < window->n_cells; i++) {
		for (size_t k = 0; k < window->n_samples; k++)
			column[k] = window->samples[k * window->n_cells + i];
		medians[i] = robust_median(column, window->n_samples, column);
	}
}

float window_noise(const struct window *window, float *scratch)
{
	if (window->n_steps == 0)
		return NAN;
	for (size_t i = 0; i < window->n_cells; i++)
		scratch[i] = (float)sqrt(
		    window->squares[i] / (2 * (double)window->n_steps)); /* of a difference */
	return robust_median(scratch, window->n_cells, scratch);
}
