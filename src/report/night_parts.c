/* Findings, maps, feeds, postures, the nights before and the data: the parts below the strips. */
#include "base/clock.h"
#include "report/anew.h"
#include "report/choose.h"
#include "report/measures.h"
#include "report/night_document.h"
#include "report/wording.h"

#include <math.h>
#include <string.h>

/* ---- findings ------------------------------------------------------------------------------- */

static bool has_map(const struct report_night *report, const struct stored_event *event)
{
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (report->maps[i].frame && report->maps[i].frame->id == event->keyframe_id)
			return true;
	return false;
}

static void add_finding(struct document *document, const struct report_night *report,
    const struct stored_event *event, struct block *item)
{
	const struct language *l = document->language;
	struct line *line = document_line(document, item);
	char text[PHRASE_SAID + WORDING_SIZE + 2], limit[WORDING_SIZE];
	size_t n = 0;

	wording_finding(l, event, text, sizeof(text));
	wording_limit(l, event, limit);
	line->id = document_print(document, "finding-%lld", (long long)event->id);
	line->text = document_print(document, "%s%s%s", text, *limit ? language_gap(l) : "", limit);
	if (has_map(report, event)) {
		line->links[n].text = tr(l, "see the map");
		line->links[n++].target = "maps";
	}
	if (event->day == 0) {
		line->links[n].text = tr(l, "see the hour");
		line->links[n].target = "hours";
	} else if (report->n_nights > 1) {
		line->links[n].text = tr(l, "the nights before");
		line->links[n].target = "before";
	}
}

/* One item an advice: what was found of it, what the article advises, and what to try. */
static void add_findings_of(
    struct document *document, const struct report_night *report, size_t rank)
{
	const struct language *l = document->language;
	const struct advice *advice = NULL;
	struct block *item = NULL;

	for (size_t i = 0; i < report->n_events; i++) {
		const struct stored_event *event = &report->events[i];

		if (!report_is_finding(event) || choose_rank(event) % CHOOSE_ADVICES != rank)
			continue;
		if (!item)
			item = document_block(document, BLOCK_ITEM);
		advice = guidance_find(event->advice_id);
		add_finding(document, report, event, item);
	}
	if (!advice)
		return;
	struct line *line = document_line(document, item);
	line->soft = true;
	line->text = document_print(document, tr(l, "The article advises %1$s. To try: %2$s"),
	    tr(l, advice->advises), tr(l, advice->try_this));
	line->code = advice->id;
}

void night_add_findings(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	if (report_n_findings(report) == 0 && report->has_verdict)
		return; /* as the verdict says */
	document_section(document, "findings", tr(l, "Findings"), SECTION_PLAIN);
	if (report_n_findings(report) == 0)
		document_text(document, tr(l, "None in the time that was seen."));
	for (size_t rank = 0; rank < CHOOSE_ADVICES; rank++)
		add_findings_of(document, report, rank);
}

/* ---- maps ----------------------------------------------------------------------------------- */

void night_add_maps(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	char time[TIME_SIZE];
	size_t n = 0;

	for (size_t i = 0; i < MAP_COUNT; i++)
		n += report->maps[i].frame != NULL;
	if (n == 0)
		return;
	document_section(document, "maps", tr(l, "Pressure maps"), SECTION_PLAIN);
	for (size_t i = 0; i < MAP_COUNT; i++) {
		const struct report_map *map = &report->maps[i];

		if (!map->frame)
			continue;
		bool is_bed = map->surface && map->surface->kind == SURFACE_BED;
		struct block *block = document_block(document, BLOCK_MAP);
		clock_format_time(map->frame->real_ns, map->frame->utc_offset_s, time);
		block->map = map;
		block->term = "term-pressure";
		block->name = tr(l, map->title);
		block->text = document_print(document, tr(l, "%1$s, %2$s"), time,
		    tr(l, is_bed ? posture_words(map->frame->posture)
		                 : seat_state_words(map->frame->seat)));
		block->note = document_print(document,
		    tr(l, "Pressure map at %1$s, seen from above; the ring with the cross is the "
		          "centre of pressure"),
		    block->text);
	}
	document_note(document, tr(l, "Seen from above. The ring with the cross is the centre of "
	                              "pressure. Each map has its own scale. * when lying on the "
	                              "back."));
	if (!report->calibrated)
		document_note(document, tr(l, "Not calibrated: percent of what the mat can read, "
		                              "not mmHg."));
}

