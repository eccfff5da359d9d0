/*
 * A body of rigid links on foam: where does it come to rest, and what does it press there?
 * The body's underside is drawn part by part onto a fine grid; Newton's method finds the node
 * heights at which foam, weight and joints balance.
 */
#ifndef LUMBAR_DRIVERS_SIM_CONTACT_H
#define LUMBAR_DRIVERS_SIM_CONTACT_H

#include "base/error.h"
#include "drivers/sim/foam.h"

#include <stddef.h>

#define CONTACT_NODES_MAX 12

/*
 * One end of a stretch of the body's underside. x grows with the columns, y with the rows. The
 * cross-section is half a superellipse, half_width to each side and half_depth high.
 */
struct contact_rib {
	double x_m, y_m, half_width_m, half_depth_m;
	double lift_m; /* of the underside's lowest line above the line between the nodes */
	double along;  /* 0: at the link's first node, 1: at its second */
};

struct contact;

/* A fine grid of rows x cols cells. NULL with err filled: out of memory. */
struct contact *contact_create(size_t rows, size_t cols, double pitch_m, struct error *err);
void contact_destroy(struct contact *contact);

/* Takes everything away and starts with n_nodes nodes without weight. */
void contact_clear(struct contact *contact, size_t n_nodes);
void contact_add_weight(struct contact *contact, size_t node, double weight_n);

/* Node b bends between a and c: stiffness in N m per radian, spans in metres. */
struct contact_joint {
	size_t a, b, c;
	double ab_m, bc_m, stiffness_nm;
};
void contact_add_joint(struct contact *contact, const struct contact_joint *joint);

/* Draws the stretch between two ribs, which hangs on the link between two nodes. */
void contact_add_stretch(struct contact *contact, size_t first_node, size_t second_node,
    const struct contact_rib *from, const struct contact_rib *to);

/* Finds the balance; returns how many steps Newton took. */
int contact_solve(struct contact *contact, const struct foam *foam);

/* The pressure of each fine cell, Pa; the caller may work on it until the next solve. */
float *contact_pressure(struct contact *contact);

#endif
