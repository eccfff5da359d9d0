/*
 * modbus: a mat behind Modbus RTU or TCP, read by a profile (modbus_map.h) through libmodbus.
 *
 *   a frame = for each unit: [counter] block block ... [counter]     FC03 or FC04
 *
 * What the field has taught (docs/hardware.md):
 * - The answer to a request that was given up may still come and be taken for the next one's, so
 *   the line is flushed before each request, and after a silence the unit is left alone for as
 *   long as its answer could still be on the way.
 * - libmodbus's own error recovery can block for ever: it is off, the host reopens. Its byte
 *   timeout starts anew with each byte, so that a trickle never ends: it is off too, and the
 *   whole answer has one time limit.
 * - A frame is read in pieces, and a deadline may fall between them: the next read() goes on where
 *   the last one stopped.
 * - A silent unit leaves every frame incomplete, which is said by -ETIMEDOUT, since cells are never
 *   guessed. It is asked again after 1, 2, 4 ... 8 s, so that the others are not kept waiting: the
 *   first frame after it speaks again is whole within one round.
 */
#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/modbus_map.h"
#include "drivers/pace.h"

#include <errno.h>
#include <math.h>
#include <modbus.h>
#include <stdlib.h>
#include <string.h>

/* After this many silences with no answer in between, the port is opened anew. */
#define SILENCES_MAX 3

static const double back_off_s = 1, back_off_max_s = 8;

struct unit {
	int64_t retry_ns; /* not asked before */
	double back_off_s;
};

struct modbus_mat {
	struct modbus_map map;
	modbus_t *bus;
	uint16_t *registers; /* of the unit that is being read */
	float *counts;       /* of the frame that is being read */
	bool is_tcp;
	int baud;
	struct unit units[MODBUS_UNITS_MAX];
	unsigned silences; /* in a row */
	uint32_t sequence;
	int64_t due_ns;     /* the next frame */
	int64_t request_ns; /* when the last request was over: the gap is counted from there */
	/* where the frame that is being read has come to */
	bool reading, missing; /* missing: a unit was left out */
	int64_t begun_ns;
	size_t unit, n_read; /* registers of this unit */
	bool counter_known;
	uint16_t counter;
};

static const struct option_spec modbus_options[] = {
    {"profile", OPTION_TEXT, NULL, 0, 0, "", NULL,
        "the mat's register map: a name of calib/profiles, or a path with a /"},
    {"transport", OPTION_CHOICE, "tcp", 0, 0, "", "tcp rtu", "network or serial line"},
    {"host", OPTION_TEXT, "127.0.0.1", 0, 0, "", NULL, "tcp: name or address"},
    {"port", OPTION_INTEGER, "502", 1, 65535, "", NULL, "tcp: port"},
    {"device", OPTION_TEXT, "", 0, 0, "", NULL, "rtu: the serial device, /dev/ttyUSB0"},
    {"baud", OPTION_CHOICE, "profile", 0, 0, "", "profile " MODBUS_BAUDS, "rtu: of the line"},
    {"parity", OPTION_CHOICE, "profile", 0, 0, "", "profile none even odd", "rtu: of the line"},
    {"rs485", OPTION_BOOL, "no", 0, 0, "", NULL,
        "rtu: let the kernel drive the transmitter; not for adapters that switch by themselves"},
    {"zero", OPTION_BOOL, "no", 0, 0, "", NULL,
        "send the profile's zero command when opened: the mat must be empty then"},
    {0},
};

static int load_map(const struct options *options, struct modbus_map *map, struct error *err)
{
	char *path = modbus_map_find(options_text(options, "profile"), err);
	int result = path ? modbus_map_load(map, path, err) : err ? err->code : -ENOENT;

	free(path);
	return result;
}

