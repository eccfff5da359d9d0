/*
 * What is exported: the recorded nights of a range of dates, and what they share. A night lasts
 * from noon to noon and carries the date on which it ends. One thread.
 */
#ifndef LUMBAR_EXPORT_RANGE_H
#define LUMBAR_EXPORT_RANGE_H

#include "store/minutes.h"
#include "store/query.h"

#define RANGE_NIGHTS_MAX 366

struct range {
	struct store *store; /* borrowed */
	struct range_night {
		struct night_facts facts; /* unknown_s of a running night: up to now */
		bool running;             /* its second noon is still to come */
	} * nights;                       /* oldest first; those that were recorded */
	size_t n_nights;                  /* > 0 */
	struct stored_surface *surfaces;
	size_t n_surfaces;
	struct stored_event *events; /* that overlap the nights, and those about them */
	size_t n_events;
	int64_t now_ns;
};

/*
 * Gathers the nights [from, to], at most RANGE_NIGHTS_MAX days, with the real time now. Returns 0;
 * -ENODATA when none was recorded; -errno. The store is borrowed until finish.
 */
int range_read(struct range *range, struct store *store, int32_t from, int32_t to, int64_t now_ns,
    struct error *err);
void range_finish(struct range *range); /* of a zeroed range it is legal */

/*
 * The minutes of every mat in one of the nights, oldest first; free(). A minute that crosses noon
 * belongs to the night in which its middle lies, as everywhere.
 */
int range_epochs(const struct range *range, size_t night, struct stored_epoch **epochs, size_t *n,
    struct error *err);

/* The night laid over all mats, as minutes_read(); free(). */
int range_minutes(
    const struct range *range, size_t night, struct minutes **minutes, struct error *err);

/* The stays in the chair that count as feeds; free(). */
int range_feeds(const struct minutes *minutes, struct sitting **feeds, size_t *n);

const struct stored_surface *range_surface(const struct range *range, int surface_id); /* or NULL */

#endif
