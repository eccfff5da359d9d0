/* The subcommands of `lumbar`: one file and one row in commands.def each. */
#ifndef LUMBAR_APP_COMMAND_H
#define LUMBAR_APP_COMMAND_H

#include "base/error.h"
#include "store/store.h"

enum exit_status {
	EXIT_OK = 0,
	EXIT_FAULT = 1, /* the input or the machine: said on stderr */
	EXIT_USAGE = 2, /* the command line */
};

struct command {
	const char *name, *summary;
	int (*run)(int argc, char **argv); /* argv[0] is the command's name */
};

#define COMMAND(name, summary) int cmd_##name(int argc, char **argv);
#include "app/commands.def"
#undef COMMAND

extern const struct command commands[]; /* made from commands.def, ends with a NULL name */

/* "lumbar NAME: text" on stderr; returns EXIT_FAULT. */
int command_fault(const char *name, const struct error *err);

/* Where the database is when --database is not given: $LUMBAR_DATABASE, else the installed one. */
const char *command_database(const char *given);

/*
 * Opens the database (command_database), lets `work` work on it and closes it, which keeps what was
 * entered. The usual database must be there already when the mode writes. EXIT_OK, or EXIT_FAULT
 * after saying what `work` or the store found.
 */
int command_with_store(const char *name, const char *database, enum store_mode mode,
    int (*work)(struct store *store, void *user, struct error *err), void *user);

/* The row of --database, alike everywhere. */
#define COMMAND_DATABASE "default $LUMBAR_DATABASE, else /var/lib/lumbar/lumbar.db"

#define LUMBAR_VERSION "0.1.0"

#endif