static int mat_describe(const struct options *options, struct surface *surface, struct error *err)
{
	struct modbus_map map;
	int result = load_map(options, &map, err);

	if (result < 0)
		return result;
	if (options_integer(options, "transport") == 1 && !*options_text(options, "device"))
		return error_set(err, -EINVAL, "transport = rtu wants device = /dev/...");
	surface->kind = map.kind;
	surface->rows = map.rows;
	surface->cols = map.cols;
	surface->n_cells = map.rows * map.cols;
	surface->pitch_mm = map.pitch_mm;
	surface->full_scale_counts = map.full_scale_counts;
	surface->rate_hz = map.rate_hz;
	return 0;
}

/* ---- opening -------------------------------------------------------------------------- */

static modbus_t *new_rtu(struct modbus_mat *mat, const struct options *options)
{
	char parity = mat->map.parity;

	if (options_integer(options, "baud") > 0)
		mat->baud = atoi(options_text(options, "baud"));
	if (options_integer(options, "parity") > 0)
		parity = "NEO"[options_integer(options, "parity") - 1];
	return modbus_new_rtu(options_text(options, "device"), mat->baud, parity,
	    mat->map.data_bits, mat->map.stop_bits);
}

/* A whole answer's time: the slave's thinking, its pauses, and the characters of n registers. */
static double answer_limit_s(const struct modbus_mat *mat, size_t n_registers)
{
	double characters_s = 0;

	if (!mat->is_tcp) /* 11 bits at most; 8 of the request, 5 of the answer's frame */
		characters_s = 11.0 * (13.0 + 2.0 * (double)n_registers) / (double)mat->baud;
	return mat->map.response_timeout_s + mat->map.byte_timeout_s + characters_s;
}

static void set_limit(struct modbus_mat *mat, double limit_s)
{
	uint32_t seconds = (uint32_t)limit_s;
	uint32_t us = (uint32_t)((limit_s - seconds) * 1e6);

	modbus_set_byte_timeout(mat->bus, 0, 0);
	modbus_set_response_timeout(mat->bus, seconds, seconds + us > 0 ? us : 1000);
}

static int connect_bus(struct modbus_mat *mat, const struct options *options, struct error *err)
{
	const char *at = options_text(options, mat->is_tcp ? "host" : "device");

	mat->bus = mat->is_tcp ? modbus_new_tcp_pi(at, options_text(options, "port"))
	                       : new_rtu(mat, options);
	if (!mat->bus)
		return error_set(err, -EINVAL, "%s: %s", at, modbus_strerror(errno));
	modbus_set_error_recovery(mat->bus, MODBUS_ERROR_RECOVERY_NONE);
	set_limit(mat, mat->map.response_timeout_s);
	if (modbus_connect(mat->bus) < 0) {
		int code = errno > 0 && errno < MODBUS_ENOBASE ? -errno : -EIO;
		return mat->is_tcp ? error_set(err, code, "%s port %s does not answer: %s", at,
		                         options_text(options, "port"), modbus_strerror(errno))
		                   : error_set(err, code, "%s cannot be opened: %s", at,
		                         modbus_strerror(errno));
	}
	if (options_bool(options, "rs485") && !mat->is_tcp &&
	    modbus_rtu_set_serial_mode(mat->bus, MODBUS_RTU_RS485) < 0)
		return error_set(err, -errno, "%s has no RS-485 mode (%s); leave rs485 = no", at,
		    modbus_strerror(errno));
	return 0;
}

static int send_zero(struct modbus_mat *mat, struct error *err)
{
	const struct modbus_map *map = &mat->map;

	if (map->zero_register < 0)
		return error_set(
		    err, -EINVAL, "zero = yes, but profile \"%s\" has no zero_register", map->name);
	set_limit(mat, answer_limit_s(mat, 1));
	for (size_t i = 0; i < map->n_units; i++) {
		modbus_set_slave(mat->bus, map->units[i]);
		modbus_flush(mat->bus);
		if (modbus_write_register(mat->bus, map->zero_register, (uint16_t)map->zero_value) <
		    0)
			return error_set(err, -EIO, "unit %d refuses the zero command: %s",
			    map->units[i], modbus_strerror(errno));
	}
	return 0;
}

