/*
 * Every profile in calib/profiles: it keeps the limits of its module, and the driver reads through
 * it, over TCP and RTU, what the simulated slave was given; several modules make one surface.
 */
#include "drivers/driver.h"
#include "drivers/modbus_server.h"
#include "drivers/modbus_wire.h"
#include "support.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define PROFILES_MOST 40

struct slave {
	struct modbus_server *server;
	pthread_t thread;
	atomic_bool stops;
};

struct mat {
	struct options options;
	struct surface surface;
	struct device device;
	struct frame frame;
};

static void *serve(void *user)
{
	struct slave *slave = user;

	while (!atomic_load(&slave->stops))
		modbus_server_run(slave->server, clock_mono_ns() + 50 * NS_PER_MS, NULL);
	return NULL;
}

static void start(
    struct slave *slave, const char *address, const struct modbus_map *map, const float *counts)
{
	struct error err = {0};

	*slave = (struct slave){0};
	if (modbus_server_open(&slave->server, address, map, &err) < 0)
		fail_msg("%s", err.text);
	modbus_server_set_frame(slave->server, counts);
	assert_int_equal(pthread_create(&slave->thread, NULL, serve, slave), 0);
}

static void stop(struct slave *slave)
{
	atomic_store(&slave->stops, true);
	pthread_join(slave->thread, NULL);
	modbus_server_close(slave->server);
}

static void set(struct mat *mat, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&mat->options, key, value, &(struct place){.key = key}, NULL), 0);
}

/* Describes, opens, and reads one frame; where: "127.0.0.1:PORT" or a terminal. */
static void read_once(struct mat *mat, const char *where)
{
	const struct driver *driver = driver_find("modbus");
	struct error err = {0};
	int result = -1;

	if (where[0] == '/') {
		set(mat, "transport", "rtu");
		set(mat, "device", where);
	} else {
		set(mat, "port", strchr(where, ':') + 1);
	}
	mat->surface = (struct surface){.name = "mat", .kind = SURFACE_STRIP};
	assert_int_equal(driver->describe(&mat->options, &mat->surface, &err), 0);
	mat->device = (struct device){.driver = driver,
	    .surface = &mat->surface,
	    .options = &mat->options,
	    .state = calloc(1, driver->state_size)};
	mat->frame = (struct frame){.counts = calloc(mat->surface.n_cells, sizeof(float))};
	if (driver->open(&mat->device, &err) < 0)
		fail_msg("%s", err.text);
	for (int k = 0; k < 60 && result != 0; k++)
		result = driver->read(&mat->device, clock_mono_ns() + NS_PER_S, &mat->frame);
	assert_int_equal(result, 0);
	driver->close(&mat->device);
	free(mat->device.state);
}

static void begin(struct mat *mat, const char *profile)
{
	*mat = (struct mat){0};
	options_init(&mat->options, driver_find("modbus")->options);
	set(mat, "profile", profile);
}

/* Counts from 0 to full scale, each cell another one, as whole steps of the cell. */
static float *make_counts(const struct modbus_map *map)
{
	size_t n = map->rows * map->cols;
	float *counts = calloc(n, sizeof(*counts));

	for (size_t i = 0; i < n; i++)
		counts[i] = floorf(map->full_scale_counts * (float)i / (float)(n > 1 ? n - 1 : 1));
	return counts;
}

static void load(struct modbus_map *map, const char *path)
{
	struct error err = {0};

	if (modbus_map_load(map, path, &err) < 0)
		fail_msg("%s", err.text);
}

static void check_limits(const char *name, const struct modbus_map *map)
{
	struct modbus_wire wire;
	bool few = strncmp(name, "cas-", 4) == 0 || strncmp(name, "bosche-", 7) == 0;

	assert_true(map->source[0] != '\0');
	assert_in_range(map->block_registers, 1, few ? 32 : MODBUS_BLOCK_MAX);
	modbus_wire_read(map, map->baud, &wire);
	if (strncmp(name, "pmd", 3) != 0) /* served over TCP only */
		assert_true(1 / wire.frame_s > (double)map->rate_hz);
}

static void check_profile(const char *name, const char *path)
{
	static const char *const addresses[] = {"tcp:0", "rtu:pty"};
	static struct slave slave; /* outlives a test that fails */
	struct modbus_map map;
	struct mat mat;

	load(&map, path);
	check_limits(name, &map);
	float *counts = make_counts(&map);
	for (size_t i = 0; i < 2; i++) {
		start(&slave, addresses[i], &map, counts);
		begin(&mat, path);
		read_once(&mat, modbus_server_where(slave.server));
		assert_int_equal(mat.frame.n_cells, map.rows * map.cols);
		for (size_t k = 0; k < mat.frame.n_cells; k++)
			if (fabsf(mat.frame.counts[k] - counts[k]) > 1e-6F * counts[k])
				fail_msg("%s over %s: cell %zu: %g, given %g", name, addresses[i],
				    k, (double)mat.frame.counts[k], (double)counts[k]);
		stop(&slave);
		free(mat.frame.counts);
	}
	free(counts);
}

