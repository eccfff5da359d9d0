/* What is exported, against what queries of the same database say. */
#include "base/clock.h"
#include "base/csv.h"
#include "export/edf.h"
#include "export/fhir.h"
#include "export/range.h"
#include "export/tables.h"
#include "night_fixture.h"
#include "support.h"

#include <edflib.h>
#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *designed_path(void)
{
	char *path = scratch_path("designed.db");

	if (access(path, F_OK) != 0)
		fixture_designed_nights(path, FIXTURE_DAY);
	return path;
}

/* The one number that a query gives. */
static double ask(const char *sql)
{
	char *path = designed_path();
	sqlite3 *db = NULL;
	sqlite3_stmt *statement = NULL;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	double value = sqlite3_column_double(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	free(path);
	return value;
}

static struct range open_range(struct store **store, int32_t from, int32_t to, int64_t now_ns)
{
	char *path = designed_path();
	struct range range;
	struct error err = {0};

	if (store_open(store, path, STORE_READ, &err) != 0)
		fail_msg("%s", err.text);
	if (range_read(&range, *store, from, to, now_ns, &err) != 0)
		fail_msg("%s", err.text);
	free(path);
	return range;
}

static void end_range(struct range *range, struct store *store)
{
	range_finish(range);
	store_close(store, NULL);
}

static void assert_near(double value, double expected, double tolerance)
{
	if (!(fabs(value - expected) <= tolerance))
		fail_msg("%.9g, not %.9g", value, expected);
}

/* ---- tables --------------------------------------------------------------------------------- */

/* Writes the table of [from, to] to a file of its own, and reads it back. */
static struct csv *written_table(const char *name, int32_t from, int32_t to)
{
	struct store *store;
	struct range range = open_range(&store, from, to, 0);
	char *path = scratch_path(name);
	FILE *out = fopen(path, "w");
	struct csv *csv = NULL;
	struct error err = {0};

	assert_non_null(out);
	assert_int_equal(tables_find(name)->write(&range, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	if (csv_open(&csv, path, &err) != 0)
		fail_msg("%s", err.text);
	end_range(&range, store);
	free(path);
	return csv;
}

static double number(const struct csv *csv, size_t row, const char *column)
{
	double value;

	assert_int_equal(csv_number(csv, row, csv_column(csv, column, NULL), NAN, &value, NULL), 0);
	return value;
}

static const char *text(const struct csv *csv, size_t row, const char *column)
{
	int index = csv_column(csv, column, NULL);

	assert_in_range(index, 0, 100);
	return csv_text(csv, row, index);
}

static double sum(const struct csv *csv, const char *column, const char *kind)
{
	double sum = 0.0;

	for (size_t i = 0; i < csv_n_rows(csv); i++) {
		double value = number(csv, i, column);
		if (strcmp(text(csv, i, "kind"), kind) == 0 && isfinite(value))
			sum += value;
	}
	return sum;
}

/* Every column of numbers of the whole week adds up to what the database has. */
static void test_epochs(void **state)
{
	static const struct {
		const char *column, *sql;
	} columns[] = {
	    {"observed_s", "observed_s"},
	    {"technical_s", "technical_s"},
	    {"person_s", "person_s"},
	    {"empty_s", "empty_s"},
	    {"posture_supine_s", "posture_supine_s"},
	    {"posture_edge_s", "posture_edge_s"},
	    {"moving_s", "moving_s"},
	    {"shifts_count", "shifts"},
	    {"load_sum_mmhg", "load"},
	    {"centre_x_ratio", "centre_x_ratio"},
	    {"valley_ratio", "valley_ratio"},
	    {"quiet_supine_s", "quiet_supine_s"},
	    {"breathing_per_min", "breathing_per_min"},
	    {"health_ratio", "health_ratio"},
	};
	struct csv *csv = written_table("epochs", FIXTURE_DAY - 6, FIXTURE_DAY);
	char sql[200];

	(void)state;
	assert_int_equal(csv_n_rows(csv), ask("SELECT count(*) FROM epoch"));
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		snprintf(sql, sizeof(sql),
		    "SELECT sum(%s) FROM epoch JOIN surface s ON s.id = surface_id "
		    "WHERE s.kind = 'bed'",
		    columns[i].sql);
		double expected = ask(sql);
		assert_true(expected > 0.0);
		assert_near(sum(csv, columns[i].column, "bed") / expected, 1.0, 1e-6);
	}
	assert_near(sum(csv, "seat_lean_left_s", "seat"),
	    ask("SELECT sum(seat_lean_left_s) FROM epoch"), 0.01);
	csv_close(csv);
}

/* What nobody looked at, and what a mat of that kind cannot tell, is an empty cell. */
static void test_epochs_unknown(void **state)
{
	struct csv *csv = written_table("epochs", FIXTURE_DAY, FIXTURE_DAY);
	size_t n_technical = 0;

	(void)state;
	assert_int_equal(csv_n_rows(csv), 2 * NIGHT_MINUTES);
	assert_string_equal(text(csv, 0, "start_time"), "2026-07-24T12:00:00+02:00");
	assert_string_equal(text(csv, 0, "night_date"), "2026-07-25");
	for (size_t i = 0; i < csv_n_rows(csv); i++) {
		bool bed = strcmp(text(csv, i, "kind"), "bed") == 0;

		assert_string_equal(text(csv, i, "heart_per_min"), "");
		assert_string_equal(text(csv, i, "load_sum_percent"), "");
		assert_true((*text(csv, i, bed ? "seat_upright_s" : "posture_left_s")) == '\0');
		if (number(csv, i, "technical_s") < 60.0)
			continue;
		n_technical++;
		assert_string_equal(text(csv, i, "person_s"), "");
		assert_string_equal(text(csv, i, "shifts_count"), "");
		assert_string_equal(text(csv, i, "moving_s"), "");
		assert_string_equal(text(csv, i, "breathing_per_min"), "");
	}
	assert_int_equal(n_technical, 12);
	csv_close(csv);
}

static void test_events(void **state)
{
	struct csv *csv = written_table("events", FIXTURE_DAY, FIXTURE_DAY);

	(void)state;
	assert_int_equal(csv_n_rows(csv), 3);
	assert_string_equal(text(csv, 0, "rule"), "sideways_lean");
	assert_string_equal(text(csv, 0, "start_time"), "2026-07-25T03:21:00+02:00");
	assert_string_equal(text(csv, 0, "end_time"), "2026-07-25T03:41:00+02:00");
	assert_string_equal(text(csv, 0, "detail"),
	    "Sat in the chair, 03:10-03:49: leaning to the left for 21 min of 39 min "
	    "(sideways load 0.27 beyond your upright).");
	assert_near(number(csv, 0, "duration_s"), 1200.0, 0.0);
	assert_near(number(csv, 0, "value_in_unit"),
	    ask("SELECT value FROM event WHERE rule = 'sideways_lean'"), 1e-6);
	assert_int_equal(number(csv, 0, "keyframe_id"),
	    ask("SELECT k.id FROM keyframe k JOIN event e ON e.frame_ns = k.mono_ns AND "
	        "e.session_id = k.session_id WHERE e.rule = 'sideways_lean' AND e.frame_ns > 0"));
	assert_string_equal(text(csv, 1, "rule"), "acquire");
	assert_string_equal(text(csv, 1, "value_in_unit"), "");
	assert_string_equal(text(csv, 2, "surface"), ""); /* of the person, over nights */
	assert_string_equal(text(csv, 2, "night_date"), "2026-07-25");
	assert_string_equal(text(csv, 2, "start_time"), "");
	csv_close(csv);
}

/* The plan of the fixture: four stays in the chair, of which the third leans to the left. */
static void test_feeds(void **state)
{
	struct csv *csv = written_table("feeds", FIXTURE_DAY, FIXTURE_DAY);
	double seated_s = 0.0;

	(void)state;
	assert_int_equal(csv_n_rows(csv), 4);
	for (size_t i = 0; i < csv_n_rows(csv); i++)
		seated_s += number(csv, i, "seated_s");
	assert_near(seated_s, (40 + 32 + 39 + 27) * 60.0, 0.1);
	assert_string_equal(text(csv, 2, "start_time"), "2026-07-25T03:10:00+02:00");
	assert_string_equal(text(csv, 2, "end_time"), "2026-07-25T03:49:00+02:00");
	assert_near(number(csv, 2, "seat_lean_left_s"),
	    ask("SELECT sum(seat_lean_left_s) FROM epoch"), 0.01);
	assert_near(number(csv, 2, "sideways_peak_ratio"), -0.297, 1e-5);
	csv_close(csv);
}

/* RFC 4180: lines end with CR LF, quotes are doubled, as many cells in each line. */
static void test_form(void **state)
{
	struct stored_event event = {
	    .rule = "acquire", .detail = "says \"no\", twice", .value = 1e-9, .limit = NAN};
	struct range range = {.events = &event, .n_events = 1};
	char *written = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&written, &size);

	(void)state;
	assert_int_equal(tables_find("events")->write(&range, out, NULL), 0);
	fclose(out);
	assert_non_null(strstr(written, "detail\r\n"));
	assert_non_null(strstr(written, ",\"says \"\"no\"\", twice\"\r\n"));
	assert_non_null(strstr(written, ",1e-09,,"));
	for (const char *at = written; (at = strchr(at, '\n')); at++)
		assert_int_equal(at[-1], '\r');
	assert_null(tables_find("minutes"));
	free(written);
}

/* ---- the range ------------------------------------------------------------------------------ */

static void test_range(void **state)
{
	struct store *store;
	struct range range = open_range(&store, FIXTURE_DAY - 2, FIXTURE_DAY + 3, 0);
	struct error err = {0};

	(void)state;
	assert_int_equal(range.n_nights, 3);
	assert_int_equal(range.nights[0].facts.day, FIXTURE_DAY - 2);
	assert_false(range.nights[2].running);
	range_finish(&range);
	assert_int_equal(
	    range_read(&range, store, FIXTURE_DAY + 1, FIXTURE_DAY + 9, 0, &err), -ENODATA);
	assert_non_null(strstr(err.text, "2026-07-26"));
	range_finish(&range);
	store_close(store, NULL);
}

/* Of a running night, what is still to come is not unknown. */
static void test_range_running(void **state)
{
	struct store *store;
	struct range over = open_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	int64_t now_ns = over.nights[0].facts.end_ns - 120 * NS_PER_MIN - 1;
	struct range range = {0};

	(void)state;
	assert_int_equal(range_read(&range, store, FIXTURE_DAY, FIXTURE_DAY, now_ns, NULL), 0);
	assert_true(range.nights[0].running);
	assert_near(range.nights[0].facts.unknown_s,
	    fmaxf(0.0f, over.nights[0].facts.unknown_s - 121 * 60.0f), 0.1);
	range_finish(&range);
	end_range(&over, store);
}

/* ---- FHIR ----------------------------------------------------------------------------------- */

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
	struct range range = open_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
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
	    ask("SELECT sum(person_s - posture_edge_s) FROM epoch JOIN surface s ON "
	        "s.id = surface_id WHERE s.kind = 'bed' AND session_id = "
	        "(SELECT max(id) FROM session)"),
	    0.5);
	assert_near(component_of(night, "posture_supine_s"),
	    ask("SELECT sum(posture_supine_s) FROM epoch WHERE session_id = "
	        "(SELECT max(id) FROM session)"),
	    0.5);
	assert_null(part_of(night, "note")); /* the clock is known */
	assert_string_equal(text_of(lean, "code.text"), "sideways lean");
	assert_near(json_number_value(part_of(pain, "valueQuantity.value")),
	    ask("SELECT level FROM pain WHERE day = 20659"), 0.0);
	assert_string_equal(text_of(pain, "code.coding.0.system"), "http://loinc.org");
	assert_null(part_of(heart, "valueQuantity"));
	assert_string_equal(text_of(heart, "dataAbsentReason.coding.0.code"), "unknown");
	assert_near(json_number_value(part_of(lean, "valueQuantity.value")), 0.27, 1e-6);
	assert_string_equal(text_of(lean, "valueQuantity.code"), "1");
	assert_near(component_of(lean, "limit"), 0.15, 1e-6);
	assert_null(find_observation(bundle, "acquire", 0)); /* technical: nothing of a person */
	assert_near(component_of(find_observation(bundle, "feed", 2), "seat_lean_left_s"),
	    ask("SELECT sum(seat_lean_left_s) FROM epoch"), 0.5);
	assert_null(find_observation(bundle, "feed", 4));
	json_decref(bundle);
	end_range(&range, store);
}

