#include "export/fhir_json.h"

#include "base/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define LOINC         "http://loinc.org"
#define UCUM          "http://unitsofmeasure.org"
#define ABSENT_REASON "http://terminology.hl7.org/CodeSystem/data-absent-reason"

json_t *fhir_concept(const struct fhir_code *code)
{
	json_t *codings = json_array();

	if (code->loinc)
		json_array_append_new(codings, json_pack("{s:s, s:s, s:s}", "system", LOINC, "code",
		                                   code->loinc, "display", code->loinc_display));
	else
		json_array_append_new(
		    codings, json_pack("{s:s, s:s, s:s}", "system", FHIR_CODE_SYSTEM, "code",
		                 code->code, "display", code->display));
	return json_pack("{s:o, s:s}", "coding", codings, "text", code->display);
}

json_t *fhir_quantity(double value, const char *unit, const char *ucum)
{
	return json_pack(
	    "{s:f, s:s, s:s, s:s}", "value", value, "unit", unit, "system", UCUM, "code", ucum);
}

json_t *fhir_period(int64_t start_ns, int32_t start_offset_s, int64_t end_ns, int32_t end_offset_s)
{
	json_t *period = json_object();

	if (start_ns != 0)
		json_object_set_new(period, "start", json_stamp_or_null(start_ns, start_offset_s));
	if (end_ns != 0)
		json_object_set_new(period, "end", json_stamp_or_null(end_ns, end_offset_s));
	return period;
}

void fhir_set_value(json_t *object, const struct fhir_code *code, double value, bool was_performed)
{
	if (isfinite(value)) {
		json_object_set_new(
		    object, "valueQuantity", fhir_quantity(value, code->unit, code->ucum));
		return;
	}
	json_object_set_new(object, "dataAbsentReason",
	    json_pack("{s:[{s:s, s:s}]}", "coding", "system", ABSENT_REASON, "code",
	        was_performed ? "unknown" : "not-performed"));
}

json_t *fhir_component(const struct fhir_code *code, double value)
{
	json_t *component = json_object();

	json_object_set_new(component, "code", fhir_concept(code));
	fhir_set_value(component, code, value, true);
	return component;
}

/* FNV-1a, 64 bits. Not for secrets: only that what differs has another name. */
static uint64_t hash(const char *text, uint64_t seed)
{
	uint64_t value = 0xcbf29ce484222325u ^ seed;

	for (; *text; text++)
		value = (value ^ (unsigned char)*text) * 0x100000001b3u;
	return value;
}

/* A UUID of version 8 (RFC 9562: made by a rule of one's own). */
static void name_of(const char *text, char uuid[static 37])
{
	uint64_t a = hash(text, 0), b = hash(text, 0x9e3779b97f4a7c15u);

	snprintf(uuid, 37, "%08x-%04x-8%03x-%04x-%012llx", (unsigned)(a >> 32),
	    (unsigned)(a >> 16 & 0xffff), (unsigned)(a & 0xfff),
	    (unsigned)(b >> 48 & 0x3fff) | 0x8000u, (unsigned long long)(b & 0xffffffffffffu));
}

const char *fhir_add(json_t *bundle, json_t *resource)
{
	char uuid[37], address[48];
	char *text = json_dumps(resource, JSON_SORT_KEYS | JSON_REAL_PRECISION(7));

	if (!text) {
		json_decref(resource);
		return NULL;
	}
	name_of(text, uuid);
	free(text);
	snprintf(address, sizeof(address), "urn:uuid:%s", uuid);
	json_object_set_new(resource, "id", json_string(uuid));
	json_t *entry = json_pack("{s:s, s:o}", "fullUrl", address, "resource", resource);
	json_array_append_new(json_object_get(bundle, "entry"), entry);
	return json_string_value(json_object_get(entry, "fullUrl"));
}
