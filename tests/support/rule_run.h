/* Runs one rule over made observations, once a second, and keeps what it says. */
#ifndef LUMBAR_TESTS_RULE_RUN_H
#define LUMBAR_TESTS_RULE_RUN_H

#include "detect/detector.h"

#define RULE_FINDINGS_MAX 16

struct rule_run {
	const struct detector *rule;
	void *state; /* owned */
	int64_t now_ns;
	int64_t real_ns;                          /* of now; 0: no clock */
	struct event findings[RULE_FINDINGS_MAX]; /* one a start or a day, its last word */
	size_t n_findings, n_words;
};

/* settings: "limit=5 min" and so on, ends with NULL; NULL for the fallbacks. */
void rule_begin(struct rule_run *run, const char *name, const char *const *settings);

/* The clock: local time (UTC) on 2026-11-22 at which the run stands. Before the first second. */
void rule_set_clock(struct rule_run *run, int hour, int minute);

/* `seconds` observations like `o`, a second apart; times are filled in. */
void rule_feed(struct rule_run *run, const struct observation *o, int seconds);

/* What the pipeline does at a gap: finish, reset, time goes on, and the next dt_s is 0. */
void rule_gap(struct rule_run *run, int seconds);

/* The facts of nights, judged. */
void rule_judge(struct rule_run *run, const struct night_facts *nights, size_t n_nights);

/* finish() and free. */
void rule_end(struct rule_run *run);

/* Somebody who is surely there, on a healthy mat. */
struct observation rule_lying(enum posture posture);
struct observation rule_sitting(enum seat_state state);
struct observation rule_empty(enum surface_kind kind);
struct observation rule_unknown(enum surface_kind kind);
struct observation rule_technical(enum surface_kind kind);

/* A night that was seen whole: `lying_h` hours of lying, the rest away. */
struct night_facts rule_night(int32_t day, float lying_h);

#endif
