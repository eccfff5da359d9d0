/*
 * A pattern: what a cue looks or feels like, as times in ms, on and off in turn, on first and last:
 * "200 200 200" is two short ones. One line, no brightness and no loudness: a cue is seen or felt,
 * and disturbs nobody who sleeps beside it.
 */
#ifndef LUMBAR_LIVE_PATTERN_H
#define LUMBAR_LIVE_PATTERN_H

#include "base/error.h"

#include <stddef.h>

/* Starting points of our own: shorter is not felt of a small motor, longer is no hint any more. */
#define PATTERN_TIMES_MAX 15
#define PATTERN_LEAST_MS  20
#define PATTERN_MOST_MS   2000
#define PATTERN_TOTAL_MS  10000

struct pattern {
	size_t n_times; /* 0: none, silence; else odd */
	int ms[PATTERN_TIMES_MAX];
};

/*
 * "200 200 200", "none" or "" into a pattern. 0, or -EINVAL (no such list) or -ERANGE (a time, the
 * number of times or their sum) with err opened by `where`. Thread: any.
 */
int pattern_parse(
    const char *text, const struct place *where, struct pattern *pattern, struct error *err);

/* The way back; returns `text`. */
#define PATTERN_TEXT_SIZE 80
const char *pattern_text(const struct pattern *pattern, char text[static PATTERN_TEXT_SIZE]);

#endif
