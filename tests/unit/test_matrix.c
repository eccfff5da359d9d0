/*
 * The resistive matrix: commands and answers of its converters, selecting, ghosts, and the driver
 * on mats wired in each of the ways that it knows, over lines and over the kernel's SPI.
 */
#include "support.h"

#include "base/clock.h"
#include "drivers/driver.h"
#include "drivers/matrix_ghosts.h"
#include "drivers/mcp3x08.h"
#include "drivers/selector.h"
#include "tests/fakes/matrix_fake.h"

#include <errno.h>
#include <linux/spi/spidev.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

/* ---- the converters ----------------------------------------------------------------------- */

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

/* ---- ghosts ------------------------------------------------------------------------------- */

#define SIDE 16

/* A trunk of 8 x 5 cells and arms across it, with ghosts of g R C / T and an offset. */
static void make_map(float g, float offset, float *truth, float *measured)
{
	float row[SIDE] = {0}, col[SIDE] = {0}, mean = 0;

	for (int i = 0; i < SIDE * SIDE; i++) {
		int r = i / SIDE, c = i % SIDE;
		bool trunk = r >= 4 && r < 12 && c >= 5 && c < 10;
		bool arms = r >= 5 && r < 7 && c >= 1 && c < 15;
		truth[i] = trunk || arms ? (float)(1500 + 100 * (r % 3)) : 0;
		row[r] += truth[i] / SIDE;
		col[c] += truth[i] / SIDE;
		mean += truth[i] / (SIDE * SIDE);
	}
	for (int i = 0; i < SIDE * SIDE; i++)
		measured[i] = truth[i] + offset + g * row[i / SIDE] * col[i % SIDE] / mean;
}

static void ghosts_are_estimated_and_taken_off(void **state)
{
	static const float shares[] = {0, 0.05F, 0.1F, 0.2F};
	float truth[SIDE * SIDE], measured[SIDE * SIDE];

	(void)state;
	for (size_t k = 0; k < sizeof(shares) / sizeof(shares[0]); k++) {
		struct ghosts ghosts;
		float before = 0, after = 0;
		make_map(shares[k], 40, truth, measured);
		ghosts_init(&ghosts);
		assert_true(isnan(ghosts.ratio));
		ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
		/* g is of the true means, the estimate of the measured ones: g / (1 + g) */
		assert_float_equal(ghosts.ratio, shares[k] / (1 + shares[k]), 0.015F);
		for (int i = 0; i < SIDE * SIDE; i++)
			before += fabsf(measured[i] - 40 - truth[i]);
		ghosts_remove(&ghosts, measured, SIDE, SIDE);
		for (int i = 0; i < SIDE * SIDE; i++)
			after += fabsf(measured[i] - 40 - truth[i]);
		assert_true(shares[k] == 0 || after < 0.4F * before);
	}
}

static void an_empty_mat_shows_no_ghosts(void **state)
{
	float counts[SIDE * SIDE];
	struct ghosts ghosts;

	(void)state;
	for (int i = 0; i < SIDE * SIDE; i++)
		counts[i] = (float)(20 + i * 7 % 13);
	ghosts_init(&ghosts);
	ghosts_look(&ghosts, counts, SIDE, SIDE, 4095);
	assert_true(isnan(ghosts.ratio));
	ghosts_remove(&ghosts, counts, SIDE, SIDE);
	for (int i = 0; i < SIDE * SIDE; i++)
		assert_true(counts[i] == (float)(20 + i * 7 % 13));
}

static void a_plain_rectangle_says_nothing(void **state)
{
	float counts[SIDE * SIDE] = {0};
	struct ghosts ghosts;

	(void)state;
	for (int i = 0; i < SIDE * SIDE; i++)
		if (i / SIDE >= 3 && i / SIDE < 9 && i % SIDE >= 5 && i % SIDE < 11)
			counts[i] = 2000;
	ghosts_init(&ghosts);
	ghosts_look(&ghosts, counts, SIDE, SIDE, 4095);
	assert_true(isnan(ghosts.ratio));
}

