#include "detect/lasting.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>

/* While a finding lasts it is brought up to date this often. */
#define REPEAT_NS (5 * NS_PER_MIN)

void lasting_clear(struct lasting *l)
{
	*l = (struct lasting){
	    .limit_s = l->limit_s,
	    .higher_s = l->higher_s,
	    .release_s = l->release_s,
	};
}

static void begin(struct lasting *l, const struct observation *o)
{
	lasting_clear(l);
	l->under_way = true;
	l->start_ns = l->end_ns = l->seen_ns = o->mono_ns;
	l->start_real_ns = o->real_ns;
	l->utc_offset_s = l->end_offset_s = o->utc_offset_s;
}

static void extend(struct lasting *l, const struct observation *o, float confidence)
{
	double dt_s = o->dt_s > 0 ? (double)o->dt_s : 0;

	l->observed_s += l->pending_s + dt_s;
	l->pending_s = 0;
	l->yes_s += dt_s;
	l->confidence_sum += dt_s * (double)confidence;
	l->health_sum += dt_s * (double)o->health_ratio;
	l->end_ns = l->seen_ns = o->mono_ns;
	l->end_offset_s = o->utc_offset_s;
	l->no_ns = 0;
}

static bool passed(float length_s, float before_s, float limit_s)
{
	return limit_s > 0 && length_s > limit_s && before_s <= limit_s;
}

/* Whether the stretch that was before_s long wants a word, now that it is longer. */
static bool due(struct lasting *l, float before_s, int64_t now_ns)
{
	float length_s = lasting_length_s(l);

	if (length_s <= l->limit_s)
		return false;
	if (l->said_ns && now_ns - l->said_ns < REPEAT_NS &&
	    !passed(length_s, before_s, l->higher_s))
		return false;
	l->said_ns = now_ns;
	if (l->frame_ns == 0)
		l->frame_ns = now_ns;
	return true;
}

bool lasting_end(struct lasting *l)
{
	if (!lasting_under_way(l))
		return false;
	l->over = true;
	return lasting_length_s(l) > l->limit_s;
}

static bool step_no(struct lasting *l, const struct observation *o)
{
	l->seen_ns = o->mono_ns;
	l->pending_s += o->dt_s > 0 ? (double)o->dt_s : 0;
	if (l->no_ns == 0)
		l->no_ns = o->mono_ns;
	if ((double)(o->mono_ns - l->no_ns) < (double)l->release_s * 1e9)
		return false;
	return lasting_end(l);
}

bool lasting_step(
    struct lasting *l, const struct observation *o, enum holds holds, float confidence)
{
	if (l->over)
		lasting_clear(l);
	bool sure = isfinite(confidence) && isfinite(o->health_ratio);
	if (o->technical != TECHNICAL_NONE || (holds == HOLDS_YES && !sure))
		holds = HOLDS_UNKNOWN;
	if (!lasting_under_way(l)) {
		if (holds == HOLDS_YES)
			begin(l, o);
		return false;
	}
	if (o->mono_ns - l->seen_ns > LASTING_BLIND_S * NS_PER_S)
		return lasting_end(l);
	if (holds == HOLDS_NO)
		return step_no(l, o);
	if (holds == HOLDS_UNKNOWN)
		return false;
	float before_s = lasting_length_s(l);
	extend(l, o, confidence);
	return due(l, before_s, o->mono_ns);
}

bool lasting_under_way(const struct lasting *l)
{
	return l->under_way && !l->over;
}

float lasting_length_s(const struct lasting *l)
{
	return (float)l->observed_s;
}

float lasting_coverage_ratio(const struct lasting *l)
{
	double span_s = (double)(l->end_ns - l->start_ns) / 1e9;

	return span_s > 0 ? (float)fmin(1, l->observed_s / span_s) : 0;
}

float lasting_confidence(const struct lasting *l)
{
	if (l->yes_s <= 0)
		return 0;
	return lasting_coverage_ratio(l) * (float)(l->confidence_sum / l->yes_s) *
	       (float)(l->health_sum / l->yes_s);
}

struct event lasting_event(const struct lasting *l)
{
	return (struct event){
	    .start_ns = l->start_ns,
	    .end_ns = l->end_ns,
	    .coverage_ratio = lasting_coverage_ratio(l),
	    .confidence = lasting_confidence(l),
	    .frame_ns = l->frame_ns,
	};
}

void lasting_say_when(const struct lasting *l, struct phrase *phrase)
{
	char from[TIME_SIZE], to[TIME_SIZE];

	if (l->start_real_ns == 0) {
		phrase_text(phrase, "when", "");
		return;
	}
	clock_format_time(l->start_real_ns, l->utc_offset_s, from);
	clock_format_time(l->start_real_ns + l->end_ns - l->start_ns, l->end_offset_s, to);
	phrase_span(phrase, "when", from, to);
}
