/*
 * An event: one finding, with its evidence. Every event names the advice that it is measured
 * against (guidance/guidance.h); technical events have none. Nothing here is called an alarm.
 *
 * A finding that lasts is said when it begins to count and again, with its final end and value,
 * when it is over. Both carry the same rule and start_ns: the later one replaces the earlier, so
 * within a session and surface (rule, start_ns) is unique; for rules over nights (rule, day) is.
 */
#ifndef LUMBAR_CORE_EVENT_H
#define LUMBAR_CORE_EVENT_H

#include "core/phrase.h"

#include <stdint.h>

enum event_level { EVENT_TECHNICAL, EVENT_INFORMATION, EVENT_ADVICE };

#define EVENT_DETAIL_SIZE 240

struct event {
	const char *rule;      /* the detector's name, or "acquire", "clock", "store" ...; static */
	const char *advice_id; /* "feeding.posture"; "" for technical events; static */
	enum event_level level;
	int64_t start_ns, end_ns; /* mono; equal while a state has only begun */
	float value, limit;       /* what was measured, and the limit in force; NAN: no number */
	const char *unit;         /* of value and limit: "min", "ratio", "per_h"; static */
	float coverage_ratio;     /* share of start..end that was really observed, 0-1 */
	float confidence;         /* 0-1 */
	int64_t frame_ns;         /* mono of the key frame that shows it; 0: none */
	int32_t day;              /* rules over nights: the night's date, days since 1970; else 0 */
	struct phrase
	    phrase; /* what was measured, in sentences for any language; "": only detail */
	char detail[EVENT_DETAIL_SIZE]; /* the same in plain English */
};

/* Called for each event; the event is borrowed until return. */
typedef void event_sink(void *user, const struct event *event);

const char *event_level_name(enum event_level level); /* "technical", "information", "advice" */

#endif
