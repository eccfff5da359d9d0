/* A Modbus profile: what is taken stays within the protocol and its own registers. */
#include "fuzz.h"

#include "drivers/modbus_slave.h"
#include "drivers/modbus_wire.h"

#include <stdlib.h>
#include <string.h>

static void read_through(const struct modbus_map *map)
{
	size_t n_cells = map->rows * map->cols, n = modbus_map_registers_per_unit(map);
	float *counts = calloc(n_cells, sizeof(*counts));
	uint16_t *registers = calloc(n, sizeof(*registers));

	FUZZ_ASSERT(counts && registers);
	for (size_t unit = 0; unit < map->n_units; unit++) {
		modbus_map_encode(map, unit, counts, registers);
		modbus_map_decode(map, unit, registers, counts);
	}
	free(counts);
	free(registers);
}

/* Any five bytes behind the function: answered or refused. */
static void ask(const struct modbus_map *map, const uint8_t *data, size_t size)
{
	struct modbus_slave *slave = modbus_slave_create(map);
	uint8_t answer[MODBUS_PDU_MAX];

	FUZZ_ASSERT(slave);
	for (size_t i = 0; i + 5 <= size && i < 100; i += 5)
		FUZZ_ASSERT(modbus_slave_answer(slave, map->units[0], data + i, 5, answer) <=
		            MODBUS_PDU_MAX);
	modbus_slave_destroy(slave);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct modbus_map map;
	struct modbus_wire wire;
	struct error err = {0};

	if (modbus_map_load(&map, fuzz_file(data, size), &err) < 0) {
		FUZZ_ASSERT(err.text[0]);
		return 0;
	}
	FUZZ_ASSERT(map.n_units >= 1 && map.n_units <= MODBUS_UNITS_MAX);
	FUZZ_ASSERT(map.block_registers >= 1 && map.block_registers <= MODBUS_BLOCK_MAX);
	FUZZ_ASSERT(map.base + modbus_map_registers_per_unit(&map) <= 65536);
	modbus_wire_read(&map, map.baud, &wire);
	FUZZ_ASSERT(wire.frame_s > 0);
	read_through(&map);
	ask(&map, data, size);
	return 0;
}
