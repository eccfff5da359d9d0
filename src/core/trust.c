#include "core/trust.h"

#include <math.h>
#include <stdio.h>

static const double day_s = 86400;

static double age_s(const struct trust_facts *facts)
{
	if (facts->made_real_ns == 0 || facts->now_real_ns == 0)
		return (double)NAN;
	return (double)(facts->now_real_ns - facts->made_real_ns) * 1e-9;
}

enum trust trust_judge(const struct trust_facts *facts)
{
	if (facts->unit != PRESSURE_MMHG)
		return TRUST_RELATIVE;
	if (facts->drift_ratio > TRUST_DRIFT_MOST)
		return TRUST_DRIFTED;
	return age_s(facts) > facts->age_limit_s ? TRUST_OLD : TRUST_GOOD;
}

const char *trust_words(
    const struct trust_facts *facts, const char *surface, char *text, size_t size)
{
	switch (trust_judge(facts)) {
	case TRUST_GOOD:
		snprintf(text, size, "%s", "");
		break;
	case TRUST_RELATIVE:
		snprintf(text, size,
		    "%s is not calibrated: pressures are relative units, percent of full scale; "
		    "lumbar calibrate %s makes a calibration",
		    surface, surface);
		break;
	case TRUST_OLD:
		snprintf(text, size,
		    "%s: the calibration is %.0f days old (limit %.0f): pressures may be wrong; "
		    "lumbar calibrate %s makes a new one",
		    surface, floor(age_s(facts) / day_s), facts->age_limit_s / day_s, surface);
		break;
	case TRUST_DRIFTED:
		snprintf(text, size,
		    "%s: the mat has drifted by %.0f %% of full scale since it was calibrated "
		    "(limit %.0f %%): pressures may be wrong; lumbar calibrate %s makes a new one",
		    surface, 100 * (double)facts->drift_ratio, 100 * (double)TRUST_DRIFT_MOST,
		    surface);
		break;
	}
	return text;
}
