#include "app/retention.h"

#include "base/clock.h"
#include "base/log.h"
#include "recording/recording.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Written so shortly before, or after, now. */
static const int64_t in_use_ns = NS_PER_MIN;

struct kept {
	char name[RETENTION_NAME_SIZE];
	double bytes;
	int64_t written_ns;
};

struct folder {
	const char *path;
	struct kept *files;
	size_t n_files, capacity;
	double bytes;
};

/* The stamp up to its seconds, without colons: not every file system takes those. */
void retention_name(int64_t real_ns, int32_t utc_offset_s, char name[static RETENTION_NAME_SIZE])
{
	enum { SECONDS_END = 19 };
	char stamp[STAMP_SIZE];
	size_t n = 0;

	clock_format_stamp(real_ns, utc_offset_s, stamp);
	for (size_t i = 0; i < SECONDS_END && stamp[i]; i++)
		if (stamp[i] != ':')
			name[n++] = stamp[i];
	memcpy(name + n, ".rec", sizeof(".rec"));
}

/* "dddd-dd-ddTdddddd", "" or "-" and digits, ".rec" */
static bool is_ours(const char *name)
{
	static const char form[] = "dddd-dd-ddTdddddd";
	size_t i = 0;

	for (; form[i]; i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)name[i]) : name[i] != form[i])
			return false;
	if (name[i] == '-')
		i += 1 + strspn(name + i + 1, "0123456789");
	return strcmp(name + i, ".rec") == 0 && i + sizeof(".rec") <= RETENTION_NAME_SIZE;
}

static int add_file(struct folder *folder, const char *name, const struct stat *stat)
{
	if (folder->n_files == folder->capacity) {
		size_t wider = folder->capacity ? 2 * folder->capacity : 64;
		struct kept *files = realloc(folder->files, wider * sizeof(*files));
		if (!files)
			return -ENOMEM;
		folder->files = files;
		folder->capacity = wider;
	}
	struct kept *file = &folder->files[folder->n_files++];
	memcpy(file->name, name, strlen(name) + 1); /* fits: is_ours() */
	file->bytes = (double)stat->st_size;
	file->written_ns = stat->st_mtim.tv_sec * NS_PER_S + stat->st_mtim.tv_nsec;
	folder->bytes += file->bytes;
	return 0;
}

static int scan(struct folder *folder, struct error *err)
{
	DIR *dir = opendir(folder->path);
	int result = 0;

	if (!dir)
		return error_set(
		    err, -errno, "%s: cannot be read: %s", folder->path, strerror(errno));
	for (struct dirent *entry; result == 0 && (entry = readdir(dir)) != NULL;) {
		struct stat stat;
		if (is_ours(entry->d_name) &&
		    fstatat(dirfd(dir), entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(stat.st_mode))
			result = add_file(folder, entry->d_name, &stat);
	}
	closedir(dir);
	return result < 0 ? error_set(err, result, "%s: out of memory", folder->path) : 0;
}

static int by_age(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;

	return x->written_ns < y->written_ns ? -1 : x->written_ns > y->written_ns;
}

static int delete_file(struct folder *folder, const struct kept *file, struct error *err)
{
	char *path = NULL, *journal = NULL;
	int result = 0;

	if (asprintf(&path, "%s/%s", folder->path, file->name) < 0)
		return error_set(err, -ENOMEM, "%s: out of memory", file->name);
	if (!recording_is(path)) {
		free(path);
		return 0;
	}
	if (asprintf(&journal, "%s-journal", path) >= 0)
		unlink(journal);
	free(journal);
	if (unlink(path) < 0 && errno != ENOENT)
		result = error_set(err, -errno, "%s: cannot be deleted: %s", path, strerror(errno));
	else
		folder->bytes -= file->bytes;
	if (result == 0)
		log_info("%s: deleted, as the limits of its folder want", path);
	free(path);
	return result;
}

int retention_apply(const char *path, const char *keep, const struct retention *limits,
    int64_t now_real_ns, double *bytes, struct error *err)
{
	struct folder folder = {.path = path};
	int result = scan(&folder, err);

	if (folder.n_files > 1)
		qsort(folder.files, folder.n_files, sizeof(*folder.files), by_age);
	for (size_t i = 0; result == 0 && i < folder.n_files; i++) {
		const struct kept *file = &folder.files[i];
		int64_t age_ns = now_real_ns - file->written_ns;
		bool old = limits->max_age_s > 0 && (double)age_ns / 1e9 > limits->max_age_s;
		bool large = limits->max_bytes > 0 && folder.bytes > limits->max_bytes;
		if ((old || large) && llabs(age_ns) > in_use_ns &&
		    (!keep || strcmp(file->name, keep) != 0))
			result = delete_file(&folder, file, err);
	}
	*bytes = folder.bytes;
	free(folder.files);
	return result;
}
