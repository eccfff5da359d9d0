#include "report/wording.h"

#include "base/clock.h"
#include "core/trust.h"
#include "report/choose.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

/* ---- time ----------------------------------------------------------------------------------- */

const char *wording_duration(
    const struct language *language, double seconds, char text[static WORDING_SIZE])
{
	if (!isfinite(seconds))
		return strcpy(text, tr(language, "not known"));
	/* By the minute: what is shorter is none or one. */
	if (seconds < 60.0)
		seconds = seconds < 30.0 ? 0.0 : 60.0;
	if (seconds > 0.0)
		return language_duration(language, seconds, text);
	snprintf(text, WORDING_SIZE, tr(language, "%ld min"), 0L);
	return text;
}

static const char *month_name(const struct language *language, int month)
{
	static const char *const months[] = {N_("January"), N_("February"), N_("March"),
	    N_("April"), N_("May"), N_("June"), N_("July"), N_("August"), N_("September"),
	    N_("October"), N_("November"), N_("December")};

	return tr(language, months[month - 1]);
}

const char *wording_date(
    const struct language *language, int32_t day, char text[static WORDING_SIZE])
{
	static const char *const weekdays[] = {N_("Thursday"), N_("Friday"), N_("Saturday"),
	    N_("Sunday"), N_("Monday"), N_("Tuesday"), N_("Wednesday")};
	struct civil civil = clock_civil(day * 24 * NS_PER_H, 0);

	/* 1970-01-01 was a Thursday. */
	/* xgettext: weekday, day, month, year */
	snprintf(text, WORDING_SIZE, tr(language, "%1$s %2$d %3$s %4$d"),
	    tr(language, weekdays[((day % 7) + 7) % 7]), civil.day,
	    month_name(language, civil.month), civil.year);
	return text;
}

const char *wording_day(
    const struct language *language, int32_t day, char text[static WORDING_SIZE])
{
	struct civil civil = clock_civil(day * 24 * NS_PER_H, 0);

	/* xgettext: day, month */
	snprintf(text, WORDING_SIZE, tr(language, "%1$d %2$s"), civil.day,
	    month_name(language, civil.month));
	return text;
}

const char *wording_span(const struct language *language, const char *from, const char *to,
    char text[static WORDING_SIZE])
{
	/* xgettext: from and to, times of a day */
	snprintf(text, WORDING_SIZE, tr(language, "%1$s-%2$s"), from, to);
	return text;
}

const char *wording_when(const struct language *language, const struct stored_event *event,
    char text[static WORDING_SIZE])
{
	char from[TIME_SIZE], to[TIME_SIZE];

	if (event->day != 0)
		return strcpy(text, tr(language, "The whole night"));
	if (event->start_real_ns == 0)
		return strcpy(text, tr(language, "time not known"));
	clock_format_time(event->start_real_ns, event->utc_offset_s, from);
	clock_format_time(event->end_real_ns, event->end_offset_s, to);
	if (strcmp(from, to) == 0)
		strcpy(text, from);
	else
		wording_span(language, from, to, text);
	return text;
}

/* ---- findings ------------------------------------------------------------------------------- */

const char *wording_finding(
    const struct language *language, const struct stored_event *event, char *text, size_t size)
{
	char when[WORDING_SIZE], detail[PHRASE_SAID];

	phrase_say(
	    event->phrase[0] ? event->phrase : event->detail, language, detail, sizeof(detail));
	/* What is about the night needs no time. */
	if (event->day != 0 || strstr(detail, wording_when(language, event, when)))
		snprintf(text, size, "%s", detail);
	else
		snprintf(text, size, tr(language, "%1$s: %2$s"), when, detail);
	return text;
}

/* A number as it is read aloud: no more digits than the measurement has. */
static void say_number(
    const struct language *language, double value, const char *unit, char text[static WORDING_SIZE])
{
	/* The units that rules use and people read. */
	static const char *const units[] = {N_("min"), N_("h"), N_("s"), N_("of 10"), N_("bends")};
	char number[NUMBER_SIZE];

	if (strcmp(unit, "min") == 0 && value >= 60.0) {
		value /= 60.0;
		unit = "h";
	}
	bool plain = !*unit || strcmp(unit, "ratio") == 0 || strcmp(unit, "index") == 0;
	bool small = strcmp(unit, "ratio") == 0 || fabs(value) < 1.0;
	int digits = small ? 2 : fabs(value - round(value)) < 0.05 ? 0 : 1;
	const char *word = unit;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i], unit) == 0)
			word = tr(language, units[i]);
	language_number(language, value, digits, number);
	snprintf(text, WORDING_SIZE, plain ? "%s" : "%s %s", number, word);
}

