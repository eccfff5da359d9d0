/*
 * The last minute or so of several channels on an even time grid: what spectra and
 * autocorrelations want, from frames that come faster and with jitter. The frames of one grid slot
 * are averaged; between the averages, each at its own mean time, the grid is interpolated.
 */
#ifndef LUMBAR_BODY_VITALS_HISTORY_H
#define LUMBAR_BODY_VITALS_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct history;

/*
 * Grid: frame_rate_hz over the whole number that brings it nearest to, not below, least_rate_hz
 * (frame_rate_hz itself where that is lower). NULL: out of memory.
 */
struct history *history_create(
    size_t n_channels, double frame_rate_hz, double least_rate_hz, double window_s);
void history_destroy(struct history *history); /* NULL is legal */
void history_reset(struct history *history);

/*
 * One frame's channels. `moving` marks the grid samples it goes into. A time that goes back, or a
 * gap of more than a second (three frames of a slower mat), resets first: returns false then.
 */
bool history_add(struct history *history, int64_t mono_ns, const float *channels, bool moving);

double history_rate_hz(const struct history *history);       /* of the grid */
double history_frame_rate_hz(const struct history *history); /* of late, 0 before two frames */
double history_length_s(const struct history *history);      /* held now */
int64_t history_newest_ns(const struct history *history);    /* mono of the newest, if any */
size_t history_n_channels(const struct history *history);

/* The newest n_samples of a channel, oldest first; they must be held (length * rate). */
void history_read(const struct history *history, size_t channel, size_t n_samples, float *samples);

/* Share of the newest n_samples that were marked as moving, and how long ago the last one was. */
double history_moving_ratio(const struct history *history, size_t n_samples);
double history_still_s(const struct history *history); /* at most the length held */

/* Mean of each channel over the newest n_samples. */
void history_means(const struct history *history, size_t n_samples, float *means);

#endif
