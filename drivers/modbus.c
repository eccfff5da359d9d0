/*
 * modbus: a mat behind Modbus RTU or TCP, read by a profile (modbus_map.h).
 *
 *   a frame = for each unit: [counter] block block ... [counter]     FC03 or FC04
 *
 * - A frame is read in pieces, and a deadline may fall between them: the next read() goes on where
 *   the last one stopped. No request is begun that has no time left for its answer.
 * - When the frame counter moved from before to after, the cells are of two frames: -EBADMSG. Asked
 *   at the mat's own rate, the next frames would be torn at the same place; so the counter is watched
 *   until it moves, and the reading begins with a frame from then on.
 * - A silent unit leaves every frame incomplete, which is said by -ETIMEDOUT, since cells are never
 *   guessed. It is asked again after 1, 2, 4, 8 s, so that the others are not kept waiting, and the
 *   first frame after it speaks again is whole within one round.
 * - When nobody answers three times in a row, -EIO has the host open the port anew.
 * - A unit that refuses (a Modbus exception) is -EBADMSG: it is there, and asked again.
 */
#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/modbus_bus.h"
#include "drivers/modbus_map.h"
#include "drivers/modbus_settings.h"
#include "drivers/pace.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SILENCES_MAX 3

static const double back_off_s = 1, back_off_max_s = 8;

struct unit {
	int64_t retry_ns; /* not asked before */
	int64_t asked_ns; /* first asked since its last answer; 0: it has answered */
	double back_off_s;
};

/* Where the frame that is being read has come to. */
struct progress {
	bool reading;
	bool missing; /* a silent unit was left out */
	bool cut;     /* the deadline came while an answer was on the way */
	int64_t begun_ns;
	size_t unit, n_registers; /* n_registers: read of this unit */
	bool counter_known;
	uint16_t counter;
};

struct modbus_mat {
	struct modbus_map map;
	struct modbus_bus *bus;
	uint16_t *registers; /* of the unit that is being read */
	float *counts;       /* of the frame that is being read */
	struct unit units[MODBUS_UNITS_MAX];
	unsigned silences;   /* in a row */
	unsigned n_requests; /* in this read() */
	uint32_t sequence;
	int64_t due_ns; /* the next frame */
	int64_t
	    watch_end_ns; /* after a torn frame: until then the counter is to move; 0: no matter */
	uint16_t torn_counter;
	struct progress at;
};

static int send_zero(struct modbus_mat *mat, int command, struct error *err)
{
	int result = 0;

	for (size_t i = 0; result == 0 && command >= 0 && i < mat->map.n_units; i++)
		result = modbus_bus_write(
		    mat->bus, mat->map.units[i], mat->map.zero_register, (uint16_t)command, err);
	return result;
}

static int mat_open(struct device *device, struct error *err)
{
	struct modbus_mat *mat = device->state;
	int result = modbus_settings_load(device->options, &mat->map, err);

	if (result < 0)
		return result;
	size_t n_cells = mat->map.rows * mat->map.cols;
	if (device->surface->n_cells != n_cells)
		return error_set(err, -EINVAL,
		    "profile \"%s\" has %zu cells, surface %s has %zu: leave rows and cols out",
		    mat->map.name, n_cells, device->surface->name, device->surface->n_cells);
	mat->registers = calloc(modbus_map_registers_per_unit(&mat->map), sizeof(uint16_t));
	mat->counts = calloc(n_cells, sizeof(float));
	if (!mat->registers || !mat->counts)
		return error_set(err, -ENOMEM, "out of memory");
	result = modbus_bus_open(&mat->bus, &mat->map, device->options, device->n_opens == 0, err);
	if (result == 0 && device->n_opens == 0)
		result = modbus_bus_tell_units(mat->bus, err);
	/* Only once: after a fault in the night somebody lies there. */
	if (result == 0 && device->n_opens == 0)
		result = send_zero(mat, modbus_settings_zero(device->options, &mat->map), err);
	return result;
}

