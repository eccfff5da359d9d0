/*
 * A database's file before SQLite is let near it, because opening alone may already write (a
 * write-ahead log is folded in), and what is not ours must stay as it is: whose is it, is it whole,
 * and is it of our version? Its first 100 bytes say so.
 */
#ifndef LUMBAR_STORE_INSPECT_H
#define LUMBAR_STORE_INSPECT_H

#include "store/store.h"

/*
 * 0: may be opened or made. -EUCLEAN: damaged beyond its first bytes. Else refused: -EPROTO,
 * -EMEDIUMTYPE, -ENOENT, ...
 */
int inspect_file(const char *path, enum store_mode mode, struct error *err);

/* Whether there is a write-ahead log. */
bool inspect_is_logged(const char *path);

/* Moves the database and what belongs to it to PATH.corrupt-N, the first N that is free. */
int inspect_set_aside(const char *path, struct error *err);

#endif
