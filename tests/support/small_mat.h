/* A bed of 8 x 6 cells, 25 mm apart, with 4000 counts full scale. */
#ifndef LUMBAR_TESTS_SMALL_MAT_H
#define LUMBAR_TESTS_SMALL_MAT_H

#include "core/frame.h"
#include "core/surface.h"

#define SMALL_ROWS  8
#define SMALL_COLS  6
#define SMALL_CELLS (SMALL_ROWS * SMALL_COLS)

struct surface small_mat(enum flip flip);
struct frame small_frame(float *counts, int64_t mono_ns);

#endif
