/*
 * Severe or lasting pain, as she entered it herself. It may have a cause that no mattress helps.
 *
 *	severe   the newest entry >= `severe`
 *	lasting  the newest entry and `days` of the last 30 nights' entries >= `lasting`, all of the
 *	         same person
 *
 * Limits: 7 once, 4 on 14 days: where the usual words for a 0-10 scale go from moderate to severe
 * and from mild to moderate. The only word is "see a doctor". A night without an entry is not
 * judged; it is neither pain nor its absence.
 */
#include "detect/finding.h"

#include <errno.h>
#include <stdio.h>

static const struct option_spec options[] = {
    {"severe", OPTION_INTEGER, "7", 1, 10, "", NULL, "one entry of this or more"},
    {"lasting", OPTION_INTEGER, "4", 1, 10, "", NULL, "entries of this or more ..."},
    {"days", OPTION_INTEGER, "14", 2, 30, "", NULL, "... on so many days of the last 30"},
    {.key = NULL},
};

struct pain_high {
	int severe, lasting, days;
};

static int pain_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct pain_high *rule = state;

	(void)surface;
	rule->severe = (int)options_integer(given, "severe");
	rule->lasting = (int)options_integer(given, "lasting");
	rule->days = (int)options_integer(given, "days");
	if (rule->severe >= rule->lasting)
		return 0;
	return error_set(err, -EINVAL, "lasting is %d, severe %d; give severe the greater number",
	    rule->lasting, rule->severe);
}

static struct event pain_event(const struct night_facts *night)
{
	struct event event = finding_of_night(night, 1);

	event.coverage_ratio = 1; /* her own word */
	event.unit = "of 10";
	return event;
}

static int days_with_pain(
    const struct pain_high *rule, const struct night_facts *nights, size_t n_nights)
{
	int days = 0;

	for (size_t i = night_first_comparable(nights, n_nights, ERA_BIT(PERSON)); i < n_nights;
	     i++)
		if (nights[i].pain >= rule->lasting &&
		    nights[n_nights - 1].day - nights[i].day < 30)
			days++;
	return days;
}

static void pain_judge(const void *state, const struct night_facts *nights, size_t n_nights,
    event_sink *sink, void *user)
{
	const struct pain_high *rule = state;

	if (n_nights == 0 || nights[n_nights - 1].pain < 0)
		return;
	const struct night_facts *night = &nights[n_nights - 1];
	struct event event = pain_event(night);
	int days = days_with_pain(rule, nights, n_nights);

	event.value = (float)night->pain;
	if (night->pain >= rule->severe) {
		event.limit = (float)rule->severe;
		phrase_sentence(&event.phrase, N_("You entered a pain of {pain} of 10."));
	} else if (night->pain >= rule->lasting && days >= rule->days) {
		event.limit = (float)rule->lasting;
		phrase_sentence(&event.phrase,
		    N_("You entered a pain of {pain} of 10, and of {lasting} or more on {days} of "
		       "the last 30 days."));
		phrase_count(&event.phrase, "lasting", (size_t)rule->lasting);
		phrase_count(&event.phrase, "days", (size_t)days);
	} else {
		return;
	}
	phrase_count(&event.phrase, "pain", (size_t)night->pain);
	finding_say(&detector_pain_high, &event, sink, user);
}

const struct detector detector_pain_high = {
    .name = "pain_high",
    .summary = "severe or lasting pain, as entered",
    .advice_id = "pain.doctor",
    .definition =
        "An entry of `severe` or more, or of `lasting` or more today and on `days` of the last 30 "
        "days. Mornings without an entry are not judged.",
    .options = options,
    .surfaces = 1U << SURFACE_BED | 1U << SURFACE_SEAT | 1U << SURFACE_STRIP,
    .state_size = sizeof(struct pain_high),
    .init = pain_init,
    .reset = finding_no_reset,
    .finish = finding_no_finish,
    .judge = pain_judge,
};
