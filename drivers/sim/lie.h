/* Lying poses: the ribs of anatomy.h placed on the mattress. */
#ifndef LUMBAR_DRIVERS_SIM_LIE_H
#define LUMBAR_DRIVERS_SIM_LIE_H

#include "drivers/sim/body.h"

/* The mat within the fine grid of the foam, metres. */
struct sim_ground {
	double left_m, top_m, width_m, length_m;
};

/* Draws a lying pose into contact, ready to be solved, and says where the trunk lies. */
void sim_lie(struct contact *contact, const struct sim_person *person, const struct sim_pose *pose,
    const struct sim_ground *ground, struct sim_trunk *trunk);

#endif
