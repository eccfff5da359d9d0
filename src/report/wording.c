#include "report/wording.h"

#include "base/clock.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

const char *wording_duration(double seconds, char text[static WORDING_SIZE])
{
	long minutes = lround(seconds / 60.0);

	if (minutes < 60)
		snprintf(text, WORDING_SIZE, "%ld min", minutes);
	else
		snprintf(text, WORDING_SIZE, "%ld h %02ld min", minutes / 60, minutes % 60);
	return text;
}

const char *wording_to_sleep(const struct night_sleep *sleep, char text[static WORDING_SIZE])
{
	if (isfinite(sleep->to_sleep_s))
		return wording_duration((double)sleep->to_sleep_s, text);
	return strcpy(text, "not known");
}

const char *wording_date(int32_t day, char text[static WORDING_SIZE])
{
	static const char *const weekdays[] = {
	    "Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"};
	static const char *const months[] = {"January", "February", "March", "April", "May", "June",
	    "July", "August", "September", "October", "November", "December"};
	struct civil civil = clock_civil(day * 24 * NS_PER_H, 0);

	/* 1970-01-01 was a Thursday. */
	snprintf(text, WORDING_SIZE, "%s %d %s %d", weekdays[((day % 7) + 7) % 7], civil.day,
	    months[civil.month - 1], civil.year);
	return text;
}

const char *wording_when(const struct stored_event *event, char text[static WORDING_SIZE])
{
	char from[TIME_SIZE], to[TIME_SIZE];

	if (event->day != 0)
		return strcpy(text, "The whole night");
	if (event->start_real_ns == 0)
		return strcpy(text, "time not known");
	clock_format_time(event->start_real_ns, event->utc_offset_s, from);
	clock_format_time(event->end_real_ns, event->utc_offset_s, to);
	if (strcmp(from, to) == 0)
		strcpy(text, from);
	else
		snprintf(text, WORDING_SIZE, "%s-%s", from, to);
	return text;
}

const char *wording_finding(const struct stored_event *event, char *text, size_t size)
{
	char when[WORDING_SIZE];

	if (strstr(event->detail, wording_when(event, when)))
		snprintf(text, size, "%s", event->detail);
	else
		snprintf(text, size, "%s: %s", when, event->detail);
	return text;
}

const char *wording_load(float sideways_ratio, char text[static WORDING_SIZE])
{
	/* To hundredths, and + 0.0 makes of a negative zero none. */
	double load = round(100.0 * (double)sideways_ratio) / 100.0 + 0.0;

	if (isfinite(load))
		snprintf(text, WORDING_SIZE, "%+.2f", load);
	else
		strcpy(text, "-");
	return text;
}

/* A number as it is read aloud: no more digits than the measurement has. */
static void say_number(double value, const char *unit, char *text, size_t size)
{
	bool small = strcmp(unit, "ratio") == 0 || fabs(value) < 1.0;
	bool plain = strcmp(unit, "ratio") == 0 || strcmp(unit, "index") == 0;
	int digits = small ? 2 : fabs(value - round(value)) < 0.05 ? 0 : 1;

	snprintf(
	    text, size, "%.*f%s%s", digits, value, plain || !*unit ? "" : " ", plain ? "" : unit);
}

const char *wording_value(const struct stored_event *event, char text[static WORDING_SIZE])
{
	char value[24], limit[24];

	*text = '\0';
	if (!isfinite(event->value))
		return text;
	say_number(event->value, event->unit, value, sizeof(value));
	if (isfinite(event->limit)) {
		say_number(event->limit, event->unit, limit, sizeof(limit));
		snprintf(text, WORDING_SIZE, "%s (limit %s)", value, limit);
	} else {
		strcpy(text, value);
	}
	return text;
}

const char *wording_share(double part, double whole, char text[static WORDING_SIZE])
{
	if (whole > 0.0)
		snprintf(text, WORDING_SIZE, "%.0f %%", 100.0 * part / whole);
	else
		strcpy(text, "-");
	return text;
}

const char *wording_posture(enum posture posture)
{
	static const char *const words[POSTURE_COUNT] = {"posture not known", "on the back",
	    "on the left side", "on the right side", "on the front", "on the edge", "nobody"};

	return words[posture];
}

const char *wording_seat(enum seat_state state)
{
	static const char *const words[SEAT_STATE_COUNT] = {"not known", "nobody", "upright",
	    "bent forward", "slumped", "leaning left", "leaning right", "other"};

	return words[state];
}

