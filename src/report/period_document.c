#include "base/clock.h"
#include "base/json.h"
#include "report/anew.h"
#include "report/json.h"
#include "report/measures.h"
#include "report/night_document.h"
#include "report/period.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

/* ---- what was found -------------------------------------------------------------------------- */

/* Each piece of advice that findings touched: how often, and what to try. */
static void add_findings(struct document *document, const struct report_period *period)
{
	const struct language *l = document->language;

	document_section(document, "findings", tr(l, "Findings"), SECTION_PLAIN);
	if (period->n_events == 0)
		document_text(document, tr(l, "None."));
	for (size_t a = 0; a < n_guidance; a++) {
		size_t n = 0;

		for (size_t i = 0; i < period->n_events; i++)
			n += period->events[i].level == EVENT_ADVICE &&
			     strcmp(period->events[i].advice_id, guidance[a].id) == 0;
		if (n == 0)
			continue;
		struct block *item = document_block(document, BLOCK_ITEM);
		item->text = document_print(
		    document, tr(l, "The article advises %s."), tr(l, guidance[a].advises));
		struct line *line = document_line(document, item);
		line->soft = true;
		line->code = guidance[a].id;
		line->text = document_print(document,
		    tr_n(l, "Found %1$zu time in these nights. To try: %2$s",
		        "Found %1$zu times in these nights. To try: %2$s", n),
		    n, tr(l, guidance[a].try_this));
	}
}

/* ---- before and after ------------------------------------------------------------------------ */

enum told { MORE_THAN_SCATTER, WITHIN_SCATTER, NOT_TOLD };

static enum told told(const struct change *change)
{
	if (!isfinite(change->difference))
		return NOT_TOLD;
	return change->more_than_scatter ? MORE_THAN_SCATTER : WITHIN_SCATTER;
}

/* False: nought before and after, of which nobody wants to read. */
static bool change_of(
    const struct report_period *period, size_t note, size_t measure, struct change *change)
{
	period_change(period, note, measure, change);
	return !(
	    measures[measure].may_be_left_out && change->before < 0.05f && change->after < 0.05f);
}

static const char *change_words(
    struct document *document, const struct measure *measure, const struct change *change)
{
	const struct language *l = document->language;

	return document_print(document,
	    tr(l, "%1$s before, %2$s after (%3$s to %4$s; %5$zu and %6$zu nights)"),
	    measures_number(document, measure, change->before),
	    measures_number(document, measure, change->after),
	    measures_number(document, measure, change->low),
	    measures_number(document, measure, change->high), change->n_before, change->n_after);
}

/* The figures of one kind below their heading. */
static void add_changes(
    struct document *document, const struct report_period *period, size_t note, enum told kind)
{
	static const char *const headings[] = {
	    [MORE_THAN_SCATTER] = N_("More than your usual scatter:"),
	    [WITHIN_SCATTER] = N_("Within your usual scatter:"),
	    [NOT_TOLD] = N_("Cannot be told: it takes four nights before and four after."),
	};
	const struct language *l = document->language;
	bool begun = false;

	for (size_t i = 0; i < n_measures; i++) {
		struct change change;

		if (!change_of(period, note, i, &change) || told(&change) != kind)
			continue;
		if (!begun)
			document_text(document, tr(l, headings[kind]));
		begun = true;
		document_fact(document, measures[i].term, measures_title(document, &measures[i]),
		    kind == NOT_TOLD
		        ? document_print(document, tr(l, "%1$zu nights before, %2$zu after"),
		              change.n_before, change.n_after)
		        : change_words(document, &measures[i], &change));
	}
}

