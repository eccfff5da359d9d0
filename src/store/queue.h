/* The statements that write, each prepared once, and the queues in which rows wait for a batch. */
#ifndef LUMBAR_STORE_QUEUE_H
#define LUMBAR_STORE_QUEUE_H

#include "store/database.h"

/*
 * Runs a bound statement to its end and makes it ready for the next row. *id, when asked for, is the
 * first column of its first row. 0 or -errno.
 */
int queue_finish(struct store *store, sqlite3_stmt *statement, const char *doing, int64_t *id,
    struct error *err);

/* The same for a row of a queue: it goes to the file with the next store_commit(). */
int queue_wait(struct store *store, sqlite3_stmt *statement, const char *doing, struct error *err);

/* Undoes a transaction that is open. */
void queue_roll_back(struct store *store);

#endif
