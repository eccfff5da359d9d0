/* What a recording holds beside its frames reaches the database: layout, calibration, clock, gaps. */
#include "app/config.h"
#include "base/clock.h"
#include "calib/calib.h"
#include "process.h"
#include "recording/recording.h"
#include "support.h"

#include <edflib.h>
#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEGIN_NS (50 * NS_PER_S)
#define TRUE_NS  (1790000000 * NS_PER_S) /* real time at mono 0, by the clock that was set at 40 s */

static const struct surface bed = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = 8,
    .cols = 4,
    .n_cells = 32,
    .pitch_mm = 50,
    .flip = FLIP_COLS,
    .full_scale_counts = 4095,
    .rate_hz = 10};

static const struct cell_place places[4] = {{-100, 100, REGION_SEAT}, {100.5f, 100, REGION_SEAT},
    {-100, -100, REGION_SEAT}, {0, 300, REGION_BACK}};

static const struct surface chair = {.name = "chair",
    .kind = SURFACE_SEAT,
    .n_cells = 4,
    .pitch_mm = 50,
    .full_scale_counts = 1023,
    .rate_hz = 10,
    .places = places};

static char *recording, *log_path;

static char *bed_calibration(void)
{
	struct calibration calibration;

	assert_int_equal(calibration_init_relative(&calibration, &bed), 0);
	calibration.unit = PRESSURE_MMHG;
	calibration.made_real_ns = 1780000000 * NS_PER_S;
	calibration.grade = 'B';
	snprintf(calibration.note, sizeof(calibration.note), "three levels");
	snprintf(calibration.reasons, sizeof(calibration.reasons), "creep is not known");
	for (size_t i = 0; i < bed.n_cells; i++)
		calibration.cells[i] = (struct calib_cell){10, 0.03f, 1.1f, i == 5};
	char *text = calibration_text(&calibration, &bed);
	calibration_finish(&calibration);
	assert_non_null(text);
	return text;
}

/* true_ns: real time at mono 0; 0: the frames do not know it. */
static void write_frame(
    struct recording_writer *writer, int surface, size_t n_cells, int k, int64_t true_ns)
{
	float counts[32];
	bool set = k >= 400; /* the clock: an hour behind until then */
	struct frame frame = {.mono_ns = BEGIN_NS + k * 100 * NS_PER_MS,
	    .utc_offset_s = 7200,
	    .flags = set ? FRAME_CLOCK_SYNCED : 0,
	    .sequence = (uint32_t)k,
	    .n_cells = n_cells,
	    .counts = counts};

	frame.real_ns = true_ns ? true_ns + frame.mono_ns - (set ? 0 : NS_PER_H) : 0;
	for (size_t i = 0; i < n_cells; i++)
		counts[i] = (float)(600 + (k * 7 + (int)i * 13) % 17);
	assert_int_equal(recording_write(writer, surface, &frame, NULL), 0);
}

/* Two minutes; the chair is silent from 30 s to 60 s, and from 100 s to the end. */
static int make_recording(void **state)
{
	struct recording_writer *writer = NULL;
	char *text = bed_calibration();

	(void)state;
	recording = scratch_path("inside.rec");
	log_path = scratch_path("log");
	assert_int_equal(recording_create(&writer, recording, true, NULL, NULL), 0);
	assert_int_equal(recording_add_surface(writer, &bed, NULL), 0);
	assert_int_equal(recording_add_surface(writer, &chair, NULL), 1);
	assert_int_equal(recording_set_calibration(writer, 0, text, NULL), 0);
	for (int k = 0; k < 1200; k++) {
		write_frame(writer, 0, bed.n_cells, k, TRUE_NS);
		if ((k < 300 || k >= 600) && k < 1000)
			write_frame(writer, 1, chair.n_cells, k, TRUE_NS);
	}
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	free(text);
	return 0;
}

static int free_paths(void **state)
{
	(void)state;
	free(recording);
	free(log_path);
	return 0;
}

/* Replays with one more argument or two; the database. */
static char *replay(const char *name, const char *option, const char *value)
{
	char *path = scratch_path(name);
	const char *const argv[] = {
	    "lumbar", "replay", recording, "--database", path, option, value, NULL};

	if (process_run("lumbar", log_path, argv, 60) != 0)
		fail_msg("%s", file_text(log_path));
	return path;
}

