/*
 * Lying on the front. The article advises the back or the side.
 *
 *	frames  prone for more than `limit` unbroken; anything else for 30 s ends it
 *	nights  prone_s / lying_s > `share`, of nights with 2 h of lying or more
 *
 * Limits: 10 min; 10 % of the night, where 7 +-12 % is usual (docs/methods.md, sections 2 and 6).
 * Confidence: the share of the stretch that was observed, times the posture's own confidence. In
 * the share of a night unknown postures count as not prone, so it is a lower bound.
 *
 * Known failures: on a mat whose model has seen few prone maps supine and prone are confused; then
 * the posture is "unknown" and nothing is raised. A child lying on the bed alone is not told from
 * her by the map's shape, only by load.
 */
#include "detect/finding.h"

#include <stdio.h>

#define RELEASE_S   30
#define NIGHT_MIN_S (2 * 3600)

static const struct option_spec options[] = {
    {"limit", OPTION_NUMBER, "10 min", 60, 12 * 3600, "s", NULL, "longest time unbroken"},
    {"share", OPTION_NUMBER, "10 %", 0.01, 1, "ratio", NULL, "largest share of a night's lying"},
    {.key = NULL},
};

struct prone {
	struct lasting front;
	float share_ratio;
};

static int prone_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct prone *prone = state;

	(void)surface;
	(void)err;
	prone->front.limit_s = (float)options_number(given, "limit");
	prone->front.release_s = RELEASE_S;
	prone->share_ratio = (float)options_number(given, "share");
	return 0;
}

static void say(const struct prone *prone, event_sink *sink, void *user)
{
	struct event event = lasting_event(&prone->front);

	event.level = EVENT_ADVICE;
	event.value = lasting_length_s(&prone->front) / 60;
	event.limit = prone->front.limit_s / 60;
	event.unit = "min";
	phrase_sentence(&event.phrase, N_("Lay on the front for {length}{when}."));
	phrase_duration(&event.phrase, "length", (double)lasting_length_s(&prone->front));
	lasting_say_when(&prone->front, &event.phrase);
	finding_say(&detector_prone, &event, sink, user);
}

static enum holds on_front(const struct observation *o)
{
	if (finding_in_bed(o) == HOLDS_YES && o->posture == POSTURE_UNKNOWN)
		return HOLDS_UNKNOWN;
	if (finding_in_bed(o) == HOLDS_YES && o->posture == POSTURE_PRONE)
		return HOLDS_YES;
	return finding_in_bed(o) == HOLDS_UNKNOWN ? HOLDS_UNKNOWN : HOLDS_NO;
}

static void prone_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct prone *prone = state;

	if (lasting_step(&prone->front, o, on_front(o), o->posture_confidence))
		say(prone, sink, user);
}

static void prone_reset(void *state)
{
	lasting_clear(&((struct prone *)state)->front);
}

static void prone_finish(void *state, event_sink *sink, void *user)
{
	struct prone *prone = state;

	if (lasting_end(&prone->front))
		say(prone, sink, user);
}

static void prone_judge(const void *state, const struct night_facts *nights, size_t n_nights,
    event_sink *sink, void *user)
{
	const struct prone *prone = state;

	if (n_nights == 0)
		return;
	const struct night_facts *night = &nights[n_nights - 1];
	if (!(night->lying_s >= NIGHT_MIN_S))
		return;
	float front_s = night->posture_s[POSTURE_PRONE], share = front_s / night->lying_s;
	float known = 1 - night->posture_s[POSTURE_UNKNOWN] / night->lying_s;
	if (!(share > prone->share_ratio))
		return;
	struct event event = finding_of_night(night, known);
	event.value = share;
	event.limit = prone->share_ratio;
	event.unit = "ratio";
	phrase_sentence(
	    &event.phrase, N_("Lay on the front for {length}, {share} % of the lying time."));
	phrase_duration(&event.phrase, "length", (double)front_s);
	phrase_number(&event.phrase, "share", (double)(100 * share), 0);
	finding_say(&detector_prone, &event, sink, user);
}

const struct detector detector_prone = {
    .name = "prone",
    .summary = "lying on the front",
    .advice_id = "lying.back_or_side",
    .definition =
        "On the front for more than `limit` unbroken (other postures under 30 s do not break it), "
        "or for more than `share` of a night with two hours of lying. Unknown postures count as "
        "not on the front. Fails where the mat's model cannot tell front from back: then nothing "
        "is raised.",
    .options = options,
    .surfaces = 1U << SURFACE_BED,
    .state_size = sizeof(struct prone),
    .init = prone_init,
    .step = prone_step,
    .reset = prone_reset,
    .finish = prone_finish,
    .judge = prone_judge,
};
