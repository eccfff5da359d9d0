/* What ends the nights that can be compared: mats that were exchanged, and what she says. */
#include "base/clock.h"
#include "night_fixture.h"
#include "store/breaks.h"
#include "store/migrate.h"
#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAT_BITS (ERA_BIT(MAT) | ERA_BIT(GAIN))

static const struct surface bed = {.name = "bed",
    .kind = SURFACE_BED,
    .rows = 64,
    .cols = 32,
    .n_cells = 2048,
    .pitch_mm = 27.0f,
    .full_scale_counts = 4095.0f};

static struct store *open_own(const char *path)
{
	struct store *store = NULL;
	struct error err = {0};

	if (store_open(&store, path, STORE_OWN, &err) != 0)
		fail_msg("%s", err.text);
	return store;
}

/* A new one for each test. */
static struct store *fresh(void)
{
	static int n;
	char name[32];

	snprintf(name, sizeof(name), "breaks-%d.db", n++);
	char *path = scratch_path(name);
	struct store *store = open_own(path);

	free(path);
	return store;
}

/* 21:00 local time (two hours east) on a date, as real time. */
static int64_t evening_ns(int32_t day)
{
	return ((int64_t)day * 86400 + 19 * 3600) * NS_PER_S;
}

static void begin(struct store *store, const char *name)
{
	assert_int_equal(store_begin_session(store, name, "test", 0, NULL), 0);
}

static void set_clock(struct store *store, int32_t day)
{
	assert_int_equal(store_anchor(store, 0, evening_ns(day), 7200, true, NULL), 0);
}

/* In the session that runs: a mat from its first second on. made: seconds, 0: not calibrated. */
static void lay(struct store *store, const struct surface *surface, const char *label, int made)
{
	struct calibration calibration = {
	    .unit = made ? PRESSURE_MMHG : PRESSURE_RELATIVE, .made_real_ns = made * NS_PER_S};
	int id = store_add_surface(store, surface, NULL);

	assert_true(id > 0);
	snprintf(calibration.mat, sizeof(calibration.mat), "%s", label);
	assert_int_equal(store_mat(store, id, NS_PER_S, &calibration, NULL), 0);
	assert_int_equal(store_commit(store, NULL), 0);
}

/* A session of one evening with one mat. */
static void evening(
    struct store *store, int32_t day, const struct surface *surface, const char *label, int made)
{
	char name[32];

	snprintf(name, sizeof(name), "sim:%d", (int)day);
	begin(store, name);
	set_clock(store, day);
	lay(store, surface, label, made);
}

/* The only break there is; day 0: there is none. The caller closes. */
static struct stored_break only(struct store *store)
{
	struct stored_break *breaks = NULL, first = {0};
	size_t n = 0;

	assert_int_equal(query_breaks(store, &breaks, &n, NULL), 0);
	if (n > 1)
		fail_msg("%zu breaks, the second on day %d", n, (int)breaks[1].day);
	if (n == 1)
		first = breaks[0];
	free(breaks);
	return first;
}

static void test_other_cells(void **state)
{
	struct store *store = fresh();
	struct surface other = bed;
	struct stored_break found;

	(void)state;
	evening(store, 100, &bed, "", 0);
	evening(store, 101, &bed, "", 0);
	assert_int_equal(only(store).day, 0);
	other.rows = 32;
	other.n_cells = 1024;
	evening(store, 102, &other, "", 0);
	evening(store, 103, &other, "", 0);
	found = only(store);
	assert_int_equal(found.day, 102);
	assert_int_equal(found.eras, MAT_BITS);
	assert_int_equal(found.found, MAT_BITS);
	assert_string_equal(found.before, "64 x 32 cells of 27 mm");
	assert_string_equal(found.after, "32 x 32 cells of 27 mm");
	store_close(store, NULL);
}

