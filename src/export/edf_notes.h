/* The annotations of an EDF+ file, while they are gathered. Zeroed but for the first two: none. */
#ifndef LUMBAR_EXPORT_EDF_NOTES_H
#define LUMBAR_EXPORT_EDF_NOTES_H

#include "export/edf_file.h"
#include "export/range.h"

struct edf_notes {
	int64_t start_ns; /* real time of the file's first sample */
	double length_s;
	struct edf_note *list; /* by onset, after edf_notes_sort() */
	size_t n, room;
};

/* "what which", seconds from the file's start, cut to the file; to <= from: it lasts no time. */
int edf_notes_add(
    struct edf_notes *notes, double from_s, double to_s, const char *what, const char *which);

/* The same in real time. 0, or -ENOMEM. */
int edf_notes_add_real(
    struct edf_notes *notes, int64_t start_ns, int64_t end_ns, const char *what, const char *which);

/* "Feed" for each stay in the chair that counts as one. 0, or -ENOMEM. */
int edf_notes_add_feeds(struct edf_notes *notes, const struct minutes *minutes);

/* "Finding RULE" for each event of the range that is not technical. 0, or -ENOMEM. */
int edf_notes_add_findings(struct edf_notes *notes, const struct range *range);

void edf_notes_sort(struct edf_notes *notes);
void edf_notes_finish(struct edf_notes *notes);

#endif
