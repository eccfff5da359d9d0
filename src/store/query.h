/*
 * Reading the store: plain arrays, owned by the caller and freed by the function named. Times
 * are real (UTC ns) where the clock is known, with the offset of the place of measuring.
 */
#ifndef LUMBAR_STORE_QUERY_H
#define LUMBAR_STORE_QUERY_H

#include "core/epoch.h"
#include "core/event.h"
#include "core/night.h"
#include "store/store.h"

#include <stddef.h>

struct stored_surface {
	int id;
	char name[SURFACE_NAME_SIZE];
	enum surface_kind kind;
	enum sense sense;
	size_t rows, cols;
	float pitch_mm;
	enum pressure_unit unit;
	/* The newest calibration that was in force: */
	int64_t calibrated_real_ns; /* 0: never, or not dated */
	float calibration_quality_ratio;
	char grade; /* 'A' to 'D', 0: not graded */
	char reasons[CALIB_REASONS_SIZE];
	float drift_ratio;  /* of full scale since then; NAN: not known */
	double age_limit_s; /* NAN: not known */
};

struct stored_calibration {
	int64_t made_real_ns;
	char grade; /* 0: it failed */
	float quality_ratio;
	int n_dead;
	char reasons[CALIB_REASONS_SIZE];
};

struct stored_epoch {
	int surface_id;
	int64_t real_ns; /* 0: the session's clock is not known */
	int32_t utc_offset_s;
	bool synchronised;       /* the clock that dates it was disciplined; else it is a guess */
	enum pressure_unit unit; /* of load, by the calibration of its session */
	struct epoch epoch;
};

struct stored_event {
	int64_t id;
	int surface_id;                     /* 0: the person, over nights */
	int64_t start_real_ns, end_real_ns; /* 0: not known */
	int32_t utc_offset_s, end_offset_s; /* at start and end */
	int32_t day;
	enum event_level level;
	char rule[32], advice_id[32], unit[16], detail[EVENT_DETAIL_SIZE];
	char phrase[PHRASE_SIZE]; /* core/phrase.h; "": only detail */
	double value, limit, coverage_ratio, confidence;
	int64_t keyframe_id; /* 0: none */
};

struct stored_keyframe {
	int64_t id;
	int surface_id;
	int64_t real_ns;
	int32_t utc_offset_s;
	char reason[16];
	size_t rows, cols, n_cells;
	enum pressure_unit unit;
	enum posture posture;
	enum seat_state seat;
	float centre_x_ratio, centre_y_ratio;
	float *cells; /* owned */
};

/*
 * All ranges are [from_ns, to_ns) of real time. Each returns 0 or -errno. Epochs whose session has
 * no clock count as real time 0: [0, 1) finds just them.
 */
int query_surfaces(struct store *, struct stored_surface **, size_t *n, struct error *);
/* What `lumbar calibrate` did with surfaces of that name, the newest first. */
int query_calibrations(
    struct store *, const char *surface, struct stored_calibration **, size_t *n, struct error *);
/* Where the cells of a free layout lie; none for a grid. */
int query_places(struct store *, int surface_id, struct cell_place **, size_t *n, struct error *);
int query_epochs(struct store *, int64_t from_ns, int64_t to_ns, struct stored_epoch **, size_t *n,
    struct error *);
/* Events that overlap the range, and events of its nights (.day); oldest first. */
int query_events(struct store *, int64_t from_ns, int64_t to_ns, struct stored_event **, size_t *n,
    struct error *);
int query_keyframes(struct store *, int64_t from_ns, int64_t to_ns, struct stored_keyframe **,
    size_t *n, struct error *);
void query_free_keyframes(struct stored_keyframe *, size_t n); /* the others: free() */

/* What she noted on days [from, to], the oldest first; free(). */
struct stored_note {
	int32_t day;
	char text[NOTE_SIZE];
};
int query_notes(
    struct store *, int32_t from, int32_t to, struct stored_note **, size_t *n, struct error *);

/* The facts of the night that ends on `day`, -ENODATA when nothing was recorded. */
int query_night(struct store *, int32_t day, struct night_facts *, struct error *);
/* Up to n_max nights with data, the newest last, ending at or before `last_day`. */
int query_nights(struct store *, int32_t last_day, struct night_facts *, size_t n_max, size_t *n,
    struct error *);
/* The pain of the mornings of [from, to], 0-10, -1: none was entered. */
int query_pains(struct store *, int32_t from, int32_t to, int *pains, struct error *);
/* The newest night with data: 0, or -ENODATA. */
int query_last_day(struct store *, int32_t *day, struct error *);
/*
 * The newest night with data that ends on or before last_day: 0, or -ENODATA. Where the offset from
 * UTC changed, query_night() may yet find nothing in it: go on from the day before.
 */
int query_day_until(struct store *, int32_t last_day, int32_t *day, struct error *);

#endif
