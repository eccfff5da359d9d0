/*
 * The facts of one night: what rules over several nights and the report judge. A night carries
 * the date on which it ends and lasts from noon to noon, local time, so that every hour belongs
 * to exactly one night and a feed at three does not end it.
 */
#ifndef LUMBAR_CORE_NIGHT_H
#define LUMBAR_CORE_NIGHT_H

#include "core/observation.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a figure rests on. Nights are compared only where none of it was exchanged between them;
 * store/breaks.h tells when it was.
 */
enum era {
	ERA_PERSON, /* who sleeps there */
	ERA_MAT,    /* the bed's mat */
	ERA_SENSE,  /* what the bed's mat can tell: another kind of mat */
	ERA_GAIN,   /* the bed's mat and its calibration: pressures and loads themselves */
};
#define ERA_COUNT     4
#define ERA_BIT(name) (1u << ERA_##name)

/*
 * Asleep or awake as it is estimated from movement (store/sleep.h), by whole minutes. Nothing is
 * judged by it. All NAN and -1: no bed was measured in this night, or only by switches.
 */
struct night_sleep {
	float asleep_s;
	float longest_s;  /* asleep without leaving the bed, being awake for 5 min, or a gap */
	float awake_s;    /* in bed */
	float to_sleep_s; /* from lying down to the first sleep of the longest one; NAN: not seen */
	float unknown_s;  /* neither asleep, nor awake, nor seen out of bed; as in night_facts */
	int awakenings;   /* of 5 min or more, in bed or out of it, with sleep again within 3 h */
};

struct night_facts {
	int64_t start_ns, end_ns; /* real time of the two noons, UTC: 23 to 25 h apart */
	int32_t day;              /* the date on which it ends, days since 1970-01-01 local */
	int32_t start_offset_s, utc_offset_s; /* at the two noons */
	/*
	 * The most that a bed of this night could tell; a strip counts as load cells. What it could
	 * not is not assessed: without SENSE_SHAPE posture and support, with SENSE_SWITCH also
	 * turning over and sleep.
	 */
	enum sense bed_sense;
	float bed_observed_s; /* what is missing is unknown, not empty */
	/* Of the hours from 21:00 to 07:00: how many there are, and seen by a bed, else by a seat. */
	float dark_s, dark_observed_s;
	float lying_s;   /* on the bed, edge not counted */
	float sitting_s; /* on a seat, or on the bed's edge */
	float away_s;    /* bed and seats observed, and nobody on any */
	float unknown_s; /* noon to noon less all of the above; of a running night: up to now */
	float posture_s[POSTURE_COUNT]; /* POSTURE_UNKNOWN: somebody lay, it is not known how */
	float longest_rest_s;           /* longest lying without an absence of 60 s or more */
	float longest_unchanged_s;      /* longest lying without a posture shift */
	int exits; /* leaving the bed for 60 s or more, between the first and last lying */
	int feeds; /* seat sessions of 5 min or more */
	float feed_s;
	int shifts;
	float valley_ratio; /* median over quiet supine time, NAN: none */
	float quiet_supine_s;
	float load; /* median over minutes of lying, in the mat's unit times cells; NAN: none */
	struct night_sleep sleep;
	int pain;                   /* 0-10, the morning's entry; -1: none */
	int32_t era_day[ERA_COUNT]; /* the date of the last break before this night; 0: none */
};

/* The hours in which people sleep, in minutes from noon. A night seen in less than half of them is
 * not judged, and nothing is compared with what was counted in it. */
#define NIGHT_DARK_FROM 540  /* 21:00 */
#define NIGHT_DARK_TO   1140 /* 07:00 */
bool night_well_seen(const struct night_facts *night);

/* Whether nothing of `eras` (bits of enum era) was exchanged between the two nights. Pure. */
bool night_comparable(const struct night_facts *a, const struct night_facts *b, unsigned eras);

/* Of nights in the order of their days: the first from which on all compare with the last. n > 0. */
size_t night_first_comparable(const struct night_facts *nights, size_t n, unsigned eras);

/* Whether the night runs at now_ns: then what is still to come of it is taken off what is unknown. */
bool night_until(struct night_facts *night, int64_t now_ns);

#endif
