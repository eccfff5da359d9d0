#include "drivers/modbus_bus.h"

#include <errno.h>
#include <math.h>
#include <modbus.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/clock.h"
#include "base/log.h"
#include "drivers/modbus_wire.h"
#include "drivers/pace.h"
#include "drivers/resolve.h"

/* Opening waits so long at most, whatever the profile allows an answer: it cannot be cut short. */
static const double open_most_s = 1.5;
static const double resolve_most_s = 3;

/*
 * A TCP line on which nothing came for so long has nothing left: a peer holds an answer back until
 * the one before it is acknowledged (Nagle), which Linux does after 200 ms at the latest.
 */
static const double quiet_s = 0.25, quiet_most_s = 1;

struct modbus_bus {
	const struct modbus_map *map;
	modbus_t *port;
	bool is_tcp;
	double pause_s;  /* between two requests: the profile's gap, or the line's silence */
	int64_t done_ns; /* when the last request was over: the pause is counted from there */
	bool is_clean;   /* it was answered, if only with a no */
	bool is_wary;    /* serial: stray bytes may come at any time */
	double last_s;
};

/* A whole answer's time: the slave's thinking, its pauses, and the characters of n registers. */
static double answer_limit_s(const struct modbus_bus *bus, size_t n_registers)
{
	double characters_s = 0;

	if (!bus->is_tcp) /* of 11 bits at most; 8 of the request, 5 around the answer's registers */
		characters_s = 11.0 * (13.0 + 2.0 * (double)n_registers) / (double)bus->map->baud;
	return bus->map->response_timeout_s + bus->map->byte_timeout_s + characters_s;
}

static void set_limit(struct modbus_bus *bus, double limit_s)
{
	uint32_t us = (uint32_t)(fmax(limit_s, 1e-3) * 1e6);

	modbus_set_byte_timeout(bus->port, 0, 0);
	modbus_set_response_timeout(bus->port, us / 1000000, us % 1000000);
}

/* One attempt at what bus->port names; 0 or the errno of it. */
static int connect_once(struct modbus_bus *bus)
{
	modbus_set_error_recovery(bus->port, MODBUS_ERROR_RECOVERY_NONE);
	set_limit(bus, fmin(bus->map->response_timeout_s, open_most_s));
	errno = 0;
	if (modbus_connect(bus->port) == 0)
		return 0;
	return errno ? errno : EIO;
}

static int failed_to_open(struct error *err, const char *at, int failure)
{
	const char *why = failure == EINPROGRESS ? "it does not answer" : modbus_strerror(failure);

	return error_set(
	    err, failure < MODBUS_ENOBASE ? -failure : -EIO, "%s cannot be opened: %s", at, why);
}

/* Tries the name's addresses, one after the other. */
static int open_tcp(struct modbus_bus *bus, const struct options *options, struct error *err)
{
	const char *host = options_text(options, "host"), *port = options_text(options, "port");
	struct resolved found;
	int failure = 0, result = resolve_host(&found, host, resolve_most_s, err);
	char where[OPTION_TEXT_SIZE + 16];

	if (result < 0)
		return result;
	for (size_t i = 0; i < found.n; i++) {
		bus->port = modbus_new_tcp_pi(found.addresses[i], port);
		if (!bus->port)
			return failed_to_open(err, host, errno);
		failure = connect_once(bus);
		if (failure == 0)
			return 0;
		modbus_close(bus->port);
		modbus_free(bus->port);
		bus->port = NULL;
	}
	snprintf(where, sizeof(where), "%s port %s", host, port);
	return failed_to_open(err, where, failure);
}

/* A pseudo-terminal has no wire on which messages could run into each other. */
static bool is_pseudo(modbus_t *port)
{
	struct stat st;

	return fstat(modbus_get_socket(port), &st) == 0 && major(st.st_rdev) >= 136 &&
	       major(st.st_rdev) <= 143; /* Linux, devices.txt: Unix98 PTY slaves */
}

static int set_rs485(
    struct modbus_bus *bus, const struct options *options, bool speaks, struct error *err)
{
	enum { NO, AUTO, YES };
	long wanted = options_integer(options, "rs485");
	const char *device = options_text(options, "device");

