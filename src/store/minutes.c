#include "store/minutes.h"

#include "base/clock.h"
#include "store/database.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_S 60.0f
#define NOON_S   (12 * 3600)

/* One mat within one minute: the sum of what its sessions (mostly one) saw of it. */
struct mat {
	int surface_id; /* 0: free */
	enum surface_kind kind;
	enum sense sense;
	struct epoch sum;
};

struct mats {
	struct mat mat[NIGHT_SURFACES_MAX];
	size_t n;
};

int32_t minutes_night_of(int64_t real_ns, int32_t utc_offset_s)
{
	return clock_local_day(real_ns + NOON_S * NS_PER_S, utc_offset_s);
}

int64_t minutes_real_ns(const struct minutes *minutes, size_t minute)
{
	return minutes->start_ns + (int64_t)minute * EPOCH_NS;
}

int32_t minutes_offset_s(const struct minutes *minutes, size_t minute)
{
	return noon_offset_s(&minutes->offsets, minutes_real_ns(minutes, minute));
}

size_t minutes_on_clock(const struct minutes *minutes, size_t minute)
{
	int32_t of_day_s = clock_second_of_day(
	    minutes_real_ns(minutes, minute), minutes_offset_s(minutes, minute));

	return (size_t)((of_day_s + NOON_S) % (2 * NOON_S)) / 60;
}

float minute_known_s(const struct minute *minute)
{
	return minute->lying_s + minute->edge_s + minute->seated_s + minute->away_s;
}

/* ---- the mats of one minute ------------------------------------------------------------- */

static struct mat *find_mat(struct mats *mats, int surface_id)
{
	for (size_t i = 0; i < mats->n; i++)
		if (mats->mat[i].surface_id == surface_id)
			return &mats->mat[i];
	return NULL;
}

static void scale_seconds(struct epoch *e, float factor)
{
	float *seconds[] = {&e->observed_s, &e->technical_s, &e->person_s, &e->object_s,
	    &e->empty_s, &e->unknown_s, &e->moving_s, &e->quiet_supine_s};

	for (size_t i = 0; i < sizeof(seconds) / sizeof(seconds[0]); i++)
		*seconds[i] *= factor;
	for (int i = 0; i < POSTURE_COUNT; i++)
		e->posture_s[i] *= factor;
	for (int i = 0; i < SEAT_STATE_COUNT; i++)
		e->seat_s[i] *= factor;
}

/*
 * Two sessions may share a minute: the daemon was restarted in it, or two replays overlap. Seconds
 * add up, never to more than a minute; means are those of the better observed part, and so are turns
 * and bends when both saw more than a minute together, and so the same.
 */
static void add_epoch(struct epoch *sum, const struct epoch *part)
{
	struct epoch whole = part->observed_s > sum->observed_s ? *part : *sum;
	bool overlap = sum->observed_s + part->observed_s > MINUTE_S + 1.0f;

	whole.observed_s = sum->observed_s + part->observed_s;
	whole.technical_s = sum->technical_s + part->technical_s;
	whole.person_s = sum->person_s + part->person_s;
	whole.object_s = sum->object_s + part->object_s;
	whole.empty_s = sum->empty_s + part->empty_s;
	whole.unknown_s = sum->unknown_s + part->unknown_s;
	whole.moving_s = sum->moving_s + part->moving_s;
	whole.quiet_supine_s = sum->quiet_supine_s + part->quiet_supine_s;
	if (!overlap) {
		whole.shifts = sum->shifts + part->shifts;
		whole.bends = sum->bends + part->bends;
	}
	for (int i = 0; i < POSTURE_COUNT; i++)
		whole.posture_s[i] = sum->posture_s[i] + part->posture_s[i];
	for (int i = 0; i < SEAT_STATE_COUNT; i++)
		whole.seat_s[i] = sum->seat_s[i] + part->seat_s[i];
	if (whole.observed_s > MINUTE_S)
		scale_seconds(&whole, MINUTE_S / whole.observed_s);
	*sum = whole;
}

