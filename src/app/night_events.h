/* What happens now and then in a simulated night, feeds and turns, found or not. */
#ifndef LUMBAR_APP_NIGHT_EVENTS_H
#define LUMBAR_APP_NIGHT_EVENTS_H

#include "app/night_truth.h"

#include <stdbool.h>
#include <stddef.h>

#define FEED_LEAST_S   300 /* a sitting of so long is a feed (core/night.h) */
#define FEED_PAUSE_S   60  /* a shorter absence does not end it */
#define SHIFT_WITHIN_S 90  /* a shift is told once the new map has been stable for 20 s */

#define BAD_HELD_S   60 /* a bad posture counts once held so long (methods.md, section 5), */
#define BAD_PAUSE_S  5  /* other states shorter than this not counted; */
#define BAD_WITHIN_S 75 /* then it is found */

/* What was read in one second. */
struct second_seen {
	bool person, shift;
	enum seat_state seat;
};

struct night_events {
	size_t truth, found, wrong; /* wrong: read, and nothing true near it */
};

/* Sittings of at least FEED_LEAST_S, found when more than half of one was read as one. */
void night_events_feeds(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out);

/*
 * Changes from one lying posture to another. A shift that was read after she lay down, sat up or
 * left is neither found nor wrong.
 */
void night_events_shifts(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out);

/*
 * Leans, forward and slump of BAD_WITHIN_S or more in the chair: found when that state has been
 * read for BAD_HELD_S by then. Wrong: any of them held while she sat well for as long.
 */
void night_events_bad(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out);

/* Feeds in which she sat well all the time; found: nothing bad was read in them. */
void night_events_good(const struct truth_surface *truth, const struct second_seen *seen,
    size_t n_seconds, struct night_events *out);

/* On a bed; never on a seat, whose truth has no posture. */
bool truth_is_lying(const struct truth_second *truth);

#endif
