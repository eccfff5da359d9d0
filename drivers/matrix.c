/*
 * matrix: a resistive mat of up to 64 x 64 cells that this machine scans itself.
 *
 *	3.3 V --> row selector --> row i --[cell]-- column j --> column selector --> ADC
 *	                                                   |
 *	                                                   +-- resistor to ground
 *
 * - Rows are driven through multiplexers (CD74HC4067) or shift registers (74HC595). Columns go
 *   through multiplexers, each to a channel of its own or, with enable lines, all to one; or up to
 *   eight columns go straight to the channels.
 * - The converter is an MCP3208 or MCP3008 (mcp3x08.h) on the kernel's SPI, or on four GPIO lines.
 * - For each cell: select, settle, convert `oversample` times; the counts are the mean. Order: row by
 *   row; serpentine: the columns of odd rows are wired backwards.
 * - A frame that outlasts its deadline goes on with the next read. A conversion that took longer
 *   than the converter holds its charge (GPIO lines on a busy machine) is done anew and counted
 *   (late_samples). Without the converter's null bit nothing answers: -EBADMSG.
 * - Ghosts are estimated from what the frames show (matrix_ghosts.h), reported, and taken off on
 *   demand.
 *
 * Sources: Texas Instruments SCHS209 (4067: 6 ns a switch at 4.5 V; what settles is the column's
 * capacity behind a cell of some kilohms), SCLS041 (74HC595), Microchip DS21298, DS21295.
 */
#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/lines.h"
#include "drivers/matrix_ghosts.h"
#include "drivers/matrix_plan.h"
#include "drivers/pace.h"
#include "drivers/spi.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS = 8 };                         /* at a conversion in time */
static const int64_t spin_ns = 50 * NS_PER_US; /* sleeping takes that much longer than asked */
enum { GHOSTS_REPORT, GHOSTS_CORRECT };

struct matrix {
	struct matrix_plan plan;
	struct selector rows, cols;
	struct spi *spi;
	int64_t settle_ns;
	bool serpentine, invert, correct;
	struct ghosts ghosts;
	float *counts; /* of the frame under way */
	size_t next;   /* cell, in the order of the scan; 0: no frame is under way */
	size_t row;    /* selected; SIZE_MAX: none */
	int64_t due_ns, begun_ns;
	double busy_s; /* what the frame has taken so far */
	uint32_t sequence;
};

static int matrix_describe(
    const struct options *options, struct surface *surface, struct error *err)
{
	struct matrix_plan plan;
	int result = matrix_plan_make(&plan, options, err);

	if (result < 0)
		return result;
	surface->rows = plan.rows;
	surface->cols = plan.cols;
	surface->n_cells = plan.rows * plan.cols;
	surface->full_scale_counts = (float)mcp3x08_full_scale(plan.adc);
	surface->rate_hz = (float)options_number(options, "rate");
	return 0;
}

/* ---- opening ----------------------------------------------------------------------------- */

static int open_spi(struct matrix *matrix, const struct options *options, struct error *err)
{
	const char *lines = options_text(options, "spi_lines");

	if (!*lines)
		return spi_open_device(&matrix->spi, options_text(options, "spi"),
		    options_number(options, "spi_speed"), err);
	int result = spi_open_lines(&matrix->spi, matrix->plan.row.chip, lines, err);
	return result < 0 ? error_prefix(err, "matrix.spi_lines") : 0;
}

static int open_parts(struct matrix *matrix, const struct options *options, struct error *err)
{
	int result = selector_open(&matrix->rows, &matrix->plan.row, err);

	if (result < 0)
		return error_prefix(err, "matrix.row_lines");
	if (!matrix->plan.direct)
		result = selector_open(&matrix->cols, &matrix->plan.col, err);
	if (result < 0)
		return error_prefix(err, "matrix.col_lines");
	return open_spi(matrix, options, err);
}

static int matrix_open(struct device *device, struct error *err)
{
	struct matrix *matrix = device->state;
	const struct options *options = device->options;
	int result = matrix_plan_make(&matrix->plan, options, err);

	if (result < 0)
		return result;
	size_t n_cells = matrix->plan.rows * matrix->plan.cols;
	if (device->surface->n_cells != n_cells)
		return error_set(err, -EINVAL, "the matrix has %zu cells, surface %s has %zu",
		    n_cells, device->surface->name, device->surface->n_cells);
	matrix->settle_ns = llround(options_number(options, "settle") * 1e9);
	matrix->serpentine = options_bool(options, "serpentine");
	matrix->invert = options_bool(options, "invert");
	matrix->correct = options_integer(options, "ghosts") == GHOSTS_CORRECT;
	matrix->row = SIZE_MAX;
	ghosts_init(&matrix->ghosts);
	matrix->counts = calloc(n_cells, sizeof(float));
	if (!matrix->counts)
		return error_set(err, -ENOMEM, "out of memory");
	return open_parts(matrix, options, err);
}

static void matrix_close(struct device *device)
{
	struct matrix *matrix = device->state;

	spi_close(matrix->spi);
	selector_close(&matrix->cols);
	selector_close(&matrix->rows);
	free(matrix->counts);
	*matrix = (struct matrix){0};
}

/* ---- scanning ---------------------------------------------------------------------------- */

/* A sleep of microseconds lasts far longer; so short a wait is spun out. */
static void settle(int64_t ns)
{
	int64_t until_ns = clock_mono_ns() + ns;

	if (ns > spin_ns)
		pace_wait(until_ns, until_ns);
	while (clock_mono_ns() < until_ns)
		;
}

