#include "drivers/modbus_settings.h"

#include "drivers/modbus_wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const double frame_most_s = 10; /* on a serial line; hosts give a silent mat up soon after */

enum { TCP, RTU }; /* the words of transport */

const struct option_spec modbus_options[] = {
    {"profile", OPTION_TEXT, NULL, 0, 0, "", NULL,
        "the mat's register map: a name of calib/profiles, or a path with a /"},
    {"units", OPTION_TEXT, "profile", 0, 0, "", NULL,
        "unit ids, \"1, 2\", instead of the profile's: as many modules side by side, row after "
        "row"},
    {"transport", OPTION_CHOICE, "tcp", 0, 0, "", "tcp rtu", "network or serial line"},
    {"host", OPTION_TEXT, "127.0.0.1", 0, 0, "", NULL,
        "tcp: address or name; a name is looked up for 3 s at most"},
    {"port", OPTION_INTEGER, "502", 1, 65535, "", NULL, "tcp: port"},
    {"device", OPTION_TEXT, "", 0, 0, "", NULL, "rtu: the serial device, /dev/ttyUSB0"},
    {"baud", OPTION_CHOICE, "profile", 0, 0, "", "profile " MODBUS_BAUDS, "rtu: of the line"},
    {"parity", OPTION_CHOICE, "profile", 0, 0, "", "profile none even odd", "rtu: of the line"},
    {"silence", OPTION_CHOICE, "auto", 0, 0, "", "auto yes no",
        "rtu: 3.5 characters of silence before each request; auto: on all but pseudo-terminals"},
    {"rs485", OPTION_CHOICE, "no", 0, 0, "", "no auto yes",
        "rtu: the kernel drives the transmitter; not for adapters that switch by themselves; "
        "auto: where the port can"},
    {"zero", OPTION_CHOICE, "no", 0, 0, "", "no yes tare",
        "send the profile's zero or tare command when first opened: the mat must be empty then"},
    {0},
};

int modbus_settings_load(const struct options *options, struct modbus_map *map, struct error *err)
{
	char *path = modbus_map_find(options_text(options, "profile"), err);

	*map = (struct modbus_map){0};
	if (!path)
		return -ENOENT;
	int result = modbus_map_load(map, path, err);
	free(path);
	if (options_integer(options, "baud") > 0)
		map->baud = atoi(options_text(options, "baud"));
	if (options_integer(options, "parity") > 0)
		map->parity = "NEO"[options_integer(options, "parity") - 1];
	const char *units = options_text(options, "units");
	const struct place where = {.key = "units", .value = units};
	if (result == 0 && strcmp(units, "profile") != 0)
		result = modbus_map_set_units(map, units, &where, err);
	if (result == 0 && options_integer(options, "transport") == RTU)
		map->block_registers = modbus_wire_block(map, map->baud);
	return result;
}

int modbus_settings_zero(const struct options *options, const struct modbus_map *map)
{
	const int commands[] = {-1, map->zero_value, map->tare_value};

	return commands[options_integer(options, "zero")];
}

/* A key of the other transport would be passed over, and the mat looked for where it is not. */
static int check_transport(const struct options *options, struct error *err)
{
	static const char *const of_rtu[] = {"device", "baud", "parity", "silence", "rs485", NULL};
	static const char *const of_tcp[] = {"host", "port", NULL};
	bool is_tcp = options_integer(options, "transport") == TCP;

	for (const char *const *key = is_tcp ? of_rtu : of_tcp; *key; key++)
		if (options_given(options, *key))
			return error_set(err, -EINVAL,
			    "modbus.%s is for transport = %s, here it is %s: leave one out", *key,
			    is_tcp ? "rtu" : "tcp", is_tcp ? "tcp" : "rtu");
	if (!is_tcp && !*options_text(options, "device"))
		return error_set(err, -EINVAL, "transport = rtu wants device = /dev/...");
	return 0;
}

/* A host takes a mat that says nothing for long for dead. */
static int check_line(
    const struct options *options, const struct modbus_map *map, struct error *err)
{
	struct modbus_wire wire;

	if (options_integer(options, "transport") == TCP)
		return 0;
	modbus_wire_read(map, map->baud, &wire);
	if (wire.frame_s <= frame_most_s)
		return 0;
	return error_set(err, -ERANGE,
	    "at %d baud a frame takes %.0f s, longer than %.0f s: the mat wants a faster line",
	    map->baud, wire.frame_s, frame_most_s);
}

int modbus_settings_describe(
    const struct options *options, struct surface *surface, struct error *err)
{
	struct modbus_map map;
	int result = modbus_settings_load(options, &map, err);

	if (result < 0)
		return result;
	result = check_transport(options, err);
	if (result == 0)
		result = check_line(options, &map, err);
	if (result < 0)
		return result;
	if (options_integer(options, "zero") > 0 &&
	    (map.zero_register < 0 || modbus_settings_zero(options, &map) < 0))
		return error_set(err, -EINVAL, "zero = %s, but profile \"%s\" has no %s",
		    options_text(options, "zero"), map.name,
		    map.zero_register < 0 ? "zero_register" : "tare_value");
	if (!map.any_kind)
		surface->kind = map.kind;
	surface->rows = map.rows;
	surface->cols = map.cols;
	surface->n_cells = map.rows * map.cols;
	surface->pitch_mm = map.pitch_mm;
	surface->full_scale_counts = map.full_scale_counts;
	surface->rate_hz = map.rate_hz;
	return 0;
}
