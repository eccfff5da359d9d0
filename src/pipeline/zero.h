/*
 * The zero of a calibrated mat, and what may be believed of it.
 *
 * A zero that is wrong reads like a load that never moves and never breathes. A person may lie
 * still for long, but shows life when she comes, and again within the hour. So on a calibrated
 * mat somebody without a sign of life is "unknown", not a person,
 *
 *	- until the mat was seen empty, or a sign of life was seen, since the start;
 *	- when the load was no heavier half a minute before, while the mat counted as empty;
 *	- when less than a third of the load is left that somebody alive was: a dent of hers;
 *	- after an hour without any.
 *
 * While the mat is empty its zero is followed (calib/drift.h). What is wrong is said once, as a
 * technical event: rule "calibration" (old, drifted), "zero" (a load without life), "tare"
 * (the zero was moved by half a percent of full scale since it was last said).
 */
#ifndef LUMBAR_PIPELINE_ZERO_H
#define LUMBAR_PIPELINE_ZERO_H

#include "calib/calib.h"
#include "core/event.h"
#include "core/observation.h"
#include "core/trust.h"

struct zero {
	/* set by the owner, borrowed */
	const struct surface *surface;
	struct calib *calib;
	double age_limit_s;
	event_sink *sink;
	void *user;

	bool confirmed;      /* empty or alive, once */
	bool crept;          /* what lies there came without anybody coming */
	float alive_load;    /* the greatest of who was alive since the mat was empty */
	float empty_load;    /* the load while the mat last counted as empty */
	int64_t lifeless_ns; /* since then; 0: alive, or nothing there */
	int64_t doubted_ns;  /* since then somebody is made unknown; 0: not */
	bool doubt_said;
	enum trust trust_said; /* TRUST_GOOD: nothing */
	float tare_said_ratio;
	int64_t next_look_ns;
	int64_t last_ns;
};

/* One observation of a frame that could be judged: may take the person back from it. */
void zero_step(struct zero *zero, struct observation *observation);

/* A gap, or a frame that could not be judged. */
void zero_skip(struct zero *zero);

/* The end: what is under way is said. */
void zero_finish(struct zero *zero);

#endif