/* Converts a channel n_times, within the time that the converter holds its charge. */
static int transfer(struct device *device, unsigned channel, uint8_t *in)
{
	struct matrix *matrix = device->state;
	uint8_t out[MCP3X08_BYTES];
	int64_t longest_ns;

	mcp3x08_command(matrix->plan.adc, channel, out);
	for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
		int result = spi_transfer(
		    matrix->spi, out, sizeof(out), matrix->plan.n_times, in, &longest_ns);
		if (result < 0 || longest_ns <= MCP3X08_HOLD_NS)
			return result;
		device->stats.late_samples++;
	}
	return -ETIME;
}

static int convert(struct device *device, unsigned channel, float *counts)
{
	const struct matrix *matrix = device->state;
	uint8_t in[SPI_TIMES_MAX * MCP3X08_BYTES];
	int result = transfer(device, channel, in), sum = 0;

	if (result < 0)
		return result;
	for (size_t i = 0; i < matrix->plan.n_times; i++) {
		int value = mcp3x08_decode(matrix->plan.adc, in + i * MCP3X08_BYTES);
		if (value < 0)
			return -EBADMSG;
		sum += value;
	}
	*counts = (float)sum / (float)matrix->plan.n_times;
	if (matrix->invert)
		*counts = (float)mcp3x08_full_scale(matrix->plan.adc) - *counts;
	return 0;
}

static int read_cell(struct device *device, size_t row, size_t col)
{
	struct matrix *matrix = device->state;
	const struct matrix_plan *plan = &matrix->plan;
	size_t wired = matrix->serpentine && row % 2 ? plan->cols - 1 - col : col;
	int result = 0;

	if (row != matrix->row)
		result = selector_pick(&matrix->rows, row);
	matrix->row = result == 0 ? row : SIZE_MAX;
	if (result == 0 && !plan->direct)
		result = selector_pick(&matrix->cols, wired);
	if (result < 0)
		return result;
	settle(matrix->settle_ns);
	return convert(device, plan->channel + (unsigned)(wired / plan->per_channel),
	    &matrix->counts[row * plan->cols + col]);
}

/* Goes on with the frame, row after row. -EAGAIN: the deadline came first. */
static int scan(struct device *device, int64_t deadline_ns)
{
	struct matrix *matrix = device->state;
	size_t cols = matrix->plan.cols, n_cells = matrix->plan.rows * cols;
	int64_t begun_ns = clock_mono_ns();
	int result = 0;

	for (; matrix->next < n_cells && result == 0; matrix->next++) {
		size_t row = matrix->next / cols, col = matrix->next % cols;
		if (col == 0 && row > 0 && clock_mono_ns() >= deadline_ns) {
			result = -EAGAIN;
			break;
		}
		result = read_cell(device, row, col);
	}
	matrix->busy_s += (double)(clock_mono_ns() - begun_ns) / (double)NS_PER_S;
	return result;
}

static void begin_frame(struct matrix *matrix, double rate_hz)
{
	int64_t period_ns = llround(1e9 / rate_hz), now_ns = clock_mono_ns();

	matrix->due_ns = (now_ns - matrix->due_ns > period_ns ? now_ns : matrix->due_ns) +
	                 period_ns;
	matrix->begun_ns = now_ns;
	matrix->busy_s = 0;
}

static int take_failure(struct device *device, int failure)
{
	struct matrix *matrix = device->state;

	matrix->next = 0;
	matrix->row = SIZE_MAX;
	if (failure != -EBADMSG && failure != -ETIME) {
		device->stats.io_errors++;
		return failure;
	}
	device->stats.integrity_errors++;
	snprintf(device->stats.fault, sizeof(device->stats.fault), "%s",
	    failure == -ETIME
	        ? "this machine is too slow for SPI on GPIO lines"
	        : "the converter does not answer: look at its power, MISO and select");
	return -EBADMSG;
}

static void fill(struct device *device, struct frame *out)
{
	struct matrix *matrix = device->state;
	const struct matrix_plan *plan = &matrix->plan;
	size_t n_cells = plan->rows * plan->cols;

	ghosts_look(&matrix->ghosts, matrix->counts, plan->rows, plan->cols,
	    (float)mcp3x08_full_scale(plan->adc));
	memcpy(out->counts, matrix->counts, n_cells * sizeof(float));
	if (matrix->correct)
		ghosts_remove(&matrix->ghosts, out->counts, plan->rows, plan->cols);
	out->n_cells = n_cells;
	out->mono_ns = matrix->begun_ns;
	out->real_ns = 0;
	out->utc_offset_s = 0;
	out->flags = 0;
	out->sequence = matrix->sequence++;
	device->stats.frames++;
	device->stats.last_read_s = matrix->busy_s;
	device->stats.ghost_ratio = isnan(matrix->ghosts.ratio) ? 0 : (double)matrix->ghosts.ratio;
}

static int matrix_read(struct device *device, int64_t deadline_ns, struct frame *out)
{
	struct matrix *matrix = device->state;

	if (matrix->next == 0) {
		if (!pace_wait(matrix->due_ns, deadline_ns))
			return -ETIMEDOUT;
		begin_frame(matrix, (double)device->surface->rate_hz);
		device->stats.requests++;
	}
	int result = scan(device, deadline_ns);
	if (result == -EAGAIN)
		return -ETIMEDOUT;
	if (result < 0)
		return take_failure(device, result);
	matrix->next = 0;
	fill(device, out);
	return 0;
}

extern const struct driver driver_matrix;
const struct driver driver_matrix = {
    .name = "matrix",
    .summary = "a resistive mat, scanned by this machine on GPIO lines and SPI",
    .options = matrix_options,
    .state_size = sizeof(struct matrix),
    .describe = matrix_describe,
    .open = matrix_open,
    .read = matrix_read,
    .close = matrix_close,
};
