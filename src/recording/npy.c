#include "recording/npy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct npy {
	FILE *file;
	char *path;
	enum npy_type type;
	size_t rows, cols;
	uint64_t n;
	int failure; /* -errno of the first write that failed */
};

static const char *const descriptions[] = {"<u2", "<f4", "<i8"};

static int fault(const struct npy *npy, struct error *err)
{
	int code = errno ? -errno : -EIO;

	return error_at(err, code, &(struct place){.file = npy->path}, "cannot be written: %s",
	    strerror(-code));
}

/* The magic, the version, the length of what follows, a Python dictionary, blanks, a newline. */
static int write_header(struct npy *npy)
{
	char header[NPY_HEADER_SIZE + 1], row[64] = "";
	static const char opening[] = {
	    '\x93', 'N', 'U', 'M', 'P', 'Y', 1, 0, NPY_HEADER_SIZE - 10, 0};

	if (npy->cols > 0)
		snprintf(row, sizeof(row), " %zu, %zu", npy->rows, npy->cols);
	else if (npy->rows > 0)
		snprintf(row, sizeof(row), " %zu", npy->rows);
	memset(header, ' ', sizeof(header));
	memcpy(header, opening, sizeof(opening));
	int length = snprintf(header + sizeof(opening), sizeof(header) - sizeof(opening),
	    "{'descr': '%s', 'fortran_order': False, 'shape': (%llu,%s), }",
	    descriptions[npy->type], (unsigned long long)npy->n, row);
	header[sizeof(opening) + (size_t)length] = ' ';
	header[NPY_HEADER_SIZE - 1] = '\n';
	return fwrite(header, 1, NPY_HEADER_SIZE, npy->file) == NPY_HEADER_SIZE ? 0 : -EIO;
}

int npy_create(struct npy **out, const char *path, enum npy_type type, size_t rows, size_t cols,
    struct error *err)
{
	struct npy *npy = calloc(1, sizeof(*npy));

	if (!npy || !(npy->path = strdup(path))) {
		free(npy);
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	}
	npy->type = type;
	npy->rows = rows;
	npy->cols = cols;
	errno = 0;
	npy->file = fopen(path, "wxe");
	if (!npy->file || write_header(npy) < 0) {
		int result = fault(npy, err);
		if (npy->file)
			fclose(npy->file);
		free(npy->path);
		free(npy);
		return result;
	}
	*out = npy;
	return 0;
}

static int put_little(struct npy *npy, uint64_t value, size_t n_bytes)
{
	unsigned char bytes[8] = {0};

	for (size_t i = 0; i < n_bytes; i++)
		bytes[i] = (unsigned char)(value >> 8 * i);
	if (fwrite(bytes, 1, n_bytes, npy->file) == n_bytes)
		return 0;
	npy->failure = errno ? -errno : -EIO;
	return -EIO;
}

int npy_add_counts(struct npy *npy, const float *counts)
{
	size_t n = (npy->rows ? npy->rows : 1) * (npy->cols ? npy->cols : 1);
	int result = 0;

	for (size_t i = 0; result == 0 && i < n; i++) {
		uint32_t bits;
		memcpy(&bits, &counts[i], sizeof(bits));
		result = npy->type == NPY_U16 ? put_little(npy, (uint16_t)counts[i], 2)
		                              : put_little(npy, bits, 4);
	}
	npy->n++;
	return result;
}

int npy_add_integer(struct npy *npy, int64_t number)
{
	npy->n++;
	return put_little(npy, (uint64_t)number, 8);
}

int npy_close(struct npy *npy, struct error *err)
{
	int result = 0;

	if (!npy)
		return 0;
	errno = -npy->failure;
	if (npy->failure || ferror(npy->file) || fseek(npy->file, 0, SEEK_SET) < 0 ||
	    write_header(npy) < 0 || fflush(npy->file) != 0)
		result = fault(npy, err);
	if (fclose(npy->file) != 0 && result == 0)
		result = fault(npy, err);
	free(npy->path);
	free(npy);
	return result;
}
