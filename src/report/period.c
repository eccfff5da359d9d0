#include "report/period.h"

#include "base/clock.h"
#include "report/anew.h"
#include "report/measures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Findings of these days; technical ones belong to single nights. */
static void keep_findings(struct report_period *period)
{
	size_t n = 0;

	for (size_t i = 0; i < period->n_events; i++)
		if (period->events[i].level != EVENT_TECHNICAL)
			period->events[n++] = period->events[i];
	period->n_events = n;
}

/* query_nights() gives so many nights, which may reach further back than so many days. */
static void drop_older(struct report_period *period)
{
	int32_t first = period->last_day - (int32_t)period->n_days + 1;
	size_t n_old = 0;

	while (n_old < period->n_nights && period->nights[n_old].day < first)
		n_old++;
	period->n_nights -= n_old;
	memmove(period->nights, period->nights + n_old, period->n_nights * sizeof(*period->nights));
}

static int query_all(struct report_period *period, struct store *store, struct error *err)
{
	int32_t first = period->last_day - (int32_t)period->n_days + 1;
	int rc = query_nights(
	    store, period->last_day, period->nights, period->n_days, &period->n_nights, err);

	if (rc != 0)
		return rc;
	drop_older(period);
	if (period->n_nights == 0)
		return error_set(
		    err, -ENODATA, "no night was recorded in these %zu days", period->n_days);
	rc = query_notes(store, first, period->last_day, &period->notes, &period->n_notes, err);
	if (rc == 0)
		rc = anew_read(
		    store, first - 1, period->last_day, &period->breaks, &period->n_breaks, err);
	if (rc == 0)
		rc = query_events(store, period->nights[0].start_ns,
		    period->nights[period->n_nights - 1].end_ns, &period->events, &period->n_events,
		    err);
	keep_findings(period);
	return rc;
}

int period_build(struct store *store, int32_t last_day, size_t n_days, int64_t now_ns,
    struct report_period **out, struct error *err)
{
	struct report_period *period = calloc(1, sizeof(*period));

	*out = NULL;
	if (period)
		period->nights = calloc(n_days, sizeof(*period->nights));
	if (!period || !period->nights) {
		period_free(period);
		return error_set(err, -ENOMEM, "out of memory");
	}
	period->last_day = last_day;
	period->n_days = n_days;
	int rc = query_all(period, store, err);
	if (rc != 0) {
		period_free(period);
		return rc;
	}
	period->running = now_ns > 0 && now_ns < period->nights[period->n_nights - 1].end_ns;
	*out = period;
	return 0;
}

void period_free(struct report_period *period)
{
	if (!period)
		return;
	free(period->nights);
	free(period->notes);
	free(period->breaks);
	free(period->events);
	free(period);
}

/* The nights that are over; the one that is still running is not among them. */
static size_t n_over(const struct report_period *period)
{
	return period->n_nights - (period->running ? 1 : 0);
}

/* The first night after a note, which those that are compared must be like; NULL: none. */
static const struct night_facts *first_after(const struct report_period *period, int32_t day)
{
	for (size_t i = 0; i < n_over(period); i++)
		if (period->nights[i].day > day)
			return &period->nights[i];
	return NULL;
}

/* Values of the nights on days [from, to) that compare with `like`, if it is there. */
static size_t values_of(const struct report_period *period, const struct measure *measure,
    const struct night_facts *like, int32_t from, int32_t to,
    float values[static CHANGE_NIGHTS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < n_over(period) && n < CHANGE_NIGHTS_MAX; i++) {
		const struct night_facts *night = &period->nights[i];

		if (night->day >= from && night->day < to &&
		    (!like || night_comparable(night, like, measure->eras)))
			values[n++] = measures_comparable(measure, night);
	}
	return n;
}

void period_change(
    const struct report_period *period, size_t note, size_t measure, struct change *out)
{
	float before[CHANGE_NIGHTS_MAX], after[CHANGE_NIGHTS_MAX];
	const struct measure *of = &measures[measure];
	int32_t at = period->notes[note].day;
	int32_t from = note > 0 ? period->notes[note - 1].day : INT32_MIN;
	int32_t to = note + 1 < period->n_notes ? period->notes[note + 1].day : INT32_MAX;
	const struct night_facts *like = first_after(period, at);
	/* The night that ends on the day of the note was slept before it. */
	size_t n_before = values_of(period, of, like, from + (note > 0), at + 1, before);
	size_t n_after = values_of(period, of, like, at + 1, to == INT32_MAX ? to : to + 1, after);

	change_compare(before, n_before, after, n_after, out);
}
