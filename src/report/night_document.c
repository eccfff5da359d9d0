/* What the report of a night says; how that looks is the writers' business. */
#include "report/night_document.h"

#include "base/clock.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define UNKNOWN_WORTH_SAYING_S 300.0f /* beside the time lying */

/* ---- the tiles ------------------------------------------------------------------------------ */

static const char *duration(struct document *document, float seconds)
{
	char text[WORDING_SIZE];

	return document_keep(document, wording_duration(document->language, (double)seconds, text));
}

static const char *of_the_day(struct document *document, const struct report_night *report)
{
	return document_print(document, tr(document->language, "of %s since noon"),
	    duration(document, 60.0f * (float)report->n_minutes));
}

static void add_support_tile(struct document *document, const struct report_night *report)
{
	static const char *const words[] = {
	    [SUPPORT_NOT_ASSESSED] = N_("not assessed"),
	    [SUPPORT_INCONCLUSIVE] = N_("inconclusive"),
	    [SUPPORT_FOUND] = N_("soft under the waist"),
	    [SUPPORT_NO_SIGN] = N_("no sign of too soft"),
	    [SUPPORT_NO_REFERENCE] = N_("inconclusive"),
	};
	const struct language *l = document->language;
	char valley[NUMBER_SIZE], quiet[WORDING_SIZE];
	const char *note = wording_not_assessed(l, report);

	wording_duration(l, (double)report->facts.quiet_supine_s, quiet);
	language_number(l, (double)report->facts.valley_ratio, 2, valley);
	if (report->support != SUPPORT_NOT_ASSESSED)
		note = document_print(
		    document, tr(l, "valley %1$s in %2$s quiet on the back"), valley, quiet);
	else if (!*note)
		note = document_print(document, tr(l, "only %s quiet on the back"), quiet);
	document_tile(
	    document, "term-support", tr(l, "Support"), tr(l, words[report->support]), note);
}

static void add_feeds_tile(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	float leaning_s = 0.0f;

	for (size_t i = 0; i < report->n_feeds; i++)
		leaning_s += report->feeds[i].seat_s[SEAT_LEAN_LEFT] +
		             report->feeds[i].seat_s[SEAT_LEAN_RIGHT];
	const char *all = duration(document, report->facts.feed_s);
	document_tile(document, "term-chair", tr(l, "Feeds"),
	    document_print(document, "%d", report->facts.feeds),
	    leaning_s < 60.0f ? document_print(document, tr(l, "%s in all"), all)
	                      : document_print(document, tr(l, "%1$s in all; leaning for %2$s"),
	                            all, duration(document, leaning_s)));
}

static void add_sleep_tile(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct night_sleep *sleep = &report->facts.sleep;

	if (isfinite(sleep->asleep_s))
		document_tile(document, "term-sleep", tr(l, "Sleep (estimated)"),
		    duration(document, sleep->asleep_s),
		    document_print(
		        document, tr(l, "awake in bed %s"), duration(document, sleep->awake_s)));
	else
		document_tile(document, "term-sleep", tr(l, "Sleep (estimated)"),
		    tr(l, "not assessed"), wording_not_assessed(l, report));
}

static void add_pain_tile(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	int pain = report->facts.pain;

	document_tile(document, "term-pain", tr(l, "Pain in the morning"),
	    pain >= 0 ? document_print(document, tr(l, "%d of 10"), pain) : "-",
	    pain >= 0 ? tr(l, "your own entry") : tr(l, "not entered: lumbar pain 0-10"));
}

/* A bed of switches tells neither turns nor how long one posture lasted. */
static bool tells_turns(const struct report_night *report)
{
	return report->minutes->has_bed && report->facts.bed_sense != SENSE_SWITCH;
}

/* Eight at the most: more is not read at seven in the morning. */
void night_add_tiles(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct night_facts *facts = &report->facts;

	document_section(document, "facts", NULL, SECTION_BARE);
	document_tile(document, "term-lying", tr(l, "Lying"), duration(document, facts->lying_s),
	    facts->unknown_s < UNKNOWN_WORTH_SAYING_S
	        ? NULL
	        : document_print(document, tr(l, "at least; %s not known"),
	              duration(document, facts->unknown_s)));
	add_sleep_tile(document, report);
	if (tells_turns(report)) {
		document_tile(document, "term-unchanged", tr(l, "Longest in one posture"),
		    duration(document, facts->longest_unchanged_s), NULL);
		document_tile(document, "term-turns", tr(l, "Turns"),
		    document_print(document, "%d", facts->shifts), NULL);
	}
	document_tile(document, "term-up", tr(l, "Times up"),
	    document_print(document, "%d", facts->exits), tr(l, "for a minute or more"));
	if (report->minutes->has_seat)
		add_feeds_tile(document, report);
	else
		document_tile(document, "term-unknown", tr(l, "Not known"),
		    duration(document, facts->unknown_s), of_the_day(document, report));
	add_support_tile(document, report);
	add_pain_tile(document, report);
}

