#include "modbus_bench.h"

#include "support.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* 6 x 4 cells; %s: units and cell type */
static const char profile[] = "[mat]\nname = test\nkind = bed\nrows = 6\ncols = 4\npitch = 50\n"
                              "full_scale = 250\nrate = 100\n"
                              "[registers]\nfunction = 4\nbase = 7\nblock = 4\n%s\n"
                              "[line]\nresponse_timeout = 250 ms\nbyte_timeout = 100 ms\n"
                              "baud = 115200\n";

char *bench_profile(const char *registers)
{
	char text[600];

	snprintf(text, sizeof(text), profile, registers);
	return scratch_file("driver.ini", text);
}

void bench_set(struct bench_mat *mat, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&mat->options, key, value, &(struct place){.key = key}, NULL), 0);
}

void bench_open(struct bench_mat *mat, const char *profile_path, const char *where)
{
	const struct driver *driver = driver_find("modbus");
	struct error err = {0};

	*mat = (struct bench_mat){.surface = {.name = "bed"}};
	options_init(&mat->options, driver->options);
	bench_set(mat, "profile", profile_path);
	if (where[0] == '/') {
		bench_set(mat, "transport", "rtu");
		bench_set(mat, "device", where);
	} else {
		bench_set(mat, "port", strchr(where, ':') + 1);
	}
	assert_int_equal(driver->describe(&mat->options, &mat->surface, &err), 0);
	assert_int_equal(mat->surface.n_cells, BENCH_CELLS);
	mat->device = (struct device){.driver = driver,
	    .surface = &mat->surface,
	    .options = &mat->options,
	    .state = calloc(1, driver->state_size)};
	mat->frame.counts = mat->counts;
	if (driver->open(&mat->device, &err) < 0)
		fail_msg("%s", err.text);
}

int bench_read(struct bench_mat *mat, int64_t wait_ms)
{
	return mat->device.driver->read(
	    &mat->device, clock_mono_ns() + wait_ms * NS_PER_MS, &mat->frame);
}

void bench_close(struct bench_mat *mat)
{
	mat->device.driver->close(&mat->device);
	free(mat->device.state);
}

int bench_reopen(struct bench_mat *mat, const char *key, const char *value, struct error *err)
{
	mat->device.driver->close(&mat->device);
	bench_set(mat, key, value);
	return mat->device.driver->open(&mat->device, err);
}

void bench_assert_whole(const struct bench_mat *mat)
{
	for (int i = 0; i < BENCH_CELLS; i++)
		assert_true(mat->counts[i] == mat->counts[0] + (float)i);
}

/* ---- the slave ---------------------------------------------------------------------------- */

static void *serve(void *user)
{
	struct bench_slave *slave = user;
	float counts[BENCH_CELLS];

	for (int k = 0; !atomic_load(&slave->stops); k++) {
		int64_t next_ns = clock_mono_ns() +
		                  (slave->frame_ns << (k % (slave->doublings + 1)));
		for (int i = 0; i < BENCH_CELLS; i++)
			counts[i] = (float)((k % 100) + i);
		if (atomic_load(&slave->sick))
			counts[5] = NAN;
		modbus_server_set_frame(slave->server, counts);
		while (clock_mono_ns() < next_ns && !atomic_load(&slave->stops)) {
			int64_t soon_ns = clock_mono_ns() + 20 * NS_PER_MS;
			modbus_server_run(
			    slave->server, soon_ns < next_ns ? soon_ns : next_ns, NULL);
		}
	}
	return NULL;
}

static void start(
    struct bench_slave *slave, const char *address, const char *path, int64_t frame_ms)
{
	struct modbus_map map;
	struct error err = {0};

	int doublings = frame_ms == BENCH_EVER_SLOWER ? 6 : 0;
	*slave = (struct bench_slave){.frame_ns = frame_ms * NS_PER_MS, .doublings = doublings};
	if (modbus_map_load(&map, path, &err) < 0 ||
	    modbus_server_open(&slave->server, address, &map, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(pthread_create(&slave->thread, NULL, serve, slave), 0);
}

void bench_stop_slave(struct bench_slave *slave)
{
	atomic_store(&slave->stops, true);
	pthread_join(slave->thread, NULL);
	modbus_server_close(slave->server);
	slave->server = NULL;
}

void bench_begin(struct modbus_bench *bench, const char *address, const char *served,
    const char *asked, int64_t frame_ms)
{
	if (bench->slave.server) /* of a test that failed */
		bench_stop_slave(&bench->slave);
	bench->profile = bench_profile(served);
	start(&bench->slave, address, bench->profile, frame_ms);
	if (asked) {
		free(bench->profile);
		bench->profile = bench_profile(asked);
	}
	bench_open(&bench->mat, bench->profile, modbus_server_where(bench->slave.server));
}

void bench_end(struct modbus_bench *bench)
{
	bench_close(&bench->mat);
	bench_stop_slave(&bench->slave);
	free(bench->profile);
}
