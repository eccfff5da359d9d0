/* lumbar replay of one surface after another, and one that cannot be: what was kept stays. */
#include "process.h"
#include "store/query.h"
#include "support.h"

#include <stdlib.h>
#include <string.h>

static char *recording, *database, *log_path;

static int make_recording(void **state)
{
	(void)state;
	recording = scratch_path("both.rec");
	database = scratch_path("both.db");
	log_path = scratch_path("log");
	const char *const argv[] = {"lumbar", "simulate", "--plan", "demo", "--seed", "3",
	    "--hours", "0.1", "-o", recording, NULL};
	return process_run("lumbar", log_path, argv, 60);
}

static int free_paths(void **state)
{
	(void)state;
	free(recording);
	free(database);
	free(log_path);
	return 0;
}

static int replay(const char *option, const char *value)
{
	const char *const argv[] = {
	    "lumbar", "replay", recording, "--database", database, option, value, NULL};

	return process_run("lumbar", log_path, argv, 60);
}

static size_t n_rows(const char *name)
{
	struct store *store = NULL;
	struct stored_surface *surfaces = NULL;
	struct stored_epoch *epochs = NULL;
	size_t n = 0, n_epochs = 0, n_rows = 0;

	assert_int_equal(store_open(&store, database, STORE_READ, NULL), 0);
	assert_int_equal(query_surfaces(store, &surfaces, &n, NULL), 0);
	assert_int_equal(query_epochs(store, 0, INT64_MAX / 2, &epochs, &n_epochs, NULL), 0);
	for (size_t i = 0; i < n_epochs; i++)
		for (size_t k = 0; k < n; k++)
			n_rows += epochs[i].surface_id == surfaces[k].id &&
			          strcmp(surfaces[k].name, name) == 0;
	free(epochs);
	free(surfaces);
	store_close(store, NULL);
	return n_rows;
}

static void one_surface_goes_over_its_own_rows_only(void **state)
{
	(void)state;
	assert_int_equal(replay("--surface", "bed"), 0);
	assert_int_equal(n_rows("bed"), 6);
	assert_int_equal(n_rows("chair"), 0);
	assert_int_equal(replay("--surface", "chair"), 0);
	assert_int_equal(n_rows("bed"), 6);
	assert_int_equal(n_rows("chair"), 6);
	assert_int_equal(replay("--surface", "bed"), 0);
	assert_int_equal(n_rows("bed"), 6);
}

static void what_cannot_be_played_changes_nothing(void **state)
{
	(void)state;
	assert_int_equal(replay(NULL, NULL), 0);
	assert_int_equal(replay("--surface", "sofa"), 1);
	assert_int_equal(replay("--calibration", "/no/such/file"), 1);
	assert_int_equal(n_rows("bed"), 6);
	assert_int_equal(n_rows("chair"), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_surface_goes_over_its_own_rows_only),
	    cmocka_unit_test(what_cannot_be_played_changes_nothing),
	};

	return cmocka_run_group_tests(tests, make_recording, free_paths);
}
