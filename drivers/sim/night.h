/*
 * What happens when: a plan as a list of scenes (where she is and how she rests), of twitches and
 * of the times in which she lies awake.
 */
#ifndef LUMBAR_DRIVERS_SIM_NIGHT_H
#define LUMBAR_DRIVERS_SIM_NIGHT_H

#include "base/error.h"
#include "drivers/sim/body.h"
#include "drivers/sim/world.h"

#include <stddef.h>

enum sim_place { SIM_AWAY, SIM_BED, SIM_CHAIR };

struct sim_scene {
	double start_s;
	double settle_s; /* how long the movement takes that leads into it */
	enum sim_place place;
	struct sim_pose pose;
	double breathing_per_min, heart_per_min; /* about which they swing */
	const char *happening;                   /* static */
};

struct sim_twitch {
	double start_s, length_s;
	double strength_ratio; /* of the load on the limb */
	double row_ratio;      /* which limb: where along the mat */
};

/* She lies awake. */
struct sim_wake {
	double start_s, end_s;
};

struct sim_night {
	struct sim_scene *scenes; /* the first starts at 0 */
	size_t n_scenes;
	struct sim_twitch *twitches;
	size_t n_twitches;
	struct sim_wake *wakes; /* in order, apart from one another; none outside the bed */
	size_t n_wakes;
	double length_s; /* INFINITY: the last scene goes on */
};

/* Makes a plan from the seed. 0, or -ENOMEM with err; finish it also after an error. */
int sim_night_make(struct sim_night *night, enum sim_plan plan, uint64_t seed, struct error *err);
void sim_night_finish(struct sim_night *night);

#endif