static void test_another_name_in_its_calibration(void **state)
{
	struct store *store = fresh();
	struct stored_break found;

	(void)state;
	evening(store, 100, &bed, "PMD-1", 50);
	evening(store, 101, &bed, "", 50); /* not said: not another */
	evening(store, 102, &bed, "PMD-1", 50);
	assert_int_equal(only(store).day, 0);
	evening(store, 103, &bed, "", 50);
	evening(store, 104, &bed, "PMD-2", 50);
	found = only(store);
	assert_int_equal(found.day, 104);
	assert_int_equal(found.eras, MAT_BITS);
	assert_string_equal(found.before, "64 x 32 cells of 27 mm, PMD-1");
	assert_string_equal(found.after, "64 x 32 cells of 27 mm, PMD-2");
	store_close(store, NULL);
}

static void test_calibrated_again_is_the_same_mat(void **state)
{
	struct store *store = fresh();

	(void)state;
	evening(store, 100, &bed, "PMD-1", 50);
	evening(store, 101, &bed, "PMD-1", 60);
	assert_int_equal(only(store).day, 101);
	assert_int_equal(only(store).eras, ERA_BIT(GAIN));
	store_close(store, NULL);
}

static void test_another_kind_of_mat(void **state)
{
	const struct surface strip = {.name = "bed",
	    .kind = SURFACE_STRIP,
	    .rows = 1,
	    .cols = 1,
	    .n_cells = 1,
	    .pitch_mm = 200.0f,
	    .full_scale_counts = 4095.0f};
	struct store *store = fresh();

	(void)state;
	evening(store, 100, &strip, "", 0);
	evening(store, 101, &bed, "", 0);
	assert_int_equal(only(store).eras, MAT_BITS | ERA_BIT(SENSE));
	store_close(store, NULL);
}

/* What lies beside it, or in the chair, exchanges nothing; nor does another name of the section. */
static void test_what_is_no_exchange(void **state)
{
	struct store *store = fresh();
	struct surface second = bed, chair = bed, renamed = bed;

	(void)state;
	strcpy(second.name, "strip");
	second.kind = SURFACE_STRIP;
	second.rows = second.cols = second.n_cells = 1;
	strcpy(chair.name, "chair");
	chair.kind = SURFACE_SEAT;
	strcpy(renamed.name, "bedroom");
	evening(store, 100, &bed, "PMD-1", 0);
	lay(store, &chair, "C-1", 0);
	evening(store, 101, &bed, "PMD-1", 0);
	lay(store, &second, "", 0);
	chair.rows = 8;
	lay(store, &chair, "C-2", 0);
	evening(store, 102, &second, "", 0); /* the mat is away for a night */
	evening(store, 103, &bed, "PMD-1", 0);
	lay(store, &second, "", 0);
	evening(store, 104, &renamed, "PMD-1", 0);
	lay(store, &second, "", 0);
	assert_int_equal(only(store).day, 0);
	store_close(store, NULL);
}

static void test_another_mat_by_another_name(void **state)
{
	struct store *store = fresh();
	struct surface other = bed;

	(void)state;
	strcpy(other.name, "bedroom");
	other.pitch_mm = 20.0f;
	evening(store, 100, &bed, "", 0);
	evening(store, 101, &other, "", 0);
	evening(store, 102, &other, "", 0);
	assert_int_equal(only(store).day, 101);
	assert_string_equal(only(store).after, "64 x 32 cells of 20 mm");
	store_close(store, NULL);
}

static void test_there_and_back(void **state)
{
	struct store *store = fresh();
	struct stored_break *breaks = NULL;
	size_t n = 0;

	(void)state;
	evening(store, 100, &bed, "PMD-1", 0);
	evening(store, 105, &bed, "PMD-2", 0);
	evening(store, 103, &bed, "PMD-1", 0); /* played later: the order is that of time */
	evening(store, 109, &bed, "PMD-1", 0);
	assert_int_equal(query_breaks(store, &breaks, &n, NULL), 0);
	assert_int_equal(n, 2);
	assert_int_equal(breaks[0].day, 105);
	assert_int_equal(breaks[1].day, 109);
	free(breaks);
	store_close(store, NULL);
}

