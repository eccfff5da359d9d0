/*
 * A night, minute by minute: the epochs of all its mats laid over one another. What the facts of
 * the night are counted from, and what the report draws.
 */
#ifndef LUMBAR_STORE_MINUTES_H
#define LUMBAR_STORE_MINUTES_H

#include "store/noon.h"
#include "store/query.h"
#include "store/sleep.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NIGHT_MINUTES      1440 /* of most nights; 1380 or 1500 when the clocks change */
#define NIGHT_MINUTES_MAX  3000 /* with the world's widest change of the time zone */
#define NIGHT_SURFACES_MAX 16

/* Seconds of a minute, 0-60. Whatever is in none of the four of a person is unknown. */
struct minute {
	float bed_observed_s, seat_observed_s;
	float lying_s, edge_s, seated_s, away_s;
	float bed_empty_s, seat_empty_s; /* nobody on it: empty, or an object */
	float technical_s;               /* the worst mat's */
	float posture_s[POSTURE_COUNT];
	float seat_s[SEAT_STATE_COUNT];
	float moving_s, quiet_supine_s;
	int shifts, bends;
	float valley_ratio, breathing_per_min, heart_per_min; /* NAN: none */
	float sideways_ratio, sideways_peak_ratio;            /* NAN: none */
	float load;                                           /* on the bed, as in an epoch; NAN */
	float bed_health_ratio, seat_health_ratio;            /* NAN: no frame */
	enum sleep_state sleep;                               /* estimated */
};

struct minutes {
	int64_t start_ns; /* real time of the first noon, UTC */
	size_t n;         /* from noon to noon */
	struct noon_offsets offsets;
	int32_t day;
	bool has_bed, has_seat; /* some mat of the kind has rows in this night */
	enum sense bed_sense;   /* as in night_facts */
	bool synchronised;      /* every row is dated by a clock that was disciplined */
	size_t n_surfaces;      /* that have rows in this night */
	int surface_ids[NIGHT_SURFACES_MAX];
	struct minute minute[NIGHT_MINUTES_MAX]; /* n are in use */
};

/*
 * The night that ends on `day`. 0; -ENODATA: nothing was recorded; -errno. About 400 kB: the
 * caller's, from the heap.
 */
int minutes_read(struct store *store, int32_t day, struct minutes *minutes, struct error *err);

/* The night of something at real_ns, by the offset that held then: the local date 12 h later. */
int32_t minutes_night_of(int64_t real_ns, int32_t utc_offset_s);

int64_t minutes_real_ns(const struct minutes *minutes, size_t minute); /* of its start */
int32_t minutes_offset_s(const struct minutes *minutes, size_t minute);

/* What the clock on the wall says, as minutes after noon, 0-1439: twice the same, or never, in the
 * night in which it is changed. */
size_t minutes_on_clock(const struct minutes *minutes, size_t minute);

float minute_known_s(const struct minute *minute); /* lying, sitting or away */

/* One stretch in the seat. Ends with 60 s of nobody there, or 5 min of not knowing. */
struct sitting {
	size_t first, last; /* minutes of the night, both inside */
	float seated_s;
	float observed_s; /* the seat's, between first and last */
	float seat_s[SEAT_STATE_COUNT];
	float sideways_ratio;      /* mean over seated time, NAN: none */
	float sideways_peak_ratio; /* of greatest size, NAN: none */
	int bends;
};

/* A stretch of 5 min or more is long enough to have been a feed (core/night.h). */
#define SITTING_FEED_S 300.0f

/* The next stretch at or after minute `from`; false when there is none. */
bool minutes_next_sitting(const struct minutes *minutes, size_t from, struct sitting *out);

/* The facts that night_facts holds, but for the pain. */
void minutes_facts(const struct minutes *minutes, struct night_facts *facts);

#endif
