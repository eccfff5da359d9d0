#include "store/breaks.h"

#include "base/clock.h"
#include "core/names.h"
#include "store/reading.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAT_ERAS (ERA_BIT(MAT) | ERA_BIT(SENSE) | ERA_BIT(GAIN))

/* ---- which mat lay where ------------------------------------------------------------------- */

/* A row of `mat` with its surface: from then on this mat lay there. */
struct laid {
	int64_t session_id;
	char name[SURFACE_NAME_SIZE], label[CALIB_MAT_SIZE];
	enum surface_kind kind;
	enum sense sense;
	int rows, cols, n_cells;
	double pitch_mm;
	enum pressure_unit unit;
	int64_t made_real_ns;
	int32_t day; /* the local date */
};

/* A bed, as its mats come and go. */
struct berth {
	const struct laid *mat;
	char label[CALIB_MAT_SIZE]; /* the last that was given */
};

#define BERTHS_MAX 16

struct berths {
	struct berth berths[BERTHS_MAX];
	size_t n;
};

/* clang-format off */
static const char laid_sql[] =
    "SELECT m.session_id, s.name, s.kind, s.sense, s.n_rows, s.n_cols, s.n_cells, s.pitch_mm, "
    "m.label, m.unit, m.made_real_ns, m.mono_ns + c.offset_ns AS real_ns, "
    DATABASE_ROW_OFFSET("m", "mono_ns") " FROM mat m JOIN clock c USING (session_id) JOIN surface s ON s.id = m.surface_id "
    "WHERE s.kind != 'seat' ORDER BY real_ns, m.session_id, m.surface_id";
/* clang-format on */

static bool read_laid(sqlite3_stmt *row, void *item)
{
	struct laid *laid = item;

	laid->session_id = sqlite3_column_int64(row, 0);
	reading_text(row, 1, laid->name, sizeof(laid->name));
	surface_kind_parse((const char *)sqlite3_column_text(row, 2), &laid->kind);
	sense_parse((const char *)sqlite3_column_text(row, 3), &laid->sense);
	laid->rows = sqlite3_column_int(row, 4);
	laid->cols = sqlite3_column_int(row, 5);
	laid->n_cells = sqlite3_column_int(row, 6);
	laid->pitch_mm = sqlite3_column_double(row, 7);
	reading_text(row, 8, laid->label, sizeof(laid->label));
	laid->unit = reading_unit(row, 9);
	laid->made_real_ns = sqlite3_column_int64(row, 10);
	laid->day = clock_local_day(
	    sqlite3_column_int64(row, 11), (int32_t)sqlite3_column_int(row, 12));
	return true;
}

static bool is_named(const struct laid *rows, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].name, name) == 0)
			return true;
	return false;
}

/*
 * Where the mat of rows[at] lies: at the place of its name, else at one whose name has gone for
 * good before this session. NULL: a new place.
 */
static struct berth *find_berth(struct berths *berths, const struct laid *rows, size_t n, size_t at)
{
	for (size_t i = 0; i < berths->n; i++)
		if (strcmp(berths->berths[i].mat->name, rows[at].name) == 0)
			return &berths->berths[i];
	for (size_t i = 0; i < berths->n; i++) {
		const struct laid *last = berths->berths[i].mat;

		if (last->session_id != rows[at].session_id &&
		    !is_named(rows + at, n - at, last->name))
			return &berths->berths[i];
	}
	return NULL;
}

static unsigned eras_between(const struct berth *berth, const struct laid *now)
{
	const struct laid *old = berth->mat;
	bool other_kind = old->kind != now->kind || old->sense != now->sense;
	bool other_cells = old->rows != now->rows || old->cols != now->cols ||
	                   old->n_cells != now->n_cells || old->pitch_mm != now->pitch_mm;
	bool other_label = *berth->label && *now->label && strcmp(berth->label, now->label) != 0;

	if (other_kind)
		return MAT_ERAS;
	if (other_cells || other_label)
		return ERA_BIT(MAT) | ERA_BIT(GAIN);
	return old->unit != now->unit || old->made_real_ns != now->made_real_ns ? ERA_BIT(GAIN) : 0;
}

static void describe(const struct laid *mat, const char *label, char text[static BREAK_MAT_SIZE])
{
	int used = mat->rows > 0 ? snprintf(text, BREAK_MAT_SIZE, "%d x %d cells of %g mm",
	                               mat->rows, mat->cols, mat->pitch_mm)
	                         : snprintf(text, BREAK_MAT_SIZE, "%d cells", mat->n_cells);

	if (*label && used > 0 && used < BREAK_MAT_SIZE)
		snprintf(text + used, BREAK_MAT_SIZE - (size_t)used, ", %s", label);
}

static void lay(struct berth *berth, const struct laid *now)
{
	berth->mat = now;
	if (*now->label)
		memcpy(berth->label, now->label, sizeof(berth->label));
}

/* ---- breaks by their dates ------------------------------------------------------------------ */

/* The break of that date, a new one if there is none; NULL: no memory. */
static struct stored_break *break_of(struct reading *breaks, int32_t day)
{
	struct stored_break *items = breaks->items;

