/*
 * When she lies awake, added to a night that is planned already. It draws from a stream of its
 * own: scenes and twitches of a seed stay what they are, and movements are added between them.
 */
#ifndef LUMBAR_DRIVERS_SIM_WAKE_H
#define LUMBAR_DRIVERS_SIM_WAKE_H

#include "drivers/sim/night.h"

/* Fills night->wakes and adds to night->twitches. 0 or -ENOMEM; the night is finished anyhow. */
int sim_wake_add(struct sim_night *night, uint64_t seed);

/* The spell under way at t_s; NULL: she sleeps, or is not in bed. */
const struct sim_wake *sim_wake_at(const struct sim_night *night, double t_s);

#endif
