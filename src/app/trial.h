/*
 * Trying one mat: what `lumbar drivers test` counts, and how it says it. A trial takes frames as the
 * driver gives them, before any calibration. Thread: the owner's.
 */
#ifndef LUMBAR_APP_TRIAL_H
#define LUMBAR_APP_TRIAL_H

#include "app/config.h"
#include "base/error.h"
#include "core/frame.h"
#include "drivers/driver.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Counts of one cell over the trial; in the mat's own order. */
struct trial_cell {
	float least, most, last;
	double steps_squared; /* sum over frames of (count - the one before)^2 */
	size_t n_steps;       /* frames in which it was another than before */
	bool dead;            /* after trial_judge() */
};

struct trial {
	const struct surface_config *config; /* borrowed */
	struct trial_cell *cells;            /* config->surface.n_cells */
	size_t n_frames;
	int64_t first_ns, last_ns; /* of the frames' own time */
	double waited_s;   /* from the start to the first frame, opening too; NAN: none came */
	char failure[512]; /* why reading failed before its time; "": it did not */
	struct driver_stats stats;

	/* after trial_judge() */
	float least, most;  /* counts of all cells */
	float noise_counts; /* of the median cell that changed; NAN: fewer than 2 frames */
	size_t n_changed, n_lively, n_full; /* cells; n_full: reached the end of the scale */
	size_t n_dead;                      /* cells, those of dead lines among them */
	bool *dead_rows, *dead_cols;        /* of a grid, in the mat's own order; NULL: no grid */
	size_t n_dead_rows, n_dead_cols;
};

/* 0, or -ENOMEM with err filled. finish() also of one that could not be made. */
int trial_init(struct trial *trial, const struct surface_config *config, struct error *err);
void trial_finish(struct trial *trial);

/* A frame of config->surface.n_cells counts. */
void trial_feed(struct trial *trial, const struct frame *frame);

/* A cell that changed so often is lively: one like it keeps still once in exp(10) = 22000. */
#define TRIAL_LIVELY_STEPS 10

/*
 * From the frames to what is said. A cell is dead when it kept one value while the cells around it
 * are lively: at least three, and all but one. A line is dead when all its cells kept one value, and
 * of the next line on either side that did not three quarters are lively. Of cells that are no grid
 * one is dead when all others are lively, or all but one. A switch is never dead. Where few cells
 * are lively, since nothing moves and nothing is noisy, that cannot be told.
 */
void trial_judge(struct trial *trial);

/* Frames a second, by the frames' own time; NAN: fewer than 2. */
double trial_rate_hz(const struct trial *trial);

/*
 * Opens the driver and reads for `seconds` of this machine's time or of the frames', whichever is
 * over first; SIGINT and SIGTERM end it too. 0, also when no frame came or reading failed; -errno
 * with err when the driver cannot be opened.
 */
int trial_run(struct trial *trial, double seconds, struct error *err);

/* In plain words, on stdout; trial_judge() before. */
void trial_print(const struct trial *trial);

/* What each cell read at most, as blocks or as a table, on stdout. */
void trial_print_map(const struct trial *trial);

/* What to do about errors of this kind, for this driver: NULL for none. Static. */
struct trial_fault {
	const char *kind;  /* "timeouts" */
	const char *words; /* "requests without an answer" */
	uint64_t n;
	const char *advice;
};

enum { TRIAL_FAULTS_MAX = 8 };

/* The kinds that occurred, at most TRIAL_FAULTS_MAX; how many. */
size_t trial_faults(const struct trial *trial, struct trial_fault *faults);

/* The caller owns it. NULL: out of memory. */
json_t *trial_json(const struct trial *trial);

#endif
