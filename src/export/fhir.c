#include "export/fhir.h"

#include "base/clock.h"
#include "base/json.h"
#include "core/names.h"
#include "dsp/robust.h"
#include "export/fhir_codes.h"
#include "guidance/guidance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CATEGORY "http://terminology.hl7.org/CodeSystem/observation-category"

/* ---- resources ------------------------------------------------------------------------------ */

struct writer {
	const struct range *range;
	json_t *bundle;
	const char **devices; /* addresses, as many as surfaces; borrowed from the bundle */
};

static void add_devices(struct writer *writer)
{
	for (size_t i = 0; i < writer->range->n_surfaces; i++) {
		const struct stored_surface *surface = &writer->range->surfaces[i];
		char kind[48];

		snprintf(kind, sizeof(kind), "pressure mat (%s)", surface_kind_name(surface->kind));
		writer->devices[i] = fhir_add(writer->bundle,
		    json_pack("{s:s, s:s, s:[{s:s, s:s}], s:{s:s}}", "resourceType", "Device",
		        "status", "active", "deviceName", "name", surface->name, "type",
		        "user-friendly-name", "type", "text", kind));
	}
}

/* The first mat of the kind, or of the id; NULL: there is none. */
static const char *device_of(const struct writer *writer, enum surface_kind kind, int id)
{
	for (size_t i = 0; i < writer->range->n_surfaces; i++) {
		const struct stored_surface *surface = &writer->range->surfaces[i];

		if (id ? surface->id == id : surface->kind == kind)
			return writer->devices[i];
	}
	return NULL;
}

/* What the night in bed was seen by. */
static const char *bed_of(const struct writer *writer)
{
	const char *bed = device_of(writer, SURFACE_BED, 0);

	return bed ? bed : device_of(writer, SURFACE_STRIP, 0);
}

static json_t *observation(const struct writer *writer, const struct range_night *night,
    const char *category, const struct fhir_code *code, const char *device)
{
	const struct night_facts *facts = &night->facts;
	json_t *object = json_pack("{s:s, s:s, s:[{s:[{s:s, s:s}]}], s:o, s:{s:s}, s:o}",
	    "resourceType", "Observation", "status", night->running ? "preliminary" : "final",
	    "category", "coding", "system", CATEGORY, "code", category, "code", fhir_concept(code),
	    "subject", "display", "not identified", "effectivePeriod",
	    fhir_period(facts->start_ns, facts->start_offset_s,
	        night->running ? writer->range->now_ns : facts->end_ns, facts->utc_offset_s));

	if (device)
		json_object_set_new(object, "device", json_pack("{s:s}", "reference", device));
	return object;
}

static void add_night(
    struct writer *writer, const struct range_night *night, const struct minutes *minutes)
{
	double values[FHIR_FACTS];
	json_t *components = json_array();
	json_t *object = observation(writer, night, "activity", &fhir_night_code, bed_of(writer));

	fhir_list_facts(&night->facts, minutes, values);
	for (size_t i = 0; i < FHIR_FACTS; i++)
		json_array_append_new(components, fhir_component(&fhir_facts_codes[i], values[i]));
	json_object_set_new(object, "component", components);
	if (!minutes->synchronised)
		json_object_set_new(object, "note",
		    json_pack("[{s:s}]", "text",
		        "The clock was not synchronised: the times are a guess."));
	fhir_add(writer->bundle, object);
}

static void add_pain(struct writer *writer, const struct range_night *night)
{
	int pain = night->facts.pain;
	json_t *object = observation(writer, night, "survey", &fhir_pain_code, NULL);

	fhir_set_value(object, &fhir_pain_code, pain >= 0 ? (double)pain : NAN, pain >= 0);
	fhir_add(writer->bundle, object);
}

/* The median of what could be read in the minutes of the night. */
static void add_rate(struct writer *writer, const struct range_night *night,
    const struct minutes *minutes, const struct fhir_code *code, bool heart)
{
	float values[NIGHT_MINUTES_MAX], scratch[NIGHT_MINUTES_MAX];
	json_t *object = observation(writer, night, "vital-signs", code, bed_of(writer));

	for (size_t i = 0; i < minutes->n; i++)
		values[i] = heart ? minutes->minute[i].heart_per_min
		                  : minutes->minute[i].breathing_per_min;
	fhir_set_value(
	    object, code, (double)robust_median(values, minutes->n, scratch), minutes->has_bed);
	fhir_add(writer->bundle, object);
}

