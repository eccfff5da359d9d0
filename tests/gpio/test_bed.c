/*
 * lumbard as it is started by people, on a bed with four load cells in a kernel under test: somebody
 * gets in, breathes, turns, a plug comes loose for a while, she gets out. What the database says
 * afterwards is held against what the emulated cells were told.
 */
#include "process.h"
#include "store/query.h"
#include "support.h"
#include "tests/gpio/support/emulated.h"

#include "base/clock.h"

#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { CELLS = 4, HALF_X_MM = 450, HALF_Y_MM = 950, SHE_KG = 65 };

/* Cells for 50 kg that give 1 mV/V: a quarter of the amplifier's +-4 mV/V half at gain 128. */
#define COUNTS_PER_KG (0.256 * 8388608 / 50)

/* The bed's own weight and each cell's zero, in codes. */
static const int tare[CELLS] = {429497, 499497, 569497, -639497};

/* ---- who lies there -------------------------------------------------------------------- */

/* kg with its centre at (x, y) from the middle, over the four legs; left to right, head first. */
static void put(double kg, double x_mm, double y_mm)
{
	double right = 0.5 + x_mm / (2 * HALF_X_MM), head = 0.5 + y_mm / (2 * HALF_Y_MM);
	int load[CELLS];

	for (int i = 0; i < CELLS; i++) {
		double share = (i % 2 ? right : 1 - right) * (i / 2 ? 1 - head : head);
		load[i] = tare[i] + (int)lround(share * kg * COUNTS_PER_KG);
	}
	emulated_set_all("hx711_load", load, CELLS);
}

/* From one place to another within so many ms, in steps of 50. */
static void move(double from_kg, double to_kg, double from_x_mm, double to_x_mm, int ms)
{
	for (int at = 50; at <= ms; at += 50) {
		double share = (double)at / ms;
		put(from_kg + share * (to_kg - from_kg), from_x_mm + share * (to_x_mm - from_x_mm),
		    50);
		usleep(50000);
	}
}

/* Her centre goes to and fro along the bed by 2 mm, 14 times a minute. */
static void breathe(bool on)
{
	int sway = on ? (int)lround(2. / (2 * HALF_Y_MM) * SHE_KG / 2 * COUNTS_PER_KG) : 0;

	emulated_set("hx711_sway_ms", "4286");
	emulated_set_all("hx711_sway", (const int[]){sway, sway, -sway, -sway}, CELLS);
}

/* ---- the daemon ------------------------------------------------------------------------ */

struct scene {
	char *config, *database, *status, *log, *layout, *calibration;
	pid_t daemon;
};

static char *write_layout(void)
{
	char text[256];

	snprintf(text, sizeof(text),
	    "cell,x_mm,y_mm,region\n0,-%d,%d,leg\n1,%d,%d,leg\n2,-%d,-%d,leg\n3,%d,-%d,leg\n",
	    HALF_X_MM, HALF_Y_MM, HALF_X_MM, HALF_Y_MM, HALF_X_MM, HALF_Y_MM, HALF_X_MM, HALF_Y_MM);
	return scratch_file("legs.csv", text);
}

/* Percent of the cells' rated 50 kg, from the empty bed on. */
static char *write_calibration(void)
{
	char text[512];
	int length = snprintf(text, sizeof(text), "[calibration]\nunit = relative\n[cells]\n");

	for (int i = 0; i < CELLS; i++)
		length += snprintf(text + length, sizeof(text) - (size_t)length, "%d = %d %.9f 1\n",
		    i, tare[i] + 8388608, 2 / COUNTS_PER_KG);
	return scratch_file("legs.calib", text);
}

static void start(struct scene *scene)
{
	char text[1024];

	*scene = (struct scene){
	    .database = scratch_path("bed.db"),
	    .status = scratch_path("bed.json"),
	    .log = scratch_path("bed.log"),
	    .layout = write_layout(),
	    .calibration = write_calibration(),
	};
	snprintf(text, sizeof(text),
	    "[lumbard]\ndatabase = %s\nstatus_file = %s\n"
	    "[surface bed]\nkind = bed\ndriver = hx711\nlayout = %s\ncalibration = %s\n"
	    "hx711.chip = emulated-hx711\nhx711.data = 1 2 3 4\nhx711.clock = 0\nhx711.rate = 10\n",
	    scene->database, scene->status, scene->layout, scene->calibration);
	scene->config = scratch_file("bed.conf", text);
	scene->daemon = process_start(
	    "lumbard", scene->log, (const char *[]){"lumbard", "-c", scene->config, NULL});
}

static void end(struct scene *scene)
{
	free(scene->config);
	free(scene->database);
	free(scene->status);
	free(scene->log);
	free(scene->layout);
	free(scene->calibration);
}

