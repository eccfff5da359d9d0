/* How times, figures and findings are said, in the language; NULL is English. */
#ifndef LUMBAR_REPORT_WORDING_H
#define LUMBAR_REPORT_WORDING_H

#include "base/language.h"
#include "report/document.h"
#include "report/night.h"

#define WORDING_SIZE 96

/* "7 h 52 min", "38 min", "0 min". Rounded to the minute. */
const char *wording_duration(
    const struct language *language, double seconds, char text[static WORDING_SIZE]);

/* "Saturday 25 July 2026" */
const char *wording_date(
    const struct language *language, int32_t day, char text[static WORDING_SIZE]);

/* "25 July" */
const char *wording_day(
    const struct language *language, int32_t day, char text[static WORDING_SIZE]);

/* "54 %, 21 min": a share and how long it was. */
const char *wording_part(
    const struct language *language, const struct share *share, char text[static WORDING_SIZE]);

/* "mmHg" or "% of full scale" */
const char *wording_unit(const struct language *language, enum pressure_unit unit);

/* "03:10-03:48" of two times as they are shown. */
const char *wording_span(const struct language *language, const char *from, const char *to,
    char text[static WORDING_SIZE]);

/* "03:10-03:48", "03:10", or "the whole night" for a finding about nights. */
const char *wording_when(const struct language *language, const struct stored_event *event,
    char text[static WORDING_SIZE]);

/* "03:10-03:48: detail", without the time where the detail names it already. */
const char *wording_finding(
    const struct language *language, const struct stored_event *event, char *text, size_t size);

/*
 * "Limit: 45 min." and how much of the time was seen, when not all; "": there is no limit. What was
 * measured, the finding's own sentence says.
 */
const char *wording_limit(const struct language *language, const struct stored_event *event,
    char text[static WORDING_SIZE]);

/* "Pain, of 10": the name of a block of bars and its unit, where it has one. */
const char *wording_titled(
    const struct language *language, const struct block *block, char *text, size_t size);

/* Why posture and support were not assessed, as a part of a sentence; "": they could be. */
const char *wording_not_assessed(
    const struct language *language, const struct report_night *report);

/* What is known of the mattress, one or two sentences. */
const char *wording_support(
    const struct language *language, const struct report_night *report, char *text, size_t size);

/* Whole days from the calibration to this night. */
int wording_days_before(const struct report_night *report, const struct stored_surface *surface);

/* Why the pressures of a mat of this night cannot be trusted, and what to do; "": they can. */
const char *wording_trust(const struct report_night *report, const struct stored_surface *surface,
    const struct language *language, char *text, size_t size);

/* Whether the times of this night can be trusted. */
const char *wording_clock(
    const struct language *language, const struct report_night *report, char *text, size_t size);

/* What the report does not claim. */
const char *wording_limits(const struct language *language, const struct report_night *report);

/* The sentence on top. */
#define VERDICT_SIZE 720
const char *wording_verdict(const struct language *language, const struct report_night *report,
    char text[static VERDICT_SIZE]);

#endif
