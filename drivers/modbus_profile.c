/*
 * Profiles: a mat's register map as an INI file of three sections.
 *
 *   [mat]        what it is: kind, rows, cols, pitch, full_scale, rate, cell order
 *   [registers]  where the cells are: units, function, base, type, word order, scale, blocks
 *   [line]       how long it may take, and the serial line's settings
 */
#include "drivers/modbus_map.h"

#include "base/inifile.h"
#include "base/options.h"
#include "drivers/driver.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONE "-1"

static const struct option_spec mat_options[] = {
    {"name", OPTION_TEXT, NULL, 0, 0, "", NULL, "what the mat or module is called"},
    {"source", OPTION_TEXT, "", 0, 0, "", NULL, "where the map is documented"},
    {"kind", OPTION_CHOICE, NULL, 0, 0, "", "bed seat strip any",
        "what it measures; any: a module of general use, the surface says it"},
    {"rows", OPTION_INTEGER, NULL, 1, 128, "", NULL, "rows of cells"},
    {"cols", OPTION_INTEGER, NULL, 1, 128, "", NULL, "cells in a row"},
    {"pitch", OPTION_NUMBER, NULL, 1, 1000, "mm", NULL, "centre to centre of two cells"},
    {"full_scale", OPTION_NUMBER, NULL, 1, 1e9, "counts", NULL, "the largest count of a cell"},
    {"rate", OPTION_NUMBER, NULL, 0.01, 1000, "hz", NULL, "frames a second to ask for"},
    {"serpentine", OPTION_BOOL, "no", 0, 0, "", NULL, "odd rows run backwards"},
    {0},
};

static const struct option_spec register_options[] = {
    {"units", OPTION_TEXT, "1", 0, 0, "", NULL, "unit ids, in the order of their cells"},
    {"function", OPTION_CHOICE, NULL, 0, 0, "", "3 4", "3 holding, 4 input registers"},
    {"base", OPTION_INTEGER, NULL, 0, 65535, "", NULL, "address of the first cell, from 0"},
    {"type", OPTION_CHOICE, NULL, 0, 0, "", "u8x2 u16 s16 u32 s32 f32", "of a cell"},
    {"order", OPTION_CHOICE, "high", 0, 0, "", "high low",
        "which byte (u8x2) or word (32 bit) comes first"},
    {"scale", OPTION_NUMBER, "1", -1e6, 1e6, "", NULL, "counts = scale * cell + offset"},
    {"offset", OPTION_NUMBER, "0", -1e9, 1e9, "", NULL, "counts = scale * cell + offset"},
    {"below_zero", OPTION_NUMBER, "0", 0, 1e9, "counts", NULL,
        "so far below 0 reads 0: the zero of a scale wanders"},
    {"block", OPTION_INTEGER, "125", 1, MODBUS_BLOCK_MAX, "", NULL,
        "registers in one request, at most; 124 by itself where a cell has two"},
    {"gap", OPTION_NUMBER, "0", 0, 1, "s", NULL, "pause between two requests"},
    {"counter", OPTION_INTEGER, NONE, -1, 65535, "", NULL,
        "register that counts frames; a frame it moves under is dropped"},
    {"zero_register", OPTION_INTEGER, NONE, -1, 65535, "", NULL, "takes the zero command"},
    {"zero_value", OPTION_INTEGER, "1", 0, 65535, "", NULL, "the zero command"},
    {"tare_value", OPTION_INTEGER, NONE, -1, 65535, "", NULL,
        "the tare command, for the same register"},
    {0},
};

