/* A recording as arrays of NumPy: what `lumbar record --npy FILE -o DIR` does. */
#ifndef LUMBAR_APP_RECORD_NPY_H
#define LUMBAR_APP_RECORD_NPY_H

#include "base/error.h"
#include "recording/recording.h"

#include <stdbool.h>

/*
 * Writes of each surface (or of the one that only names) into folder, which is made:
 *	NAME.counts.npy   [n, rows, cols] or [n, cells], u2 where all fit, else f4; the mat's order
 *	NAME.mono_ns.npy  [n] i8
 *	NAME.real_ns.npy  [n] i8, 0: not known
 * Files that are there stay, -EEXIST. damaged is called for each place that cannot be read.
 * 0 or -errno with err.
 */
int record_npy(struct recording_reader *reader, const char *folder, int only,
    void (*damaged)(void *user, const struct error *), void *user, struct error *err);

#endif
