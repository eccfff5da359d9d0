#include "report/picture.h"

#include "report/measures.h"
#include "report/night.h"
#include "report/paper.h"
#include "report/wording.h"

#include <errno.h>
#include <string.h>

#define MAP_WIDTH   300.0
#define MAP_HEIGHT  600.0 /* at most */
#define MAP_WORDS   72.0  /* above and below it */
#define BARS_HEIGHT 110.0 /* of one; of all together less */
#define BARS_SMALL  34.0
#define AXIS_WIDTH  30.0 /* of the numbers beside bars */
#define LANES_SCALE 0.9  /* of one strip */
#define CURVE_SCALE 3.0
#define RULE_RGB    0xd9d7d1

static const char *const maps[MAP_COUNT] = {
    [MAP_TYPICAL] = "map-typical", [MAP_STRONGEST] = "map-strongest", [MAP_FEED] = "map-feed"};

static const struct sheet_text title = {.font = FONT_TITLE};
static const struct sheet_text small = {.font = FONT_SMALL, .soft = true};

const char *picture_name(size_t i)
{
	if (i == 0)
		return "strips";
	i -= 1;
	if (i < n_strips)
		return strips[i].id;
	i -= n_strips;
	if (i < MAP_COUNT)
		return maps[i];
	i -= MAP_COUNT;
	if (i == 0)
		return "bars";
	return i - 1 < n_measures ? measures[i - 1].id : NULL;
}

/* ---- finding what a name stands for ---------------------------------------------------------- */

struct subject {
	bool all_strips, all_bars;
	const struct strip *strip;
	const struct block *block; /* of a map or of bars */
};

/* The block of that kind with that place among its kind, NULL: there are not as many. */
static const struct block *nth_block(
    const struct document *document, enum block_kind kind, size_t place)
{
	for (size_t s = 0; s < document->n_sections; s++)
		for (size_t b = 0; b < document->sections[s].n_blocks; b++)
			if (document->sections[s].blocks[b].kind == kind && place-- == 0)
				return &document->sections[s].blocks[b];
	return NULL;
}

static const struct block *map_block(const struct document *document, size_t map)
{
	const struct block *block;

	for (size_t i = 0; (block = nth_block(document, BLOCK_MAP, i)); i++)
		if (document->night && block->map == &document->night->maps[map])
			return block;
	return NULL;
}

static const struct block *bars_block(const struct document *document, const char *measure)
{
	const struct block *block;

	for (size_t i = 0; (block = nth_block(document, BLOCK_BARS, i)); i++)
		if (block->bars && strcmp(block->bars->measure, measure) == 0)
			return block;
	return NULL;
}

/* 0; -ENOENT: no such name; -ENODATA: not in this document. */
static int find(const struct document *document, const char *name, struct subject *subject)
{
	const struct report_night *night = document->night;
	bool has_strips = night && nth_block(document, BLOCK_STRIPS, 0);

	*subject = (struct subject){
	    .all_strips = strcmp(name, "strips") == 0, .all_bars = strcmp(name, "bars") == 0};
	if (subject->all_strips)
		return has_strips ? 0 : -ENODATA;
	if (subject->all_bars)
		return nth_block(document, BLOCK_BARS, 0) ? 0 : -ENODATA;
	for (size_t i = 0; i < n_strips; i++)
		if (strcmp(name, strips[i].id) == 0) {
			struct strip shown;

			subject->strip = &strips[i];
			return has_strips && strip_show(&strips[i], night, &shown) ? 0 : -ENODATA;
		}
	for (size_t i = 0; i < MAP_COUNT; i++)
		if (strcmp(name, maps[i]) == 0) {
			subject->block = map_block(document, i);
			return subject->block ? 0 : -ENODATA;
		}
	for (size_t i = 0; i < n_measures; i++)
		if (strcmp(name, measures[i].id) == 0) {
			subject->block = bars_block(document, measures[i].id);
			return subject->block ? 0 : -ENODATA;
		}
	return -ENOENT;
}

