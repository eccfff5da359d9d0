/*
 * The driver of resistive matrices on an emulated one of 16 x 16 cells in a kernel under test: behind
 * multiplexers and shift registers, on lines and on the kernel's own SPI; every cell exact, cells that
 * have not settled, a converter that does not answer.
 */
#include "support.h"
#include "tests/gpio/support/emulated.h"

#include "base/clock.h"

#include <errno.h>
#include <math.h>
#include <string.h>

enum { N = 16, CELLS = N * N };

#define CHIP                                                                                       \
	{                                                                                          \
		"chip", "emulated-matrix"                                                          \
	}
#define ROWS                                                                                       \
	{"rows", "16"},                                                                            \
	{                                                                                          \
		"row_lines", "0 1 2 3"                                                             \
	}
#define COLS                                                                                       \
	{"cols", "16"},                                                                            \
	{                                                                                          \
		"col_lines", "4 5 6 7"                                                             \
	}
#define SPI_LINES                                                                                  \
	{                                                                                          \
		"spi_lines", "9 10 11 8"                                                           \
	}

static const struct setting muxes[] = {CHIP, ROWS, COLS, SPI_LINES, {"rate", "50"}, {0}};

/* Every cell has a code of its own, neighbours are far apart, and all 12 bits are used. */
static int code_of(int row, int col)
{
	return (row * N + col) * 1657 % 4096;
}

static void set_cells(int (*code)(int row, int col))
{
	int cells[CELLS];

	for (int i = 0; i < CELLS; i++)
		cells[i] = code(i / N, i % N);
	emulated_set_all("matrix_cells", cells, CELLS);
}

static int set_up(void **state)
{
	(void)state;
	emulated_set("matrix_settle_us", "0");
	emulated_set("matrix_ghost_percent", "0");
	emulated_set("matrix_channel", "0");
	emulated_set("matrix_bits", "12");
	emulated_set("matrix_row_shift", "0");
	emulated_set("matrix_direct", "0");
	set_cells(code_of);
	emulated_restart("matrix");
	return 0;
}

/* How many cells of the frame are as told. */
static int n_right(const struct reader *reader, int rows, int cols, int (*code)(int row, int col))
{
	int n = 0;

	for (int i = 0; i < rows * cols; i++)
		n += (int)reader->frame.counts[i] == code(i / cols, i % cols);
	return n;
}

static void expect_exact(
    const struct setting *settings, int rows, int cols, int (*code)(int row, int col))
{
	struct reader reader;

	reader_open_good(&reader, "matrix", settings);
	assert_int_equal(reader.surface.n_cells, rows * cols);
	for (int k = 0; k < 3; k++) {
		assert_int_equal(reader_frame(&reader, 2000), 0);
		assert_int_equal(reader.frame.n_cells, rows * cols);
		assert_int_equal(n_right(&reader, rows, cols, code), rows * cols);
	}
	reader_close(&reader);
	assert_int_equal(emulated_get("matrix_unfinished"), 0);
	assert_int_equal(emulated_get("matrix_other_channel"), 0);
	assert_int_equal(emulated_get("matrix_unsettled"), 0);
}

static void every_cell_of_16_by_16_is_exact(void **state)
{
	(void)state;
	expect_exact(muxes, N, N, code_of);
	assert_int_equal(emulated_get("matrix_conversions"), 3 * CELLS);
}

static int other_code(int row, int col)
{
	return 4095 - (col * N + row) * 1301 % 4096;
}

static void a_frame_is_as_new_as_it_says(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "matrix", muxes);
	assert_int_equal(reader_frame(&reader, 2000), 0);
	set_cells(other_code);
	assert_int_equal(reader_frame(&reader, 2000), 0);
	assert_int_equal(n_right(&reader, N, N, other_code), CELLS);
	assert_true(clock_mono_ns() - reader.frame.mono_ns < NS_PER_S / 50);
	reader_close(&reader);
}

