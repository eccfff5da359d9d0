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
	bool is_counted;      /* a night that was seen for less than half has too little of it */
	unsigned eras;        /* bits of enum era: when one of them ends, it is compared anew */
};

extern const struct measure measures[];
extern const size_t n_measures;

/* "Pain, of 10", in the document's language. */
const char *measures_title(struct document *document, const struct measure *measure);
/* "7.5", and "7.5 h", in the document's language. */
const char *measures_number(struct document *document, const struct measure *measure, float value);
const char *measures_value(struct document *document, const struct measure *measure, float value);

/* The value of a night that others may be compared with; NAN: not known, or too little was seen. */
float measures_comparable(const struct measure *measure, const struct night_facts *night);

/* Her usual: the median of nights that the last one can be compared with. */
#define USUAL_NIGHTS_LEAST 3
struct usual {
	float median; /* NAN: under USUAL_NIGHTS_LEAST of them */
	size_t n;     /* nights with a value, the last one not counted when is_now */
	size_t first; /* of the nights given, from which on they compare */
};

/* nights: in the order of their days, n > 0. is_now: the last one is compared with those before. */
struct usual measures_usual(
    const struct measure *measure, const struct night_facts *nights, size_t n, bool is_now);

/*
 * A block of bars for the days [last_day - n_days + 1, last_day], n_days at most BARS_MAX: nights
 * that are missing have none. is_now: the last day is the one that the document is about, and the
 * usual is of those before it, else of all. A figure that no day has, or that may be left out, adds
 * nothing: NULL. Else the bars, to mark days in.
 */
struct bars *measures_add(struct document *document, const struct measure *measure,
    const struct night_facts *nights, size_t n_nights, int32_t last_day, size_t n_days,
    bool is_now);

#endif
