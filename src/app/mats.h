/* The mats that the daemon reads: for each its thread, its pipeline, and when it last spoke. */
#ifndef LUMBAR_APP_MATS_H
#define LUMBAR_APP_MATS_H

#include "app/acquire.h"
#include "app/config.h"
#include "app/keeper.h"
#include "app/status.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MATS_MAX   CONFIG_SURFACES_MAX
#define RATE_SPANS 10 /* the rate is that of so many seconds */

struct mat {
	const struct surface_config *config; /* borrowed */
	struct acquire *acquire;
	struct kept_surface *kept;
	uint64_t frames;
	int64_t begun_ns;
	int64_t arrived_ns;  /* when the newest frame was fetched; 0: none yet */
	struct frame newest; /* its times; no counts */
	uint64_t frames_then[RATE_SPANS];
	int64_t mono_then[RATE_SPANS];
	size_t then;
};

struct mats {
	struct mat mats[MATS_MAX];
	size_t n_mats;
};

/* Starts one; 0 or -errno with err. config: borrowed until it is removed. */
int mats_add(struct mats *mats, struct keeper *keeper, const struct surface_config *config,
    int wake_fd, struct error *err);

/* Judges every frame that waits. */
void mats_read(struct mats *mats, struct keeper *keeper);

/* Each second: says who is silent. */
void mats_watch(struct mats *mats, struct keeper *keeper, int64_t mono_ns);

/*
 * Takes a new configuration: surfaces that did not change run on, and their settings move from
 * `old` to `fresh`; the others are ended, and new ones are begun. What fails is logged.
 */
void mats_reload(struct mats *mats, struct keeper *keeper, struct config *old, struct config *fresh,
    int wake_fd);

/* Ends all, with the frames that still wait. */
void mats_stop(struct mats *mats, struct keeper *keeper);

size_t mats_alive(const struct mats *mats); /* that gave a frame lately */
/* True, and the times of its newest frame, when a source brings its own real time. */
bool mats_own_clock(const struct mats *mats, struct frame *newest);
/* Fills surfaces[MATS_MAX]; how many there are. */
size_t mats_status(struct mats *mats, int64_t mono_ns, struct status_surface *surfaces);

#endif