static void enables_are_low_while_it_is_read(void **state)
{
	(void)state;
	expect_exact(
	    SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"row_enable", "12"}, {"col_enable", "13"}), N, N,
	    code_of);
}

static int of_10_bits(int row, int col)
{
	return code_of(row, col) >> 2;
}

static void an_mcp3008_on_another_channel_is_read_too(void **state)
{
	(void)state;
	emulated_set("matrix_bits", "10");
	emulated_set("matrix_channel", "5");
	set_cells(of_10_bits);
	expect_exact(
	    SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"adc", "mcp3008"}, {"adc_channel", "5"}), N, N,
	    of_10_bits);
}

static void several_conversions_of_a_cell_are_one(void **state)
{
	(void)state;
	expect_exact(SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"oversample", "4"}), N, N, code_of);
	assert_int_equal(emulated_get("matrix_conversions"), 4 * 3 * CELLS);
}

static int serpentine(int row, int col)
{
	return 4095 - code_of(row, row % 2 ? N - 1 - col : col);
}

static void odd_rows_run_backwards_and_less_is_more(void **state)
{
	(void)state;
	expect_exact(
	    SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"serpentine", "yes"}, {"invert", "yes"}), N, N,
	    serpentine);
}

static void a_part_of_the_matrix_is_its_first_lines(void **state)
{
	(void)state;
	expect_exact(SETTINGS(CHIP, {"rows", "5"}, {"row_lines", "0 1 2"}, {"cols", "7"},
	                 {"col_lines", "4 5 6"}, SPI_LINES),
	    5, 7, code_of);
}

static void rows_on_shift_registers_are_driven_one_at_a_time(void **state)
{
	(void)state;
	emulated_set("matrix_row_shift", "1");
	expect_exact(SETTINGS(CHIP, {"row_select", "shift"}, {"rows", "16"}, {"row_lines", "0 1 2"},
	                 COLS, SPI_LINES),
	    N, N, code_of);
	assert_int_equal(emulated_get("matrix_many_rows"), 0);
}

static void columns_on_channels_of_their_own_are_exact(void **state)
{
	(void)state;
	emulated_set("matrix_direct", "1");
	expect_exact(
	    SETTINGS(CHIP, ROWS, {"cols", "8"}, {"col_select", "adc"}, SPI_LINES), N, 8, code_of);
}

static void the_kernels_own_spi_reads_the_same(void **state)
{
	(void)state;
	emulated_set("matrix_spidev", "1");
	expect_exact(SETTINGS(CHIP, ROWS, COLS, {"spi", "/dev/spidev0.0"}), N, N, code_of);
	expect_exact(SETTINGS(CHIP, ROWS, COLS, {"oversample", "8"}), N, N, code_of);
	emulated_set("matrix_spidev", "0");
}

/* A column that needs 200 us to follow: who waits reads it right, who does not reads the cell before. */
static void a_slow_matrix_wants_to_settle(void **state)
{
	struct reader reader;

	(void)state;
	emulated_set("matrix_settle_us", "200");
	expect_exact(SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"settle", "250 us"}, {"rate", "5"}), N,
	    N, code_of);
	reader_open_good(&reader, "matrix",
	    SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"settle", "0 s"}, {"rate", "5"}));
	assert_int_equal(reader_frame(&reader, 2000), 0);
	assert_true(emulated_get("matrix_unsettled") > CELLS / 2);
	assert_true(n_right(&reader, N, N, code_of) < CELLS / 2);
	reader_close(&reader);
}

/* ---- ghosts ---------------------------------------------------------------------------- */

/* A shoulder and a hip that share rows and columns with little but emptiness. */
static int body(int row, int col)
{
	bool shoulder = row >= 2 && row < 6 && col >= 2 && col < 8;
	bool hip = row >= 9 && row < 14 && col >= 6 && col < 12;

	return shoulder ? 1200 : hip ? 2000 : 0;
}

