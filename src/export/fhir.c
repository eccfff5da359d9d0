#include "export/fhir.h"

#include "base/clock.h"
#include "base/json.h"
#include "core/names.h"
#include "dsp/robust.h"
#include "export/fhir_json.h"
#include "guidance/guidance.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CATEGORY "http://terminology.hl7.org/CodeSystem/observation-category"

/* ---- codes ---------------------------------------------------------------------------------- */

static const struct fhir_code breathing_code = {"breathing_per_min", "Respiratory rate",
    "Median of the minutes of the night in which it could be read.", "9279-1", "Respiratory rate",
    "breaths/minute", "/min"};
static const struct fhir_code heart_code = {"heart_per_min", "Heart rate",
    "Median of the minutes of the night in which it could be read.", "8867-4", "Heart rate",
    "beats/minute", "/min"};
static const struct fhir_code pain_code = {"pain", "Pain in the morning", "Her own entry, 0 to 10.",
    "72514-3", "Pain severity - 0-10 verbal numeric rating [Score] - Reported", "{score}",
    "{score}"};
static const struct fhir_code night_code = {"night", "A night in bed, noon to noon",
    "What pressure mats saw from noon to noon. Sleep is estimated from movement.", NULL, NULL, "",
    ""};
static const struct fhir_code feed_code = {"feed", "A stay in the chair",
    "Five minutes or more in the nursing chair.", NULL, NULL, "", ""};
static const struct fhir_code course_code = {"breathing_course", "Respiratory rate, by the minute",
    "One value a minute since the first noon; E where none could be read.", NULL, NULL,
    "breaths/minute", "/min"};
static const struct fhir_code limit_code = {"limit", "Limit in force",
    "What the value of a "
    "finding was held against, in the value's unit.",
    NULL, NULL, "", ""};
static const struct fhir_code coverage_code = {"coverage_ratio", "Share observed",
    "Share of the time that was really observed.", NULL, NULL, "ratio", "1"};
static const struct fhir_code confidence_code = {
    "confidence", "Confidence", "How sure the rule is, 0 to 1.", NULL, NULL, "ratio", "1"};

#define SECONDS NULL, NULL, "seconds", "s"
#define COUNT   NULL, NULL, "times", "1"
#define RATIO   NULL, NULL, "ratio", "1"

/* Components of a night: the names and meanings of docs/names.md. */
static const struct fhir_code facts_codes[] = {
    {"bed_observed_s", "Bed observed", "With frames of the bed; the rest is unknown.", SECONDS},
    {"lying_s", "Lying", "On the bed, its edge not counted.", SECONDS},
    {"sitting_s", "Sitting", "On a seat or the bed's edge.", SECONDS},
    {"away_s", "Away", "Every mat observed, and nobody on any.", SECONDS},
    {"unknown_s", "Not known", "Neither lying, nor sitting, nor away.", SECONDS},
    {"longest_rest_s", "Longest rest", "Lying without an absence of a minute.", SECONDS},
    {"longest_unchanged_s", "Longest in one posture", "Lying without a posture shift.", SECONDS},
    {"exits", "Times out of bed", "For a minute or more.", COUNT},
    {"feeds", "Stays in the chair", "Of five minutes or more.", COUNT},
    {"feed_s", "In the chair", "In those stays.", SECONDS},
    {"shifts", "Turns", "Posture shifts in bed.", COUNT},
    {"valley_ratio", "Valley under the waist", "Median of quiet time on the back.", RATIO},
    {"estimated_sleep_s", "Asleep (estimated)", "Estimated from movement.", SECONDS},
    {"estimated_awake_s", "Awake in bed (estimated)", "Estimated from movement.", SECONDS},
};
enum { N_FACTS = sizeof(facts_codes) / sizeof(facts_codes[0]) };

/* What no mat of the kind could see is not known, and not 0. */
static double seen(bool had_mat, double value)
{
	return had_mat ? value : (double)NAN;
}

