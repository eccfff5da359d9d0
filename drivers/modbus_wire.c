#include "drivers/modbus_wire.h"

#include <math.h>

static const double silence_chars = 3.5, silence_fixed_s = 1.75e-3;

static double char_s(const struct modbus_map *map, int baud)
{
	return (1 + map->data_bits + (map->parity != 'N') + map->stop_bits) / (double)baud;
}

double modbus_wire_silence_s(const struct modbus_map *map, int baud)
{
	return baud > 19200 ? silence_fixed_s : silence_chars * char_s(map, baud);
}

size_t modbus_wire_block(const struct modbus_map *map, int baud)
{
	double n_chars = WIRE_EXCHANGE_S / char_s(map, baud);
	double n = floor((n_chars - WIRE_REQUEST_CHARS - WIRE_ANSWER_CHARS) / 2);
	bool pairs = map->cell_type >= CELL_U32; /* a cell of two registers stays whole */

	if (n >= (double)map->block_registers)
		return map->block_registers;
	return (size_t)(pairs ? 2 * floor(n / 2) : n);
}

static double request_s(const struct modbus_wire *wire, size_t n_registers)
{
	double chars = WIRE_REQUEST_CHARS + WIRE_ANSWER_CHARS + 2.0 * (double)n_registers;

	return chars * wire->char_s + wire->silence_s + WIRE_TURNAROUND_S + wire->pause_s;
}

void modbus_wire_read(const struct modbus_map *map, int baud, struct modbus_wire *wire)
{
	size_t n_all = modbus_map_registers_per_unit(map), block = modbus_wire_block(map, baud);
	size_t n_whole = n_all / block, rest = n_all % block;

	*wire = (struct modbus_wire){
	    .char_s = char_s(map, baud),
	    .silence_s = modbus_wire_silence_s(map, baud),
	    .most_registers = n_all < block ? n_all : block,
	};
	wire->pause_s = fmax(wire->silence_s, map->gap_s);
	wire->request_s = request_s(wire, wire->most_registers);
	double unit_s = (double)n_whole * request_s(wire, block);
	size_t n_requests = n_whole;
	if (rest > 0) {
		unit_s += request_s(wire, rest);
		n_requests++;
	}
	if (map->counter_register >= 0) {
		unit_s += 2 * request_s(wire, 1);
		n_requests += 2;
	}
	wire->n_requests = n_requests * map->n_units;
	wire->frame_s = unit_s * (double)map->n_units;
}
