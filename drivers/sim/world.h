/*
 * The simulated world: one person, a bed with a mat on a mattress, a chair with a pad, and a plan
 * of what she does when. Seeded: the same seed and settings give the same frames, byte for byte.
 * Time is seconds since the start of the plan and only goes forward.
 */
#ifndef LUMBAR_DRIVERS_SIM_WORLD_H
#define LUMBAR_DRIVERS_SIM_WORLD_H

#include "base/error.h"
#include "base/random.h"
#include "core/observation.h"
#include "core/surface.h"

#include <stddef.h>
#include <stdint.h>

struct sim_world;

enum sim_plan {
	SIM_PLAN_NIGHT, /* a generated night: to bed, turns, feeds in the chair, morning */
	SIM_PLAN_DEMO,  /* noon to noon, with findings planted in it: see demo_day.c */
	SIM_PLAN_REST,  /* supine for ever: for the live part of the demo and for tests */
	SIM_PLAN_FEED,  /* one feed in the chair for ever, with all bad postures by turns */
};

struct sim_settings {
	uint64_t seed;
	enum sim_plan plan;
	double stiffness_kpa_per_m; /* of the mattress: soft 25-45, medium 50-110, firm 120-250 */
	int64_t start_real_ns;      /* wall time of t = 0, UTC; 0: clock not known */
	int32_t utc_offset_s;
	double height_m, mass_kg; /* 0: drawn from the seed */
	int perfect_sensor;       /* no faults of the mat: for tests of the body model */
};

/* What is true at a moment, for one surface. */
struct sim_truth {
	enum occupancy occupancy;
	enum posture posture;                    /* bed */
	enum seat_state seat;                    /* seat */
	double breathing_per_min, heart_per_min; /* NAN: nobody there */
	int moving;
	const char *happening; /* "asleep", "awake" (lying), "feed", "away", ...; static */
};

/*
 * The simulator's own mats: rows or cols 0 is 32 x 16 on a bed, 16 x 16 on a seat; a bed is
 * 1.73 m long, a pad 0.40 m deep, and full scale is 1000 counts at the pressure of sensor.h.
 * Sets all but the name and the flip.
 */
void sim_surface(
    struct surface *surface, enum surface_kind kind, size_t rows, size_t cols, double rate_hz);

/* surfaces: geometry and full scale of 1..4 mats (bed, seat), copied. 0 or -errno with err. */
int sim_world_create(struct sim_world **world, const struct sim_settings *settings,
    const struct surface *surfaces, size_t n_surfaces, struct error *err);
void sim_world_destroy(struct sim_world *world);

/* Where the faults of the mat of that index are drawn from. */
void sim_world_mat_random(struct random *random, uint64_t seed, size_t index);

double sim_world_length_s(const struct sim_world *world); /* INFINITY for endless plans */

/* Counts of one surface at t_s (never before the last t_s of that surface). */
void sim_world_frame(struct sim_world *world, size_t surface, double t_s, float *counts);
void sim_world_truth(struct sim_world *world, size_t surface, double t_s, struct sim_truth *truth);

#endif