static void the_least_of_frames_holds(void **state)
{
	float truth[SIDE * SIDE], measured[SIDE * SIDE];
	struct ghosts ghosts;

	(void)state;
	ghosts_init(&ghosts);
	make_map(0.2F, 0, truth, measured);
	ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
	float more = ghosts.ratio;
	make_map(0.05F, 0, truth, measured);
	ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
	float least = ghosts.ratio;
	assert_true(least < 0.5F * more);
	make_map(0.2F, 0, truth, measured);
	for (int i = 0; i < 100; i++)
		ghosts_look(&ghosts, measured, SIDE, SIDE, 4095);
	assert_true(ghosts.ratio > least && ghosts.ratio < least + 0.05F * more);
}

/* ---- selecting ---------------------------------------------------------------------------- */

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

/* ---- the driver --------------------------------------------------------------------------- */

static struct fake_matrix fake;
static struct fake_part part;

/* The kernel's spidev, in front of the same converter: the lines are moved for it. */
static unsigned n_messages, n_deselected;
static uint32_t speed_hz;
static int message_error;

static void pulse(bool mosi, uint8_t *in)
{
	bool miso;

	part.set(part.user, "25", false);
	part.set(part.user, "26", mosi);
	part.set(part.user, "25", true);
	part.get(part.user, "27", &miso);
	*in = (uint8_t)(*in << 1 | miso);
}

static void transfer(const struct spi_ioc_transfer *t, bool last)
{
	const uint8_t *out = (const uint8_t *)(uintptr_t)t->tx_buf; /* NOLINT */
	uint8_t *in = (uint8_t *)(uintptr_t)t->rx_buf;              /* NOLINT */

	part.set(part.user, "28", false);
	for (uint32_t i = 0; i < t->len; i++)
		for (int bit = 7; bit >= 0; bit--)
			pulse(out[i] >> bit & 1, &in[i]);
	assert_int_equal(t->speed_hz, speed_hz);
	if (t->cs_change == last)
		return; /* of the last it means: stay selected */
	part.set(part.user, "25", false);
	part.set(part.user, "28", true);
	n_deselected++;
}

int ioctl(int fd, unsigned long request, ...)
{
	va_list args;

	va_start(args, request);
	void *argument = va_arg(args, void *);
	va_end(args);
	(void)fd;
	if (_IOC_TYPE(request) != SPI_IOC_MAGIC) {
		errno = ENOTTY;
		return -1;
	}
	if (request == SPI_IOC_WR_MAX_SPEED_HZ)
		memcpy(&speed_hz, argument, sizeof(speed_hz));
	if (_IOC_NR(request) != 0)
		return 0;
	if (message_error) {
		errno = message_error;
		return -1;
	}
	const struct spi_ioc_transfer *transfers = argument;
	size_t n = _IOC_SIZE(request) / sizeof(*transfers);
	for (size_t i = 0; i < n; i++)
		transfer(&transfers[i], i + 1 == n);
	n_messages++;
	return 0;
}

struct mat {
	struct options options;
	struct surface surface;
	struct device device;
	float *counts;
	struct frame frame;
};

struct wiring {
	size_t rows, cols;
	bool shift;
	const char *row_lines, *row_enable, *col_lines, *col_enable;
	size_t per_channel;
	const char *adc;
	const char *spi_lines; /* "": the kernel's */
};

static const struct wiring wirings[] = {
    {4, 3, false, "1 2", "", "3 4", "", 4, "mcp3208", "25 26 27 28"},
    {16, 16, false, "1 2 3 4", "5", "6 7 8 9", "10", 16, "mcp3208", "25 26 27 28"},
    {40, 20, false, "1 2 3 4", "5 11 12", "6 7 8 9", "10 13", 20, "mcp3208", "25 26 27 28"},
    {40, 36, false, "1 2 3 4", "5 11 12", "6 7 8 9", "", 16, "mcp3008", "25 26 27 28"},
    {20, 16, true, "1 2 3", "", "6 7 8 9", "", 16, "mcp3208", "25 26 27 28"},
    {9, 8, true, "1 2 3", "", "", "", 1, "mcp3208", "25 26 27 28"},
    {16, 32, false, "1 2 3 4", "", "6 7 8 9", "", 16, "mcp3208", ""},
    {64, 64, false, "1 2 3 4", "5 11 12 13", "6 7 8 9", "", 16, "mcp3208", ""},
};
#define SMALL (&wirings[0])