	for (size_t i = 0; i < breaks->n; i++)
		if (items[i].day == day)
			return &items[i];
	struct stored_break *fresh = reading_next(breaks);
	if (fresh)
		fresh->day = day;
	return fresh;
}

static int add_found(struct reading *breaks, const struct berth *berth, const struct laid *now)
{
	unsigned eras = eras_between(berth, now);
	struct stored_break *found = eras ? break_of(breaks, now->day) : NULL;

	if (eras == 0)
		return 0;
	if (!found)
		return -ENOMEM;
	found->eras |= eras;
	found->found |= eras;
	if (eras & ERA_BIT(MAT)) {
		describe(berth->mat, berth->label, found->before);
		describe(now, now->label, found->after);
	}
	return 0;
}

static int find_breaks(const struct laid *rows, size_t n, struct reading *breaks)
{
	struct berths berths = {.n = 0};
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct berth *berth = find_berth(&berths, rows, n, i);

		if (berth)
			rc = add_found(breaks, berth, &rows[i]);
		else if (berths.n < BERTHS_MAX)
			berth = &berths.berths[berths.n++];
		if (berth)
			lay(berth, &rows[i]);
	}
	return rc;
}

static int read_found(struct store *store, struct reading *breaks, struct error *err)
{
	struct reading laid = {.size = sizeof(struct laid)};
	int rc = reading_all(store, database_prepare(store, laid_sql, err), read_laid, &laid, err);

	if (rc == 0 && find_breaks(laid.items, laid.n, breaks) != 0)
		rc = error_set(err, -ENOMEM, "%s: out of memory", store->path);
	free(laid.items);
	return rc;
}

/* ---- what she said -------------------------------------------------------------------------- */

static const char *const entry_names[] = {
    [BREAK_PERSON] = "person", [BREAK_MAT] = "mat", [BREAK_SAME_MAT] = "same_mat"};

struct entry {
	int32_t day;
	int kind; /* enum break_entry, or -EINVAL */
	char text[NOTE_SIZE];
};

static bool read_entry(sqlite3_stmt *row, void *item)
{
	struct entry *entry = item;

	entry->day = sqlite3_column_int(row, 0);
	entry->kind = name_find(
	    entry_names, NAMES_COUNT(entry_names), (const char *)sqlite3_column_text(row, 1));
	reading_text(row, 2, entry->text, sizeof(entry->text));
	return true;
}

static void add_entry(struct stored_break *to, const struct entry *entry)
{
	switch (entry->kind) {
	case BREAK_PERSON:
		to->eras |= ERA_BIT(PERSON);
		break;
	case BREAK_MAT:
		to->eras |= ERA_BIT(MAT) | ERA_BIT(GAIN);
		break;
	case BREAK_SAME_MAT: /* its cells are told otherwise all the same: no load to compare */
		to->eras &= ~(to->found & (ERA_BIT(MAT) | ERA_BIT(SENSE)));
		to->found &= ERA_BIT(GAIN);
		to->same_mat = true;
		to->before[0] = to->after[0] = '\0';
		break;
	default:
		return;
	}
	if (*entry->text)
		memcpy(to->text, entry->text, sizeof(to->text));
}

/* "same_mat" comes first of a date, so that it takes back what was found, not what she entered. */
static int read_entered(struct store *store, struct reading *breaks, struct error *err)
{
	struct reading entries = {.size = sizeof(struct entry)};
	int rc = reading_all(store,
	    database_prepare(
	        store, "SELECT day, kind, text FROM break ORDER BY day, kind DESC", err),
	    read_entry, &entries, err);
	const struct entry *items = entries.items;

	for (size_t i = 0; i < entries.n && rc == 0; i++) {
		struct stored_break *to = break_of(breaks, items[i].day);

		if (to)
			add_entry(to, &items[i]);
		else
			rc = error_set(err, -ENOMEM, "%s: out of memory", store->path);
	}
	free(entries.items);
	return rc;
}

/* ---- asking --------------------------------------------------------------------------------- */

static int by_day(const void *a, const void *b)
{
	int32_t x = ((const struct stored_break *)a)->day,
	        y = ((const struct stored_break *)b)->day;

	return (x > y) - (x < y);
}

/* In order, without those that say nothing any more. */
static void tidy(struct reading *breaks)
{
	struct stored_break *items = breaks->items;
	size_t n = 0;

	for (size_t i = 0; i < breaks->n; i++)
		if (items[i].eras != 0 || items[i].same_mat)
			items[n++] = items[i];
	breaks->n = n;
	if (n > 1)
		qsort(items, n, sizeof(*items), by_day);
}

int query_breaks(struct store *store, struct stored_break **out, size_t *n, struct error *err)
{
	struct reading breaks = {.size = sizeof(struct stored_break)};
	int rc = read_found(store, &breaks, err);

	if (rc == 0)
		rc = read_entered(store, &breaks, err);
	tidy(&breaks);
	return reading_hand_over(&breaks, rc, (void **)out, n);
}

