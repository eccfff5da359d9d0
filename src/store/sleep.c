#include "store/sleep.h"

#include <math.h>
#include <stdbool.h>

#define BEFORE       4 /* minutes of the window before the one that is judged */
#define WINDOW       7
#define UNKNOWN_MOST 3 /* of the window's minutes: with more the minute is unknown */
#define A_PER_S      0.4
#define LIE_DOWN_MIN 2 /* a bed that has not met her yet is not sure while she sits down */
#define MINUTE_S     60.0f
#define HALF_S       30.0f

static const double weights[WINDOW] = {.106, .054, .058, .076, .230, .074, .067};

/* Webster's rules a-c: after so many minutes awake the first minutes of sleep are awake too. */
static const struct {
	size_t awake, more;
} after_awake[] = {{15, 4}, {10, 3}, {4, 1}};

/* His rules d and e: so little sleep with so much awake on either side is none. */
static const struct {
	size_t asleep, awake;
} between_awake[] = {{6, 10}, {10, 20}};

const char *sleep_state_name(enum sleep_state state)
{
	static const char *const names[] = {"unknown", "up", "awake", "asleep"};

	return names[state];
}

static enum sleep_state place_of(const struct sleep_minute *minute)
{
	if (minute->in_bed_s >= HALF_S)
		return SLEEP_ASLEEP;
	return minute->up_s >= HALF_S ? SLEEP_UP : SLEEP_UNKNOWN;
}

static enum sleep_state judge(const struct sleep_minute *minutes, size_t n, size_t at)
{
	double d = 0, known = 0, all = 0;
	int n_unknown = 0;

	if (place_of(&minutes[at]) != SLEEP_ASLEEP)
		return place_of(&minutes[at]);
	for (size_t i = 0; i < WINDOW; i++) {
		bool outside = at + i < BEFORE || at + i - BEFORE >= n;
		const struct sleep_minute *m = outside ? NULL : &minutes[at + i - BEFORE];

		all += weights[i];
		if (!m || place_of(m) == SLEEP_UNKNOWN) {
			n_unknown++;
			continue;
		}
		known += weights[i];
		d += weights[i] * A_PER_S *
		     (double)(place_of(m) == SLEEP_UP ? MINUTE_S : m->moving_s);
	}
	if (n_unknown > UNKNOWN_MOST)
		return SLEEP_UNKNOWN;
	return d * all / known < 1 ? SLEEP_ASLEEP : SLEEP_AWAKE;
}

static bool is_awake(enum sleep_state state)
{
	return state == SLEEP_UP || state == SLEEP_AWAKE;
}

/* Minutes from `at` on that are asleep, or that are awake, as the first one is; unknown: 1. */
static size_t run_length(const enum sleep_state *states, size_t n, size_t at)
{
	size_t end = at + 1;

	while (end < n && states[at] != SLEEP_UNKNOWN && states[end] != SLEEP_UNKNOWN &&
	       is_awake(states[end]) == is_awake(states[at]))
		end++;
	return end - at;
}

static void rescore_after_awake(enum sleep_state *states, size_t n)
{
	for (size_t i = 0, length; i < n; i += length) {
		length = run_length(states, n, i);
		if (!is_awake(states[i]))
			continue;
		size_t more = 0;
		for (size_t r = sizeof(after_awake) / sizeof(after_awake[0]); r-- > 0;)
			if (length >= after_awake[r].awake)
				more = after_awake[r].more;
		for (; more > 0 && i + length < n && states[i + length] == SLEEP_ASLEEP; more--)
			states[i + length++] = SLEEP_AWAKE;
	}
}