static void set(struct mat *mat, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&mat->options, key, value, &(struct place){.key = key}, NULL), 0);
}

static void set_number(struct mat *mat, const char *key, size_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", value);
	set(mat, key, text);
}

static void set_wiring(struct mat *mat, const struct wiring *w)
{
	char *path = scratch_file("spidev", "");

	set(mat, "chip", "fake");
	set_number(mat, "rows", w->rows);
	set_number(mat, "cols", w->cols);
	set(mat, "row_select", w->shift ? "shift" : "mux");
	set(mat, "row_lines", w->row_lines);
	set(mat, "row_enable", w->row_enable);
	set(mat, "col_select", *w->col_lines ? "mux" : "adc");
	set(mat, "col_lines", w->col_lines);
	set(mat, "col_enable", w->col_enable);
	set(mat, "adc", w->adc);
	if (*w->spi_lines)
		set(mat, "spi_lines", w->spi_lines);
	else
		set(mat, "spi", path);
	set(mat, "rate", "50");
	set(mat, "settle", "1 us");
	free(path);
}

/* Every cell another value, and the wiring `w`; `key` = `value` besides. */
static int make_mat(
    struct mat *mat, const struct wiring *w, const char *key, const char *value, struct error *err)
{
	const struct driver *driver = driver_find("matrix");

	fake = (struct fake_matrix){.rows = w->rows,
	    .cols = w->cols,
	    .bits = strcmp(w->adc, "mcp3208") == 0 ? 12 : 10,
	    .per_channel = w->per_channel};
	for (size_t i = 0; i < w->rows * w->cols; i++)
		fake.values[i] = (int)(i * 37 % 1021);
	fake_matrix_init(&fake, &part, w->shift, w->row_lines, w->row_enable, w->col_lines,
	    w->col_enable, "25 26 27 28");
	fake_lines_plug(&part);
	*mat = (struct mat){.surface = {.name = "bed", .kind = SURFACE_BED}};
	options_init(&mat->options, driver->options);
	set_wiring(mat, w);
	if (key)
		set(mat, key, value);
	mat->device = (struct device){
	    .driver = driver,
	    .surface = &mat->surface,
	    .options = &mat->options,
	    .state = calloc(1, driver->state_size),
	};
	mat->frame.counts = mat->counts = calloc(FAKE_CELLS_MAX, sizeof(float));
	int result = driver->describe(&mat->options, &mat->surface, err);
	return result < 0 ? result : driver->open(&mat->device, err);
}

static void open_mat(
    struct mat *mat, const struct wiring *wiring, const char *key, const char *value)
{
	struct error err = {0};

	if (make_mat(mat, wiring, key, value, &err) < 0)
		fail_msg("%s", err.text);
}

static void close_mat(struct mat *mat)
{
	mat->device.driver->close(&mat->device);
	free(mat->device.state);
	free(mat->counts);
	fake_lines_plug(NULL);
}

static int read_mat(struct mat *mat)
{
	int64_t end_ns = clock_mono_ns() + 60 * NS_PER_S;
	int result;

	do {
		result = mat->device.driver->read(
		    &mat->device, clock_mono_ns() + NS_PER_S, &mat->frame);
	} while (result == -ETIMEDOUT && clock_mono_ns() < end_ns);
	return result;
}

static void every_wiring_reads_every_cell(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(wirings) / sizeof(wirings[0]); k++) {
		struct mat mat;
		size_t n = wirings[k].rows * wirings[k].cols;
		open_mat(&mat, &wirings[k], NULL, NULL);
		assert_int_equal(mat.surface.n_cells, n);
		assert_float_equal(mat.surface.full_scale_counts,
		    wirings[k].adc[3] == '3' && fake.bits == 12 ? 4095 : 1023, 0);
		for (uint32_t round = 0; round < 2; round++) {
			assert_int_equal(read_mat(&mat), 0);
			assert_int_equal(mat.frame.sequence, round);
			for (size_t i = 0; i < n; i++)
				assert_float_equal(mat.counts[i], fake.values[i], 0);
		}
		assert_true(mat.device.stats.last_read_s > 0);
		close_mat(&mat);
	}
}

