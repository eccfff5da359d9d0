/*
 * The player: a recording in virtual time, through the very code that runs live, into a store. What
 * `lumbar replay` does, and `lumbar export --recording` listens to.
 */
#ifndef LUMBAR_APP_PLAYER_H
#define LUMBAR_APP_PLAYER_H

#include "app/progress.h"
#include "base/error.h"
#include "core/frame.h"
#include "pipeline/pipeline.h"

#include <stddef.h>
#include <stdint.h>

struct player {
	const char *command;   /* who plays: opens what is said on stderr */
	const char *recording; /* path */
	const char *database;  /* path; made when it is not there */
	const char *config; /* lumbard.conf, for settings by the surfaces' names; NULL: fallbacks */
	const char *surface;     /* only the one of that name; NULL: all */
	const char *calibration; /* path, "none", or NULL: that of config, else that inside */
	struct progress *progress;
	/* After each frame of the index-th surface of the recording; NULL: nobody listens. */
	void (*frame)(void *user, size_t index, struct pipeline *pipeline);
	void *user;
};

struct player_figures {
	uint64_t n_frames,
	    n_bad;    /* n_bad: chunks that could not be read; each was said on stderr */
	double hours; /* of the recording */
};

/*
 * Plays it to its end; the same recording gives the same rows. 0, or -errno with err filled when it
 * cannot be opened, a setting does not fit, or the store could not be written. Thread: main.
 */
int player_run(const struct player *player, struct player_figures *figures, struct error *err);

#endif
