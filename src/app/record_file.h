/*
 * Where recorded frames go: one file for all surfaces, or a folder in which each night (noon to
 * noon, docs/decisions/0004) has a file of its own, and the oldest make room.
 */
#ifndef LUMBAR_APP_RECORD_FILE_H
#define LUMBAR_APP_RECORD_FILE_H

#include "app/config.h"
#include "app/retention.h"
#include "base/error.h"
#include "core/frame.h"

#include <stdbool.h>

struct record_target {
	const char *path; /* a file, or a folder that is there */
	const char *notes;
	bool replace;
	struct retention limits; /* of the folder; of a file only max_bytes */
	const struct surface_config *const *surfaces;
	size_t n_surfaces;
};

struct record_file;

/*
 * Checks that the target can be written; nothing is made before the first frame. target and what
 * it points at: borrowed. 0, -EEXIST, -EINVAL ... with err.
 */
int record_file_create(
    struct record_file **file, const struct record_target *target, struct error *err);

/* 0; -EDQUOT: the limit is reached, and nothing older is left to delete; -ENOSPC, -EIO ... */
int record_file_write(
    struct record_file *file, size_t surface, const struct frame *frame, struct error *err);

/* Writes what waits of a surface that has gone silent. */
int record_file_flush(struct record_file *file, size_t surface, struct error *err);

/* Closes and frees; NULL is legal. The result of the last writing. */
int record_file_close(struct record_file *file, struct error *err);

/* The newest file; "" before the first frame. Borrowed. */
const char *record_file_path(const struct record_file *file);

#endif
