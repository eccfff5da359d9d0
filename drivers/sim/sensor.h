/*
 * The mat as a sensor, and its faults: gain spread, power law, creep, hysteresis, temperature, ghosts
 * along rows and columns, offsets, noise, dead cells and lines, whole counts up to full scale.
 */
#ifndef LUMBAR_DRIVERS_SIM_SENSOR_H
#define LUMBAR_DRIVERS_SIM_SENSOR_H

#include "base/error.h"
#include "base/random.h"
#include "core/surface.h"

/* The pressure at which a faultless cell reads full scale. */
#define SIM_BED_FULL_MMHG  100.0
#define SIM_SEAT_FULL_MMHG 200.0

struct sim_sensor;

/* random: where this mat's faults are drawn from; perfect: none, not even whole counts. */
struct sim_sensor *sim_sensor_create(
    const struct surface *surface, struct random *random, int perfect, struct error *err);

/* A mat as worn as the caller wants it, for tests of calibration. */
struct sim_wear {
	double gain_sigma;            /* of ln gain, cell to cell */
	double gamma_low, gamma_high; /* each cell's exponent lies anywhere between */
	double creep_ratio;           /* per decade of time */
	double dead_ratio;            /* share of cells, that many exactly, spread anywhere */
	int dead_row;                 /* a whole line besides; -1: none */
};
struct sim_sensor *sim_sensor_create_worn(const struct surface *surface, struct random *random,
    const struct sim_wear *wear, struct error *err);

/* True for a cell that gives nothing. */
int sim_sensor_dead(const struct sim_sensor *sensor, size_t cell);
void sim_sensor_destroy(struct sim_sensor *sensor);

/*
 * Pressure (mmHg, n_cells) into counts. loaded_s: how long this load has been resting, for creep and
 * warmth.
 * Calls must be in the order of time: hysteresis and noise remember.
 */
void sim_sensor_read(struct sim_sensor *sensor, const float *mmhg, double loaded_s, float *counts);

#endif
