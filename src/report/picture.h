/*
 * One figure of a report as a PNG that stands alone: white, with its title, night and axes. The
 * names are those of strips[] ("breathing"), of measures[] ("lying_h"), "map-typical",
 * "map-strongest", "map-feed", and "strips" and "bars" for all of a kind. One thread.
 */
#ifndef LUMBAR_REPORT_PICTURE_H
#define LUMBAR_REPORT_PICTURE_H

#include "base/error.h"
#include "report/document.h"

#include <stddef.h>
#include <stdio.h>

/* The names, in the order of the report; NULL after the last. */
const char *picture_name(size_t i);

/*
 * Whether the document of a night or of several has that figure: 0; -ENOENT: no such name;
 * -ENODATA: not in this one; with err filled.
 */
int picture_check(const struct document *document, const char *name, struct error *err);

/* Writes the figure, after picture_check(). 0, or -errno. */
int picture_write(const struct document *document, const char *name, FILE *out);

#endif
