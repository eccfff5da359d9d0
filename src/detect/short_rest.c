/*
 * Little rest. The article advises not to overwork and to rest enough.
 *
 *	day    lying_s < `limit` in 24 h, noon to noon
 *	rests  longest_rest_s < `rest` on `nights` nights running, the newest last, of one person
 *	       on one kind of mat
 *
 * Limits: 6 h, 2 h, 3 nights. Sleep after birth is 7.2 +-0.95 h in 24 h (docs/methods.md,
 * section 6); lying is more than sleep, so under 6 h of it is little for nearly everyone.
 * Time that is unknown might have been rest: it is added before either is judged, so a gap is
 * never held against her. A night with under half an hour on the bed was spent elsewhere.
 *
 * The sentence is kind and names feeds as feeds. Known failures: rest on a sofa or another bed.
 */
#include "detect/finding.h"

#include <stdio.h>

#define ELSEWHERE_S 1800

static const struct option_spec options[] = {
    {"limit", OPTION_NUMBER, "6 h", 3600, 24 * 3600, "s", NULL, "least lying in 24 hours"},
    {"rest", OPTION_NUMBER, "2 h", 600, 12 * 3600, "s", NULL, "least longest unbroken rest"},
    {"nights", OPTION_INTEGER, "3", 1, 14, "", NULL, "nights running of short rests"},
    {.key = NULL},
};

struct short_rest {
	float limit_s, rest_s;
	size_t nights;
};

static int rest_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct short_rest *rule = state;

	(void)surface;
	(void)err;
	rule->limit_s = (float)options_number(given, "limit");
	rule->rest_s = (float)options_number(given, "rest");
	rule->nights = (size_t)options_integer(given, "nights");
	return 0;
}

static bool slept_here(const struct night_facts *night)
{
	return night->lying_s >= ELSEWHERE_S;
}

static bool short_rests(
    const struct short_rest *rule, const struct night_facts *nights, size_t n_nights)
{
	size_t first = night_first_comparable(nights, n_nights, ERA_BIT(PERSON) | ERA_BIT(SENSE));

	if (n_nights - first < rule->nights)
		return false;
	for (size_t i = n_nights - rule->nights; i < n_nights; i++) {
		const struct night_facts *night = &nights[i];
		bool running = i + 1 == n_nights || night->day + 1 == nights[i + 1].day;

		if (!running || !slept_here(night) ||
		    !(night->longest_rest_s + night->unknown_s < rule->rest_s))
			return false;
	}
	return true;
}

/* What she did instead of resting, when it is known; and it is never her fault. */
static void end_kindly(struct phrase *phrase, const struct night_facts *night)
{
	if (night->feeds > 0)
		phrase_sentence_n(phrase, "There was {n} feed to do.",
		    "There were {n} feeds to do.", (size_t)night->feeds);
	phrase_sentence(phrase, N_("That is hard work."));
}

static void say_day(
    const struct short_rest *rule, const struct night_facts *night, event_sink *sink, void *user)
{
	struct event event = finding_of_night(night, 1);

	event.value = night->lying_s / 3600;
	event.limit = rule->limit_s / 3600;
	event.unit = "h";
	event.confidence = event.coverage_ratio;
	phrase_sentence(&event.phrase, N_("A short night: {length} of lying from noon to noon."));
	phrase_duration(&event.phrase, "length", (double)night->lying_s);
	end_kindly(&event.phrase, night);
	finding_say(&detector_short_rest, &event, sink, user);
}

static void say_rests(
    const struct short_rest *rule, const struct night_facts *night, event_sink *sink, void *user)
{
	struct event event = finding_of_night(night, 1);

	event.value = night->longest_rest_s / 3600;
	event.limit = rule->rest_s / 3600;
	event.unit = "h";
	event.confidence = event.coverage_ratio;
	phrase_sentence_n(&event.phrase,
	    "Rest in short pieces for {n} night: the longest was {length}.",
	    "Rest in short pieces for {n} nights: the longest of the last one was {length}.",
	    rule->nights);
	phrase_duration(&event.phrase, "length", (double)night->longest_rest_s);
	end_kindly(&event.phrase, night);
	finding_say(&detector_short_rest, &event, sink, user);
}

static void rest_judge(const void *state, const struct night_facts *nights, size_t n_nights,
    event_sink *sink, void *user)
{
	const struct short_rest *rule = state;

	if (n_nights == 0)
		return;
	const struct night_facts *night = &nights[n_nights - 1];
	if (slept_here(night) && night->lying_s + night->unknown_s < rule->limit_s)
		say_day(rule, night, sink, user);
	else if (short_rests(rule, nights, n_nights))
		say_rests(rule, night, sink, user);
}

const struct detector detector_short_rest = {
    .name = "short_rest",
    .summary = "little lying in 24 hours, or only short rests",
    .advice_id = "rest.enough",
    .definition =
        "Less than `limit` of lying from noon to noon, or no unbroken rest of `rest` on `nights` "
        "nights running. Unknown time is taken for rest, so a gap is never held against her; a "
        "night with under half an hour on the bed counts as spent elsewhere.",
    .options = options,
    .surfaces = 1U << SURFACE_BED | 1U << SURFACE_STRIP,
    .state_size = sizeof(struct short_rest),
    .init = rest_init,
    .reset = finding_no_reset,
    .finish = finding_no_finish,
    .judge = rest_judge,
};