static void rescore_between_awake(enum sleep_state *states, size_t n)
{
	size_t before = 0; /* the run of awake minutes that ends where this one begins */

	for (size_t i = 0, length; i < n; i += length) {
		length = run_length(states, n, i);
		if (states[i] != SLEEP_ASLEEP) {
			before = is_awake(states[i]) ? length : 0;
			continue;
		}
		size_t next = i + length;
		size_t after = next < n && is_awake(states[next]) ? run_length(states, n, next) : 0;
		bool none = false;
		for (size_t r = 0; r < sizeof(between_awake) / sizeof(between_awake[0]); r++)
			none = none || (length <= between_awake[r].asleep &&
			                   before >= between_awake[r].awake &&
			                   after >= between_awake[r].awake);
		for (size_t k = i; none && k < next; k++)
			states[k] = SLEEP_AWAKE;
		before = 0;
	}
}

void sleep_estimate(const struct sleep_minute *minutes, size_t n, enum sleep_state *states)
{
	for (size_t i = 0; i < n; i++)
		states[i] = judge(minutes, n, i);
	rescore_after_awake(states, n);
	rescore_between_awake(states, n);
}

/* ---- the facts ---------------------------------------------------------------------------- */

/* How long she lay awake before minute `first`, the first asleep; NAN: nobody saw her lie down. */
static float time_to_sleep_s(const enum sleep_state *states, size_t first)
{
	size_t lay = first;

	while (lay > 0 && states[lay - 1] == SLEEP_AWAKE)
		lay--;
	size_t up = lay;
	while (up > 0 && states[up - 1] == SLEEP_UNKNOWN && lay - up < LIE_DOWN_MIN)
		up--;
	return up > 0 && states[up - 1] == SLEEP_UP ? MINUTE_S * (float)(first - lay) : NAN;
}

/* What lies between two asleep minutes, the `last` and the one at `next`. */
struct pause {
	size_t awake, length;
	bool breaks; /* the sleep is not one any more */
};

static struct pause pause_between(const enum sleep_state *states, size_t last, size_t next)
{
	struct pause pause = {.length = next - last - 1};

	for (size_t i = last + 1; i < next; i++) {
		pause.awake += is_awake(states[i]);
		pause.breaks = pause.breaks || states[i] != SLEEP_AWAKE;
	}
	pause.breaks = pause.breaks || pause.awake >= SLEEP_AWAKENING_MIN;
	return pause;
}

/* Sleeps that are SLEEP_APART_MIN apart are two; the longest one is the night's. */
struct sleeping {
	size_t first, last, asleep, unbroken; /* unbroken: since the last break */
};

static void end_sleep(
    const struct sleeping *now, const enum sleep_state *states, size_t *most, float *to_sleep_s)
{
	if (now->asleep <= *most)
		return;
	*most = now->asleep;
	*to_sleep_s = time_to_sleep_s(states, now->first);
}

void sleep_count(const enum sleep_state *states, size_t n, struct night_sleep *sleep)
{
	struct sleeping now = {0};
	size_t longest = 0, most = 0;

	*sleep = (struct night_sleep){.to_sleep_s = NAN};
	for (size_t i = 0; i < n; i++) {
		sleep->unknown_s += states[i] == SLEEP_UNKNOWN ? MINUTE_S : 0;
		sleep->awake_s += states[i] == SLEEP_AWAKE ? MINUTE_S : 0;
		if (states[i] != SLEEP_ASLEEP)
			continue;
		sleep->asleep_s += MINUTE_S;
		struct pause pause = {0};
		if (now.asleep > 0)
			pause = pause_between(states, now.last, i);
		if (now.asleep == 0 || pause.length >= SLEEP_APART_MIN) {
			end_sleep(&now, states, &most, &sleep->to_sleep_s);
			now = (struct sleeping){.first = i};
		} else {
			sleep->awakenings += pause.awake >= SLEEP_AWAKENING_MIN;
			now.unbroken = pause.breaks ? 0 : now.unbroken;
		}
		now.last = i;
		now.asleep++;
		now.unbroken++;
		longest = now.unbroken > longest ? now.unbroken : longest;
	}
	end_sleep(&now, states, &most, &sleep->to_sleep_s);
	sleep->longest_s = MINUTE_S * (float)longest;
}