static double error_of(const struct reader *reader)
{
	double sum = 0;

	for (int i = 0; i < CELLS; i++)
		sum += fabs((double)reader->frame.counts[i] - body(i / N, i % N));
	return sum / CELLS;
}

static void ghosts_are_reported_and_taken_off(void **state)
{
	struct reader plain, corrected;

	(void)state;
	set_cells(body);
	emulated_set("matrix_ghost_percent", "20");
	reader_open_good(&plain, "matrix", muxes);
	assert_int_equal(reader_frame(&plain, 2000), 0);
	assert_true(
	    plain.frame.counts[3 * N + 10] > 100); /* the shoulder's rows, the hip's columns */
	assert_true(fabs(plain.device.stats.ghost_ratio - 0.2) < 0.05);
	double before = error_of(&plain);
	reader_close(&plain);
	reader_open_good(
	    &corrected, "matrix", SETTINGS(CHIP, ROWS, COLS, SPI_LINES, {"ghosts", "correct"}));
	assert_int_equal(reader_frame(&corrected, 2000), 0);
	print_message("mean error %.0f counts, corrected %.0f\n", before, error_of(&corrected));
	assert_true(error_of(&corrected) < before / 2);
	reader_close(&corrected);
}

/* ---- what goes wrong -------------------------------------------------------------------- */

/* The converter's select is wired to another line: MISO floats high, and there is no null bit. */
static void a_converter_that_does_not_answer_is_no_frame(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "matrix",
	    SETTINGS(CHIP, ROWS, COLS, {"spi_lines", "9 10 11 13"}, {"rate", "50"}));
	assert_int_equal(reader_frame(&reader, 2000), -EBADMSG);
	assert_non_null(strstr(reader.device.stats.fault, "converter does not answer"));
	assert_int_equal(reader.device.stats.frames, 0);
	reader_close(&reader);
}

static void a_matrix_pulled_out_is_told_and_opened_again(void **state)
{
	struct reader reader;

	(void)state;
	reader_open_good(&reader, "matrix", muxes);
	assert_int_equal(reader_frame(&reader, 2000), 0);
	emulated_set("matrix_live", "0");
	assert_int_equal(reader_frame(&reader, 2000), -ENODEV);
	reader.device.driver->close(&reader.device);
	emulated_set("matrix_live", "1");
	assert_int_equal(reader.device.driver->open(&reader.device, &reader.err), 0);
	assert_int_equal(reader_frame(&reader, 2000), 0);
	assert_int_equal(n_right(&reader, N, N, code_of), CELLS);
	reader_close(&reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(every_cell_of_16_by_16_is_exact, set_up),
	    cmocka_unit_test_setup(a_frame_is_as_new_as_it_says, set_up),
	    cmocka_unit_test_setup(enables_are_low_while_it_is_read, set_up),
	    cmocka_unit_test_setup(an_mcp3008_on_another_channel_is_read_too, set_up),
	    cmocka_unit_test_setup(several_conversions_of_a_cell_are_one, set_up),
	    cmocka_unit_test_setup(odd_rows_run_backwards_and_less_is_more, set_up),
	    cmocka_unit_test_setup(a_part_of_the_matrix_is_its_first_lines, set_up),
	    cmocka_unit_test_setup(rows_on_shift_registers_are_driven_one_at_a_time, set_up),
	    cmocka_unit_test_setup(columns_on_channels_of_their_own_are_exact, set_up),
	    cmocka_unit_test_setup(the_kernels_own_spi_reads_the_same, set_up),
	    cmocka_unit_test_setup(a_slow_matrix_wants_to_settle, set_up),
	    cmocka_unit_test_setup(ghosts_are_reported_and_taken_off, set_up),
	    cmocka_unit_test_setup(a_converter_that_does_not_answer_is_no_frame, set_up),
	    cmocka_unit_test_setup(a_matrix_pulled_out_is_told_and_opened_again, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
