/* Writing a plan scene by scene: a clock that runs on as scenes are added. */
#ifndef LUMBAR_DRIVERS_SIM_SCRIPT_H
#define LUMBAR_DRIVERS_SIM_SCRIPT_H

#include "drivers/sim/night.h"

struct script {
	struct sim_night *night;
	struct random random;
	double now_s;
	double breathing_per_min, heart_per_min; /* hers, asleep */
	double tilt_rad;                         /* of the bed's head section, all night */
	double knee_pillow_odds, chest_odds;     /* a pillow at the knees, a child on the chest */
	size_t scenes_room, twitches_room;
	int code; /* -ENOMEM once memory ran out; what is added then is lost */
};

void script_begin(struct script *script, struct sim_night *night, uint64_t seed);

/* Each adds one scene, or a few, and moves the clock on by length_s. */
void script_away(struct script *script, double length_s);
void script_edge(struct script *script, double length_s, const char *happening);
void script_lie(
    struct script *script, enum posture posture, double length_s, const char *happening);

/* Sits on the chair; lean and forward as in struct sim_pose. */
void script_sit(struct script *script, enum seat_state seat, double lean_ratio,
    double forward_ratio, double baby_kg, double length_s, const char *happening);

/* A plan's end: twitches over all time in bed, and the length. */
void script_end(struct script *script, double length_s);

/* The demo's day, noon to noon (demo_day.c). */
void script_demo_day(struct script *script);

#endif