static void odd_rows_may_be_wired_backwards(void **state)
{
	struct mat mat;

	(void)state;
	open_mat(&mat, SMALL, "serpentine", "yes");
	assert_int_equal(read_mat(&mat), 0);
	for (size_t i = 0; i < 12; i++) {
		size_t row = i / 3, col = i % 3;
		assert_float_equal(
		    mat.counts[i], fake.values[row * 3 + (row % 2 ? 2 - col : col)], 0);
	}
	close_mat(&mat);
}

static void less_voltage_may_be_more_load(void **state)
{
	struct mat mat;

	(void)state;
	open_mat(&mat, SMALL, "invert", "yes");
	assert_int_equal(read_mat(&mat), 0);
	for (size_t i = 0; i < 12; i++)
		assert_true(mat.counts[i] == (float)(4095 - fake.values[i]));
	close_mat(&mat);
}

static void oversampling_converts_so_often(void **state)
{
	static const size_t which[] = {0, 6}; /* over lines, over the kernel's SPI */

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		const struct wiring *wiring = &wirings[which[k]];
		size_t n = wiring->rows * wiring->cols;
		struct mat mat;
		open_mat(&mat, wiring, "oversample", "4");
		n_messages = n_deselected = 0;
		assert_int_equal(read_mat(&mat), 0);
		assert_int_equal(fake.n_conversions, 4 * n + 4 * n * mat.device.stats.late_samples);
		if (k == 1) { /* in one message to the kernel, deselected after each */
			assert_int_equal(n_messages, n);
			assert_int_equal(n_deselected, 4 * n);
		}
		for (size_t i = 0; i < n; i++)
			assert_float_equal(mat.counts[i], fake.values[i], 0);
		close_mat(&mat);
	}
}

static void a_slow_conversion_is_done_anew(void **state)
{
	struct mat mat;

	(void)state;
	open_mat(&mat, SMALL, NULL, NULL);
	fake.slow_conversions = 3;
	assert_int_equal(read_mat(&mat), 0);
	assert_true(mat.device.stats.late_samples >= 3);
	for (size_t i = 0; i < 12; i++)
		assert_float_equal(mat.counts[i], fake.values[i], 0);
	fake.slow_conversions = 8;
	assert_int_equal(read_mat(&mat), -EBADMSG);
	assert_non_null(strstr(mat.device.stats.fault, "too slow"));
	fake.slow_conversions = 0;
	assert_int_equal(read_mat(&mat), 0);
	close_mat(&mat);
}

static void a_silent_converter_is_said(void **state)
{
	struct mat mat;

	(void)state;
	open_mat(&mat, SMALL, NULL, NULL);
	fake.dead = true;
	assert_int_equal(read_mat(&mat), -EBADMSG);
	assert_int_equal(mat.device.stats.integrity_errors, 1);
	assert_non_null(strstr(mat.device.stats.fault, "MISO"));
	fake.dead = false;
	assert_int_equal(read_mat(&mat), 0);
	close_mat(&mat);
}

static void lines_and_buses_that_fail_have_the_host_reopen(void **state)
{
	struct mat mat;

	(void)state;
	open_mat(&mat, SMALL, NULL, NULL);
	fake_lines_fail(-ENODEV);
	assert_int_equal(read_mat(&mat), -ENODEV);
	fake_lines_fail(0);
	close_mat(&mat);
	open_mat(&mat, &wirings[6], NULL, NULL);
	message_error = ESHUTDOWN;
	assert_int_equal(read_mat(&mat), -ENODEV);
	message_error = EIO;
	assert_int_equal(read_mat(&mat), -EIO);
	assert_int_equal(mat.device.stats.io_errors, 2);
	message_error = 0;
	close_mat(&mat);
}

