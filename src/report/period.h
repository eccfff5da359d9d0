/* Several nights in one report: a week, a month, a trend; before and after what she noted. */
#ifndef LUMBAR_REPORT_PERIOD_H
#define LUMBAR_REPORT_PERIOD_H

#include "report/change.h"
#include "report/document.h"
#include "store/breaks.h"
#include "store/query.h"

#define PERIOD_DAYS_MAX BARS_MAX

struct report_period {
	int32_t last_day;
	size_t n_days;              /* looked at, 2 to PERIOD_DAYS_MAX */
	struct night_facts *nights; /* those that were recorded, the newest last */
	size_t n_nights;
	struct stored_note *notes; /* of these days */
	size_t n_notes;
	struct stored_break *breaks; /* between them, as of report/anew.h */
	size_t n_breaks;
	struct stored_event *events; /* findings only */
	size_t n_events;
	bool running; /* the last night is not over */
};

/* The n_days nights up to last_day. 0; -ENODATA: none was recorded; -errno. The caller frees. */
int period_build(struct store *store, int32_t last_day, size_t n_days, int64_t now_ns,
    struct report_period **out, struct error *err);
void period_free(struct report_period *period); /* NULL is legal */

/*
 * Nights are left out that the first one after the note cannot be compared with.
 * How a figure was between the note before (or the first night) and this note, and from its day to
 * the next one (or the last night). note: an index of period->notes, measure: of measures[].
 */
void period_change(
    const struct report_period *period, size_t note, size_t measure, struct change *out);

/* The period must outlive the document. NULL: no memory. */
struct document *period_document(
    const struct report_period *period, const struct language *language);

/* For programs, in English. 0, or -errno. */
int period_json(const struct report_period *period, FILE *out);

#endif