static void clear_mats(struct mats *mats)
{
	for (size_t i = 0; i < mats->n; i++)
		epoch_clear(&mats->mat[i].sum, 0);
}

/* ---- laying them over one another --------------------------------------------------------- */

static float nobody_s(const struct mat *mat)
{
	return mat->sum.empty_s + mat->sum.object_s;
}

static void take_bed(struct minute *m, const struct epoch *e)
{
	m->bed_observed_s = fmaxf(m->bed_observed_s, e->observed_s);
	m->edge_s += fminf(e->posture_s[POSTURE_EDGE], e->person_s);
	m->lying_s += fmaxf(0.0f, e->person_s - e->posture_s[POSTURE_EDGE]);
	m->bed_empty_s += e->empty_s + e->object_s;
	for (int i = 0; i < POSTURE_COUNT; i++)
		m->posture_s[i] += e->posture_s[i];
	/* What is no person, or may be none, lies in no posture. */
	m->posture_s[POSTURE_UNKNOWN] -= fminf(
	    e->posture_s[POSTURE_UNKNOWN], e->object_s + e->unknown_s);
	m->moving_s += e->moving_s;
	m->quiet_supine_s += e->quiet_supine_s;
	m->shifts += e->shifts;
	m->valley_ratio = isfinite(m->valley_ratio) ? m->valley_ratio : e->valley_ratio;
	m->load = isfinite(m->load) ? m->load : e->load;
	m->bed_health_ratio = fminf(m->bed_health_ratio, e->health_ratio); /* NAN yields */
}

static void take_seat(struct minute *m, const struct epoch *e)
{
	m->seat_observed_s = fmaxf(m->seat_observed_s, e->observed_s);
	m->seated_s += e->person_s;
	m->seat_empty_s += e->empty_s + e->object_s;
	for (int i = 0; i < SEAT_STATE_COUNT; i++)
		m->seat_s[i] += e->seat_s[i];
	m->bends += e->bends;
	if (!isfinite(m->sideways_ratio)) {
		m->sideways_ratio = e->sideways_ratio;
		m->sideways_peak_ratio = e->sideways_peak_ratio;
	}
	m->seat_health_ratio = fminf(m->seat_health_ratio, e->health_ratio);
}

/*
 * One person is in one place at a time, so time on one mat and time on another do not overlap:
 * away is what a mat saw of nobody, less what the others saw of her. A mat of this night that was
 * not observed in this minute could have held her: then there is no "away".
 */
static float away_s(const struct mats *mats, float person_s)
{
	float away = MINUTE_S;

	for (size_t i = 0; i < mats->n; i++) {
		const struct mat *mat = &mats->mat[i];
		away = fminf(away, nobody_s(mat) - (person_s - mat->sum.person_s));
	}
	return mats->n > 0 ? fmaxf(0.0f, away) : 0.0f;
}

static void limit_sum(float *parts, size_t n, float whole)
{
	float sum = 0.0f;

	for (size_t i = 0; i < n; i++)
		sum += parts[i];
	for (size_t i = 0; i < n && sum > whole; i++)
		parts[i] *= whole / sum;
}

/* Of two mats that both say "here", neither can be believed for more than the minute has. */
static void limit_minute(struct minute *m)
{
	_Static_assert(POSTURE_UNKNOWN == 0 && POSTURE_PRONE == 4, "lying stands first");
	_Static_assert(
	    SEAT_UPRIGHT == 2 && SEAT_OTHER + 1 == SEAT_STATE_COUNT, "sitting stands last");
	m->lying_s = fminf(m->lying_s, MINUTE_S);
	m->edge_s = fminf(m->edge_s, MINUTE_S - m->lying_s);
	m->seated_s = fminf(m->seated_s, MINUTE_S - m->lying_s - m->edge_s);
	m->away_s = fminf(m->away_s, MINUTE_S - m->lying_s - m->edge_s - m->seated_s);
	m->bed_empty_s = fminf(m->bed_empty_s, MINUTE_S - m->lying_s - m->edge_s);
	m->seat_empty_s = fminf(m->seat_empty_s, MINUTE_S - m->seated_s);
	m->moving_s = fminf(m->moving_s, MINUTE_S);
	m->quiet_supine_s = fminf(m->quiet_supine_s, MINUTE_S);
	limit_sum(m->posture_s, POSTURE_PRONE + 1, m->lying_s);
	limit_sum(m->seat_s + SEAT_UPRIGHT, SEAT_STATE_COUNT - SEAT_UPRIGHT, m->seated_s);
}

