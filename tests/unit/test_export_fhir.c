/* FHIR, against what queries of the same database say. */
#include "exported.h"
#include "night_fixture.h"
#include "support.h"

#include "base/clock.h"
#include "export/fhir.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *written_bundle(const struct range *range)
{
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	assert_int_equal(fhir_write(range, out, NULL), 0);
	fclose(out);
	json_t *bundle = json_loads(written, 0, NULL);
	assert_non_null(bundle);
	free(written);
	return bundle;
}

/* The text at a path of keys and indices, as "code.coding.0.code"; NULL: there is none. */
static const json_t *part_of(const json_t *value, const char *path)
{
	char key[64];

	for (; value && *path; path += *path == '.') {
		size_t n = strcspn(path, ".");
		snprintf(key, sizeof(key), "%.*s", (int)n, path);
		value = json_is_array(value) ? json_array_get(value, (size_t)atoi(key))
		                             : json_object_get(value, key);
		path += n;
	}
	return value;
}

static const char *text_of(const json_t *value, const char *path)
{
	const char *found = json_string_value(part_of(value, path));

	return found ? found : "";
}

/* The nth Observation of the code, borrowed; NULL: there are fewer. */
static const json_t *find_observation(const json_t *bundle, const char *code, size_t n)
{
	const json_t *entries = json_object_get(bundle, "entry");

	for (size_t i = 0; i < json_array_size(entries); i++) {
		const json_t *resource = json_object_get(json_array_get(entries, i), "resource");

		if (strcmp(text_of(resource, "code.coding.0.code"), code) == 0 && n-- == 0)
			return resource;
	}
	return NULL;
}

static double component_of(const json_t *observation, const char *code)
{
	const json_t *components = json_object_get(observation, "component");

	for (size_t i = 0; i < json_array_size(components); i++) {
		const json_t *component = json_array_get(components, i);

		if (strcmp(text_of(component, "code.coding.0.code"), code) == 0)
			return json_number_value(part_of(component, "valueQuantity.value"));
	}
	fail_msg("no component %s", code);
	return NAN;
}

static void test_fhir(void **state)
{
	struct store *store;
	struct range range = exported_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	json_t *bundle = written_bundle(&range);
	const json_t *night = find_observation(bundle, "night", 0);
	const json_t *pain = find_observation(bundle, "72514-3", 0);
	const json_t *heart = find_observation(bundle, "8867-4", 0);
	const json_t *lean = find_observation(bundle, "sideways_lean", 0);

	(void)state;
	assert_string_equal(text_of(bundle, "type"), "collection");
	assert_string_equal(text_of(night, "status"), "final");
	assert_string_equal(text_of(night, "effectivePeriod.start"), "2026-07-24T12:00:00+02:00");
	assert_near(component_of(night, "lying_s"),
	    exported_number("SELECT sum(person_s - posture_edge_s) FROM epoch JOIN surface s ON "
	                    "s.id = surface_id WHERE s.kind = 'bed' AND session_id = "
	                    "(SELECT max(id) FROM session)"),
	    0.5);
	assert_near(component_of(night, "posture_supine_s"),
	    exported_number("SELECT sum(posture_supine_s) FROM epoch WHERE session_id = "
	                    "(SELECT max(id) FROM session)"),
	    0.5);
	assert_null(part_of(night, "note")); /* the clock is known */
	assert_string_equal(text_of(lean, "code.text"), "sideways lean");
	assert_near(json_number_value(part_of(pain, "valueQuantity.value")),
	    exported_number("SELECT level FROM pain WHERE day = 20659"), 0.0);
	assert_string_equal(text_of(pain, "code.coding.0.system"), "http://loinc.org");
	assert_null(part_of(heart, "valueQuantity"));
	assert_string_equal(text_of(heart, "dataAbsentReason.coding.0.code"), "unknown");
	assert_near(json_number_value(part_of(lean, "valueQuantity.value")), 0.27, 1e-6);
	assert_string_equal(text_of(lean, "valueQuantity.code"), "1");
	assert_near(component_of(lean, "limit"), 0.15, 1e-6);
	assert_null(find_observation(bundle, "acquire", 0)); /* technical: nothing of a person */
	assert_near(component_of(find_observation(bundle, "feed", 2), "seat_lean_left_s"),
	    exported_number("SELECT sum(seat_lean_left_s) FROM epoch"), 0.5);
	assert_null(find_observation(bundle, "feed", 4));
	json_decref(bundle);
	exported_end(&range, store);
}

