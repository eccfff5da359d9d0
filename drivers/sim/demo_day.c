/*
 * The demo's day, noon to noon. Planted, each to be found with its advice:
 *	the mattress is too soft (its stiffness is given from outside; plenty of quiet supine time),
 *	one lie-in: lying from before 7:00 to 9:45 without getting up,
 *	two feeds at night with a lean to the left of some minutes.
 * All else keeps within the default limits: turns more often than hourly, never on the front,
 * sitting under 20 min at a time, feeds upright, 10-11 h lying, a first rest of 2.5 h.
 */
#include "drivers/sim/script.h"

#include <math.h>

#define MINUTE_S   60.0
#define HOUR_S     3600.0
#define BABY_KG    4.0
#define DEMO_END_S (24 * HOUR_S)

/* Hours after noon. */
static void away_until(struct script *script, double hour)
{
	script_away(script, hour * HOUR_S - script->now_s);
}

static void lie_for(struct script *script, enum posture posture, double minutes)
{
	double jitter_s = random_between(&script->random, -60, 60);

	script_lie(script, posture, minutes * MINUTE_S + jitter_s, "asleep");
}

static void lie_until(struct script *script, enum posture posture, double hour)
{
	script_lie(script, posture, hour * HOUR_S - script->now_s, "asleep");
}

/* A feed from hour on; lean_min of it to the left. */
static void feed(struct script *script, double hour, double minutes, double lean_min)
{
	away_until(script, hour);
	script_sit(script, SEAT_UPRIGHT, 0, 0, 0, 30, "sitting down");
	script_sit(script, SEAT_UPRIGHT, 0, 0, BABY_KG, 4 * MINUTE_S, "feed");
	if (lean_min > 0)
		script_sit(script, SEAT_LEAN_LEFT, -0.40, 0, BABY_KG, lean_min * MINUTE_S, "feed");
	script_sit(
	    script, SEAT_UPRIGHT, 0, 0, BABY_KG, (minutes - 4.5 - lean_min) * MINUTE_S, "feed");
}

static void to_bed_at(struct script *script, double hour)
{
	away_until(script, hour);
	script_edge(script, 20, "going to bed");
}

void script_demo_day(struct script *script)
{
	feed(script, 0.6, 16, 0);

	to_bed_at(script, 2.0); /* a nap */
	lie_for(script, POSTURE_RIGHT, 22);
	lie_until(script, POSTURE_SUPINE, 2.75);
	script_edge(script, 25, "getting up");

	feed(script, 3.2, 17, 0);
	feed(script, 5.5, 15, 0);
	away_until(script, 7.0);
	script_sit(script, SEAT_UPRIGHT, 0, 0, 0, 12 * MINUTE_S, "reading");
	feed(script, 8.2, 16, 0);

	to_bed_at(script, 10.58); /* 22:35 */
	lie_for(script, POSTURE_SUPINE, 55);
	lie_for(script, POSTURE_RIGHT, 40);
	lie_until(script, POSTURE_SUPINE, 13.1);
	script_edge(script, 30, "getting up");

	feed(script, 13.17, 18, 6); /* 1:10 */
	to_bed_at(script, 13.52);
	lie_for(script, POSTURE_SUPINE, 50);
	lie_for(script, POSTURE_LEFT, 45);
	lie_until(script, POSTURE_SUPINE, 15.7);
	script_edge(script, 25, "getting up");

	feed(script, 15.77, 17, 5); /* 3:46 */
	to_bed_at(script, 16.1);
	lie_for(script, POSTURE_RIGHT, 50);
	lie_for(script, POSTURE_SUPINE, 55);
	lie_until(script, POSTURE_LEFT, 18.4);
	script_edge(script, 25, "getting up");

	feed(script, 18.45, 16, 0); /* 6:27 */
	to_bed_at(script, 18.78);
	lie_for(script, POSTURE_SUPINE, 50); /* the lie-in, 6:47 to 9:45 */
	lie_for(script, POSTURE_RIGHT, 45);
	lie_for(script, POSTURE_SUPINE, 40);
	lie_until(script, POSTURE_LEFT, 21.75);
	script_edge(script, 25, "getting up");

	feed(script, 22.0, 16, 0);
	away_until(script, 24.0);
	script_end(script, DEMO_END_S);
}