static void a_frame_goes_on_after_its_deadline(void **state)
{
	struct mat mat;
	int result, n_waits = -1;

	(void)state;
	open_mat(&mat, &wirings[1], "settle", "1 ms");
	do {
		result = mat.device.driver->read(
		    &mat.device, clock_mono_ns() + 50 * NS_PER_MS, &mat.frame);
		n_waits++;
	} while (result == -ETIMEDOUT && n_waits < 1000);
	assert_int_equal(result, 0);
	assert_true(n_waits >= 2); /* 256 cells of a millisecond each */
	for (size_t i = 0; i < 256; i++)
		assert_float_equal(mat.counts[i], fake.values[i], 0);
	close_mat(&mat);
}

static void ghosts_are_reported_and_corrected(void **state)
{
	static const struct {
		const char *mode;
		float left;
	} table[] = {{"report", 1}, {"correct", 0.4F}};
	float truth[SIDE * SIDE], measured[SIDE * SIDE];

	(void)state;
	make_map(0.15F, 0, truth, measured);
	for (size_t k = 0; k < 2; k++) {
		struct mat mat;
		float ghosts = 0, left = 0;
		open_mat(&mat, &wirings[1], "ghosts", table[k].mode);
		for (size_t i = 0; i < SIDE * SIDE; i++)
			fake.values[i] = (int)measured[i];
		assert_int_equal(read_mat(&mat), 0);
		assert_true(fabs(mat.device.stats.ghost_ratio - 0.13) < 0.02);
		for (size_t i = 0; i < SIDE * SIDE; i++) {
			ghosts += (float)(int)measured[i] - truth[i];
			left += fabsf(mat.counts[i] - truth[i]);
		}
		assert_true(left <= table[k].left * ghosts + 0.1F);
		assert_true(k == 1 || left >= 0.99F * ghosts);
		close_mat(&mat);
	}
}

static void wrong_wirings_are_refused(void **state)
{
	static const struct {
		size_t wiring;
		const char *key, *value, *says;
	} table[] = {
	    {0, "rows", "9", "matrix.rows = 9 are 3 multiplexers"},
	    {0, "row_lines", "", "matrix.row_lines: no line"},
	    {0, "col_lines", "", "matrix.col_lines: no line"},
	    {3, "adc_channel", "6", "3 converter channels from 6 on; there are 8"},
	    {5, "cols", "9", "9 converter channels from 0 on"},
	    {0, "spi_lines", "25 26 27", "give four lines"},
	    {0, "chip", "elsewhere", "matrix.row_lines: GPIO chip elsewhere"},
	    {6, "spi", "/nowhere/spidev0.0", "is SPI switched on"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct mat mat;
		struct error err = {0};
		assert_true(make_mat(&mat, &wirings[table[i].wiring], table[i].key, table[i].value,
		                &err) < 0);
		if (!strstr(err.text, table[i].says))
			fail_msg("%s", err.text);
		close_mat(&mat);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(commands_are_those_of_the_data_sheets),
	    cmocka_unit_test(answers_need_their_null_bit),
	    cmocka_unit_test(ghosts_are_estimated_and_taken_off),
	    cmocka_unit_test(an_empty_mat_shows_no_ghosts),
	    cmocka_unit_test(a_plain_rectangle_says_nothing),
	    cmocka_unit_test(the_least_of_frames_holds),
	    cmocka_unit_test(selectors_are_checked),
	    cmocka_unit_test(every_wiring_reads_every_cell),
	    cmocka_unit_test(odd_rows_may_be_wired_backwards),
	    cmocka_unit_test(less_voltage_may_be_more_load),
	    cmocka_unit_test(oversampling_converts_so_often),
	    cmocka_unit_test(a_slow_conversion_is_done_anew),
	    cmocka_unit_test(a_silent_converter_is_said),
	    cmocka_unit_test(lines_and_buses_that_fail_have_the_host_reopen),
	    cmocka_unit_test(a_frame_goes_on_after_its_deadline),
	    cmocka_unit_test(ghosts_are_reported_and_corrected),
	    cmocka_unit_test(wrong_wirings_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