static void mark(const struct stored_break *breaks, size_t n, struct night_facts *night)
{
	memset(night->era_day, 0, sizeof(night->era_day));
	for (size_t i = 0; i < n && breaks[i].day < night->day; i++)
		for (int era = 0; era < ERA_COUNT; era++)
			if (breaks[i].eras & 1u << era)
				night->era_day[era] = breaks[i].day;
}

int breaks_mark_nights(struct store *store, struct night_facts *nights, size_t n, struct error *err)
{
	struct stored_break *breaks = NULL;
	size_t n_breaks = 0;
	int rc = query_breaks(store, &breaks, &n_breaks, err);

	for (size_t i = 0; i < n && rc == 0; i++)
		mark(breaks, n_breaks, &nights[i]);
	free(breaks);
	return rc;
}

/* ---- writing -------------------------------------------------------------------------------- */

static int run(struct store *store, sqlite3_stmt *statement, const char *doing, struct error *err)
{
	int rc = sqlite3_step(statement) == SQLITE_DONE ? 0 : database_fault(store, doing, err);

	sqlite3_finalize(statement);
	return rc;
}

int store_break(struct store *store, int32_t day, enum break_entry kind, const char *text,
    int64_t real_ns, struct error *err)
{
	sqlite3_stmt *statement;

	if (strlen(text) >= NOTE_SIZE)
		return error_set(err, -ERANGE, "a note of %zu bytes: give at most %d", strlen(text),
		    NOTE_SIZE - 1);
	statement = database_prepare(
	    store, "INSERT OR REPLACE INTO break VALUES (?, ?, ?, ?)", err);
	if (!statement)
		return err && err->code ? err->code : -EIO;
	sqlite3_bind_int(statement, 1, day);
	sqlite3_bind_text(statement, 2, entry_names[kind], -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 3, text, -1, SQLITE_TRANSIENT);
	sqlite3_bind_int64(statement, 4, real_ns);
	return run(store, statement, "writing a break", err);
}

int store_take_break_back(
    struct store *store, int32_t day, enum break_entry kind, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(
	    store, "DELETE FROM break WHERE day = ? AND kind = ?", err);
	char date[DATE_SIZE];

	if (!statement)
		return err && err->code ? err->code : -EIO;
	sqlite3_bind_int(statement, 1, day);
	sqlite3_bind_text(statement, 2, entry_names[kind], -1, SQLITE_STATIC);
	int rc = run(store, statement, "taking a break back", err);
	clock_format_day(day, date);
	return rc == 0 && sqlite3_changes(store->db) == 0
	           ? error_set(err, -ENOENT, "nothing of the kind was noted on %s", date)
	           : rc;
}

static const enum era judged_eras[] = {ERA_PERSON, ERA_MAT, ERA_SENSE};
#define JUDGED_BITS (ERA_BIT(PERSON) | ERA_BIT(MAT) | ERA_BIT(SENSE))
#define JUDGED_ERAS (sizeof(judged_eras) / sizeof(judged_eras[0]))

int store_judged(struct store *store, const struct night_facts *night, struct error *err)
{
	sqlite3_stmt *statement = database_prepare(
	    store, "INSERT OR REPLACE INTO judged VALUES (?, ?, ?, ?)", err);

	if (!statement)
		return err && err->code ? err->code : -EIO;
	sqlite3_bind_int(statement, 1, night->day);
	for (size_t i = 0; i < JUDGED_ERAS; i++)
		sqlite3_bind_int(statement, (int)i + 2, night->era_day[judged_eras[i]]);
	return run(store, statement, "writing that a night was judged", err);
}

/* What the night to `day` was judged with, as far as it was. */
static bool read_judged(sqlite3_stmt *row, void *item)
{
	struct night_facts *night = item;

	night->day = sqlite3_column_int(row, 0);
	for (size_t i = 0; i < JUDGED_ERAS; i++)
		night->era_day[judged_eras[i]] = sqlite3_column_int(row, (int)i + 1);
	return true;
}

int query_judged_otherwise(
    struct store *store, int32_t first, int32_t last, int32_t *days, size_t *n, struct error *err)
{
	struct reading then = {.size = sizeof(struct night_facts)};
	sqlite3_stmt *statement = database_prepare(
	    store, "SELECT * FROM judged WHERE day BETWEEN ? AND ? ORDER BY day", err);
	struct stored_break *breaks = NULL;
	size_t n_breaks = 0;

	*n = 0;
	if (statement) {
		sqlite3_bind_int(statement, 1, first);
		sqlite3_bind_int(statement, 2, last);
	}
	int rc = reading_all(store, statement, read_judged, &then, err);
	if (rc == 0)
		rc = query_breaks(store, &breaks, &n_breaks, err);
	for (size_t i = 0; i < then.n && rc == 0; i++) {
		const struct night_facts *judged = (const struct night_facts *)then.items + i;
		struct night_facts now = {.day = judged->day};

		mark(breaks, n_breaks, &now);
		if (!night_comparable(judged, &now, JUDGED_BITS))
			days[(*n)++] = judged->day;
	}
	free(breaks);
	free(then.items);
	return rc;
}
