/* Trying one mat: what frames come to, and `lumbar drivers test` as a person calls it. */
#include "lumbar.h"
#include "support.h"

#include "app/trial.h"
#include "process.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 10, COLS = 8, N = ROWS * COLS, FRAMES = 41 };

/* ---- frames ------------------------------------------------------------------------------ */

static struct surface_config *make(size_t rows, size_t cols, size_t n_cells)
{
	struct surface surface = {.name = "bed",
	    .kind = SURFACE_BED,
	    .rows = rows,
	    .cols = cols,
	    .n_cells = n_cells,
	    .pitch_mm = 50,
	    .full_scale_counts = 4095,
	    .rate_hz = 20};
	static struct cell_place legs[4];

	for (size_t i = 0; i < 4; i++)
		legs[i].region = REGION_LEG;
	surface.places = rows ? NULL : legs;
	struct surface_config *config = surface_config_create(&surface);
	assert_non_null(config);
	config->driver = driver_find("matrix");
	return config;
}

/* Frames of 20 Hz in which each cell swings by `swing` counts about 100, unless still(cell). */
static void feed(struct trial *trial, size_t n_frames, int swing, bool (*still)(size_t cell))
{
	size_t n_cells = trial->config->surface.n_cells;
	float counts[N];

	for (size_t k = 0; k < n_frames; k++) {
		for (size_t i = 0; i < n_cells; i++)
			counts[i] = still(i) ? 7 : (float)(100 + (k % 2 ? swing : 0));
		trial_feed(trial,
		    &(struct frame){
		        .mono_ns = (int64_t)k * 50000000, .n_cells = n_cells, .counts = counts});
	}
	trial_judge(trial);
}

static bool none(size_t cell)
{
	(void)cell;
	return false;
}

static void rate_range_and_noise_are_those_of_the_frames(void **state)
{
	struct surface_config *config = make(ROWS, COLS, N);
	struct trial trial;

	(void)state;
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	assert_true(isnan(trial_rate_hz(&trial)));
	feed(&trial, FRAMES, 4, none);
	assert_true(fabs(trial_rate_hz(&trial) - 20) < 1e-9);
	assert_true(trial.least == 100 && trial.most == 104);
	assert_true(fabsf(trial.noise_counts - 4 / sqrtf(2)) < 1e-4F);
	assert_int_equal(trial.n_changed, N);
	assert_int_equal(trial.n_dead, 0);
	assert_int_equal(trial.n_full, 0);
	trial_finish(&trial);
	surface_config_destroy(config);
}

/* Cell 2,5; rows 4 and 5 side by side; the last column. */
static bool some(size_t cell)
{
	size_t row = cell / COLS, col = cell % COLS;

	return cell == 2 * COLS + 5 || row == 4 || row == 5 || col == COLS - 1;
}

static void dead_cells_and_lines_are_found(void **state)
{
	struct surface_config *config = make(ROWS, COLS, N);
	struct trial trial;

	(void)state;
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, FRAMES, 1, some);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(trial.cells[i].dead, some(i));
	for (size_t row = 0; row < ROWS; row++)
		assert_int_equal(trial.dead_rows[row], row == 4 || row == 5);
	for (size_t col = 0; col < COLS; col++)
		assert_int_equal(trial.dead_cols[col], col == COLS - 1);
	assert_int_equal(trial.n_dead_rows, 2);
	assert_int_equal(trial.n_dead_cols, 1);
	trial_finish(&trial);
	surface_config_destroy(config);
}

/* A hand on a mat without noise: what it does not touch is not dead. */
static bool beside_the_hand(size_t cell)
{
	return cell / COLS < 3 || cell / COLS > 7 || cell % COLS < 2 || cell % COLS > 5;
}

static void what_keeps_still_is_not_always_dead(void **state)
{
	struct surface_config *config = make(ROWS, COLS, N);
	struct trial trial;

	(void)state;
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, FRAMES, 50, beside_the_hand);
	assert_int_equal(trial.n_changed, 5 * 4);
	assert_int_equal(trial.n_dead, 0);
	trial_finish(&trial);
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, TRIAL_LIVELY_STEPS, 1, some); /* too few frames to say so */
	assert_int_equal(trial.n_dead, 0);
	trial_finish(&trial);
	surface_config_destroy(config);
}

static bool third(size_t cell)
{
	return cell == 2;
}