static void expect_state(const struct scene *scene, const char *state, double within_s)
{
	char text[64];

	snprintf(text, sizeof(text), "\"state\":\"%s\"", state);
	if (!file_says(scene->status, text, within_s))
		fail_msg("the state is not %s after %.0f s:\n%s\n%s", state, within_s,
		    file_text(scene->status), file_text(scene->log));
}

/* ---- what is in the database ------------------------------------------------------------ */

struct sums {
	double observed_s, person_s, empty_s, object_s, unknown_s, moving_s, posture_s;
	double breathing;
	int n_breathing, exits, shifts;
};

static void add(struct sums *sums, const struct epoch *epoch)
{
	sums->observed_s += (double)epoch->observed_s;
	sums->unknown_s += (double)epoch->unknown_s;
	sums->person_s += (double)epoch->person_s;
	sums->empty_s += (double)epoch->empty_s;
	sums->object_s += (double)epoch->object_s;
	sums->moving_s += (double)epoch->moving_s;
	for (int i = 0; i < POSTURE_COUNT; i++)
		sums->posture_s += i == POSTURE_UNKNOWN ? 0 : (double)epoch->posture_s[i];
	if (isfinite(epoch->breathing_per_min)) {
		sums->breathing += (double)epoch->breathing_per_min;
		sums->n_breathing++;
	}
	sums->exits += epoch->exits;
	sums->shifts += epoch->shifts;
}

static struct sums read_database(const char *path)
{
	struct sums sums = {0};
	struct store *store;
	struct stored_epoch *epochs;
	size_t n;

	assert_int_equal(store_open(&store, path, STORE_READ, NULL), 0);
	assert_int_equal(query_epochs(store, 0, INT64_MAX, &epochs, &n, NULL), 0);
	for (size_t i = 0; i < n; i++)
		add(&sums, &epochs[i].epoch);
	free(epochs);
	store_close(store, NULL);
	return sums;
}

/* When what happened, in seconds of the kernel's clock. */
struct times {
	double begun, in, unplugged, plugged, seen_again, out, ended;
};

static double now_s(void)
{
	return (double)clock_mono_ns() * 1e-9;
}

static void play(const struct scene *scene, struct times *times)
{
	times->begun = now_s();
	expect_state(scene, "empty", 30);
	sleep(60);
	times->in = now_s();
	move(0, SHE_KG, -300, 0, 2000);
	breathe(true);
	expect_state(scene, "person", 60);
	sleep(150);
	move(SHE_KG, SHE_KG, 0, 150, 1500); /* she turns */
	sleep(120);
	times->unplugged = now_s();
	emulated_set("hx711_unplugged", "2"); /* the second cell */
	expect_state(scene, "no_data", 30);
	sleep(20);
	times->plugged = now_s();
	emulated_set("hx711_unplugged", "0");
	expect_state(scene, "person", 90);
	times->seen_again = now_s();
	sleep(60);
	breathe(false);
	move(SHE_KG, 0, 150, 300, 2000);
	times->out = now_s();
	expect_state(scene, "empty", 30);
	sleep(60);
	times->ended = now_s();
}

/* Within 10 s: a state is said when it is sure, and the daemon had to start. */
static void expect_seconds(double seen, double were)
{
	print_message("seen %.0f s of %.0f s\n", seen, were);
	assert_true(fabs(seen - were) < 10);
}

static void a_rest_on_load_cells_is_told_as_it_was(void **state)
{
	struct scene scene;
	struct times times;

	(void)state;
	put(0, 0, 0);
	breathe(false);
	emulated_set("hx711_noise", "60");
	emulated_set("hx711_rate_hz", "10");
	emulated_set("hx711_skew_ppm", "3000");
	emulated_restart("hx711");
	start(&scene);
	play(&scene, &times);
	kill(scene.daemon, SIGTERM);
	assert_int_equal(process_wait(scene.daemon, 20), 0);
	assert_true(file_says(scene.log, "amplifier 2 (data 2) gives no sample", 1));
	assert_true(file_says(scene.log, "frames arrive again", 1));

	struct sums sums = read_database(scene.database);
	end(&scene);
	double gap_s = times.plugged - times.unplugged;
	expect_seconds(sums.observed_s, times.ended - times.begun - gap_s);
	/* after she came, and after the gap, it took so long to be sure that this is a person */
	double sure_s = times.seen_again - times.plugged;
	expect_seconds(sums.empty_s, times.in - times.begun + times.ended - times.out);
	expect_seconds(sums.person_s + sums.unknown_s, times.out - times.in - gap_s);
	assert_true(sums.unknown_s < 2 * sure_s + 10);
	assert_true(sums.object_s == 0 && sums.posture_s == 0);
	assert_true(sums.moving_s > 1 && sums.moving_s < 30);
	assert_int_equal(sums.exits, 1);
	assert_int_equal(sums.shifts, 1);
	assert_true(sums.n_breathing >= 4);
	assert_true(fabs(sums.breathing / sums.n_breathing - 14) < 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_rest_on_load_cells_is_told_as_it_was),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
