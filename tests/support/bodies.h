/* Maps for tests of the body model: simulated bodies, boxes and noise, without a mat's faults. */
#ifndef LUMBAR_TESTS_BODIES_H
#define LUMBAR_TESTS_BODIES_H

#include "core/image.h"
#include "core/observation.h"

#include <stdint.h>

/* A bed of rows x cols, 1.73 m long, 10 Hz. */
struct surface bodies_bed(size_t rows, size_t cols);

/* A simulated body in mmHg; the same seed is the same person. cells: the surface's. */
void bodies_lie(const struct surface *surface, enum posture posture, double stiffness_kpa_per_m,
    uint64_t seed, float *cells);

/* Adds pressure to the cells of a rectangle, in millimetres from the first row and column. */
void bodies_add_box(const struct surface *surface, float x_mm, float y_mm, float width_mm,
    float length_mm, float pressure, float *cells);

struct image bodies_image(const struct surface *surface, float *cells, double t_s);

#endif
