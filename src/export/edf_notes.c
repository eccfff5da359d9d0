#include "export/edf_notes.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static struct edf_note *next_note(struct edf_notes *notes)
{
	if (notes->n == notes->room) {
		size_t room = notes->room ? 2 * notes->room : 64;
		struct edf_note *list = reallocarray(notes->list, room, sizeof(*list));
		if (!list)
			return NULL;
		notes->list = list;
		notes->room = room;
	}
	return &notes->list[notes->n++];
}

int edf_notes_add(
    struct edf_notes *notes, double from_s, double to_s, const char *what, const char *which)
{
	if (fmax(from_s, to_s) < 0.0 || from_s >= notes->length_s)
		return 0;
	struct edf_note *note = next_note(notes);
	if (!note)
		return -ENOMEM;
	note->onset_s = fmax(0.0, from_s);
	note->duration_s = fmax(0.0, fmin(to_s, notes->length_s) - note->onset_s);
	snprintf(note->text, sizeof(note->text), "%s%s%s", what, *which ? " " : "", which);
	return 0;
}

int edf_notes_add_real(
    struct edf_notes *notes, int64_t start_ns, int64_t end_ns, const char *what, const char *which)
{
	return edf_notes_add(notes, (double)(start_ns - notes->start_ns) / (double)NS_PER_S,
	    (double)(end_ns - notes->start_ns) / (double)NS_PER_S, what, which);
}

int edf_notes_add_feeds(struct edf_notes *notes, const struct minutes *minutes)
{
	struct sitting *feeds = NULL;
	size_t n = 0;
	int rc = range_feeds(minutes, &feeds, &n);

	for (size_t i = 0; rc == 0 && i < n; i++)
		rc = edf_notes_add_real(notes, minutes_real_ns(minutes, feeds[i].first),
		    minutes_real_ns(minutes, feeds[i].last + 1), "Feed", "");
	free(feeds);
	return rc;
}

int edf_notes_add_findings(struct edf_notes *notes, const struct range *range)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < range->n_events; i++) {
		const struct stored_event *event = &range->events[i];

		if (event->level != EVENT_TECHNICAL && event->start_real_ns != 0)
			rc = edf_notes_add_real(notes, event->start_real_ns, event->end_real_ns,
			    "Finding", event->rule);
	}
	return rc;
}

static int by_onset(const void *a, const void *b)
{
	const struct edf_note *left = a, *right = b;

	return (left->onset_s > right->onset_s) - (left->onset_s < right->onset_s);
}

void edf_notes_sort(struct edf_notes *notes)
{
	if (notes->n > 1)
		qsort(notes->list, notes->n, sizeof(*notes->list), by_onset);
}

void edf_notes_finish(struct edf_notes *notes)
{
	free(notes->list);
	notes->list = NULL;
	notes->n = notes->room = 0;
}