static void test_every_profile_is_read(void **state)
{
	char *folder = source_path("calib/profiles"), path[600];
	DIR *dir = opendir(folder);
	int n = 0;

	(void)state;
	assert_non_null(dir);
	for (struct dirent *entry; (entry = readdir(dir));) {
		if (!strstr(entry->d_name, ".ini"))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		check_profile(entry->d_name, path);
		n++;
	}
	assert_in_range(n, 10, PROFILES_MOST);
	closedir(dir);
	free(folder);
}

/* modbus.units = 4, 9: the map of one module twice, row under row. */
static void test_two_modules_are_one_surface(void **state)
{
	char *path = source_path("calib/profiles/waveshare-ai8.ini");
	static struct slave slave; /* outlives a test that fails */
	const struct place where = {.key = "units"};
	struct modbus_map map;
	struct mat mat;

	(void)state;
	load(&map, path);
	assert_int_equal(modbus_map_set_units(&map, "4, 9", &where, NULL), 0);
	float *counts = make_counts(&map);
	start(&slave, "rtu:pty", &map, counts);
	begin(&mat, path);
	set(&mat, "units", "4, 9");
	read_once(&mat, modbus_server_where(slave.server));
	assert_true(mat.surface.rows == 2 && mat.surface.cols == 8);
	assert_int_equal(mat.frame.n_cells, 16);
	assert_memory_equal(mat.frame.counts, counts, 16 * sizeof(float));
	stop(&slave);
	free(mat.frame.counts);
	free(counts);
	free(path);
}

static void test_units_that_do_not_fit(void **state)
{
	static const struct {
		const char *profile, *units, *words;
	} cases[] = {
	    {"waveshare-ai8", "1, 1", "named twice"},
	    {"waveshare-ai8", "", "whole numbers from 1 to 247"},
	    {"cas-ci600d", "1", "2 rows of 4 units cannot become rows of 1"},
	    {"pmd-64x32", "1, 2, 3, 4, 5", "10240 cells; at most 8192"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct surface surface = {.name = "mat"};
		struct error err = {0};
		struct mat mat;
		begin(&mat, cases[i].profile);
		set(&mat, "units", cases[i].units);
		assert_true(driver_find("modbus")->describe(&mat.options, &surface, &err) < 0);
		if (!strstr(err.text, cases[i].words))
			fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].words);
	}
}

/* A module of general use lets the surface say what it is; a mat of its own does not. */
static void test_the_kind_of_a_module(void **state)
{
	struct surface surface = {.name = "mat", .kind = SURFACE_SEAT};
	struct mat mat;

	(void)state;
	begin(&mat, "wp3084adam");
	assert_int_equal(driver_find("modbus")->describe(&mat.options, &surface, NULL), 0);
	assert_int_equal(surface.kind, SURFACE_SEAT);
	begin(&mat, "overlay-32x16");
	assert_int_equal(driver_find("modbus")->describe(&mat.options, &surface, NULL), 0);
	assert_int_equal(surface.kind, SURFACE_BED);
}

/* A load terminal's zero wanders: a little under nought is nought, more is a fault to be seen. */
static void test_under_nought(void **state)
{
	char *path = source_path("calib/profiles/cas-ci600d.ini");
	uint16_t little[2] = {0xffff, (uint16_t)-3}, much[2] = {0xffff, (uint16_t)-501};
	struct modbus_map map;
	float counts[4];

	(void)state;
	load(&map, path);
	modbus_map_decode(&map, 0, little, counts);
	modbus_map_decode(&map, 1, much, counts);
	assert_true(counts[0] == 0 && counts[1] == -501);
	free(path);
}

/* Dini: 1 into 40001 zeroes, 2 tares; a profile without a tare command is told. */
static void test_zero_and_tare(void **state)
{
	static const char *const commands[] = {"yes", "tare"};
	char *path = source_path("calib/profiles/dini-dgt4x.ini");
	static struct slave slave; /* outlives a test that fails */
	struct surface surface = {.name = "mat"};
	struct error err = {0};
	struct modbus_map map;
	struct mat mat;

	(void)state;
	load(&map, path);
	assert_true(map.zero_register == 0 && map.zero_value == 1 && map.tare_value == 2);
	float *counts = make_counts(&map);
	for (size_t i = 0; i < 2; i++) {
		start(&slave, "rtu:pty", &map, counts);
		begin(&mat, path);
		set(&mat, "zero", commands[i]);
		read_once(&mat, modbus_server_where(slave.server));
		for (size_t k = 0; k < 4; k++)
			assert_true(mat.frame.counts[k] == 0);
		stop(&slave);
		free(mat.frame.counts);
	}
	begin(&mat, "chair-16x16");
	set(&mat, "zero", "tare");
	assert_int_equal(driver_find("modbus")->describe(&mat.options, &surface, &err), -EINVAL);
	assert_non_null(strstr(err.text, "zero = tare, but profile"));
	free(counts);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_profile_is_read),
	    cmocka_unit_test(test_two_modules_are_one_surface),
	    cmocka_unit_test(test_units_that_do_not_fit),
	    cmocka_unit_test(test_the_kind_of_a_module),
	    cmocka_unit_test(test_under_nought),
	    cmocka_unit_test(test_zero_and_tare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
