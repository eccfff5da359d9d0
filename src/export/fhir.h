/*
 * Nights as a FHIR R4 Bundle (type collection): a Device for each mat, Observations for each night,
 * its stays in the chair and its findings, and the CodeSystem of what has no LOINC code. Nobody is
 * named in it. What is not known has a dataAbsentReason, a night that runs is preliminary.
 */
#ifndef LUMBAR_EXPORT_FHIR_H
#define LUMBAR_EXPORT_FHIR_H

#include "export/range.h"

#include <stdio.h>

/* 0 or -errno, with err filled where the database could not be read. */
int fhir_write(const struct range *range, FILE *out, struct error *err);

#endif