static void lay_over(struct minute *m, const struct mats *mats)
{
	float person_s = 0.0f;

	for (size_t i = 0; i < mats->n; i++) {
		const struct epoch *e = &mats->mat[i].sum;

		if (mats->mat[i].kind == SURFACE_SEAT)
			take_seat(m, e);
		else
			take_bed(m, e);
		person_s += e->person_s;
		m->technical_s = fmaxf(m->technical_s, e->technical_s);
		if (!isfinite(m->breathing_per_min))
			m->breathing_per_min = e->breathing_per_min;
		if (!isfinite(m->heart_per_min))
			m->heart_per_min = e->heart_per_min;
	}
	m->away_s = away_s(mats, person_s);
	limit_minute(m);
}

/* ---- reading ------------------------------------------------------------------------------ */

static void clear_minutes(struct minutes *minutes)
{
	for (size_t i = 0; i < minutes->n; i++) {
		struct minute *m = &minutes->minute[i];
		m->valley_ratio = m->breathing_per_min = m->heart_per_min = NAN;
		m->sideways_ratio = m->sideways_peak_ratio = m->load = NAN;
		m->bed_health_ratio = m->seat_health_ratio = NAN;
	}
}

/* The mats that have rows in this night. A strip below a mat of the same bed says nothing new. */
static int find_mats(struct store *store, const struct stored_epoch *epochs, size_t n_epochs,
    struct mats *mats, struct error *err)
{
	struct stored_surface *surfaces = NULL;
	size_t n_surfaces = 0;
	bool seen_bed = false;
	int rc = query_surfaces(store, &surfaces, &n_surfaces, err);

	for (size_t i = 0; i < n_epochs; i++) {
		if (find_mat(mats, epochs[i].surface_id) || mats->n == NIGHT_SURFACES_MAX)
			continue;
		for (size_t s = 0; s < n_surfaces; s++)
			if (surfaces[s].id == epochs[i].surface_id)
				mats->mat[mats->n++] = (struct mat){.surface_id = surfaces[s].id,
				    .kind = surfaces[s].kind,
				    .sense = surfaces[s].sense};
	}
	free(surfaces);
	for (size_t i = 0; i < mats->n; i++)
		seen_bed = seen_bed || mats->mat[i].kind == SURFACE_BED;
	for (size_t i = 0; i < mats->n && seen_bed; i++)
		if (mats->mat[i].kind == SURFACE_STRIP)
			mats->mat[i--] = mats->mat[--mats->n];
	clear_mats(mats);
	return rc;
}

static void lay_epochs(
    struct minutes *minutes, struct mats *mats, const struct stored_epoch *epochs, size_t n)
{
	size_t i = 0;

	for (size_t slot = 0; slot < minutes->n; slot++) {
		/* An epoch belongs to the minute in which its middle lies. */
		int64_t end_ns = minutes_real_ns(minutes, slot + 1) - EPOCH_NS / 2;
		bool any = false;

		for (; i < n && epochs[i].real_ns < end_ns; i++) {
			struct mat *mat = find_mat(mats, epochs[i].surface_id);
			if (mat)
				add_epoch(&mat->sum, &epochs[i].epoch);
			any = any || mat;
		}
		if (!any)
			continue;
		lay_over(&minutes->minute[slot], mats);
		clear_mats(mats);
	}
}

