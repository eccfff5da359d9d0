/* A free layout: where each cell lies, from a CSV table "cell,x_mm,y_mm,region". */
#ifndef LUMBAR_APP_LAYOUT_H
#define LUMBAR_APP_LAYOUT_H

#include "base/error.h"
#include "core/surface.h"

/*
 * Reads path; cells may stand in any order, each of 0..n-1 once. *places is the caller's (free).
 * region may be missing: then it is that of `kind`. 0, or -errno with err. Thread: any.
 */
int layout_load(const char *path, enum surface_kind kind, struct cell_place **places,
    size_t *n_places, struct error *err);

#endif
