/* Profiles: what is refused and how it is said; registers to counts and back, every type. */
#include "drivers/modbus_map.h"
#include "drivers/modbus_wire.h"
#include "support.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char good_profile[] = "[mat]\n"
                                   "name = test\n"
                                   "kind = bed\n"
                                   "rows = 8\n"
                                   "cols = 4\n"
                                   "pitch = 2.5 cm\n"
                                   "full_scale = 255\n"
                                   "rate = 5 hz\n"
                                   "[registers]\n"
                                   "units = 3, 7\n"
                                   "function = 4\n"
                                   "base = 0x100\n"
                                   "type = u16\n"
                                   "counter = 0x200\n"
                                   "zero_register = 0x201\n"
                                   "[line]\n"
                                   "response_timeout = 200 ms\n"
                                   "baud = 115200\n"
                                   "parity = even\n";

static int load(const char *text, struct modbus_map *map, struct error *err)
{
	char *path = scratch_file("mat.ini", text);
	int result = modbus_map_load(map, path, err);

	free(path);
	return result;
}

static void test_a_profile_is_read(void **state)
{
	struct modbus_map map;

	(void)state;
	assert_int_equal(load(good_profile, &map, NULL), 0);
	assert_string_equal(map.name, "test");
	assert_int_equal(map.kind, SURFACE_BED);
	assert_true(map.rows == 8 && map.cols == 4 && map.pitch_mm == 25);
	assert_int_equal(map.n_units, 2);
	assert_true(map.units[0] == 3 && map.units[1] == 7);
	assert_true(map.function == 4 && map.base == 256 && map.cell_type == CELL_U16);
	assert_true(map.scale == 1 && map.offset == 0 && map.block_registers == 125);
	assert_true(map.counter_register == 512 && map.zero_register == 513);
	assert_int_equal(map.zero_value, 1);
	assert_true(fabs(map.response_timeout_s - 0.2) < 1e-9 && map.byte_timeout_s == 0.2);
	assert_true(map.baud == 115200 && map.parity == 'E' && map.stop_bits == 1);
	assert_int_equal(modbus_map_cells_per_unit(&map), 16);
	assert_int_equal(modbus_map_registers_per_unit(&map), 16);
}

