/* What moves a resting body's map: breathing, the heart, and the slow sway of one who sits. */
#ifndef LUMBAR_DRIVERS_SIM_LIFE_H
#define LUMBAR_DRIVERS_SIM_LIFE_H

#include "base/random.h"
#include "drivers/sim/night.h"

/* Hers, not the night's: phases of the slow swings of breathing. */
struct sim_life {
	double slow_phase, quick_phase;
};

void sim_life_draw(struct sim_life *life, struct random *random);

/* At one moment, all closed forms of time: nothing to step, so any order of questions is right. */
struct sim_beat {
	double breathing_per_min, heart_per_min;
	float breath, pulse, sway; /* about -1 to 1 */
};
struct sim_beat sim_life_at(const struct sim_life *life, const struct sim_scene *scene, double t_s);

/* How each cell answers, in shares of its own pressure. */
struct sim_answer {
	float breath, pulse, sway;
};
void sim_life_answers(struct sim_answer *answers, const struct surface *surface,
    const struct sim_trunk *trunk, uint64_t seed);

#endif