/* Exchanged while lumbard ran, by a reload: the same session, the same surface. */
static void test_within_a_session(void **state)
{
	struct store *store = fresh();
	struct calibration calibration = {.unit = PRESSURE_MMHG, .made_real_ns = 5, .mat = "B"};

	(void)state;
	evening(store, 100, &bed, "A", 50);
	/* 2 h on: 23:00 of the same day; 5 h on: the next day. */
	assert_int_equal(store_mat(store, 1, 5 * NS_PER_H, &calibration, NULL), 0);
	assert_int_equal(store_commit(store, NULL), 0);
	assert_int_equal(only(store).day, 101);
	store_close(store, NULL);
}

/* While the clock is not known it is no date's; a replay of the same goes over its own rows. */
static void test_clock_and_replay(void **state)
{
	struct store *store = fresh();

	(void)state;
	evening(store, 100, &bed, "A", 0);
	begin(store, "boot");
	lay(store, &bed, "B", 0);
	assert_int_equal(only(store).day, 0);
	set_clock(store, 101);
	assert_int_equal(store_commit(store, NULL), 0);
	assert_int_equal(only(store).day, 101);
	begin(store, "boot");
	set_clock(store, 101);
	lay(store, &bed, "A", 0);
	assert_int_equal(only(store).day, 0);
	store_close(store, NULL);
}

static void test_what_she_says(void **state)
{
	struct store *store = fresh();
	struct stored_break said;

	(void)state;
	assert_int_equal(store_break(store, 200, BREAK_PERSON, "my sister", 1, NULL), 0);
	said = only(store);
	assert_int_equal(said.day, 200);
	assert_int_equal(said.eras, ERA_BIT(PERSON));
	assert_int_equal(said.found, 0);
	assert_string_equal(said.text, "my sister");
	assert_int_equal(store_break(store, 200, BREAK_MAT, "", 1, NULL), 0);
	assert_int_equal(only(store).eras, ERA_BIT(PERSON) | MAT_BITS);
	assert_int_equal(store_take_break_back(store, 200, BREAK_PERSON, NULL), 0);
	assert_int_equal(only(store).eras, MAT_BITS);
	assert_string_equal(only(store).text, "");
	assert_int_equal(store_take_break_back(store, 200, BREAK_PERSON, NULL), -ENOENT);
	assert_int_equal(store_take_break_back(store, 200, BREAK_MAT, NULL), 0);
	assert_int_equal(only(store).day, 0);
	char *long_text = calloc(1, NOTE_SIZE + 1);
	memset(long_text, 'a', NOTE_SIZE);
	assert_int_equal(store_break(store, 200, BREAK_MAT, long_text, 1, NULL), -ERANGE);
	free(long_text);
	store_close(store, NULL);
}

/* The pitch in the configuration was put right: she says that it is the same mat. */
static void test_the_same_mat_after_all(void **state)
{
	struct store *store = fresh();
	struct surface right = bed;

	(void)state;
	right.pitch_mm = 25.4f;
	evening(store, 100, &bed, "", 0);
	evening(store, 101, &right, "", 0);
	assert_int_equal(only(store).eras, MAT_BITS);
	assert_int_equal(store_break(store, 101, BREAK_SAME_MAT, "", 1, NULL), 0);
	assert_int_equal(only(store).eras, ERA_BIT(GAIN));
	assert_int_equal(store_break(store, 101, BREAK_PERSON, "", 1, NULL), 0);
	assert_int_equal(only(store).eras, ERA_BIT(PERSON) | ERA_BIT(GAIN));
	assert_int_equal(store_break(store, 101, BREAK_MAT, "", 1, NULL), 0); /* and so it is */
	assert_int_equal(only(store).eras, ERA_BIT(PERSON) | MAT_BITS);
	assert_int_equal(only(store).found, ERA_BIT(GAIN));
	store_close(store, NULL);
}

/* ---- nights --------------------------------------------------------------------------------- */

static void write_night(const char *path, int32_t day, const char *mat, float load)
{
	struct night_fixture f;

	fixture_begin(&f, path, day);
	f.mat = mat;
	f.load = load;
	fixture_anchor(&f, 0, true);
	fixture_bed(&f, AT(23, 0), AT(6, 0), 's');
	fixture_bed(&f, AT(6, 0), AT(6, 10), 'e');
	fixture_write(&f, 0, NIGHT_MINUTES);
	fixture_end(&f);
}