static int mat_open(struct device *device, struct error *err)
{
	struct modbus_mat *mat = device->state;
	const struct options *options = device->options;
	int result = load_map(options, &mat->map, err);

	if (result < 0)
		return result;
	size_t n_cells = mat->map.rows * mat->map.cols;
	if (device->surface->n_cells != n_cells)
		return error_set(err, -EINVAL,
		    "profile \"%s\" has %zu cells, surface %s has %zu: leave rows and cols out",
		    mat->map.name, n_cells, device->surface->name, device->surface->n_cells);
	mat->is_tcp = options_integer(options, "transport") == 0;
	mat->baud = mat->map.baud;
	mat->registers = calloc(modbus_map_registers_per_unit(&mat->map), sizeof(uint16_t));
	mat->counts = calloc(n_cells, sizeof(float));
	if (!mat->registers || !mat->counts)
		return error_set(err, -ENOMEM, "out of memory");
	result = connect_bus(mat, options, err);
	if (result == 0 && options_bool(options, "zero"))
		result = send_zero(mat, err);
	return result;
}

static void mat_close(struct device *device)
{
	struct modbus_mat *mat = device->state;

	if (mat->bus) {
		modbus_close(mat->bus);
		modbus_free(mat->bus);
	}
	free(mat->counts);
	free(mat->registers);
	*mat = (struct modbus_mat){0};
}

/* ---- one request ---------------------------------------------------------------------- */

/* libmodbus's errno -> ours. A unit that says no is alive: the next round asks it again. */
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

/* An answer may still come for as long as was left of its time, and for one more time on RTU. */
static int note_silence(struct modbus_mat *mat, struct driver_stats *stats, bool was_cut)
{
	struct unit *unit = &mat->units[mat->unit];
	double left_s = answer_limit_s(mat, MODBUS_BLOCK_MAX);

	if (was_cut) { /* by the host's deadline: the unit may be well, and the round goes on */
		unit->retry_ns = mat->request_ns + (int64_t)(left_s * 1e9);
		return -EAGAIN;
	}
	stats->timeouts++;
	mat->silences++;
	unit->back_off_s = fmin(fmax(2 * unit->back_off_s, back_off_s), back_off_max_s);
	if (mat->map.n_units > 1)
		left_s = unit->back_off_s;
	else if (mat->is_tcp)
		left_s = 0;
	unit->retry_ns = clock_mono_ns() + (int64_t)(left_s * 1e9);
	return mat->silences >= SILENCES_MAX ? -EIO : -ETIMEDOUT;
}

/* 0; -EAGAIN: the deadline came first; else what read() returns. */
static int request(
    struct device *device, int first, size_t n, uint16_t *registers, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	double limit_s = answer_limit_s(mat, n);

	if (!pace_wait(mat->request_ns + (int64_t)(mat->map.gap_s * 1e9), deadline_ns))
		return -EAGAIN;
	double left_s = (double)(deadline_ns - clock_mono_ns()) / 1e9;
	if (left_s <= 0)
		return -EAGAIN;
	modbus_set_slave(mat->bus, mat->map.units[mat->unit]);
	modbus_flush(mat->bus);
	set_limit(mat, fmin(limit_s, left_s));
	device->stats.requests++;
	int got = mat->map.function == 3
	              ? modbus_read_registers(mat->bus, first, (int)n, registers)
	              : modbus_read_input_registers(mat->bus, first, (int)n, registers);
	int failure = errno;
	mat->request_ns = clock_mono_ns();
	if (got == (int)n) {
		mat->silences = 0;
		return 0;
	}
	int result = classify(&device->stats, got < 0 ? failure : EMBBADDATA);
	if (result == -ETIMEDOUT)
		result = note_silence(mat, &device->stats, left_s < limit_s);
	else
		mat->silences = 0;
	modbus_flush(mat->bus);
	return result;
}

/* ---- one frame ------------------------------------------------------------------------ */

static int read_counter(struct device *device, uint16_t *counter, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;

	if (mat->map.counter_register < 0)
		return 0;
	return request(device, mat->map.counter_register, 1, counter, deadline_ns);
}