/* ---- feeds and postures ---------------------------------------------------------------------- */

/* One kind sentence on how she sat; "": the pad could not tell. */
static const char *feed_words(const struct language *l, const struct sitting *feed)
{
	static const struct {
		enum seat_state state;
		const char *words;
	} parts[] = {
	    {SEAT_FORWARD,
	        N_("For the part bent forward: a firm pillow brings the child up to you.")},
	    {SEAT_SLUMP,
	        N_("For the slumped part: a cushion behind the waist lets the back rest.")},
	    {SEAT_LEAN_LEFT, N_("For the part leaning left: a cushion under that arm carries the "
	                        "child.")},
	    {SEAT_LEAN_RIGHT, N_("For the part leaning right: a cushion under that arm carries the "
	                         "child.")},
	};
	const float *seat_s = feed->seat_s;
	size_t worst = 0;

	for (size_t i = 1; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (seat_s[parts[i].state] > seat_s[parts[worst].state])
			worst = i;
	if (seat_s[SEAT_UPRIGHT] >= 0.95f * feed->seated_s)
		return tr(l, "Upright from beginning to end: kind to your back.");
	if (seat_s[SEAT_UPRIGHT] >= 0.8f * feed->seated_s)
		return tr(l, "Upright for most of it: kind to your back.");
	if (seat_s[parts[worst].state] >= 60.0f)
		return tr(l, parts[worst].words);
	return tr(l, "How you sat could not be told for most of it.");
}

/* A part of a whole, with its length; what is nothing is left out. */
static void add_share(struct document *document, struct shares *shares, const char *name,
    enum ink ink, float part_s, float whole_s)
{
	char text[WORDING_SIZE];

	if (!shares || shares->n == SHARES_MAX || !(whole_s > 0.0f && part_s >= 0.005f * whole_s))
		return;
	shares->parts[shares->n++] = (struct share){.name = tr(document->language, name),
	    .text = document_keep(
	        document, wording_duration(document->language, (double)part_s, text)),
	    .ink = ink,
	    .part = part_s / whole_s};
}

static void add_feed(
    struct document *document, const struct report_night *report, const struct sitting *feed)
{
	static const struct {
		const char *name;
		enum seat_state state;
		enum ink ink;
	} states[] = {
	    {N_("upright"), SEAT_UPRIGHT, INK_UPRIGHT},
	    {N_("bent forward"), SEAT_FORWARD, INK_FORWARD},
	    {N_("slumped"), SEAT_SLUMP, INK_SLUMP},
	    {N_("leaning left"), SEAT_LEAN_LEFT, INK_LEAN_LEFT},
	    {N_("leaning right"), SEAT_LEAN_RIGHT, INK_LEAN_RIGHT},
	};
	const struct language *l = document->language;
	struct block *block = document_block(document, BLOCK_SHARES);
	struct shares *shares = document_memory(document, sizeof(*shares));
	char from[TIME_SIZE], to[TIME_SIZE], text[WORDING_SIZE], load[NUMBER_SIZE];
	const char *sentence = feed_words(l, feed);
	float known = 0.0f;

	const struct minutes *minutes = report->minutes;
	clock_format_time(
	    minutes_real_ns(minutes, feed->first), minutes_offset_s(minutes, feed->first), from);
	clock_format_time(
	    minutes_real_ns(minutes, feed->last + 1), minutes_offset_s(minutes, feed->last), to);
	block->name = document_keep(document, wording_span(l, from, to, text));
	block->text = document_keep(document, wording_duration(l, (double)feed->seated_s, text));
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		add_share(document, shares, states[i].name, states[i].ink,
		    feed->seat_s[states[i].state], feed->seated_s);
		known += feed->seat_s[states[i].state];
	}
	add_share(
	    document, shares, N_("not known"), INK_GAP, feed->seated_s - known, feed->seated_s);
	block->shares = shares;
	block->compact = true;
	block->note = sentence;
	if (isfinite(feed->sideways_ratio))
		block->note = document_print(document, tr(l, "%1$s Sideways load %2$s%3$s."),
		    sentence, feed->sideways_ratio >= 0.005f ? "+" : "",
		    language_number(
		        l, round(100.0 * (double)feed->sideways_ratio) / 100.0 + 0.0, 2, load));
	block->term = "term-load";
}

