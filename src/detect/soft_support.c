/*
 * A mattress that gives way under the waist. The article advises one that is not too soft.
 *
 *	index = (LVR of the night - reference) / 0.13        about halvings of the stiffness
 *	LVR   = median lumbar valley ratio over quiet supine time (body/support.h)
 *
 *	given reference (a few minutes on something firm): raised at >= `strong` on one night, or at
 *	        >= `limit` on `nights` of the last seven
 *	no reference: the median of her first `nights` nights stands in, so only a mattress that has
 *	        become softer is found, at >= `limit` on `nights` later ones of the last seven; and
 *	        an LVR over 0.70 on `nights` nights is soft on the absolute scale
 *
 * Only nights with `quiet` or more of quiet supine time count; the newest one must be among them.
 * Only nights of the same person on the same mat are compared, and with a reference that is no older
 * than either: one without a date is used only while nothing was exchanged. Until `nights` nights are
 * there again, that is said, as a technical event.
 * Without a reference 0.25-0.70 is inconclusive: between people LVR is 0.39 +-0.12, within one
 * person +-0.02, and half the stiffness adds 0.13. (At 0.60 one person-month in fifteen was flagged
 * on a good mattress, at 0.70 one in a hundred.) No clinical number for "too soft" exists
 * (docs/methods.md, section 1).
 *
 * Known failures: it turns round where foam bottoms out; knee pillows, arms beside the waist, a
 * tilted bed, weight gain (+15 %: +0.04). With the usual 30 nights of facts the first nights move
 * along after a month: give a reference.
 */
#include "detect/finding.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define RATIO_PER_HALVING 0.13F /* measured on simulated bodies: 0.12-0.14 within a person */
#define ABSOLUTE_SOFT     0.70F
#define RECENT_DAYS       7

static const struct option_spec options[] = {
    {"reference_valley_ratio", OPTION_NUMBER, "0", 0, 1, "ratio", NULL,
        "her valley ratio on something firm; 0: none, the first nights stand in"},
    {"reference_date", OPTION_DATE, "", 0, 0, "", NULL,
        "when that was measured, as 2026-07-25: it is not used for another person or mat"},
    {"limit", OPTION_NUMBER, "1", 0.2, 5, "", NULL, "softness index on several nights"},
    {"strong", OPTION_NUMBER, "1.5", 0.2, 5, "", NULL,
        "softness index on one night, against a given reference"},
    {"nights", OPTION_INTEGER, "3", 1, RECENT_DAYS, "", NULL, "how many nights are several"},
    {"quiet", OPTION_NUMBER, "60 min", 300, 12 * 3600, "s", NULL,
        "quiet time on the back that a night needs"},
    {.key = NULL},
};

struct soft_support {
	float reference_ratio; /* 0: none given */
	int32_t reference_day; /* 0: not dated */
	float limit, strong, quiet_s;
	size_t nights;
};

static int soft_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct soft_support *rule = state;

	(void)surface;
	rule->reference_ratio = (float)options_number(given, "reference_valley_ratio");
	rule->reference_day = (int32_t)options_integer(given, "reference_date");
	rule->limit = (float)options_number(given, "limit");
	rule->strong = (float)options_number(given, "strong");
	rule->nights = (size_t)options_integer(given, "nights");
	rule->quiet_s = (float)options_number(given, "quiet");
	if (rule->strong >= rule->limit)
		return 0;
	return error_set(err, -EINVAL, "strong is %g, limit %g; give strong the greater index",
	    (double)rule->strong, (double)rule->limit);
}

static bool measured(const struct soft_support *rule, const struct night_facts *night)
{
	return isfinite(night->valley_ratio) && night->quiet_supine_s >= rule->quiet_s;
}

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

/* The median of the first measured nights; *after is the index of the night that follows them. */
static float first_nights(const struct soft_support *rule, const struct night_facts *nights,
    size_t n_nights, size_t *after)
{
	float ratios[RECENT_DAYS];
	size_t n = 0, i = 0;

	for (; i < n_nights && n < rule->nights; i++)
		if (measured(rule, &nights[i]))
			ratios[n++] = nights[i].valley_ratio;
	*after = i;
	if (n < rule->nights)
		return NAN;
	qsort(ratios, n, sizeof(ratios[0]), compare);
	return (ratios[(n - 1) / 2] + ratios[n / 2]) / 2;
}

/* How many measured nights of the last week, from `from` on, reach the ratio. */
static size_t nights_over(const struct soft_support *rule, const struct night_facts *nights,
    size_t from, size_t n_nights, float ratio)
{
	size_t count = 0;

	for (size_t i = from; i < n_nights; i++)
		if (measured(rule, &nights[i]) && nights[i].valley_ratio >= ratio &&
		    nights[n_nights - 1].day - nights[i].day < RECENT_DAYS)
			count++;
	return count;
}

static void say_index(const struct night_facts *night, float reference, float limit, bool given,
    event_sink *sink, void *user)
{
	struct event event = finding_of_night(night, 1);

	event.value = (night->valley_ratio - reference) / RATIO_PER_HALVING;
	event.limit = limit;
	event.unit = "index";
	phrase_sentence(&event.phrase,
	    given ? N_("The waist was filled more than on your reference: valley {valley} against "
	               "{reference} in {quiet} quiet on the back, a softness index of {index}.")
	          : N_("The waist was filled more than on your first nights: valley {valley} "
	               "against {reference} in {quiet} quiet on the back, a softness index of "
	               "{index}."));
	phrase_number(&event.phrase, "valley", (double)night->valley_ratio, 2);
	phrase_number(&event.phrase, "reference", (double)reference, 2);
	phrase_duration(&event.phrase, "quiet", (double)night->quiet_supine_s);
	phrase_number(&event.phrase, "index", (double)event.value, 1);
	finding_say(&detector_soft_support, &event, sink, user);
}

