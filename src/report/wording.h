/* How times, figures and findings are said, the same in text and HTML. */
#ifndef LUMBAR_REPORT_WORDING_H
#define LUMBAR_REPORT_WORDING_H

#include "report/night.h"

#define WORDING_SIZE 64

/* "7 h 52 min", "38 min", "0 min". Rounded to the minute. */
const char *wording_duration(double seconds, char text[static WORDING_SIZE]);

/* How long falling asleep took (estimated): "14 min", "not known". */
const char *wording_to_sleep(const struct night_sleep *sleep, char text[static WORDING_SIZE]);

/* "Saturday 25 July 2026" */
const char *wording_date(int32_t day, char text[static WORDING_SIZE]);

/* "03:10-03:48", "03:10", or "the whole night" for a finding about nights. */
const char *wording_when(const struct stored_event *event, char text[static WORDING_SIZE]);

/* "03:10-03:48: detail", without the time where the detail names it already. */
const char *wording_finding(const struct stored_event *event, char *text, size_t size);

/* "0.27 (limit 0.15)", "48 min (limit 45 min)"; "" when nothing was measured. */
const char *wording_value(const struct stored_event *event, char text[static WORDING_SIZE]);

/* "38 %" of a whole, or "-" when there is no whole. */
const char *wording_share(double part, double whole, char text[static WORDING_SIZE]);

/* "+0.27"; "-" when it is not known. */
const char *wording_load(float sideways_ratio, char text[static WORDING_SIZE]);

/* "on the back", "leaning left": for a person, where names in the store are for programs. */
const char *wording_posture(enum posture posture);
const char *wording_seat(enum seat_state state);

/* What is known of the mattress, one or two sentences. */
const char *wording_support(const struct report_night *report, char *text, size_t size);

/* Whole days from the calibration to this night. */
int wording_days_before(const struct report_night *report, const struct stored_surface *surface);

/* Whether the times of this night can be trusted. */
const char *wording_clock(const struct report_night *report, char *text, size_t size);

/* What the report does not claim. */
const char *wording_limits(const struct report_night *report);

/* Fills verdict and has_verdict. */
void wording_verdict(struct report_night *report);

#endif