/* One value a minute, E where there is none; the median of the same minutes beside it. */
static void test_fhir_breathing(void **state)
{
	struct store *store;
	struct range range = open_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
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
	assert_int_equal(n_known, ask("SELECT count(breathing_per_min) FROM epoch WHERE "
	                              "session_id = (SELECT max(id) FROM session)"));
	assert_near(json_number_value(
	                part_of(find_observation(bundle, "9279-1", 0), "valueQuantity.value")),
	    ask("SELECT avg(b) FROM (SELECT breathing_per_min b FROM epoch WHERE b NOT NULL AND "
	        "session_id = (SELECT max(id) FROM session) ORDER BY b LIMIT 2 - (SELECT "
	        "count(breathing_per_min) % 2 FROM epoch WHERE session_id = (SELECT max(id) FROM "
	        "session)) OFFSET (SELECT (count(breathing_per_min) - 1) / 2 FROM epoch WHERE "
	        "session_id = (SELECT max(id) FROM session)))"),
	    1e-4);
	json_decref(bundle);
	end_range(&range, store);
}

static void test_fhir_running(void **state)
{
	struct store *store;
	struct range over = open_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
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
	end_range(&over, store);
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
	end_range(&range, store);
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
	end_range(&range, store);
	free(path);
}

/* ---- EDF+ ----------------------------------------------------------------------------------- */