static size_t passed_minutes(const struct writer *writer, const struct range_night *night)
{
	const struct night_facts *facts = &night->facts;
	int64_t end_ns = night->running ? writer->range->now_ns : facts->end_ns;

	return (size_t)((end_ns - facts->start_ns) / EPOCH_NS);
}

static void add_course(
    struct writer *writer, const struct range_night *night, const struct minutes *minutes)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);

	if (!out || !minutes->has_bed) {
		if (out)
			fclose(out);
		free(data);
		return;
	}
	for (size_t i = 0; i < passed_minutes(writer, night); i++) {
		double rate = (double)minutes->minute[i].breathing_per_min;

		fprintf(out, isfinite(rate) ? "%s%.1f" : "%sE", i ? " " : "", rate);
	}
	if (fclose(out) == 0 && size > 0) {
		json_t *object = observation(
		    writer, night, "activity", &fhir_course_code, bed_of(writer));
		json_object_set_new(object, "valueSampledData",
		    json_pack("{s:o, s:i, s:i, s:s}", "origin",
		        fhir_quantity(0.0, fhir_course_code.unit, fhir_course_code.ucum), "period",
		        60000, "dimensions", 1, "data", data));
		fhir_add(writer->bundle, object);
	}
	free(data);
}

static void add_feed(struct writer *writer, const struct range_night *night,
    const struct minutes *minutes, const struct sitting *feed)
{
	const double values[FHIR_FEED_PLAIN] = {(double)feed->seated_s, (double)feed->observed_s,
	    feed->bends, (double)feed->sideways_ratio, (double)feed->sideways_peak_ratio};
	json_t *components = json_array();
	json_t *object = observation(
	    writer, night, "activity", &fhir_feed_code, device_of(writer, SURFACE_SEAT, 0));

	json_object_set_new(object, "effectivePeriod",
	    fhir_period(minutes_real_ns(minutes, feed->first),
	        minutes_offset_s(minutes, feed->first), minutes_real_ns(minutes, feed->last + 1),
	        minutes_offset_s(minutes, feed->last + 1)));
	for (size_t i = 0; i < FHIR_FEED; i++)
		json_array_append_new(components,
		    fhir_component(&fhir_feed_codes[i],
		        i < FHIR_FEED_PLAIN ? values[i]
		                            : (double)feed->seat_s[i - FHIR_FEED_PLAIN]));
	json_object_set_new(object, "component", components);
	fhir_add(writer->bundle, object);
}

/* ---- findings ------------------------------------------------------------------------------- */

struct rule_code {
	char words[sizeof(((struct stored_event *)0)->rule)]; /* "sideways lean" */
	struct fhir_code code;                                /* display borrows the words */
};

static void name_rule(struct rule_code *rule, const struct stored_event *event)
{
	const struct advice *advice = guidance_find(event->advice_id);

	snprintf(rule->words, sizeof(rule->words), "%s", event->rule);
	for (char *at = rule->words; *at; at++)
		*at = *at == '_' ? ' ' : *at;
	rule->code = (struct fhir_code){.code = event->rule,
	    .display = rule->words,
	    .definition = advice ? advice->advises : "A rule of this program.",
	    .unit = event->unit[0] ? event->unit : "1",
	    .ucum = fhir_ucum_of(event->unit)};
}

/* The night that a finding is about, or begins in; the nearest where that was not exported. */
static const struct range_night *night_of(
    const struct writer *writer, const struct stored_event *event)
{
	const struct range *range = writer->range;

	for (size_t i = 0; i < range->n_nights; i++) {
		const struct range_night *night = &range->nights[i];

		if (event->day != 0 ? night->facts.day >= event->day
		                    : event->start_real_ns < night->facts.end_ns)
			return night;
	}
	return &range->nights[range->n_nights - 1];
}

static void add_finding(struct writer *writer, const struct stored_event *event)
{
	const struct range_night *night = night_of(writer, event);
	struct rule_code rule = {0};
	const struct fhir_code *code = &rule.code;
	struct fhir_code limit = fhir_limit_code;

	name_rule(&rule, event);
	json_t *object = observation(writer, night, "activity", code,
	    event->surface_id ? device_of(writer, SURFACE_BED, event->surface_id) : NULL);
	json_t *components = json_array();

	limit.unit = code->unit;
	limit.ucum = code->ucum;
	if (event->day == 0)
		json_object_set_new(object, "effectivePeriod",
		    fhir_period(event->start_real_ns, event->utc_offset_s, event->end_real_ns,
		        event->end_offset_s));
	fhir_set_value(object, code, event->value, true);
	json_array_append_new(components, fhir_component(&limit, event->limit));
	json_array_append_new(
	    components, fhir_component(&fhir_coverage_code, event->coverage_ratio));
	json_array_append_new(components, fhir_component(&fhir_confidence_code, event->confidence));
	json_object_set_new(object, "component", components);
	json_object_set_new(object, "note", json_pack("[{s:s}]", "text", event->detail));
	fhir_add(writer->bundle, object);
}

