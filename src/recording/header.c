#include "recording/header.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "recording/recording.h"

/* Where SQLite keeps them, big-endian: https://www.sqlite.org/fileformat.html, 1.3. */
enum { VERSION_AT = 60, APPLICATION_AT = 68, HEADER_SIZE = 72 };

static uint32_t get_big(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

int recording_read_header(const char *path, uint32_t *version)
{
	static const char magic[] = "SQLite format 3";
	uint8_t header[HEADER_SIZE];
	FILE *file = fopen(path, "re");

	if (!file)
		return -errno;
	size_t n = fread(header, 1, sizeof(header), file);
	int failure = ferror(file) ? -errno : 0;
	fclose(file);
	if (failure < 0)
		return failure;
	if (n < sizeof(header) || memcmp(header, magic, sizeof(magic)) != 0 ||
	    get_big(header + APPLICATION_AT) != RECORDING_APPLICATION_ID)
		return -EINVAL;
	*version = get_big(header + VERSION_AT);
	return 0;
}

bool recording_is(const char *path)
{
	uint32_t version;

	return recording_read_header(path, &version) == 0;
}
