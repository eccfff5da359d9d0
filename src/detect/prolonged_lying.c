/*
 * In bed by day, and in bed for most of 24 hours. The article advises not to stay in bed.
 *
 *	frames  between `day_from` and `day_to` o'clock, in bed (lying or on its edge) for more than
 *	        `limit` with no `break` or longer out of it; the stretch begins at `day_from` for
 *	        someone who is still in bed then
 *	nights  lying_s > `total` of 24 h, noon to noon
 *
 * Limits: 2 h without 5 min up; 14 h of 24. No trial gives a number; NHS and RCOG ask for moving
 * about after birth, because a blood clot is likelier in weeks 0-6 (docs/methods.md, section 6).
 * Without a clock the hour is not known, and time by day is not assessed.
 *
 * Known failures: up and about cannot be told from another bed or a sofa without a mat; a heavy
 * thing left on the bed is told from a person only by breathing and movement.
 */
#include "detect/finding.h"

#include "base/clock.h"

#include <errno.h>
#include <stdio.h>

static const struct option_spec options[] = {
    {"limit", OPTION_NUMBER, "2 h", 600, 24 * 3600, "s", NULL, "longest time in bed by day"},
    {"break", OPTION_NUMBER, "5 min", 1, 3600, "s", NULL, "time up that counts as a break"},
    {"day_from", OPTION_INTEGER, "7", 0, 23, "", NULL, "the day begins at this hour"},
    {"day_to", OPTION_INTEGER, "21", 1, 24, "", NULL, "the day ends at this hour"},
    {"total", OPTION_NUMBER, "14 h", 3600, 24 * 3600, "s", NULL, "longest lying in 24 hours"},
    {.key = NULL},
};

struct prolonged_lying {
	struct lasting in_bed;
	long day_from, day_to;
	float total_s;
};

static int lying_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct prolonged_lying *rule = state;

	(void)surface;
	rule->in_bed.limit_s = (float)options_number(given, "limit");
	rule->in_bed.release_s = (float)options_number(given, "break");
	rule->day_from = options_integer(given, "day_from");
	rule->day_to = options_integer(given, "day_to");
	rule->total_s = (float)options_number(given, "total");
	if (rule->day_from < rule->day_to)
		return 0;
	return error_set(err, -EINVAL,
	    "the day would begin at %ld and end at %ld; give day_from the earlier hour",
	    rule->day_from, rule->day_to);
}

static void say(const struct prolonged_lying *rule, event_sink *sink, void *user)
{
	struct event event = lasting_event(&rule->in_bed);

	event.level = EVENT_ADVICE;
	event.value = lasting_length_s(&rule->in_bed) / 60;
	event.limit = rule->in_bed.limit_s / 60;
	event.unit = "min";
	phrase_sentence(
	    &event.phrase, N_("In bed by day for {length}{when}, without {break} out of it."));
	phrase_duration(&event.phrase, "length", (double)lasting_length_s(&rule->in_bed));
	lasting_say_when(&rule->in_bed, &event.phrase);
	phrase_duration(&event.phrase, "break", (double)rule->in_bed.release_s);
	finding_say(&detector_prolonged_lying, &event, sink, user);
}

static bool by_day(const struct prolonged_lying *rule, const struct observation *o)
{
	int32_t hour = clock_second_of_day(o->real_ns, o->utc_offset_s) / 3600;

	return hour >= rule->day_from && hour < rule->day_to;
}

static void lying_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct prolonged_lying *rule = state;
	bool say_now;

	if (o->real_ns != 0 && !by_day(rule, o))
		say_now = lasting_end(&rule->in_bed);
	else
		say_now = lasting_step(&rule->in_bed, o,
		    o->real_ns ? finding_in_bed(o) : HOLDS_UNKNOWN, o->occupancy_confidence);
	if (say_now)
		say(rule, sink, user);
}

static void lying_reset(void *state)
{
	lasting_clear(&((struct prolonged_lying *)state)->in_bed);
}

static void lying_finish(void *state, event_sink *sink, void *user)
{
	struct prolonged_lying *rule = state;

	if (lasting_end(&rule->in_bed))
		say(rule, sink, user);
}

static void lying_judge(const void *state, const struct night_facts *nights, size_t n_nights,
    event_sink *sink, void *user)
{
	const struct prolonged_lying *rule = state;

	if (n_nights == 0)
		return;
	const struct night_facts *night = &nights[n_nights - 1];
	if (!(night->lying_s > rule->total_s))
		return;
	struct event event = finding_of_night(night, 1);
	event.value = night->lying_s / 3600;
	event.limit = rule->total_s / 3600;
	event.unit = "h";
	phrase_sentence(&event.phrase, N_("Lay for {length} from noon to noon."));
	phrase_duration(&event.phrase, "length", (double)night->lying_s);
	finding_say(&detector_prolonged_lying, &event, sink, user);
}

const struct detector detector_prolonged_lying = {
    .name = "prolonged_lying",
    .summary = "in bed by day, or for most of 24 hours",
    .advice_id = "lying.not_all_day",
    .definition =
        "In bed between `day_from` and `day_to` o'clock for more than `limit` without `break` out "
        "of it, or lying for more than `total` from noon to noon. Without a clock time by day is "
        "not assessed. Fails for a bed that has no mat: it looks like being up.",
    .options = options,
    .surfaces = 1U << SURFACE_BED | 1U << SURFACE_STRIP,
    .state_size = sizeof(struct prolonged_lying),
    .init = lying_init,
    .step = lying_step,
    .reset = lying_reset,
    .finish = lying_finish,
    .judge = lying_judge,
};