/* The sessions begin at noon: the mat that came at the noon of day 4 is there in the night to 5. */
static void test_nights_know_their_era(void **state)
{
	char *path = scratch_path("nights.db");
	struct night_facts nights[8];
	size_t n = 0;

	(void)state;
	for (int32_t i = 0; i < 8; i++)
		write_night(
		    path, FIXTURE_DAY - 7 + i, i < 5 ? "A" : "B", 5000.0f + 10.0f * (float)i);
	struct store *store = open_own(path);
	assert_int_equal(store_break(store, FIXTURE_DAY - 1, BREAK_PERSON, "", 1, NULL), 0);
	assert_int_equal(query_nights(store, FIXTURE_DAY, nights, 8, &n, NULL), 0);
	assert_int_equal(n, 8);
	for (int32_t i = 0; i < 8; i++) {
		assert_int_equal(nights[i].era_day[ERA_MAT], i < 5 ? 0 : FIXTURE_DAY - 3);
		assert_int_equal(nights[i].era_day[ERA_PERSON], i < 7 ? 0 : FIXTURE_DAY - 1);
		assert_int_equal(nights[i].era_day[ERA_SENSE], 0);
		assert_float_equal(nights[i].load, 5000.0f + 10.0f * (float)i, 0.01f);
	}
	assert_int_equal(night_first_comparable(nights, 8, ERA_BIT(MAT)), 5);
	assert_int_equal(night_first_comparable(nights, 8, ERA_BIT(PERSON)), 7);
	assert_int_equal(night_first_comparable(nights, 7, ERA_BIT(PERSON)), 0);
	assert_int_equal(night_first_comparable(nights, 8, ERA_BIT(SENSE)), 0);
	store_close(store, NULL);
	free(path);
}

static size_t judged_otherwise(struct store *store, int32_t *first)
{
	int32_t days[30];
	size_t n = 0;

	assert_int_equal(query_judged_otherwise(store, 290, 319, days, &n, NULL), 0);
	*first = n ? days[0] : 0;
	return n;
}

static void test_judged_otherwise(void **state)
{
	struct store *store = fresh();
	struct night_facts night = {.day = 0};
	int32_t first;

	(void)state;
	for (night.day = 280; night.day < 310; night.day += 2)
		assert_int_equal(store_judged(store, &night, NULL), 0);
	assert_int_equal(judged_otherwise(store, &first), 0);
	assert_int_equal(store_break(store, 302, BREAK_PERSON, "", 1, NULL), 0);
	assert_int_equal(judged_otherwise(store, &first), 3); /* 304, 306, 308 */
	assert_int_equal(first, 304);
	night = (struct night_facts){.day = 304, .era_day[ERA_PERSON] = 302};
	assert_int_equal(store_judged(store, &night, NULL), 0);
	assert_int_equal(store_clear_day_events(store, 308, NULL), 0);
	assert_int_equal(judged_otherwise(store, &first), 1);
	assert_int_equal(first, 306);
	assert_int_equal(store_take_break_back(store, 302, BREAK_PERSON, NULL), 0);
	assert_int_equal(judged_otherwise(store, &first), 1);
	assert_int_equal(first, 304);
	/* Calibrated anew: no rule looks at it. */
	evening(store, 299, &bed, "", 1);
	evening(store, 300, &bed, "", 2);
	assert_int_equal(judged_otherwise(store, &first), 1);
	store_close(store, NULL);
}

/* ---- a database of before ------------------------------------------------------------------- */