static void add_notes(struct document *document, const struct report_period *period)
{
	const struct language *l = document->language;
	char day[WORDING_SIZE];

	for (size_t i = 0; i < period->n_notes; i++) {
		document_section(document, document_print(document, "note-%zu", i),
		    document_print(document, tr(l, "%1$s: %2$s"),
		        wording_day(l, period->notes[i].day, day), period->notes[i].text),
		    SECTION_PLAIN);
		for (enum told kind = MORE_THAN_SCATTER; kind <= NOT_TOLD; kind++)
			add_changes(document, period, i, kind);
		document_note(document,
		    tr(l, "Medians of the nights before and after, up to the next note. In "
		          "brackets: how much it changed, in 95 of 100 resamplings of these "
		          "nights. That something changed does not say why; of several figures one "
		          "may seem to change by chance."));
	}
	if (period->n_notes > 0)
		return;
	document_section(document, "notes", tr(l, "Before and after"), SECTION_PLAIN);
	document_text(document, tr(l, "Nothing is noted. A change can be marked, and is then "
	                              "compared: lumbar note \"new topper\""));
}

/* What came of a note, in one sentence; NULL: too few nights to say. */
static const char *note_words(
    struct document *document, const struct report_period *period, size_t note)
{
	const struct language *l = document->language;
	char day[WORDING_SIZE];
	const char *changed = NULL;
	bool any = false;

	for (size_t i = 0; i < n_measures; i++) {
		struct change change;

		if (!change_of(period, note, i, &change) || told(&change) == NOT_TOLD)
			continue;
		any = true;
		if (told(&change) == WITHIN_SCATTER)
			continue;
		const char *one = document_print(document, tr(l, "%1$s from %2$s to %3$s"),
		    tr(l, measures[i].name), measures_number(document, &measures[i], change.before),
		    measures_value(document, &measures[i], change.after));
		changed = changed ? document_print(document, tr(l, "%1$s, %2$s"), changed, one)
		                  : one;
	}
	if (!any)
		return NULL;
	wording_day(l, period->notes[note].day, day);
	return changed
	           ? document_print(document,
	                 tr(l,
	                     "After \"%1$s\" (%2$s) these changed by more than your usual scatter: "
	                     "%3$s."),
	                 period->notes[note].text, day, changed)
	           : document_print(document,
	                 tr(l, "After \"%1$s\" (%2$s) nothing changed by more than your "
	                       "usual scatter."),
	                 period->notes[note].text, day);
}

/* ---- the document ---------------------------------------------------------------------------- */

/* A line where something was noted: the night that ends on that day was slept before it. */
static void mark_notes(struct bars *bars, const struct report_period *period)
{
	for (size_t i = 0; bars && i < period->n_notes; i++) {
		int32_t place = period->notes[i].day + 1 -
		                (period->last_day - (int32_t)bars->n + 1);

		if (place >= 0 && place < (int32_t)bars->n)
			bars->marks[place] = true;
	}
}

static void add_measures(struct document *document, const struct report_period *period)
{
	const struct language *l = document->language;

	document_section(document, "measures", tr(l, "Night by night"), SECTION_PLAIN);
	anew_say(
	    document, period->breaks, period->n_breaks, period->nights, period->n_nights, false);
	for (size_t i = 0; i < n_measures; i++)
		mark_notes(measures_add(document, &measures[i], period->nights, period->n_nights,
		               period->last_day, period->n_days, false),
		    period);
	document_note(document, tr(l, "A missing bar is a night without data, or without that "
	                              "figure. The line across is the middle value."));
	if (period->n_notes > 0)
		document_note(document, tr(l, "An upright line: what was noted that day."));
	anew_explain(document, period->nights, period->n_nights);
}

