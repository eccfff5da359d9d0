/*
 * The status file: what the daemon sees now, as JSON, written anew each second under another name
 * and then renamed, so that a reader never sees half of one.
 */
#ifndef LUMBAR_APP_STATUS_H
#define LUMBAR_APP_STATUS_H

#include "app/acquire.h"
#include "app/indicators.h"
#include "app/keeper.h"
#include "base/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATUS_FILE "/run/lumbar/status.json"
/* The map of a mat that goes along is no finer than this. */
#define STATUS_MAP_ROWS 16
#define STATUS_MAP_COLS 8

/* One surface as the daemon knows it. */
struct status_surface {
	const struct kept_surface *kept;
	struct acquire_state acquire;
	double age_s;    /* since the newest frame, NAN: none yet */
	double rate_hz;  /* of frames over the last seconds */
	uint64_t frames; /* that were judged */
};

struct status {
	int64_t mono_ns, start_ns; /* now, and when the daemon began */
	int64_t real_ns;
	int32_t utc_offset_s;
	bool synchronised;
	const char *database;
	const struct error *store_fault; /* code 0: none */
	const struct status_surface *surfaces;
	size_t n_surfaces;
	const struct indicators *indicators;
	struct moment moment; /* now, as the surfaces and their indicators have it */
};

/*
 * The file as JSON, the caller's; NULL with err: not there, no status file, or of a daemon that has
 * stopped. Thread: any.
 */
json_t *status_load(const char *path, struct error *err);

/*
 * Whether a mat may be read by another program than the daemon: 0, or -EBUSY with err when a daemon
 * that writes this file is reading the surface now. Thread: any.
 */
int status_free(const char *path, const char *surface, struct error *err);

/* 0 or -errno. Thread: main. */
int status_write(const char *path, const struct status *status);

#endif
