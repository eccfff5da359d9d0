/*
 * Lying without a posture shift. Rest that loads the same muscles all night is little rest.
 *
 *	lying on the bed since the last posture shift, for more than `limit`: information;
 *	for more than `notice`: advice
 *
 * Limits: 2 h and 3 h. Two hours is custom from nursing; the TURN trial saw no difference between
 * 2, 3 and 4 h, and a healthy mother turns by herself, so this is no alarm (docs/methods.md,
 * section 4). Only a completed posture shift or leaving the bed starts the time anew: fidgeting
 * does not. Time without data is not counted. More than a minute of it ends the stretch; after less
 * the maps before and after it tell whether there was a shift.
 *
 * Known failures: a shift that keeps posture and centre of pressure is missed by the mat.
 */
#include "detect/finding.h"

#include <errno.h>
#include <stdio.h>

/* Shorter "not lying" is a limb over the edge or a lost frame. */
#define RELEASE_S 5

static const struct option_spec options[] = {
    {"limit", OPTION_NUMBER, "2 h", 600, 24 * 3600, "s", NULL, "information after this time"},
    {"notice", OPTION_NUMBER, "3 h", 600, 24 * 3600, "s", NULL, "advice after this time"},
    {.key = NULL},
};

static int unchanged_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct lasting *still = state;

	(void)surface;
	still->limit_s = (float)options_number(given, "limit");
	still->higher_s = (float)options_number(given, "notice");
	still->release_s = RELEASE_S;
	if (still->higher_s >= still->limit_s)
		return 0;
	return error_set(err, -EINVAL,
	    "notice is %g min, limit %g min; give notice the longer time",
	    (double)still->higher_s / 60, (double)still->limit_s / 60);
}

static void say(const struct lasting *still, event_sink *sink, void *user)
{
	struct event event = lasting_event(still);
	float length_s = lasting_length_s(still);
	bool notice = length_s > still->higher_s;

	event.level = notice ? EVENT_ADVICE : EVENT_INFORMATION;
	event.value = length_s / 60;
	event.limit = (notice ? still->higher_s : still->limit_s) / 60;
	event.unit = "min";
	phrase_sentence(&event.phrase, N_("Lay for {length}{when} without turning over."));
	phrase_duration(&event.phrase, "length", (double)length_s);
	lasting_say_when(still, &event.phrase);
	finding_say(&detector_unchanged_posture, &event, sink, user);
}

static enum holds lies(const struct observation *o)
{
	if (o->sense == SENSE_SWITCH)
		return HOLDS_UNKNOWN; /* nothing says whether she turned over */
	if (finding_in_bed(o) != HOLDS_YES)
		return finding_in_bed(o);
	return observation_lying(o) ? HOLDS_YES : HOLDS_NO;
}

static void unchanged_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct lasting *still = state;
	bool say_now = o->technical == TECHNICAL_NONE && o->shift
	                   ? lasting_end(still)
	                   : lasting_step(still, o, lies(o), o->occupancy_confidence);

	if (say_now)
		say(still, sink, user);
}

static void unchanged_reset(void *state)
{
	lasting_clear(state);
}

static void unchanged_finish(void *state, event_sink *sink, void *user)
{
	if (lasting_end(state))
		say(state, sink, user);
}

const struct detector detector_unchanged_posture = {
    .name = "unchanged_posture",
    .summary = "lying for hours without turning over",
    .advice_id = "lying.change",
    .definition =
        "Lying since the last posture shift for more than `limit` (information) or `notice` "
        "(advice). Moving without turning over does not start the time anew; a gap of more than a "
        "minute does, and no gap is counted. Fails where a turn leaves the map of pressure as it "
        "was.",
    .options = options,
    .surfaces = 1U << SURFACE_BED,
    .state_size = sizeof(struct lasting),
    .init = unchanged_init,
    .step = unchanged_step,
    .reset = unchanged_reset,
    .finish = unchanged_finish,
};