static void a_dead_load_cell_is_named(void **state)
{
	struct surface_config *config = make(0, 0, 4);
	struct trial trial;

	(void)state;
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, FRAMES, 9, third);
	assert_int_equal(trial.n_dead, 1);
	assert_true(trial.cells[2].dead);
	trial_finish(&trial);
	surface_config_destroy(config);
}

static void errors_come_with_what_to_do(void **state)
{
	static const struct {
		const char *driver, *advice;
	} table[] = {{"modbus", "120 ohm"}, {"hx711", "DOUT"}, {"matrix", "MISO"}, {"sim", NULL}};
	struct surface_config *config = make(ROWS, COLS, N);
	struct trial_fault faults[TRIAL_FAULTS_MAX];
	struct trial trial = {.config = config};

	(void)state;
	assert_int_equal(trial_faults(&trial, faults), 0);
	trial.stats = (struct driver_stats){.integrity_errors = 3, .late_samples = 2};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		config->driver = driver_find(table[i].driver);
		assert_int_equal(trial_faults(&trial, faults), 2);
		assert_string_equal(faults[0].kind, "integrity_errors");
		assert_int_equal(faults[0].n, 3);
		assert_int_equal(faults[1].n, 2);
		if (table[i].advice)
			assert_non_null(strstr(faults[0].advice, table[i].advice));
		else
			assert_null(faults[0].advice);
	}
	surface_config_destroy(config);
}

/* What is said of the trial, as a person reads it. The caller frees. */
static char *words_of(const struct trial *trial)
{
	char *path = scratch_path("words");

	fflush(stdout);
	int before = dup(STDOUT_FILENO), file = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	assert_true(before >= 0 && file >= 0);
	dup2(file, STDOUT_FILENO);
	trial_print(trial);
	trial_print_map(trial);
	fflush(stdout);
	dup2(before, STDOUT_FILENO);
	close(before);
	close(file);
	char *text = file_text(path);
	free(path);
	return text;
}

static void a_matrix_is_told_of_its_scan_and_ghosts(void **state)
{
	struct surface_config *config = make(ROWS, COLS, N);
	struct trial trial;

	(void)state;
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, FRAMES, 4, some);
	trial.stats = (struct driver_stats){.last_read_s = 0.02, .ghost_ratio = 0.2};
	char *text = words_of(&trial);
	assert_non_null(strstr(text, "scan: 20.0 ms a frame, so at most 50 frames a second"));
	assert_non_null(strstr(text, "ghosts: 20 % of what the row and the column carry; "
	                             "matrix.ghosts = correct"));
	assert_non_null(strstr(text, "row 4, 5: dead from end to end"));
	assert_non_null(strstr(text, "column 7: dead from end to end"));
	assert_non_null(strstr(text, "\n  xxxxxxxx\n  xxxxxxxx\n"));
	assert_non_null(strstr(text, "\n  █████x█x\n"));
	free(text);
	trial.stats.ghost_ratio = 0.7;
	text = words_of(&trial);
	assert_non_null(strstr(text, "ghosts: 70 % of what the row and the column carry; drive the "
	                             "rows from 74HC595"));
	free(text);
	trial_finish(&trial);
	surface_config_destroy(config);
}

/* The head is on top, however the mat lies. */
static void the_map_is_turned_as_the_mat_lies(void **state)
{
	struct surface_config *config = make(ROWS, COLS, N);
	struct trial trial;

	(void)state;
	config->surface.flip = FLIP_ROWS;
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, FRAMES, 4, some);
	char *text = words_of(&trial);
	const char *row = strstr(text, "on the left\n");
	assert_non_null(row);
	for (int i = 0; i < ROWS; i++) {
		row = strchr(row, '\n') + 1;
		assert_int_equal(strncmp(row, "  xxxxxxxx\n", 11) == 0, i == 4 || i == 5);
		assert_int_equal(
		    strncmp(row, "  █████x█x\n", strlen("  █████x█x\n")) == 0, i == ROWS - 1 - 2);
	}
	free(text);
	trial_finish(&trial);
	surface_config_destroy(config);
}

static void load_cells_are_a_table(void **state)
{
	struct surface_config *config = make(0, 0, 4);
	struct trial trial;

	(void)state;
	config->driver = driver_find("hx711");
	assert_int_equal(trial_init(&trial, config, NULL), 0);
	feed(&trial, FRAMES, 9, third);
	trial.stats = (struct driver_stats){.requests = 100, .late_samples = 3};
	char *text = words_of(&trial);
	assert_non_null(strstr(text, "samples: 100 read, 3 lost"));
	assert_non_null(strstr(text, "\ncell "));
	assert_non_null(strstr(text, "x  leg at 0, 0 mm: dead\n"));
	free(text);
	trial_finish(&trial);
	surface_config_destroy(config);
}