/* Which hours the night has, and the epochs whose middle lies in it. */
static int read_night_epochs(struct store *store, int32_t day, struct minutes *minutes,
    struct stored_epoch **epochs, size_t *n, struct error *err)
{
	*minutes = (struct minutes){.day = day};
	int rc = noon_read(store, day - 1, day, &minutes->offsets, err);
	if (rc != 0)
		return rc;
	minutes->start_ns = noon_ns(&minutes->offsets, day - 1);
	int64_t n_minutes = (noon_ns(&minutes->offsets, day) - minutes->start_ns) / EPOCH_NS;
	if (n_minutes > 0)
		minutes->n = n_minutes < NIGHT_MINUTES_MAX ? (size_t)n_minutes : NIGHT_MINUTES_MAX;
	rc = query_epochs(store, minutes->start_ns - EPOCH_NS / 2,
	    minutes_real_ns(minutes, minutes->n) - EPOCH_NS / 2, epochs, n, err);
	if (rc == 0 && *n == 0) {
		char date[DATE_SIZE];
		clock_format_day(day, date);
		rc = error_set(
		    err, -ENODATA, "nothing was recorded in the night that ends on %s", date);
	}
	return rc;
}

static enum sense bed_sense(const struct mats *mats)
{
	enum sense best = SENSE_SWITCH;
	bool any = false;

	for (size_t i = 0; i < mats->n; i++) {
		const struct mat *mat = &mats->mat[i];
		enum sense sense = mat->kind == SURFACE_STRIP && mat->sense == SENSE_SHAPE
		                       ? SENSE_LOAD
		                       : mat->sense;

		if (mat->kind == SURFACE_SEAT)
			continue;
		best = sense < best ? sense : best;
		any = true;
	}
	return any ? best : SENSE_SHAPE;
}

static void describe(
    struct minutes *minutes, const struct mats *mats, const struct stored_epoch *epochs, size_t n)
{
	for (size_t i = 0; i < mats->n; i++) {
		bool is_seat = mats->mat[i].kind == SURFACE_SEAT;
		minutes->has_seat = minutes->has_seat || is_seat;
		minutes->has_bed = minutes->has_bed || !is_seat;
		minutes->surface_ids[minutes->n_surfaces++] = mats->mat[i].surface_id;
	}
	minutes->bed_sense = bed_sense(mats);
	minutes->synchronised = true;
	for (size_t i = 0; i < n; i++)
		minutes->synchronised = minutes->synchronised && epochs[i].synchronised;
}

/* The bed alone tells whether she is in it; the chair, that she is up. */
static void estimate_sleep(struct minutes *minutes)
{
	struct sleep_minute in[NIGHT_MINUTES_MAX];
	enum sleep_state out[NIGHT_MINUTES_MAX];

	for (size_t i = 0; i < minutes->n; i++) {
		const struct minute *m = &minutes->minute[i];
		in[i] = (struct sleep_minute){.in_bed_s = m->lying_s,
		    .up_s = fmaxf(m->edge_s + m->bed_empty_s, m->edge_s + m->seated_s),
		    .moving_s = m->moving_s};
	}
	sleep_estimate(in, minutes->n, out);
	for (size_t i = 0; i < minutes->n; i++) {
		/* Switches know no movement: who lies on them may sleep or not. */
		bool is_told = minutes->bed_sense != SENSE_SWITCH || out[i] == SLEEP_UP;
		minutes->minute[i].sleep = is_told ? out[i] : SLEEP_UNKNOWN;
	}
}

int minutes_read(struct store *store, int32_t day, struct minutes *minutes, struct error *err)
{
	struct stored_epoch *epochs = NULL;
	struct mats mats = {0};
	size_t n = 0;
	int rc = read_night_epochs(store, day, minutes, &epochs, &n, err);

	if (rc == 0)
		rc = find_mats(store, epochs, n, &mats, err);
	if (rc == 0) {
		clear_minutes(minutes);
		describe(minutes, &mats, epochs, n);
		lay_epochs(minutes, &mats, epochs, n);
		estimate_sleep(minutes);
	}
	free(epochs);
	return rc;
}
