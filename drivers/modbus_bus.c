#include "drivers/modbus_bus.h"

#include <errno.h>
#include <math.h>
#include <modbus.h>
#include <stdlib.h>

#include "base/clock.h"
#include "drivers/pace.h"

/* Opening waits so long at most, whatever the profile allows an answer: it cannot be cut short. */
static const double open_most_s = 1.5;

struct modbus_bus {
	const struct modbus_map *map;
	modbus_t *port;
	bool is_tcp;
	int baud;
	int64_t done_ns; /* when the last request was over: the gap is counted from there */
	double last_s;
};

static modbus_t *new_rtu(struct modbus_bus *bus, const struct options *options)
{
	char parity = bus->map->parity;

	if (options_integer(options, "baud") > 0)
		bus->baud = atoi(options_text(options, "baud"));
	if (options_integer(options, "parity") > 0)
		parity = "NEO"[options_integer(options, "parity") - 1];
	return modbus_new_rtu(options_text(options, "device"), bus->baud, parity,
	    bus->map->data_bits, bus->map->stop_bits);
}

/* A whole answer's time: the slave's thinking, its pauses, and the characters of n registers. */
static double answer_limit_s(const struct modbus_bus *bus, size_t n_registers)
{
	double characters_s = 0;

	if (!bus->is_tcp) /* of 11 bits at most; 8 of the request, 5 around the answer's registers */
		characters_s = 11.0 * (13.0 + 2.0 * (double)n_registers) / (double)bus->baud;
	return bus->map->response_timeout_s + bus->map->byte_timeout_s + characters_s;
}

static void set_limit(struct modbus_bus *bus, double limit_s)
{
	uint32_t us = (uint32_t)(fmax(limit_s, 1e-3) * 1e6);

	modbus_set_byte_timeout(bus->port, 0, 0);
	modbus_set_response_timeout(bus->port, us / 1000000, us % 1000000);
}

static int connect_port(struct modbus_bus *bus, const struct options *options, struct error *err)
{
	const char *at = options_text(options, bus->is_tcp ? "host" : "device");

	bus->port = bus->is_tcp ? modbus_new_tcp_pi(at, options_text(options, "port"))
	                        : new_rtu(bus, options);
	if (!bus->port)
		return error_set(err, -EINVAL, "%s: %s", at, modbus_strerror(errno));
	modbus_set_error_recovery(bus->port, MODBUS_ERROR_RECOVERY_NONE);
	set_limit(bus, fmin(bus->map->response_timeout_s, open_most_s));
	errno = 0; /* the resolver's failures leave it alone */
	if (modbus_connect(bus->port) < 0) {
		int code = errno > 0 && errno < MODBUS_ENOBASE ? -errno : -EIO;
		const char *why = errno == 0             ? "no such host"
		                  : errno == EINPROGRESS ? "it does not answer"
		                                         : modbus_strerror(errno);
		return bus->is_tcp ? error_set(err, code, "%s port %s cannot be reached: %s", at,
		                         options_text(options, "port"), why)
		                   : error_set(err, code, "%s cannot be opened: %s", at, why);
	}
	if (!bus->is_tcp && options_bool(options, "rs485") &&
	    modbus_rtu_set_serial_mode(bus->port, MODBUS_RTU_RS485) < 0)
		return error_set(err, -EINVAL, "%s has no RS-485 mode (%s): leave rs485 = no", at,
		    modbus_strerror(errno));
	return 0;
}

int modbus_bus_open(struct modbus_bus **out, const struct modbus_map *map,
    const struct options *options, struct error *err)
{
	struct modbus_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return error_set(err, -ENOMEM, "out of memory");
	bus->map = map;
	bus->is_tcp = options_integer(options, "transport") == 0;
	bus->baud = map->baud;
	int result = connect_port(bus, options, err);
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

int modbus_bus_read(struct modbus_bus *bus, int unit, int first, size_t n, uint16_t *registers,
    int64_t deadline_ns, struct driver_stats *stats)
{
	double limit_s = answer_limit_s(bus, n);

	if (!pace_wait(bus->done_ns + (int64_t)(bus->map->gap_s * 1e9), deadline_ns))
		return -EAGAIN;
	int64_t begun_ns = clock_mono_ns();
	double left_s = (double)(deadline_ns - begun_ns) / 1e9;
	if (left_s <= 0)
		return -EAGAIN;
	modbus_set_slave(bus->port, unit);
	modbus_flush(bus->port);
	set_limit(bus, fmin(limit_s, left_s));
	stats->requests++;
	int got = bus->map->function == 3
	              ? modbus_read_registers(bus->port, first, (int)n, registers)
	              : modbus_read_input_registers(bus->port, first, (int)n, registers);
	int failure = got < 0 ? errno : EMBBADDATA;
	bus->done_ns = clock_mono_ns();
	if (got == (int)n) {
		bus->last_s = (double)(bus->done_ns - begun_ns) / 1e9;
		return 0;
	}
	modbus_flush(bus->port);
	int result = classify(stats, failure);
	if (result == -ETIMEDOUT && left_s < limit_s)
		return -EAGAIN;
	stats->timeouts += result == -ETIMEDOUT;
	return result;
}

int modbus_bus_write(
    struct modbus_bus *bus, int unit, int address, uint16_t value, struct error *err)
{
	modbus_set_slave(bus->port, unit);
	modbus_flush(bus->port);
	set_limit(bus, fmin(answer_limit_s(bus, 1), open_most_s));
	if (modbus_write_register(bus->port, address, value) < 0)
		return error_set(err, -EIO, "unit %d refuses %d into register %d: %s", unit, value,
		    address, modbus_strerror(errno));
	return 0;
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