	if (wanted == NO || modbus_rtu_set_serial_mode(bus->port, MODBUS_RTU_RS485) == 0)
		return 0;
	if (wanted == YES)
		return error_set(err, -EINVAL,
		    "%s has no RS-485 mode (%s): leave rs485 = no for an adapter that switches by "
		    "itself",
		    device, modbus_strerror(errno));
	if (speaks)
		log_info("%s has no RS-485 mode (%s): the adapter must switch by itself", device,
		    modbus_strerror(errno));
	return 0;
}

static int open_rtu(
    struct modbus_bus *bus, const struct options *options, bool speaks, struct error *err)
{
	enum { AUTO, YES, NO };
	const struct modbus_map *map = bus->map;
	const char *device = options_text(options, "device");
	long silence = options_integer(options, "silence");

	bus->port = modbus_new_rtu(device, map->baud, map->parity, map->data_bits, map->stop_bits);
	if (!bus->port)
		return failed_to_open(err, device, errno);
	int failure = connect_once(bus);
	if (failure != 0)
		return failed_to_open(err, device, failure);
	if (flock(modbus_get_socket(bus->port), LOCK_EX | LOCK_NB) < 0)
		return error_set(err, -EBUSY,
		    "%s is asked by another program, or by another mat of this one: one alone may",
		    device);
	if (silence == YES || (silence == AUTO && !is_pseudo(bus->port)))
		bus->pause_s = fmax(bus->pause_s, modbus_wire_silence_s(map, map->baud));
	bus->is_wary = !is_pseudo(bus->port);
	return set_rs485(bus, options, speaks, err);
}

int modbus_bus_open(struct modbus_bus **out, const struct modbus_map *map,
    const struct options *options, bool speaks, struct error *err)
{
	struct modbus_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return error_set(err, -ENOMEM, "out of memory");
	bus->map = map;
	bus->is_tcp = options_integer(options, "transport") == 0;
	bus->pause_s = map->gap_s;
	bus->is_clean = true;
	int result = bus->is_tcp ? open_tcp(bus, options, err)
	                         : open_rtu(bus, options, speaks, err);
	if (result < 0) {
		modbus_bus_close(bus);
		return result;
	}
	*out = bus;
	return 0;
}

void modbus_bus_close(struct modbus_bus *bus)
{
	if (!bus)
		return;
	if (bus->port)
		modbus_close(bus->port);
	modbus_free(bus->port);
	free(bus);
}

/* libmodbus's errno -> ours. A unit that says no is alive, and may answer the next time. */
static int classify(struct driver_stats *stats, int failure)
{
	if (failure == ETIMEDOUT)
		return -ETIMEDOUT;
	if (failure > MODBUS_ENOBASE && failure < EMBBADCRC) {
		stats->exceptions++;
		return -EBADMSG;
	}
	if (failure >= EMBBADCRC) {
		stats->integrity_errors++;
		return -EBADMSG;
	}
	stats->io_errors++;
	return -EIO;
}

/*
 * Drops what waits on a serial line before a request: a transmitter that is switched on leaves
 * stray bytes at any time. Most often there are none, which costs least to ask. A pseudo-terminal is
 * trusted until the first damage.
 */
static void drop_stray(struct modbus_bus *bus)
{
	int n_waiting = 0;

	if (bus->is_clean && !bus->is_wary)
		return;
	if (ioctl(modbus_get_socket(bus->port), FIONREAD, &n_waiting) < 0 || n_waiting > 0)
		modbus_flush(bus->port);
}

/*
 * On TCP a message that nobody waits for can only follow a failure: the answer to a request that
 * was given up comes in place of the next one's, whose own comes a moment later, and so on for
 * ever, unless the line is left alone until nothing comes any more.
 */
static void drop_late(struct modbus_bus *bus, int64_t deadline_ns)
{
	struct pollfd line = {.fd = modbus_get_socket(bus->port), .events = POLLIN};
	int64_t most_ns = clock_mono_ns() + (int64_t)(quiet_most_s * 1e9);

	modbus_flush(bus->port);
	while (poll(&line, 1, (int)(quiet_s * 1e3)) > 0 && modbus_flush(bus->port) > 0 &&
	       clock_mono_ns() < (most_ns < deadline_ns ? most_ns : deadline_ns))
		;
}

