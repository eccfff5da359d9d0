/* The strips of a night, as rows of one table: title, what is in it, how it is drawn. */
#ifndef LUMBAR_REPORT_STRIPS_H
#define LUMBAR_REPORT_STRIPS_H

#include "report/canvas.h"
#include "report/night.h"

enum strip_kind {
	STRIP_LANES,
	STRIP_MOVEMENT,
	STRIP_BREATHING,
	STRIP_NOTICES,
	STRIP_SIGNAL_BED,
	STRIP_SIGNAL_CHAIR,
};

#define STRIP_ROWS_MAX 6

struct strip {
	const char *id;    /* the name of its picture */
	const char *title; /* NULL: belongs to the strip above; English, as are the names */
	const char *label; /* what a screen reader says */
	const char *term;  /* of its definition; NULL: none */
	enum strip_kind kind;
	size_t n_rows;
	struct strip_row {
		const char *name;
		enum lane lane;
		enum ink ink;
	} rows[STRIP_ROWS_MAX];
};

extern const struct strip strips[];
extern const size_t n_strips;

/*
 * The strip with the rows that hold anything in this night; false: the night has nothing of what it
 * is about. The other functions take what is shown.
 */
bool strip_show(const struct strip *strip, const struct report_night *report, struct strip *shown);

double strip_height(const struct strip *strip); /* px in a page */
void strip_draw(struct canvas *canvas, const struct strip *strip, const struct report_night *report,
    const struct language *language, const char *label);

/* For who does not see it: what the strip shows, and how long each of its rows was. */
const char *strip_words(const struct strip *strip, const struct report_night *report,
    const struct language *language, char *text, size_t size);

/* How full a row is in a minute, 0-1; NAN: nothing is known of it. */
float strip_level(
    const struct strip *strip, size_t row, const struct report_night *report, size_t minute);

#endif
