#include "detect/finding.h"

#include <math.h>

void finding_say(const struct detector *rule, struct event *event, event_sink *sink, void *user)
{
	if (!(event->confidence >= CONFIDENCE_LEAST))
		return;
	event->rule = rule->name;
	event->advice_id = event->level == EVENT_TECHNICAL ? "" : rule->advice_id;
	phrase_say(event->phrase.text, NULL, event->detail, sizeof(event->detail));
	sink(user, event);
}

struct event finding_of_night(const struct night_facts *night, float confidence)
{
	float day_s = (float)((double)(night->end_ns - night->start_ns) / 1e9);

	return (struct event){
	    .level = EVENT_ADVICE,
	    .coverage_ratio = day_s > 0 ? fminf(1, night->bed_observed_s / day_s) : 0,
	    .confidence = confidence,
	    .day = night->day,
	};
}

static enum holds present(const struct observation *o)
{
	if (o->technical != TECHNICAL_NONE || o->occupancy == OCCUPANCY_UNKNOWN)
		return HOLDS_UNKNOWN;
	return o->occupancy == OCCUPANCY_PERSON ? HOLDS_YES : HOLDS_NO;
}

enum holds finding_seated(const struct observation *o)
{
	return o->kind == SURFACE_SEAT ? present(o) : HOLDS_UNKNOWN;
}

enum holds finding_in_bed(const struct observation *o)
{
	return o->kind == SURFACE_SEAT ? HOLDS_UNKNOWN : present(o);
}

void finding_no_reset(void *state)
{
	(void)state;
}

void finding_no_finish(void *state, event_sink *sink, void *user)
{
	(void)state;
	(void)sink;
	(void)user;
}
