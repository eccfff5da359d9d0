/*
 * Whether pressures can be trusted: what is said, in the same words, by the status, the report and
 * the technical finding.
 */
#ifndef LUMBAR_CORE_TRUST_H
#define LUMBAR_CORE_TRUST_H

#include "core/image.h"
#include "core/phrase.h"

#include <stddef.h>
#include <stdint.h>

/* The zero may wander so far from the calibrated one, of full scale, as a mean over the cells; more
 * than a tenth of what a body makes there. A starting point of our own. */
#define TRUST_DRIFT_MOST 0.05f

enum trust {
	TRUST_GOOD,
	TRUST_RELATIVE, /* not calibrated */
	TRUST_OLD,
	TRUST_DRIFTED,
};

struct trust_facts {
	enum pressure_unit unit;
	int64_t made_real_ns; /* 0: not known */
	int64_t now_real_ns;  /* 0: not known */
	double age_limit_s;   /* NAN: none */
	float drift_ratio;    /* NAN: not known */
};

enum trust trust_judge(const struct trust_facts *facts);

/* What it is and what to do, into an empty phrase; nothing when it is good. surface: its name. */
enum trust trust_phrase(
    const struct trust_facts *facts, const char *surface, struct phrase *phrase);

#endif