static void test_migration_tells_the_mats(void **state)
{
	static const char rows[] =
	    "INSERT INTO session VALUES (1, 'a', 'old', 0), (2, 'b', 'old', 0);"
	    "INSERT INTO surface VALUES (1, 'bed', 'bed', 64, 32, 2048, 27, 'shape'), "
	    "(2, 'bed', 'bed', 32, 16, 512, 50, 'shape');"
	    "INSERT INTO anchor VALUES (1, 0, 8640000000000000 * 10, 0, 1), "
	    "(2, 0, 8640000000000000 * 10 + 259200000000000, 0, 1);"
	    "INSERT INTO calibration VALUES (2, 2, 'mmHg', 77, 0.9, '', 0, 'A', '', NULL, NULL);"
	    "INSERT INTO epoch SELECT 1, 60000000000 * value, 1, 60, 0, 60, 0, 0, 0, 0, 60, 0, 0, "
	    "0, "
	    "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, 0, NULL, NULL, "
	    "NULL, NULL, NULL, 1 FROM generate_series_of_ten;"
	    "INSERT INTO epoch SELECT 2, start_ns, 2, observed_s, technical_s, person_s, object_s, "
	    "empty_s, unknown_s, posture_unknown_s, posture_supine_s, posture_left_s, "
	    "posture_right_s, posture_prone_s, posture_edge_s, posture_empty_s, seat_unknown_s, "
	    "seat_empty_s, seat_upright_s, seat_forward_s, seat_slump_s, seat_lean_left_s, "
	    "seat_lean_right_s, seat_other_s, moving_s, activity, shifts, exits, bends, load, "
	    "centre_x_ratio, centre_y_ratio, valley_ratio, quiet_supine_s, breathing_per_min, "
	    "heart_per_min, sideways_ratio, forward_ratio, sideways_peak_ratio, health_ratio "
	    "FROM epoch;"
	    "INSERT INTO event (session_id, surface_id, rule, advice_id, level, start_ns, end_ns, "
	    "unit, frame_ns, day, detail) VALUES (1, NULL, 'prone', '', 'advice', 0, 0, '', 0, "
	    "1001, ''), (1, NULL, 'short_rest', '', 'advice', 0, 0, '', 0, 1001, '');"
	    "INSERT INTO note VALUES (1003, 'kept', 1)";
	char *path = scratch_path("old.db");
	struct store old = {.path = path};
	struct error err = {0};
	struct stored_break found;
	struct stored_note *notes = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(sqlite3_open(path, &old.db), SQLITE_OK);
	assert_int_equal(migrate_run(&old, migrate_steps, 5, &err), 0);
	assert_int_equal(
	    database_run(&old,
	        "CREATE TEMP VIEW generate_series_of_ten AS WITH RECURSIVE s(value) AS "
	        "(SELECT 3 UNION ALL SELECT value + 1 FROM s WHERE value < 12) SELECT * FROM s",
	        "", &err),
	    0);
	if (database_run(&old, rows, "", &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(sqlite3_close(old.db), SQLITE_OK);
	struct store *store = open_own(path);
	assert_int_equal(database_number(store, "PRAGMA user_version", -1), migrate_n_steps);
	assert_int_equal(database_number(store, "SELECT count(*) FROM mat", -1), 2);
	assert_int_equal(database_number(store, "SELECT mono_ns FROM mat WHERE session_id = 1", -1),
	    3 * NS_PER_MIN);
	assert_int_equal(
	    database_number(
	        store, "SELECT made_real_ns FROM mat WHERE session_id = 2 AND unit = 'mmHg'", -1),
	    77);
	found = only(store);
	assert_int_equal(found.day, 1003);
	assert_int_equal(found.eras, MAT_BITS);
	assert_string_equal(found.after, "32 x 16 cells of 50 mm");
	assert_int_equal(
	    database_number(store, "SELECT sum(day + person_day + mat_day) FROM judged", -1), 1001);
	assert_int_equal(query_notes(store, 0, 2000, &notes, &n, NULL), 0);
	assert_int_equal(n, 1);
	free(notes);
	store_close(store, NULL);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_other_cells),
	    cmocka_unit_test(test_another_name_in_its_calibration),
	    cmocka_unit_test(test_calibrated_again_is_the_same_mat),
	    cmocka_unit_test(test_another_kind_of_mat),
	    cmocka_unit_test(test_what_is_no_exchange),
	    cmocka_unit_test(test_another_mat_by_another_name),
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_within_a_session),
	    cmocka_unit_test(test_clock_and_replay),
	    cmocka_unit_test(test_what_she_says),
	    cmocka_unit_test(test_the_same_mat_after_all),
	    cmocka_unit_test(test_nights_know_their_era),
	    cmocka_unit_test(test_judged_otherwise),
	    cmocka_unit_test(test_migration_tells_the_mats),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
