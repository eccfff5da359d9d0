/*
 * Pieces of FHIR R4 resources in jansson: codes, quantities, periods, entries of a Bundle. Every
 * function returns a new reference; without memory jansson hands NULLs on.
 */
#ifndef LUMBAR_EXPORT_FHIR_JSON_H
#define LUMBAR_EXPORT_FHIR_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

/* What is measured. loinc: a code of LOINC that means just this; NULL: one of our own. */
struct fhir_code {
	const char *code, *display, *definition; /* of our own CodeSystem */
	const char *loinc, *loinc_display;
	const char *unit, *ucum; /* of its quantity, for people and as UCUM */
};

/* Our own CodeSystem's address: a constant, as the project has no place in the web. */
#define FHIR_CODE_SYSTEM "urn:uuid:6c9f0f64-2d0b-4b5e-9a41-7f3f5a1f6b0e"

json_t *fhir_concept(const struct fhir_code *code);
json_t *fhir_quantity(double value, const char *unit, const char *ucum);
json_t *fhir_period(int64_t start_ns, int32_t start_offset_s, int64_t end_ns, int32_t end_offset_s);

/* Sets valueQuantity, or dataAbsentReason where the value is NAN: "unknown", or "not-performed". */
void fhir_set_value(json_t *object, const struct fhir_code *code, double value, bool was_performed);

/* {code, valueQuantity or dataAbsentReason} */
json_t *fhir_component(const struct fhir_code *code, double value);

/*
 * Appends the resource to the bundle's entries under an id that follows from what it says: the
 * same resource has the same id in every export. Steals the resource; returns its address
 * ("urn:uuid:..."), borrowed from the bundle; NULL: out of memory.
 */
const char *fhir_add(json_t *bundle, json_t *resource);

#endif
