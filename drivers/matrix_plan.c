#include "drivers/matrix_plan.h"

#include "drivers/lines.h"
#include "drivers/spi.h"

#include <errno.h>

enum { ROW_MUX, ROW_SHIFT }; /* the words of row_select */
enum { COL_MUX, COL_ADC };   /* and of col_select */

const struct option_spec matrix_options[] = {
    {"chip", OPTION_TEXT, LINES_CHIP_AUTO, 0, 0, "", NULL,
        "the GPIO chip: auto (a Raspberry Pi's header), a label, gpiochip0 or a path"},
    {"rows", OPTION_INTEGER, NULL, 1, SELECTOR_MAX, "", NULL, "lines that are driven"},
    {"cols", OPTION_INTEGER, NULL, 1, SELECTOR_MAX, "", NULL, "lines that are read"},
    {"row_select", OPTION_CHOICE, "mux", 0, 0, "", "mux shift",
        "what drives the rows: CD74HC4067 multiplexers or 74HC595 shift registers"},
    {"row_lines", OPTION_TEXT, NULL, 0, 0, "", NULL,
        "mux: address lines, S0 first: 5 6 13 19; shift: data, clock, latch"},
    {"row_enable", OPTION_TEXT, "", 0, 0, "", NULL,
        "mux: an enable line (E, low: on) for each multiplexer; may be left out with one"},
    {"col_select", OPTION_CHOICE, "mux", 0, 0, "", "mux adc",
        "what picks the column: multiplexers, or the converter's own channels (up to 8 columns)"},
    {"col_lines", OPTION_TEXT, "", 0, 0, "", NULL, "mux: address lines, S0 first"},
    {"col_enable", OPTION_TEXT, "", 0, 0, "", NULL,
        "mux: an enable line for each multiplexer, when several share a converter channel; "
        "without, each has the next channel"},
    {"adc", OPTION_CHOICE, "mcp3208", 0, 0, "", MCP3X08_NAMES, "the converter: 12 or 10 bits"},
    {"adc_channel", OPTION_INTEGER, "0", 0, 7, "", NULL, "the first channel that is used"},
    {"spi", OPTION_TEXT, "/dev/spidev0.0", 0, 0, "", NULL, "the kernel's SPI device"},
    {"spi_lines", OPTION_TEXT, "", 0, 0, "", NULL,
        "instead: SPI on GPIO lines: clock, MOSI, MISO, select"},
    {"spi_speed", OPTION_NUMBER, "1000000", 10000, 4000000, "hz", NULL,
        "of the SPI device; an MCP3208 at 3.3 V wants 1.2 MHz or less"},
    {"settle", OPTION_NUMBER, "20e-6", 0, 0.01, "s", NULL,
        "from selecting a cell to converting it"},
    {"oversample", OPTION_INTEGER, "1", 1, SPI_TIMES_MAX, "", NULL,
        "conversions of each cell; their mean counts"},
    {"serpentine", OPTION_BOOL, "no", 0, 0, "", NULL,
        "the columns of every other row are wired backwards"},
    {"invert", OPTION_BOOL, "no", 0, 0, "", NULL, "more load gives less voltage"},
    {"ghosts", OPTION_CHOICE, "report", 0, 0, "", "report correct",
        "load that cells show because of others in their row and column: say how much, or take it "
        "off"},
    {"rate", OPTION_NUMBER, "10", 0.1, 100, "hz", NULL, "frames a second"},
    {0},
};

static int plan_cols(struct matrix_plan *plan, const struct options *options, struct error *err)
{
	plan->direct = options_integer(options, "col_select") == COL_ADC;
	plan->per_channel = plan->direct ? 1 : plan->cols;
	if (!plan->direct) {
		int n_muxes = selector_check(&plan->col, err);
		if (n_muxes < 0)
			return error_prefix(err, "matrix.col_lines");
		if (!*plan->col.enable)
			plan->per_channel = (size_t)1 << lines_count(plan->col.lines, NULL);
	}
	size_t n_channels = (plan->cols + plan->per_channel - 1) / plan->per_channel;
	if (plan->channel + n_channels > MCP3X08_CHANNELS)
		return error_set(err, -EINVAL,
		    "matrix.cols = %zu: %zu converter channels from %u on; there are %d",
		    plan->cols, n_channels, plan->channel, MCP3X08_CHANNELS);
	return 0;
}

static int plan_rows(const struct matrix_plan *plan, struct error *err)
{
	int n_muxes = selector_check(&plan->row, err);

	if (n_muxes < 0)
		return error_prefix(err, "matrix.row_lines");
	if (n_muxes > 1 && !*plan->row.enable)
		return error_set(err, -EINVAL,
		    "matrix.rows = %zu are %d multiplexers: give an enable line for each, "
		    "row_enable = ...",
		    plan->rows, n_muxes);
	return 0;
}

/* A key that would be passed over: the wiring is not what its writer thinks. */
static int check_keys(const struct options *options, struct error *err)
{
	bool direct = options_integer(options, "col_select") == COL_ADC;

	if (direct && (*options_text(options, "col_lines") || *options_text(options, "col_enable")))
		return error_set(err, -EINVAL,
		    "matrix.col_select = adc has no col_lines and no col_enable: leave them out");
	if (*options_text(options, "spi_lines") &&
	    (options_given(options, "spi") || options_given(options, "spi_speed")))
		return error_set(err, -EINVAL,
		    "matrix.spi_lines takes the place of spi and spi_speed: leave them out");
	return 0;
}

int matrix_plan_make(struct matrix_plan *plan, const struct options *options, struct error *err)
{
	size_t rows = (size_t)options_integer(options, "rows");
	size_t cols = (size_t)options_integer(options, "cols");

	*plan = (struct matrix_plan){
	    .rows = rows,
	    .cols = cols,
	    .row = {.shift = options_integer(options, "row_select") == ROW_SHIFT,
	        .chip = options_text(options, "chip"),
	        .lines = options_text(options, "row_lines"),
	        .enable = options_text(options, "row_enable"),
	        .n = rows},
	    .col = {.chip = options_text(options, "chip"),
	        .lines = options_text(options, "col_lines"),
	        .enable = options_text(options, "col_enable"),
	        .n = cols},
	    .adc = (enum mcp3x08)options_integer(options, "adc"),
	    .channel = (unsigned)options_integer(options, "adc_channel"),
	    .n_times = (size_t)options_integer(options, "oversample"),
	};
	int result = check_keys(options, err);
	if (result == 0)
		result = plan_rows(plan, err);
	return result < 0 ? result : plan_cols(plan, options, err);
}
