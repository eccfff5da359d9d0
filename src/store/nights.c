/*
 * The facts of a night, counted from its minutes (core/night.h says what each one is). A minute
 * does not tell when in it something happened, so an absence is as long as the absent seconds of
 * minutes that follow one another: a pause of 60 s is found to within a minute, a shorter one is
 * no absence. What is not known ends a rest as an absence does: it is never taken for lying.
 */
#include "base/clock.h"
#include "store/breaks.h"
#include "store/database.h"
#include "store/minutes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define ABSENCE_S      60.0f  /* docs/methods.md, section 4: under 60 s is repositioning */
#define SEAT_UNKNOWN_S 300.0f /* a fault of the chair's mat shorter than this does not end a feed */
#define FAR_DAY        100000 /* in 2243: after any night; its ns still fit in 64 bits */
#define LYING_WHOLE_S  55.0f  /* of a minute */
#define NOTHING_S      1.0f   /* frames do not come on the second: less than this is none */

/* Adds this minute's share to a stretch that must be unbroken, or begins it anew. */
static float stretch(float so_far_s, float here_s)
{
	return here_s < NOTHING_S ? 0.0f : so_far_s + here_s;
}

static float bed_unknown_s(const struct minute *m)
{
	return fmaxf(0.0f, 60.0f - m->lying_s - m->edge_s - m->bed_empty_s);
}

static void count_rest(const struct minutes *minutes, struct night_facts *facts)
{
	float rest_s = 0.0f, unchanged_s = 0.0f, absent_s = 0.0f, unknown_s = 0.0f;

	for (size_t i = 0; i < minutes->n; i++) {
		const struct minute *m = &minutes->minute[i];

		absent_s = stretch(absent_s, m->edge_s + m->bed_empty_s);
		unknown_s = stretch(unknown_s, bed_unknown_s(m));
		if (absent_s >= ABSENCE_S || unknown_s >= ABSENCE_S)
			rest_s = unchanged_s = 0.0f;
		rest_s += m->lying_s;
		/* When in its minute a shift came is not known: the minute is of neither side. */
		unchanged_s = m->shifts > 0 ? 0.0f : unchanged_s + m->lying_s;
		facts->longest_rest_s = fmaxf(facts->longest_rest_s, rest_s);
		facts->longest_unchanged_s = fmaxf(facts->longest_unchanged_s, unchanged_s);
	}
}

/* An exit counts when lying follows it: the last rising of the night is none. */
static void count_exits(const struct minutes *minutes, struct night_facts *facts)
{
	float empty_s = 0.0f;
	bool lain = false, left = false;

	for (size_t i = 0; i < minutes->n; i++) {
		const struct minute *m = &minutes->minute[i];

		empty_s = stretch(empty_s, m->bed_empty_s);
		left = left || (lain && empty_s >= ABSENCE_S);
		if (m->lying_s < NOTHING_S)
			continue;
		lain = true;
		/* In a minute that is partly empty she may be going as well as coming. */
		if (empty_s > 0.0f)
			continue;
		facts->exits += left;
		left = false;
	}
}

static void add_sitting(struct sitting *sitting, const struct minute *m, float *sideways_s)
{
	sitting->seated_s += m->seated_s;
	sitting->bends += m->bends;
	for (int s = 0; s < SEAT_STATE_COUNT; s++)
		sitting->seat_s[s] += m->seat_s[s];
	if (!isfinite(m->sideways_ratio))
		return;
	float before_s = *sideways_s;
	*sideways_s += m->seated_s;
	sitting->sideways_ratio = before_s > 0.0f ? (sitting->sideways_ratio * before_s +
	                                                m->sideways_ratio * m->seated_s) /
	                                                *sideways_s
	                                          : m->sideways_ratio;
	if (!(fabsf(sitting->sideways_peak_ratio) > fabsf(m->sideways_peak_ratio)))
		sitting->sideways_peak_ratio = m->sideways_peak_ratio;
}

bool minutes_next_sitting(const struct minutes *minutes, size_t from, struct sitting *out)
{
	float empty_s = 0.0f, unknown_s = 0.0f, sideways_s = 0.0f;
	size_t i = from;

	while (i < minutes->n && minutes->minute[i].seated_s < NOTHING_S)
		i++;
	if (i == minutes->n)
		return false;
	*out = (struct sitting){
	    .first = i, .last = i, .sideways_ratio = NAN, .sideways_peak_ratio = NAN};
	for (; i < minutes->n; i++) {
		const struct minute *m = &minutes->minute[i];
		bool sits = m->seated_s >= NOTHING_S;

		/* The empty seconds of the first minute came before she sat down. */
		empty_s = i == out->first ? 0.0f : stretch(empty_s, m->seat_empty_s);
		unknown_s = stretch(unknown_s, 60.0f - m->seated_s - m->seat_empty_s);
		if (empty_s >= ABSENCE_S || unknown_s >= SEAT_UNKNOWN_S)
			break;
		if (!sits)
			continue;
		out->last = i;
		add_sitting(out, m, &sideways_s);
	}
	for (i = out->first; i <= out->last; i++)
		out->observed_s += minutes->minute[i].seat_observed_s;
	return true;
}

