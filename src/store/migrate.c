#include "store/migrate.h"

#include <errno.h>
#include <stdio.h>

static const char schema_sql[] = {
#include "store/schema.sql.inc"
};

static const char calibrations_sql[] = {
#include "store/calibrations.sql.inc"
};

static const char phrases_sql[] = {
#include "store/phrases.sql.inc"
};

static const char notes_sql[] = {
#include "store/notes.sql.inc"
};

static const char senses_sql[] = {
#include "store/senses.sql.inc"
};

static const char breaks_sql[] = {
#include "store/breaks.sql.inc"
};

static const char clock_sql[] = {
#include "store/clock.sql.inc"
};

const char *const migrate_steps[] = {
    schema_sql,
    calibrations_sql,
    phrases_sql,
    notes_sql,
    senses_sql,
    breaks_sql,
    clock_sql,
};
const int migrate_n_steps = sizeof(migrate_steps) / sizeof(migrate_steps[0]);

static int apply(struct store *store, const char *step, int version, struct error *err)
{
	char number[48];

	snprintf(number, sizeof(number), "PRAGMA user_version = %d", version);
	int rc = database_run(store, step, "a migration", err);
	if (rc == 0)
		rc = database_run(store, number, "a migration", err);
	return rc;
}

int migrate_run(struct store *store, const char *const *steps, int n_steps, struct error *err)
{
	int rc = database_run(store, "BEGIN IMMEDIATE", "migrating", err);

	if (rc != 0)
		return rc;
	/* Read under the lock: another program may have migrated while we waited for it. */
	int version = (int)database_number(store, "PRAGMA user_version", 0);
	if (version > n_steps)
		rc = error_set(err, -EPROTO,
		    "%s: its schema is version %d, this program knows up to %d: use a newer Lumbar",
		    store->path, version, n_steps);
	if (version == 0 && rc == 0) {
		char id[64];

		snprintf(id, sizeof(id), "PRAGMA application_id = %d", STORE_APPLICATION_ID);
		rc = database_run(store, id, "a migration", err);
	}
	for (int i = version; i < n_steps && rc == 0; i++)
		rc = apply(store, steps[i], i + 1, err);
	if (rc == 0)
		rc = database_run(store, "COMMIT", "migrating", err);
	if (rc != 0)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