/* The first column of the first row as text, "NULL" or "none". */
static void assert_query(const char *path, const char *sql, const char *expected)
{
	sqlite3 *db;
	sqlite3_stmt *row;

	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	if (sqlite3_prepare_v2(db, sql, -1, &row, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	const char *got = "none";
	if (sqlite3_step(row) == SQLITE_ROW)
		got = (const char *)sqlite3_column_text(row, 0);
	if (strcmp(got ? got : "NULL", expected) != 0)
		fail_msg("%s: %s, not %s", sql, got ? got : "NULL", expected);
	sqlite3_finalize(row);
	sqlite3_close(db);
}

#define CALIBRATION_OF(name)                                                                       \
	"SELECT unit || ' ' || grade || ' ' || made_real_ns || ' ' || n_dead || ' ' || note || ' " \
	"' "                                                                                       \
	"|| reasons FROM calibration JOIN surface ON id = surface_id WHERE name = '" name "'"

static void the_calibration_inside_is_in_force(void **state)
{
	(void)state;
	char *path = replay("calibrated.db", NULL, NULL);

	assert_query(path, CALIBRATION_OF("bed"),
	    "mmHg B 1780000000000000000 1 three levels creep is not known");
	assert_query(path,
	    "SELECT unit FROM calibration JOIN surface ON id = surface_id WHERE name = 'chair'",
	    "relative");
	free(path);
}

static void told_otherwise_it_is_not(void **state)
{
	(void)state;
	char *path = replay("relative.db", "--calibration", "none");
	char *text = bed_calibration(), *conf = NULL;

	assert_query(path, "SELECT count(*) FROM calibration WHERE unit = 'relative'", "2");
	free(path);
	/* another calibration, which a configuration names */
	strstr(text, "grade = B")[8] = 'A';
	char *file = scratch_file("bed.calib", text);
	assert_true(asprintf(&conf,
	                "[surface bed]\nkind = bed\ndriver = sim\nsim.rows = 8\nsim.cols = 4\n"
	                "calibration = %s\n",
	                file) > 0);
	char *conf_path = scratch_file("lumbard.conf", conf);
	path = replay("configured.db", "-c", conf_path);
	assert_query(path, "SELECT grade FROM calibration WHERE unit = 'mmHg'", "A");
	free(path);
	free(conf_path);
	free(conf);
	free(file);
	free(text);
}

static void a_free_layout_keeps_its_places(void **state)
{
	(void)state;
	char *path = replay("places.db", "--surface", "chair");

	assert_query(path,
	    "SELECT group_concat(cell || ' ' || x_mm || ' ' || y_mm || ' ' || region, ', ') FROM "
	    "place",
	    "0 -100.0 100.0 seat, 1 100.5 100.0 seat, 2 -100.0 -100.0 seat, 3 0.0 300.0 back");
	free(path);
}

/* By the clock as it was when it had been set, not as it was at first. */
static void the_night_is_dated(void **state)
{
	(void)state;
	char *path = replay("dated.db", NULL, NULL);

	assert_query(path,
	    "SELECT offset_ns || ' ' || utc_offset_s || ' ' || synchronised FROM clock",
	    "1790000000000000000 7200 1");
	assert_query(path, "SELECT count(*) FROM anchor WHERE synchronised = 0", "1");
	assert_query(path, "SELECT value FROM event WHERE rule = 'clock'", "3600.0");
	free(path);
}

/* A gap is a gap, also one that has no end: 30 s and 20 s of the chair, nothing of the bed. */
static void gaps_are_gaps(void **state)
{
	(void)state;
	char *path = replay("gaps.db", NULL, NULL);
	static const char gaps[] = "SELECT group_concat((start_ns / 1000000000 - 50) || ' ' || "
	                           "round((end_ns - start_ns) / "
	                           "1e9, 1), ', ') FROM event JOIN surface ON surface.id = "
	                           "surface_id WHERE rule = 'acquire' "
	                           "AND name = '%s'";
	char sql[400];

	snprintf(sql, sizeof(sql), gaps, "chair");
	assert_query(path, sql, "29 30.1, 99 0.0");
	snprintf(sql, sizeof(sql), gaps, "bed");
	assert_query(path, sql, "NULL");
	assert_query(path,
	    "SELECT round(sum(observed_s)) FROM epoch JOIN surface ON id = surface_id WHERE name = "
	    "'chair'",
	    "70.0");
	free(path);
}

/* In mmHg by the calibration inside, as replay judges it. */
static void analyze_uses_the_calibration(void **state)
{
	(void)state;
	const char *const bed_argv[] = {
	    "lumbar", "analyze", "--surface", "bed", "--json", recording, NULL};
	const char *const chair_argv[] = {
	    "lumbar", "analyze", "--surface", "seat", "--json", recording, NULL};

	process_run("lumbar", log_path, bed_argv, 60);
	assert_true(file_says(log_path, "\"unit\": \"mmHg\"", 1));
	process_run("lumbar", log_path, chair_argv, 60);
	assert_true(file_says(log_path, "\"unit\": \"relative\"", 1));
}

/* The daemon's replay driver takes the same out of the file. */
static void a_configuration_takes_layout_and_calibration(void **state)
{
	(void)state;
	struct problems problems = {0};
	struct config *config = NULL;
	char *conf = NULL;

	assert_true(asprintf(&conf,
	                "[surface bed]\nkind = bed\ndriver = replay\nreplay.file = %s\n"
	                "replay.surface = bed\n"
	                "[surface sofa]\nkind = seat\ndriver = replay\nreplay.file = %s\n"
	                "replay.surface = chair\n"
	                "[surface other]\nkind = bed\ndriver = replay\nreplay.file = %s\n"
	                "replay.surface = bed\ncalibration = none\n",
	                recording, recording, recording) > 0);
	char *path = scratch_file("replay.conf", conf);
	if (config_load(&config, path, &problems) < 0)
		fail_msg("%s", problems.list[0].text);
	assert_true(config->surfaces[0]->calibrated);
	assert_int_equal(config->surfaces[0]->calibration.grade, 'B');
	assert_true(config->surfaces[0]->calibration.cells[5].dead);
	const struct surface *sofa = &config->surfaces[1]->surface;
	assert_int_equal(sofa->n_cells, 4);
	assert_int_equal(sofa->rows, 0);
	assert_memory_equal(sofa->places, places, sizeof(places));
	assert_false(config->surfaces[1]->calibrated);
	assert_false(config->surfaces[2]->calibrated);
	config_destroy(config);
	free(conf);
	free(path);
}

/* ---- wave forms ----------------------------------------------------------------------------- */

/* The exit status; the caller frees the path. */
static int export_waves(const char *from, char **path)
{
	*path = scratch_path("waves.edf");
	const char *const argv[] = {
	    "lumbar", "export", "--recording", from, "--format", "edf", "-o", *path, NULL};

	return process_run("lumbar", log_path, argv, 60);
}

static struct edf_hdr_struct *open_edf(const char *path)
{
	struct edf_hdr_struct *edf = calloc(1, sizeof(*edf));

	assert_non_null(edf);
	if (edfopen_file_readonly(path, edf, EDFLIB_READ_ALL_ANNOTATIONS) != 0)
		fail_msg("%s: %d", path, edf->filetype);
	return edf;
}

static void close_edf(struct edf_hdr_struct *edf)
{
	edfclose_file(edf->handle);
	free(edf);
}

/* The signal's samples [from, to) that are known. */
static int count_known(const struct edf_hdr_struct *edf, const char *label, int from, int to)
{
	for (int i = 0; i < edf->edfsignals; i++) {
		const struct edf_param_struct *signal = &edf->signalparam[i];
		double value;
		int n = 0;

		if (strncmp(signal->label, label, strlen(label)) != 0)
			continue;
		edfseek(edf->handle, i, from, EDFSEEK_SET);
		for (int k = from; k < to; k++) {
			assert_int_equal(edfread_physical_samples(edf->handle, i, 1, &value), 1);
			n += value > signal->phys_min + 1e-9;
		}
		return n;
	}
	fail_msg("no signal %s", label);
	return 0;
}

/* "ONSET LENGTH TEXT, ..." of the annotations of that text, in seconds. */
static void assert_notes(const struct edf_hdr_struct *edf, const char *text, const char *expected)
{
	struct edf_annotation_struct note;
	char told[400] = "";

	for (int i = 0; i < edf->annotations_in_file; i++) {
		assert_int_equal(edf_get_annotation(edf->handle, i, &note), 0);
		if (strcmp(note.annotation, text) == 0)
			snprintf(told + strlen(told), sizeof(told) - strlen(told), "%s%.1f %.1f",
			    *told ? ", " : "", (double)note.onset / EDFLIB_TIME_DIMENSION,
			    fmax(0, (double)note.duration_l) / EDFLIB_TIME_DIMENSION);
	}
	assert_string_equal(told, expected);
}

/* It begins when the clock that was set says that the first frame was; what is missing stays so. */
static void wave_forms_keep_time_and_gaps(void **state)
{
	struct civil at = clock_civil(TRUE_NS + BEGIN_NS, 7200);
	char *path;

	(void)state;
	if (export_waves(recording, &path) != 0)
		fail_msg("%s", file_text(log_path));
	struct edf_hdr_struct *edf = open_edf(path);
	assert_int_equal(edf->filetype, EDFLIB_FILETYPE_EDFPLUS);
	assert_int_equal(edf->startdate_day, at.day);
	assert_int_equal(edf->starttime_hour, at.hour);
	assert_int_equal(edf->starttime_minute, at.minute);
	assert_int_equal(edf->starttime_second, at.second);
	assert_memory_equal(edf->recording_additional, "UTC+02:00 ", 10);
	assert_int_equal(edf->file_duration, 120 * EDFLIB_TIME_DIMENSION);
	assert_int_equal(edf->signalparam[0].smp_in_datarecord, 100);
	assert_int_equal(count_known(edf, "Load bed", 0, 1200), 1200);
	assert_int_equal(count_known(edf, "Load chair", 0, 300), 300);
	assert_int_equal(count_known(edf, "Load chair", 300, 600), 0);
	assert_int_equal(count_known(edf, "Load chair", 600, 1000), 400);
	assert_int_equal(count_known(edf, "Load chair", 1000, 1200), 0);
	assert_notes(edf, "Chair not observed", "29.9 30.1, 99.9 20.0");
	assert_notes(edf, "Bed not observed", "");
	assert_notes(edf, "Clock not synchronised", "");
	close_edf(edf);
	free(path);
}

static char *make_second_recording(const char *name, int64_t true_ns)
{
	struct recording_writer *writer = NULL;
	char *path = scratch_path(name);

	assert_int_equal(recording_create(&writer, path, true, NULL, NULL), 0);
	assert_int_equal(recording_add_surface(writer, &bed, NULL), 0);
	for (int k = 0; k < 300; k++) /* the clock is never set */
		write_frame(writer, 0, bed.n_cells, k, true_ns);
	assert_int_equal(recording_close_writer(writer, NULL), 0);
	return path;
}

/* A file begins at a whole second: the first frame's 0.3 s after it are not known. */
static void wave_forms_begin_at_a_second(void **state)
{
	char *from = make_second_recording("third.rec", TRUE_NS + 300 * NS_PER_MS), *path;

	(void)state;
	if (export_waves(from, &path) != 0)
		fail_msg("%s", file_text(log_path));
	struct edf_hdr_struct *edf = open_edf(path);
	assert_int_equal(edf->starttime_subsecond, 0);
	assert_int_equal(edf->starttime_second, clock_civil(TRUE_NS + BEGIN_NS, 0).second);
	assert_int_equal(edf->file_duration, 40 * EDFLIB_TIME_DIMENSION); /* records of 10 s */
	assert_int_equal(count_known(edf, "Load bed", 0, 3), 0);
	assert_int_equal(count_known(edf, "Load bed", 3, 303), 300);
	assert_int_equal(count_known(edf, "Load bed", 303, 400), 0);
	assert_notes(edf, "Clock not synchronised", "0.0 0.0");
	close_edf(edf);
	free(path);
	free(from);
}

static void wave_forms_need_a_date(void **state)
{
	char *from = make_second_recording("undated.rec", 0), *path;

	(void)state;
	assert_int_equal(export_waves(from, &path), 1);
	assert_true(file_says(log_path, "its frames have no time of day", 1));
	free(path);
	free(from);
}

/* The recording is not replaced by what is made of it. */
static void wave_forms_go_elsewhere(void **state)
{
	const char *const argv[] = {
	    "lumbar", "export", "--recording", recording, "--format", "edf", "-o", recording, NULL};

	(void)state;
	assert_int_equal(process_run("lumbar", log_path, argv, 60), 1);
	assert_true(file_says(log_path, "is the recording; name another file", 1));
	assert_true(recording_is(recording));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_calibration_inside_is_in_force),
	    cmocka_unit_test(told_otherwise_it_is_not),
	    cmocka_unit_test(a_free_layout_keeps_its_places),
	    cmocka_unit_test(the_night_is_dated),
	    cmocka_unit_test(gaps_are_gaps),
	    cmocka_unit_test(analyze_uses_the_calibration),
	    cmocka_unit_test(a_configuration_takes_layout_and_calibration),
	    cmocka_unit_test(wave_forms_keep_time_and_gaps),
	    cmocka_unit_test(wave_forms_begin_at_a_second),
	    cmocka_unit_test(wave_forms_need_a_date),
	    cmocka_unit_test(wave_forms_go_elsewhere),
	};

	return cmocka_run_group_tests(tests, make_recording, free_paths);
}
