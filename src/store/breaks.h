/*
 * Breaks: what ended the nights that can be compared with those that follow. A person is replaced
 * when she says so; a mat when she says so, or when the bed has another one: other cells, or a
 * calibration that names another (`mat` in its file). Its calibration alone ends only what is
 * compared of loads. The mats are written as they come (the table `mat`), and what follows from
 * them is found when asking, so a clock that is set late or a replay needs no correction.
 *
 * A place is the name of a surface. A name that never comes again and another one that comes after
 * it are one place. Chairs are left out: no figure over nights rests on a chair's cells.
 */
#ifndef LUMBAR_STORE_BREAKS_H
#define LUMBAR_STORE_BREAKS_H

#include "core/night.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BREAK_MAT_SIZE 72 /* "64 x 32 cells of 27 mm, PMD-2" */

struct stored_break {
	int32_t day;    /* the date of it: nights that end later come after it */
	unsigned eras;  /* which it begins: bits of enum era */
	unsigned found; /* those of them that the mats themselves tell; the others she entered */
	bool same_mat;  /* she says that the mat which was found is the one before */
	char text[NOTE_SIZE];                               /* her words, or "" */
	char before[BREAK_MAT_SIZE], after[BREAK_MAT_SIZE]; /* the mats, when they tell it */
};

/*
 * All breaks, the oldest first, one a date; those of ERA_GAIN alone among them. 0 or -errno; the
 * caller frees.
 */
int query_breaks(struct store *store, struct stored_break **out, size_t *n, struct error *err);

/* Fills the era_day of each night. 0 or -errno. */
int breaks_mark_nights(
    struct store *store, struct night_facts *nights, size_t n, struct error *err);

/* What she says of it. */
enum break_entry {
	BREAK_PERSON,   /* another person sleeps there */
	BREAK_MAT,      /* another mat lies there */
	BREAK_SAME_MAT, /* the mat that was found to be another on that day is not */
};

/* text: her words, or "". One entry of a kind a day. 0 or -errno; -ERANGE: too long. */
int store_break(struct store *store, int32_t day, enum break_entry kind, const char *text,
    int64_t real_ns, struct error *err);
/* -ENOENT: there is no such entry. */
int store_take_break_back(
    struct store *store, int32_t day, enum break_entry kind, struct error *err);

/* The rules over nights have judged this night, knowing these breaks. 0 or -errno. */
int store_judged(struct store *store, const struct night_facts *night, struct error *err);

/*
 * The nights that end on [first, last] which were judged knowing other breaks than there are now:
 * days has room for all. 0 or -errno.
 */
int query_judged_otherwise(
    struct store *store, int32_t first, int32_t last, int32_t *days, size_t *n, struct error *err);

#endif
