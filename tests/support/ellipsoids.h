/*
 * A second simulator, to check the softness measure by: nothing is tuned on it, and nothing in it
 * comes from drivers/sim. There a body of jointed ribs lies on springs that know nothing of each
 * other; here ellipsoids lie on a sheet that also carries load sideways:
 *
 *	p = k u / (1 - (u / H)^2) - T laplace(u)	foam of thickness H that locks up, and its shear
 *	p = E max(0, depth of the body's underside - u)		flesh
 *
 * solved for u on a grid of 13.5 mm together with how deep each part of the body sinks. People (men
 * too), their arms, legs and place and the kind of foam are drawn from seeds.
 */
#ifndef LUMBAR_TESTS_ELLIPSOIDS_H
#define LUMBAR_TESTS_ELLIPSOIDS_H

#include <stdint.h>

enum ellipsoids_arms { ARMS_DRAWN, ARMS_BESIDE, ARMS_AWAY, ARMS_ON_BODY };

/* Who lies how on what. All but the person and the stiffness may be 0: as usual. */
struct ellipsoids_lying {
	uint64_t person, pose;      /* seeds: her body, and how she lies and on what kind of foam */
	double stiffness_kpa_per_m; /* under a flat pad of 355 mm (EN 1957), little loaded */
	double thickness_m;         /* H; 0: drawn, 0.13-0.22 */
	double mass_ratio;          /* 0: 1; her weight against what was drawn */
	enum ellipsoids_arms arms;
	double tilt_rad;          /* of the head section */
	double knee_pillow_ratio; /* share of the legs' weight that it takes, 0-1 */
};

#define ELLIPSOIDS_ROWS  64 /* of 27 mm */
#define ELLIPSOIDS_COLS  32
#define ELLIPSOIDS_CELLS (ELLIPSOIDS_ROWS * ELLIPSOIDS_COLS)

/* The person, supine, head first: the mean pressure over each cell, kPa. Some ten ms. */
void ellipsoids_press(const struct ellipsoids_lying *lying, float *kpa);

#endif