/* Reads the unit on, from where it was left, to its end. */
static int read_unit(struct device *device, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	size_t n_registers = modbus_map_registers_per_unit(&mat->map);
	uint16_t after = 0;
	int result = 0;

	if (!mat->counter_known)
		result = read_counter(device, &mat->counter, deadline_ns);
	mat->counter_known = result == 0;
	while (result == 0 && mat->n_read < n_registers) {
		size_t left = n_registers - mat->n_read;
		size_t n = left < mat->map.block_registers ? left : mat->map.block_registers;
		result = request(device, mat->map.base + (int)mat->n_read, n,
		    mat->registers + mat->n_read, deadline_ns);
		if (result == 0)
			mat->n_read += n;
	}
	if (result == 0)
		result = read_counter(device, &after, deadline_ns);
	if (result < 0)
		return result;
	if (mat->map.counter_register >= 0 && after != mat->counter) {
		device->stats.torn_frames++;
		return -EBADMSG;
	}
	modbus_map_decode(&mat->map, mat->unit, mat->registers, mat->counts);
	mat->units[mat->unit].back_off_s = 0;
	return 0;
}

static void next_unit(struct modbus_mat *mat)
{
	mat->unit++;
	mat->n_read = 0;
	mat->counter_known = false;
}

static void begin_frame(struct modbus_mat *mat, const struct surface *surface)
{
	int64_t period_ns = llround(1e9 / (double)surface->rate_hz);

	mat->begun_ns = clock_mono_ns();
	mat->due_ns = mat->begun_ns - mat->due_ns > period_ns ? mat->begun_ns + period_ns
	                                                      : mat->due_ns + period_ns;
	mat->reading = true;
	mat->missing = false;
	mat->unit = 0;
	mat->n_read = 0;
	mat->counter_known = false;
}

/* Reads all units on. 0, also when one was left out (missing); -EAGAIN: the deadline came first. */
static int read_units(struct device *device, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;

	for (; mat->unit < mat->map.n_units; next_unit(mat)) {
		int64_t retry_ns = mat->units[mat->unit].retry_ns;
		if (mat->map.n_units > 1 && clock_mono_ns() < retry_ns) {
			mat->missing = true;
			continue;
		}
		if (!pace_wait(retry_ns, deadline_ns))
			return -EAGAIN;
		int result = read_unit(device, deadline_ns);
		if (result == -ETIMEDOUT && mat->map.n_units > 1)
			mat->missing = true;
		else if (result < 0)
			return result;
	}
	return 0;
}

static bool all_finite(const float *counts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isfinite(counts[i]))
			return false;
	return true;
}

static int mat_read(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct modbus_mat *mat = device->state;
	size_t n_cells = device->surface->n_cells;

	if (!mat->reading) {
		if (!pace_wait(mat->due_ns, deadline_ns))
			return -ETIMEDOUT;
		begin_frame(mat, device->surface);
	}
	int result = read_units(device, deadline_ns);
	if (result == -EAGAIN)
		return -ETIMEDOUT;
	mat->reading = false;
	if (result < 0)
		return result;
	if (mat->missing)
		return -ETIMEDOUT;
	if (!all_finite(mat->counts, n_cells)) {
		device->stats.content_errors++;
		return -ERANGE;
	}
	memcpy(out->counts, mat->counts, n_cells * sizeof(*out->counts));
	out->n_cells = n_cells;
	out->mono_ns = mat->begun_ns;
	out->real_ns = 0;
	out->utc_offset_s = 0;
	out->flags = 0;
	out->sequence = mat->sequence++;
	device->stats.frames++;
	device->stats.last_read_s = (double)(clock_mono_ns() - mat->begun_ns) / 1e9;
	return 0;
}

extern const struct driver driver_modbus;
const struct driver driver_modbus = {
    .name = "modbus",
    .summary = "a mat behind Modbus RTU or TCP, by a profile",
    .options = modbus_options,
    .state_size = sizeof(struct modbus_mat),
    .describe = mat_describe,
    .open = mat_open,
    .read = mat_read,
    .close = mat_close,
};
