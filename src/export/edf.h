/*
 * Nights as EDF+ (edfplus.info), continuous, one value a minute: breathing, load, centre of
 * pressure, movement of each mat; postures, times out of bed, feeds, findings and what was not
 * observed as annotations. Nobody is named in it.
 *
 * A signal's lowest value says that nothing is known of that minute: EDF has no empty cell, and
 * readers take a discontinuous file (EDF+D) for a continuous one, or refuse it.
 */
#ifndef LUMBAR_EXPORT_EDF_H
#define LUMBAR_EXPORT_EDF_H

#include "export/range.h"

#include <stdio.h>

/* 0 or -errno, with err filled where the database or a scratch file could not be used. */
int edf_write(const struct range *range, FILE *out, struct error *err);

#endif
