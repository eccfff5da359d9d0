#include "app/night_events.h"

bool truth_is_lying(const struct truth_second *truth)
{
	return truth->occupied && truth->posture != POSTURE_UNKNOWN &&
	       truth->posture != POSTURE_EDGE;
}

/* ---- feeds ------------------------------------------------------------------------------- */

struct span {
	size_t start, end;
};

static bool is_there(
    const struct truth_surface *truth, const struct second_seen *seen, size_t second)
{
	return truth ? truth->seconds[second].occupied : seen[second].person;
}

/* The next sitting from `from` on, of the truth or, where truth is NULL, as it was seen. */
static bool next_sitting(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, size_t from, struct span *out)
{
	size_t there = 0, away = 0;

	for (size_t i = from; i < n_seconds; i++) {
		if (is_there(truth, seen, i)) {
			if (there == 0)
				out->start = i;
			there = i + 1 - out->start;
			out->end = i + 1;
			away = 0;
		} else if (there > 0 && ++away >= FEED_PAUSE_S) {
			if (out->end - out->start >= FEED_LEAST_S)
				return true;
			there = away = 0;
		}
	}
	return there > 0 && out->end - out->start >= FEED_LEAST_S;
}

/* How many sittings of the one kind have one of the other over more than half of them. */
static size_t count_sittings(const struct truth_surface *of, const struct truth_surface *among,
    const struct second_seen *seen, size_t n_seconds, size_t *n_matched)
{
	struct span mine = {0}, other = {0};
	size_t n = 0;

	*n_matched = 0;
	for (size_t from = 0; next_sitting(of, seen, n_seconds, from, &mine); from = mine.end) {
		size_t shared = 0, at = 0;
		for (; next_sitting(among, seen, n_seconds, at, &other); at = other.end) {
			size_t low = other.start > mine.start ? other.start : mine.start;
			size_t high = other.end < mine.end ? other.end : mine.end;
			if (high > low && high - low > shared)
				shared = high - low;
		}
		n++;
		*n_matched += 2 * shared > mine.end - mine.start;
	}
	return n;
}

void night_events_feeds(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out)
{
	size_t matched;

	out->truth += count_sittings(truth, NULL, seen, n_seconds, &matched);
	out->found += matched;
	size_t n_read = count_sittings(NULL, truth, seen, n_seconds, &matched);
	out->wrong += n_read - matched;
}

/* ---- posture shifts ---------------------------------------------------------------------- */

static bool changes(const struct truth_second *truth)
{
	return truth->occupied != truth[-1].occupied || truth->posture != truth[-1].posture;
}

static bool turns(const struct truth_second *truth)
{
	return changes(truth) && truth_is_lying(truth) && truth_is_lying(truth - 1);
}

void night_events_shifts(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out)
{
	size_t open = 0; /* the last turn that no shift was read for; 0: none */
	size_t changed = 0;

	for (size_t i = 1; i < n_seconds; i++) {
		if (changes(&truth->seconds[i]))
			changed = i;
		if (turns(&truth->seconds[i])) {
			out->truth++;
			open = i;
		}
		if (!seen[i].shift)
			continue;
		if (open > 0 && i - open <= SHIFT_WITHIN_S)
			out->found++;
		else if (changed == 0 || i - changed > SHIFT_WITHIN_S)
			out->wrong++;
		open = 0;
	}
}

/* ---- postures in the chair --------------------------------------------------------------- */

static bool is_bad(enum seat_state state)
{
	return state == SEAT_LEAN_LEFT || state == SEAT_LEAN_RIGHT || state == SEAT_FORWARD ||
	       state == SEAT_SLUMP;
}

/* A bad state as a rule holds it: for how long, short pauses not counted. */
struct hold {
	enum seat_state state;
	size_t held_s, pause_s;
};

/* True in the second in which it has been held for long enough. */
static bool hold_step(struct hold *hold, enum seat_state seen)
{
	if (is_bad(seen) && seen == hold->state) {
		hold->pause_s = 0;
		return ++hold->held_s == BAD_HELD_S;
	}
	if (hold->held_s > 0 && ++hold->pause_s < BAD_PAUSE_S)
		return false;
	*hold = (struct hold){.state = seen, .held_s = is_bad(seen)};
	return false;
}

static bool is_found(
    const struct second_seen *seen, size_t start, size_t n_seconds, enum seat_state state)
{
	struct hold hold = {.state = SEAT_UNKNOWN};

	for (size_t i = start; i < start + BAD_WITHIN_S && i < n_seconds; i++)
		if (hold_step(&hold, seen[i].seat) && hold.state == state)
			return true;
	return false;
}

void night_events_bad(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out)
{
	const struct truth_second *t = truth->seconds;
	struct hold hold = {.state = SEAT_UNKNOWN};
	size_t start = 0, good_s = 0;

	for (size_t i = 0; i < n_seconds; i++) {
		if (i == 0 || t[i].seat != t[i - 1].seat)
			start = i;
		good_s = is_bad(t[i].seat) ? 0 : good_s + 1;
		if (is_bad(t[i].seat) && i + 1 - start == BAD_WITHIN_S) {
			out->truth++;
			out->found += is_found(seen, start, n_seconds, t[i].seat);
		}
		out->wrong += hold_step(&hold, seen[i].seat) && good_s > BAD_HELD_S;
	}
}

void night_events_good(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out)
{
	struct span sitting;

	for (size_t from = 0; next_sitting(truth, seen, n_seconds, from, &sitting);
	     from = sitting.end) {
		struct hold hold = {.state = SEAT_UNKNOWN};
		bool good = true, silent = true;
		for (size_t i = sitting.start; i < sitting.end; i++) {
			good = good && !is_bad(truth->seconds[i].seat);
			silent = !hold_step(&hold, seen[i].seat) && silent;
		}
		out->truth += good;
		out->found += good && silent;
	}
}
