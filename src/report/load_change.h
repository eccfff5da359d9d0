/*
 * Whether somebody else may lie there, or the mat reads otherwise: the typical load of a night
 * against her usual one. A suspicion, never a break: it is said, and she decides.
 *
 *	usual  median of at least LOAD_NIGHTS_LEAST nights before the last two, of the same person, mat
 *	       and calibration (ERA_PERSON, ERA_GAIN), with 2 h of lying or more
 *	limit  |ln(load / usual)| > max(ln 1.25, 3 x 1.4826 x median |ln(load / usual)| of those nights)
 *
 * passed by this night and the one before it, on the same side. docs/methods.md, section 9 has the
 * figures. Pure.
 */
#ifndef LUMBAR_REPORT_LOAD_CHANGE_H
#define LUMBAR_REPORT_LOAD_CHANGE_H

#include "core/night.h"

#include <stdbool.h>
#include <stddef.h>

#define LOAD_NIGHTS_LEAST 4

struct load_change {
	float usual;       /* as night_facts.load; NAN: too few nights, and so are the next two */
	float ratio;       /* of this night to it */
	float limit_ratio; /* over it, or under 1 / limit_ratio, is unlike her */
	bool unlike;       /* this night and the one before */
};

/* nights: in the order of their days, this one last; n > 0. */
struct load_change load_change(const struct night_facts *nights, size_t n);

#endif
