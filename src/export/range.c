#include "export/range.h"

#include "base/clock.h"

#include <errno.h>
#include <stdlib.h>

static int read_nights(struct range *range, int32_t from, int32_t to, struct error *err)
{
	size_t n_days = (size_t)((int64_t)to - from + 1), n = 0;
	struct night_facts *facts = calloc(n_days, sizeof(*facts));
	int rc = facts ? query_nights(range->store, to, facts, n_days, &n, err)
	               : error_set(err, -ENOMEM, "out of memory");

	range->nights = rc == 0 ? calloc(n_days, sizeof(*range->nights)) : NULL;
	if (rc == 0 && !range->nights)
		rc = error_set(err, -ENOMEM, "out of memory");
	for (size_t i = 0; rc == 0 && range->nights && i < n; i++) {
		struct range_night *night = &range->nights[range->n_nights];

		if (facts[i].day < from)
			continue;
		night->facts = facts[i];
		night->running = night_until(&night->facts, range->now_ns);
		range->n_nights++;
	}
	free(facts);
	return rc;
}

int range_read(struct range *range, struct store *store, int32_t from, int32_t to, int64_t now_ns,
    struct error *err)
{
	char first[DATE_SIZE], last[DATE_SIZE];

	*range = (struct range){.store = store, .now_ns = now_ns};
	int rc = read_nights(range, from, to, err);
	if (rc == 0 && range->n_nights == 0) {
		clock_format_day(from, first);
		clock_format_day(to, last);
		rc = error_set(err, -ENODATA,
		    "nothing was recorded in the nights that end on %s to %s; lumbar nights lists "
		    "those there are",
		    first, last);
	}
	if (rc == 0)
		rc = query_surfaces(store, &range->surfaces, &range->n_surfaces, err);
	if (rc == 0)
		rc = query_events(store, range->nights[0].facts.start_ns,
		    range->nights[range->n_nights - 1].facts.end_ns, &range->events,
		    &range->n_events, err);
	if (rc != 0)
		range_finish(range);
	return rc;
}

void range_finish(struct range *range)
{
	free(range->nights);
	free(range->surfaces);
	free(range->events);
	*range = (struct range){0};
}

int range_epochs(const struct range *range, size_t night, struct stored_epoch **epochs, size_t *n,
    struct error *err)
{
	const struct night_facts *facts = &range->nights[night].facts;

	return query_epochs(range->store, facts->start_ns - EPOCH_NS / 2,
	    facts->end_ns - EPOCH_NS / 2, epochs, n, err);
}

int range_minutes(
    const struct range *range, size_t night, struct minutes **minutes, struct error *err)
{
	*minutes = malloc(sizeof(**minutes));
	if (!*minutes)
		return error_set(err, -ENOMEM, "out of memory");
	int rc = minutes_read(range->store, range->nights[night].facts.day, *minutes, err);
	if (rc != 0) {
		free(*minutes);
		*minutes = NULL;
	}
	return rc;
}

int range_feeds(const struct minutes *minutes, struct sitting **feeds, size_t *n)
{
	struct sitting sitting;
	size_t from = 0;

	*n = 0;
	*feeds = calloc(NIGHT_MINUTES_MAX / 5, sizeof(**feeds)); /* each lasts 5 min or more */
	if (!*feeds)
		return -ENOMEM;
	while (minutes_next_sitting(minutes, from, &sitting)) {
		if (sitting.seated_s >= SITTING_FEED_S)
			(*feeds)[(*n)++] = sitting;
		from = sitting.last + 1;
	}
	return 0;
}

const struct stored_surface *range_surface(const struct range *range, int surface_id)
{
	for (size_t i = 0; i < range->n_surfaces; i++)
		if (range->surfaces[i].id == surface_id)
			return &range->surfaces[i];
	return NULL;
}
