#include "drivers/modbus_map.h"

#include <math.h>
#include <string.h>

static size_t registers_for(enum cell_type type, size_t n_cells)
{
	switch (type) {
	case CELL_U8X2:
		return (n_cells + 1) / 2;
	case CELL_U16:
	case CELL_S16:
		return n_cells;
	case CELL_U32:
	case CELL_S32:
	case CELL_F32:
		break;
	}
	return 2 * n_cells;
}

size_t modbus_map_cells_per_unit(const struct modbus_map *map)
{
	return map->rows * map->cols / map->n_units;
}

size_t modbus_map_registers_per_unit(const struct modbus_map *map)
{
	return registers_for(map->cell_type, modbus_map_cells_per_unit(map));
}

/* The unit's k-th cell in the order of the wire -> its place in the grid. */
static size_t grid_index(const struct modbus_map *map, size_t unit_index, size_t k)
{
	size_t wire = unit_index * modbus_map_cells_per_unit(map) + k;

	if (!map->serpentine)
		return wire;
	size_t row = wire / map->cols, col = wire % map->cols;
	return row % 2 == 1 ? row * map->cols + map->cols - 1 - col : wire;
}

static uint32_t get_u32(const struct modbus_map *map, const uint16_t *pair)
{
	uint32_t first = pair[0], second = pair[1];

	return map->low_word_first ? second << 16 | first : first << 16 | second;
}

static void put_u32(const struct modbus_map *map, uint32_t value, uint16_t *pair)
{
	pair[map->low_word_first ? 1 : 0] = (uint16_t)(value >> 16);
	pair[map->low_word_first ? 0 : 1] = (uint16_t)value;
}

static unsigned byte_shift(const struct modbus_map *map, size_t k)
{
	return (k % 2 == 0) == map->low_word_first ? 0 : 8;
}

static double get_cell(const struct modbus_map *map, const uint16_t *registers, size_t k)
{
	uint32_t bits;
	float real;

	switch (map->cell_type) {
	case CELL_U8X2:
		return registers[k / 2] >> byte_shift(map, k) & 0xff;
	case CELL_U16:
		return registers[k];
	case CELL_S16:
		return (int16_t)registers[k];
	case CELL_U32:
		return get_u32(map, registers + 2 * k);
	case CELL_S32:
		return (int32_t)get_u32(map, registers + 2 * k);
	case CELL_F32:
		break;
	}
	bits = get_u32(map, registers + 2 * k);
	memcpy(&real, &bits, sizeof(real));
	return (double)real;
}

/* The nearest whole number that the type can hold. */
static double rounded(double value, double low, double high)
{
	return fmin(fmax(rint(value), low), high);
}

static void put_cell(const struct modbus_map *map, double value, size_t k, uint16_t *registers)
{
	float real = (float)value;
	uint32_t bits;

	switch (map->cell_type) {
	case CELL_U8X2:
		bits = (uint32_t)rounded(value, 0, UINT8_MAX) << byte_shift(map, k);
		registers[k / 2] = (uint16_t)((registers[k / 2] & 0xff00u >> byte_shift(map, k)) |
		                              bits);
		return;
	case CELL_U16:
		registers[k] = (uint16_t)rounded(value, 0, UINT16_MAX);
		return;
	case CELL_S16:
		registers[k] = (uint16_t)(int16_t)rounded(value, INT16_MIN, INT16_MAX);
		return;
	case CELL_U32:
		put_u32(map, (uint32_t)rounded(value, 0, UINT32_MAX), registers + 2 * k);
		return;
	case CELL_S32:
		put_u32(map, (uint32_t)(int32_t)rounded(value, INT32_MIN, INT32_MAX),
		    registers + 2 * k);
		return;
	case CELL_F32:
		memcpy(&bits, &real, sizeof(bits));
		put_u32(map, bits, registers + 2 * k);
		return;
	}
}

void modbus_map_decode(
    const struct modbus_map *map, size_t unit_index, const uint16_t *registers, float *counts)
{
	size_t n = modbus_map_cells_per_unit(map);

	for (size_t k = 0; k < n; k++) {
		float count = (float)((double)map->scale * get_cell(map, registers, k) +
		                      (double)map->offset);
		bool wanders = count < 0 && count >= -map->below_zero_counts;
		counts[grid_index(map, unit_index, k)] = wanders ? 0 : count;
	}
}

void modbus_map_encode(
    const struct modbus_map *map, size_t unit_index, const float *counts, uint16_t *registers)
{
	size_t n = modbus_map_cells_per_unit(map);

	memset(registers, 0, modbus_map_registers_per_unit(map) * sizeof(*registers));
	for (size_t k = 0; k < n; k++) {
		double count = (double)counts[grid_index(map, unit_index, k)];
		put_cell(map, (count - (double)map->offset) / (double)map->scale, k, registers);
	}
}
