/* What is measured, as FHIR names it: LOINC where it has a code that means just this, else our own. */
#ifndef LUMBAR_EXPORT_FHIR_CODES_H
#define LUMBAR_EXPORT_FHIR_CODES_H

#include "core/night.h"
#include "export/fhir_json.h"
#include "store/minutes.h"

extern const struct fhir_code fhir_breathing_code, fhir_heart_code, fhir_pain_code, fhir_night_code,
    fhir_feed_code, fhir_course_code, fhir_limit_code, fhir_coverage_code, fhir_confidence_code;

/* Components of a night, and their values; NAN: not known. */
#define FHIR_FACTS 19
extern const struct fhir_code fhir_facts_codes[FHIR_FACTS];
void fhir_list_facts(const struct night_facts *facts, const struct minutes *minutes,
    double values[static FHIR_FACTS]);

/* Components of a stay in the chair; seat states follow in the order of enum seat_state. */
#define FHIR_FEED_PLAIN 5
#define FHIR_FEED       13
extern const struct fhir_code fhir_feed_codes[FHIR_FEED];

/* What UCUM has for the unit that a rule gives its value. */
const char *fhir_ucum_of(const char *unit);

#endif
