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

enum trust trust_phrase(const struct trust_facts *facts, const char *surface, struct phrase *phrase)
{
	enum trust trust = trust_judge(facts);

	switch (trust) {
	case TRUST_GOOD:
		return trust;
	case TRUST_RELATIVE:
		phrase_sentence(phrase,
		    N_("The mat \"{surface}\" is not calibrated: pressures are percent of full "
		       "scale, not mmHg."));
		break;
	case TRUST_OLD:
		phrase_sentence(phrase,
		    N_("The calibration of the mat \"{surface}\" is {age} days old, the limit is "
		       "{limit}: pressures may be wrong."));
		phrase_number(phrase, "age", floor(age_s(facts) / day_s), 0);
		phrase_number(phrase, "limit", facts->age_limit_s / day_s, 0);
		break;
	case TRUST_DRIFTED:
		phrase_sentence(phrase,
		    N_("The mat \"{surface}\" has drifted by {drift} % of full scale since it was "
		       "calibrated, the limit is {limit} %: pressures may be wrong."));
		phrase_number(phrase, "drift", 100 * (double)facts->drift_ratio, 0);
		phrase_number(phrase, "limit", 100 * (double)TRUST_DRIFT_MOST, 0);
		break;
	}
	phrase_text(phrase, "surface", surface);
	phrase_sentence(phrase, N_("To calibrate it: {command}"));
	char command[SURFACE_NAME_SIZE + 20];
	snprintf(command, sizeof(command), "lumbar calibrate %s", surface);
	phrase_text(phrase, "command", command);
	return trust;
}