static const char *lead_of(struct document *document, const struct report_period *period)
{
	const struct language *l = document->language;
	const char *seen = document_print(document,
	    tr_n(l, "%1$zu of %2$zu nights was recorded.", "%1$zu of %2$zu nights were recorded.",
	        period->n_nights),
	    period->n_nights, period->n_days);
	size_t n_pain = 0, n_dim = 0;

	for (size_t i = 0; i < period->n_nights; i++)
		n_pain += period->nights[i].pain >= 0;
	if (period->n_nights * 2 < period->n_days)
		return document_print(document, "%s%s%s", seen, language_gap(l),
		    tr(l, "That is less than half: no verdict."));
	/* Of the night that still runs it is too early to say. */
	for (size_t i = 0; i + period->running < period->n_nights; i++)
		n_dim += !night_well_seen(&period->nights[i]);
	if (n_dim > 0)
		seen = document_print(document, "%s%s%s", seen, language_gap(l),
		    document_print(document,
		        tr_n(l, "%zu of them was seen for less than half and is not compared.",
		            "%zu of them were seen for less than half and are not compared.",
		            n_dim),
		        n_dim));
	const char *text = document_print(document,
	    tr_n(l, "%1$s Pain was entered on %2$zu morning.",
	        "%1$s Pain was entered on %2$zu mornings.", n_pain),
	    seen, n_pain);
	for (size_t i = 0; i < period->n_notes; i++) {
		const char *words = note_words(document, period, i);

		if (words)
			text = document_print(document, "%s%s%s", text, language_gap(l), words);
	}
	return text;
}

struct document *period_document(
    const struct report_period *period, const struct language *language)
{
	struct document *document = document_create(language);
	char to[WORDING_SIZE];

	if (!document)
		return NULL;
	document->kicker = document_print(
	    document, tr(language, "The %zu nights to"), period->n_days);
	document->title = document_keep(document, wording_date(language, period->last_day, to));
	document->lead = lead_of(document, period);
	document->footer = tr(language,
	    "Not a diagnosis. Sleep is estimated from movement. Nights that were not "
	    "recorded are missing, not good.");
	add_measures(document, period);
	add_notes(document, period);
	add_findings(document, period);
	terms_add(document);
	return document;
}

/* ---- for programs ---------------------------------------------------------------------------- */

static json_t *change_json(const struct report_period *period, size_t note)
{
	json_t *object = json_object();

	for (size_t c = 0; c < n_measures; c++) {
		struct change change;

		period_change(period, note, c, &change);
		json_object_set_new(object, measures[c].id,
		    json_pack("{s:i, s:i, s:o, s:o, s:o, s:o, s:b}", "n_before",
		        (int)change.n_before, "n_after", (int)change.n_after, "before",
		        json_number_or_null((double)change.before), "after",
		        json_number_or_null((double)change.after), "low",
		        json_number_or_null((double)change.low), "high",
		        json_number_or_null((double)change.high), "more_than_scatter",
		        change.more_than_scatter));
	}
	return object;
}

int period_json(const struct report_period *period, FILE *out)
{
	json_t *object = json_object(), *nights = json_array(), *notes = json_array();
	char date[DATE_SIZE];

	clock_format_day(period->last_day, date);
	json_object_set_new(object, "last_night", json_string(date));
	json_object_set_new(object, "days", json_integer((json_int_t)period->n_days));
	for (size_t i = 0; i < period->n_nights; i++)
		json_array_append_new(nights, report_facts_json(&period->nights[i]));
	for (size_t i = 0; i < period->n_notes; i++) {
		clock_format_day(period->notes[i].day, date);
		json_array_append_new(
		    notes, json_pack("{s:s, s:s, s:o}", "date", date, "note", period->notes[i].text,
		               "changes", change_json(period, i)));
	}
	json_object_set_new(object, "nights", nights);
	json_object_set_new(object, "notes", notes);
	json_object_set_new(object, "breaks", anew_json(period->breaks, period->n_breaks));
	json_object_set_new(object, "middle", usual_json(period->nights, period->n_nights, false));
	int rc = json_dumpf(object, out, JSON_INDENT(1) | JSON_REAL_PRECISION(7));
	json_decref(object);
	fputc('\n', out);
	return rc != 0 || ferror(out) ? -EIO : 0;
}