const char *wording_limit(const struct language *language, const struct stored_event *event,
    char text[static WORDING_SIZE])
{
	char limit[WORDING_SIZE], seen[PERCENT_SIZE];

	*text = '\0';
	if (!isfinite(event->limit))
		return text;
	say_number(language, event->limit, event->unit, limit);
	if (event->coverage_ratio < 0.995)
		snprintf(text, WORDING_SIZE, tr(language, "Limit: %1$s; seen %2$s of the time."),
		    limit, language_percent(language, event->coverage_ratio, seen));
	else
		snprintf(text, WORDING_SIZE, tr(language, "Limit: %s."), limit);
	return text;
}

const char *wording_part(
    const struct language *language, const struct share *share, char text[static WORDING_SIZE])
{
	char percent[PERCENT_SIZE];

	language_percent(language, (double)share->part, percent);
	if (!share->text)
		return strcpy(text, percent);
	snprintf(text, WORDING_SIZE, tr(language, "%1$s, %2$s"), percent, share->text);
	return text;
}

const char *wording_titled(
    const struct language *language, const struct block *block, char *text, size_t size)
{
	if (block->text)
		snprintf(text, size, tr(language, "%1$s, %2$s"), block->name, block->text);
	else
		snprintf(text, size, "%s", block->name);
	return text;
}

const char *wording_unit(const struct language *language, enum pressure_unit unit)
{
	/* xgettext:no-c-format */
	const char *relative = N_("% of full scale");

	return unit == PRESSURE_MMHG ? "mmHg" : tr(language, relative);
}

/* ---- the night ------------------------------------------------------------------------------ */

const char *wording_not_assessed(const struct language *language, const struct report_night *report)
{
	static const char *const why[] = {
	    [SENSE_SHAPE] = "",
	    [SENSE_LOAD] = N_("the bed's load cells tell no posture"),
	    [SENSE_SWITCH] = N_("the bed's switches tell only whether it is loaded"),
	};

	if (!report->minutes->has_bed)
		return tr(language, "no bed was measured");
	return report->facts.bed_sense == SENSE_SHAPE ? ""
	                                              : tr(language, why[report->facts.bed_sense]);
}

const char *wording_support(
    const struct language *language, const struct report_night *report, char *text, size_t size)
{
	static const char *const sentences[] = {
	    [SUPPORT_NOT_ASSESSED] = N_("Not assessed: that takes 60 min quiet on the back, and "
	                                "there were {quiet}."),
	    [SUPPORT_INCONCLUSIVE] = N_("Inconclusive: the valley under the waist says little by "
	                                "itself. Against your reference, or your first nights "
	                                "once there are three, nothing was found."),
	    [SUPPORT_FOUND] = N_("See the finding: lumbar valley {valley} in {quiet} quiet on the "
	                         "back."),
	    [SUPPORT_NO_SIGN] = N_("No sign of a mattress that is too soft: lumbar valley "
	                           "{valley} in {quiet} quiet on the back."),
	    [SUPPORT_NO_REFERENCE] = N_("Inconclusive: the valley under the waist says little by "
	                                "itself, and your nights on this mat are too few for a "
	                                "reference yet."),
	};
	struct phrase phrase = {0};
	char quiet[WORDING_SIZE];

	if (report->support == SUPPORT_NOT_ASSESSED && *wording_not_assessed(language, report)) {
		snprintf(text, size, tr(language, "Not assessed: %s."),
		    wording_not_assessed(language, report));
		return text;
	}
	wording_duration(language, (double)report->facts.quiet_supine_s, quiet);
	phrase_sentence(&phrase, sentences[report->support]);
	phrase_number(&phrase, "valley", (double)report->facts.valley_ratio, 2);
	phrase_text(&phrase, "quiet", quiet);
	return phrase_say(phrase.text, language, text, size);
}

int wording_days_before(const struct report_night *report, const struct stored_surface *surface)
{
	int64_t ns = report->facts.end_ns - surface->calibrated_real_ns;

	return ns > 0 ? (int)(ns / (24 * NS_PER_H)) : 0;
}

