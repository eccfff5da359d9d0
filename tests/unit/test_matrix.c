/*
 * The resistive matrix, read on mats wired in each of the ways that the driver knows, over lines and
 * over the kernel's SPI.
 */
#include "support.h"

#include "base/clock.h"
#include "tests/fakes/matrix_mat.h"
#include "tests/fakes/spidev_fake.h"

#include <errno.h>
#include <string.h>

static void every_wiring_reads_every_cell(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof(matrix_wirings) / sizeof(matrix_wirings[WIRING_SMALL]); k++) {
		struct matrix_mat mat;
		size_t n = matrix_wirings[k].rows * matrix_wirings[k].cols;
		matrix_mat_open(&mat, &matrix_wirings[k], NULL, NULL);
		assert_int_equal(mat.surface.n_cells, n);
		assert_float_equal(mat.surface.full_scale_counts,
		    matrix_wirings[k].adc[3] == '3' && matrix_fake.bits == 12 ? 4095 : 1023, 0);
		for (uint32_t round = 0; round < 2; round++) {
			assert_int_equal(matrix_mat_read(&mat), 0);
			assert_int_equal(mat.frame.sequence, round);
			for (size_t i = 0; i < n; i++)
				assert_float_equal(mat.counts[i], matrix_fake.values[i], 0);
		}
		assert_true(mat.device.stats.last_read_s > 0);
		matrix_mat_close(&mat);
	}
}

static void odd_rows_may_be_wired_backwards(void **state)
{
	struct matrix_mat mat;

	(void)state;
	matrix_mat_open(&mat, &matrix_wirings[WIRING_SMALL], "serpentine", "yes");
	assert_int_equal(matrix_mat_read(&mat), 0);
	for (size_t i = 0; i < 12; i++) {
		size_t row = i / 3, col = i % 3;
		assert_float_equal(
		    mat.counts[i], matrix_fake.values[row * 3 + (row % 2 ? 2 - col : col)], 0);
	}
	matrix_mat_close(&mat);
}

static void less_voltage_may_be_more_load(void **state)
{
	struct matrix_mat mat;

	(void)state;
	matrix_mat_open(&mat, &matrix_wirings[WIRING_SMALL], "invert", "yes");
	assert_int_equal(matrix_mat_read(&mat), 0);
	for (size_t i = 0; i < 12; i++)
		assert_true(mat.counts[i] == (float)(4095 - matrix_fake.values[i]));
	matrix_mat_close(&mat);
}

static void oversampling_converts_so_often(void **state)
{
	static const size_t which[] = {
	    WIRING_SMALL, WIRING_SPIDEV}; /* over lines, over the kernel's SPI */

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		const struct matrix_wiring *wiring = &matrix_wirings[which[k]];
		size_t n = wiring->rows * wiring->cols;
		struct matrix_mat mat;
		matrix_mat_open(&mat, wiring, "oversample", "4");
		fake_spidev.n_messages = fake_spidev.n_deselected = 0;
		assert_int_equal(matrix_mat_read(&mat), 0);
		assert_int_equal(
		    matrix_fake.n_conversions, 4 * n + 4 * n * mat.device.stats.late_samples);
		if (k == 1) { /* in one message to the kernel, deselected after each */
			assert_int_equal(fake_spidev.n_messages, n);
			assert_int_equal(fake_spidev.n_deselected, 4 * n);
		}
		for (size_t i = 0; i < n; i++)
			assert_float_equal(mat.counts[i], matrix_fake.values[i], 0);
		matrix_mat_close(&mat);
	}
}

static void a_slow_conversion_is_done_anew(void **state)
{
	struct matrix_mat mat;

	(void)state;
	matrix_mat_open(&mat, &matrix_wirings[WIRING_SMALL], NULL, NULL);
	matrix_fake.slow_conversions = 3;
	assert_int_equal(matrix_mat_read(&mat), 0);
	assert_true(mat.device.stats.late_samples >= 3);
	for (size_t i = 0; i < 12; i++)
		assert_float_equal(mat.counts[i], matrix_fake.values[i], 0);
	matrix_fake.slow_conversions = 8;
	assert_int_equal(matrix_mat_read(&mat), -EBADMSG);
	assert_non_null(strstr(mat.device.stats.fault, "too slow"));
	matrix_fake.slow_conversions = 0;
	assert_int_equal(matrix_mat_read(&mat), 0);
	matrix_mat_close(&mat);
}

static void a_silent_converter_is_said(void **state)
{
	struct matrix_mat mat;

	(void)state;
	matrix_mat_open(&mat, &matrix_wirings[WIRING_SMALL], NULL, NULL);
	matrix_fake.dead = true;
	assert_int_equal(matrix_mat_read(&mat), -EBADMSG);
	assert_int_equal(mat.device.stats.integrity_errors, 1);
	assert_non_null(strstr(mat.device.stats.fault, "MISO"));
	matrix_fake.dead = false;
	assert_int_equal(matrix_mat_read(&mat), 0);
	matrix_mat_close(&mat);
}

static void lines_and_buses_that_fail_have_the_host_reopen(void **state)
{
	struct matrix_mat mat;

	(void)state;
	matrix_mat_open(&mat, &matrix_wirings[WIRING_SMALL], NULL, NULL);
	fake_lines_fail(-ENODEV);
	assert_int_equal(matrix_mat_read(&mat), -ENODEV);
	fake_lines_fail(0);
	matrix_mat_close(&mat);
	matrix_mat_open(&mat, &matrix_wirings[WIRING_SPIDEV], NULL, NULL);
	fake_spidev.error = ESHUTDOWN;
	assert_int_equal(matrix_mat_read(&mat), -ENODEV);
	fake_spidev.error = EIO;
	assert_int_equal(matrix_mat_read(&mat), -EIO);
	assert_int_equal(mat.device.stats.io_errors, 2);
	fake_spidev.error = 0;
	matrix_mat_close(&mat);
}

static void a_frame_goes_on_after_its_deadline(void **state)
{
	struct matrix_mat mat;
	int result, n_waits = -1;

	(void)state;
	matrix_mat_open(&mat, &matrix_wirings[WIRING_16_16], "settle", "1 ms");
	do {
		result = mat.device.driver->read(
		    &mat.device, clock_mono_ns() + 50 * NS_PER_MS, &mat.frame);
		n_waits++;
	} while (result == -ETIMEDOUT && n_waits < 1000);
	assert_int_equal(result, 0);
	assert_true(n_waits >= 2); /* 256 cells of a millisecond each */
	for (size_t i = 0; i < 256; i++)
		assert_float_equal(mat.counts[i], matrix_fake.values[i], 0);
	matrix_mat_close(&mat);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_wiring_reads_every_cell),
	    cmocka_unit_test(odd_rows_may_be_wired_backwards),
	    cmocka_unit_test(less_voltage_may_be_more_load),
	    cmocka_unit_test(oversampling_converts_so_often),
	    cmocka_unit_test(a_slow_conversion_is_done_anew),
	    cmocka_unit_test(a_silent_converter_is_said),
	    cmocka_unit_test(lines_and_buses_that_fail_have_the_host_reopen),
	    cmocka_unit_test(a_frame_goes_on_after_its_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
