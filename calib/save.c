/* Saving the calibration file, so that neither the old one nor the new one is ever lost. */
#include "calib/calib.h"

#include "base/clock.h"
#include "base/inifile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* lumbard reads it as a user of its own, whatever the umask of who calibrates. */
static int write_beside(const char *text, const char *beside)
{
	FILE *file = fopen(beside, "we");

	if (!file)
		return -errno;
	errno = 0;
	bool failed = fputs(text, file) < 0 || fflush(file) != 0 ||
	              fchmod(fileno(file), 0644) < 0 || fsync(fileno(file)) != 0;
	failed = fclose(file) != 0 || failed;
	return failed ? (errno ? -errno : -EIO) : 0;
}

/* A plug that is pulled now does not undo the renaming. */
static void sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		fsync(fd); /* a file system that cannot has done what it can */
		close(fd);
	}
	free(folder);
}

/* When the calibration in the file was made; when the file was written if it does not say. */
static int64_t made_of(const char *path)
{
	struct inifile ini = {0};
	int64_t made_ns = 0;
	int32_t offset_s;
	struct stat there;

	if (inifile_read(&ini, path, NULL) == 0)
		for (size_t i = 0; i < ini.n_entries && made_ns == 0; i++)
			if (strcmp(ini.entries[i].key, "made") == 0 &&
			    clock_parse_stamp(ini.entries[i].value, &made_ns, &offset_s) < 0)
				made_ns = 0;
	inifile_finish(&ini);
	if (made_ns == 0 && stat(path, &there) == 0)
		made_ns = there.st_mtim.tv_sec * NS_PER_S;
	return made_ns;
}

/*
 * The one before stays under its date, as a second name: path itself is never missing, but for a
 * moment where the file system knows one name for a file only (FAT).
 */
static int keep_old(const char *path)
{
	int64_t made_ns = made_of(path);
	struct civil made = clock_civil(made_ns, 0);
	char *kept = NULL;

	if (made_ns == 0)
		return 0; /* there is none */
	if (asprintf(&kept, "%s.%04d-%02d-%02dT%02d%02d%02d", path, made.year, made.month, made.day,
	        made.hour, made.minute, made.second) < 0)
		return -ENOMEM;
	int result = link(path, kept) < 0 && errno != EEXIST ? -errno : 0;
	if (result == -EPERM || result == -EOPNOTSUPP)
		result = rename(path, kept) < 0 ? -errno : 0;
	free(kept);
	return result;
}

int calibration_save(const struct calibration *calibration, const char *path,
    const struct surface *surface, struct error *err)
{
	char *beside = NULL, *text = calibration_text(calibration, surface);

	if (!text || asprintf(&beside, "%s.new", path) < 0) {
		free(text);
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	}
	int result = write_beside(text, beside);
	if (result == 0)
		result = keep_old(path);
	if (result == 0 && rename(beside, path) < 0)
		result = -errno;
	if (result < 0) {
		unlink(beside);
		error_set(err, result, "%s: cannot be written: %s", path, strerror(-result));
	} else {
		sync_folder(path);
	}
	free(text);
	free(beside);
	return result;
}

int calibration_can_save(const char *path, struct error *err)
{
	char *beside = NULL;

	if (asprintf(&beside, "%s.new", path) < 0)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	int fd = open(beside, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	int result = fd < 0 ? -errno : 0;
	if (fd >= 0) {
		close(fd);
		unlink(beside);
	}
	free(beside);
	return result == 0 ? 0
	                   : error_set(err, result, "%s: could not be written: %s", path,
	                         strerror(-result));
}
