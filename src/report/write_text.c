/* A document for a terminal or an e-mail: 72 columns, no colours. */
#include "report/columns.h"
#include "report/document.h"
#include "report/figure.h"
#include "report/strips.h"
#include "report/wording.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define NAME_WIDTH  26
#define LABEL_WIDTH 12
#define STRIP_WIDTH 60
#define BAR_WIDTH   24

static const char *const eighths[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

static void rule(FILE *out, const char *text, const char *line)
{
	fprintf(out, "%s\n", text);
	for (int i = columns_of(text); i > 0; i--)
		fputs(line, out);
	fputc('\n', out);
}

static void named(FILE *out, const char *name, const char *text)
{
	int blanks = NAME_WIDTH - 2 - columns_of(name);
	char lead[240];

	if (blanks < 1) { /* a long name has a line of its own */
		columns_wrap(out, "  ", name);
		name = "";
		blanks = NAME_WIDTH - 2;
	}
	snprintf(lead, sizeof(lead), "  %s%*s", name, blanks, "");
	columns_wrap(out, lead, text);
}

/* ---- strips --------------------------------------------------------------------------------- */

/* The others have one row, which their title names. */
static bool names_its_rows(const struct strip *strip)
{
	return strip->kind == STRIP_LANES || strip->kind == STRIP_SIGNAL_BED ||
	       strip->kind == STRIP_SIGNAL_CHAIR;
}

/* The mean level of the minutes [from, to), in eighths: blocks of growing height. */
static const char *block_of(const struct strip *strip, size_t row,
    const struct report_night *report, size_t from, size_t to)
{
	float sum = 0.0f;
	int n = 0;

	for (size_t i = from; i < to && i < report->n_minutes; i++) {
		float level = strip_level(strip, row, report, i);

		if (isfinite(level)) {
			sum += level;
			n++;
		}
	}
	int height = n > 0 ? (int)ceilf(8.0f * sum / (float)n - 0.05f) : 0;
	return eighths[height < 0 ? 0 : height > 8 ? 8 : height];
}

static void write_row(
    const struct document *document, const struct strip *strip, size_t row, FILE *out)
{
	const struct report_night *report = document->night;
	size_t span = report->to - report->from;
	char label[80];

	if (names_its_rows(strip))
		snprintf(
		    label, sizeof(label), "  %s", tr(document->language, strip->rows[row].name));
	else
		snprintf(label, sizeof(label), "%s", tr(document->language, strip->title));
	columns_pad(out, label, LABEL_WIDTH);
	for (size_t c = 0; c < STRIP_WIDTH; c++)
		fputs(block_of(strip, row, report, report->from + c * span / STRIP_WIDTH,
		          report->from + (c + 1) * span / STRIP_WIDTH),
		    out);
	fputc('\n', out);
}

static void write_axis(const struct report_night *report, FILE *out)
{
	char axis[STRIP_WIDTH + 8];
	size_t span = report->to - report->from;
	size_t step = span > 720 ? 180 : span > 360 ? 120 : 60;

	memset(axis, ' ', sizeof(axis));
	for (size_t m = figure_axis_next(report, report->from, step); m < report->to;
	     m = figure_axis_next(report, m + step, step)) {
		size_t column = (m - report->from) * STRIP_WIDTH / span;
		char hour[FIGURE_HOUR_SIZE];
		memcpy(axis + column, figure_axis_hour(report, m, hour), 2);
	}
	fprintf(out, "%*s%.*s\n", LABEL_WIDTH, "", STRIP_WIDTH, axis);
}

static void write_strips(const struct document *document, FILE *out)
{
	const struct report_night *report = document->night;

	write_axis(report, out);
	for (size_t i = 0; i < n_strips; i++) {
		struct strip shown;

		if (!strip_show(&strips[i], report, &shown))
			continue;
		if (shown.title && names_its_rows(&shown))
			fprintf(out, "%s\n", tr(document->language, shown.title));
		for (size_t row = 0; row < shown.n_rows; row++)
			write_row(document, &shown, row, out);
	}
}

/* ---- blocks --------------------------------------------------------------------------------- */

static void write_item(const struct block *item, FILE *out)
{
	const char *lead = "* ";

	if (item->text) {
		columns_wrap(out, lead, item->text);
		lead = "  ";
	}
	for (size_t i = 0; i < item->n_lines; i++) {
		const struct line *line = &item->lines[i];
		char text[600];

		if (!*line->text)
			continue; /* links only: here is nothing to touch */
		snprintf(text, sizeof(text), "%s%s%s%s", line->text, line->code ? " [" : "",
		    line->code ? line->code : "", line->code ? "]" : "");
		columns_wrap(out, lead, text);
		lead = "  ";
	}
}

/* Parts in the order of their names below the bar, each with a block of its own. */
static void write_shares(const struct document *document, const struct block *block, FILE *out)
{
	static const char *const fills[] = {"█", "▓", "▒", "░", "▞", "▚", "▖", "·"};
	const struct shares *shares = block->shares;
	char legend[400] = "", percent[PERCENT_SIZE];
	float end = 0.0f;
	int at = 0;

	columns_pad(out, block->name, 14);
	columns_pad(out, block->text, 14);
	for (size_t i = 0; shares && i < shares->n; i++) {
		end += shares->parts[i].part;
		for (; at < (int)lroundf(end * BAR_WIDTH); at++)
			fputs(fills[i], out);
		size_t used = strlen(legend);
		snprintf(legend + used, sizeof(legend) - used, "%s%s %s %s%s%s%s", i ? "  " : "",
		    fills[i], shares->parts[i].name,
		    language_percent(document->language, (double)shares->parts[i].part, percent),
		    shares->parts[i].text ? " (" : "",
		    shares->parts[i].text ? shares->parts[i].text : "",
		    shares->parts[i].text ? ")" : "");
	}
	fputc('\n', out);
	columns_wrap(out, "  ", legend);
	if (block->note)
		columns_wrap(out, "  ", block->note);
}

/* Many nights in a row: a block each, a dot where there is none. */
static const char *bar_of(float value, float greatest)
{
	float height = ceilf(8.0f * value / greatest - 0.05f);

	if (!isfinite(value))
		return "·";
	return eighths[height >= 8 ? 8 : height > 0 ? (int)height : 0];
}

static void write_bars(const struct document *document, const struct block *block, FILE *out)
{
	char name[160], text[400] = "", number[NUMBER_SIZE];
	const struct bars *bars = block->bars;

	wording_titled(document->language, block, name, sizeof(name));
	for (size_t i = 0; bars && i < bars->n; i++) {
		size_t used = strlen(text);
		if (bars->n > BARS_FEW)
			snprintf(text + used, sizeof(text) - used, "%s%s",
			    bars->breaks[i]  ? "‖"
			    : bars->marks[i] ? "|"
			                     : "",
			    bar_of(bars->values[i], bars->greatest));
		else
			snprintf(text + used, sizeof(text) - used, "%s%s",
			    bars->breaks[i] ? " ‖ "
			    : i             ? " "
			                    : "",
			    language_number(
			        document->language, (double)bars->values[i], bars->digits, number));
	}
	named(out, name, text);
	if (bars && bars->first_label) {
		snprintf(text, sizeof(text), "%s - %s", bars->first_label, bars->last_label);
		size_t used = strlen(text);
		if (bars->n > BARS_FEW)
			snprintf(text + used, sizeof(text) - used, "; █ = %s",
			    language_number(
			        document->language, (double)bars->greatest, bars->digits, number));
		named(out, "", text);
	}
	if (block->note)
		named(out, "", block->note);
}

static void write_block(const struct document *document, const struct block *block, FILE *out)
{
	char text[600];

	switch (block->kind) {
	case BLOCK_TEXT:
	case BLOCK_NOTE:
		columns_wrap(out, "  ", block->text);
		break;
	case BLOCK_ITEM:
		write_item(block, out);
		break;
	case BLOCK_FACT:
		named(out, block->name, block->text);
		break;
	case BLOCK_TILE:
		snprintf(text, sizeof(text), tr(document->language, "%1$s; %2$s"), block->text,
		    block->note ? block->note : "");
		named(out, block->name, block->note ? text : block->text);
		break;
	case BLOCK_SHARES:
		write_shares(document, block, out);
		break;
	case BLOCK_BARS:
		write_bars(document, block, out);
		break;
	case BLOCK_STRIPS:
		write_strips(document, out);
		break;
	case BLOCK_MAP:
		break; /* pictures are for the page */
	}
}

/* Maps with what is said of them, and the definitions: nothing for a terminal. */
static bool is_left_out(const struct section *section)
{
	if (section->look == SECTION_TERMS)
		return true;
	for (size_t i = 0; i < section->n_blocks; i++)
		if (section->blocks[i].kind == BLOCK_MAP)
			return true;
	return false;
}

int document_write_text(const struct document *document, FILE *out)
{
	char top[300];

	if (!document_ok(document))
		return -ENOMEM;
	snprintf(top, sizeof(top), "%s %s", document->kicker, document->title);
	rule(out, top, "=");
	columns_wrap(out, "", document->lead);
	for (size_t i = 0; i < document->n_sections; i++) {
		const struct section *section = &document->sections[i];

		if (is_left_out(section))
			continue;
		fputc('\n', out);
		if (section->heading)
			rule(out, section->heading, "-");
		for (size_t b = 0; b < section->n_blocks; b++)
			write_block(document, &section->blocks[b], out);
	}
	fputc('\n', out);
	columns_wrap(out, "", document->footer);
	return ferror(out) ? -EIO : 0;
}