static void count_feeds(const struct minutes *minutes, struct night_facts *facts)
{
	struct sitting sitting;

	for (size_t i = 0; minutes_next_sitting(minutes, i, &sitting); i = sitting.last + 1) {
		if (sitting.seated_s < SITTING_FEED_S)
			continue;
		facts->feeds++;
		facts->feed_s += sitting.seated_s;
	}
}

struct weighed {
	float value, weight_s;
};

static int by_value(const void *a, const void *b)
{
	float x = ((const struct weighed *)a)->value, y = ((const struct weighed *)b)->value;

	return (x > y) - (x < y);
}

/* The value at which half of the weight lies below; NAN: there is none. Sorts. */
static float weighed_median(struct weighed *values, size_t n)
{
	float whole_s = 0.0f, below_s = 0.0f, median = NAN;

	for (size_t i = 0; i < n; i++)
		whole_s += values[i].weight_s;
	qsort(values, n, sizeof(values[0]), by_value);
	for (size_t i = 0; i < n; i++) {
		below_s += values[i].weight_s;
		median = values[i].value;
		if (below_s >= 0.5f * whole_s)
			break;
	}
	return median;
}

static void find_valley(const struct minutes *minutes, struct night_facts *facts)
{
	struct weighed values[NIGHT_MINUTES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < minutes->n; i++) {
		const struct minute *m = &minutes->minute[i];
		if (!isfinite(m->valley_ratio) || !(m->quiet_supine_s > 0.0f))
			continue;
		values[n++] = (struct weighed){m->valley_ratio, m->quiet_supine_s};
		facts->quiet_supine_s += m->quiet_supine_s;
	}
	facts->valley_ratio = weighed_median(values, n);
}

/* Of minutes in which she lay throughout: getting in and out is neither. */
static void find_load(const struct minutes *minutes, struct night_facts *facts)
{
	struct weighed values[NIGHT_MINUTES_MAX];
	size_t n = 0;

	for (size_t i = 0; i < minutes->n && facts->bed_sense != SENSE_SWITCH; i++) {
		const struct minute *m = &minutes->minute[i];
		if (isfinite(m->load) && m->load > 0.0f && m->lying_s >= LYING_WHOLE_S)
			values[n++] = (struct weighed){m->load, m->lying_s};
	}
	facts->load = weighed_median(values, n);
}

static void count_sleep(const struct minutes *minutes, struct night_facts *facts)
{
	enum sleep_state states[NIGHT_MINUTES_MAX];

	for (size_t i = 0; i < minutes->n; i++)
		states[i] = minutes->minute[i].sleep;
	sleep_count(states, minutes->n, &facts->sleep);
	if (!minutes->has_bed || minutes->bed_sense == SENSE_SWITCH)
		facts->sleep = (struct night_sleep){NAN, NAN, NAN, NAN, NAN, -1};
}

void minutes_facts(const struct minutes *minutes, struct night_facts *facts)
{
	*facts = (struct night_facts){
	    .day = minutes->day,
	    .start_ns = minutes->start_ns,
	    .end_ns = minutes_real_ns(minutes, minutes->n),
	    .start_offset_s = minutes_offset_s(minutes, 0),
	    .utc_offset_s = minutes_offset_s(minutes, minutes->n),
	    .bed_sense = minutes->bed_sense,
	    .valley_ratio = NAN,
	    .load = NAN,
	    .pain = -1,
	};
	double known_s = 0.0;
	for (size_t i = 0; i < minutes->n; i++) {
		const struct minute *m = &minutes->minute[i];

		size_t clock = minutes_on_clock(minutes, i);

		if (clock >= NIGHT_DARK_FROM && clock < NIGHT_DARK_TO) {
			facts->dark_s += 60.0f;
			facts->dark_observed_s += minutes->has_bed ? m->bed_observed_s
			                                           : m->seat_observed_s;
		}
		facts->bed_observed_s += m->bed_observed_s;
		facts->lying_s += m->lying_s;
		facts->sitting_s += m->edge_s + m->seated_s;
		facts->away_s += m->away_s;
		facts->shifts += m->shifts;
		for (int p = 0; p < POSTURE_COUNT; p++)
			facts->posture_s[p] += m->posture_s[p];
		known_s += (double)minute_known_s(m);
	}
	facts->unknown_s = (float)fmax(0.0, (double)minutes->n * 60.0 - known_s);
	count_rest(minutes, facts);
	count_exits(minutes, facts);
	count_feeds(minutes, facts);
	find_valley(minutes, facts);
	find_load(minutes, facts);
	count_sleep(minutes, facts);
}

