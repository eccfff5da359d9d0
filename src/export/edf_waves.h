/*
 * A recording's wave forms as EDF+, ten values a second: of each mat load, centre of pressure,
 * movement, of a bed also the breathing wave and what was read from it. With annotations from the
 * same frames, to the frame: how she lies and sits, when she is out of bed, what was not observed;
 * and from the store that the same frames filled: feeds and findings. Nobody is named in it.
 *
 * The file is continuous and a signal's lowest value says that nothing is known: edf.h says why.
 * In memory is what is written, 40 bytes a second and signal, and none of the frames. One thread.
 */
#ifndef LUMBAR_EXPORT_EDF_WAVES_H
#define LUMBAR_EXPORT_EDF_WAVES_H

#include "core/observation.h"
#include "core/surface.h"
#include "core/wave.h"
#include "export/edf_watch.h"
#include "export/range.h"

#include <stdio.h>

#define EDF_WAVES_HZ       10
#define EDF_WAVES_DAYS_MAX 7 /* of one recording */

struct edf_waves;

struct edf_waves *edf_waves_create(void);        /* NULL: out of memory */
void edf_waves_destroy(struct edf_waves *waves); /* NULL is legal */

/*
 * What was seen at one frame of the mat-th mat (below EDF_MATS_MAX); frames of all mats in
 * order of time. The surface is copied. Faults are kept for edf_waves_write().
 */
void edf_waves_observe(struct edf_waves *waves, size_t mat, const struct surface *surface,
    const struct observation *observation);

/* A wave that ends at or before the newest observation of that mat, which is in its unit. */
void edf_waves_breathe(struct edf_waves *waves, size_t mat, const struct wave *wave);

/*
 * range: of the store that the same frames filled; it says when that was, too. 0; -ENODATA: there
 * was no frame, or none with a time of day; -EFBIG: more than EDF_WAVES_DAYS_MAX; -ENOMEM, -EIO.
 */
int edf_waves_write(
    struct edf_waves *waves, const struct range *range, FILE *out, struct error *err);

#endif
