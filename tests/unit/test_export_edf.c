/* EDF+, against what queries of the same database say. */
#include "exported.h"
#include "night_fixture.h"
#include "support.h"

#include "base/clock.h"
#include "export/edf.h"
#include "export/edf_signal.h"

#include <edflib.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
	struct range range = exported_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
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
		assert_int_equal(n, exported_number(sql));
		snprintf(sql, sizeof(sql), "SELECT sum(%s) " OF_NIGHT, signals[i].sql);
		/* Half a digital step of 0.01 a minute at most; the load's is 0.2. */
		assert_near(sum, signals[i].scale * exported_number(sql), 0.005 * (double)n);
	}
	close_edf(edf);
	exported_end(&range, store);
}

static void test_edf_notes(void **state)
{
	struct store *store;
	struct range range = exported_range(&store, FIXTURE_DAY, FIXTURE_DAY, 0);
	struct edf *edf = written_edf(&range);
	double seconds;

	(void)state;
	assert_int_equal(count_notes(edf, "Feed", &seconds), 4);
	assert_near(seconds, (40 + 32 + 39 + 27) * 60.0, 0.0);
	count_notes(edf, "Posture supine", &seconds);
	assert_near(seconds, exported_number("SELECT sum(posture_supine_s) " OF_NIGHT), 0.0);
	assert_int_equal(count_notes(edf, "Finding sideways_lean", &seconds), 1);
	assert_near(seconds, 20 * 60.0, 0.0);
	assert_int_equal(count_notes(edf, "Bed not observed", &seconds), 1);
	assert_near(seconds, 12 * 60.0, 0.0);
	assert_int_equal(count_notes(edf, "Out of bed", &seconds), 4); /* as many as exits */
	assert_int_equal(range.nights[0].facts.exits, 4);
	close_edf(edf);
	exported_end(&range, store);
}

/* A night in the middle that nobody recorded is unknown from noon to noon. */
static void test_edf_gap(void **state)
{
	struct store *store;
	struct range range = exported_range(&store, FIXTURE_DAY - 2, FIXTURE_DAY, 0);
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
	exported_end(&range, store);
}

/* Two mats whose names begin alike: a label has 16 characters. */
static void test_edf_labels(void **state)
{
	static const char *const names[] = {"bedroom left", "bedroom right"};
	static const struct edf_kind kind = {"Breathing", "/min", -1.0, 60.0, EDF_BED, false};
	static const float values[] = {10.0f, 12.0f};
	struct edf_signal signals[2];
	char *path = scratch_path("labels.edf");
	FILE *out = fopen(path, "w");
	struct edf_hdr_struct header;
	struct error err = {0};

	(void)state;
	assert_non_null(out);
	for (int i = 0; i < 2; i++)
		edf_signal_fill(&signals[i], &kind, names[i], PRESSURE_MMHG, &values[i], 1);
	struct edf_file file = {.record_s = 60, .samples_a_record = 1, .n_records = 1};
	assert_int_equal(edf_file_write(&file, out, &err), -ERANGE); /* 1970: no clock */
	assert_non_null(strstr(err.text, "begins in 1970"));
	file.start_ns = 1790000000 * NS_PER_S;
	file.signals = signals;
	file.n_signals = 2;
	assert_int_equal(edf_file_write(&file, out, &err), 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(edfopen_file_readonly(path, &header, EDFLIB_READ_ALL_ANNOTATIONS), 0);
	assert_string_equal(header.signalparam[0].label, "Breathing bedroo");
	assert_string_equal(header.signalparam[1].label, "Breathing bedr~2");
	assert_int_equal(edfclose_file(header.handle), 0);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_edf),
	    cmocka_unit_test(test_edf_notes),
	    cmocka_unit_test(test_edf_gap),
	    cmocka_unit_test(test_edf_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