static int say_names(const struct document *document, const char *name, struct error *err, int rc)
{
	char known[400] = "";
	struct subject subject;

	for (size_t i = 0; picture_name(i); i++) {
		size_t used = strlen(known);
		if (rc == -ENOENT || find(document, picture_name(i), &subject) == 0)
			snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "",
			    picture_name(i));
	}
	if (rc == -ENOENT)
		return error_set(err, rc, "--figure %s: there are %s", name, known);
	return error_set(err, rc, "--figure %s: not in this report, which has %s", name,
	    *known ? known : "no figure");
}

int picture_check(const struct document *document, const char *name, struct error *err)
{
	struct subject subject;
	int rc = find(document, name, &subject);

	return rc == 0 ? 0 : say_names(document, name, err, rc);
}

/* ---- drawing --------------------------------------------------------------------------------- */

static void write_line(
    const struct paper *paper, double width, const struct sheet_text *how, const char *text)
{
	sheet_move(paper->sheet,
	    sheet_text(paper->sheet, SHEET_LEFT, sheet_y(paper->sheet), width, how, text) + 3.0);
}

/* Of which night, or nights. */
static void draw_title(const struct paper *paper, const struct document *document, double width)
{
	write_line(paper, width, &small, document->kicker);
	write_line(paper, width, &title, document->title);
	sheet_move(paper->sheet, 6.0);
}

/* A page has them behind links; below each other in the order of the night. */
static void list_findings(const struct paper *paper)
{
	char words[PHRASE_SAID + WORDING_SIZE];

	for (size_t i = 0; i < paper->night->n_events; i++) {
		const struct stored_event *event = &paper->night->events[i];

		if (report_is_finding(event) && event->day == 0)
			write_line(paper, SHEET_WIDTH, &small,
			    wording_finding(paper->language, event, words, sizeof(words)));
	}
}

static void draw_strip(const struct paper *paper, const struct strip *only)
{
	bool curve = only->kind == STRIP_BREATHING || only->kind == STRIP_MOVEMENT;
	struct strip shown;

	if (!strip_show(only, paper->night, &shown))
		return;
	for (const struct strip *above = only; !shown.title; above--)
		shown.title = above->title;
	paper_strip(paper, &shown, curve ? CURVE_SCALE : LANES_SCALE);
}

static void draw_strips(const struct paper *paper, const struct strip *only)
{
	const struct language *l = paper->language;
	struct strip shown;

	paper_axis(paper);
	for (size_t i = 0; i < n_strips && !only; i++)
		if (strip_show(&strips[i], paper->night, &shown))
			paper_strip(paper, &shown, STRIP_SCALE);
	if (only)
		draw_strip(paper, only);
	paper_axis(paper);
	if (only && only->kind == STRIP_NOTICES) {
		list_findings(paper);
		return;
	}
	if (only)
		write_line(paper, SHEET_WIDTH, &small, tr(l, only->label));
	write_line(paper, SHEET_WIDTH, &small,
	    tr(l, "Hatched: not observed, which is neither rest nor absence. Before and after "
	          "these hours nobody was seen."));
}

/* As high as its proportions make it; of single cells the most. */
static double map_height(const struct stored_keyframe *frame)
{
	double height = frame->cols > 0 ? MAP_WIDTH * (double)frame->rows / (double)frame->cols
	                                : MAP_WIDTH;

	return height < MAP_HEIGHT ? height : MAP_HEIGHT;
}

static void draw_map(const struct paper *paper, const struct block *block)
{
	const struct language *l = paper->language;
	const struct report_map *map = block->map;
	double height = map_height(map->frame);

	paper_map(paper, block, SHEET_LEFT, sheet_y(paper->sheet), MAP_WIDTH, height);
	sheet_move(paper->sheet, height + MAP_WORDS);
	write_line(paper, MAP_WIDTH, &small,
	    map->frame->cols > 0 ? tr(l, "Seen from above. The ring with the cross is the centre "
	                                 "of pressure.")
	                         : tr(l, "Seen from above."));
	if (map->surface && map->surface->kind == SURFACE_BED)
		write_line(paper, MAP_WIDTH, &small, tr(l, "* when lying on the back."));
	if (map->frame->unit != PRESSURE_MMHG)
		write_line(paper, MAP_WIDTH, &small,
		    tr(l, "Not calibrated: percent of what the mat can read, not mmHg."));
}

