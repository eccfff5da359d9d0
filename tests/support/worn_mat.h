/*
 * A simulated mat that is worn, and a calibration of it, step by step: gains 15 or 30 % apart, creep,
 * hysteresis, ghosts, dead cells. Tests put loads on it, for as long as they like.
 */
#ifndef LUMBAR_TESTS_WORN_MAT_H
#define LUMBAR_TESTS_WORN_MAT_H

#include "calib/procedure.h"
#include "drivers/sim/sensor.h"

#define WORN_ROWS  64
#define WORN_COLS  32
#define WORN_CELLS (WORN_ROWS * WORN_COLS)

/* Two cells in a hundred are dead, and row 20; little: none. */
extern const struct sim_wear very_worn, little_worn;

struct worn_mat {
	struct surface surface;
	struct sim_sensor *sensor;
	struct procedure *procedure;
	float mmhg[WORN_CELLS], counts[WORN_CELLS]; /* what lies there, what was read last */
	int64_t now_ns, loaded_ns;
};

/* The last n_levels of 10, 20 and 40 mmHg, and a weight, 0: none. */
struct procedure_plan worn_mat_plan(size_t n_levels, float mass_kg);

/* A new mat whose calibration begins. */
void worn_mat_begin(
    struct worn_mat *mat, const struct sim_wear *wear, const struct procedure_plan *plan);
void worn_mat_end(struct worn_mat *mat);

/* So many seconds of frames, 4 a second: of what stands in mmhg, of an even load, of somebody on
 * her back, of so many kilograms on a square of 16 x 16 cells. */
void worn_mat_pass(struct worn_mat *mat, double length_s);
void worn_mat_press(struct worn_mat *mat, float mmhg, double length_s);
void worn_mat_lie(struct worn_mat *mat, double length_s);
void worn_mat_weigh(struct worn_mat *mat, double mass_kg, double length_s);

/* Loads it three times, as it asks for; and then it is empty until that is known. */
void worn_mat_condition(struct worn_mat *mat);
void worn_mat_condition_and_tare(struct worn_mat *mat);

struct procedure_view worn_mat_view(const struct worn_mat *mat);

/* Fails unless it says these words of what it sees. */
void worn_mat_sees(const struct worn_mat *mat, const char *words);

/* The calibration, which is done; the caller finishes it. */
struct calibration worn_mat_result(struct worn_mat *mat);

#endif
