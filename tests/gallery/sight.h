/* What a mat sees of a designed night, second by second. */
#ifndef LUMBAR_TESTS_SIGHT_H
#define LUMBAR_TESTS_SIGHT_H

#include "player.h"
#include "poses.h"

#include "core/observation.h"

/* Borrowed, all of it. */
struct sight {
	const struct night_plan *plan;
	const struct run *run;
	const struct surface *surface;
	const struct poses *poses;
	enum pressure_unit unit;
};

/* Real time: as it is, and as the machine's clock says, 0: nothing yet. */
int64_t sight_true_ns(const struct night_plan *plan, int64_t mono_ns);
int64_t sight_clock_ns(const struct night_plan *plan, const struct run *run, int64_t mono_ns);

/* How she lies or sits in the second that ends at mono_ns; NULL: nobody is there. */
const struct pose *sight_pose(const struct sight *sight, int64_t mono_ns);

/* What is seen in that second. False: there is no frame. */
bool sight_see(const struct sight *sight, int64_t mono_ns, struct observation *o);

#endif