/* One line of the good profile replaced (or one added to it), and the words it must be told. */
static void test_every_fault_of_a_profile_is_named(void **state)
{
	static const struct {
		const char *old, *new;
		int code;
		const char *words[3];
	} cases[] = {
	    {"cols = 4\n", "columns = 4\n", -ENOENT, {"mat.ini:5: columns = 4:", "cols"}},
	    {"[line]\n", "[lines]\n", -EINVAL, {"[lines]", "[registers]", "mat.ini:17:"}},
	    {"rows = 8\n", "rows = 8\nrows = 9\n", -EINVAL, {"mat.ini:5: rows = 9:", "twice"}},
	    {"rows = 8\n", "", -EINVAL, {"mat.ini: rows is missing"}},
	    {"base = 0x100\n", "", -EINVAL, {"mat.ini: base is missing"}},
	    {"kind = bed", "kind = sofa", -EINVAL, {"mat.ini:3: kind = sofa:", "bed seat strip"}},
	    {"rows = 8\n", "rows = 0\n", -ERANGE, {"mat.ini:4: rows = 0:", "1 to 128"}},
	    {"rows = 8\n", "rows = many\n", -EINVAL, {"mat.ini:4: rows = many:", "a number"}},
	    {"rows = 8\n", "rows = 8.5\n", -EINVAL, {"mat.ini:4:", "whole number"}},
	    {"2.5 cm", "2.5 kg", -EINVAL, {"mat.ini:6: pitch = 2.5 kg:", "mm, cm, m"}},
	    {"rate = 5 hz", "rate = 0", -ERANGE, {"mat.ini:8: rate = 0:"}},
	    {"function = 4", "function = 16", -EINVAL, {"mat.ini:11: function = 16:", "3 4"}},
	    {"type = u16", "type = u24", -EINVAL, {"mat.ini:13: type = u24:", "u8x2 u16"}},
	    {"base = 0x100", "base = 65536", -ERANGE, {"mat.ini:12: base = 65536:"}},
	    {"base = 0x100", "base = 65530", -ERANGE, {"mat.ini:12: base = 65530:", "65545"}},
	    {"counter = 0x200", "counter = 0x10f", -EINVAL,
	        {"mat.ini:14: counter = 0x10f:", "overlaps the cells, which are 256 to 271"}},
	    {"counter = 0x200", "counter = none\nblock = 126", -ERANGE,
	        {"mat.ini:15: block = 126:", "1 to 125"}},
	    {"counter = 0x200", "block = 0", -ERANGE, {"mat.ini:14: block = 0:"}},
	    {"type = u16", "type = u32\nblock = 25", -EINVAL,
	        {"mat.ini:14: block = 25:", "even number"}},
	    {"function = 4", "function = 3\nblock = 9\n[registers]\nzero_value = 2", 0, {NULL}},
	    {"zero_register = 0x201", "zero_value = 2", -EINVAL,
	        {"mat.ini: zero_register:", "not where"}},
	    {"zero_register = 0x201", "tare_value = 2", -EINVAL, {"zero_register:", "not where"}},
	    {"units = 3, 7", "units = 3, 7, 3", -EINVAL, {"mat.ini:10: units = 3, 7, 3:", "twice"}},
	    {"units = 3, 7", "units = 3, 7, 9", -EINVAL, {"mat.ini:10:", "shared out evenly"}},
	    {"units = 3, 7", "units = 0", -EINVAL, {"mat.ini:10: units = 0:", "1 to 247"}},
	    {"units = 3, 7", "units = 248", -EINVAL, {"mat.ini:10:", "1 to 247"}},
	    {"units = 3, 7", "units = one", -EINVAL, {"mat.ini:10: units = one:"}},
	    {"units = 3, 7", "units = 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17", -EINVAL,
	        {"more than 16 units"}},
	    {"full_scale = 255", "full_scale = 70000", -ERANGE,
	        {"mat.ini:7: full_scale = 70000:", "65535 at most"}},
	    {"type = u16", "type = u16\nscale = 0", -EINVAL, {"mat.ini:14: scale = 0:"}},
	    {"baud = 115200", "baud = 5", -EINVAL, {"mat.ini:18: baud = 5:", "9600 19200"}},
	    {"parity = even", "parity = mark", -EINVAL, {"mat.ini:19: parity = mark:", "odd"}},
	    {"parity = even", "stop_bits = 3", -ERANGE, {"mat.ini:19: stop_bits = 3:"}},
	    {"200 ms", "200 min", -ERANGE, {"mat.ini:17: response_timeout = 200 min:"}},
	    {"200 ms", "900 ms", -ERANGE, {"mat.ini:17: response_timeout = 900 ms:", "1 s in all"}},
	    {"200 ms", "200 x", -EINVAL, {"mat.ini:17: response_timeout = 200 x:", "ms"}},
	    {"kind = bed", "kind bed", -EINVAL, {"mat.ini:3: not understood"}},
	};
	char text[1000];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *at = strstr(good_profile, cases[i].old);
		struct error err = {0};
		struct modbus_map map;
		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - good_profile), good_profile,
		    cases[i].new, at + strlen(cases[i].old));
		int result = load(text, &map, &err);
		if (result != cases[i].code)
			fail_msg("%s: %d, %s", cases[i].new, result, err.text);
		for (size_t k = 0; k < 3 && cases[i].words[k]; k++)
			if (!strstr(err.text, cases[i].words[k]))
				fail_msg("\"%s\" lacks \"%s\"", err.text, cases[i].words[k]);
	}
}

static void test_zero_register_may_not_be_a_holding_cell(void **state)
{
	static const char *const zeros[] = {"zero_register = 300", "zero_register = 400"};
	static const char *const words[] = {"overlaps the cells", "is the frame counter too"};
	char text[500];

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct error err = {0};
		struct modbus_map map;
		snprintf(text, sizeof(text),
		    "[mat]\nname = t\nkind = bed\nrows = 10\ncols = 10\npitch = 10\n"
		    "full_scale = 10\nrate = 1\n[registers]\nfunction = 3\nbase = 290\n"
		    "type = u16\ncounter = 400\n%s\n",
		    zeros[i]);
		assert_int_equal(load(text, &map, &err), -EINVAL);
		assert_non_null(strstr(err.text, words[i]));
		assert_non_null(strstr(err.text, "mat.ini:14: zero_register"));
	}
}

