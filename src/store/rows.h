/* The columns of an epoch: one table for writing and reading, in the order of schema.sql. */
#ifndef LUMBAR_STORE_ROWS_H
#define LUMBAR_STORE_ROWS_H

#include "core/epoch.h"

#include <sqlite3.h>

/* How many columns an epoch has, start_ns not counted. */
extern const int rows_n_columns;

/* Their names, comma-separated, each with "epoch." before it: the end of a SELECT. */
extern const char rows_columns[];

/* Binds or reads them from parameter or column `first` on. NAN is NULL. */
void rows_bind_epoch(sqlite3_stmt *statement, int first, const struct epoch *epoch);
void rows_read_epoch(sqlite3_stmt *statement, int first, struct epoch *epoch);

#endif
