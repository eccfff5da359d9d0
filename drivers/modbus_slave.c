#include "drivers/modbus_slave.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Modbus application protocol 1.1b3, sections 6 and 7. */
enum { WRITE_ONE = 6 };
enum { ILLEGAL_FUNCTION = 1, ILLEGAL_ADDRESS = 2, ILLEGAL_VALUE = 3 };

struct modbus_slave {
	struct modbus_map map;
	size_t n_cells, registers_per_unit;
	uint16_t *registers; /* unit after unit */
	float *counts;       /* the last frame as the sensels gave it */
	float *zeroed;       /* the same, less the zero */
	float *zero;
	bool is_zeroed;
	uint16_t frame_counter;
};

struct modbus_slave *modbus_slave_create(const struct modbus_map *map)
{
	struct modbus_slave *slave = calloc(1, sizeof(*slave));

	if (!slave)
		return NULL;
	slave->map = *map;
	slave->n_cells = map->rows * map->cols;
	slave->registers_per_unit = modbus_map_registers_per_unit(map);
	slave->registers = calloc(
	    map->n_units * slave->registers_per_unit, sizeof(*slave->registers));
	slave->counts = calloc(slave->n_cells, sizeof(float));
	slave->zeroed = calloc(slave->n_cells, sizeof(float));
	slave->zero = calloc(slave->n_cells, sizeof(float));
	if (!slave->registers || !slave->counts || !slave->zeroed || !slave->zero) {
		modbus_slave_destroy(slave);
		return NULL;
	}
	return slave;
}

void modbus_slave_destroy(struct modbus_slave *slave)
{
	if (!slave)
		return;
	free(slave->zero);
	free(slave->zeroed);
	free(slave->counts);
	free(slave->registers);
	free(slave);
}

const struct modbus_map *modbus_slave_map(const struct modbus_slave *slave)
{
	return &slave->map;
}

static void fill_registers(struct modbus_slave *slave)
{
	const float *counts = slave->is_zeroed ? slave->zeroed : slave->counts;

	for (size_t i = 0; i < slave->n_cells; i++)
		slave->zeroed[i] = fmaxf(slave->counts[i] - slave->zero[i], 0.0f);
	for (size_t unit = 0; unit < slave->map.n_units; unit++)
		modbus_map_encode(
		    &slave->map, unit, counts, slave->registers + unit * slave->registers_per_unit);
	slave->frame_counter++;
}

void modbus_slave_set_frame(struct modbus_slave *slave, const float *counts)
{
	memcpy(slave->counts, counts, slave->n_cells * sizeof(*counts));
	fill_registers(slave);
}

/* The value of one register of a unit; false where the map has none. */
static bool find_register(
    const struct modbus_slave *slave, size_t unit, int address, uint16_t *value)
{
	int base = slave->map.base;

	if (address >= base && address < base + (int)slave->registers_per_unit)
		*value =
		    slave->registers[unit * slave->registers_per_unit + (size_t)(address - base)];
	else if (address == slave->map.counter_register)
		*value = slave->frame_counter;
	else
		return false;
	return true;
}

static size_t refuse(uint8_t function, uint8_t exception, uint8_t *answer)
{
	answer[0] = function | 0x80;
	answer[1] = exception;
	return 2;
}

static size_t read_registers(
    const struct modbus_slave *slave, size_t unit, const uint8_t *request, uint8_t *answer)
{
	int first = request[1] << 8 | request[2];
	int n = request[3] << 8 | request[4];

	if (n < 1 || n > MODBUS_BLOCK_MAX)
		return refuse(request[0], ILLEGAL_VALUE, answer);
	for (int i = 0; i < n; i++) {
		uint16_t value;
		if (!find_register(slave, unit, first + i, &value))
			return refuse(request[0], ILLEGAL_ADDRESS, answer);
		answer[2 + 2 * i] = (uint8_t)(value >> 8);
		answer[3 + 2 * i] = (uint8_t)value;
	}
	answer[0] = request[0];
	answer[1] = (uint8_t)(2 * n);
	return 2 + 2 * (size_t)n;
}

/* The zero and the tare command: what lies on the mat now reads nought from here on. */
static size_t write_register(struct modbus_slave *slave, const uint8_t *request, uint8_t *answer)
{
	int address = request[1] << 8 | request[2];
	int value = request[3] << 8 | request[4];

	if (slave->map.zero_register < 0 || address != slave->map.zero_register)
		return refuse(request[0], ILLEGAL_ADDRESS, answer);
	if (value != slave->map.zero_value && value != slave->map.tare_value)
		return refuse(request[0], ILLEGAL_VALUE, answer);
	slave->is_zeroed = true;
	memcpy(slave->zero, slave->counts, slave->n_cells * sizeof(*slave->zero));
	fill_registers(slave);
	memcpy(answer, request, 5);
	return 5;
}

size_t modbus_slave_answer(struct modbus_slave *slave, int unit, const uint8_t *request,
    size_t size, uint8_t answer[static MODBUS_PDU_MAX])
{
	size_t index = 0;

	while (index < slave->map.n_units && slave->map.units[index] != unit)
		index++;
	if (index == slave->map.n_units || size == 0)
		return 0;
	bool is_read = request[0] == slave->map.function;
	if (!is_read && request[0] != WRITE_ONE)
		return refuse(request[0], ILLEGAL_FUNCTION, answer);
	if (size != 5)
		return refuse(request[0], ILLEGAL_VALUE, answer);
	return is_read ? read_registers(slave, index, request, answer)
	               : write_register(slave, request, answer);
}
