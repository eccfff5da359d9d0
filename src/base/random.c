#include "base/random.h"

#include <math.h>
#include <stdlib.h>

void random_init(struct random *random, uint64_t seed)
{
	/* Spread near seeds apart by MurmurHash3's finaliser fmix64, which alone would keep 0 at 0. */
	if (seed == 0)
		seed = 0x9e3779b97f4a7c15ULL;
	seed ^= seed >> 33;
	seed *= 0xff51afd7ed558ccdULL;
	seed ^= seed >> 33;
	seed *= 0xc4ceb9fe1a85ec53ULL;
	seed ^= seed >> 33;
	for (int i = 0; i < 3; i++)
		random->state[i] = (unsigned short)(seed >> (16 * i));
	random->spare = NAN;
}

double random_uniform(struct random *random)
{
	return erand48(random->state);
}

double random_between(struct random *random, double low, double high)
{
	return low + (high - low) * random_uniform(random);
}

double random_normal(struct random *random)
{
	if (!isnan(random->spare)) {
		double spare = random->spare;
		random->spare = NAN;
		return spare;
	}
	double radius = sqrt(-2.0 * log(1.0 - random_uniform(random)));
	double angle = 2.0 * M_PI * random_uniform(random);
	random->spare = radius * sin(angle);
	return radius * cos(angle);
}
