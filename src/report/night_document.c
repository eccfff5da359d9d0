/* What the report of a night says; how that looks is the writers' business. */
#include "report/night_document.h"

#include "base/clock.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* ---- the tiles ------------------------------------------------------------------------------ */

static const char *duration(struct document *document, float seconds)
{
	char text[WORDING_SIZE];

	return document_keep(document, wording_duration(document->language, (double)seconds, text));
}

static void add_support_tile(struct document *document, const struct report_night *report)
{
	static const char *const words[] = {
	    [SUPPORT_NOT_ASSESSED] = N_("not assessed"),
	    [SUPPORT_INCONCLUSIVE] = N_("inconclusive"),
	    [SUPPORT_FOUND] = N_("soft under the waist"),
	    [SUPPORT_NO_SIGN] = N_("no sign of too soft"),
	};
	const struct language *l = document->language;
	char valley[NUMBER_SIZE], quiet[WORDING_SIZE];
	const char *note;

	wording_duration(l, (double)report->facts.quiet_supine_s, quiet);
	language_number(l, (double)report->facts.valley_ratio, 2, valley);
	note = report->support == SUPPORT_NOT_ASSESSED
	           ? document_print(document, tr(l, "only %s quiet on the back"), quiet)
	           : document_print(
	                 document, tr(l, "valley %1$s in %2$s quiet on the back"), valley, quiet);
	document_tile(
	    document, "term-support", tr(l, "Support"), tr(l, words[report->support]), note);
}

static void add_feeds_tile(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct night_facts *facts = &report->facts;
	char minutes[WORDING_SIZE], load[NUMBER_SIZE];
	float strongest = 0.0f;

	if (!report->minutes->has_seat) {
		document_tile(
		    document, "term-chair", tr(l, "Feeds"), "-", tr(l, "no chair was measured"));
		return;
	}
	for (size_t i = 0; i < report->n_feeds; i++)
		if (fabsf(report->feeds[i].sideways_ratio) > fabsf(strongest))
			strongest = report->feeds[i].sideways_ratio;
	wording_duration(l, (double)facts->feed_s, minutes);
	document_tile(document, "term-chair", tr(l, "Feeds"),
	    document_print(document, "%d", facts->feeds),
	    fabsf(strongest) < 0.005f
	        ? document_print(document, tr(l, "%s in all"), minutes)
	        : document_print(document,
	              strongest > 0 ? tr(l, "%1$s in all; strongest lean %2$s to the right")
	                            : tr(l, "%1$s in all; strongest lean %2$s to the left"),
	              minutes, language_number(l, (double)fabsf(strongest), 2, load)));
}

static void add_sleep_tile(struct document *document, const struct night_sleep *sleep)
{
	const struct language *l = document->language;

	if (!isfinite(sleep->asleep_s)) {
		document_tile(document, "term-sleep", tr(l, "Sleep (estimated)"), "-",
		    tr(l, "no bed was measured"));
		return;
	}
	document_tile(document, "term-sleep", tr(l, "Sleep (estimated)"),
	    duration(document, sleep->asleep_s),
	    document_print(document,
	        tr(l, "longest %1$s; awake in bed %2$s; until asleep %3$s; not known %4$s"),
	        duration(document, sleep->longest_s), duration(document, sleep->awake_s),
	        duration(document, sleep->to_sleep_s), duration(document, sleep->unknown_s)));
}

void night_add_tiles(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	const struct night_facts *facts = &report->facts;

	document_section(document, "facts", NULL, SECTION_BARE);
	document_tile(
	    document, "term-lying", tr(l, "Lying"), duration(document, facts->lying_s), NULL);
	document_tile(document, "term-rest", tr(l, "Longest rest"),
	    duration(document, facts->longest_rest_s), NULL);
	document_tile(document, "term-unchanged", tr(l, "Longest in one posture"),
	    duration(document, facts->longest_unchanged_s), NULL);
	document_tile(document, "term-turns", tr(l, "Turns"),
	    document_print(document, "%d", facts->shifts), NULL);
	add_support_tile(document, report);
	add_feeds_tile(document, report);
	document_tile(document, "term-up", tr(l, "Times up"),
	    document_print(document, "%d", facts->exits), tr(l, "for a minute or more"));
	document_tile(
	    document, "term-away", tr(l, "Up and away"), duration(document, facts->away_s), NULL);
	add_sleep_tile(document, &facts->sleep);
	document_tile(document, "term-pain", tr(l, "Pain in the morning"),
	    facts->pain >= 0 ? document_print(document, tr(l, "%d of 10"), facts->pain) : "-",
	    facts->pain >= 0 ? tr(l, "your own entry") : tr(l, "not entered: lumbar pain 0-10"));
	document_tile(document, "term-unknown", tr(l, "Not known"),
	    duration(document, facts->unknown_s),
	    document_print(document, tr(l, "of %s since noon"),
	        duration(document, 60.0f * (float)report->n_minutes)));
}

/* ---- advice --------------------------------------------------------------------------------- */

static void add_tries(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	if (!report->tries[0])
		return;
	document_section(document, "tries", tr(l, "To try tonight"), SECTION_ACCENT);
	for (size_t i = 0; i < REPORT_TRIES_MAX && report->tries[i]; i++)
		document_block(document, BLOCK_ITEM)->text = tr(l, report->tries[i]->try_this);
}

/* Loud, under the figures that it is about: what cannot be trusted, and what to do. */
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

static void add_unmeasured(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	if (!report->unmeasured)
		return;
	document_section(document, "more", tr(l, "What no mat can measure"), SECTION_PLAIN);
	document_text(document, document_print(document, tr(l, "The article advises %s."),
	                            tr(l, report->unmeasured->advises)));
	document_text(document, tr(l, report->unmeasured->try_this));
}

static void add_strips(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	if (report->to <= report->from)
		return;
	document_section(document, "hours", tr(l, "Hour by hour"), SECTION_PLAIN);
	document_block(document, BLOCK_STRIPS)->term = "term-breathing";
	document_note(document, tr(l, "One clock for all. Hatched: not observed, which is neither "
	                              "rest nor absence."));
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
	add_trust(document, report);
	add_tries(document, report);
	add_strips(document, report);
	night_add_findings(document, report);
	night_add_maps(document, report);
	night_add_feeds(document, report);
	night_add_postures(document, report);
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
