#include "recording/walk.h"

#include <errno.h>
#include <stddef.h>

/*
 * A bad page hides the rows that stand in it, and SQLite cannot say how many. Their ids follow each
 * other, so the next ones are tried, up to two nights of two mats (8640 chunks each).
 */
#define IDS_TRIED_MAX 20000

static bool is_damage(int step)
{
	int code = step & 0xff;

	return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_IOERR;
}

int walk_begin(struct walk *walk, sqlite3 *db, int surface, const char *sql)
{
	*walk = (struct walk){.surface = surface};
	if (sqlite3_prepare_v2(db, sql, -1, &walk->select, NULL) != SQLITE_OK)
		return -EIO;
	sqlite3_bind_int64(walk->select, 1, 0);
	sqlite3_bind_int(walk->select, 2, surface);
	return 0;
}

void walk_end(struct walk *walk)
{
	sqlite3_finalize(walk->select);
	walk->select = NULL;
}

void walk_pause(struct walk *walk)
{
	if (!walk->select)
		return;
	sqlite3_reset(walk->select);
	sqlite3_bind_int64(walk->select, 1, walk->last_id);
}

void walk_back(struct walk *walk)
{
	walk->last_id--;
	walk_pause(walk);
}

int walk_step(struct walk *walk)
{
	int step = walk->select ? sqlite3_step(walk->select) : SQLITE_DONE;

	for (int n = 0; is_damage(step) && n < IDS_TRIED_MAX; n++) {
		walk->damaged = true;
		walk->last_id++;
		walk_pause(walk);
		step = sqlite3_step(walk->select);
	}
	if (step == SQLITE_ROW) {
		walk->last_id = sqlite3_column_int64(walk->select, 0);
		return 1;
	}
	if (step != SQLITE_DONE && !is_damage(step))
		return -EIO;
	walk_end(walk);
	return 0;
}
