/*
 * One owner at a time: flock(2) on PATH.lock, which the kernel gives back when the owner dies.
 * The file holds the owner's pid for people to read, and goes when the owner closes: one that is
 * there and held by nobody is left from an owner that was killed or lost its power.
 */
#include "store/database.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static char *lock_path(const char *path)
{
	char *name = NULL;

	return asprintf(&name, "%s.lock", path) < 0 ? NULL : name;
}

static int refuse(const char *path, int fd, struct error *err)
{
	char owner[32] = "";
	ssize_t n = pread(fd, owner, sizeof(owner) - 1, 0);

	owner[n > 0 ? strcspn(owner, "\n") : 0] = '\0';
	return error_set(err, -EBUSY, "%s: already in use by process %s: stop that one first", path,
	    *owner ? owner : "unknown");
}

/* The owner before us may have removed the name between our open and our lock. */
static bool still_named(const char *name, int fd)
{
	struct stat by_name, by_fd;

	return stat(name, &by_name) == 0 && fstat(fd, &by_fd) == 0 &&
	       by_name.st_ino == by_fd.st_ino && by_name.st_dev == by_fd.st_dev;
}

static int take(const char *path, const char *name, bool *abandoned, struct error *err)
{
	for (;;) {
		int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		*abandoned = fd < 0 && errno == EEXIST;
		if (*abandoned)
			fd = open(name, O_RDWR | O_CLOEXEC);
		if (fd < 0 && *abandoned && errno == ENOENT)
			continue; /* released just now */
		if (fd < 0)
			return error_set(err, -errno, "%s: %s: is the folder there and writable?",
			    name, strerror(errno));
		if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
			int rc = errno == EWOULDBLOCK
			             ? refuse(path, fd, err)
			             : error_set(err, -errno, "%s: %s", name, strerror(errno));
			close(fd);
			return rc;
		}
		if (still_named(name, fd))
			return fd;
		close(fd);
	}
}

int lock_take(const char *path, int *lock_fd, bool *abandoned, struct error *err)
{
	char *name = lock_path(path);

	if (!name)
		return error_set(err, -ENOMEM, "%s: out of memory", path);
	int fd = take(path, name, abandoned, err);
	free(name);
	if (fd < 0)
		return fd;
	/* On a full disk the pid may not fit: the lock holds all the same. */
	if (ftruncate(fd, 0) == 0)
		dprintf(fd, "%ld\n", (long)getpid());
	*lock_fd = fd;
	return 0;
}

void lock_release(const char *path, int lock_fd, bool keep)
{
	if (lock_fd < 0)
		return;
	char *name = lock_path(path);
	if (name && !keep)
		unlink(name);
	free(name);
	close(lock_fd);
}
