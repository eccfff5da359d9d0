/*
 * How fast the modbus driver polls, beside a bare libmodbus loop that asks for the same blocks and
 * does nothing else: over TCP on loopback and over RTU on a pseudo-terminal, by the map of the
 * 32 x 16 overlay. The two take turns frame by frame, so that what else the machine does meets both,
 * and what counts is the median of the ratios of neighbours. Fails under 97 %.
 */
#include "bench.h"

#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/modbus_map.h"
#include "drivers/modbus_server.h"

#include <errno.h>
#include <modbus.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define FRAMES 4001

static const double least_ratio = 0.97;

static void die(const char *what, const char *why)
{
	fprintf(stderr, "bench_modbus: %s: %s\n", what, why);
	exit(1);
}

struct slave {
	pid_t pid;
	char where[128];
};

/* The slave in a process of its own, as a mat's controller is. */
static void start_slave(struct slave *slave, const char *address, const struct modbus_map *map)
{
	struct modbus_server *server;
	struct error err = {0};
	float *counts = calloc(map->rows * map->cols, sizeof(*counts));

	if (!counts || modbus_server_open(&server, address, map, &err) < 0)
		die(address, counts ? err.text : "out of memory");
	snprintf(slave->where, sizeof(slave->where), "%s", modbus_server_where(server));
	fflush(stdout);
	slave->pid = fork();
	if (slave->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		modbus_server_set_frame(server, counts);
		modbus_server_run(server, INT64_MAX, NULL);
		_exit(0);
	}
	modbus_server_close(server);
	free(counts);
}

static void stop_slave(const struct slave *slave)
{
	kill(slave->pid, SIGKILL);
	waitpid(slave->pid, NULL, 0);
}

/* ---- the bare loop ------------------------------------------------------------------------ */

static modbus_t *open_bare(const struct slave *slave, const struct modbus_map *map)
{
	const char *port = strchr(slave->where, ':');
	modbus_t *bare = port ? modbus_new_tcp("127.0.0.1", atoi(port + 1))
	                      : modbus_new_rtu(slave->where, map->baud, map->parity, map->data_bits,
	                            map->stop_bits);

	if (!bare || modbus_connect(bare) < 0)
		die(slave->where, modbus_strerror(errno));
	modbus_set_slave(bare, map->units[0]);
	return bare;
}

static void ask_bare(modbus_t *bare, int first, int n, uint16_t *registers)
{
	if (modbus_read_input_registers(bare, first, n, registers) != n)
		die("the bare loop", modbus_strerror(errno));
}

static void frame_bare(modbus_t *bare, const struct modbus_map *map, uint16_t *registers)
{
	int n_all = (int)modbus_map_registers_per_unit(map), block = (int)map->block_registers;

	ask_bare(bare, map->counter_register, 1, registers);
	for (int at = 0; at < n_all; at += block)
		ask_bare(
		    bare, map->base + at, n_all - at < block ? n_all - at : block, registers + at);
	ask_bare(bare, map->counter_register, 1, registers);
}

/* ---- ours --------------------------------------------------------------------------------- */

static void set(struct options *options, const char *key, const char *value)
{
	struct error err = {0};

	if (options_set(options, key, value, &(struct place){.key = key}, &err) < 0)
		die(key, err.text);
}

static void open_ours(struct device *device, struct options *options, struct surface *surface,
    const struct slave *slave)
{
	const char *port = strchr(slave->where, ':');
	struct error err = {0};

	device->driver = driver_find("modbus");
	options_init(options, device->driver->options);
	set(options, "profile", "./calib/profiles/overlay-32x16.ini");
	set(options, "transport", port ? "tcp" : "rtu");
	set(options, port ? "port" : "device", port ? port + 1 : slave->where);
	device->options = options;
	device->surface = surface;
	device->state = calloc(1, device->driver->state_size);
	if (device->driver->describe(options, surface, &err) < 0 ||
	    device->driver->open(device, &err) < 0)
		die(slave->where, err.text);
	surface->rate_hz = 1e6F; /* as fast as it goes */
}

/* ------------------------------------------------------------------------------------------- */

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), ascending);
	return values[n / 2];
}

static bool compare(const char *name, const char *address, const struct modbus_map *map)
{
	static double ours_s[FRAMES], bare_s[FRAMES], ratio[FRAMES];
	static float counts[1024];
	static uint16_t registers[1024];
	struct options options;
	struct surface surface = {.name = "bed"};
	struct device device = {0};
	struct frame frame = {.counts = counts};
	struct slave slave = {0};

	start_slave(&slave, address, map);
	modbus_t *bare = open_bare(&slave, map);
	open_ours(&device, &options, &surface, &slave);
	for (size_t i = 0; i < FRAMES; i++) {
		int64_t begun_ns = clock_mono_ns();
		frame_bare(bare, map, registers);
		int64_t between_ns = clock_mono_ns();
		if (device.driver->read(&device, between_ns + 10 * NS_PER_S, &frame) != 0)
			die("the driver", "a frame was missed");
		bare_s[i] = (double)(between_ns - begun_ns) / (double)NS_PER_S;
		ours_s[i] = (double)(clock_mono_ns() - between_ns) / (double)NS_PER_S;
		ratio[i] = bare_s[i] / ours_s[i];
	}
	device.driver->close(&device);
	free(device.state);
	modbus_close(bare);
	modbus_free(bare);
	stop_slave(&slave);
	double typical = median(ratio, FRAMES);
	printf("  %-22s %7.0f frames/s, bare libmodbus %7.0f: %5.1f %%\n", name,
	    1 / median(ours_s, FRAMES), 1 / median(bare_s, FRAMES), 100 * typical);
	return typical >= least_ratio;
}

int main(void)
{
	struct modbus_map map;
	struct error err = {0};

	if (modbus_map_load(&map, "calib/profiles/overlay-32x16.ini", &err) < 0)
		die("profile", err.text);
	puts("polling 32 x 16 cells, 7 requests a frame, driver and bare libmodbus in turns");
	bool tcp = compare("TCP, loopback", "tcp:0", &map);
	bool rtu = compare("RTU, pseudo-terminal", "rtu:pty", &map);
	if (!tcp || !rtu)
		fprintf(stderr, "bench_modbus: under %.0f %%\n", 100 * least_ratio);
	return tcp && rtu ? 0 : 1;
}