const char *wording_support(const struct report_night *report, char *text, size_t size)
{
	char quiet[WORDING_SIZE];

	wording_duration((double)report->facts.quiet_supine_s, quiet);
	switch (report->support) {
	case SUPPORT_NOT_ASSESSED:
		snprintf(text, size,
		    "Not assessed: that takes 60 min quiet on the back, and there "
		    "were %s.",
		    quiet);
		break;
	case SUPPORT_INCONCLUSIVE:
		snprintf(text, size,
		    "Inconclusive: a lumbar valley of %.2f (%s quiet on the back) "
		    "says little by itself. Against your reference or first nights "
		    "nothing was found.",
		    (double)report->facts.valley_ratio, quiet);
		break;
	case SUPPORT_FOUND:
		snprintf(text, size, "See the finding: lumbar valley %.2f in %s quiet on the back.",
		    (double)report->facts.valley_ratio, quiet);
		break;
	case SUPPORT_NO_SIGN:
		snprintf(text, size,
		    "No sign of a mattress that is too soft: lumbar valley %.2f in %s "
		    "quiet on the back.",
		    (double)report->facts.valley_ratio, quiet);
		break;
	}
	return text;
}

int wording_days_before(const struct report_night *report, const struct stored_surface *surface)
{
	int64_t ns = report->facts.end_ns - surface->calibrated_real_ns;

	return ns > 0 ? (int)(ns / (24 * NS_PER_H)) : 0;
}

const char *wording_clock(const struct report_night *report, char *text, size_t size)
{
	char undated[WORDING_SIZE];
	int used = snprintf(text, size, "%s",
	    report->minutes->synchronised
	        ? "known"
	        : "a guess: the machine's clock was never set by the network, times may be wrong");

	if (report->undated_s > 0.0f && (size_t)used < size)
		snprintf(text + used, size - (size_t)used,
		    "; %s were recorded before it was known and are of no night",
		    wording_duration((double)report->undated_s, undated));
	return text;
}

const char *wording_limits(const struct report_night *report)
{
	return report->calibrated
	           ? "Not a diagnosis. Sleep is estimated from movement: whoever lies awake and "
	             "still counts as asleep. Times are counted by the minute. Pressure is "
	             "interface pressure between body and mat."
	           : "Not a diagnosis. Sleep is estimated from movement: whoever lies awake and "
	             "still counts as asleep. Times are counted by the minute. Pressure is in "
	             "relative units: the mat is not "
	             "calibrated.";
}

/* Appends to the verdict, cut where it is full. */
static void __attribute__((format(printf, 2, 3)))
say(struct report_night *report, const char *format, ...)
{
	size_t used = strlen(report->verdict);
	va_list args;

	va_start(args, format);
	vsnprintf(report->verdict + used, sizeof(report->verdict) - used, format, args);
	va_end(args);
}

/* The pieces of advice that findings touch, each once; at most n_max. */
static size_t touched(
    const struct report_night *report, const struct advice **advices, size_t n_max)
{
	size_t n = 0;

	for (size_t i = 0; i < report->n_events && n < n_max; i++) {
		const struct stored_event *event = &report->events[i];
		const struct advice *advice = guidance_find(event->advice_id);
		bool seen = !advice || event->level != EVENT_ADVICE;

		for (size_t k = 0; k < n && !seen; k++)
			seen = advices[k] == advice;
		if (!seen)
			advices[n++] = advice;
	}
	return n;
}

static void say_findings(struct report_night *report)
{
	static const char *const numbers[] = {
	    "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"};
	const struct advice *advices[32];
	size_t n = touched(report, advices, sizeof(advices) / sizeof(advices[0]));

	if (n == 0) {
		say(report, "Nothing that was measured went against the article's advice.");
		return;
	}
	if (n == 1)
		say(report, "One thing is worth a look. ");
	else if (n < sizeof(numbers) / sizeof(numbers[0]))
		say(report, "%s things are worth a look. ", numbers[n]);
	else
		say(report, "%zu things are worth a look. ", n);
	say(report, "The article advises %s", advices[0]->advises);
	if (n > 1)
		say(report, "; and %s", advices[1]->advises);
	if (n > 2)
		say(report, "; %zu more below", n - 2);
	say(report, ".");
}

void wording_verdict(struct report_night *report)
{
	char covered[WORDING_SIZE], of[WORDING_SIZE], now[TIME_SIZE];

	report->verdict[0] = '\0';
	if (report->running) {
		clock_format_time(report->now_ns, report->facts.utc_offset_s, now);
		say(report, "This night is still running; this is how it stands at %s. ", now);
	}
	report->has_verdict = report->cover_of_s > 0.0f &&
	                      report->covered_s >= 0.5f * report->cover_of_s;
	if (report->has_verdict)
		say_findings(report);
	else if (report->cover_of_s > 0.0f)
		say(report,
		    "No verdict: the mats saw %s of the %s from 21:00 to 07:00, less than half.",
		    wording_duration((double)report->covered_s, covered),
		    wording_duration((double)report->cover_of_s, of));
	else
		say(report, "No verdict before the night has begun.");
}
