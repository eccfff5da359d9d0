#include "app/shelf.h"

#include "app/output.h"
#include "app/shelf_list.h"
#include "base/clock.h"
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct shelf {
	const char *folder; /* borrowed from the list */
	int fd;             /* of the folder */
	struct shelf_list list;
};

/* "2026-03-14.html" */
#define NAME_SIZE 24
static void file_name(int32_t day, enum report_format format, char name[static NAME_SIZE])
{
	char date[DATE_SIZE];

	clock_format_day(day, date);
	snprintf(name, NAME_SIZE, "%s.%s", date, report_format_ending(format));
}

static int fault(const struct shelf *shelf, const char *name, const char *what, struct error *err)
{
	int code = -errno;

	return error_set(err, code, "%s/%s: %s: %s", shelf->folder, name, what, strerror(-code));
}

/* ---- opening ------------------------------------------------------------------------------- */

int shelf_open(struct shelf **out, const char *folder, struct error *err)
{
	struct shelf *shelf = calloc(1, sizeof(*shelf));
	int rc = 0;

	*out = NULL;
	if (!shelf)
		return error_set(err, -ENOMEM, "out of memory");
	shelf->fd = -1;
	if (mkdir(folder, 0750) < 0 && errno != EEXIST)
		rc = error_set(err, -errno, "%s: cannot be made: %s", folder, strerror(errno));
	if (rc == 0 && (shelf->fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
		rc = error_set(err, -errno, "%s: %s", folder, strerror(errno));
	/* Without locks two at once write the same bytes, and may forget that they did. */
	if (rc == 0 && flock(shelf->fd, LOCK_EX) < 0)
		log_debug("%s: cannot be locked: %s", folder, strerror(errno));
	if (rc == 0)
		rc = shelf_list_load(&shelf->list, folder, err);
	if (rc < 0) {
		shelf_close(shelf);
		return rc;
	}
	shelf->folder = shelf->list.folder;
	shelf_list_sweep(&shelf->list, shelf->fd);
	*out = shelf;
	return 0;
}

void shelf_close(struct shelf *shelf)
{
	if (!shelf)
		return;
	if (shelf->fd >= 0)
		close(shelf->fd);
	shelf_list_finish(&shelf->list);
	free(shelf);
}

/* ---- files --------------------------------------------------------------------------------- */

static bool is_file(const struct shelf *shelf, const char *name)
{
	struct stat stat;

	return fstatat(shelf->fd, name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(stat.st_mode);
}

unsigned shelf_find(const struct shelf *shelf, int32_t day)
{
	unsigned formats = shelf_list_find(&shelf->list, day);
	char name[NAME_SIZE];

	for (enum report_format f = 0; f < REPORT_FORMAT_COUNT; f++) {
		file_name(day, f, name);
		if ((formats & 1u << f) && !is_file(shelf, name))
			formats &= ~(1u << f);
	}
	return formats;
}

static bool holds(const struct shelf *shelf, const char *name, const struct shelf_text *text)
{
	char block[4096];
	size_t at = 0;
	ssize_t n = 0;
	int fd = openat(shelf->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return false;
	while ((n = read(fd, block, sizeof(block))) > 0 && (size_t)n <= text->size - at &&
	       memcmp(block, text->bytes + at, (size_t)n) == 0)
		at += (size_t)n;
	close(fd);
	return n == 0 && at == text->size;
}

static int write_bytes(const struct output *output, FILE *out)
{
	const struct shelf_text *text = output->user;

	return fwrite(text->bytes, 1, text->size, out) == text->size ? 0 : -errno;
}

static int write_file(
    const struct shelf *shelf, const char *name, const struct shelf_text *text, struct error *err)
{
	char *path = NULL;

	if (asprintf(&path, "%s/%s", shelf->folder, name) < 0)
		return error_set(err, -ENOMEM, "out of memory");
	int rc = output_write(
	    &(struct output){.path = path, .write = write_bytes, .user = text}, err);
	free(path);
	return rc;
}

/* Removes files of ours and takes them off the list in memory. Gone already is as good. */
static int remove_formats(struct shelf *shelf, int32_t day, unsigned formats, struct error *err)
{
	char name[NAME_SIZE];

	for (enum report_format f = 0; f < REPORT_FORMAT_COUNT; f++) {
		if (!(formats & 1u << f))
			continue;
		file_name(day, f, name);
		if (unlinkat(shelf->fd, name, 0) < 0 && errno != ENOENT)
			return fault(shelf, name, "cannot be removed", err);
		shelf_list_drop(&shelf->list, day, 1u << f);
	}
	return 0;
}

/* ---- a night ------------------------------------------------------------------------------- */

/* Which of the texts do not stand there yet, as bits of their formats; -EEXIST. */
static int compare(struct shelf *shelf, int32_t day, const struct shelf_text *texts, size_t n_texts,
    unsigned *differ, struct error *err)
{
	unsigned ours = shelf_list_find(&shelf->list, day);
	struct stat stat;
	char name[NAME_SIZE];

	*differ = 0;
	for (size_t i = 0; i < n_texts; i++) {
		unsigned bit = 1u << texts[i].format;
		file_name(day, texts[i].format, name);
		if (is_file(shelf, name) && holds(shelf, name, &texts[i]))
			continue;
		if (!(ours & bit) && fstatat(shelf->fd, name, &stat, AT_SYMLINK_NOFOLLOW) == 0)
			return error_set(err, -EEXIST,
			    "%s/%s: is there, and lumbar nightly did not write it, so it stays: "
			    "move it away, or name another folder",
			    shelf->folder, name);
		*differ |= bit;
	}
	return 0;
}

int shelf_put(struct shelf *shelf, int32_t day, const struct shelf_text *texts, size_t n_texts,
    struct error *err)
{
	unsigned wanted = 0, differ, listed = shelf_list_find(&shelf->list, day);
	char name[NAME_SIZE];
	int rc = compare(shelf, day, texts, n_texts, &differ, err);

	for (size_t i = 0; i < n_texts; i++)
		wanted |= 1u << texts[i].format;
	if (rc == 0)
		rc = shelf_list_add(&shelf->list, day, wanted, err);
	/* The list comes first: what is written and not listed would be somebody's. */
	if (rc == 0 && (wanted & ~listed))
		rc = shelf_list_save(&shelf->list, err);
	for (size_t i = 0; rc == 0 && i < n_texts; i++) {
		file_name(day, texts[i].format, name);
		if (differ & 1u << texts[i].format)
			rc = write_file(shelf, name, &texts[i], err);
	}
	if (rc == 0 && differ && (listed & ~wanted)) {
		rc = remove_formats(shelf, day, listed & ~wanted, err);
		if (rc == 0)
			rc = shelf_list_save(&shelf->list, err);
	}
	return rc == 0 ? differ != 0 : rc;
}

int shelf_remove_before(struct shelf *shelf, int32_t day, struct error *err)
{
	int rc = 0, n = 0;
	int32_t oldest;

	while (rc == 0 && shelf_list_oldest(&shelf->list, &oldest) && oldest < day) {
		rc = remove_formats(shelf, oldest, shelf_list_find(&shelf->list, oldest), err);
		n += rc == 0;
	}
	if (n > 0) {
		int saved = shelf_list_save(&shelf->list, rc == 0 ? err : NULL);
		rc = rc == 0 ? saved : rc;
	}
	return rc == 0 ? n : rc;
}

/* ---- the newest ---------------------------------------------------------------------------- */

/* Where the link leads, "" when there is none; -EEXIST when what is there is no link of ours. */
static int read_link(const struct shelf *shelf, const char *link, enum report_format format,
    char target[static NAME_SIZE], struct error *err)
{
	char date[DATE_SIZE], name[NAME_SIZE];
	int32_t day;
	ssize_t n = readlinkat(shelf->fd, link, target, NAME_SIZE - 1);

	target[n > 0 ? n : 0] = '\0';
	if (n < 0 && errno == ENOENT)
		return 0;
	snprintf(date, sizeof(date), "%.*s", DATE_SIZE - 1, target);
	if (n > 0 && clock_parse_day(date, &day) == 0) {
		file_name(day, format, name);
		if (strcmp(name, target) == 0)
			return 0;
	}
	return error_set(err, -EEXIST,
	    "%s/%s: is there, and no link of lumbar nightly: move it away, or name another folder",
	    shelf->folder, link);
}

static int make_link(
    const struct shelf *shelf, const char *link, const char *target, struct error *err)
{
	char fresh[NAME_SIZE + 8];

	snprintf(fresh, sizeof(fresh), ".%s.new", link);
	unlinkat(shelf->fd, fresh, 0); /* of one who was cut off */
	if (symlinkat(target, shelf->fd, fresh) < 0)
		return fault(shelf, link, "cannot be made", err);
	if (renameat(shelf->fd, fresh, shelf->fd, link) < 0)
		return fault(shelf, link, "cannot be made", err);
	return 0;
}

static int point(struct shelf *shelf, enum report_format format, struct error *err)
{
	char link[NAME_SIZE], target[NAME_SIZE], wanted[NAME_SIZE] = "";
	int32_t day;

	snprintf(link, sizeof(link), "latest.%s", report_format_ending(format));
	if (shelf_list_newest(&shelf->list, &day) &&
	    (shelf_list_find(&shelf->list, day) & 1u << format))
		file_name(day, format, wanted);
	int rc = read_link(shelf, link, format, target, err);
	if (rc < 0)
		return *wanted ? rc : 0;
	if (strcmp(target, wanted) == 0)
		return 0;
	if (*wanted)
		return make_link(shelf, link, wanted, err);
	return unlinkat(shelf->fd, link, 0) == 0 ? 0 : fault(shelf, link, "cannot be removed", err);
}

int shelf_point(struct shelf *shelf, struct error *err)
{
	int rc = 0;

	for (enum report_format f = 0; rc == 0 && f < REPORT_FORMAT_COUNT; f++)
		rc = point(shelf, f, err);
	return rc;
}
