/*
 * What every JSON output of the programs does alike, on top of jansson: a number that is not
 * assessed, and a time that is not known, are null.
 */
#ifndef LUMBAR_BASE_JSON_H
#define LUMBAR_BASE_JSON_H

#include <jansson.h>
#include <stdint.h>

/* A new reference: the number, null for NAN and infinity. */
json_t *json_number_or_null(double value);

/* A new reference: "2026-11-22T03:10:00+01:00", null for real_ns 0. */
json_t *json_stamp_or_null(int64_t real_ns, int32_t utc_offset_s);

#endif