int modbus_bus_read(struct modbus_bus *bus, int unit, int first, size_t n, uint16_t *registers,
    int64_t deadline_ns, struct driver_stats *stats)
{
	double limit_s = answer_limit_s(bus, n);

	if (bus->pause_s > 0 &&
	    !pace_wait(bus->done_ns + (int64_t)(bus->pause_s * 1e9), deadline_ns))
		return -EAGAIN;
	if (!bus->is_tcp)
		drop_stray(bus);
	else if (!bus->is_clean)
		drop_late(bus, deadline_ns);
	int64_t begun_ns = clock_mono_ns();
	double left_s = (double)(deadline_ns - begun_ns) / 1e9;
	if (left_s <= 0)
		return -EAGAIN;
	modbus_set_slave(bus->port, unit);
	set_limit(bus, fmin(limit_s, left_s));
	stats->requests++;
	int got = bus->map->function == 3
	              ? modbus_read_registers(bus->port, first, (int)n, registers)
	              : modbus_read_input_registers(bus->port, first, (int)n, registers);
	int failure = got < 0 ? errno : EMBBADDATA;
	bus->done_ns = clock_mono_ns();
	bus->is_clean = got == (int)n;
	if (bus->is_clean) {
		bus->last_s = (double)(bus->done_ns - begun_ns) / 1e9;
		return 0;
	}
	modbus_flush(bus->port);
	int result = classify(stats, failure);
	bus->is_clean = failure > MODBUS_ENOBASE && failure < EMBBADCRC;
	bus->is_wary = bus->is_wary || failure >= EMBBADCRC;
	if (result == -ETIMEDOUT && left_s < limit_s)
		return -EAGAIN;
	snprintf(stats->fault, sizeof(stats->fault), "unit %d, register %d: %s", unit, first,
	    failure == ETIMEDOUT ? "no answer" : modbus_strerror(failure));
	stats->timeouts += result == -ETIMEDOUT;
	return result;
}

int modbus_bus_write(
    struct modbus_bus *bus, int unit, int address, uint16_t value, struct error *err)
{
	pace_wait(bus->done_ns + (int64_t)(bus->pause_s * 1e9), INT64_MAX);
	modbus_set_slave(bus->port, unit);
	modbus_flush(bus->port);
	set_limit(bus, fmin(answer_limit_s(bus, 1), open_most_s));
	int result = 0;
	if (modbus_write_register(bus->port, address, value) < 0)
		result = error_set(err, -EIO, "unit %d refuses %d into register %d: %s", unit,
		    value, address, modbus_strerror(errno));
	bus->done_ns = clock_mono_ns();
	bus->is_clean = result == 0;
	return result;
}

static bool has_unit(const struct modbus_map *map, int unit)
{
	for (size_t i = 0; i < map->n_units; i++)
		if (map->units[i] == unit)
			return true;
	return false;
}

int modbus_bus_tell_units(struct modbus_bus *bus, struct error *err)
{
	const struct modbus_map *map = bus->map;
	size_t n = modbus_map_registers_per_unit(map) < 2 ? 1 : 2; /* a whole cell, or some */
	struct driver_stats stats = {0};
	uint16_t registers[2];
	int strangers[2];

	if (!bus->is_tcp || map->n_units < 2)
		return 0;
	for (int unit = 247, i = 0; i < 2; unit--) {
		if (has_unit(map, unit))
			continue;
		int64_t deadline_ns = clock_mono_ns() + (int64_t)(open_most_s * 1e9);
		if (modbus_bus_read(bus, unit, map->base, n, registers, deadline_ns, &stats) < 0)
			return 0;
		strangers[i++] = unit;
	}
	return error_set(err, -EINVAL,
	    "the host answers for units %d and %d too, so for any: its %zu units are one; give "
	    "each mat a host of its own, and each host one unit",
	    strangers[0], strangers[1], map->n_units);
}

double modbus_bus_drain_s(const struct modbus_bus *bus)
{
	/* the next request's transaction number keeps a late answer apart on TCP */
	return bus->is_tcp ? 0 : answer_limit_s(bus, MODBUS_BLOCK_MAX);
}

double modbus_bus_last_s(const struct modbus_bus *bus)
{
	return bus->last_s;
}