static struct modbus_map small_map(enum cell_type type)
{
	return (struct modbus_map){
	    .rows = 3,
	    .cols = 5,
	    .n_units = 1,
	    .units = {1},
	    .function = 4,
	    .cell_type = type,
	    .scale = 1,
	    .block_registers = 125,
	    .counter_register = -1,
	    .zero_register = -1,
	    .baud = 115200,
	    .data_bits = 8,
	    .stop_bits = 1,
	    .parity = 'N',
	};
}

/* Registers written down by hand, so that encode and decode cannot be wrong together. */
static void test_words_as_they_stand_on_the_wire(void **state)
{
	static const struct {
		enum cell_type type;
		bool low_first;
		uint16_t registers[4];
		float counts[2];
	} cases[] = {
	    {CELL_U8X2, false, {0x12ff}, {0x12, 0xff}},
	    {CELL_U8X2, true, {0x12ff}, {0xff, 0x12}},
	    {CELL_U16, false, {1, 0xfffe}, {1, 65534}},
	    {CELL_S16, false, {0xffff, 0x8000}, {-1, -32768}},
	    {CELL_U32, false, {1, 2, 0, 3}, {65538, 3}},
	    {CELL_U32, true, {2, 1, 3, 0}, {65538, 3}},
	    {CELL_S32, false, {0xffff, 0xfffe, 0, 9}, {-2, 9}},
	    {CELL_S32, true, {0xfffe, 0xffff, 9, 0}, {-2, 9}},
	    {CELL_F32, false, {0x3fc0, 0, 0xc000, 0}, {1.5f, -2}},
	    {CELL_F32, true, {0, 0x3fc0, 0, 0xc000}, {1.5f, -2}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct modbus_map map = small_map(cases[i].type);
		uint16_t registers[4] = {0};
		float counts[2];
		map.rows = 1;
		map.cols = 2;
		map.low_word_first = cases[i].low_first;
		modbus_map_decode(&map, 0, cases[i].registers, counts);
		assert_memory_equal(counts, cases[i].counts, sizeof(counts));
		modbus_map_encode(&map, 0, cases[i].counts, registers);
		assert_memory_equal(registers, cases[i].registers, sizeof(registers));
	}
}

static void test_round_trip_of_every_type_and_order(void **state)
{
	static const enum cell_type types[] = {
	    CELL_U8X2, CELL_U16, CELL_S16, CELL_U32, CELL_S32, CELL_F32};
	float counts[15], back[15];
	uint16_t registers[30];

	(void)state;
	for (size_t i = 0; i < 15; i++)
		counts[i] = (float)(17 * i + 1);
	for (unsigned variant = 0; variant < 6 * 4; variant++) {
		struct modbus_map map = small_map(types[variant / 4]);
		map.low_word_first = variant & 1;
		map.serpentine = variant & 2;
		modbus_map_encode(&map, 0, counts, registers);
		modbus_map_decode(&map, 0, registers, back);
		assert_memory_equal(counts, back, sizeof(counts));
	}
}

static void test_serpentine_turns_odd_rows(void **state)
{
	struct modbus_map map = small_map(CELL_U16);
	uint16_t registers[15];
	float counts[15];

	(void)state;
	map.serpentine = true;
	for (size_t i = 0; i < 15; i++)
		registers[i] = (uint16_t)i;
	modbus_map_decode(&map, 0, registers, counts);
	assert_true(counts[0] == 0 && counts[4] == 4);
	assert_true(counts[5] == 9 && counts[9] == 5);
	assert_true(counts[10] == 10 && counts[14] == 14);
}

static void test_units_share_the_cells_in_order(void **state)
{
	struct modbus_map map = small_map(CELL_U8X2);
	uint16_t registers[3][3];
	float counts[15], back[15] = {0};

	(void)state;
	map.n_units = 3;
	map.units[1] = 2;
	map.units[2] = 9;
	map.serpentine = true;
	assert_int_equal(modbus_map_registers_per_unit(&map), 3); /* 5 cells: a half one is left */
	for (size_t i = 0; i < 15; i++)
		counts[i] = (float)i;
	for (size_t unit = 0; unit < 3; unit++)
		modbus_map_encode(&map, unit, counts, registers[unit]);
	assert_int_equal(registers[1][0], 9 << 8 | 8);
	assert_int_equal(registers[1][2], 5 << 8);
	for (size_t unit = 0; unit < 3; unit++)
		modbus_map_decode(&map, unit, registers[unit], back);
	assert_memory_equal(counts, back, sizeof(counts));
}

static void test_scale_and_clamping(void **state)
{
	struct modbus_map map = small_map(CELL_U8X2);
	float counts[15] = {-10, 0, 30, 550, NAN}, back[15];
	uint16_t registers[8];

	(void)state;
	map.scale = 2;
	map.offset = 10;
	modbus_map_encode(&map, 0, counts, registers);
	modbus_map_decode(&map, 0, registers, back);
	assert_true(back[0] == 10 && back[2] == 30 && back[3] == 520);
	assert_true(back[4] == back[4]);
	map.cell_type = CELL_F32;
	uint16_t nan_registers[30] = {0x7fc0, 0};
	modbus_map_decode(&map, 0, nan_registers, back);
	assert_true(isnan(back[0])); /* not a number on the wire stays one: the driver refuses it */
}

static double rate_hz(const struct modbus_map *map, int baud)
{
	struct modbus_wire wire;

	modbus_wire_read(map, baud, &wire);
	return 1 / wire.frame_s;
}

/*
 * The figures of docs/hardware.md: 125 registers 31 ms at 115200 baud; 16 x 16 cells 13.6 Hz, 24 Hz
 * two a register; 32 x 32 cells 3.8 and 7.3 Hz; 16 x 16 cells at 9600 baud 1.6 Hz.
 */
static void test_rate_that_the_wire_allows(void **state)
{
	struct modbus_map map = small_map(CELL_U16);
	struct modbus_wire wire;

	(void)state;
	map.rows = map.cols = 16;
	modbus_wire_read(&map, 115200, &wire);
	assert_int_equal(wire.n_requests, 3);
	assert_int_equal(wire.most_registers, 125);
	assert_true(fabs(wire.request_s - 0.0313) < 0.0002);
	assert_true(fabs(rate_hz(&map, 115200) - 13.6) < 0.05);
	assert_true(fabs(rate_hz(&map, 9600) - 1.6) < 0.05);
	map.cell_type = CELL_U8X2;
	assert_true(fabs(rate_hz(&map, 115200) - 24) < 0.5);
	double without_hz = rate_hz(&map, 115200);
	map.counter_register = 1000;
	assert_true(rate_hz(&map, 115200) < without_hz);
	map.counter_register = -1;
	map.rows = map.cols = 32;
	assert_true(fabs(rate_hz(&map, 115200) - 7.3) < 0.05);
	map.cell_type = CELL_U16;
	assert_true(fabs(rate_hz(&map, 115200) - 3.8) < 0.05);
}

/* The silence is 3.5 characters, fixed above 19200 baud; a longer gap takes its place. */
static void test_silence_and_gap(void **state)
{
	struct modbus_map map = small_map(CELL_U16);
	struct modbus_wire wire;

	(void)state;
	assert_true(fabs(modbus_wire_silence_s(&map, 9600) - 3.5 * 10 / 9600) < 1e-9);
	assert_true(modbus_wire_silence_s(&map, 115200) == 1.75e-3);
	map.gap_s = 1e-3;
	modbus_wire_read(&map, 115200, &wire);
	assert_true(wire.pause_s == 1.75e-3);
	map.gap_s = 20e-3;
	modbus_wire_read(&map, 115200, &wire);
	assert_true(wire.pause_s == 20e-3);
}

static void test_finding_a_profile(void **state)
{
	struct error err = {0};
	char *path = modbus_map_find("overlay-32x16", &err);

	(void)state;
	assert_non_null(path);
	free(path);
	path = modbus_map_find("./somewhere/mat.ini", &err);
	assert_string_equal(path, "./somewhere/mat.ini");
	free(path);
	assert_null(modbus_map_find("no-such-mat", &err));
	assert_int_equal(err.code, -ENOENT);
	assert_non_null(strstr(err.text, "no-such-mat"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_profile_is_read),
	    cmocka_unit_test(test_every_fault_of_a_profile_is_named),
	    cmocka_unit_test(test_zero_register_may_not_be_a_holding_cell),
	    cmocka_unit_test(test_words_as_they_stand_on_the_wire),
	    cmocka_unit_test(test_round_trip_of_every_type_and_order),
	    cmocka_unit_test(test_serpentine_turns_odd_rows),
	    cmocka_unit_test(test_units_share_the_cells_in_order),
	    cmocka_unit_test(test_scale_and_clamping),
	    cmocka_unit_test(test_rate_that_the_wire_allows),
	    cmocka_unit_test(test_silence_and_gap),
	    cmocka_unit_test(test_finding_a_profile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
