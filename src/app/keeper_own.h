/* What the files of the keeper share: keeper.c has the surfaces, keeper_clock.c the time and the nights. */
#ifndef LUMBAR_APP_KEEPER_OWN_H
#define LUMBAR_APP_KEEPER_OWN_H

#include "app/due.h"
#include "app/keeper.h"

struct kept_surface {
	struct keeper *keeper;
	const struct surface_config *config;
	struct pipeline *pipeline;
	int store_id;
	struct event last_event;
	bool begun, finished;
	int64_t now_ns; /* mono of the frame or gap that is judged */
	struct kept_surface *next;
};

struct keeper {
	struct store *store;
	struct kept_surface *surfaces;
	struct error fault; /* of the store, code 0: none */
	int64_t retry_ns;   /* mono: when to try again */
	/* the clock */
	bool anchored, synchronised;
	int64_t first_ns;             /* mono of the first anchor */
	int64_t anchor_ns, offset_ns; /* mono of the last anchor, and real - mono then */
	int32_t next_day;             /* the night that is judged at the next noon */
	struct due due;               /* nights that are judged beside that */
	bool known;                   /* the clock was synchronised once */
	int32_t utc_offset_s;
	keeper_listener *listener;
	void *listener_user;
};

/* States are said when they change: the disk filled up, and it can be written again. */
void keeper_note(struct keeper *keeper, int result, const struct error *err);

/* store_id 0: the person, or the whole house. */
void keeper_save_event(struct keeper *keeper, int store_id, const struct event *event);

/* The calibration that is in force on each surface; its drift is of today. */
void keeper_save_calibrations(struct keeper *keeper);

/* The next night of those that wait is judged: one at a time, as it takes a small machine a second. */
void keeper_judge_due(struct keeper *keeper, int64_t mono_ns);

/* All that wait, and the one that runs. */
void keeper_judge_rest(struct keeper *keeper);

#endif