const char *wording_trust(const struct report_night *report, const struct stored_surface *surface,
    const struct language *language, char *text, size_t size)
{
	const struct trust_facts facts = {
	    .unit = surface->unit,
	    .made_real_ns = surface->calibrated_real_ns,
	    .now_real_ns = report->running ? report->now_ns : report->facts.end_ns,
	    .age_limit_s = surface->age_limit_s,
	    .drift_ratio = surface->drift_ratio,
	};
	struct phrase phrase = {0};

	/* Load cells and switches give no pressures. */
	if (surface->sense == SENSE_SHAPE)
		trust_phrase(&facts, surface->name, &phrase);
	return phrase_say(phrase.text, language, text, size);
}

const char *wording_clock(
    const struct language *language, const struct report_night *report, char *text, size_t size)
{
	char undated[WORDING_SIZE];

	snprintf(text, size, "%s",
	    report->minutes->synchronised
	        ? tr(language, "known")
	        : tr(language, "a guess: the machine's clock was never set by the network, times "
	                       "may be wrong"));
	size_t used = strlen(text);
	if (report->undated_s > 0.0f)
		snprintf(text + used, size - used,
		    tr(language, "; %s have no known time and are of no night"),
		    wording_duration(language, (double)report->undated_s, undated));
	return text;
}

const char *wording_limits(const struct language *language, const struct report_night *report)
{
	bool has_pressure = false;

	for (size_t i = 0; i < report->n_surfaces; i++)
		has_pressure = has_pressure || report->surfaces[i].sense != SENSE_SWITCH;
	return !has_pressure
	           ? tr(language,
	                 "Not a diagnosis. Sleep is estimated from movement. Times are counted by "
	                 "the minute.")
	       : report->calibrated
	           ? tr(language,
	                 "Not a diagnosis. Sleep is estimated from movement. Times are counted by "
	                 "the minute. Pressure is interface pressure between body and mat.")
	           : tr(language,
	                 "Not a diagnosis. Sleep is estimated from movement. Times are counted by "
	                 "the minute. Pressure is in relative units: the mat is not calibrated.");
}

/* Appends a sentence, cut where the text is full. */
static void __attribute__((format(printf, 3, 4)))
say(char *text, const struct language *language, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	if (used > 0 && used + 2 < VERDICT_SIZE)
		used += strlen(strcpy(text + used, language_gap(language)));
	va_start(args, format);
	vsnprintf(text + used, VERDICT_SIZE - used, format, args);
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

/* The first finding with its value, its limit and the advice; the others stand below. */
static void say_findings(
    const struct language *language, const struct report_night *report, char *text)
{
	const struct stored_event *first = choose_first(report);
	const struct advice *advices[32];
	size_t n = touched(report, advices, sizeof(advices) / sizeof(advices[0]));
	char words[PHRASE_SAID + WORDING_SIZE + 2];

	if (n == 0) {
		say(text, language, "%s",
		    report_n_findings(report) == 0
		        ? tr(language,
		              "Nothing that was measured went against the article's advice.")
		        : tr(language, "Nothing stands out; what is small is noted below."));
		return;
	}
	say(text, language,
	    tr_n(language, "%zu thing is worth a look.", "%zu things are worth a look.", n), n);
	say(text, language, n > 1 ? tr(language, "First: %s") : "%s",
	    wording_finding(language, first, words, sizeof(words)));
	/* Beside pain or a hard night a limit would sound like a fault of hers. */
	bool is_measure = strcmp(first->advice_id, "pain.doctor") != 0 &&
	                  strcmp(first->advice_id, "rest.enough") != 0;
	if (is_measure && *wording_limit(language, first, words))
		say(text, language, "%s", words);
	say(text, language, tr(language, "The article advises %s."),
	    tr(language, guidance_find(first->advice_id)->advises));
}

const char *wording_verdict(const struct language *language, const struct report_night *report,
    char text[static VERDICT_SIZE])
{
	char covered[WORDING_SIZE], of[WORDING_SIZE], now[TIME_SIZE];

	*text = '\0';
	if (report->running) {
		clock_format_time(
		    report->now_ns, noon_offset_s(&report->minutes->offsets, report->now_ns), now);
		say(text, language,
		    tr(language, "This night is still running; this is how it stands at %s."), now);
	}
	if (report->has_verdict)
		say_findings(language, report, text);
	else if (report->cover_of_s > 0.0f)
		say(text, language,
		    tr(language, "No verdict: the mats saw %1$s of the %2$s from 21:00 to 07:00, "
		                 "less than half."),
		    wording_duration(language, (double)report->covered_s, covered),
		    wording_duration(language, (double)report->cover_of_s, of));
	else
		say(text, language, "%s", tr(language, "No verdict before the night has begun."));
	return text;
}
