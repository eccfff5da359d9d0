/* Pieces of JSON that reports share. */
#ifndef LUMBAR_REPORT_JSON_H
#define LUMBAR_REPORT_JSON_H

#include "core/night.h"

#include <jansson.h>

/* The facts of one night: units in the names, null where unknown. A new reference. */
json_t *report_facts_json(const struct night_facts *facts);

#endif
