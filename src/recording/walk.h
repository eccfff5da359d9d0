/* Over rows of `chunk` by their id, and over what is damaged between them. */
#ifndef LUMBAR_RECORDING_WALK_H
#define LUMBAR_RECORDING_WALK_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

struct walk {
	sqlite3_stmt *select; /* stands on a row after walk_step() > 0; NULL: the end was met */
	int64_t last_id;
	int surface;
	bool damaged; /* rows were passed over that cannot be read; the caller clears it */
};

/*
 * sql: selects id first, "WHERE id > ?1 AND ?2 ... ORDER BY id", ?2 being the surface. 0 or -EIO:
 * ask the database. walk_end() is legal after either, and on a zeroed walk.
 */
int walk_begin(struct walk *walk, sqlite3 *db, int surface, const char *sql);
void walk_end(struct walk *walk);

/*
 * Off the row, which was read: whoever writes the file is not kept waiting. walk_back(): and it comes
 * once more.
 */
void walk_pause(struct walk *walk);
void walk_back(struct walk *walk);

/* 1: stands on the next row that can be read; 0: none is left; -EIO: no damage, ask the database. */
int walk_step(struct walk *walk);

#endif
