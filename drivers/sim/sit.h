/* Sitting: upright on a pad, leaning, bent forward, slumped; or on the bed's edge. */
#ifndef LUMBAR_DRIVERS_SIM_SIT_H
#define LUMBAR_DRIVERS_SIM_SIT_H

#include "drivers/sim/lie.h"

void sim_sit(struct contact *contact, const struct sim_person *person, const struct sim_pose *pose,
    const struct sim_ground *ground, struct sim_trunk *trunk);

void sim_sit_on_edge(struct contact *contact, const struct sim_person *person,
    const struct sim_pose *pose, const struct sim_ground *ground, struct sim_trunk *trunk);

#endif