static const struct option_spec line_options[] = {
    {"response_timeout", OPTION_NUMBER, "0.5", 0.01, DRIVER_READ_S, "s", NULL,
        "for an answer to begin"},
    {"byte_timeout", OPTION_NUMBER, "0.2", 0.001, DRIVER_READ_S, "s", NULL,
        "what pauses within it may add"},
    {"baud", OPTION_CHOICE, "9600", 0, 0, "", MODBUS_BAUDS, "of the serial line"},
    {"stop_bits", OPTION_INTEGER, "1", 1, 2, "", NULL, "of the serial line"},
    {"parity", OPTION_CHOICE, "none", 0, 0, "", "none even odd", "of the serial line"},
    {0},
};

/* What a cell of each type can hold, in the order of enum cell_type. */
static const struct {
	double low, high;
	size_t registers; /* that must stay in one block */
} types[] = {
    {0, UINT8_MAX, 1},
    {0, UINT16_MAX, 1},
    {INT16_MIN, INT16_MAX, 1},
    {0, UINT32_MAX, 2},
    {INT32_MIN, INT32_MAX, 2},
    {-3.4e38, 3.4e38, 2},
};

struct profile {
	struct inifile ini;
	struct options mat, registers, line;
};

/* The place of a key as the user wrote it; of the file alone when the fallback is in force. */
static struct place place_of(const struct profile *profile, const char *key)
{
	for (size_t i = 0; i < profile->ini.n_entries; i++)
		if (strcmp(profile->ini.entries[i].key, key) == 0)
			return inifile_place(&profile->ini, &profile->ini.entries[i]);
	return (struct place){.file = profile->ini.path, .key = key};
}

static struct options *section_options(struct profile *profile, const char *section)
{
	if (strcmp(section, "mat") == 0)
		return &profile->mat;
	if (strcmp(section, "registers") == 0)
		return &profile->registers;
	return strcmp(section, "line") == 0 ? &profile->line : NULL;
}

static int read_entries(struct profile *profile, struct error *err)
{
	const struct place file = {.file = profile->ini.path};

	options_init(&profile->mat, mat_options);
	options_init(&profile->registers, register_options);
	options_init(&profile->line, line_options);
	for (size_t i = 0; i < profile->ini.n_entries; i++) {
		const struct ini_entry *entry = &profile->ini.entries[i];
		struct place where = inifile_place(&profile->ini, entry);
		struct options *options = section_options(profile, entry->section);
		if (!options)
			return error_at(err, -EINVAL, &where,
			    "unknown section [%s]; there are [mat], [registers] and [line]",
			    entry->section);
		if (inifile_given_before(&profile->ini, i))
			return error_at(err, -EINVAL, &where, "given twice; leave one");
		if (strcmp(entry->value, "none") == 0 &&
		    (strcmp(entry->key, "counter") == 0 ||
		        strcmp(entry->key, "zero_register") == 0))
			continue;
		int result = options_set(options, entry->key, entry->value, &where, err);
		if (result < 0)
			return result;
	}
	int result = options_complete(&profile->mat, &file, err);
	return result < 0 ? result : options_complete(&profile->registers, &file, err);
}

/* "3, 7" -> map->units; nothing but n_units and units is touched. */
static int read_units(
    struct modbus_map *map, const char *text, const struct place *where, struct error *err)
{
	map->n_units = 0;
	for (const char *p = text;;) {
		char *end;
		long unit = strtol(p, &end, 10);
		if (end == p || unit < 1 || unit > 247)
			return error_at(err, -EINVAL, where,
			    "unit ids are whole numbers from 1 to 247, separated by commas");
		if (map->n_units == MODBUS_UNITS_MAX)
			return error_at(
			    err, -EINVAL, where, "more than %d units", MODBUS_UNITS_MAX);
		for (size_t i = 0; i < map->n_units; i++)
			if (map->units[i] == unit)
				return error_at(err, -EINVAL, where,
				    "unit %ld is named twice: two units would give the same cells",
				    unit);
		map->units[map->n_units++] = (int)unit;
		p = end + strspn(end, " \t,");
		if (*p == '\0')
			return 0;
	}
}