static void mat_close(struct device *device)
{
	struct modbus_mat *mat = device->state;

	modbus_bus_close(mat->bus);
	free(mat->counts);
	free(mat->registers);
	*mat = (struct modbus_mat){0};
}

/* When the unit is asked again: with others on the bus later and later, alone as soon as may be. */
static void note_silence(struct modbus_mat *mat, struct unit *unit)
{
	double wait_s = modbus_bus_drain_s(mat->bus);

	mat->silences++;
	if (mat->map.n_units > 1) {
		unit->back_off_s = fmin(fmax(2 * unit->back_off_s, back_off_s), back_off_max_s);
		wait_s = fmax(wait_s, unit->back_off_s);
	}
	unit->retry_ns = clock_mono_ns() + (int64_t)(wait_s * 1e9);
}

/* The deadline cut an answer's time short: -EAGAIN, or a silence when the unit had time enough. */
static int note_cut(struct modbus_mat *mat, struct unit *unit, struct driver_stats *stats)
{
	double limit_s = mat->map.response_timeout_s + mat->map.byte_timeout_s;
	int64_t now_ns = clock_mono_ns();

	if ((double)(now_ns - unit->asked_ns) / 1e9 >= limit_s) {
		stats->timeouts++;
		return -ETIMEDOUT;
	}
	mat->at.cut = true;
	unit->retry_ns = now_ns + (int64_t)(modbus_bus_drain_s(mat->bus) * 1e9);
	return -EAGAIN;
}

static int request(
    struct device *device, int first, size_t n, uint16_t *registers, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	struct unit *unit = &mat->units[mat->at.unit];
	int64_t now_ns = clock_mono_ns();
	int64_t usual_ns = (int64_t)(2 * modbus_bus_last_s(mat->bus) * 1e9);
	uint64_t n_before = device->stats.requests;

	if (mat->n_requests > 0 && now_ns + usual_ns > deadline_ns)
		return -EAGAIN;
	mat->n_requests++;
	if (unit->asked_ns == 0)
		unit->asked_ns = now_ns;
	int result = modbus_bus_read(mat->bus, mat->map.units[mat->at.unit], first, n, registers,
	    deadline_ns, &device->stats);
	if (result == -EAGAIN && device->stats.requests > n_before)
		result = note_cut(mat, unit, &device->stats);
	if (result == -EAGAIN)
		return result;
	unit->asked_ns = 0;
	if (result == -ETIMEDOUT)
		note_silence(mat, unit);
	else
		mat->silences = 0;
	return mat->silences >= SILENCES_MAX ? -EIO : result;
}

static int read_counter(struct device *device, uint16_t *counter, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;

	if (mat->map.counter_register < 0)
		return 0;
	return request(device, mat->map.counter_register, 1, counter, deadline_ns);
}

static int read_blocks(struct device *device, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	size_t n_all = modbus_map_registers_per_unit(&mat->map);

	while (mat->at.n_registers < n_all) {
		size_t left = n_all - mat->at.n_registers;
		size_t n = left < mat->map.block_registers ? left : mat->map.block_registers;
		int result = request(device, mat->map.base + (int)mat->at.n_registers, n,
		    mat->registers + mat->at.n_registers, deadline_ns);
		if (result < 0)
			return result;
		mat->at.n_registers += n;
	}
	return 0;
}

static int64_t period_ns(const struct surface *surface)
{
	return llround(1e9 / (double)surface->rate_hz);
}

/* The counter, before the cells; after a torn frame, not before it has moved. */
static int begin_unit(struct device *device, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	int64_t pause_ns = period_ns(device->surface) / 20;

	for (;;) {
		int result = read_counter(device, &mat->at.counter, deadline_ns);
		int64_t now_ns = clock_mono_ns();
		if (result < 0 || mat->watch_end_ns == 0)
			return result;
		if (mat->at.counter != mat->torn_counter || now_ns > mat->watch_end_ns) {
			mat->watch_end_ns = 0;
			mat->at.begun_ns = now_ns;
			mat->due_ns = now_ns + period_ns(device->surface);
			return 0;
		}
		if (!pace_wait(now_ns + pause_ns, deadline_ns))
			return -EAGAIN;
	}
}

