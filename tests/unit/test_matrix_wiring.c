/*
 * How a resistive matrix is wired: commands and answers of its converters, the lines that select
 * rows and columns, and wirings that cannot be.
 */
#include "support.h"

#include "drivers/mcp3x08.h"
#include "drivers/selector.h"
#include "tests/fakes/matrix_mat.h"

#include <errno.h>
#include <string.h>

static void commands_are_those_of_the_data_sheets(void **state)
{
	static const struct {
		enum mcp3x08 type;
		unsigned channel;
		uint8_t out[3];
	} table[] = {
	    {MCP3208, 0, {0x06, 0x00, 0}},
	    {MCP3208, 3, {0x06, 0xc0, 0}},
	    {MCP3208, 7, {0x07, 0xc0, 0}},
	    {MCP3008, 0, {0x01, 0x80, 0}},
	    {MCP3008, 5, {0x01, 0xd0, 0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		uint8_t out[3];
		mcp3x08_command(table[i].type, table[i].channel, out);
		assert_memory_equal(out, table[i].out, 3);
	}
}

static void answers_need_their_null_bit(void **state)
{
	(void)state;
	assert_int_equal(mcp3x08_decode(MCP3208, (uint8_t[]){0xff, 0xea, 0xbc}), 0xabc);
	assert_int_equal(mcp3x08_decode(MCP3208, (uint8_t[]){0, 0x0f, 0xff}), 4095);
	assert_int_equal(mcp3x08_decode(MCP3208, (uint8_t[]){0xff, 0xff, 0xff}), -1);
	assert_int_equal(mcp3x08_decode(MCP3008, (uint8_t[]){0xff, 0xfa, 0xbc}), 0x2bc);
	assert_int_equal(mcp3x08_decode(MCP3008, (uint8_t[]){0xff, 0xff, 0xff}), -1);
}

static void selectors_are_checked(void **state)
{
	static const struct {
		struct selector_plan plan;
		int n_muxes;
		const char *says;
	} table[] = {
	    {{.lines = "1 2 3 4", .enable = "", .n = 16}, 1, ""},
	    {{.lines = "1 2 3 4", .enable = "5", .n = 16}, 1, ""},
	    {{.lines = "1 2 3 4", .enable = "5 6 7 8", .n = 64}, 4, ""},
	    {{.lines = "1 2 3 4", .enable = "", .n = 33}, 3, ""},
	    {{.lines = "1 2 3", .enable = "4", .n = 9}, -EINVAL, "9 outputs are 2 multiplexers"},
	    {{.lines = "1 2 3 4 5 6 7", .enable = "", .n = 9}, -EINVAL, "at most 6"},
	    {{.lines = "", .enable = "", .n = 9}, -EINVAL, "no line"},
	    {{.shift = true, .lines = "1 2 3", .enable = "", .n = 64}, 1, ""},
	    {{.shift = true, .lines = "1 2", .enable = "", .n = 8}, -EINVAL, "data, clock, latch"},
	    {{.shift = true, .lines = "1 2 3", .enable = "4", .n = 8}, -EINVAL, "no enable"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct error err = {0};
		assert_int_equal(selector_check(&table[i].plan, &err), table[i].n_muxes);
		assert_non_null(strstr(err.text, table[i].says));
	}
}

static void wrong_wirings_are_refused(void **state)
{
	static const struct {
		int wiring;
		const char *key, *value, *says;
	} table[] = {
	    {WIRING_SMALL, "rows", "9", "matrix.rows = 9 are 3 multiplexers"},
	    {WIRING_SMALL, "row_lines", "", "matrix.row_lines: no line"},
	    {WIRING_SMALL, "col_lines", "", "matrix.col_lines: no line"},
	    {WIRING_CHANNELS, "adc_channel", "6", "3 converter channels from 6 on; there are 8"},
	    {WIRING_NO_MUX, "cols", "9", "9 converter channels from 0 on"},
	    {WIRING_SMALL, "spi_lines", "25 26 27", "give four lines"},
	    {WIRING_SMALL, "chip", "elsewhere", "matrix.row_lines: GPIO chip elsewhere"},
	    {WIRING_SPIDEV, "spi", "/nowhere/spidev0.0", "is SPI switched on"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct matrix_mat mat;
		struct error err = {0};
		assert_true(matrix_mat_make(&mat, &matrix_wirings[table[i].wiring], table[i].key,
		                table[i].value, &err) < 0);
		if (!strstr(err.text, table[i].says))
			fail_msg("%s", err.text);
		matrix_mat_close(&mat);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commands_are_those_of_the_data_sheets),
	    cmocka_unit_test(answers_need_their_null_bit),
	    cmocka_unit_test(selectors_are_checked),
	    cmocka_unit_test(wrong_wirings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
