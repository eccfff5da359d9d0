#include "pipeline/zero.h"

#include "base/clock.h"

#include <math.h>

static const int64_t lifeless_most_ns = NS_PER_H; /* twitches: 5-15 an hour, methods.md, 6 */
static const int64_t doubt_said_ns = 10 * NS_PER_MIN;
static const int64_t look_ns = NS_PER_MIN;
static const float crept_times = 2; /* who comes brings ten times what lay there before */
static const float dent_share = 0.33f;
static const float tare_said_least = 0.005f;

static void say(struct zero *zero, const char *rule, int64_t start_ns, int64_t end_ns,
    const struct phrase *phrase)
{
	double seconds = (double)(end_ns - start_ns) / (double)NS_PER_S;
	struct event event = {
	    .rule = rule,
	    .advice_id = "",
	    .level = EVENT_TECHNICAL,
	    .start_ns = start_ns,
	    .end_ns = end_ns,
	    .value = end_ns > start_ns ? (float)seconds : NAN,
	    .limit = NAN,
	    .unit = "s",
	    .coverage_ratio = 1,
	    .confidence = 1,
	    .phrase = *phrase,
	};

	phrase_say(phrase->text, NULL, event.detail, sizeof(event.detail));
	if (zero->sink)
		zero->sink(zero->user, &event);
}

/* ---- a load without life ---------------------------------------------------------------------- */

static void say_doubt(struct zero *zero, int64_t end_ns)
{
	struct phrase phrase = {0};

	phrase_sentence(
	    &phrase, N_("On the mat \"{surface}\" something reads like a person but shows no life: "
	                "if nobody "
	                "lies there, its zero is wrong and it must be calibrated anew."));
	phrase_text(&phrase, "surface", zero->surface->name);
	say(zero, "zero", zero->doubted_ns, end_ns, &phrase);
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

static void say_tare(struct zero *zero, int64_t now_ns)
{
	struct phrase phrase = {0};

	phrase_sentence(&phrase, N_("While the mat \"{surface}\" was empty its zero was moved; it "
	                            "is now {drift} % of full "
	                            "scale from the calibrated one."));
	phrase_text(&phrase, "surface", zero->surface->name);
	phrase_number(&phrase, "drift", 100 * (double)zero->tare_said_ratio, 1);
	say(zero, "tare", now_ns, now_ns, &phrase);
}

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
	struct phrase phrase = {0};
	enum trust trust = trust_phrase(&facts, zero->surface->name, &phrase);

	/* Who runs an uncalibrated mat has not made a mistake: whoever keeps a store says it. */
	if (trust != zero->trust_said && (trust == TRUST_OLD || trust == TRUST_DRIFTED))
		say(zero, "calibration", o->mono_ns, o->mono_ns, &phrase);
	zero->trust_said = trust;
	if (fabsf(facts.drift_ratio - zero->tare_said_ratio) >= tare_said_least) {
		zero->tare_said_ratio = facts.drift_ratio;
		say_tare(zero, o->mono_ns);
	}
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