void night_add_feeds(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	if (report->n_feeds == 0)
		return;
	document_section(document, "chair", tr(l, "In the chair"), SECTION_PLAIN);
	for (size_t i = 0; i < report->n_feeds; i++)
		add_feed(document, report, &report->feeds[i]);
	document_note(document, tr(l, "Stays of 5 min or more. Sideways load: the mean, against "
	                              "your own upright minute; + is more on your right."));
}

void night_add_postures(struct document *document, const struct report_night *report)
{
	static const enum ink inks[] = {[POSTURE_SUPINE] = INK_SUPINE,
	    [POSTURE_LEFT] = INK_LEFT,
	    [POSTURE_RIGHT] = INK_RIGHT,
	    [POSTURE_PRONE] = INK_PRONE};
	const struct language *l = document->language;
	const struct night_facts *facts = &report->facts;
	char time[WORDING_SIZE];
	float known_s = 0.0f;

	if (facts->lying_s <= 0.0f || facts->bed_sense != SENSE_SHAPE)
		return;
	struct block *block = document_block(document, BLOCK_SHARES);
	struct shares *shares = document_memory(document, sizeof(*shares));
	block->shares = shares;
	block->term = "term-postures";
	block->name = tr(l, "Postures");
	block->text = document_keep(document, wording_duration(l, (double)facts->lying_s, time));
	for (enum posture p = POSTURE_SUPINE; p <= POSTURE_PRONE; p++) {
		known_s += facts->posture_s[p];
		add_share(document, shares, posture_words(p), inks[p], facts->posture_s[p],
		    facts->lying_s);
	}
	add_share(document, shares, posture_words(POSTURE_UNKNOWN), INK_GAP,
	    facts->lying_s - known_s, facts->lying_s);
}

/* ---- the nights before ----------------------------------------------------------------------- */

void night_add_nights(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;

	struct night_facts nights[REPORT_NIGHTS_MAX];
	size_t n = report->n_nights;

	if (n < 2)
		return;
	memcpy(nights, report->nights, n * sizeof(nights[0]));
	nights[n - 1] = report->facts; /* as the report has it: a running night is counted to now */
	document_section(
	    document, "before", tr(l, "This night and the seven before"), SECTION_PLAIN);
	anew_say(document, report->breaks, report->n_breaks, nights, n, true);
	for (size_t i = 0; i < n_measures; i++)
		measures_add(
		    document, &measures[i], nights, n, report->facts.day, REPORT_NIGHTS_MAX, true);
	document_note(
	    document, tr(l, "The last bar is this night; the line is your usual, the middle "
	                    "value of the nights before it."));
	for (size_t i = 0; i + 1 < n; i++)
		if (!night_well_seen(&nights[i])) {
			document_note(document, tr(l, "Nights that were seen for less than half "
			                              "do not count for your usual."));
			break;
		}
	anew_explain(document, nights, n);
}

/* ---- the data -------------------------------------------------------------------------------- */

