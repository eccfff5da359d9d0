#include "app/profile_view.h"

#include "drivers/modbus_wire.h"

#include <stdio.h>

static const char *const cell_names[] = {"u8, two a register", "u16", "s16", "u32", "s32", "f32"};
static const int bauds[] = {9600, 19200, 38400, 57600, 115200, 230400};
enum { N_BAUDS = sizeof(bauds) / sizeof(bauds[0]) };

/*
 * What a rate is enough for. Posture: our own, a turn lasts seconds. Breathing and heart: the
 * sampling that docs/methods.md asks for.
 */
static const struct {
	double least_hz;
	const char *use;
} uses[] = {{1, "posture"}, {5, "breathing"}, {25, "heart"}};
enum { N_USES = sizeof(uses) / sizeof(uses[0]) };

static const char *kind_of(const struct modbus_map *map)
{
	return map->any_kind ? "module" : surface_kind_name(map->kind);
}

static void print_uses(double rate_hz)
{
	if (rate_hz < uses[0].least_hz)
		fputs("nothing: posture wants 1 a second", stdout);
	for (size_t i = 0; i < N_USES && rate_hz >= uses[i].least_hz; i++)
		printf("%s%s", i ? ", " : "", uses[i].use);
}

static void print_line(const char *what, size_t n_chars, double seconds)
{
	printf("  %-34s", what);
	if (n_chars > 0)
		printf("%4zu characters", n_chars);
	else
		printf("%15s", "");
	printf("%9.2f ms\n", 1e3 * seconds);
}

/* What the longest request is made of. */
static void print_request(const struct modbus_map *map)
{
	struct modbus_wire wire;
	char what[48];

	modbus_wire_read(map, map->baud, &wire);
	size_t n_answer = WIRE_ANSWER_CHARS + 2 * wire.most_registers;
	printf("At %d baud %d%c%d a character takes %.0f us, and a request of %zu registers:\n",
	    map->baud, map->data_bits, map->parity, map->stop_bits, 1e6 * wire.char_s,
	    wire.most_registers);
	print_line("the request", WIRE_REQUEST_CHARS, WIRE_REQUEST_CHARS * wire.char_s);
	print_line("silence that ends it", 0, wire.silence_s);
	print_line("the module's turnaround, about", 0, WIRE_TURNAROUND_S);
	snprintf(what, sizeof(what), "the answer, 5 + 2 x %zu", wire.most_registers);
	print_line(what, n_answer, (double)n_answer * wire.char_s);
	print_line(wire.pause_s > wire.silence_s ? "the profile's gap" : "silence that ends it", 0,
	    wire.pause_s);
	print_line("in all", 0, wire.request_s);
	printf("A frame is %zu request%s: %.0f ms, %.1f frames a second.\n\n", wire.n_requests,
	    wire.n_requests == 1 ? "" : "s", 1e3 * wire.frame_s, 1 / wire.frame_s);
}

static void print_rates(const struct modbus_map *map)
{
	struct modbus_wire wire;

	puts("     baud    a frame  frames/s  enough for");
	for (size_t i = 0; i < N_BAUDS; i++) {
		modbus_wire_read(map, bauds[i], &wire);
		printf("%9d %7.0f ms %9.1f  ", bauds[i], 1e3 * wire.frame_s, 1 / wire.frame_s);
		print_uses(1 / wire.frame_s);
		puts(bauds[i] == map->baud ? "  <- the profile's" : "");
	}
	puts("      TCP    not limited by the wire: as fast as the controller answers\n\n"
	     "Posture wants 1 frame a second, breathing 5, the heart 25.");
}

void profile_print(const struct modbus_map *map)
{
	size_t n_registers = modbus_map_registers_per_unit(map);
	struct modbus_wire wire;

	modbus_wire_read(map, map->baud, &wire);
	printf("%s: a %s of %zu x %zu cells (%s)\n%s\n\n", map->name, kind_of(map), map->rows,
	    map->cols, cell_names[map->cell_type], map->source);
	printf(
	    "A frame is %zu registers of %zu unit%s from address %d, in %zu request%s of at most\n"
	    "%zu registers each%s.\n\n",
	    n_registers * map->n_units, map->n_units, map->n_units == 1 ? "" : "s", map->base,
	    wire.n_requests, wire.n_requests == 1 ? "" : "s", modbus_wire_block(map, map->baud),
	    map->counter_register >= 0 ? ", two of them for the frame counter" : "");
	print_request(map);
	print_rates(map);
	printf("Asked for are %g frames a second: enough for ", (double)map->rate_hz);
	print_uses((double)map->rate_hz);
	puts(".");
	if (1 / wire.frame_s < (double)map->rate_hz)
		printf("On a serial line at %d baud there will be %.1f at most.\n", map->baud,
		    1 / wire.frame_s);
}

static json_t *uses_json(double rate_hz)
{
	json_t *list = json_array();

	for (size_t i = 0; i < N_USES && rate_hz >= uses[i].least_hz; i++)
		json_array_append_new(list, json_string(uses[i].use));
	return list;
}

static json_t *wire_json(const struct modbus_map *map, int baud)
{
	struct modbus_wire wire;

	modbus_wire_read(map, baud, &wire);
	return json_pack("{s:i, s:f, s:f, s:f, s:f, s:i, s:i, s:f, s:f, s:f, s:o}", "baud", baud,
	    "character_s", wire.char_s, "silence_s", wire.silence_s, "pause_s", wire.pause_s,
	    "turnaround_s", WIRE_TURNAROUND_S, "request_characters", WIRE_REQUEST_CHARS,
	    "answer_characters", WIRE_ANSWER_CHARS + 2 * (int)wire.most_registers, "request_s",
	    wire.request_s, "frame_s", wire.frame_s, "rate_hz", 1 / wire.frame_s, "enough_for",
	    uses_json(1 / wire.frame_s));
}

json_t *profile_json(const struct modbus_map *map)
{
	json_t *wires = json_array();
	struct modbus_wire wire;

	modbus_wire_read(map, map->baud, &wire);
	for (size_t i = 0; i < N_BAUDS; i++)
		json_array_append_new(wires, wire_json(map, bauds[i]));
	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:i, s:f, s:i, s:f, s:o}", "name",
	    map->name, "source", map->source, "kind",
	    map->any_kind ? "any" : surface_kind_name(map->kind), "rows", (int)map->rows, "cols",
	    (int)map->cols, "units", (int)map->n_units, "registers",
	    (int)(modbus_map_registers_per_unit(map) * map->n_units), "requests",
	    (int)wire.n_requests, "rate_hz", (double)map->rate_hz, "baud", map->baud,
	    "wire_rate_hz", 1 / wire.frame_s, "wires", wires);
}
