/*
 * The shelf: the folder in which the reports of nights are kept, 2026-03-14.html and so on, and
 * latest.html beside them. A list in it, .lumbar-reports, names what was written here: that alone is
 * ever replaced or removed, as another file of such a name is somebody's. Each file is there whole
 * or not at all. Thread: one; two processes wait for one another where the file system has locks.
 */
#ifndef LUMBAR_APP_SHELF_H
#define LUMBAR_APP_SHELF_H

#include "app/report_format.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shelf;

/* Makes the folder when it is not there (its parent must be). 0, or -errno with err filled. */
int shelf_open(struct shelf **shelf, const char *folder, struct error *err);
void shelf_close(struct shelf *shelf); /* NULL is legal */

/* Formats of the night that ends on `day` that were written and are there: bits 1u << format. */
unsigned shelf_find(const struct shelf *shelf, int32_t day);

/* A report as it shall stand in its file. Borrowed. */
struct shelf_text {
	enum report_format format;
	const char *bytes;
	size_t size;
};

/*
 * The night's reports in all the formats that are wanted; what else there is of it is out of date
 * then, and removed. 1: something was written; 0: all of it stood there already, byte for byte;
 * -EEXIST: a file of that name is not ours, and stays; -ENOSPC ...: what was there stays.
 */
int shelf_put(struct shelf *shelf, int32_t day, const struct shelf_text *texts, size_t n_texts,
    struct error *err);

/* Removes the reports of nights before `day`: of how many nights, or -errno. */
int shelf_remove_before(struct shelf *shelf, int32_t day, struct error *err);

/*
 * latest.html and so on lead to the reports of the newest night; a format that it does not have has
 * no such link. 0, or -errno.
 */
int shelf_point(struct shelf *shelf, struct error *err);

#endif
