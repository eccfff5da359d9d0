/*
 * Plays designed nights: a plan of a person by minutes becomes observations at 1 Hz, which go
 * through the real minute epochs, rules, clock and judge of nights into a real database. What is
 * designed is what she does; what is found, nobody wrote.
 */
#ifndef LUMBAR_TESTS_PLAYER_H
#define LUMBAR_TESTS_PLAYER_H

#include "base/error.h"
#include "core/surface.h"
#include "store/minutes.h"

#include <stdbool.h>
#include <stdint.h>

#define PLAYER_OFFSET_S        3600                                   /* local time, east of UTC */
#define AT(hour, minute)       ((((hour) + 12) % 24) * 60 + (minute)) /* minute of the night */
#define PLAYER_SESSIONS_MAX    3
#define PLAYER_FULL_SCALE_MMHG 120.0f /* what an uncalibrated mat takes for 100 % */

/* One run of the daemon within a night. */
struct run {
	int from, to;   /* minutes */
	int known_at;   /* the network sets the clock in this minute; -1: never */
	bool has_clock; /* before that there is a guess, wrong by error_s; else nothing */
	int32_t error_s;
};

struct night_plan {
	int32_t day; /* the date on which it ends */
	/*
	 * One letter a minute. bed: s supine, l left, r right, p prone, e edge, . empty, o object,
	 * ? unknown, ' ' no frames. chair: u upright, f forward, h slump, L and R lean, the rest as
	 * above.
	 */
	char bed[NIGHT_MINUTES], chair[NIGHT_MINUTES];
	bool shift[NIGHT_MINUTES];             /* she has turned over in this minute */
	unsigned char moving_s[NIGHT_MINUTES]; /* of each minute in bed, besides turning over */
	unsigned char bends[NIGHT_MINUTES];    /* in the chair, within this minute */
	float valley_ratio, breathing_per_min;
	int pain;         /* the morning's entry, -1: none */
	const char *note; /* NULL: none */
	const char *mat;  /* which lies in the bed, by its calibration; "": not named */
	float load_ratio; /* of whoever lies there to the person of the home */
	struct run runs[PLAYER_SESSIONS_MAX];
	size_t n_runs;
};

/* Mats that see nobody for 24 hours, with the clock known; a still sleeper's twitches. */
void plan_clear(struct night_plan *plan, int32_t day);
/* Lies from `from` to `to` in these postures by turns, each as long; she turns over in between. */
void plan_lie(struct night_plan *plan, int from, int to, const char *postures);
/* Minutes [from, to) get the letter. */
void plan_bed(struct night_plan *plan, int from, int to, char letter);
void plan_chair(struct night_plan *plan, int from, int to, char letter);
/* Lies awake: some seconds of movement in every minute. */
void plan_awake(struct night_plan *plan, int from, int to);
/* No frames from any mat. */
void plan_gap(struct night_plan *plan, int from, int to);

/* The mats of one home. */
struct home {
	struct surface bed, chair;
	bool has_bed, has_chair;
	bool calibrated;
	int32_t calibrated_day;
	double stiffness_kpa_per_m; /* of the mattress that key frames show */
	uint64_t seed;              /* of the person */
};

struct player;

/* Opens the database at path, anew. home: borrowed. NULL with err filled. */
struct player *player_create(const char *path, const struct home *home, struct error *err);
/* Plays one night, and lets it be judged. Nights in the order of their days. 0 or -errno. */
int player_night(struct player *player, const struct night_plan *plan, struct error *err);
/* Closes it. NULL is legal. 0 or -errno. */
int player_destroy(struct player *player, struct error *err);

#endif
