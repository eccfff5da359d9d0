/* The designed nights of the gallery: who does what, on which mats. */
#ifndef LUMBAR_TESTS_DESIGNED_H
#define LUMBAR_TESTS_DESIGNED_H

#include "player.h"

#define DESIGNED_DAY 20526 /* 2026-03-14, the date of every newest night */

struct designed {
	const char *name;  /* of its files: "six-feeds" */
	const char *title; /* what a reader of the gallery reads */
	int n_nights;      /* the newest is the one that is shown */
	bool has_trend;    /* the nights are shown side by side too */
	void (*home)(struct home *home);
	/* A night; `before` nights before the newest. */
	void (*plan)(struct night_plan *plan, int before);
};

extern const struct designed designed[];
extern const size_t n_designed;

/* Plays all its nights into a database at path. 0 or -errno. */
int designed_play(const struct designed *what, const char *path, struct error *err);

#endif
