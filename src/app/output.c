#include "app/output.h"

#include "app/command.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_whole(const struct output *output, const char *path)
{
	FILE *out = fopen(path, "w");

	if (!out)
		return -errno;
	int rc = output->write(output, out);
	if (fflush(out) != 0 || fsync(fileno(out)) != 0)
		rc = errno == EINVAL ? rc : -errno; /* EINVAL: a device, which cannot be synced */
	if (fclose(out) != 0 && rc == 0)
		rc = -errno;
	return rc;
}

/* Writes beside the target and renames: a reader never sees half a report. */
static int replace_file(const struct output *output)
{
	char *part = NULL;

	if (asprintf(&part, "%s.part-%ld", output->path, (long)getpid()) < 0)
		return -ENOMEM;
	int rc = write_whole(output, part);
	if (rc == 0 && rename(part, output->path) != 0)
		rc = -errno;
	if (rc != 0)
		unlink(part);
	free(part);
	return rc;
}

static int write_file(const struct output *output, struct error *err)
{
	const char *path = output->path;
	struct stat target, database;
	bool there = stat(path, &target) == 0;

	if (there && stat(command_database(output->database), &database) == 0 &&
	    target.st_dev == database.st_dev && target.st_ino == database.st_ino)
		return error_set(
		    err, -EEXIST, "%s: is the database; name another file for the report", path);
	/* A device or a pipe is written to; renaming would put a file in its place. */
	bool special = there && !S_ISREG(target.st_mode) && !S_ISDIR(target.st_mode);
	int rc = special ? write_whole(output, path) : replace_file(output);
	return rc == 0 ? 0 : error_set(err, rc, "%s: %s", path, strerror(-rc));
}

int output_write(const struct output *output, struct error *err)
{
	if (output->path)
		return write_file(output, err);
	int rc = output->write(output, stdout);
	if (fflush(stdout) != 0 || rc != 0)
		rc = error_set(err, -EIO, "standard output: %s", strerror(errno));
	return rc;
}
