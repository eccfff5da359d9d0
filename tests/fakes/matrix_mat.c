#include "tests/fakes/matrix_mat.h"

#include "support.h"

#include "base/clock.h"
#include "tests/fakes/spidev_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fake_matrix matrix_fake;
static struct fake_part part;

const struct matrix_wiring matrix_wirings[N_MATRIX_WIRINGS] = {
    {4, 3, false, "1 2", "", "3 4", "", 4, "mcp3208", "25 26 27 28"},
    {16, 16, false, "1 2 3 4", "5", "6 7 8 9", "10", 16, "mcp3208", "25 26 27 28"},
    {40, 20, false, "1 2 3 4", "5 11 12", "6 7 8 9", "10 13", 20, "mcp3208", "25 26 27 28"},
    {40, 36, false, "1 2 3 4", "5 11 12", "6 7 8 9", "", 16, "mcp3008", "25 26 27 28"},
    {20, 16, true, "1 2 3", "", "6 7 8 9", "", 16, "mcp3208", "25 26 27 28"},
    {9, 8, true, "1 2 3", "", "", "", 1, "mcp3208", "25 26 27 28"},
    {16, 32, false, "1 2 3 4", "", "6 7 8 9", "", 16, "mcp3208", ""},
    {64, 64, false, "1 2 3 4", "5 11 12 13", "6 7 8 9", "", 16, "mcp3208", ""},
};

static void set(struct matrix_mat *mat, const char *key, const char *value)
{
	assert_int_equal(
	    options_set(&mat->options, key, value, &(struct place){.key = key}, NULL), 0);
}

static void set_number(struct matrix_mat *mat, const char *key, size_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%zu", value);
	set(mat, key, text);
}

static void set_wiring(struct matrix_mat *mat, const struct matrix_wiring *w)
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

int matrix_mat_make(struct matrix_mat *mat, const struct matrix_wiring *w, const char *key,
    const char *value, struct error *err)
{
	const struct driver *driver = driver_find("matrix");

	matrix_fake = (struct fake_matrix){.rows = w->rows,
	    .cols = w->cols,
	    .bits = strcmp(w->adc, "mcp3208") == 0 ? 12 : 10,
	    .per_channel = w->per_channel};
	for (size_t i = 0; i < w->rows * w->cols; i++)
		matrix_fake.values[i] = (int)(i * 37 % 1021);
	fake_matrix_init(&matrix_fake, &part, w->shift, w->row_lines, w->row_enable, w->col_lines,
	    w->col_enable, "25 26 27 28");
	fake_lines_plug(&part);
	fake_spidev.part = &part;
	*mat = (struct matrix_mat){.surface = {.name = "bed", .kind = SURFACE_BED}};
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

void matrix_mat_open(
    struct matrix_mat *mat, const struct matrix_wiring *wiring, const char *key, const char *value)
{
	struct error err = {0};

	if (matrix_mat_make(mat, wiring, key, value, &err) < 0)
		fail_msg("%s", err.text);
}

void matrix_mat_close(struct matrix_mat *mat)
{
	mat->device.driver->close(&mat->device);
	free(mat->device.state);
	free(mat->counts);
	fake_lines_plug(NULL);
}

int matrix_mat_read(struct matrix_mat *mat)
{
	int64_t end_ns = clock_mono_ns() + 60 * NS_PER_S;
	int result;

	do {
		result = mat->device.driver->read(
		    &mat->device, clock_mono_ns() + NS_PER_S, &mat->frame);
	} while (result == -ETIMEDOUT && clock_mono_ns() < end_ns);
	return result;
}