static const char *calibration_words(struct document *document, const struct report_night *report,
    const struct stored_surface *surface)
{
	const struct language *l = document->language;
	int days = wording_days_before(report, surface);

	if (surface->sense == SENSE_LOAD)
		return tr(l, "load cells: no posture, no support");
	if (surface->sense == SENSE_SWITCH)
		return tr(l, "switches: loaded or not, nothing else");
	if (surface->unit != PRESSURE_MMHG)
		return tr(l, "not calibrated: relative units, percent of full scale");
	if (surface->calibrated_real_ns <= 0)
		return tr(l, "mmHg, the calibration has no date");
	return document_print(document,
	    tr_n(l, "mmHg, calibrated %d day before this night",
	        "mmHg, calibrated %d days before this night", (unsigned long)days),
	    days);
}

static void add_surface(struct document *document, const struct report_night *report,
    const struct stored_surface *surface)
{
	const struct language *l = document->language;
	const char *words = calibration_words(document, report, surface);
	char quality[NUMBER_SIZE];

	if (surface->rows > 0)
		words = document_print(document, tr(l, "%1$zu x %2$zu cells, %3$s"), surface->rows,
		    surface->cols, words);
	if (surface->unit == PRESSURE_MMHG && isfinite(surface->calibration_quality_ratio))
		words = document_print(document, tr(l, "%1$s, quality %2$s"), words,
		    language_number(l, (double)surface->calibration_quality_ratio, 2, quality));
	if (surface->unit == PRESSURE_MMHG && surface->grade)
		words = document_print(document, tr(l, "%1$s, grade %2$c"), words, surface->grade);
	document_fact(document, NULL, document_keep(document, surface->name), words);
}

/* Whether it is still her, on a mat that reads as before, only she can tell. */
static void add_load(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	double ratio = (double)report->load.ratio;
	char apart[PERCENT_SIZE];

	if (!report->load.unlike)
		return;
	document_fact(document, NULL, tr(l, "Load in bed"),
	    document_print(document,
	        ratio > 1.0 ? tr(l, "%s above your usual, two nights running: another person, or a "
	                            "mat that reads otherwise? If so, lumbar note --new-person or "
	                            "--new-mat lets your usual start anew.")
	                    : tr(l, "%s below your usual, two nights running: another person, or a "
	                            "mat that reads otherwise? If so, lumbar note --new-person or "
	                            "--new-mat lets your usual start anew."),
	        language_percent(l, fabs(ratio - 1.0), apart)));
}

void night_add_data(struct document *document, const struct report_night *report)
{
	const struct language *l = document->language;
	char a[WORDING_SIZE], b[WORDING_SIZE], text[400];

	document_section(document, "data", tr(l, "How good the data are"), SECTION_PLAIN);
	document_fact(document, "term-covered", tr(l, "Seen"),
	    document_print(document, tr(l, "%1$s of the %2$s from 21:00 to 07:00"),
	        wording_duration(l, (double)report->covered_s, a),
	        wording_duration(l, (double)report->cover_of_s, b)));
	document_fact(document, "term-unknown", tr(l, "Not known"),
	    document_print(document, tr(l, "%1$s of %2$s since noon"),
	        wording_duration(l, (double)report->facts.unknown_s, a),
	        wording_duration(l, 60.0 * (double)report->n_minutes, b)));
	if (report->technical_s >= 30.0f)
		document_fact(document, NULL, tr(l, "Not to be judged"),
		    document_print(document, tr(l, "%s, for technical reasons"),
		        wording_duration(l, (double)report->technical_s, a)));
	if (report->health_ratio < 0.995f)
		document_fact(document, NULL, tr(l, "Living cells"),
		    document_keep(document, language_percent(l, (double)report->health_ratio, a)));
	add_load(document, report);
	document_fact(document, NULL, tr(l, "Clock"),
	    document_keep(document, wording_clock(l, report, text, sizeof(text))));
	for (size_t i = 0; i < report->n_surfaces; i++)
		add_surface(document, report, &report->surfaces[i]);
	for (size_t i = 0; i < report->n_events; i++)
		if (!report_is_finding(&report->events[i]))
			document_fact(document, NULL,
			    document_keep(document, wording_when(l, &report->events[i], a)),
			    document_keep(document,
			        phrase_say(report->events[i].phrase[0] ? report->events[i].phrase
			                                               : report->events[i].detail,
			            l, text, sizeof(text))));
}
