/*
 * Arrays as NumPy keeps them (.npy, format 1.0): little-endian, C order. Rows are added until the
 * file is closed; only then is their number in the header.
 * https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
#ifndef LUMBAR_RECORDING_NPY_H
#define LUMBAR_RECORDING_NPY_H

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

enum npy_type { NPY_U16, NPY_F32, NPY_I64 };

/* Bytes before the first value: 10 and the text, padded as the format wants (to 64 bytes). */
#define NPY_HEADER_SIZE 128

struct npy;

/*
 * Makes path, which must not exist (-EEXIST). A row is of shape (rows, cols); cols 0: (rows),
 * rows 0 too: one number. 0 or -errno with err. Thread: any, one at a time.
 */
int npy_create(struct npy **npy, const char *path, enum npy_type type, size_t rows, size_t cols,
    struct error *err);

/* Adds a row: rows * cols (or rows, or one) counts, for NPY_U16 whole and 0 to 65535. 0 or -EIO. */
int npy_add_counts(struct npy *npy, const float *counts);
int npy_add_integer(struct npy *npy, int64_t number); /* NPY_I64 with rows 0 */

/* Writes the header, closes, frees; NULL is legal. 0, or -errno when anything was not written. */
int npy_close(struct npy *npy, struct error *err);

#endif
