#include "pipeline/keyframes.h"

#include "base/clock.h"

#include <stddef.h>

static const double settle_s = 300, hour_s = 3600;
static const int64_t apart_ns = 10 *
                                NS_PER_MIN; /* shifts in quick succession are one restlessness */

static const char *choose(const struct keyframes *keyframes, const struct observation *o)
{
	bool apart = keyframes->last_ns == 0 || o->mono_ns - keyframes->last_ns >= apart_ns;

	if (o->shift && apart)
		return "shift";
	if (keyframes->kept_at_s == 0)
		return keyframes->quiet_s >= settle_s ? "hourly" : NULL;
	return keyframes->quiet_s - keyframes->kept_at_s >= hour_s ? "hourly" : NULL;
}

const char *keyframes_step(struct keyframes *keyframes, const struct observation *o)
{
	if (o->technical != TECHNICAL_NONE || o->occupancy != OCCUPANCY_PERSON)
		return NULL;
	if (o->moving && !o->shift)
		return NULL;
	keyframes->quiet_s += (double)o->dt_s;
	const char *reason = choose(keyframes, o);
	if (reason) {
		keyframes->last_ns = o->mono_ns;
		keyframes->kept_at_s = keyframes->quiet_s;
	}
	return reason;
}
