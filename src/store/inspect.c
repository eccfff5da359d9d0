#include "store/inspect.h"

#include "base/log.h"
#include "store/database.h"
#include "store/migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* https://www.sqlite.org/fileformat.html, section 1.3: offsets in the database header. */
#define HEADER_SIZE           100
#define HEADER_MAGIC          "SQLite format 3"
#define HEADER_PAGE_SIZE      16 /* two bytes; 1 stands for 65536 */
#define HEADER_CHANGES        24
#define HEADER_PAGES          28 /* holds when the change counter equals that at 92 */
#define HEADER_PAGES_AT       92
#define HEADER_USER_VERSION   60
#define HEADER_APPLICATION_ID 68
#define PAGE_SIZE_BYTES       4096 /* SQLite's own choice, and so ours */

static const char *const companions[] = {"", "-wal", "-shm", "-journal"};

static int64_t big_endian(const unsigned char *bytes)
{
	return (int64_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* Reads up to HEADER_SIZE bytes: how many there were, or -errno. */
static ssize_t read_header(
    const char *path, unsigned char *header, off_t *file_size, struct error *err)
{
	struct stat file = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set(err, -errno, "%s: %s%s", path, strerror(errno),
		    errno == ENOENT ? "; lumbard has not run yet, or keeps it elsewhere" : "");
	ssize_t n = read(fd, header, HEADER_SIZE);
	if (n < 0 || fstat(fd, &file) < 0)
		n = error_set(err, -errno, "%s: %s", path, strerror(errno));
	close(fd);
	*file_size = file.st_size;
	return n;
}

static bool has_companion(const char *path, const char *suffix)
{
	char *name = NULL;

	if (asprintf(&name, "%s%s", path, suffix) < 0)
		return false;
	bool there = access(name, F_OK) == 0;
	free(name);
	return there;
}

bool inspect_is_logged(const char *path)
{
	return has_companion(path, "-wal");
}

static bool is_text(const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] < ' ' && (bytes[i] < '\t' || bytes[i] > '\r'))
			return false;
	return true;
}

/*
 * Whether a file that does not begin as a database does was one of ours, which was damaged: only
 * then may it be set aside. Somebody's text or picture, named by mistake, stays where it is.
 */
static bool was_ours(const char *path, const unsigned char *header, size_t n, off_t file_size)
{
	static const unsigned char zeros[HEADER_SIZE];

	if (n < HEADER_SIZE) /* cut off before anything was in it */
		return memcmp(header, zeros, n) == 0 ||
		       strncmp((const char *)header, HEADER_MAGIC, n) == 0;
	return big_endian(header + HEADER_APPLICATION_ID) == STORE_APPLICATION_ID ||
	       inspect_is_logged(path) || (file_size % PAGE_SIZE_BYTES == 0 && !is_text(header, n));
}

/* A file that was closed is as long as its header says, or longer. */
static bool is_cut_short(const char *path, const unsigned char *header, off_t file_size)
{
	int64_t page = header[HEADER_PAGE_SIZE] << 8 | header[HEADER_PAGE_SIZE + 1];
	int64_t size = (page == 1 ? 65536 : page) * big_endian(header + HEADER_PAGES);

	return file_size < size &&
	       big_endian(header + HEADER_CHANGES) == big_endian(header + HEADER_PAGES_AT) &&
	       !inspect_is_logged(path) && !has_companion(path, "-journal");
}

int inspect_file(const char *path, enum store_mode mode, struct error *err)
{
	unsigned char header[HEADER_SIZE] = {0};
	off_t file_size = 0;

	if (mode != STORE_READ && access(path, F_OK) != 0 && errno == ENOENT)
		return 0;
	ssize_t n = read_header(path, header, &file_size, err);
	if (n < 0)
		return (int)n;
	if (n == 0)
		return mode != STORE_READ ? 0
		                          : error_set(err, -ENODATA, "%s: the file is empty", path);
	if (n < HEADER_SIZE || memcmp(header, HEADER_MAGIC, sizeof(HEADER_MAGIC)) != 0)
		return was_ours(path, header, (size_t)n, file_size)
		           ? error_set(err, -EUCLEAN, "%s: the database is damaged", path)
		           : error_set(err, -EMEDIUMTYPE,
		                 "%s: not a database: choose another file name, or move it away",
		                 path);
	if (big_endian(header + HEADER_APPLICATION_ID) != STORE_APPLICATION_ID)
		return error_set(err, -EMEDIUMTYPE,
		    "%s: a database of another program: choose another file name", path);
	int64_t version = big_endian(header + HEADER_USER_VERSION);
	if (version > migrate_n_steps)
		return error_set(err, -EPROTO,
		    "%s: its schema is version %lld, this program knows up to %d: use a newer "
		    "Lumbar",
		    path, (long long)version, migrate_n_steps);
	if (is_cut_short(path, header, file_size))
		return error_set(
		    err, -EUCLEAN, "%s: the database is damaged: its end is missing", path);
	return 0;
}

int inspect_set_aside(const char *path, struct error *err)
{
	char *from = NULL, *to = NULL;
	int n = 1, rc = 0;

	for (;; n++) {
		if (asprintf(&to, "%s.corrupt-%d", path, n) < 0)
			return error_set(err, -ENOMEM, "%s: out of memory", path);
		bool is_free = access(to, F_OK) != 0;
		free(to);
		if (is_free)
			break;
	}
	for (size_t i = 0; i < sizeof(companions) / sizeof(companions[0]) && rc == 0; i++) {
		if (asprintf(&from, "%s%s", path, companions[i]) < 0)
			return error_set(err, -ENOMEM, "%s: out of memory", path);
		if (asprintf(&to, "%s.corrupt-%d%s", path, n, companions[i]) < 0) {
			free(from);
			return error_set(err, -ENOMEM, "%s: out of memory", path);
		}
		if (rename(from, to) != 0 && errno != ENOENT)
			rc = error_set(
			    err, -errno, "%s: cannot be set aside: %s", from, strerror(errno));
		free(from);
		free(to);
	}
	if (rc == 0)
		log_error(
		    "%s is damaged: it was set aside as %s.corrupt-%d, and a new one is begun",
		    path, path, n);
	return rc;
}