/* The other figures of the night, small. */
void night_add_figures(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct night_facts *facts = &report->facts;
	const struct night_sleep *sleep = &facts->sleep;
	char text[400];

	document_section(document, "figures", tr(l, "More figures"), SECTION_FIGURES);
	document_fact(document, "term-rest", tr(l, "Longest rest"),
	    duration(document, facts->longest_rest_s));
	document_fact(
	    document, "term-away", tr(l, "Up and away"), duration(document, facts->away_s));
	if (isfinite(sleep->asleep_s)) {
		document_fact(document, "term-sleep", tr(l, "Longest sleep"),
		    duration(document, sleep->longest_s));
		document_fact(document, "term-sleep", tr(l, "Until asleep"),
		    duration(document, sleep->to_sleep_s));
	}
	if (facts->bed_sense == SENSE_SHAPE)
		document_note(document, document_print(document, tr(l, "The mattress: %s"),
		                            wording_support(l, report, text, sizeof(text))));
	else
		document_fact(document, "term-postures",
		    tells_turns(report) ? tr(l, "Posture, support")
		                        : tr(l, "Posture, turns, sleep, support"),
		    document_print(
		        document, tr(l, "not assessed: %s"), wording_not_assessed(l, report)));
}

/* ---- advice --------------------------------------------------------------------------------- */

/* Up to two things that follow from this night, and one piece of advice that no mat can measure. */
static void add_tries(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct advice *more = report->unmeasured;

	if (report->tries[0])
		document_section(document, "tries", tr(l, "To try tonight"), SECTION_ACCENT);
	for (size_t i = 0; i < REPORT_TRIES_MAX && report->tries[i]; i++)
		document_block(document, BLOCK_ITEM)->text = tr(l, report->tries[i]->try_this);
	if (more && report->tries[0])
		document_note(
		    document, document_print(document,
		                  tr(l, "What no mat can measure: the article advises %1$s. %2$s"),
		                  tr(l, more->advises), tr(l, more->try_this)));
}

/* The same for a night that gave nothing to try. */
static void add_unmeasured(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct advice *more = report->unmeasured;

	if (!more || report->tries[0])
		return;
	document_section(document, "more", tr(l, "What no mat can measure"), SECTION_PLAIN);
	document_text(document, document_print(document, tr(l, "The article advises %1$s. %2$s"),
	                            tr(l, more->advises), tr(l, more->try_this)));
}

/* Loud, near the figures that it is about: what cannot be trusted, and what to do. */
static void add_trust(struct document *document, const struct report_night *report)
{
	bool begun = false;
	char text[PHRASE_SAID];

	for (size_t i = 0; i < report->n_surfaces; i++) {
		wording_trust(report, &report->surfaces[i], document->language, text, sizeof(text));
		if (!text[0])
			continue;
		if (!begun)
			document_section(document, "calibration",
			    tr(document->language, "Calibration"), SECTION_PLAIN);
		begun = true;
		document_text(document, document_keep(document, text));
	}
}

/* Of the hours that the strips show, or of those beside them. */
static float not_known_s(const struct report_night *report, bool shown)
{
	float unknown_s = 0.0f;

	for (size_t i = 0; i < report->n_minutes; i++)
		if (shown == (i >= report->from && i < report->to))
			unknown_s += 60.0f - minute_known_s(&report->minutes->minute[i]);
	return unknown_s;
}

static void add_strips(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	if (report->to <= report->from)
		return;
	document_section(document, "hours", tr(l, "Hour by hour"), SECTION_PLAIN);
	document_block(document, BLOCK_STRIPS);
	if (not_known_s(report, true) >= 30.0f)
		document_note(
		    document, tr(l, "Hatched: not observed, which is neither rest nor absence."));
	document_note(document, not_known_s(report, false) < UNKNOWN_WORTH_SAYING_S
	                            ? tr(l, "Before and after these hours nobody was seen.")
	                            : tr(l, "Before and after these hours not all is known."));
}

struct document *night_document(const struct report_night *report, const struct language *language)
{
	struct document *document = document_create(language);
	char text[VERDICT_SIZE], date[WORDING_SIZE];

	if (!document)
		return NULL;
	document->night = report;
	document->kicker = tr(language, "The night to");
	document->title = document_keep(document, wording_date(language, report->facts.day, date));
	document->lead = document_keep(document, wording_verdict(language, report, text));
	document->footer = wording_limits(language, report);
	night_add_tiles(document, report);
	add_tries(document, report);
	add_trust(document, report);
	add_strips(document, report);
	night_add_findings(document, report);
	night_add_figures(document, report);
	night_add_postures(document, report);
	night_add_maps(document, report);
	night_add_feeds(document, report);
	night_add_nights(document, report);
	add_unmeasured(document, report);
	night_add_data(document, report);
	terms_add(document);
	return document;
}

static int write_night(const struct report_night *report, const struct language *language,
    FILE *out, int (*write)(const struct document *, FILE *))
{
	struct document *document = night_document(report, language);
	int rc = document ? write(document, out) : -ENOMEM;

	document_destroy(document);
	return rc;
}

int report_text(const struct report_night *report, const struct language *language, FILE *out)
{
	return write_night(report, language, out, document_write_text);
}

int report_html(const struct report_night *report, const struct language *language, FILE *out)
{
	return write_night(report, language, out, document_write_html);
}

int report_pdf(const struct report_night *report, const struct language *language, FILE *out)
{
	return write_night(report, language, out, document_write_pdf);
}
