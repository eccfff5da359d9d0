/* Reading the status file: for lumbar status, and for who must know whether the daemon runs. */
#include "app/status.h"

#include "base/clock.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The daemon writes each second; a file older than this is of one that has stopped. */
static const double stale_s = 10;

/* The daemon's own clock is in the file, so that a jump of the wall clock does not matter. */
static double age_s(const json_t *root)
{
	int64_t mono_ns = json_integer_value(json_object_get(root, "mono_ns"));

	return (double)(clock_mono_ns() - mono_ns) / (double)NS_PER_S;
}

json_t *status_load(const char *path, struct error *err)
{
	json_error_t fault;

	if (access(path, R_OK) < 0) {
		error_set(err, -errno,
		    errno == ENOENT ? "%s is not there: lumbard is not running?"
		                    : "%s cannot be read; are you in its group?",
		    path);
		return NULL;
	}
	json_t *root = json_load_file(path, 0, &fault);
	if (!root || !json_is_array(json_object_get(root, "surfaces"))) {
		error_set(err, -EINVAL, "%s is no status file of lumbard", path);
		json_decref(root);
		return NULL;
	}
	double age = age_s(root);
	if (age > stale_s || age < -stale_s) {
		error_set(err, -ESTALE,
		    "%s was last written at %s: lumbard is not running, or hangs", path,
		    json_string_value(json_object_get(root, "time")));
		json_decref(root);
		return NULL;
	}
	return root;
}

/* True, and its pid, when a daemon that writes this file is reading the surface now. */
static bool reads(const char *path, const char *surface, int *pid, struct error *err)
{
	json_t *root = path[0] ? status_load(path, err) : NULL, *each;
	bool found = false;
	size_t i;

	*pid = root ? (int)json_integer_value(json_object_get(root, "pid")) : 0;
	json_array_foreach(json_object_get(root, "surfaces"), i, each)
	{
		const char *name = json_string_value(json_object_get(each, "name"));
		found = found || (name && strcmp(name, surface) == 0);
	}
	json_decref(root);
	/* It may have been killed a moment ago; a pid of another user answers EPERM. */
	return found && *pid > 0 && (kill(*pid, 0) == 0 || errno == EPERM);
}

/* Two programs cannot read one mat, and the daemon would not see a new calibration anyway. */
int status_free(const char *path, const char *surface, struct error *err)
{
	struct error none;
	int pid;

	if (!reads(path, surface, &pid, &none))
		return 0;
	return error_set(err, -EBUSY,
	    "lumbard (process %d) is reading \"%s\": stop it first, sudo systemctl stop lumbard, "
	    "and start it again afterwards",
	    pid, surface);
}
