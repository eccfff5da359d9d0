/*
 * Asleep or awake, ESTIMATED from movement: Cole-Kripke (Cole et al. 1992, Sleep 15:461), minute
 * by minute, then the rescoring rules of Webster et al. 1982 (Sleep 5:389).
 *
 *	D = 0.001 (106 A-4 + 54 A-3 + 58 A-2 + 76 A-1 + 230 A0 + 74 A+1 + 67 A+2), asleep if D < 1
 *	A = 0.4 per second of movement in bed; of a minute out of bed, where she is awake, 24
 *
 * The scale of A is of each sensor (ActiGraph: counts / 100, at most 300). Ours follows from two
 * figures of docs/methods.md: a sleeper's twitch, 4 s and as much of hysteresis, must not wake her
 * by itself (A < 4.3), a turn of 12 s and more must (A > 4.3): between 0.36 and 0.54.
 *
 * A minute that is neither seen in bed nor seen out of it is unknown, and so is one with more than
 * half of its seven minutes unknown; of the others D counts the known minutes, to the full weight.
 *
 * Known failure: whoever lies awake and still is taken for asleep. In the literature 53-76 % of
 * the awake minutes are found, so sleep is overestimated, and falling asleep seems faster than it
 * is. No rule may judge by it. Pure functions: any thread, no allocation.
 */
#ifndef LUMBAR_STORE_SLEEP_H
#define LUMBAR_STORE_SLEEP_H

#include "core/night.h"

#include <stddef.h>

/* Seconds of one minute, 0-60; what is in neither of the first two was not seen. */
struct sleep_minute {
	float in_bed_s; /* lying */
	float up_s;     /* on the edge, in the chair, or nobody in bed */
	float moving_s; /* movement in bed */
};

enum sleep_state {
	SLEEP_UNKNOWN,
	SLEEP_UP,     /* out of bed, so awake */
	SLEEP_AWAKE,  /* in bed, estimated */
	SLEEP_ASLEEP, /* estimated */
};

/* "unknown", "up", "awake", "asleep" */
const char *sleep_state_name(enum sleep_state state);

/* Fills states[0..n) for minutes that follow one another. */
void sleep_estimate(const struct sleep_minute *minutes, size_t n, enum sleep_state *states);

#define SLEEP_AWAKENING_MIN 5   /* shorter ones are no awakening, and break no sleep */
#define SLEEP_APART_MIN     180 /* not asleep for so long: two sleeps, a nap and the night */

/* The facts of what was estimated (core/night.h). */
void sleep_count(const enum sleep_state *states, size_t n, struct night_sleep *sleep);

#endif
