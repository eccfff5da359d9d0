/*
 * Seeded random numbers for the simulator and the trainer: POSIX nrand48 with its own state, so
 * the same seed gives the same bytes on every machine.
 */
#ifndef LUMBAR_BASE_RANDOM_H
#define LUMBAR_BASE_RANDOM_H

#include <stdint.h>

struct random {
	unsigned short state[3];
	double spare; /* the second normal of a Box-Muller pair, NAN while there is none */
};

void random_init(struct random *random, uint64_t seed);
double random_uniform(struct random *random);                          /* [0, 1) */
double random_between(struct random *random, double low, double high); /* [low, high) */
double random_normal(struct random *random);                           /* mean 0, sd 1 */

#endif
