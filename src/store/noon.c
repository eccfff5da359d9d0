#include "store/noon.h"

#include "base/clock.h"
#include "store/database.h"

#include <errno.h>

/* Local noon comes 14 h before that of UTC at the earliest, 12 h after it at the latest. */
#define EARLIEST_NS (14 * NS_PER_H)
#define LATEST_NS   (12 * NS_PER_H)

/* Anchors come each hour: with the one before it the offset is known at its beginning. */
#define BEFORE_NS NS_PER_H

static int64_t utc_noon_ns(int32_t day)
{
	return ((int64_t)day * 24 + 12) * NS_PER_H;
}

/* Of more changes than there is room for the newest ones count. */
static void add_change(struct noon_offsets *offsets, int64_t real_ns, int32_t utc_offset_s)
{
	if (offsets->n > 0 && offsets->changes[offsets->n - 1].utc_offset_s == utc_offset_s)
		return;
	if (offsets->n == NOON_CHANGES_MAX)
		offsets->n--;
	offsets->changes[offsets->n++] = (struct noon_change){real_ns, utc_offset_s};
}

/* clang-format off */
static const char offsets_sql[] =
    "SELECT a.mono_ns + c.offset_ns AS real_ns, a.utc_offset_s "
    "FROM clock c CROSS JOIN anchor a USING (session_id) "
    "WHERE a.mono_ns >= ?1 - c.offset_ns AND a.mono_ns < ?2 - c.offset_ns "
    "AND " DATABASE_ANCHOR_AGREES " ORDER BY 1";
/* clang-format on */

int noon_read(struct store *store, int32_t first_day, int32_t last_day,
    struct noon_offsets *offsets, struct error *err)
{
	sqlite3_stmt *anchors = database_prepare(store, offsets_sql, err);
	int step = SQLITE_ERROR;

	*offsets = (struct noon_offsets){0};
	if (!anchors)
		return err && err->code ? err->code : -EIO;
	sqlite3_bind_int64(anchors, 1, utc_noon_ns(first_day) - EARLIEST_NS - BEFORE_NS);
	sqlite3_bind_int64(anchors, 2, utc_noon_ns(last_day) + LATEST_NS);
	while ((step = sqlite3_step(anchors)) == SQLITE_ROW)
		add_change(
		    offsets, sqlite3_column_int64(anchors, 0), sqlite3_column_int(anchors, 1));
	int rc = step == SQLITE_DONE ? 0 : database_fault(store, "reading", err);
	sqlite3_finalize(anchors);
	if (offsets->n == 0)
		add_change(offsets, 0,
		    (int32_t)database_number(store,
		        "SELECT utc_offset_s FROM clock ORDER BY session_id DESC LIMIT 1", 0));
	return rc;
}

int32_t noon_offset_s(const struct noon_offsets *offsets, int64_t real_ns)
{
	size_t i = offsets->n - 1;

	while (i > 0 && offsets->changes[i].real_ns > real_ns)
		i--;
	return offsets->changes[i].utc_offset_s;
}

int64_t noon_ns(const struct noon_offsets *offsets, int32_t day)
{
	int64_t utc_ns = utc_noon_ns(day);
	int32_t later_s = noon_offset_s(offsets, utc_ns + LATEST_NS);

	/* By the offset that holds then, not by one that came in the afternoon. */
	return utc_ns - noon_offset_s(offsets, utc_ns - later_s * NS_PER_S) * NS_PER_S;
}

int noon_night_of(struct store *store, int64_t real_ns, int32_t *day, struct error *err)
{
	struct noon_offsets offsets;
	int32_t guess = clock_local_day(real_ns, 0);
	int rc = noon_read(store, guess - 1, guess + 1, &offsets, err);

	*day = guess - 1;
	while (rc == 0 && *day < guess + 2 && noon_ns(&offsets, *day) <= real_ns)
		(*day)++;
	return rc;
}
