/*
 * Sitting on without standing up. The article would have you stand where you can.
 *
 *	in one posture (one seat state, others under 30 s do not break it) for more than `posture`:
 *	information; seated for more than `limit` with no `break` or longer on the feet: advice
 *
 * Limits: 20 min in one posture (PMC5447416: by then all had slumped), 30 min of sitting, breaks
 * of a minute (Cornell: 1-2 min every 20-30 min). docs/methods.md, section 5. Both words are one
 * finding: it begins when she sits down, and the second takes the place of the first.
 *
 * Known failures: feeds are long by nature (12-67 min), so this often comes with one.
 */
#include "detect/finding.h"

#include <math.h>
#include <stdio.h>

#define POSTURE_RELEASE_S 30

static const struct option_spec options[] = {
    {"posture", OPTION_NUMBER, "20 min", 60, 6 * 3600, "s", NULL, "longest time in one posture"},
    {"limit", OPTION_NUMBER, "30 min", 60, 6 * 3600, "s", NULL, "longest time without standing up"},
    {"break", OPTION_NUMBER, "1 min", 1, 3600, "s", NULL, "time on the feet that is a break"},
    {.key = NULL},
};

struct prolonged_sitting {
	struct lasting sitting, posture;
	enum seat_state held;  /* the state of `posture` */
	float longest_held_s;  /* in one posture since she sat down, once over its limit */
	enum seat_state which; /* and the posture it was */
	int64_t frame_ns;      /* when that was first known */
};

static int sitting_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct prolonged_sitting *rule = state;

	(void)surface;
	(void)err;
	rule->sitting.limit_s = (float)options_number(given, "limit");
	rule->sitting.release_s = (float)options_number(given, "break");
	rule->posture.limit_s = (float)options_number(given, "posture");
	rule->posture.release_s = fminf(POSTURE_RELEASE_S, rule->sitting.release_s);
	return 0;
}

static void say_sitting(const struct prolonged_sitting *rule, event_sink *sink, void *user)
{
	struct event event = lasting_event(&rule->sitting);
	float length_s = lasting_length_s(&rule->sitting);

	event.level = EVENT_ADVICE;
	event.value = length_s / 60;
	event.limit = rule->sitting.limit_s / 60;
	event.unit = "min";
	phrase_sentence(&event.phrase, N_("Sat for {length}{when} without standing up."));
	phrase_duration(&event.phrase, "length", (double)length_s);
	lasting_say_when(&rule->sitting, &event.phrase);
	finding_say(&detector_prolonged_sitting, &event, sink, user);
}

static void say_posture(const struct prolonged_sitting *rule, event_sink *sink, void *user)
{
	struct event event = lasting_event(&rule->sitting);

	event.frame_ns = rule->frame_ns;
	event.level = EVENT_INFORMATION;
	event.value = rule->longest_held_s / 60;
	event.limit = rule->posture.limit_s / 60;
	event.unit = "min";
	phrase_sentence(&event.phrase, N_("Seated{when}: {length} in one posture ({which})."));
	lasting_say_when(&rule->sitting, &event.phrase);
	phrase_duration(&event.phrase, "length", (double)rule->longest_held_s);
	phrase_word(&event.phrase, "which", seat_state_words(rule->which));
	finding_say(&detector_prolonged_sitting, &event, sink, user);
}

static void say(const struct prolonged_sitting *rule, event_sink *sink, void *user)
{
	if (lasting_length_s(&rule->sitting) > rule->sitting.limit_s)
		say_sitting(rule, sink, user);
	else if (rule->longest_held_s > 0)
		say_posture(rule, sink, user);
}

static enum holds keeps(const struct prolonged_sitting *rule, const struct observation *o)
{
	if (finding_seated(o) != HOLDS_YES)
		return finding_seated(o);
	if (o->seat == SEAT_UNKNOWN)
		return HOLDS_UNKNOWN;
	return o->seat == rule->held ? HOLDS_YES : HOLDS_NO;
}

/* Returns true when a posture has been held for long and a word is due. */
static bool step_posture(struct prolonged_sitting *rule, const struct observation *o)
{
	if (!lasting_under_way(&rule->posture))
		rule->held = o->seat;
	bool due = lasting_step(&rule->posture, o, keeps(rule, o), o->seat_confidence);
	float held_s = lasting_length_s(&rule->posture);

	if (held_s > rule->posture.limit_s && held_s > rule->longest_held_s &&
	    lasting_confidence(&rule->posture) >= CONFIDENCE_LEAST) {
		if (rule->longest_held_s <= 0)
			rule->frame_ns = o->mono_ns;
		rule->longest_held_s = held_s;
		rule->which = rule->held;
	}
	return due;
}

static void sitting_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct prolonged_sitting *rule = state;

	if (!lasting_under_way(&rule->sitting))
		rule->longest_held_s = 0;
	bool posture_due = step_posture(rule, o);
	bool due = lasting_step(&rule->sitting, o, finding_seated(o), o->occupancy_confidence);
	if (due || posture_due || (rule->sitting.over && rule->longest_held_s > 0))
		say(rule, sink, user);
}

static void sitting_reset(void *state)
{
	struct prolonged_sitting *rule = state;

	lasting_clear(&rule->sitting);
	lasting_clear(&rule->posture);
	rule->longest_held_s = 0;
}

static void sitting_finish(void *state, event_sink *sink, void *user)
{
	struct prolonged_sitting *rule = state;

	if (lasting_under_way(&rule->sitting))
		say(rule, sink, user);
	lasting_end(&rule->sitting);
}

const struct detector detector_prolonged_sitting = {
    .name = "prolonged_sitting",
    .summary = "sitting for long in one posture, or without standing up",
    .advice_id = "sitting.stand_if_you_can",
    .definition =
        "In one seat state for more than `posture` (information), or seated for more than `limit` "
        "without `break` on the feet (advice); one finding for each time she sits. A feed is long "
        "by nature and often brings this along.",
    .options = options,
    .surfaces = 1U << SURFACE_SEAT,
    .state_size = sizeof(struct prolonged_sitting),
    .init = sitting_init,
    .step = sitting_step,
    .reset = sitting_reset,
    .finish = sitting_finish,
};