static void list_facts(
    const struct night_facts *facts, const struct minutes *minutes, double values[static N_FACTS])
{
	bool bed = minutes->has_bed, seat = minutes->has_seat;
	const double list[N_FACTS] = {(double)facts->bed_observed_s,
	    seen(bed, (double)facts->lying_s), seen(bed || seat, (double)facts->sitting_s),
	    (double)facts->away_s, (double)facts->unknown_s,
	    seen(bed, (double)facts->longest_rest_s), seen(bed, (double)facts->longest_unchanged_s),
	    seen(bed, facts->exits), seen(seat, facts->feeds), seen(seat, (double)facts->feed_s),
	    seen(bed, facts->shifts), (double)facts->valley_ratio, (double)facts->sleep.asleep_s,
	    (double)facts->sleep.awake_s};

	memcpy(values, list, sizeof(list));
}

/* Components of a stay in the chair; seat states follow in the order of enum seat_state. */
static const struct fhir_code feed_codes[] = {
    {"seated_s", "Seated", "On the seat.", SECONDS},
    {"observed_s", "Observed", "With frames of the seat.", SECONDS},
    {"bends", "Bends", "Forward and back within 10 s.", COUNT},
    {"sideways_ratio", "Sideways load, mean", "Above 0: to her right.", RATIO},
    {"sideways_peak_ratio", "Sideways load, strongest", "Above 0: to her right.", RATIO},
    {"seat_unknown_s", "Seat: not known", "Of the time observed.", SECONDS},
    {"seat_empty_s", "Seat: nobody", "Of the time observed.", SECONDS},
    {"seat_upright_s", "Seat: upright", "Of the time observed.", SECONDS},
    {"seat_forward_s", "Seat: forward", "Of the time observed.", SECONDS},
    {"seat_slump_s", "Seat: slump", "Of the time observed.", SECONDS},
    {"seat_lean_left_s", "Seat: leaning to her left", "Of the time observed.", SECONDS},
    {"seat_lean_right_s", "Seat: leaning to her right", "Of the time observed.", SECONDS},
    {"seat_other_s", "Seat: otherwise", "Of the time observed.", SECONDS},
};
enum { N_FEED = sizeof(feed_codes) / sizeof(feed_codes[0]), N_FEED_PLAIN = 5 };
_Static_assert(N_FEED == N_FEED_PLAIN + SEAT_STATE_COUNT, "a code for each seat state");

/* The units that rules give their values, and what UCUM has for them. */
static const char *ucum_of(const char *unit)
{
	static const struct {
		const char *unit, *ucum;
	} units[] = {{"min", "min"}, {"s", "s"}, {"h", "h"}, {"ratio", "1"}, {"index", "1"},
	    {"of 10", "{score}"}, {"bends", "{bends}"}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(unit, units[i].unit) == 0)
			return units[i].ucum;
	return "1";
}

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
	double values[N_FACTS];
	json_t *components = json_array();
	json_t *object = observation(
	    writer, night, "activity", &night_code, device_of(writer, SURFACE_BED, 0));

	list_facts(&night->facts, minutes, values);
	for (size_t i = 0; i < N_FACTS; i++)
		json_array_append_new(components, fhir_component(&facts_codes[i], values[i]));
	json_object_set_new(object, "component", components);
	fhir_add(writer->bundle, object);
}

static void add_pain(struct writer *writer, const struct range_night *night)
{
	int pain = night->facts.pain;
	json_t *object = observation(writer, night, "survey", &pain_code, NULL);

	fhir_set_value(object, &pain_code, pain >= 0 ? (double)pain : NAN, pain >= 0);
	fhir_add(writer->bundle, object);
}

