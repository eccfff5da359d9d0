/* The simulated body's measures: tables of ribs for each posture, in shares of the height. */
#ifndef LUMBAR_DRIVERS_SIM_ANATOMY_H
#define LUMBAR_DRIVERS_SIM_ANATOMY_H

#include <stddef.h>

/* The nodes along the body, and the mass of the links between them (docs/methods.md, 7). */
#define ANATOMY_NODES 7
extern const double anatomy_node_ratio[ANATOMY_NODES];
extern const double anatomy_link_mass_ratio[ANATOMY_NODES - 1];

/*
 * Arms hang on nodes of their own, two each. Their share of the thorax's mass: half of what two
 * arms weigh (9 %, de Leva 1996) lies beside the body, the rest is carried by the shoulders.
 */
#define ANATOMY_ARM_MASS_RATIO 0.0225

enum anatomy_part { PART_TRUNK, PART_LEG, PART_TOP_LEG, PART_ARM, PART_TOP_ARM };

/*
 * One rib. Ribs of a part follow each other from head to foot; `new_part` starts anew. station:
 * place along the nodes (trunk and legs), or 0-1 along an arm. x: sideways, supine and prone
 * outwards, on the side towards the front. All but the lift in shares of the height.
 */
struct anatomy_rib {
	enum anatomy_part part;
	int new_part;
	double station, y, x, half_width, half_depth;
	double lift_mm;      /* underside above the straight line of the nodes */
	double lumbar_ratio; /* share of the person's own lumbar lift that comes on top */
};

struct anatomy {
	const struct anatomy_rib *ribs;
	size_t n_ribs;
	int paired; /* legs and arms are drawn twice, mirrored */
};

extern const struct anatomy anatomy_supine, anatomy_side, anatomy_prone;

#endif
