/*
 * The model of one night: everything a report says, gathered and chosen once. night_document.c
 * puts it into words, json.c writes it for programs, so their figures cannot differ.
 */
#ifndef LUMBAR_REPORT_NIGHT_H
#define LUMBAR_REPORT_NIGHT_H

#include "guidance/guidance.h"
#include "report/load_change.h"
#include "store/breaks.h"
#include "store/minutes.h"
#include "store/query.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define REPORT_FEEDS_MAX  48
#define REPORT_NIGHTS_MAX 8 /* this one and seven before it */
#define REPORT_TRIES_MAX  2

/* What is shown of a minute, as seconds of it. */
enum lane {
	LANE_BED, /* lying */
	LANE_EDGE,
	LANE_CHAIR,
	LANE_AWAY,
	LANE_UNKNOWN,
	LANE_SUPINE,
	LANE_LEFT,
	LANE_RIGHT,
	LANE_PRONE,
	LANE_OTHER, /* lying, posture not known */
	LANE_MOVING,
	LANE_ASLEEP, /* estimated, as is awake: whole minutes */
	LANE_AWAKE,  /* in bed */
	LANE_SLEEP_UNKNOWN,
	LANE_COUNT,
};

/* A key frame worth showing, and why. frame NULL: there is none. */
struct report_map {
	const struct stored_keyframe *frame;
	const struct stored_surface *surface;
	const struct stored_event *event; /* the finding that it shows, or NULL */
	const char *title;
	struct cell_place *places; /* of a free layout, owned; as many as the frame has cells */
};
enum { MAP_TYPICAL, MAP_STRONGEST, MAP_FEED, MAP_COUNT };

/* What is known of the mattress. */
enum support_word {
	SUPPORT_NOT_ASSESSED, /* too little quiet time on the back */
	SUPPORT_INCONCLUSIVE, /* between the absolute limits, nothing found against a reference */
	SUPPORT_FOUND,        /* soft_support has a finding */
	SUPPORT_NO_SIGN,
	SUPPORT_NO_REFERENCE, /* inconclusive: after a break, with too few nights for a reference */
};

struct report_night {
	struct night_facts facts; /* unknown_s of a running night: up to now */
	struct minutes *minutes;
	bool running;     /* the second noon is still to come */
	int64_t now_ns;   /* real; 0: not given */
	size_t n_minutes; /* that have passed, all when it is over */
	size_t from, to;  /* of the night and of what lies outside it, whole hours: for strips */

	struct stored_surface *surfaces;
	size_t n_surfaces;
	struct stored_event *events; /* technical ones included; those of the night last */
	size_t n_events;
	struct stored_keyframe *frames;
	size_t n_frames;

	struct sitting feeds[REPORT_FEEDS_MAX];
	size_t n_feeds;
	struct night_facts nights[REPORT_NIGHTS_MAX]; /* this one last; days may be missing */
	size_t n_nights;
	struct stored_break *breaks; /* between those nights, as of report/anew.h */
	size_t n_breaks;
	struct load_change load; /* against the nights before */
	struct report_map maps[MAP_COUNT];

	float covered_s, cover_of_s; /* bed seen from 21 to 7 o'clock, and how long that was */
	float technical_s;
	float health_ratio; /* mean share of living cells, NAN: not known */
	float undated_s;    /* seen by a mat while the clock was not known: of no night */
	bool calibrated;    /* every mat of this night reads mmHg */
	enum support_word support;

	bool has_verdict;                             /* at least half of the night was seen */
	const struct advice *tries[REPORT_TRIES_MAX]; /* things to try tonight; NULL: none */
	const struct advice *unmeasured; /* one of those that no mat can measure, by the date */
};

/*
 * Gathers the night that ends on `day`. now_ns: the real time now, 0 for a night long past.
 * Returns 0; -ENODATA when nothing was recorded; -errno. The caller frees.
 */
int report_build(
    struct store *store, int32_t day, int64_t now_ns, struct report_night **out, struct error *err);
void report_free(struct report_night *report); /* NULL is legal */

float report_lane_s(const struct minute *minute, enum lane lane);
const struct stored_surface *report_surface(const struct report_night *report, int surface_id);
bool report_is_finding(const struct stored_event *event); /* information or advice */
size_t report_n_findings(const struct report_night *report);

#endif
