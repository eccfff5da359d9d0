/* Observations and events as JSON, under the names of docs/names.md. */
#ifndef LUMBAR_APP_OBSERVATION_JSON_H
#define LUMBAR_APP_OBSERVATION_JSON_H

#include "core/event.h"
#include "core/observation.h"

#include <jansson.h>
#include <stdbool.h>

/* For json_dump*(): doubles as people write them; 0.95, not 0.94999999999999996. */
#define JSON_NUMBERS JSON_REAL_PRECISION(10)

/* Seconds, to the millisecond; null for NAN. */
json_t *json_seconds(double seconds);

/* A number cut to what can be meant by it (six digits); null for NAN. */
json_t *json_measure(double value);

/* "empty", "person", ...; the technical word when frames cannot be judged. Static. */
const char *observation_state(const struct observation *observation);

/* Adds the names of one observation to object; those of other kinds of surface are null. */
void observation_to_json(json_t *object, const struct observation *observation);

/*
 * rule, advice_id, level, start, end, value, limit, unit, coverage_ratio, confidence, detail.
 * offset_ns is real - mono; without a clock (clock_known false) start and end are null. start_s
 * and end_s count from origin_ns.
 */
json_t *event_to_json(const struct event *event, bool clock_known, int64_t offset_ns,
    int32_t utc_offset_s, int64_t origin_ns);

#endif