static bool has_mark(const struct bars *bars)
{
	for (size_t i = 0; i < bars->n; i++)
		if (bars->marks[i])
			return true;
	return false;
}

/* What the lines and the colours mean, as the report says it. */
static void explain_bars(const struct paper *paper, const struct block *block)
{
	const struct language *l = paper->language;

	write_line(paper, SHEET_WIDTH, &small,
	    paper->night ? tr(l, "The last bar is this night; the line is your usual, the middle "
	                         "value of the nights before it.")
	                 : tr(l, "A missing bar is a night without data, or without that figure. "
	                         "The line across is the middle value."));
	if (block->bars && has_mark(block->bars))
		write_line(
		    paper, SHEET_WIDTH, &small, tr(l, "An upright line: what was noted that day."));
}

static void draw_all_bars(const struct paper *paper, const struct document *document)
{
	double width = (SHEET_WIDTH - 2.0 * SHEET_GAP) / 2.0;
	const struct block *block, *first = nth_block(document, BLOCK_BARS, 0);

	for (size_t i = 0; (block = nth_block(document, BLOCK_BARS, i)); i++) {
		double x = SHEET_LEFT + (double)(i % 2) * (width + 2.0 * SHEET_GAP);
		bool last = !nth_block(document, BLOCK_BARS, i + 1);

		if (block->bars)
			paper_bars(paper, block, x, sheet_y(paper->sheet), width, BARS_SMALL);
		if (i % 2 == 1 || last)
			sheet_move(paper->sheet, BARS_SMALL + 40.0);
	}
	explain_bars(paper, first);
}

/* A rule with its number on the left. */
static void draw_level(const struct paper *paper, double y, double value, int digits)
{
	struct sheet_text right = {.font = FONT_SMALL, .align = ALIGN_RIGHT, .soft = true};
	char number[NUMBER_SIZE];

	sheet_fill(
	    paper->sheet, SHEET_LEFT + AXIS_WIDTH, y, SHEET_WIDTH - AXIS_WIDTH, 0.6, RULE_RGB);
	sheet_text(paper->sheet, SHEET_LEFT, y - 5.0, AXIS_WIDTH - 4.0, &right,
	    language_number(paper->language, value, digits, number));
}

static void draw_bars(const struct paper *paper, const struct block *block)
{
	double y = sheet_y(paper->sheet), name = PAPER_BARS_NAME;

	draw_level(paper, y + name, (double)block->bars->greatest, block->bars->digits);
	draw_level(paper, y + name + BARS_HEIGHT, 0.0, 0);
	paper_bars(paper, block, SHEET_LEFT + AXIS_WIDTH, y, SHEET_WIDTH - AXIS_WIDTH, BARS_HEIGHT);
	sheet_move(paper->sheet, BARS_HEIGHT + 42.0);
	explain_bars(paper, block);
}

int picture_write(const struct document *document, const char *name, FILE *out)
{
	struct subject subject;
	int rc = find(document, name, &subject);

	if (rc != 0)
		return rc;
	bool is_map = subject.block && subject.block->kind == BLOCK_MAP;
	double width = is_map ? MAP_WIDTH : SHEET_WIDTH;
	struct paper paper = {.language = document->language,
	    .night = document->night,
	    .sheet = sheet_create_picture(width, language_code(document->language))};
	if (!paper.sheet)
		return -ENOMEM;
	draw_title(&paper, document, width);
	if (subject.all_strips || subject.strip)
		draw_strips(&paper, subject.strip);
	else if (subject.all_bars)
		draw_all_bars(&paper, document);
	else if (is_map)
		draw_map(&paper, subject.block);
	else if (subject.block)
		draw_bars(&paper, subject.block);
	rc = sheet_write_png(paper.sheet, out);
	sheet_destroy(paper.sheet);
	return rc;
}