int modbus_map_set_units(
    struct modbus_map *map, const char *units, const struct place *where, struct error *err)
{
	struct modbus_map made = *map;
	int result = read_units(&made, units, where, err);

	if (result < 0)
		return result;
	if (made.rows * made.n_units % map->n_units != 0)
		return error_at(err, -EINVAL, where,
		    "%zu rows of %zu units cannot become rows of %zu", map->rows, map->n_units,
		    made.n_units);
	made.rows = made.rows * made.n_units / map->n_units;
	if (made.rows * made.cols > SURFACE_CELLS_MAX)
		return error_at(err, -ERANGE, where, "%zu cells; at most %d are supported",
		    made.rows * made.cols, SURFACE_CELLS_MAX);
	*map = made;
	return 0;
}

static void fill(const struct profile *profile, struct modbus_map *map)
{
	const struct options *mat = &profile->mat, *registers = &profile->registers;
	const struct options *line = &profile->line;

	snprintf(map->name, sizeof(map->name), "%.63s", options_text(mat, "name"));
	snprintf(map->source, sizeof(map->source), "%.159s", options_text(mat, "source"));
	map->any_kind = options_integer(mat, "kind") > SURFACE_STRIP;
	map->kind = map->any_kind ? SURFACE_STRIP : (enum surface_kind)options_integer(mat, "kind");
	map->rows = (size_t)options_integer(mat, "rows");
	map->cols = (size_t)options_integer(mat, "cols");
	map->pitch_mm = (float)options_number(mat, "pitch");
	map->full_scale_counts = (float)options_number(mat, "full_scale");
	map->rate_hz = (float)options_number(mat, "rate");
	map->serpentine = options_bool(mat, "serpentine");
	map->function = options_integer(registers, "function") == 0 ? 3 : 4;
	map->base = (uint16_t)options_integer(registers, "base");
	map->cell_type = (enum cell_type)options_integer(registers, "type");
	map->low_word_first = options_integer(registers, "order") == 1;
	map->scale = (float)options_number(registers, "scale");
	map->offset = (float)options_number(registers, "offset");
	map->below_zero_counts = (float)options_number(registers, "below_zero");
	map->block_registers = (size_t)options_integer(registers, "block");
	if (!options_given(registers, "block"))
		map->block_registers -= map->block_registers % types[map->cell_type].registers;
	map->gap_s = options_number(registers, "gap");
	map->counter_register = (int)options_integer(registers, "counter");
	map->zero_register = (int)options_integer(registers, "zero_register");
	map->zero_value = (int)options_integer(registers, "zero_value");
	map->tare_value = (int)options_integer(registers, "tare_value");
	map->response_timeout_s = options_number(line, "response_timeout");
	map->byte_timeout_s = options_number(line, "byte_timeout");
	map->baud = atoi(options_text(line, "baud"));
	map->data_bits = 8; /* RTU is binary */
	map->stop_bits = (int)options_integer(line, "stop_bits");
	map->parity = "NEO"[options_integer(line, "parity")];
}

static int check_cells(
    const struct profile *profile, const struct modbus_map *map, struct error *err)
{
	size_t n_cells = map->rows * map->cols;
	struct place rows = place_of(profile, "rows"), units = place_of(profile, "units");
	struct place scale = place_of(profile, "scale"), full = place_of(profile, "full_scale");

	if (n_cells > SURFACE_CELLS_MAX)
		return error_at(err, -ERANGE, &rows, "%zu cells; at most %d are supported", n_cells,
		    SURFACE_CELLS_MAX);
	if (n_cells % map->n_units != 0)
		return error_at(err, -EINVAL, &units,
		    "%zu cells cannot be shared out evenly over %zu units", n_cells, map->n_units);
	if (map->scale == 0)
		return error_at(err, -EINVAL, &scale, "a scale of 0 makes every cell alike");
	double low = (double)map->scale * types[map->cell_type].low + (double)map->offset;
	double high = (double)map->scale * types[map->cell_type].high + (double)map->offset;
	if ((double)map->full_scale_counts > fmax(low, high))
		return error_at(err, -ERANGE, &full,
		    "a cell of this type, scale and offset reaches %g at most", fmax(low, high));
	return 0;
}

