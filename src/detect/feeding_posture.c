/*
 * Bent or slumped while feeding. The article advises an upright waist.
 *
 *	bent    the seat state is forward or slump, or the back rest carries under 5 % while the
 *	        centre is 3 % of the depth or more in front of her upright (an unsupported hunch)
 *	held    bent for more than `hold`; other states under 5 s do not break it
 *	raised  some held time in a session of `session` or more; once when both are so, again every
 *	        five minutes, and with its final figures when she has stood up for a minute
 *	value   minutes of held time in the session; limit: `hold`
 *
 * Limits: 60 s and the seat's own (docs/methods.md, section 5), starting points to be tuned. A
 * session of five minutes or more looks like a feed.
 *
 * Known failures: without her upright minute only leaving the back rest is seen; a pad without
 * back cells takes a hunch over the child for upright when the pelvis stays.
 */
#include "detect/finding.h"

#include <stdio.h>

#define HOLD_RELEASE_S    5
#define SESSION_RELEASE_S 60
#define HUNCH_BACK_RATIO  0.05F
#define HUNCH_FORWARD     0.03F

static const struct option_spec options[] = {
    {"hold", OPTION_NUMBER, "60 s", 5, 3600, "s", NULL, "longest time bent without a pause"},
    {"session", OPTION_NUMBER, "5 min", 60, 3600, "s", NULL,
        "shortest time that looks like a feed"},
    {.key = NULL},
};

enum bend { BEND_NONE, BEND_FORWARD, BEND_SLUMP, BEND_HUNCH, BEND_COUNT };

struct bent_time {
	double s[BEND_COUNT];
	double total_s, confidence_sum; /* over all kinds; confidence x seconds */
};

struct feeding {
	struct lasting session, hold;
	struct bent_time under_way; /* of the hold, until it has lasted */
	struct bent_time held;
	int64_t frame_ns; /* when a hold first lasted; 0: none did */
	bool said;
};

static int feeding_init(
    void *state, const struct options *given, const struct surface *surface, struct error *err)
{
	struct feeding *feeding = state;

	(void)surface;
	(void)err;
	feeding->hold.limit_s = (float)options_number(given, "hold");
	feeding->hold.release_s = HOLD_RELEASE_S;
	feeding->session.limit_s = (float)options_number(given, "session");
	feeding->session.release_s = SESSION_RELEASE_S;
	return 0;
}

static enum bend bend_of(const struct observation *o)
{
	if (o->seat == SEAT_FORWARD)
		return BEND_FORWARD;
	if (o->seat == SEAT_SLUMP)
		return BEND_SLUMP;
	if (o->back_load_ratio < HUNCH_BACK_RATIO && o->forward_ratio > HUNCH_FORWARD)
		return BEND_HUNCH;
	return BEND_NONE;
}

static void add_time(struct bent_time *to, const struct bent_time *from)
{
	for (int i = 0; i < BEND_COUNT; i++)
		to->s[i] += from->s[i];
	to->total_s += from->total_s;
	to->confidence_sum += from->confidence_sum;
}

static void step_hold(struct feeding *feeding, const struct observation *o)
{
	enum bend bend = bend_of(o);
	enum holds holds = finding_seated(o);

	if (holds == HOLDS_YES && o->seat == SEAT_UNKNOWN)
		holds = HOLDS_UNKNOWN;
	else if (holds == HOLDS_YES && bend == BEND_NONE)
		holds = HOLDS_NO;
	double before_s = feeding->hold.yes_s;
	lasting_step(&feeding->hold, o, holds, o->seat_confidence);
	if (!lasting_under_way(&feeding->hold)) {
		feeding->under_way = (struct bent_time){0};
		return;
	}
	if (feeding->hold.yes_s > before_s) {
		feeding->under_way.s[bend] += (double)o->dt_s;
		feeding->under_way.total_s += (double)o->dt_s;
		feeding->under_way.confidence_sum += (double)(o->dt_s * o->seat_confidence);
	}
	if (lasting_length_s(&feeding->hold) <= feeding->hold.limit_s)
		return;
	add_time(&feeding->held, &feeding->under_way);
	feeding->under_way = (struct bent_time){0};
	if (feeding->frame_ns == 0)
		feeding->frame_ns = o->mono_ns;
}

static bool looks_like_feed(const struct feeding *feeding)
{
	return feeding->held.total_s > 0 &&
	       lasting_length_s(&feeding->session) > feeding->session.limit_s;
}

static void word(const struct feeding *feeding, struct event *event)
{
	static const char *const sentences[BEND_COUNT] = {"", N_("Bent forward for {held}."),
	    N_("Slumped for {held}."), N_("Hunched off the back rest for {held}.")};

	phrase_sentence(&event->phrase, N_("Sat in the feeding chair for {length}{when}."));
	phrase_duration(&event->phrase, "length", (double)lasting_length_s(&feeding->session));
	lasting_say_when(&feeding->session, &event->phrase);
	for (int i = 1; i < BEND_COUNT; i++)
		if (feeding->held.s[i] >= 1) {
			phrase_sentence(&event->phrase, sentences[i]);
			phrase_duration(&event->phrase, "held", feeding->held.s[i]);
		}
}

static void say(struct feeding *feeding, event_sink *sink, void *user)
{
	struct event event = lasting_event(&feeding->session);
	const struct bent_time *held = &feeding->held;

	event.level = EVENT_ADVICE;
	event.value = (float)held->total_s / 60;
	event.limit = feeding->hold.limit_s / 60;
	event.unit = "min";
	event.confidence *= (float)(held->confidence_sum / held->total_s);
	event.frame_ns = feeding->frame_ns;
	word(feeding, &event);
	feeding->said = true;
	finding_say(&detector_feeding_posture, &event, sink, user);
}

static void clear_session(struct feeding *feeding)
{
	feeding->under_way = feeding->held = (struct bent_time){0};
	feeding->frame_ns = 0;
	feeding->said = false;
}

static void feeding_step(void *state, const struct observation *o, event_sink *sink, void *user)
{
	struct feeding *feeding = state;

	if (!lasting_under_way(&feeding->session))
		clear_session(feeding);
	bool due = lasting_step(&feeding->session, o, finding_seated(o), o->occupancy_confidence);
	step_hold(feeding, o);
	if (looks_like_feed(feeding) && (due || !feeding->said))
		say(feeding, sink, user);
}

static void feeding_reset(void *state)
{
	struct feeding *feeding = state;

	lasting_clear(&feeding->session);
	lasting_clear(&feeding->hold);
	clear_session(feeding);
}

static void feeding_finish(void *state, event_sink *sink, void *user)
{
	struct feeding *feeding = state;

	if (lasting_end(&feeding->session) && looks_like_feed(feeding))
		say(feeding, sink, user);
}

const struct detector detector_feeding_posture = {
    .name = "feeding_posture",
    .summary = "bent forward or slumped in the feeding chair",
    .advice_id = "feeding.posture",
    .definition =
        "Bent forward, slumped, or hunched off the back rest for more than `hold`, in a session of "
        "`session` or more; the value is the time held so in the session. Without her upright "
        "minute only leaving the back rest is seen.",
    .options = options,
    .surfaces = 1U << SURFACE_SEAT,
    .state_size = sizeof(struct feeding),
    .init = feeding_init,
    .step = feeding_step,
    .reset = feeding_reset,
    .finish = feeding_finish,
};
