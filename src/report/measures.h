/* The figures of a night that are looked at over nights: the seven before, a week, a trend. */
#ifndef LUMBAR_REPORT_MEASURES_H
#define LUMBAR_REPORT_MEASURES_H

#include "core/night.h"
#include "report/document.h"

struct measure {
	const char *id;                 /* in JSON: "lying_h" */
	const char *name, *unit, *term; /* English; unit "": none; term: of its definition */
	float (*value)(const struct night_facts *night); /* NAN: not known */
	float full; /* fills the height, so that a little looks like little */
	int digits;
	bool may_be_left_out; /* when it is 0 on all days, there is nothing to look at */
};

extern const struct measure measures[];
extern const size_t n_measures;

/* "Pain, of 10", in the document's language. */
const char *measures_title(struct document *document, const struct measure *measure);
/* "7.5 h", in the document's language. */
const char *measures_value(struct document *document, const struct measure *measure, float value);

/*
 * A block of bars for the days [last_day - n_days + 1, last_day], n_days at most BARS_MAX: nights
 * that are missing have none. is_now: the last day is the one that the document is about, and the
 * usual is the median of those before it, else of all; unknown under three nights. A figure that no
 * day has, or that may be left out, adds nothing: NULL. Else the bars, to mark days in.
 */
struct bars *measures_add(struct document *document, const struct measure *measure,
    const struct night_facts *nights, size_t n_nights, int32_t last_day, size_t n_days,
    bool is_now);

#endif