static int check_line(
    const struct profile *profile, const struct modbus_map *map, struct error *err)
{
	struct place where = place_of(profile, "response_timeout");

	if (map->response_timeout_s + map->byte_timeout_s <= DRIVER_READ_S)
		return 0;
	return error_at(err, -ERANGE, &where,
	    "an answer may take %.2g s with byte_timeout; a read has %d s in all",
	    map->response_timeout_s + map->byte_timeout_s, DRIVER_READ_S);
}

static int check_registers(
    const struct profile *profile, const struct modbus_map *map, struct error *err)
{
	struct place base = place_of(profile, "base"), block = place_of(profile, "block");
	struct place counter = place_of(profile, "counter");
	struct place zero = place_of(profile, "zero_register");
	int first = map->base, last = first - 1 + (int)modbus_map_registers_per_unit(map);

	if (last > UINT16_MAX)
		return error_at(err, -ERANGE, &base,
		    "the cells would end at register %d; the last there is is 65535", last);
	if (map->block_registers % types[map->cell_type].registers != 0)
		return error_at(err, -EINVAL, &block,
		    "would part a cell of two registers; give an even number");
	if (map->counter_register >= first && map->counter_register <= last)
		return error_at(
		    err, -EINVAL, &counter, "overlaps the cells, which are %d to %d", first, last);
	if (map->zero_register < 0)
		return options_given(&profile->registers, "zero_value") || map->tare_value >= 0
		           ? error_at(err, -EINVAL, &zero,
		                 "missing: zero_value or tare_value say what to write, not where")
		           : 0;
	if (map->function == 3 && map->zero_register >= first && map->zero_register <= last)
		return error_at(
		    err, -EINVAL, &zero, "overlaps the cells, which are %d to %d", first, last);
	if (map->function == 3 && map->zero_register == map->counter_register)
		return error_at(
		    err, -EINVAL, &zero, "is the frame counter too; one of them is wrong");
	return 0;
}

int modbus_map_load(struct modbus_map *map, const char *path, struct error *err)
{
	struct profile *profile = calloc(1, sizeof(*profile));
	struct modbus_map made = {0};

	if (!profile)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	int result = inifile_read(&profile->ini, path, err);
	if (result == 0)
		result = read_entries(profile, err);
	if (result == 0) {
		struct place units = place_of(profile, "units");
		result = read_units(&made, options_text(&profile->registers, "units"), &units, err);
	}
	if (result == 0) {
		fill(profile, &made);
		result = check_cells(profile, &made, err);
	}
	if (result == 0)
		result = check_registers(profile, &made, err);
	if (result == 0)
		result = check_line(profile, &made, err);
	if (result == 0)
		*map = made;
	inifile_finish(&profile->ini);
	free(profile);
	return result;
}

char *modbus_map_find(const char *name_or_path, struct error *err)
{
	static const char *const folders[] = {
	    LUMBAR_PREFIX "/share/lumbar/profiles", "/usr/share/lumbar/profiles", "calib/profiles"};
	char *path = NULL;

	if (strchr(name_or_path, '/')) {
		path = strdup(name_or_path);
		if (!path)
			error_set(err, -ENOMEM, "out of memory");
		return path;
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		if (asprintf(&path, "%s/%s.ini", folders[i], name_or_path) < 0) {
			error_set(err, -ENOMEM, "out of memory");
			return NULL;
		}
		if (access(path, R_OK) == 0)
			return path;
		free(path);
	}
	error_set(err, -ENOENT,
	    "profile \"%s\" is neither in %s nor in %s; give its name there, or a path with a /",
	    name_or_path, folders[0], folders[2]);
	return NULL;
}
