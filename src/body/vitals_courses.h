/*
 * From hundreds of channels to the few courses that breathing or the heart is sought in: channels
 * that carry load, each on the scale of its own noise, and of these the principal components
 * (docs/methods.md, section 3). A chest that rises loads one cell and relieves its neighbour; in a
 * component both count.
 *
 * Components are learnt in one stretch of time and looked at in another. Learnt where they are
 * looked at, those of pure noise are waves of one frequency, as clear as any breath.
 */
#ifndef LUMBAR_BODY_VITALS_COURSES_H
#define LUMBAR_BODY_VITALS_COURSES_H

#include <stdbool.h>

#include "body/vitals_history.h"

struct courses;

#define COURSES_MAX    4
#define COURSES_DIRECT 8 /* no more channels than this: each is a course as it is */

/* NULL: out of memory. */
struct courses *courses_create(size_t n_channels, size_t n_samples_max);
void courses_destroy(struct courses *courses); /* NULL is legal */
void courses_reset(struct courses *courses);   /* forgets what was learnt */

/* Starts anew with rows of n_samples, and finds which of the history's channels carry load. */
void courses_begin(struct courses *courses, const struct history *history, size_t n_samples);
bool courses_wants(const struct courses *courses, size_t channel);

/* Where the next channel's samples go, filtered to the band; courses_add() takes them. */
float *courses_next(struct courses *courses);
void courses_add(struct courses *courses, size_t channel, float noise); /* noise: its sd */

/* Learns the components from n samples of the rows. */
void courses_learn(struct courses *courses, size_t from, size_t n);

/* Returns how many courses there are: 0 while nothing has been learnt. */
size_t courses_count(const struct courses *courses);

/* n samples of course i of the rows, by what was learnt last. */
void courses_form(const struct courses *courses, size_t i, size_t from, size_t n, float *course);

/*
 * What each of the history's channels weighs in course i, so that the sum over channels is the load
 * that moves with it, to and fro, in the channels' own unit.
 */
void courses_weights(struct courses *courses, size_t i, float *weights);

/* Of a channel's noise, in parts of the median: a cell that rounding silenced is no better. */
#define COURSES_NOISE_LEAST_PART 0.3F

/* Fills load, the channels' means of late, and returns what one must have to carry load. */
float courses_least_load(const struct history *history, float *load, float *scratch);

/* The sd of what changes from sample to sample: white noise gives its own. */
float courses_noise(const float *samples, size_t n_samples);

#endif