/* One value a minute, E where there is none; the median of the same minutes beside it. */
static void test_fhir_breathing(void **state)
{
	struct store *store;
	struct range range = exported_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	json_t *bundle = written_bundle(&range);
	const json_t *course = find_observation(bundle, "breathing_course", 0);
	const char *data = text_of(course, "valueSampledData.data");
	size_t n = 1, n_known = 0;

	(void)state;
	for (const char *at = data; *at; at++)
		n += *at == ' ';
	for (const char *at = data; at; at = strchr(at, ' ') ? strchr(at, ' ') + 1 : NULL)
		n_known += *at != 'E';
	assert_int_equal(n, NIGHT_MINUTES);
	assert_int_equal(
	    n_known, exported_number("SELECT count(breathing_per_min) FROM epoch WHERE "
	                             "session_id = (SELECT max(id) FROM session)"));
	assert_near(json_number_value(
	                part_of(find_observation(bundle, "9279-1", 0), "valueQuantity.value")),
	    exported_number(
	        "SELECT avg(b) FROM (SELECT breathing_per_min b FROM epoch WHERE b NOT NULL AND "
	        "session_id = (SELECT max(id) FROM session) ORDER BY b LIMIT 2 - (SELECT "
	        "count(breathing_per_min) % 2 FROM epoch WHERE session_id = (SELECT max(id) FROM "
	        "session)) OFFSET (SELECT (count(breathing_per_min) - 1) / 2 FROM epoch WHERE "
	        "session_id = (SELECT max(id) FROM session)))"),
	    1e-4);
	json_decref(bundle);
	exported_end(&range, store);
}

static void test_fhir_running(void **state)
{
	struct store *store;
	struct range over = exported_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	struct range range = {0};
	int64_t now_ns = over.nights[0].facts.end_ns - 60 * NS_PER_MIN;

	(void)state;
	assert_int_equal(range_read(&range, store, FIXTURE_DAY - 1, FIXTURE_DAY, now_ns, NULL), 0);
	json_t *bundle = written_bundle(&range);
	assert_string_equal(text_of(find_observation(bundle, "night", 0), "status"), "final");
	assert_string_equal(text_of(find_observation(bundle, "night", 1), "status"), "preliminary");
	assert_string_equal(text_of(find_observation(bundle, "night", 1), "effectivePeriod.end"),
	    "2026-07-25T11:00:00+02:00");
	json_decref(bundle);
	range_finish(&range);
	exported_end(&over, store);
}

/* A bed and no chair: what the chair would have seen is absent with a reason, and not 0. */
static void test_fhir_bed_only(void **state)
{
	char *path = scratch_path("bed.db");
	struct night_fixture f;
	struct store *store = NULL;
	struct range range;
	size_t n_absent = 0;

	(void)state;
	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
	memset(f.chair, ' ', sizeof(f.chair));
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(range_read(&range, store, FIXTURE_DAY, FIXTURE_DAY, 0, NULL), 0);
	json_t *bundle = written_bundle(&range);
	const json_t *night = find_observation(bundle, "night", 0);
	const json_t *pain = find_observation(bundle, "72514-3", 0);
	const json_t *components = json_object_get(night, "component");
	for (size_t i = 0; i < json_array_size(components); i++) {
		const json_t *part = json_array_get(components, i);
		bool of_chair = strncmp(text_of(part, "code.coding.0.code"), "feed", 4) == 0;

		assert_int_equal(part_of(part, "dataAbsentReason") != NULL, of_chair);
		n_absent += of_chair;
	}
	assert_int_equal(n_absent, 2);
	assert_near(component_of(night, "lying_s"), 7 * 3600.0, 0.1);
	assert_string_equal(text_of(pain, "dataAbsentReason.coding.0.code"), "not-performed");
	json_decref(bundle);
	exported_end(&range, store);
	free(path);
}

/* By a clock that nobody set: the bundle says so. */
static void test_fhir_guessed_time(void **state)
{
	char *path = scratch_path("guessed.db");
	struct night_fixture f;
	struct store *store = NULL;
	struct range range;

	(void)state;
	fixture_begin(&f, path, FIXTURE_DAY);
	fixture_anchor(&f, 0, false);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(range_read(&range, store, FIXTURE_DAY, FIXTURE_DAY, 0, NULL), 0);
	json_t *bundle = written_bundle(&range);
	assert_non_null(strstr(
	    text_of(find_observation(bundle, "night", 0), "note.0.text"), "not synchronised"));
	json_decref(bundle);
	exported_end(&range, store);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fhir),
	    cmocka_unit_test(test_fhir_breathing),
	    cmocka_unit_test(test_fhir_running),
	    cmocka_unit_test(test_fhir_bed_only),
	    cmocka_unit_test(test_fhir_guessed_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