/* The median of what could be read in the minutes of the night. */
static void add_rate(struct writer *writer, const struct range_night *night,
    const struct minutes *minutes, const struct fhir_code *code, bool heart)
{
	float values[NIGHT_MINUTES_MAX], scratch[NIGHT_MINUTES_MAX];
	json_t *object = observation(
	    writer, night, "vital-signs", code, device_of(writer, SURFACE_BED, 0));

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
		    writer, night, "activity", &course_code, device_of(writer, SURFACE_BED, 0));
		json_object_set_new(object, "valueSampledData",
		    json_pack("{s:o, s:i, s:i, s:s}", "origin",
		        fhir_quantity(0.0, course_code.unit, course_code.ucum), "period", 60000,
		        "dimensions", 1, "data", data));
		fhir_add(writer->bundle, object);
	}
	free(data);
}

static void add_feed(struct writer *writer, const struct range_night *night,
    const struct minutes *minutes, const struct sitting *feed)
{
	const double values[N_FEED_PLAIN] = {(double)feed->seated_s, (double)feed->observed_s,
	    feed->bends, (double)feed->sideways_ratio, (double)feed->sideways_peak_ratio};
	json_t *components = json_array();
	json_t *object = observation(
	    writer, night, "activity", &feed_code, device_of(writer, SURFACE_SEAT, 0));

	json_object_set_new(object, "effectivePeriod",
	    fhir_period(minutes_real_ns(minutes, feed->first),
	        minutes_offset_s(minutes, feed->first), minutes_real_ns(minutes, feed->last + 1),
	        minutes_offset_s(minutes, feed->last + 1)));
	for (size_t i = 0; i < N_FEED; i++)
		json_array_append_new(components,
		    fhir_component(&feed_codes[i],
		        i < N_FEED_PLAIN ? values[i] : (double)feed->seat_s[i - N_FEED_PLAIN]));
	json_object_set_new(object, "component", components);
	fhir_add(writer->bundle, object);
}

/* ---- findings ------------------------------------------------------------------------------- */

static struct fhir_code rule_code(const struct stored_event *event)
{
	const struct advice *advice = guidance_find(event->advice_id);

	return (struct fhir_code){.code = event->rule,
	    .display = event->rule,
	    .definition = advice ? advice->advises : "A rule of this program.",
	    .unit = event->unit[0] ? event->unit : "1",
	    .ucum = ucum_of(event->unit)};
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
	struct fhir_code code = rule_code(event), limit = limit_code;
	json_t *object = observation(writer, night, "activity", &code,
	    event->surface_id ? device_of(writer, SURFACE_BED, event->surface_id) : NULL);
	json_t *components = json_array();

	limit.unit = code.unit;
	limit.ucum = code.ucum;
	if (event->day == 0)
		json_object_set_new(object, "effectivePeriod",
		    fhir_period(event->start_real_ns, event->utc_offset_s, event->end_real_ns,
		        event->utc_offset_s));
	fhir_set_value(object, &code, event->value, true);
	json_array_append_new(components, fhir_component(&limit, event->limit));
	json_array_append_new(components, fhir_component(&coverage_code, event->coverage_ratio));
	json_array_append_new(components, fhir_component(&confidence_code, event->confidence));
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
	const struct fhir_code *const single[] = {
	    &night_code, &feed_code, &course_code, &limit_code, &coverage_code, &confidence_code};
	json_t *concepts = json_array();

	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		add_concept(concepts, single[i]);
	for (size_t i = 0; i < N_FACTS; i++)
		add_concept(concepts, &facts_codes[i]);
	for (size_t i = 0; i < N_FEED; i++)
		add_concept(concepts, &feed_codes[i]);
	for (size_t i = 0; i < writer->range->n_events; i++) {
		const struct stored_event *event = &writer->range->events[i];
		struct fhir_code code = rule_code(event);

		if (event->level != EVENT_TECHNICAL && !has_concept(concepts, code.code))
			add_concept(concepts, &code);
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
			add_rate(writer, night, minutes, &breathing_code, false);
			add_rate(writer, night, minutes, &heart_code, true);
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