static void say_absolute(const struct night_facts *night, event_sink *sink, void *user)
{
	struct event event = finding_of_night(night, 1);

	event.value = night->valley_ratio;
	event.limit = ABSOLUTE_SOFT;
	event.unit = "ratio";
	phrase_sentence(&event.phrase,
	    N_("The waist was nearly filled: valley {valley} in {quiet} quiet on the back."));
	phrase_number(&event.phrase, "valley", (double)night->valley_ratio, 2);
	phrase_duration(&event.phrase, "quiet", (double)night->quiet_supine_s);
	phrase_sentence(&event.phrase, N_("There is no reference of your own yet."));
	finding_say(&detector_soft_support, &event, sink, user);
}

static void judge_given(const struct soft_support *rule, const struct night_facts *nights,
    size_t n_nights, event_sink *sink, void *user)
{
	const struct night_facts *night = &nights[n_nights - 1];
	float reference = rule->reference_ratio;
	float soft = reference + rule->limit * RATIO_PER_HALVING;

	if (night->valley_ratio >= reference + rule->strong * RATIO_PER_HALVING)
		say_index(night, reference, rule->strong, true, sink, user);
	else if (night->valley_ratio >= soft &&
	         nights_over(rule, nights, 0, n_nights, soft) >= rule->nights)
		say_index(night, reference, rule->limit, true, sink, user);
}

/* Whether it was found to be soft. */
static bool judge_own(const struct soft_support *rule, const struct night_facts *nights,
    size_t n_nights, event_sink *sink, void *user)
{
	const struct night_facts *night = &nights[n_nights - 1];
	size_t after;
	float reference = first_nights(rule, nights, n_nights, &after);
	float soft = reference + rule->limit * RATIO_PER_HALVING;

	if (night->valley_ratio >= soft &&
	    nights_over(rule, nights, after, n_nights, soft) >= rule->nights)
		say_index(night, reference, rule->limit, false, sink, user);
	else if (night->valley_ratio > ABSOLUTE_SOFT &&
	         nights_over(rule, nights, 0, n_nights, ABSOLUTE_SOFT) >= rule->nights)
		say_absolute(night, sink, user);
	else
		return false;
	return true;
}

/* A reference holds for the person and the mat that it was measured of. */
static bool reference_holds(const struct soft_support *rule, const struct night_facts *night)
{
	int32_t since = night->era_day[ERA_PERSON] > night->era_day[ERA_MAT]
	                    ? night->era_day[ERA_PERSON]
	                    : night->era_day[ERA_MAT];

	return rule->reference_ratio > 0 &&
	       (since == 0 || (rule->reference_day != 0 && rule->reference_day >= since));
}

/* After a break: what cannot be compared, and why; nothing while there never was one. */
static void say_what_is_missing(const struct soft_support *rule, const struct night_facts *nights,
    size_t n_nights, event_sink *sink, void *user)
{
	const struct night_facts *night = &nights[n_nights - 1];
	struct event event = finding_of_night(night, 1);
	size_t n_measured = 0;

	for (size_t i = 0; i < n_nights; i++)
		n_measured += measured(rule, &nights[i]);
	if (night->era_day[ERA_PERSON] == 0 && night->era_day[ERA_MAT] == 0)
		return;
	if (n_measured >= rule->nights && rule->reference_ratio <= 0)
		return;
	event.level = EVENT_TECHNICAL;
	event.value = (float)n_measured;
	event.limit = (float)rule->nights;
	event.unit = "nights";
	if (rule->reference_ratio > 0)
		phrase_sentence(&event.phrase,
		    N_("The reference in the settings is of another mat or person, or not dated, "
		       "and is not used."));
	if (n_measured < rule->nights) {
		phrase_sentence(&event.phrase,
		    N_("Support: there is no reference of you on this mat yet, {count} of "
		       "{nights} nights are there."));
		phrase_count(&event.phrase, "nights", rule->nights);
		phrase_count(&event.phrase, "count", n_measured);
	}
	finding_say(&detector_soft_support, &event, sink, user);
}

static void soft_judge(const void *state, const struct night_facts *nights, size_t n_nights,
    event_sink *sink, void *user)
{
	const struct soft_support *rule = state;

	if (n_nights == 0 || !measured(rule, &nights[n_nights - 1]))
		return;
	size_t first = night_first_comparable(nights, n_nights, ERA_BIT(PERSON) | ERA_BIT(MAT));
	nights += first;
	n_nights -= first;
	if (reference_holds(rule, &nights[n_nights - 1]))
		judge_given(rule, nights, n_nights, sink, user);
	else if (!judge_own(rule, nights, n_nights, sink, user))
		say_what_is_missing(rule, nights, n_nights, sink, user);
}

const struct detector detector_soft_support = {
    .name = "soft_support",
    .summary = "a mattress that gives way under the waist",
    .advice_id = "mattress.firm",
    .definition =
        "Softness index = (median lumbar valley ratio of the night - reference) / 0.13, about "
        "halvings of the stiffness. Raised at `strong` on one night against a given reference, at "
        "`limit` on `nights` of a week against it or against her own first nights. Only nights "
        "with `quiet` of quiet time on the back count, and only those of the same person on the "
        "same mat. Without any reference 0.25-0.70 is "
        "inconclusive. Fails where foam bottoms out, and with pillows under knees or waist.",
    .options = options,
    .surfaces = 1U << SURFACE_BED,
    .state_size = sizeof(struct soft_support),
    .init = soft_init,
    .reset = finding_no_reset,
    .finish = finding_no_finish,
    .judge = soft_judge,
};
