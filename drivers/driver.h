/*
 * The driver interface: where frames come from. A driver is one file with one const struct driver
 * and one row in drivers.def. It blocks at most until the deadline, keeps no statics that change,
 * and leaves retry, back-off, counting of losses and staleness to its host (app/acquire.c).
 */
#ifndef LUMBAR_DRIVERS_DRIVER_H
#define LUMBAR_DRIVERS_DRIVER_H

#include "base/error.h"
#include "base/options.h"
#include "core/frame.h"
#include "core/surface.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What hosts give a read, and so how long stopping takes: a driver must get on within it. */
#define DRIVER_READ_S 1

/* What a driver counts while it runs; the host reads it on its own thread after read(). */
struct driver_stats {
	uint64_t frames;   /* given to the host */
	uint64_t requests; /* to the bus, or reads of the file */
	uint64_t timeouts, integrity_errors, content_errors, io_errors;
	uint64_t exceptions;   /* answers that say no (Modbus exceptions) */
	uint64_t torn_frames;  /* dropped: the mat's frame counter moved while it was read */
	uint64_t late_samples; /* thrown away: this machine was late on a timed line */
	double last_read_s;    /* how long the last frame took */
	double ghost_ratio;    /* matrix: what cells show of others in their lines; 0: not known */
	char fault[128];       /* the last one in the driver's own words, "" for none */
};

struct device {
	const struct driver *driver;
	const struct surface *surface; /* geometry, after describe() and the configuration */
	const struct options *options; /* set and range-checked by driver->options */
	void *state;                   /* driver->state_size zeroed bytes that the host owns */
	unsigned n_opens;              /* how often it was opened before; the host counts */
	struct driver_stats stats;
};

struct driver {
	const char *name, *summary;
	const struct option_spec *options; /* parsed and range-checked before describe and open */
	size_t state_size;
	bool own_clock; /* its frames bring their own real time: never beside those read now */

	/*
	 * Fills what the source itself knows of the surface (a profile's rows, a recording's rate);
	 * what it does not know stays as it is. Places, when surface->places was NULL and the
	 * source knows them, are a new array that the caller frees. No I/O beyond the named files.
	 * NULL: knows nothing.
	 * Returns 0 or -errno with err filled. Thread: main.
	 */
	int (*describe)(const struct options *, struct surface *, struct error *);

	/*
	 * The text of the calibration file that the source brings with it, for the caller to free;
	 * NULL: none. NULL for a member: it never does. 0 or -errno with err. Thread: main.
	 */
	int (*calibration)(const struct options *, char **text, struct error *);

	/* Opens the source. 0, or -errno with err filled. Thread: the surface's. */
	int (*open)(struct device *, struct error *);

	/*
	 * Waits for the next frame until deadline_ns (CLOCK_BOOTTIME) and fills out->counts
	 * (surface->n_cells), mono_ns, and real_ns and utc_offset_s when the source knows them.
	 * Returns 0; -ETIMEDOUT; -EBADMSG (integrity: checksum, torn, short); -ERANGE (content
	 * impossible); -ENODATA (a recording's end: do not reopen); -EIO or -ENODEV (the host
	 * closes and reopens, with back-off). Thread: the surface's.
	 */
	int (*read)(struct device *, int64_t deadline_ns, struct frame *out);

	/* Closes what open() opened. Legal once after any open(), also a failed one. */
	void (*close)(struct device *);
};

/* The table made from drivers.def; ends with NULL. */
extern const struct driver *const drivers[];

/* NULL when no driver has the name. */
const struct driver *driver_find(const char *name);

#endif