/* ---- the command ------------------------------------------------------------------------- */

static char *config_of(const char *lines)
{
	char text[600];

	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = trial.db\nstatus_file =\n[surface bed]\nkind = bed\n%s", lines);
	return scratch_file("lumbard.conf", text);
}

static void a_simulated_mat_is_tried(void **state)
{
	char *config = config_of("driver = sim\nsim.speed = 0\nsim.rate = 5\nsim.rows = 24\n");

	(void)state;
	lumbar_expect(
	    0, "frames: 51, 5.0 a second (5 asked for)", "drivers test bed -c %s", config);
	assert_non_null(strstr(lumbar_said(), "errors: none"));
	assert_non_null(strstr(lumbar_said(), "the head on top"));
	assert_non_null(strstr(lumbar_said(), "█"));
	lumbar_expect(0, "frames: 16,", "drivers test bed --seconds 3 -c %s", config);
	json_t *root = lumbar_json("drivers test bed --json -c %s", config);
	assert_int_equal(json_integer_value(json_object_get(root, "frames")), 51);
	assert_int_equal(json_array_size(json_object_get(root, "cells")), 24 * 16);
	assert_true(json_number_value(json_object_get(root, "most_counts")) > 100);
	assert_true(json_is_null(json_object_get(root, "ghost_ratio")));
	json_decref(root);
	lumbar_expect(
	    1, "no surface \"chair\"; there is \"bed\"", "drivers test chair -c %s", config);
	lumbar_expect(2, "usage:", "drivers test -c %s", config);
	lumbar_expect(2, "--seconds 0: give a number of 0.001 to 86400 s",
	    "drivers test bed --seconds 0 -c %s", config);
	lumbar_expect(1, "cannot be read", "drivers test bed -c %s", "/nowhere/lumbard.conf");
	free(config);
}

/* A port that nobody listens on: one that was free a moment ago. */
static int free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static void a_modbus_slave_is_tried(void **state)
{
	char lines[200], address[32];
	char *log = scratch_path("serve.log");
	int port = free_port();

	(void)state;
	snprintf(lines, sizeof(lines),
	    "driver = modbus\nmodbus.profile = overlay-32x16\nmodbus.port = %d\n", port);
	char *config = config_of(lines);
	lumbar_expect(1, "refused", "drivers test bed --seconds 1 -c %s",
	    config); /* the connection: nobody is there */
	snprintf(address, sizeof(address), "tcp:127.0.0.1:%d", port);
	const char *const serve[] = {
	    "lumbar", "simulate", "--serve", address, "--profile", "overlay-32x16", NULL};
	pid_t server = process_start("lumbar", log, serve);
	assert_true(file_says(log, "listening", 60));
	lumbar_expect(0, "by the driver modbus", "drivers test bed --seconds 2 -c %s", config);
	assert_non_null(strstr(lumbar_said(), "█"));
	free(config);
	snprintf(lines, sizeof(lines),
	    "driver = modbus\nmodbus.profile = pmd-64x32\nmodbus.port = %d\n", port);
	config = config_of(lines); /* registers that this mat does not have */
	lumbar_expect(1, "refused by the module: the profile does not fit",
	    "drivers test bed --seconds 2 -c %s", config);
	assert_non_null(strstr(lumbar_said(), "frames: 0"));
	kill(server, SIGTERM);
	process_wait(server, 30);
	free(config);
	free(log);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rate_range_and_noise_are_those_of_the_frames),
	    cmocka_unit_test(dead_cells_and_lines_are_found),
	    cmocka_unit_test(what_keeps_still_is_not_always_dead),
	    cmocka_unit_test(a_dead_load_cell_is_named),
	    cmocka_unit_test(errors_come_with_what_to_do),
	    cmocka_unit_test(a_matrix_is_told_of_its_scan_and_ghosts),
	    cmocka_unit_test(the_map_is_turned_as_the_mat_lies),
	    cmocka_unit_test(load_cells_are_a_table),
	    cmocka_unit_test(a_simulated_mat_is_tried),
	    cmocka_unit_test(a_modbus_slave_is_tried),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
