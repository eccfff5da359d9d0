#include "pipeline/zero.h"

#include "base/clock.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static const int64_t lifeless_most_ns = NS_PER_H; /* twitches: 5-15 an hour, methods.md, 6 */
static const int64_t doubt_said_ns = 10 * NS_PER_MIN;
static const int64_t look_ns = NS_PER_MIN;
static const float crept_times = 2; /* who comes brings ten times what lay there before */
static const float dent_share = 0.33f;
static const float tare_said_least = 0.005f;

static void __attribute__((format(printf, 6, 7))) say(struct zero *zero, const char *rule,
    int64_t start_ns, int64_t end_ns, float value, const char *format, ...)
{
	struct event event = {
	    .rule = rule,
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = start_ns,
	    .end_ns = end_ns,
	    .value = value,
	    .limit = NAN,
	    .unit = isnan(value) ? "" : "s",
	    .coverage_ratio = 1,
	    .confidence = 1,
	};
	va_list args;

	va_start(args, format);
	vsnprintf(event.detail, sizeof(event.detail), format, args);
	va_end(args);
	if (zero->sink)
		zero->sink(zero->user, &event);
}

/* ---- a load without life ---------------------------------------------------------------------- */

static void say_doubt(struct zero *zero, int64_t end_ns)
{
	int64_t start_ns = zero->doubted_ns;
	double seconds = (double)(end_ns - start_ns) / (double)NS_PER_S;

	say(zero, "zero", start_ns, end_ns, end_ns > start_ns ? (float)seconds : NAN,
	    "%s: something reads like a person but shows no life: if nobody lies there the zero is "
	    "wrong; lumbar calibrate %s makes it anew",
	    zero->surface->name, zero->surface->name);
}

static void end_doubt(struct zero *zero)
{
	if (zero->doubt_said)
		say_doubt(zero, zero->last_ns);
	zero->doubted_ns = 0;
	zero->doubt_said = false;
}

static void doubt(struct zero *zero, struct observation *o)
{
	if (zero->doubted_ns == 0)
		zero->doubted_ns = o->mono_ns;
	if (!zero->doubt_said && o->mono_ns - zero->doubted_ns >= doubt_said_ns) {
		say_doubt(zero, zero->doubted_ns);
		zero->doubt_said = true;
	}
	observation_doubt(o);
}

static bool is_doubtful(const struct zero *zero, const struct observation *o)
{
	return !zero->confirmed || zero->crept || o->load < dent_share * zero->alive_load ||
	       o->mono_ns - zero->lifeless_ns > lifeless_most_ns;
}

static void look_for_life(struct zero *zero, struct observation *o)
{
	bool person = o->occupancy == OCCUPANCY_PERSON, empty = o->occupancy == OCCUPANCY_EMPTY;

	if (empty || o->alive) {
		zero->confirmed = true;
		zero->crept = false;
		zero->lifeless_ns = 0;
		end_doubt(zero);
	}
	if (empty) {
		zero->empty_load = o->load;
		zero->alive_load = 0;
	}
	if (person && o->alive)
		zero->alive_load = fmaxf(zero->alive_load, o->load);
	if (!person || o->alive)
		return;
	if (zero->lifeless_ns == 0) {
		zero->lifeless_ns = o->mono_ns;
		zero->crept = zero->confirmed && o->load < crept_times * zero->empty_load;
	}
	if (is_doubtful(zero, o))
		doubt(zero, o);
}

/* ---- what is said of the calibration ---------------------------------------------------------- */

static void look_at_calibration(struct zero *zero, const struct observation *o)
{
	const struct calibration *calibration = calib_in_force(zero->calib);
	struct trust_facts facts = {
	    .unit = calibration->unit,
	    .made_real_ns = calibration->made_real_ns,
	    .now_real_ns = o->real_ns,
	    .age_limit_s = zero->age_limit_s,
	    .drift_ratio = calib_drift_ratio(zero->calib),
	};
	enum trust trust = trust_judge(&facts);
	char words[EVENT_DETAIL_SIZE];

	/* Who runs an uncalibrated mat has not made a mistake: whoever keeps a store says it. */
	if (trust != zero->trust_said && (trust == TRUST_OLD || trust == TRUST_DRIFTED))
		say(zero, "calibration", o->mono_ns, o->mono_ns, NAN, "%s",
		    trust_words(&facts, zero->surface->name, words, sizeof(words)));
	zero->trust_said = trust;
	if (fabsf(facts.drift_ratio - zero->tare_said_ratio) < tare_said_least ||
	    isnan(facts.drift_ratio))
		return;
	say(zero, "tare", o->mono_ns, o->mono_ns, NAN,
	    "%s: while it was empty its zero was moved; it is now %.1f %% of full scale from the "
	    "calibrated one",
	    zero->surface->name, 100 * (double)facts.drift_ratio);
	zero->tare_said_ratio = facts.drift_ratio;
}

/* ------------------------------------------------------------------------------------------------ */

void zero_step(struct zero *zero, struct observation *o)
{
	zero->last_ns = o->mono_ns;
	if (o->sense != SENSE_SHAPE)
		return;
	if (o->unit == PRESSURE_MMHG && o->kind != SURFACE_STRIP)
		look_for_life(zero, o);
	calib_follow(zero->calib, o->occupancy == OCCUPANCY_EMPTY);
	if (o->mono_ns < zero->next_look_ns)
		return;
	zero->next_look_ns = o->mono_ns + look_ns;
	look_at_calibration(zero, o);
}

void zero_skip(struct zero *zero)
{
	calib_follow(zero->calib, false);
	end_doubt(zero);
	zero->lifeless_ns = 0;
}

void zero_finish(struct zero *zero)
{
	end_doubt(zero);
}
