/* The driver matrix, opened on a fake mat that is wired in one of the ways that it knows. */
#ifndef LUMBAR_TESTS_MATRIX_MAT_H
#define LUMBAR_TESTS_MATRIX_MAT_H

#include "drivers/driver.h"
#include "tests/fakes/matrix_fake.h"

struct matrix_mat {
	struct options options;
	struct surface surface;
	struct device device;
	float *counts; /* FAKE_CELLS_MAX */
	struct frame frame;
};

struct matrix_wiring {
	size_t rows, cols;
	bool shift;
	const char *row_lines, *row_enable, *col_lines, *col_enable;
	size_t per_channel;
	const char *adc;
	const char *spi_lines; /* "": the kernel's */
};

enum {
	WIRING_SMALL, /* 4 x 3 */
	WIRING_16_16,
	WIRING_CHANNELS = 3, /* three channels of the converter */
	WIRING_NO_MUX = 5,   /* eight */
	WIRING_SPIDEV,
	N_MATRIX_WIRINGS = 8
};
extern const struct matrix_wiring matrix_wirings[N_MATRIX_WIRINGS];

/* What is behind the lines of the mat that was made last: every cell has another value. */
extern struct fake_matrix matrix_fake;

/* Opens it with key = value besides, NULL: without. 0 or -errno with err; then close it all the same. */
int matrix_mat_make(struct matrix_mat *mat, const struct matrix_wiring *wiring, const char *key,
    const char *value, struct error *err);

/* The same, and fails the test where it cannot be. */
void matrix_mat_open(
    struct matrix_mat *mat, const struct matrix_wiring *wiring, const char *key, const char *value);
void matrix_mat_close(struct matrix_mat *mat);

/* Reads until there is a frame or a fault, which is returned. */
int matrix_mat_read(struct matrix_mat *mat);

#endif
