#include "app/due.h"

#include "base/clock.h"
#include "store/breaks.h"
#include "store/query.h"

#include <string.h>

static const int64_t look_every_ns = NS_PER_MIN;

static bool is_due(const struct due *due, int32_t day)
{
	for (size_t i = 0; i < due->n; i++)
		if (due->days[i] == day)
			return true;
	return false;
}

void due_add(struct due *due, int32_t first, int32_t last)
{
	for (int32_t day = first > last - DUE_LOOK ? first : last - DUE_LOOK + 1; day <= last;
	     day++)
		if (due->n < DUE_DAYS_MAX && !is_due(due, day))
			due->days[due->n++] = day;
}

void due_done(struct due *due)
{
	if (due->n > 0)
		memmove(due->days, due->days + 1, --due->n * sizeof(*due->days));
}

/* A level that came late may also be what the newest night lacked for "lasting". */
static void compare_pains(struct due *due, int32_t last_day, const int *pains)
{
	for (int32_t i = 0; i < DUE_LOOK; i++) {
		int32_t before = i + last_day - due->last_day;
		/* A day that was not over before was judged without what came just after its noon. */
		int was = before < DUE_LOOK ? due->pains[before] : -1;

		if (pains[i] == was)
			continue;
		due_add(due, last_day - DUE_LOOK + 1 + i, last_day - DUE_LOOK + 1 + i);
		due_add(due, last_day, last_day);
	}
}

/* Another person or mat that was noted late, or taken back; or a clock that dates one anew. */
static int look_at_breaks(struct due *due, struct store *store, int32_t last_day, struct error *err)
{
	int32_t days[DUE_LOOK];
	size_t n = 0;
	int rc = query_judged_otherwise(store, last_day - DUE_LOOK + 1, last_day, days, &n, err);

	for (size_t i = 0; i < n; i++)
		due_add(due, days[i], days[i]);
	return rc;
}

int due_look(
    struct due *due, struct store *store, int32_t last_day, int64_t mono_ns, struct error *err)
{
	int pains[DUE_LOOK];

	if (due->looked && mono_ns < due->next_look_ns)
		return 0;
	due->next_look_ns = mono_ns + look_every_ns;
	int rc = look_at_breaks(due, store, last_day, err);
	if (rc == 0)
		rc = query_pains(store, last_day - DUE_LOOK + 1, last_day, pains, err);
	if (rc != 0)
		return rc;
	/* Of a clock that was far off the days of before are others. */
	if (due->looked && last_day >= due->last_day && last_day - due->last_day < DUE_LOOK)
		compare_pains(due, last_day, pains);
	due->looked = true;
	due->last_day = last_day;
	memcpy(due->pains, pains, sizeof(pains));
	return 0;
}
