/*
 * What somebody does who calibrates a mat: loads it three times, leaves it empty, presses it evenly
 * at 10, 20 and 40 mmHg (twice that on a seat), then puts 20 kg on it and leaves them there for
 * half an hour. The mat is the one that the plans of world.h have with the same seed.
 */
#ifndef LUMBAR_DRIVERS_SIM_LOADS_H
#define LUMBAR_DRIVERS_SIM_LOADS_H

#include "base/error.h"
#include "core/surface.h"

#include <stdint.h>

struct sim_loads;

/* surface: a bed's or a seat's grid, copied. 0 or -errno with err. */
int sim_loads_create(
    struct sim_loads **loads, const struct surface *surface, uint64_t seed, struct error *err);
void sim_loads_destroy(struct sim_loads *loads); /* NULL is legal */

double sim_loads_length_s(void);

/* Counts at t_s, never before the last one. */
void sim_loads_frame(struct sim_loads *loads, double t_s, float *counts);

#endif
