/*
 * A long feed. The article advises against staying in the feeding position for long.
 *
 *	seated for more than `limit`; standing up for less than a minute does not end it
 *
 * Limit: 45 min. Feeding sessions are 33 min long (12-67), and pain grows with their length in a
 * survey of 395 mothers (docs/methods.md, sections 5 and 6). The chair cannot know that a child is
 * fed: five minutes or more in the feeding chair look like a feed, and the wording says "sat".
 *
 * Known failures: reading in the chair is a feed to this rule.
 */
#include "detect/finding.h"

#include <stdio.h>

#define RELEASE_S 60

static const struct option_spec options[] = {
    {"limit", OPTION_NUMBER, "45 min", 300, 6 * 3600, "s", NULL, "longest time in the chair"},
    {.key = NULL},
};

static int feed_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct lasting *session = state;

	(void)surface;
	(void)err;
	session->limit_s = (float)options_number(given, "limit");
	session->release_s = RELEASE_S;
	return 0;
}

static void say(const struct lasting *session, event_sink *sink, void *user)
{
	struct event event = lasting_event(session);

	event.level = EVENT_ADVICE;
	event.value = lasting_length_s(session) / 60;
	event.limit = session->limit_s / 60;
	event.unit = "min";
	phrase_sentence(&event.phrase, N_("Sat in the feeding chair for {length}{when}."));
	phrase_duration(&event.phrase, "length", (double)lasting_length_s(session));
	lasting_say_when(session, &event.phrase);
	finding_say(&detector_long_feed, &event, sink, user);
}

static void feed_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	if (lasting_step(state, o, finding_seated(o), o->occupancy_confidence))
		say(state, sink, user);
}

static void feed_reset(void *state)
{
	lasting_clear(state);
}

static void feed_finish(void *state, event_sink *sink, void *user)
{
	if (lasting_end(state))
		say(state, sink, user);
}

const struct detector detector_long_feed = {
    .name = "long_feed",
    .summary = "long in the feeding chair",
    .advice_id = "feeding.length",
    .definition =
        "Seated for more than `limit`; under a minute on the feet does not end it. The chair does "
        "not know whether a child is fed: any long time in it counts.",
    .options = options,
    .surfaces = 1U << SURFACE_SEAT,
    .state_size = sizeof(struct lasting),
    .init = feed_init,
    .step = feed_step,
    .reset = feed_reset,
    .finish = feed_finish,
};
