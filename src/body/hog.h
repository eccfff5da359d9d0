/* Histograms of oriented gradients of a 32 x 16 map, and its block means. See features.h. */
#ifndef LUMBAR_BODY_HOG_H
#define LUMBAR_BODY_HOG_H

#include "body/features.h"

/* map: FEATURES_ROWS x FEATURES_COLS, mean of squares 1; out: FEATURES_COUNT. */
void hog_extract(const float *map, float *out);

#endif