static void add_findings(struct writer *writer)
{
	for (size_t i = 0; i < writer->range->n_events; i++)
		if (writer->range->events[i].level != EVENT_TECHNICAL)
			add_finding(writer, &writer->range->events[i]);
}

/* ---- the code system ------------------------------------------------------------------------ */

static void add_concept(json_t *concepts, const struct fhir_code *code)
{
	if (!code->loinc)
		json_array_append_new(
		    concepts, json_pack("{s:s, s:s, s:s}", "code", code->code, "display",
		                  code->display, "definition", code->definition));
}

static bool has_concept(const json_t *concepts, const char *code)
{
	size_t i;
	json_t *concept;

	json_array_foreach(concepts, i,
	    concept) if (strcmp(json_string_value(json_object_get(concept, "code")), code) ==
	                 0) return true;
	return false;
}

static void add_code_system(struct writer *writer)
{
	const struct fhir_code *const single[] = {&fhir_night_code, &fhir_feed_code,
	    &fhir_course_code, &fhir_limit_code, &fhir_coverage_code, &fhir_confidence_code};
	json_t *concepts = json_array();

	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		add_concept(concepts, single[i]);
	for (size_t i = 0; i < FHIR_FACTS; i++)
		add_concept(concepts, &fhir_facts_codes[i]);
	for (size_t i = 0; i < FHIR_FEED; i++)
		add_concept(concepts, &fhir_feed_codes[i]);
	for (size_t i = 0; i < writer->range->n_events; i++) {
		const struct stored_event *event = &writer->range->events[i];
		struct rule_code rule = {0};

		name_rule(&rule, event);
		if (event->level != EVENT_TECHNICAL && !has_concept(concepts, rule.code.code))
			add_concept(concepts, &rule.code);
	}
	fhir_add(
	    writer->bundle, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "resourceType",
	                        "CodeSystem", "url", FHIR_CODE_SYSTEM, "name", "Lumbar", "status",
	                        "active", "content", "fragment", "concept", concepts));
}

/* ---- the bundle ----------------------------------------------------------------------------- */

static int add_nights(struct writer *writer, struct error *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < writer->range->n_nights; i++) {
		const struct range_night *night = &writer->range->nights[i];
		struct minutes *minutes = NULL;
		struct sitting *feeds = NULL;
		size_t n = 0;

		rc = range_minutes(writer->range, i, &minutes, err);
		if (rc == 0)
			rc = range_feeds(minutes, &feeds, &n);
		if (rc == 0) {
			add_night(writer, night, minutes);
			add_pain(writer, night);
			add_rate(writer, night, minutes, &fhir_breathing_code, false);
			add_rate(writer, night, minutes, &fhir_heart_code, true);
			add_course(writer, night, minutes);
		}
		for (size_t f = 0; f < n; f++)
			add_feed(writer, night, minutes, &feeds[f]);
		free(feeds);
		free(minutes);
	}
	return rc;
}

int fhir_write(const struct range *range, FILE *out, struct error *err)
{
	struct writer writer = {.range = range,
	    .bundle = json_pack(
	        "{s:s, s:s, s:[]}", "resourceType", "Bundle", "type", "collection", "entry"),
	    .devices = calloc(range->n_surfaces + 1, sizeof(*writer.devices))};
	int rc = writer.bundle && writer.devices ? 0 : -ENOMEM;

	if (rc == 0) {
		add_code_system(&writer);
		add_devices(&writer);
		rc = add_nights(&writer, err);
	}
	if (rc == 0)
		add_findings(&writer);
	if (rc == 0 && json_dumpf(writer.bundle, out, JSON_INDENT(1) | JSON_REAL_PRECISION(7)) != 0)
		rc = -EIO;
	fputc('\n', out);
	json_decref(writer.bundle);
	free(writer.devices);
	return rc;
}