/* With several units each counts for itself, and there is no one moment to begin at. */
static int note_torn(struct device *device, uint16_t counter)
{
	struct modbus_mat *mat = device->state;

	device->stats.torn_frames++;
	if (mat->map.n_units == 1) {
		mat->torn_counter = counter;
		mat->watch_end_ns = clock_mono_ns() + 2 * period_ns(device->surface);
		mat->due_ns = 0;
	}
	return -EBADMSG;
}

/* Reads the unit on, from where it was left, to its end. */
static int read_unit(struct device *device, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	uint16_t after = 0;
	int result = 0;

	if (!mat->at.counter_known)
		result = begin_unit(device, deadline_ns);
	if (result < 0)
		return result;
	mat->at.counter_known = true;
	result = read_blocks(device, deadline_ns);
	if (result == 0)
		result = read_counter(device, &after, deadline_ns);
	if (result < 0)
		return result;
	if (mat->map.counter_register >= 0 && after != mat->at.counter)
		return note_torn(device, after);
	modbus_map_decode(&mat->map, mat->at.unit, mat->registers, mat->counts);
	mat->units[mat->at.unit].back_off_s = 0;
	return 0;
}

static void begin_frame(struct modbus_mat *mat, const struct surface *surface)
{
	int64_t now_ns = clock_mono_ns(), lasts_ns = period_ns(surface);

	mat->due_ns = (now_ns - mat->due_ns > lasts_ns ? now_ns : mat->due_ns) + lasts_ns;
	mat->at = (struct progress){.reading = true, .begun_ns = now_ns};
}

static void next_unit(struct progress *at)
{
	at->unit++;
	at->n_registers = 0;
	at->counter_known = at->cut = false;
}

/* Reads all units on. 0, also when one was left out (missing); -EAGAIN: the deadline came first. */
static int read_units(struct device *device, int64_t deadline_ns)
{
	struct modbus_mat *mat = device->state;
	bool alone = mat->map.n_units == 1;

	for (; mat->at.unit < mat->map.n_units; next_unit(&mat->at)) {
		int64_t retry_ns = mat->units[mat->at.unit].retry_ns;
		if (!alone && !mat->at.cut && clock_mono_ns() < retry_ns) {
			mat->at.missing = true;
			continue;
		}
		if (!pace_wait(retry_ns, deadline_ns))
			return -EAGAIN;
		int result = read_unit(device, deadline_ns);
		if (result == -ETIMEDOUT && !alone)
			mat->at.missing = true;
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

	mat->n_requests = 0;
	if (!mat->at.reading) {
		if (!pace_wait(mat->due_ns, deadline_ns))
			return -ETIMEDOUT;
		begin_frame(mat, device->surface);
	}
	int result = read_units(device, deadline_ns);
	if (result == -EAGAIN)
		return -ETIMEDOUT;
	mat->at.reading = false;
	if (result < 0)
		return result;
	if (mat->at.missing)
		return -ETIMEDOUT;
	if (!all_finite(mat->counts, n_cells)) {
		device->stats.content_errors++;
		return -ERANGE;
	}
	memcpy(out->counts, mat->counts, n_cells * sizeof(*out->counts));
	out->n_cells = n_cells;
	out->mono_ns = mat->at.begun_ns;
	out->real_ns = 0;
	out->utc_offset_s = 0;
	out->flags = 0;
	out->sequence = mat->sequence++;
	device->stats.frames++;
	device->stats.last_read_s = (double)(clock_mono_ns() - mat->at.begun_ns) / 1e9;
	return 0;
}

extern const struct driver driver_modbus;
const struct driver driver_modbus = {
    .name = "modbus",
    .summary = "a mat behind Modbus RTU or TCP, by a profile",
    .options = modbus_options,
    .state_size = sizeof(struct modbus_mat),
    .describe = modbus_settings_describe,
    .open = mat_open,
    .read = mat_read,
    .close = mat_close,
};