struct edf {
	struct edf_hdr_struct header;
	double values[3 * NIGHT_MINUTES]; /* of the signal read last */
};

static struct edf *written_edf(const struct range *range)
{
	char *path = scratch_path("night.edf");
	FILE *out = fopen(path, "w");
	struct edf *edf = calloc(1, sizeof(*edf));
	struct error err = {0};

	assert_non_null(out);
	assert_non_null(edf);
	assert_int_equal(edf_write(range, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	if (edfopen_file_readonly(path, &edf->header, EDFLIB_READ_ALL_ANNOTATIONS) != 0)
		fail_msg("%s: %d", path, edf->header.filetype);
	free(path);
	return edf;
}

static void close_edf(struct edf *edf)
{
	assert_int_equal(edfclose_file(edf->header.handle), 0);
	free(edf);
}

/* Reads the signal of that label; returns its lowest value, which says "not known". */
static double read_signal(struct edf *edf, const char *label)
{
	for (int i = 0; i < edf->header.edfsignals; i++) {
		const struct edf_param_struct *signal = &edf->header.signalparam[i];
		int n = (int)signal->smp_in_file;

		if (strncmp(signal->label, label, strlen(label)) != 0)
			continue;
		assert_in_range(n, 1, 3 * NIGHT_MINUTES);
		assert_int_equal(
		    edfread_physical_samples(edf->header.handle, i, n, edf->values), n);
		return signal->phys_min;
	}
	fail_msg("no signal %s", label);
	return NAN;
}

/* How many minutes are known, and what they add up to. */
static size_t known(const struct edf *edf, double nothing, double *sum)
{
	size_t n = 0;

	*sum = 0.0;
	for (long long i = 0; i < edf->header.datarecords_in_file; i++)
		if (fabs(edf->values[i] - nothing) > 1e-9) {
			*sum += edf->values[i];
			n++;
		}
	return n;
}

static size_t count_notes(const struct edf *edf, const char *text, double *seconds)
{
	struct edf_annotation_struct note;
	size_t n = 0;

	*seconds = 0.0;
	for (int i = 0; i < edf->header.annotations_in_file; i++) {
		assert_int_equal(edf_get_annotation(edf->header.handle, i, &note), 0);
		if (strcmp(note.annotation, text) != 0)
			continue;
		*seconds += (double)note.duration_l / (double)EDFLIB_TIME_DIMENSION;
		n++;
	}
	return n;
}

#define OF_NIGHT                                                                                   \
	"FROM epoch JOIN surface s ON s.id = surface_id WHERE s.kind = 'bed' AND session_id = "    \
	"(SELECT max(id) FROM session)"

static void test_edf(void **state)
{
	static const struct {
		const char *label, *sql;
		double scale;
	} signals[] = {
	    {"Breathing bed", "breathing_per_min", 1.0},
	    {"Load bed", "load", 1.0},
	    {"CoP x bed", "centre_x_ratio", 100.0},
	    {"Movement bed", "iif(observed_s > 0, moving_s, NULL)", 1.0},
	};
	struct store *store;
	struct range range = open_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	struct edf *edf = written_edf(&range);
	char sql[300];
	double sum;

	(void)state;
	assert_int_equal(edf->header.filetype, EDFLIB_FILETYPE_EDFPLUS);
	assert_int_equal(edf->header.datarecords_in_file, NIGHT_MINUTES);
	assert_int_equal(edf->header.startdate_day, 24);
	assert_int_equal(edf->header.starttime_hour, 12);
	assert_string_equal(edf->header.patient_name, "X");
	assert_string_equal(edf->header.equipment, "Lumbar");
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		double nothing = read_signal(edf, signals[i].label);
		size_t n = known(edf, nothing, &sum);

		snprintf(sql, sizeof(sql), "SELECT count(%s) " OF_NIGHT, signals[i].sql);
		assert_int_equal(n, ask(sql));
		snprintf(sql, sizeof(sql), "SELECT sum(%s) " OF_NIGHT, signals[i].sql);
		/* Half a digital step of 0.01 a minute at most; the load's is 0.2. */
		assert_near(sum, signals[i].scale * ask(sql), 0.005 * (double)n);
	}
	close_edf(edf);
	end_range(&range, store);
}

static void test_edf_notes(void **state)
{
	struct store *store;
	struct range range = open_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	struct edf *edf = written_edf(&range);
	double seconds;

	(void)state;
	assert_int_equal(count_notes(edf, "Feed", &seconds), 4);
	assert_near(seconds, (40 + 32 + 39 + 27) * 60.0, 0.0);
	count_notes(edf, "Posture supine", &seconds);
	assert_near(seconds, ask("SELECT sum(posture_supine_s) " OF_NIGHT), 0.0);
	assert_int_equal(count_notes(edf, "Finding sideways_lean", &seconds), 1);
	assert_near(seconds, 20 * 60.0, 0.0);
	assert_int_equal(count_notes(edf, "Bed not observed", &seconds), 1);
	assert_near(seconds, 12 * 60.0, 0.0);
	assert_int_equal(count_notes(edf, "Out of bed", &seconds), 4); /* as many as exits */
	assert_int_equal(range.nights[0].facts.exits, 4);
	close_edf(edf);
	end_range(&range, store);
}

/* A night in the middle that nobody recorded is unknown from noon to noon. */
static void test_edf_gap(void **state)
{
	struct store *store;
	struct range range = open_range(&store, FIXTURE_DAY - 2, FIXTURE_DAY, 0);
	double sum, seconds;

	(void)state;
	range.nights[1] = range.nights[2]; /* as if the second had not been */
	range.n_nights = 2;
	struct edf *edf = written_edf(&range);
	assert_int_equal(edf->header.datarecords_in_file, 3 * NIGHT_MINUTES);
	double nothing = read_signal(edf, "CoP x bed");
	for (size_t i = NIGHT_MINUTES; i < 2 * NIGHT_MINUTES; i++)
		assert_near(edf->values[i], nothing, 1e-9);
	assert_true(known(edf, nothing, &sum) > 800);
	assert_int_equal(count_notes(edf, "Nothing observed", &seconds), 1);
	assert_near(seconds, 86400.0, 0.0);
	close_edf(edf);
	end_range(&range, store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_epochs),
	    cmocka_unit_test(test_epochs_unknown),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_feeds),
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_range),
	    cmocka_unit_test(test_range_running),
	    cmocka_unit_test(test_fhir),
	    cmocka_unit_test(test_fhir_breathing),
	    cmocka_unit_test(test_fhir_running),
	    cmocka_unit_test(test_fhir_bed_only),
	    cmocka_unit_test(test_fhir_guessed_time),
	    cmocka_unit_test(test_edf),
	    cmocka_unit_test(test_edf_notes),
	    cmocka_unit_test(test_edf_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
