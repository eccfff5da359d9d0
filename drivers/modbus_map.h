/*
 * A mat's register map, read from a profile (calib/profiles/NAME.ini), and the pure code between
 * registers and counts: no I/O here, no libmodbus.
 */
#ifndef LUMBAR_DRIVERS_MODBUS_MAP_H
#define LUMBAR_DRIVERS_MODBUS_MAP_H

#include "base/error.h"
#include "core/surface.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MODBUS_BLOCK_MAX 125 /* registers in one answer: Modbus application protocol 1.1b3, 6.3 */
#define MODBUS_UNITS_MAX 16

/* The rates of serial lines that there are. */
#define MODBUS_BAUDS "1200 2400 4800 9600 19200 38400 57600 115200 230400 460800 921600"

enum cell_type { CELL_U8X2, CELL_U16, CELL_S16, CELL_U32, CELL_S32, CELL_F32 };

struct modbus_map {
	char name[64], source[160];
	/* geometry as the profile knows it */
	enum surface_kind kind;
	bool any_kind; /* a module of general use: the surface says what it is; kind is a strip */
	size_t rows, cols;
	float pitch_mm, full_scale_counts, rate_hz;
	bool serpentine; /* odd rows run backwards */
	/* registers; cells are shared out over the units in order, cells_per_unit each */
	size_t n_units;
	int units[MODBUS_UNITS_MAX];
	int function; /* 3 holding, 4 input */
	uint16_t base;
	enum cell_type cell_type;
	bool low_word_first;
	float scale, offset;           /* counts = scale * cell + offset */
	float below_zero_counts;       /* so far below 0 reads 0: a scale's zero wanders */
	size_t block_registers;        /* 1..125 */
	double gap_s;                  /* pause between requests */
	int counter_register;          /* -1: none; read before and after */
	int zero_register, zero_value; /* -1: none */
	int tare_value;                /* -1: none; goes into the zero_register too */
	/* transport defaults and timeouts */
	double response_timeout_s, byte_timeout_s;
	int baud, data_bits, stop_bits;
	char parity; /* 'N' 'E' 'O' */
};

/* Reads and checks a profile: unknown keys, overlaps, blocks over 125 ... 0 or -errno with err. */
int modbus_map_load(struct modbus_map *map, const char *path, struct error *err);

/*
 * Other unit ids than the profile's, "1, 2", each with the cells of one of its units: the surface
 * has rows in proportion. `where` opens the error. 0 or -EINVAL with err; the map is then as before.
 */
int modbus_map_set_units(
    struct modbus_map *map, const char *units, const struct place *where, struct error *err);

/* Finds "NAME" in the installed and source profile folders, or takes a path. The caller frees. */
char *modbus_map_find(const char *name_or_path, struct error *err);

size_t modbus_map_cells_per_unit(const struct modbus_map *map);
size_t modbus_map_registers_per_unit(const struct modbus_map *map);

/* One unit's registers -> its cells' counts (in grid order over the whole mat), and back. */
void modbus_map_decode(
    const struct modbus_map *map, size_t unit_index, const uint16_t *registers, float *counts);
void modbus_map_encode(
    const struct modbus_map *map, size_t unit_index, const float *counts, uint16_t *registers);

#endif