int query_pains(struct store *store, int32_t from, int32_t to, int *pains, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(
	    store, "SELECT day, level FROM pain WHERE day BETWEEN ? AND ?", err);
	int step = SQLITE_ERROR;

	if (!statement)
		return err && err->code ? err->code : -EIO;
	for (int32_t day = from; day <= to; day++)
		pains[day - from] = -1;
	sqlite3_bind_int(statement, 1, from);
	sqlite3_bind_int(statement, 2, to);
	while ((step = sqlite3_step(statement)) == SQLITE_ROW)
		pains[sqlite3_column_int(statement, 0) - from] = sqlite3_column_int(statement, 1);
	int rc = step == SQLITE_DONE ? 0 : database_fault(store, "reading", err);
	sqlite3_finalize(statement);
	return rc;
}

static int read_night(
    struct store *store, int32_t day, struct night_facts *facts, struct error *err)
{
	struct minutes *minutes = malloc(sizeof(*minutes));

	if (!minutes)
		return error_set(err, -ENOMEM, "out of memory");
	int pain = -1;
	int rc = minutes_read(store, day, minutes, err);
	if (rc == 0)
		rc = query_pains(store, day, day, &pain, err);
	if (rc == 0) {
		minutes_facts(minutes, facts);
		facts->pain = pain;
	}
	free(minutes);
	return rc;
}

int query_night(struct store *store, int32_t day, struct night_facts *facts, struct error *err)
{
	int rc = read_night(store, day, facts, err);

	return rc == 0 ? breaks_mark_nights(store, facts, 1, err) : rc;
}

int query_day_until(struct store *store, int32_t last_day, int32_t *day, struct error *err)
{
	/* The newest epoch that lies in such a night: an index look-up per session. */
	static const char sql[] =
	    "SELECT max((SELECT max(start_ns) FROM epoch e WHERE e.session_id = c.session_id AND "
	    "start_ns < ?1 - c.offset_ns) + c.offset_ns) FROM clock c";
	int64_t half_ns = EPOCH_NS / 2; /* epochs are taken at their middle, as minutes.c does */
	struct noon_offsets offsets;
	int rc = noon_read(store, last_day, last_day, &offsets, err);
	sqlite3_stmt *statement = rc == 0 ? database_prepare(store, sql, err) : NULL;

	if (!statement)
		return rc != 0 ? rc : err && err->code ? err->code : -EIO;
	sqlite3_bind_int64(statement, 1, noon_ns(&offsets, last_day) - half_ns);
	if (sqlite3_step(statement) != SQLITE_ROW)
		rc = database_fault(store, "reading", err);
	else if (sqlite3_column_type(statement, 0) == SQLITE_NULL)
		rc = error_set(err, -ENODATA, "%s: no night is recorded", store->path);
	else
		rc = noon_night_of(store, sqlite3_column_int64(statement, 0) + half_ns, day, err);
	sqlite3_finalize(statement);
	return rc;
}

int query_nights(struct store *store, int32_t last_day, struct night_facts *nights, size_t n_max,
    size_t *n, struct error *err)
{
	size_t found = 0;
	int rc = 0;

	/* From the end of the array backwards, so that the newest stands last. */
	for (int32_t day = last_day; found < n_max && rc == 0; day--) {
		struct error night = {0};

		rc = read_night(store, day, &nights[n_max - 1 - found], &night);
		if (rc == -ENODATA) { /* none of that date: which is the one before? */
			rc = query_day_until(store, day - 1, &last_day, &night);
			day = last_day < day ? last_day + 1 : day;
		} else if (rc == 0) {
			found++;
		}
		if (rc != 0 && rc != -ENODATA)
			return error_set(err, rc, "%s", night.text);
	}
	for (size_t i = 0; i < found; i++)
		nights[i] = nights[n_max - found + i];
	*n = found;
	return breaks_mark_nights(store, nights, found, err);
}

int query_last_day(struct store *store, int32_t *day, struct error *err)
{
	return query_day_until(store, FAR_DAY, day, err);
}
