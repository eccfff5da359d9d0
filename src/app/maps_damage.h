/*
 * What mats do to maps: the faults that the trainer varies and that `lumbar eval posture --robust`
 * applies one by one. Maps are rows x cols cells of a surface, changed in place.
 */
#ifndef LUMBAR_APP_MAPS_DAMAGE_H
#define LUMBAR_APP_MAPS_DAMAGE_H

#include "base/random.h"
#include "core/surface.h"

/* Whole rows and columns, drawn anew (one may be drawn twice), give nothing. */
void damage_lines(float *cells, const struct surface *surface, size_t n_rows, size_t n_cols,
    struct random *random);

/* Each cell gives nothing, with this chance. */
void damage_cells(float *cells, size_t n_cells, double share, struct random *random);

/* Each cell's gain is log-normal about 1. */
void damage_gain(float *cells, size_t n_cells, double sigma, struct random *random);

/* Each cell also shows this share of its row's mean and of its column's: a resistive matrix. */
void damage_ghost(float *cells, const struct surface *surface, double share);

/* Nothing reads more than so many times the mean of all cells. */
void damage_saturate(float *cells, size_t n_cells, double times);

/* Turned about the mat's middle, then moved, in shares of the mat's length; what leaves is lost. */
void damage_move(
    float *cells, const struct surface *surface, double along, double degrees, float *scratch);

/* Means of factor x factor cells; rows and columns that do not fill a block go. */
void damage_coarsen(float *cells, struct surface *surface, size_t factor);

/* The bilinear value between the cells; nothing outside the mat. */
float damage_between(const float *cells, const struct surface *surface, double row, double col);

#endif
