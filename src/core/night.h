/*
 * The facts of one night: what rules over several nights and the report judge. A night carries
 * the date on which it ends and lasts from noon to noon, local time, so that every hour belongs
 * to exactly one night and a feed at three does not end it.
 */
#ifndef LUMBAR_CORE_NIGHT_H
#define LUMBAR_CORE_NIGHT_H

#include "core/observation.h"

#include <stdint.h>

struct night_facts {
	int32_t day;              /* the date on which it ends, days since 1970-01-01 local */
	int64_t start_ns, end_ns; /* real time of the two noons, UTC */
	int32_t utc_offset_s;
	float bed_observed_s; /* of 24 h; what is missing is unknown, not empty */
	float lying_s;        /* on the bed, edge not counted */
	float sitting_s;      /* on a seat, or on the bed's edge */
	float away_s;         /* bed and seats observed, and nobody on any */
	float unknown_s;      /* 24 h less all of the above; of a running night: up to now */
	float posture_s[POSTURE_COUNT];
	float longest_rest_s;      /* longest lying without an absence of 60 s or more */
	float longest_unchanged_s; /* longest lying without a posture shift */
	int exits; /* leaving the bed for 60 s or more, between the first and last lying */
	int feeds; /* seat sessions of 5 min or more */
	float feed_s;
	int shifts;
	float valley_ratio; /* median over quiet supine time, NAN: none */
	float quiet_supine_s;
	int pain; /* 0-10, the morning's entry; -1: none */
};

#endif
