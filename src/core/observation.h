/*
 * An observation: what the body does at one frame. Three things are kept apart everywhere:
 * absent (a state of its own, as OCCUPANCY_EMPTY), unknown (the ..._UNKNOWN of an enumeration:
 * looked and could not tell) and not assessed (NAN in a number: nobody looked, or not possible).
 */
#ifndef LUMBAR_CORE_OBSERVATION_H
#define LUMBAR_CORE_OBSERVATION_H

#include "core/image.h"

#include <stdbool.h>
#include <stdint.h>

enum occupancy { OCCUPANCY_UNKNOWN, OCCUPANCY_EMPTY, OCCUPANCY_OBJECT, OCCUPANCY_PERSON };

enum posture {
	POSTURE_UNKNOWN,
	POSTURE_SUPINE,
	POSTURE_LEFT,
	POSTURE_RIGHT,
	POSTURE_PRONE,
	POSTURE_EDGE,
	POSTURE_EMPTY,
};
#define POSTURE_COUNT 7

enum seat_state {
	SEAT_UNKNOWN,
	SEAT_EMPTY,
	SEAT_UPRIGHT,
	SEAT_FORWARD,
	SEAT_SLUMP,
	SEAT_LEAN_LEFT,
	SEAT_LEAN_RIGHT,
	SEAT_OTHER,
};
#define SEAT_STATE_COUNT 8

/* Why frames of a surface cannot be judged now. Not a state of the person. */
enum technical {
	TECHNICAL_NONE,
	TECHNICAL_NO_DATA, /* no frame for longer than the stale limit */
	TECHNICAL_ZEROS,   /* every cell zero for longer than the frozen limit */
	TECHNICAL_FROZEN,  /* the same frame for longer than the frozen limit */
	TECHNICAL_RANGE,   /* cells below zero, over full scale or not a number */
	TECHNICAL_DEAD,    /* too few living cells to interpolate the others */
};

struct observation {
	int64_t mono_ns, real_ns; /* the image's; real_ns 0: not known */
	int32_t utc_offset_s;
	float dt_s; /* time this observation stands for: since the last one, 0 after a gap */
	enum surface_kind kind;
	enum sense sense;         /* what the surface can tell; the rest is not assessed */
	enum technical technical; /* when set, everything below is unknown or NAN */
	enum pressure_unit unit;
	float health_ratio;

	/* Any surface */
	enum occupancy occupancy;
	float occupancy_confidence; /* 0-1 */
	bool alive; /* breathing or movement, now or not long ago: a shape alone is no life */
	float load; /* sum of cells, in the image's unit times cells */
	float contact_ratio; /* share of cells in contact, 0-1 */
	float peak;          /* peak pressure index: greatest 3 x 3 mean, image's unit */
	float centre_x_ratio, centre_y_ratio; /* centre of pressure, 0-1 along columns and rows */
	float movement_ratio;                 /* normalised sum of absolute differences over 1 s */
	bool moving;
	bool shift; /* a posture shift was completed at this frame */

	/* Bed */
	enum posture posture;
	float posture_confidence;
	float valley_ratio; /* lumbar valley ratio, quiet supine only */
	float softness;     /* index on the absolute scale of body/support.h */
	float support_confidence;
	float breathing_per_min, breathing_confidence;
	float heart_per_min, heart_confidence; /* NAN below 25 Hz */

	/* Seat */
	enum seat_state seat;
	float seat_confidence;
	float sideways_ratio;  /* LR - the upright LR; > 0: more load on the person's right */
	float forward_ratio;   /* shift of the centre, in shares of the depth; > 0: forward */
	float back_load_ratio; /* share of the load on back cells; NAN without back cells */
	bool bend;             /* a forward excursion of less than 10 s has just returned */
	bool rocking;
	bool baseline; /* an upright minute of this session or person is known */
};

/* A fresh observation: enumerations unknown, numbers NAN, flags false. */
void observation_clear(struct observation *observation);

/* It is not known after all who or what lies there: nothing of a person is left, the load is. */
void observation_doubt(struct observation *observation);

/* Words used in manifests, the store and JSON. */
const char *occupancy_name(enum occupancy occupancy);
const char *posture_name(enum posture posture);
int posture_parse(const char *text, enum posture *posture); /* 0 or -EINVAL */
const char *seat_state_name(enum seat_state state);
int seat_state_parse(const char *text, enum seat_state *state); /* also neutral, baseline */

/* The same for people, in English; tr() has the other languages. */
const char *posture_words(enum posture posture);
const char *seat_state_words(enum seat_state state);

const char *technical_name(enum technical technical);   /* "none", "no_data", ... */
const char *technical_advice(enum technical technical); /* one sentence: what to look at */

/* Lying on the surface with the trunk down: the four lying postures and unknown-but-present. */
bool observation_lying(const struct observation *observation);

#endif
