/* Schema versions: numbered steps, each applied once, all that are missing in one transaction. */
#ifndef LUMBAR_STORE_MIGRATE_H
#define LUMBAR_STORE_MIGRATE_H

#include "store/database.h"

#include <stddef.h>

/* The steps that make today's schema; user_version is how many of them a database has. */
extern const char *const migrate_steps[];
extern const int migrate_n_steps;

/*
 * Brings the database from its user_version to n_steps. When a step fails, or the power, it stays as
 * it was. 0; -EPROTO when it is newer than n_steps; -errno.
 */
int migrate_run(struct store *store, const char *const *steps, int n_steps, struct error *err);

#endif
